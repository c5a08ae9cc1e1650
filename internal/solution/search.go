package solution

import "math/bits"

// search is a local search over states with a budget of work, counted and never timed, so
// that the same instance gives the same plan on any machine.
type search struct {
	p           *problem
	l           *layout
	need        []int64
	floor       int64 // interest that every plan pays
	cur         *state
	try         *state
	exact       *state // cur as it was laid out to score now
	best        *state
	now         score // of cur
	top         score // of best
	least, most int   // of work to spend
	work        int   // what may still be spent, in units of about 20 ns
	seed        uint64
	seen        []uint64 // hashes of states that were laid out

	found   int  // work left when best was found
	steep   bool // look at all moves before taking the best
	pick    score
	picked  *state
	missed  bool // start's state missed a deadline
	anyPlan bool // stop at the first plan
}

func newSearch(p *problem, work int) *search {
	q := &search{
		p: p, l: newLayout(p), need: make([]int64, p.t), cur: p.newState(), try: p.newState(), exact: p.newState(),
		best: p.newState(), picked: p.newState(), seen: make([]uint64, 1<<13),
	}
	q.reset(work)
	return q
}

// reset forgets what was found, after the problem's budget changed.
func (q *search) reset(work int) {
	q.work, q.least, q.most, q.found, q.seed = work, work/4, work, work, 1
	q.p.interestBound(q.l.floor)
	q.floor = q.l.floor[0]
	q.top = score{unpaid: hopeless}
	q.now = q.top
	clear(q.seen)
}

// random is a splitmix64 step: a fixed sequence, the same in every run.
func (q *search) random(n int) int {
	q.seed += 0x9e3779b97f4a7c15
	hi, _ := bits.Mul64(mix(q.seed), uint64(n))
	return int(hi)
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// known says whether q.try was laid out before, and remembers it.
func (q *search) known() bool {
	h := uint64(17)
	s := q.try
	for i := range s.due {
		x := uint64(s.deferred[i])<<16 | uint64(uint8(s.boost[i]))<<32
		if s.member[i] {
			x |= 1
		} else {
			x |= uint64(s.due[i]) << 1
		}
		h = (h ^ x) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	for g := range s.first {
		for _, i := range q.p.groups[g].members {
			if s.member[i] {
				h = (h ^ uint64(s.first[g])<<20 ^ uint64(s.last[g]) ^ 1<<50) * 0x9e3779b97f4a7c15
				h ^= h >> 29
				break
			}
		}
	}
	slot := &q.seen[h&uint64(len(q.seen)-1)]
	if *slot == h {
		return true
	}
	*slot = h
	return false
}

// accept lays q.try out, if it can be better, and makes it the current state if it is.
func (q *search) accept() bool {
	q.work -= 4 + (q.p.n+q.p.t)/8
	planned := q.planned(q.try)
	if planned == hopeless || q.now.unpaid == 0 && planned+q.floor >= q.now.cost || q.known() {
		return false
	}
	q.l.limit = hopeless
	if !q.steep && !q.p.snowball && q.now.unpaid == 0 {
		q.l.limit = q.now.cost
	}
	got := q.layOut()
	q.l.limit = hopeless
	if q.steep {
		if got.less(q.pick) {
			q.pick = got
			q.picked.copyFrom(q.try)
		}
		return false
	}
	if !got.less(q.now) {
		return false
	}
	q.now = got
	q.settle()
	return true
}

func (q *search) layOut() score {
	got := q.l.run(q.try)
	q.work -= 20 + q.p.n*q.l.days
	return got
}

// settle makes q.try, which was just laid out, the current state.
func (q *search) settle() {
	q.exact.copyFrom(q.try)
	q.normalise()
	q.cur.copyFrom(q.try)
}

// normalise moves what q.try planned to what its layout did: deadlines to the latest that
// was kept, ends of agreements to where they ended.
func (q *search) normalise() {
	for i := range q.p.cases {
		c := &q.p.cases[i]
		closed := q.l.cases[i].closed
		if q.try.member[i] {
			g := &q.l.groups[c.group]
			if !g.begun || closed < g.first && closed >= 0 {
				q.try.member[i] = false
			}
		}
		if closed >= 0 && !q.try.member[i] {
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
				if got := q.layOut(); got.less(q.now) {
					q.now = got
					q.exact.copyFrom(q.try)
				} else {
					q.try.last[g] = int16(r.due)
				}
			}
		}
	}
}

// settled says that the best state has stood for so long that more work is not worth it.
func (q *search) settled() bool {
	spent := q.most - q.work
	if q.top.unpaid > 0 && spent > q.most/2 {
		return true // there may be no plan
	}
	return spent > q.least && spent > patience*(q.most-q.found)
}

// patience is how much longer than it took to find the best state the search goes on.
const patience = 4

func (q *search) keep() {
	if q.now.less(q.top) {
		q.top = q.now
		q.found = q.work
		q.best.copyFrom(q.exact)
	}
	if q.anyPlan && q.top.unpaid == 0 {
		q.work = 0
	}
}

// start makes s the current state.
func (q *search) start(s *state) {
	q.try.copyFrom(s)
	q.now = q.layOut()
	q.missed = q.now.unpaid > 0
	for i := range q.p.cases {
		q.missed = q.missed || !s.member[i] && q.l.cases[i].closed > int32(s.due[i])
	}
	q.settle()
}

// run searches from several starts and then around the best state.
func (q *search) run() {
	if q.p.n == 0 {
		q.top = q.l.run(q.best)
		return
	}
	r := newRelaxed(q.p)
	squeeze := int64(0)
	for round := 0; q.work > 0 && !q.settled(); round++ {
		if q.p.snowball { // the relaxation knows only deadlines, and there are none
			q.kick(1 + q.random(3))
			q.start(q.try)
			q.descend()
			continue
		}
		r.budget = q.p.budget - q.p.budget*squeeze/200
		switch {
		case round%4 == 3:
			q.kick(1 + q.random(3))
		case round%4 == 2:
			q.champion(r, 2, func() {
				r.from(q.best)
				r.anneal(q, 250*q.p.n, 60_000)
			})
		default:
			q.champion(r, 3, func() {
				r.scatter(q)
				r.anneal(q, 1000+300*q.p.n, 100_000)
			})
		}
		q.start(q.try)
		if round%4 != 3 {
			// The relaxation promised what the layout could not keep, or was too careful.
			if q.missed {
				squeeze = min(squeeze+2, 20)
			} else {
				squeeze = max(squeeze-1, -8)
			}
		}
		q.descend()
	}
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
				first := c.from + q.random(span)
				q.try.first[g] = int16(first)
				q.try.last[g] = int16(first + 1 + q.random(min(d.most-1, q.p.t-1-first)))
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
			first := 0
			for _, i := range d.members {
				first = max(first, p.cases[i].from)
			}
			last := min(first+d.most-1, p.t-1)
			if free && d.free > 1 {
				last = min(first+d.free-1, last)
			}
			p.joinAll(s, g, first, last)
		}
		list = append(list, s)
	}
	return list
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

// champion sets q.try to the best point of some walks.
func (q *search) champion(r *relaxed, walks int, walk func()) {
	r.top.energy = hopeless
	for range walks {
		walk()
		if r.best.energy < r.top.energy {
			r.best, r.top = r.top, r.best
		}
	}
	r.best, r.top = r.top, r.best
	r.to(q.try)
}
