package solution

import "math"

// relaxed is the problem without the laying out of money: which case is closed before
// which cost step, which are joined in an agreement and for how long. Its energy is the
// fees, with a penalty where the budget cannot keep the deadlines. It decides most of the
// cost and takes a small part of a layout, so that annealing can afford many steps.
type relaxed struct {
	p      *problem
	tables []relaxedCase
	option []int16 // per case: a mode, or beyond them the agreement, and that with a deferral
	first  []int16
	last   []int16
	budget int64 // the budget less what experience takes off it
	now    load
	asks   []demand // per group, of the current point
	try    load     // where a step leads
	energy int64
	best   relaxedPoint
	top    relaxedPoint // the best of several walks
}

// load is what a point costs in fees and asks of the pay days.
type load struct {
	fees int64
	need []int64 // per pay day: what must be paid by it and does not fit before, less the budget
	must []int64 // per pay day: fees and least instalments, which no other day can take
}

// relaxedPoint is a point that annealing came by.
type relaxedPoint struct {
	option, first, last []int16
	energy              int64
}

// relaxedCase holds what the options of a case come to.
type relaxedCase struct {
	options int
	due     []int16
	fees    []int64
	need    []int64
	joined  [2][]int64 // fees in an agreement by its first pay day
	from    int
	balance int64
	bearing int64 // interest, in units per day
}

func newRelaxed(p *problem) *relaxed {
	groups := len(p.groups)
	r := &relaxed{
		p: p, tables: make([]relaxedCase, p.n), option: make([]int16, p.n), first: make([]int16, groups),
		last: make([]int16, groups), budget: p.budget, asks: make([]demand, groups),
		now:  load{need: make([]int64, p.t), must: make([]int64, p.t)},
		try:  load{need: make([]int64, p.t), must: make([]int64, p.t)},
		best: relaxedPoint{option: make([]int16, p.n), first: make([]int16, groups), last: make([]int16, groups)},
		top:  relaxedPoint{option: make([]int16, p.n), first: make([]int16, groups), last: make([]int16, groups)},
	}
	for i := range p.cases {
		c := &p.cases[i]
		t := &r.tables[i]
		for _, m := range c.modes {
			t.due = append(t.due, m.due)
			t.fees = append(t.fees, m.fees)
			// Interest until then, as if the principal went down evenly.
			grown := c.principal * c.rate * p.since[m.due] / unitsPerØre / 2
			t.need = append(t.need, c.balance()+m.fees+grown)
		}
		t.options, t.from, t.balance, t.bearing = len(c.modes), c.from, c.balance(), c.principal*c.rate
		if c.group < 0 {
			continue
		}
		for deferred := range 2 {
			if deferred == 1 && c.days == 0 {
				break
			}
			t.options++
			for first := range p.t {
				t.joined[deferred] = append(t.joined[deferred], c.feesUntil(deferred, first))
			}
		}
	}
	return r
}

// putCase adds a case outside an agreement to a load, or takes it off with sign -1.
func (r *relaxed) putCase(l *load, i int, sign int64) {
	c := &r.tables[i]
	if o := r.option[i]; int(o) < len(c.due) {
		l.fees += sign * c.fees[o]
		l.need[c.due[o]] += sign * c.need[o]
	}
}

// demand is an agreement and what its members come to.
type demand struct {
	owed        int64 // with the cost steps until it begins; 0: nobody is in it
	bearing     int64 // interest, in units per day
	steps       int64 // cost steps and deferrals of the members
	fees        int64 // in all
	first, last int
}

// demandOf sums up an agreement; ok is false when a member may not be in it yet.
func (r *relaxed) demandOf(g int) (x demand, ok bool) {
	x.first, x.last = int(r.first[g]), int(r.last[g])
	for _, i := range r.p.groups[g].members {
		c := &r.tables[i]
		k := int(r.option[i]) - len(c.due)
		if k < 0 {
			continue
		}
		if x.first < c.from {
			return x, false
		}
		fees := c.joined[k][x.first]
		x.steps += fees
		x.owed += c.balance + fees
		x.bearing += c.bearing
	}
	if x.owed > 0 {
		d := &r.p.groups[g]
		x.fees = x.steps + d.fee*int64(x.last-x.first+1)
		if x.last-x.first+1 > d.free {
			x.fees += d.setup
		}
	}
	return x, true
}

