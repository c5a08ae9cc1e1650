package solver

// descend improves the current state until no small move does, one case or one agreement,
// and then, if it is close to the best, no dearer move either.
func (q *search) descend() {
	for !q.lost() && (q.now.unpaid > 0 && q.mend() || q.singles()) {
	}
	if !q.near() || q.now == q.polished {
		q.keep()
		return
	}
	q.enough = max(q.work-q.most/polishing, 0)
	for q.work > q.enough && !q.lost() && (q.now.unpaid > 0 && q.mend() || q.singles() || q.pairs() || q.boosts()) {
	}
	q.keep()
	q.polished = q.now
}

// near says that the current state is worth the dearer moves.
func (q *search) near() bool {
	return q.top.unpaid > 0 || q.now.unpaid == 0 && q.now.cost <= q.top.cost+q.top.cost/64
}

// polishing is what part of the work goes to polishing once: in a large instance there are
// so many pairs that they would take all of it.
const polishing = 16

// mend takes the best of all small moves from a state that is not feasible: the first that
// helps would often give up what made the state worth looking at.
func (q *search) mend() bool {
	q.steep, q.pick = true, q.now
	q.singles()
	q.boosts()
	q.steep = false
	if !q.pick.less(q.now) {
		return false
	}
	q.start(q.picked)
	return true
}

func (q *search) singles() (improved bool) {
	for i := 0; i < q.p.n && !q.lost(); i++ {
		improved = q.caseMoves(i) || improved
	}
	for g := 0; g < len(q.p.groups) && !q.lost(); g++ {
		improved = q.groupMoves(g) || improved
	}
	return improved
}

// caseMoves tries every mode of one case.
func (q *search) caseMoves(i int) (improved bool) {
	c := &q.p.cases[i]
	for _, m := range c.modes {
		q.try.copyFrom(q.cur)
		q.try.deferred[i], q.try.member[i], q.try.due[i] = m.deferred, false, m.due
		improved = q.accept() || improved
	}
	if c.group < 0 {
		return improved
	}
	for deferred := int8(0); deferred < 2; deferred++ {
		if deferred == 1 && c.days == 0 {
			break
		}
		if joined(q.p, q.cur, c.group, i) {
			if int(q.cur.first[c.group]) >= c.from {
				q.try.copyFrom(q.cur)
				q.try.deferred[i], q.try.member[i] = deferred, true
				improved = q.accept() || improved
			}
			continue
		}
		q.spans(c.group, func(first, last int) {
			if first < c.from {
				return
			}
			q.try.copyFrom(q.cur)
			q.try.deferred[i], q.try.member[i] = deferred, true
			q.try.first[c.group], q.try.last[c.group] = int16(first), int16(last)
			improved = q.accept() || improved
		})
	}
	return improved
}

// joined says whether a case other than i is in the agreement of group g.
func joined(p *problem, s *state, g, i int) bool {
	for _, j := range p.groups[g].members {
		if j != i && s.member[j] {
			return true
		}
	}
	return false
}

// spans yields the agreements of group g worth making: beginning as soon as one of its
// cases may, or just before a cost step, and as long as is free or allowed.
func (q *search) spans(g int, yield func(first, last int)) {
	d := &q.p.groups[g]
	for _, first := range d.starts {
		most := q.p.reach(first, d.most) - 1
		if most > first {
			yield(first, most)
		}
		if free := q.p.reach(first, d.free) - 1; free > first && free < most {
			yield(first, free)
		}
	}
}

// groupMoves moves an agreement's beginning and end, makes it anew for all, or dissolves it.
func (q *search) groupMoves(g int) (improved bool) {
	d := &q.p.groups[g]
	if len(d.members) > 1 {
		q.spans(g, func(first, last int) {
			q.try.copyFrom(q.cur)
			q.p.joinAll(q.try, g, first, last)
			improved = q.accept() || improved
		})
	}
	if !joined(q.p, q.cur, g, -1) {
		return improved
	}
	q.spans(g, func(first, last int) {
		q.move(g, first, last)
		improved = q.accept() || improved
	})
	first, last := int(q.cur.first[g]), int(q.cur.last[g])
	for _, delta := range [][2]int{{0, 1}, {0, -1}, {-1, 0}, {1, 0}, {1, 1}, {-1, -1}, {0, 2}, {0, -2}} {
		f, l := q.p.beside(first, delta[0]), last+delta[1]
		if f >= 0 && l < q.p.t && l > f && q.p.instalments(f, l) <= d.most {
			q.move(g, f, l)
			improved = q.accept() || improved
		}
	}
	q.try.copyFrom(q.cur)
	for _, i := range d.members {
		q.try.member[i] = false
	}
	return q.accept() || improved
}

