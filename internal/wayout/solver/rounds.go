package solver

// run searches from several starts and then around the best state.
func (q *search) run() {
	switch {
	case q.p.n == 0:
		q.top = q.l.run(q.best)
		return
	case q.p.snowball: // the relaxation knows only deadlines, and there are none
		q.least, q.swept = q.most/2, true
		for !q.settled() {
			q.kick(1 + q.random(3))
			q.start(q.try)
			q.descend()
		}
		return
	}
	r := q.r
	squeeze := int64(0)
	for round := 0; !q.settled(); round++ {
		r.within(1000-5*squeeze, q.floor)
		switch {
		case round == 0:
			q.sweep()
			if q.quick && q.top.unpaid == 0 || q.swept && r.kept == 0 {
				return
			}
			if !q.quick && !q.swept && q.sure > q.most/4 && !q.settled() {
				q.sweepWithLess()
			}
		case round%4 == 3:
			q.kick(1 + q.random(3))
			q.start(q.try)
			q.descend()
			continue
		case round%4 == 2:
			r.kept = 0
			for range 2 {
				r.from(q.best)
				r.anneal(q, 250*q.p.n, 60_000)
			}
			q.carryOn(1)
		default:
			r.kept = 0
			for range 3 {
				r.scatter(q)
				r.anneal(q, 1000+300*q.p.n, 100_000)
			}
			q.carryOn(1)
		}
		// The relaxation promised what the layout could not keep, or was too careful.
		if q.missed {
			squeeze = min(squeeze+2, 20)
		} else {
			squeeze = max(squeeze-1, -8)
		}
	}
}

// sweep goes through all points of the relaxation that may be among the best. A plan to begin
// with spares most of them.
func (q *search) sweep() {
	r, most, had := q.r, 1, q.top.unpaid == 0
	if !q.quick {
		r.kept = 0
		r.scatter(q)
		r.anneal(q, 1000+300*q.p.n, 100_000)
		q.carryOn(1)
		most = 3
	}
	q.swept, q.rich = q.goThrough(most)
	if had && !q.quick {
		q.found = q.work // what was there before has not stood for any work yet
	}
}

// sweepWithLess goes through the points at the prices of a little less budget, since too few nodes
// at one order of the points may miss all that are close to the best.
func (q *search) sweepWithLess() {
	missed := q.missed
	q.r.within(970, q.floor)
	q.goThrough(1)
	q.missed = missed
}

// goThrough goes through the points and carries on from the best. It says whether the nodes
// sufficed, and whether as many plans were found as are kept.
func (q *search) goThrough(most int) (swept, rich bool) {
	r := q.r
	q.x.ascend(60)
	q.work -= q.x.work / 4
	q.x.work = 0
	r.kept = 0
	each := 5 + q.p.t/12 // units
	took, swept := q.enumerate(q.most / 9 / each)
	q.work -= each * took
	rich = r.kept == len(r.elite)
	q.carryOn(most)
	return swept, rich
}

// carryOn lays the best points of the relaxation out and searches on from the best of them.
func (q *search) carryOn(most int) {
	r := q.r
	got := make([]score, r.kept)
	for k := range got {
		r.to(q.try, &r.elite[k])
		got[k] = q.layOut()
	}
	missed := false
	for n := range min(most, r.kept) {
		best := 0
		for k := range got {
			if got[k].less(got[best]) {
				best = k
			}
		}
		r.to(q.try, &r.elite[best])
		got[best] = score{unpaid: hopeless}
		q.start(q.try)
		if n == 0 {
			missed = q.missed
		}
		q.descend()
	}
	q.missed = missed
}

// kick changes a few cases of the best state at random.
func (q *search) kick(strength int) {
	q.try.copyFrom(q.best)
	for range strength {
		i := q.random(q.p.n)
		c := &q.p.cases[i]
		m := c.modes[q.random(len(c.modes))]
		q.try.deferred[i], q.try.due[i], q.try.member[i] = m.deferred, m.due, false
		if c.group < 0 || q.random(2) == 0 {
			continue
		}
		g := c.group
		d := &q.p.groups[g]
		if !joined(q.p, q.try, g, i) || q.random(4) == 0 {
			if span := q.p.t - 1 - c.from; span > 0 {
				first := q.p.prev[c.from+q.random(span)]
				q.try.first[g] = int16(first)
				q.try.last[g] = int16(first + 1 + q.random(q.p.reach(first, d.most)-1-first))
			}
		}
		q.try.member[i] = true
	}
	q.p.repair(q.try)
}

// repair takes those out of an agreement who may not be in it.
func (p *problem) repair(s *state) {
	for g := range p.groups {
		for _, i := range p.groups[g].members {
			if s.member[i] && (int(s.first[g]) < p.cases[i].from || s.last[g] <= s.first[g]) {
				s.member[i] = false
			}
		}
	}
}

// joinAll puts the cases of a group in its agreement that may be in it by then.
func (p *problem) joinAll(s *state, g, first, last int) {
	if last <= first {
		return
	}
	for _, i := range p.groups[g].members {
		s.member[i] = p.cases[i].from <= first
	}
	s.first[g], s.last[g] = int16(first), int16(last)
}
