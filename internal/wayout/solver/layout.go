package solver

// score is what a state comes to, in the order in which it is compared.
type score struct {
	unpaid   int64 // at the end, or what a breach lacks: 0 is feasible
	cost     int64
	months   int32
	payments int32
	closing  int32
}

func (a score) less(b score) bool {
	switch {
	case a.unpaid != b.unpaid:
		return a.unpaid < b.unpaid
	case a.cost != b.cost:
		return a.cost < b.cost
	case a.months != b.months:
		return a.months < b.months
	case a.payments != b.payments:
		return a.payments < b.payments
	default:
		return a.closing < b.closing
	}
}

// breach is more than anybody can leave unpaid.
const breach = int64(1) << 56

// layout lays the money of each pay day out on the cases for a state, and simulates
// exactly while it does. All its memory is allocated once.
type layout struct {
	p        *problem
	cases    []running
	groups   []agreementRun
	pay      []int64 // t*n + case
	capacity []int64 // cumulated: what the pay days 0..t can give to cases
	order    []int32 // the open cases; by rank, once a day's money was laid out
	points   []int32 // pay days by which something must be closed
	head     int     // the first of points that is not over
	need     []int64 // per point: what must be paid by it and not before
	slack    []int64 // per point: what may still go to cases that can wait longer
	room     []int64 // per point: the least slack of those before it
	left     int64
	hold     []int64 // what each pay day must leave for the fees and instalments of later ones
	held     int64   // that, on the pay day at hand
	minimum  int64   // of the day's instalments, still to be paid
	score    score
	played   int     // open cases of the last run, each pay day
	floor    []int64 // interest that no plan avoids from each pay day on
	limit    int64   // a layout that costs this much is not carried through
}

// running is a case in the course of a layout.
type running struct {
	principal, costs, interest int64
	rest                       int64   // interest not yet a whole øre
	coming                     int64   // fees that will be charged before it closes, by plan
	key                        float64 // rank among the open cases
	bears, borne               []int64
	hits                       []int
	next, steps                int // cost step, and the first that its agreement stops
	rate                       int64
	due                        int32
	closed                     int32
	at                         int32 // the first of the points that is not before due
	group                      int32 // its agreement; -1: it is in none
	costsFirst                 bool
}

// owed is what the case demands.
func (c *running) owed() int64 { return c.principal + c.costs + c.interest }

// agreementRun is an agreement in the course of a layout.
type agreementRun struct {
	first, due, last int32
	open             int32 // members not paid off
	begun, charged   bool  // charged: the setup fee is reckoned with
	minimum          int64 // of today's instalment, still to be paid
}

func newLayout(p *problem) *layout {
	return &layout{
		p: p, cases: make([]running, p.n), groups: make([]agreementRun, len(p.groups)),
		pay: make([]int64, p.n*p.t), capacity: make([]int64, p.t+1), order: make([]int32, p.n),
		points: make([]int32, 0, p.n+1), need: make([]int64, p.n+1), slack: make([]int64, p.n+1),
		room: make([]int64, p.n+1), floor: make([]int64, p.t+1), hold: make([]int64, p.t), limit: hopeless,
	}
}

// run lays a state out and scores it.
func (l *layout) run(s *state) score {
	l.start(s)
	for t := range l.p.t {
		l.played += len(l.order)
		l.accrue(s, t)
		if lack := l.beginDay(t); lack > 0 {
			l.score.unpaid = breach + lack
			return l.score
		}
		if l.score.cost+l.coming()+l.floor[t+1] >= l.limit {
			l.score.unpaid = hopeless
			return l.score
		}
		l.reserve(t)
		l.payDay(s, t)
		if lack := l.endDay(t); lack > 0 {
			l.score.unpaid = breach + lack
			return l.score
		}
	}
	for i := range l.cases {
		c := &l.cases[i]
		l.score.unpaid += c.owed()
		l.score.closing += c.closed
	}
	for g := range l.groups {
		r, d := &l.groups[g], &l.p.groups[g]
		if r.charged && r.begun && r.open == 0 && l.p.instalments(int(r.first), int(r.last)) <= d.free {
			l.score.cost -= d.setup // it ended so early that none is charged
		}
	}
	return l.score
}

// coming is what cost steps will come to if every case closes when due and not before.
func (l *layout) coming() (sum int64) {
	for _, i := range l.order {
		sum += l.cases[i].coming
	}
	return sum
}

func (l *layout) start(s *state) {
	p := l.p
	l.score, l.played = score{}, 0
	clear(l.pay)
	for g := range l.groups {
		l.groups[g] = agreementRun{first: int32(s.first[g]), due: int32(s.last[g]), last: -1}
	}
	l.points, l.head = l.points[:0], 0
	l.order = l.order[:0]
	for i := range l.cases {
		l.startCase(s, i)
		l.point(l.cases[i].due)
		l.order = append(l.order, int32(i))
	}
	for i := range l.cases {
		c := &l.cases[i]
		for int(c.at) < len(l.points) && l.points[c.at] < c.due {
			c.at++
		}
	}
	l.left, l.held = 0, 0
	copy(l.capacity, p.budgets)
	for g := range l.groups {
		r := &l.groups[g]
		if r.open == 0 {
			continue
		}
		d := &p.groups[g]
		end := p.count[r.due+1]
		instalments := p.days[p.count[r.first]:end]
		r.charged = len(instalments) > d.free
		for _, t := range instalments {
			l.capacity[t] -= d.fee
		}
		if r.charged {
			l.capacity[r.first] -= d.setup
		}
	}
	if p.carry {
		l.save()
	}
	sum := int64(0)
	for t := range p.t {
		sum += l.capacity[t]
		l.capacity[t] = sum
	}
}