// move sets q.try to the current state with the agreement of group g elsewhere.
func (q *search) move(g, first, last int) {
	q.try.copyFrom(q.cur)
	q.try.first[g], q.try.last[g] = int16(first), int16(last)
	for _, i := range q.p.groups[g].members {
		if first < q.p.cases[i].from {
			q.try.member[i] = false
		}
	}
}

// pairs changes two things at once: two cases, or an agreement and a case.
func (q *search) pairs() bool {
	for i := range q.p.n {
		for j := range i {
			if q.work <= q.enough {
				return false
			}
			if q.pair(i, j) || q.swap(i, j) || q.swap(j, i) {
				return true
			}
		}
	}
	for g := range q.p.groups {
		if q.work <= q.enough {
			return false
		}
		if len(q.p.groups[g].members) > 1 && q.groupAndCase(g) {
			return true
		}
	}
	return false
}

// options of a case: its modes, and with or without deferral in the agreement as it is.
func (q *search) options(i int) int {
	c := &q.p.cases[i]
	n := len(c.modes)
	if c.group >= 0 && joined(q.p, q.cur, c.group, -1) && int(q.cur.first[c.group]) >= c.from {
		n++
		if c.days > 0 {
			n++
		}
	}
	return n
}

// choose sets option k of case i in q.try.
func (q *search) choose(i, k int) {
	c := &q.p.cases[i]
	if k < len(c.modes) {
		m := c.modes[k]
		q.try.deferred[i], q.try.member[i], q.try.due[i] = m.deferred, false, m.due
		return
	}
	q.try.member[i] = true
	q.try.deferred[i] = int8(k - len(c.modes))
}

// optionFees is the least that option k of case i costs in fees of its own.
func (q *search) optionFees(i, k int) int64 {
	c := &q.p.cases[i]
	if k < len(c.modes) {
		return c.modes[k].fees
	}
	return c.feesUntil(k-len(c.modes), int(q.cur.first[c.group]))
}

// ownFees is what case i pays in fees as it is in q.cur.
func (q *search) ownFees(i int) int64 {
	until := int(q.cur.due[i])
	if q.cur.member[i] {
		until = int(q.cur.first[q.p.cases[i].group])
	}
	return q.p.cases[i].feesUntil(int(q.cur.deferred[i]), until)
}

func (q *search) pair(i, j int) (improved bool) {
	rest := q.floor
	for k := range q.p.n {
		if k != i && k != j {
			rest += q.ownFees(k)
		}
	}
	for a := range q.options(i) {
		feesA := q.optionFees(i, a)
		for b := range q.options(j) {
			if q.now.unpaid == 0 && rest+feesA+q.optionFees(j, b) >= q.now.cost {
				q.work--
				continue
			}
			q.try.copyFrom(q.cur)
			q.choose(i, a)
			q.choose(j, b)
			if q.accept() {
				return true
			}
		}
	}
	return false
}

// swap lets case i leave its agreement and case j make one of its own in its place.
func (q *search) swap(i, j int) (improved bool) {
	g, h := q.p.cases[i].group, q.p.cases[j].group
	if !q.cur.member[i] || h < 0 || joined(q.p, q.cur, h, -1) || int(q.cur.first[g]) < q.p.cases[j].from {
		return false
	}
	for _, m := range q.p.cases[i].modes {
		q.try.copyFrom(q.cur)
		q.try.deferred[i], q.try.member[i], q.try.due[i] = m.deferred, false, m.due
		q.try.member[j] = true
		q.try.first[h] = q.cur.first[g]
		q.try.last[h] = min(q.cur.last[g], int16(q.p.reach(int(q.cur.first[g]), q.p.groups[h].most)-1))
		if q.accept() {
			return true
		}
	}
	return false
}

// groupAndCase moves an agreement and changes one case with it.
func (q *search) groupAndCase(g int) (improved bool) {
	q.spans(g, func(first, last int) {
		for i := range q.p.n {
			if improved || q.work <= 0 {
				return
			}
			c := &q.p.cases[i]
			for k := range len(c.modes) + 2 {
				if k >= len(c.modes) && (c.group != g || first < c.from || k > len(c.modes) && c.days == 0) {
					break
				}
				q.move(g, first, last)
				q.choose(i, k)
				if q.accept() {
					improved = true
					return
				}
			}
		}
	})
	return improved
}

// boosts moves cases up or down in the order of payment.
func (q *search) boosts() (improved bool) {
	if q.p.snowball {
		return false
	}
	for i := range q.p.n {
		for b := int8(-4); b <= 4 && !q.lost(); b++ {
			if b == q.cur.boost[i] {
				continue
			}
			q.try.copyFrom(q.cur)
			q.try.boost[i] = b
			improved = q.accept() || improved
		}
	}
	return improved
}