// putGroup adds an agreement with its members to a load, or takes it off with sign -1.
func (r *relaxed) putGroup(l *load, g int, x *demand, sign int64) {
	if x.owed == 0 {
		return
	}
	d := &r.p.groups[g]
	l.fees += sign * x.fees
	if x.last-x.first+1 > d.free {
		l.need[x.first] += sign * d.setup
		l.must[x.first] += sign * d.setup
	}
	// Interest until its last pay day, as if the principal went down evenly.
	owed := x.owed + x.bearing/2*r.p.since[x.last]/unitsPerØre
	full := min(x.last, x.first+int(owed/max(d.least, 1)))
	y := sign * (d.least + d.fee)
	for t := x.first; t < full; t++ {
		l.need[t] += y
		l.must[t] += y
	}
	owed -= d.least * int64(full-x.first)
	for t := full; t < x.last; t++ { // it would end before
		l.need[t] += sign * (owed + d.fee)
		l.must[t] += sign * (owed + d.fee)
		owed = 0
	}
	l.need[x.last] += sign * (owed + d.fee)
}

// cold is the temperature at the end of annealing, in øre: far less than any cost step.
const cold = 4000

// overload is what a missed deadline weighs, beside what is lacking: about a cost step.
const overload = 60_000

// hardly keeps a point that misses a deadline from being the best of a walk: it mostly
// leads to a cost step.
const hardly = 300_000

// weigh returns the energy of a load.
func (r *relaxed) weigh(l *load) int64 {
	worst, sum := int64(0), int64(0)
	for t, x := range l.need {
		sum += x
		worst = max(worst, sum, l.must[t]-r.p.budget)
	}
	if worst > 0 {
		return l.fees + overload + worst
	}
	return l.fees
}

// merit is what the best point is chosen by.
func (r *relaxed) merit() int64 {
	if r.energy > r.now.fees {
		return r.energy + hardly
	}
	return r.energy
}

// settle computes the load and energy of the current point.
func (r *relaxed) settle() {
	l := &r.now
	l.fees = 0
	for t := range l.need {
		l.need[t], l.must[t] = -r.budget, 0
	}
	for i := range r.option {
		r.putCase(l, i, 1)
	}
	for g := range r.asks {
		x, ok := r.demandOf(g)
		if !ok { // nobody joins an agreement that a member may not be in
			x = demand{first: x.first, last: x.last}
			for _, i := range r.p.groups[g].members {
				if int(r.option[i]) >= len(r.tables[i].due) {
					r.option[i] = 0
					r.putCase(l, i, 1)
				}
			}
		}
		r.asks[g] = x
		r.putGroup(l, g, &x, 1)
	}
	r.energy = r.weigh(l)
}

// anneal walks at a falling temperature, in øre, and remembers the best point it came by.
func (r *relaxed) anneal(q *search, steps int, hot float64) {
	r.settle()
	r.remember()
	cool := math.Pow(cold/hot, 1/float64(steps))
	for range steps {
		hot *= cool
		limit := r.energy + int64(hot*chances[q.random(len(chances))])
		if !r.step(q, limit) {
			continue
		}
		if r.merit() < r.best.energy {
			r.remember()
		}
	}
	q.work -= steps * (2 + (r.p.n+r.p.t)/16)
}

// chances are how much dearer, in temperatures, a step may be: -ln of an even choice.
var chances = func() (list [512]float64) {
	for k := range list {
		list[k] = -math.Log((float64(k) + 0.5) / float64(len(list)))
	}
	return list
}()

// step changes one case or one agreement, if that does not lead beyond limit.
func (r *relaxed) step(q *search, limit int64) bool {
	if len(r.first) > 0 && q.random(3) == 0 {
		return r.stepGroup(q, -1, q.random(len(r.first)), 0, limit)
	}
	i := q.random(r.p.n)
	c := &r.tables[i]
	old, option := r.option[i], int16(q.random(c.options))
	if option == old {
		return false
	}
	if int(max(old, option)) >= len(c.due) {
		return r.stepGroup(q, i, r.p.cases[i].group, option, limit)
	}
	if r.now.fees+c.fees[option]-c.fees[old] > limit {
		return false
	}
	r.shift(i, old, option)
	e := r.weigh(&r.now)
	if e > limit {
		r.shift(i, option, old)
		return false
	}
	r.option[i], r.energy = option, e
	return true
}

// shift moves case i from one mode to another in the load.
func (r *relaxed) shift(i int, from, to int16) {
	c := &r.tables[i]
	r.now.fees += c.fees[to] - c.fees[from]
	r.now.need[c.due[from]] -= c.need[from]
	r.now.need[c.due[to]] += c.need[to]
}