// save reckons what each pay day must leave where later ones have less than the fees and instalments
// of their agreements.
func (l *layout) save() {
	p := l.p
	clear(l.hold)
	for g := range l.groups {
		if r := &l.groups[g]; r.open > 0 {
			for _, t := range p.days[p.count[r.first]:p.count[r.due]] {
				l.hold[t] += p.groups[g].least
			}
		}
	}
	later := int64(0)
	for t := p.t - 1; t >= 0; t-- {
		need := l.hold[t] - l.capacity[t]
		l.hold[t] = later
		later = max(later+need, 0)
	}
}

func (l *layout) startCase(s *state, i int) {
	d, c := &l.p.cases[i], &l.cases[i]
	deferred := s.deferred[i]
	*c = running{
		principal: d.principal, costs: d.costs, interest: d.open, rest: d.fraction, rate: d.rate,
		bears: d.bears, borne: d.borne, hits: d.hits[deferred], steps: len(d.hits[deferred]), closed: -1,
		due: int32(l.p.dueOf(s, i)), group: -1,
		costsFirst: d.costsFirst,
	}
	until := int(c.due)
	if s.member[i] {
		c.group = int32(d.group)
		g := &l.groups[d.group]
		g.open++
		if !d.stepsGoOn {
			until = int(g.first)
			for c.steps > 0 && c.hits[c.steps-1] > until {
				c.steps--
			}
		}
	}
	c.coming = d.feesUntil(int(deferred), until)
	if deferred != 0 {
		c.costs += d.deferFee
		c.coming -= d.deferFee
		l.score.cost += d.deferFee
	}
}

// accrue brings interest and cost steps up to pay day t.
func (l *layout) accrue(s *state, t int) {
	for _, i := range l.order {
		c := &l.cases[i]
		u := uint64(c.principal*c.bears[t] + c.rest)
		due := int64(u / unitsPerØre)
		c.rest = int64(u % unitsPerØre)
		c.interest += due
		l.score.cost += due
		for ; c.next < c.steps && c.hits[c.next] <= t; c.next++ {
			fee := l.p.cases[i].fees[s.deferred[i]][c.next]
			c.costs += fee
			c.coming = max(c.coming-fee, 0)
			l.score.cost += fee
		}
	}
}

// beginDay takes the agreements' fees out of the day's budget and returns what lacks: a breach.
func (l *layout) beginDay(t int) int64 {
	if l.p.carry {
		l.left += l.held + l.p.budgets[t]
	} else {
		l.left = l.p.budgets[t]
	}
	l.minimum = 0
	for g := range l.groups {
		r := &l.groups[g]
		r.minimum = 0
		if r.open == 0 || t < int(r.first) || !l.p.rhythm[t] {
			continue
		}
		d := &l.p.groups[g]
		r.begun = true
		l.left -= d.fee
		l.score.cost += d.fee
		if t == int(r.first) && r.charged {
			l.left -= d.setup
			l.score.cost += d.setup
		}
		r.minimum = min(d.least, l.owed(g))
		l.minimum += r.minimum
	}
	if l.p.carry {
		l.held = max(min(l.hold[t], l.left-l.minimum), 0)
		l.left -= l.held
	}
	return max(l.minimum-l.left, 0)
}

// endDay closes what is paid off and returns what lacks for an agreement to end
// in time.
func (l *layout) endDay(t int) int64 {
	open := l.order[:0]
	for _, i := range l.order {
		c := &l.cases[i]
		if l.pay[t*l.p.n+int(i)] > 0 {
			l.score.payments++
			l.score.months = int32(t + 1)
		}
		if c.owed() > 0 {
			open = append(open, i)
			continue
		}
		c.closed = int32(t)
		if c.group >= 0 {
			r := &l.groups[c.group]
			if r.open--; r.open == 0 && r.begun {
				r.last = int32(t)
			}
		}
	}
	l.order = open
	for g := range l.groups {
		r := &l.groups[g]
		if !r.begun {
			continue
		}
		d := &l.p.groups[g]
		next := l.p.instalments(int(r.first), t+1)
		if r.open > 0 && (next > d.most || next > d.free && !r.charged) {
			return l.owed(g)
		}
		if l.p.rhythm[t] && (r.open > 0 || int(r.last) == t) {
			l.score.months = int32(t + 1)
		}
	}
	return 0
}

// owed is what the members of a group owe.
func (l *layout) owed(g int) (sum int64) {
	for _, i := range l.p.groups[g].members {
		if c := &l.cases[i]; int(c.group) == g {
			sum += c.owed()
		}
	}
	return sum
}
