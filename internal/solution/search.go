package solution

// search is a local search over states with a budget of work, counted and never timed, so
// that the same instance gives the same plan on any machine.
type search struct {
	p     *problem
	l     *layout
	need  []int64
	floor int64 // interest that every plan pays
	cur   *state
	try   *state
	best  *state
	now   score // of cur
	top   score // of best
	work  int   // layouts left
	seed  uint64

	anyPlan bool // stop at the first plan
}

func newSearch(p *problem, work int) *search {
	return &search{
		p: p, l: newLayout(p), need: make([]int64, p.t), floor: p.interestBound(), work: work,
		cur: p.newState(), try: p.newState(), best: p.newState(), seed: 1,
		top: score{unpaid: hopeless}, now: score{unpaid: hopeless},
	}
}

// random is a splitmix64 step: a fixed sequence, the same in every run.
func (q *search) random(n int) int {
	q.seed += 0x9e3779b97f4a7c15
	z := q.seed
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

// accept lays q.try out and makes it the current state if it is better.
func (q *search) accept() bool {
	if q.now.unpaid == 0 {
		if q.planned(q.try)+q.floor >= q.now.cost {
			return false
		}
	} else if q.planned(q.try) == hopeless {
		return false
	}
	q.work--
	got := q.l.run(q.try)
	if !got.less(q.now) {
		return false
	}
	q.now = got
	q.normalise()
	q.cur.copyFrom(q.try)
	return true
}

// normalise moves what q.try planned to what its layout did: deadlines to the latest that
// was kept, ends of agreements to where they ended.
func (q *search) normalise() {
	for i := range q.p.cases {
		c := &q.p.cases[i]
		if q.try.member[i] {
			g := &q.l.groups[c.group]
			if !g.begun || q.l.cases[i].closed < g.first && q.l.cases[i].closed >= 0 {
				q.try.member[i] = false
			}
		}
		if closed := q.l.cases[i].closed; closed >= 0 && !q.try.member[i] {
			for _, d := range c.deadlines[q.try.deferred[i]] {
				if int32(d) >= closed {
					q.try.due[i] = int16(d)
					break
				}
			}
		}
	}
	for g := range q.l.groups {
		r := &q.l.groups[g]
		d := &q.p.groups[g]
		if r.begun && r.last >= 0 && r.last < r.due && r.last > r.first {
			q.try.last[g] = int16(r.last)
			if r.charged && int(r.last-r.first)+1 <= d.free {
				q.work--
				if got := q.l.run(q.try); got.less(q.now) {
					q.now = got
				} else {
					q.try.last[g] = int16(r.due)
				}
			}
		}
	}
}

func (q *search) keep() {
	if q.now.less(q.top) {
		q.top = q.now
		q.best.copyFrom(q.cur)
	}
	if q.anyPlan && q.top.unpaid == 0 {
		q.work = 0
	}
}

// start makes s the current state.
func (q *search) start(s *state) {
	q.work--
	q.try.copyFrom(s)
	q.now = q.l.run(q.try)
	q.normalise()
	q.cur.copyFrom(q.try)
}

// descend improves the current state until no move does.
func (q *search) descend() {
	for again := true; again && q.work > 0; {
		again = false
		for i := 0; i < q.p.n && q.work > 0; i++ {
			again = q.caseMoves(i) || again
		}
		for g := 0; g < len(q.p.groups) && q.work > 0; g++ {
			again = q.groupMoves(g) || again
		}
		for i := 0; i < q.p.n && q.work > 0; i++ {
			again = q.boostMoves(i) || again
		}
	}
	q.keep()
}

// caseMoves tries every mode of one case.
func (q *search) caseMoves(i int) (improved bool) {
	c := &q.p.cases[i]
	for deferred := int8(0); deferred < 2; deferred++ {
		if deferred == 1 && c.days == 0 {
			break
		}
		for _, due := range c.deadlines[deferred] {
			q.try.copyFrom(q.cur)
			q.try.deferred[i], q.try.member[i], q.try.due[i] = deferred, false, int16(due)
			improved = q.accept() || improved
		}
		if c.group < 0 {
			continue
		}
		if q.joined(c.group, i) {
			if int(q.cur.first[c.group]) >= c.from {
				q.try.copyFrom(q.cur)
				q.try.deferred[i], q.try.member[i] = deferred, true
				improved = q.accept() || improved
			}
			continue
		}
		q.spans(c.group, i, func(first, last int) {
			q.try.copyFrom(q.cur)
			q.try.deferred[i], q.try.member[i] = deferred, true
			q.try.first[c.group], q.try.last[c.group] = int16(first), int16(last)
			improved = q.accept() || improved
		})
	}
	return improved
}

// joined says whether a case other than i is in the agreement of group g.
func (q *search) joined(g, i int) bool {
	for _, j := range q.p.groups[g].members {
		if j != i && q.cur.member[j] {
			return true
		}
	}
	return false
}

// spans yields the agreements of group g worth beginning for case i: just before its cost
// steps, and as long as is free or allowed.
func (q *search) spans(g, i int, yield func(first, last int)) {
	c := &q.p.cases[i]
	d := &q.p.groups[g]
	starts := [2][]int{{c.from}, nil}
	for _, hits := range c.hits {
		for _, h := range hits {
			if h-1 > c.from {
				starts[1] = append(starts[1], h-1)
			}
		}
	}
	for _, list := range starts {
		for k, first := range list {
			if k > 0 && list[k-1] == first {
				continue
			}
			most := min(first+d.most-1, q.p.t-1)
			if most > first {
				yield(first, most)
			}
			if free := first + d.free - 1; free > first && free < most {
				yield(first, free)
			}
		}
	}
}

// groupMoves moves an agreement's beginning and end.
func (q *search) groupMoves(g int) (improved bool) {
	d := &q.p.groups[g]
	if !q.joined(g, -1) {
		return false
	}
	from := 0
	for _, i := range d.members {
		if q.cur.member[i] {
			from = max(from, q.p.cases[i].from)
		}
	}
	for first := from; first < q.p.t-1; first++ {
		for last := first + 1; last < min(first+d.most, q.p.t); last++ {
			if q.work <= 0 {
				return improved
			}
			q.try.copyFrom(q.cur)
			q.try.first[g], q.try.last[g] = int16(first), int16(last)
			improved = q.accept() || improved
		}
	}
	return improved
}

// boostMoves moves a case up or down in the order of payment.
func (q *search) boostMoves(i int) (improved bool) {
	for b := int8(-4); b <= 4; b++ {
		if b == q.cur.boost[i] {
			continue
		}
		q.try.copyFrom(q.cur)
		q.try.boost[i] = b
		improved = q.accept() || improved
	}
	return improved
}

// kick changes a few cases at random.
func (q *search) kick(strength int) {
	q.try.copyFrom(q.best)
	for range strength {
		i := q.random(q.p.n)
		c := &q.p.cases[i]
		q.try.deferred[i] = 0
		if c.days > 0 {
			q.try.deferred[i] = int8(q.random(2))
		}
		q.try.member[i] = false
		dues := c.deadlines[q.try.deferred[i]]
		q.try.due[i] = int16(dues[q.random(len(dues))])
		if c.group < 0 || q.random(2) == 0 {
			continue
		}
		g := c.group
		d := &q.p.groups[g]
		if !q.joined(g, i) || q.random(4) == 0 {
			if span := q.p.t - 1 - c.from; span > 0 {
				first := c.from + q.random(span)
				q.try.first[g] = int16(first)
				q.try.last[g] = int16(first + 1 + q.random(min(d.most-1, q.p.t-1-first)))
			}
		}
		q.try.member[i] = true
	}
	for g := range q.p.groups {
		for _, i := range q.p.groups[g].members {
			if q.try.member[i] && (int(q.try.first[g]) < q.p.cases[i].from || q.try.last[g] <= q.try.first[g]) {
				q.try.member[i] = false
			}
		}
	}
}

// run searches from several starts and then around the best state.
func (q *search) run() {
	if q.p.n == 0 {
		q.top = q.l.run(q.best)
		return
	}
	for _, s := range q.p.starts() {
		if q.work <= 0 {
			break
		}
		q.start(s)
		q.descend()
	}
	for q.work > 0 {
		before := q.work
		q.kick(1 + q.random(3))
		q.now = q.l.run(q.try)
		q.work--
		q.normalise()
		q.cur.copyFrom(q.try)
		q.descend()
		if q.work == before {
			q.work--
		}
	}
}

// starts are the states that the search begins from.
func (p *problem) starts() []*state {
	list := []*state{p.newState()}
	if len(p.groups) == 0 {
		return list
	}
	for _, free := range []bool{false, true} {
		s := p.newState()
		for g := range p.groups {
			d := &p.groups[g]
			p.joinAll(s, g, free && d.free > 1)
		}
		list = append(list, s)
	}
	return list
}

// joinAll puts all cases of a group in its agreement, as early as all may be.
func (p *problem) joinAll(s *state, g int, free bool) {
	d := &p.groups[g]
	first := 0
	for _, i := range d.members {
		first = max(first, p.cases[i].from)
	}
	last := min(first+d.most-1, p.t-1)
	if free {
		last = min(first+d.free-1, p.t-1)
	}
	if last <= first {
		return
	}
	for _, i := range d.members {
		s.member[i] = true
	}
	s.first[g], s.last[g] = int16(first), int16(last)
}
