package solver

import (
	"math/bits"
	"runtime"
)

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
	sure        int   // least, when there were too few nodes to go through all
	work        int   // what may still be spent, in units of about 20 ns
	yielded     int   // what was left of it when others got their turn
	seed        uint64
	seen        []uint64 // hashes of states that were laid out
	r           *relaxed
	x           *pricing

	enough   int   // work at which the dearer moves end
	polished score // of the state that dearer moves were tried on last

	found   int          // work left when best was found
	swept   bool         // every point of the relaxation was gone through
	rich    bool         // a sweep found as many plans as it keeps
	quick   bool         // one sweep is enough if there is a plan
	stop    func() error // not nil: says that nobody waits for the answer any more
	steep   bool         // look at all moves before taking the best
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
	q.r = newRelaxed(p)
	q.x = newPricing(q.r)
	q.reset(work)
	return q
}

// reset forgets what was found, after the problem's budget changed.
func (q *search) reset(work int) {
	q.work, q.least, q.most, q.found, q.seed = work, work/40, work, work, 1
	q.sure = work/4 + work*spareWork(q.p.in.size())/usualWork(q.p.in.size())
	q.swept, q.rich, q.polished = false, false, score{}
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
	q.work -= 15 + q.l.played
	q.yield()
	return got
}

// slice is the work after which others get their turn: about 100 µs.
const slice = 5_000

// yield lets whoever waits for a core go first, once in a slice. Go would do so a hundred times
// later, and a request takes several turns.
func (q *search) yield() {
	if q.yielded-q.work > slice || q.yielded < q.work {
		q.yielded = q.work
		runtime.Gosched()
	}
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
			if r.charged && q.p.instalments(int(r.first), int(r.last)) <= d.free {
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
	if q.stopped() {
		q.work = 0
	}
	if q.lost() {
		return true
	}
	spent := q.most - q.work
	if !q.swept && (!q.rich || spent < q.sure) {
		return false
	}
	return spent > q.least && spent > q.most-q.found
}

// lost says that the work is done, or that half of it found no plan: there may be none.
func (q *search) lost() bool {
	return q.work <= 0 || q.top.unpaid > 0 && q.now.unpaid > 0 && q.work < q.most/2
}

func (q *search) stopped() bool { return q.stop != nil && q.stop() != nil }

func (q *search) keep() {
	if q.now.less(q.top) {
		q.top = q.now
		q.found = q.work
		q.best.copyFrom(q.exact)
	}
	if q.anyPlan && q.top.unpaid == 0 {
		q.most, q.work = q.most-q.work, 0 // what was spent stays known
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