// stepGroup moves the agreement g, or lets case i into it or out of it.
func (r *relaxed) stepGroup(q *search, i, g int, option int16, limit int64) bool {
	before := &r.asks[g]
	if i < 0 && before.owed == 0 {
		return false
	}
	first, last, old := r.first[g], r.last[g], int16(0)
	if i < 0 || before.owed == 0 {
		r.span(q, g)
	}
	fees := r.now.fees - before.fees
	if i >= 0 {
		old = r.option[i]
		r.option[i] = option
		fees += r.ownFees(i, option) - r.ownFees(i, old)
	}
	if after, ok := r.demandOf(g); ok && fees+after.fees <= limit {
		r.try.fees = r.now.fees
		copy(r.try.need, r.now.need)
		copy(r.try.must, r.now.must)
		r.putGroup(&r.try, g, before, -1)
		if i >= 0 {
			r.option[i] = old
			r.putCase(&r.try, i, -1)
			r.option[i] = option
			r.putCase(&r.try, i, 1)
		}
		r.putGroup(&r.try, g, &after, 1)
		if e := r.weigh(&r.try); e <= limit {
			r.energy = e
			r.now, r.try = r.try, r.now
			*before = after
			return true
		}
	}
	r.first[g], r.last[g] = first, last
	if i >= 0 {
		r.option[i] = old
	}
	return false
}

// ownFees is what an option of case i costs, if it is not the agreement.
func (r *relaxed) ownFees(i int, option int16) int64 {
	if c := &r.tables[i]; int(option) < len(c.due) {
		return c.fees[option]
	}
	return 0
}

// span moves one end of an agreement, or all of it.
func (r *relaxed) span(q *search, g int) {
	d := &r.p.groups[g]
	end := r.p.t - 1
	first, last := int(r.first[g]), int(r.last[g])
	switch q.random(4) {
	case 0:
		first = d.starts[q.random(len(d.starts))]
		switch last = first + d.free - 1; q.random(3) {
		case 0:
			last = first + d.most - 1
		case 1:
			last = first + 1 + q.random(d.most-1)
		}
	case 1:
		first += 1 - 2*q.random(2)
	case 2:
		last += 1 - 2*q.random(2)
	default:
		shift := 1 - 2*q.random(2)
		first, last = first+shift, last+shift
	}
	first = max(min(first, end-1), 0)
	last = max(min(last, end, first+d.most-1), first+1)
	r.first[g], r.last[g] = int16(first), int16(last)
}

func (r *relaxed) remember() {
	copy(r.best.option, r.option)
	copy(r.best.first, r.first)
	copy(r.best.last, r.last)
	r.best.energy = r.merit()
}

// scatter sets a random point.
func (r *relaxed) scatter(q *search) {
	for i := range r.option {
		r.option[i] = int16(q.random(len(r.tables[i].due)))
	}
	for g := range r.first {
		first := r.p.groups[g].starts[0]
		r.first[g], r.last[g] = int16(first), int16(first)
		r.span(q, g)
	}
}

// from sets the point that a state amounts to.
func (r *relaxed) from(s *state) {
	for i := range r.option {
		c := &r.p.cases[i]
		if s.member[i] {
			r.option[i] = int16(len(c.modes))
			if r.tables[i].joined[1] != nil {
				r.option[i] += int16(s.deferred[i])
			}
			continue
		}
		r.option[i] = int16(len(c.modes) - 1)
		for k, m := range c.modes {
			if m.due == s.due[i] && m.deferred == s.deferred[i] {
				r.option[i] = int16(k)
			}
		}
	}
	copy(r.first, s.first)
	copy(r.last, s.last)
	for g := range r.first {
		if r.last[g] <= r.first[g] {
			first := min(r.p.groups[g].starts[0], r.p.t-2)
			r.first[g], r.last[g] = int16(first), int16(first+1)
		}
	}
}

// to sets s to the best point of the walk.
func (r *relaxed) to(s *state) {
	for i, o := range r.best.option {
		c := &r.p.cases[i]
		s.boost[i] = 0
		if k := int(o) - len(c.modes); k >= 0 {
			s.member[i], s.deferred[i] = true, int8(k)
			continue
		}
		m := c.modes[o]
		s.member[i], s.deferred[i], s.due[i] = false, m.deferred, m.due
	}
	copy(s.first, r.best.first)
	copy(s.last, r.best.last)
	r.p.repair(s)
}
