package solution

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
	order    []int32
	key      []float64
	points   []int32 // pay days by which something must be closed
	slack    []int64 // per point: what may still go to cases that can wait longer
	left     int64
	minimum  int64 // of the day's instalments, still to be paid
	score    score
	days     int     // pay days that the last run came through
	floor    []int64 // interest that no plan avoids from each pay day on
	limit    int64   // a layout that costs this much is not carried through
}

// running is a case in the course of a layout.
type running struct {
	principal, costs, interest int64
	rest                       int64 // interest not yet a whole øre
	coming                     int64 // fees that will be charged before it closes, by plan
	next                       int   // cost step
	due                        int32
	closed                     int32
}

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
		key: make([]float64, p.n), points: make([]int32, 0, p.n+2), slack: make([]int64, p.n+2),
		floor: make([]int64, p.t+1), limit: hopeless,
	}
}

// run lays a state out and scores it.
func (l *layout) run(s *state) score {
	l.score = score{}
	clear(l.pay)
	l.start(s)
	for t := range l.p.t {
		l.days = t + 1
		l.accrue(s, t)
		if lack := l.beginDay(s, t); lack > 0 {
			l.score.unpaid = breach + lack
			return l.score
		}
		l.reserve(s, t)
		if l.score.cost+l.coming()+l.floor[t+1] >= l.limit {
			l.score.unpaid = hopeless
			return l.score
		}
		l.payDay(s, t)
		if lack := l.endDay(s, t); lack > 0 {
			l.score.unpaid = breach + lack
			return l.score
		}
	}
	for i := range l.cases {
		c := &l.cases[i]
		if c.closed < 0 {
			l.score.unpaid += c.principal + c.costs + c.interest
		}
		l.score.closing += c.closed
	}
	for g := range l.groups {
		if r := &l.groups[g]; r.charged && r.begun && r.open == 0 && int(r.last-r.first)+1 <= l.p.groups[g].free {
			l.score.cost -= l.p.groups[g].setup // it ended so early that none is charged
		}
	}
	return l.score
}

// coming is what cost steps will come to if every case closes when due and not before.
func (l *layout) coming() (sum int64) {
	for i := range l.cases {
		if c := &l.cases[i]; c.closed < 0 {
			sum += c.coming
		}
	}
	return sum
}

func (l *layout) start(s *state) {
	p := l.p
	for g := range l.groups {
		l.groups[g] = agreementRun{first: int32(s.first[g]), due: int32(s.last[g]), last: -1}
	}
	for i := range l.cases {
		d := &p.cases[i]
		c := running{principal: d.principal, costs: d.costs, interest: d.open, rest: d.fraction, closed: -1, due: int32(p.dueOf(s, i))}
		deferred := s.deferred[i]
		if deferred != 0 {
			c.costs += d.deferFee
			l.score.cost += d.deferFee
		}
		until := c.due
		if s.member[i] {
			g := &l.groups[d.group]
			g.open++
			if !d.stepsGoOn {
				until = g.first
			}
		}
		for k, hit := range d.hits[deferred] {
			if int32(hit) <= until {
				c.coming += d.fees[deferred][k]
			}
		}
		l.cases[i] = c
	}
	for t := range p.t {
		l.capacity[t] = p.budget
	}
	for g := range l.groups {
		r := &l.groups[g]
		if r.open == 0 {
			continue
		}
		d := &p.groups[g]
		r.charged = int(r.due-r.first)+1 > d.free
		for t := r.first; t <= r.due; t++ {
			l.capacity[t] -= d.fee
		}
		if r.charged {
			l.capacity[r.first] -= d.setup
		}
	}
	sum := int64(0)
	for t := range p.t {
		sum += l.capacity[t]
		l.capacity[t] = sum
	}
	l.points = l.points[:0]
	for i := range l.cases {
		l.point(l.cases[i].due)
	}
}

// point adds a deadline to the sorted list; the last pay day needs none.
func (l *layout) point(due int32) {
	if int(due) >= l.p.t-1 {
		return
	}
	k := len(l.points)
	for k > 0 && l.points[k-1] >= due {
		if l.points[k-1] == due {
			return
		}
		k--
	}
	l.points = append(l.points, 0)
	copy(l.points[k+1:], l.points[k:])
	l.points[k] = due
}

// accrue brings interest and cost steps up to pay day t.
func (l *layout) accrue(s *state, t int) {
	for i := range l.cases {
		c := &l.cases[i]
		if c.closed >= 0 {
			continue
		}
		d := &l.p.cases[i]
		u := uint64(c.principal*d.bears[t] + c.rest)
		due := int64(u / unitsPerØre)
		c.rest = int64(u % unitsPerØre)
		c.interest += due
		l.score.cost += due
		deferred := s.deferred[i]
		for hits := d.hits[deferred]; c.next < len(hits) && hits[c.next] <= t; c.next++ {
			if s.member[i] && int(l.groups[d.group].first) < t && !d.stepsGoOn {
				continue
			}
			fee := d.fees[deferred][c.next]
			c.costs += fee
			c.coming = max(c.coming-fee, 0)
			l.score.cost += fee
		}
	}
}

// beginDay takes the agreements' fees out of the day's budget and returns what lacks: a breach.
func (l *layout) beginDay(s *state, t int) int64 {
	l.left = l.p.budget
	l.minimum = 0
	for g := range l.groups {
		r := &l.groups[g]
		r.minimum = 0
		if r.open == 0 || t < int(r.first) {
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
		r.minimum = min(d.least, l.owed(s, g))
		l.minimum += r.minimum
	}
	return max(l.minimum-l.left, 0)
}

// endDay closes what is paid off and returns what lacks for an agreement to end
// in time.
func (l *layout) endDay(s *state, t int) int64 {
	spent := false
	for i := range l.cases {
		c := &l.cases[i]
		if l.pay[t*l.p.n+i] > 0 {
			l.score.payments++
			spent = true
		}
		if c.closed < 0 && c.principal+c.costs+c.interest == 0 {
			c.closed = int32(t)
			if s.member[i] {
				r := &l.groups[l.p.cases[i].group]
				if r.open--; r.open == 0 && r.begun {
					r.last = int32(t)
				}
			}
		}
	}
	for g := range l.groups {
		r := &l.groups[g]
		if !r.begun {
			continue
		}
		d := &l.p.groups[g]
		length := t - int(r.first) + 1
		if r.open > 0 && (length >= d.most || length >= d.free && !r.charged) {
			return l.owed(s, g)
		}
		spent = spent || r.open > 0 || int(r.last) == t
	}
	if spent {
		l.score.months = int32(t + 1)
	}
	return 0
}

// owed is what the members of a group owe.
func (l *layout) owed(s *state, g int) (sum int64) {
	for _, i := range l.p.groups[g].members {
		if c := &l.cases[i]; s.member[i] && c.closed < 0 {
			sum += c.principal + c.costs + c.interest
		}
	}
	return sum
}
