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
	over   float64        // by how much the load weighed last is beyond the budget
	missed bool           // the current point is
	slack  float64        // by how much a load may be beyond it
	floor  float64        // interest that every plan pays
	begin  float64        // days until the first pay day, in units per øre
	month  float64        // days between pay days, in units per øre
	elite  []relaxedPoint // the best points of some walks, no two with the same options
	kept   int            // of elite
}

// load is what a point costs in fees and asks of the pay days.
type load struct {
	fees int64
	need []int64   // per pay day: what must be paid by it, interest not counted
	bear []float64 // per pay day: what bears interest until then, in units per day
	lead []float64 // per pay day: what is paid until nothing of that does
	must []int64   // per pay day: fees and least instalments, which no other day can take
}

func newLoad(t int) load {
	return load{need: make([]int64, t), bear: make([]float64, t), lead: make([]float64, t), must: make([]int64, t)}
}

func (l *load) copyFrom(o *load) {
	l.fees = o.fees
	copy(l.need, o.need)
	copy(l.bear, o.bear)
	copy(l.lead, o.lead)
	copy(l.must, o.must)
}

func (l *load) clear() {
	l.fees = 0
	clear(l.need)
	clear(l.bear)
	clear(l.lead)
	clear(l.must)
}

// relaxedPoint is a point that annealing came by.
type relaxedPoint struct {
	option, first, last []int16
	energy              int64
	mark                uint64 // of the options
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
	bearing float64 // interest, in units per day
	first   float64 // the principal, if it is paid before costs; else 0
}

// lead is what is paid of what is owed until no principal is left.
func (c *relaxedCase) lead(owed int64) float64 {
	if c.first > 0 {
		return c.first
	}
	return float64(owed)
}

func newRelaxed(p *problem) *relaxed {
	groups := len(p.groups)
	r := &relaxed{
		p: p, tables: make([]relaxedCase, p.n), option: make([]int16, p.n), first: make([]int16, groups),
		last: make([]int16, groups), budget: p.budget, asks: make([]demand, groups),
		now:   newLoad(p.t),
		try:   newLoad(p.t),
		elite: make([]relaxedPoint, elites),
	}
	for k := range r.elite {
		r.elite[k] = relaxedPoint{option: make([]int16, p.n), first: make([]int16, groups), last: make([]int16, groups)}
	}
	if p.t > 0 {
		r.begin = float64(p.since[0]) / unitsPerØre
		r.month = float64(p.since[p.t-1]-p.since[0]) / float64(max(p.t-1, 1)) / unitsPerØre
	}
	for i := range p.cases {
		c := &p.cases[i]
		t := &r.tables[i]
		for _, m := range c.modes {
			t.due = append(t.due, m.due)
			t.fees = append(t.fees, m.fees)
			t.need = append(t.need, c.balance()+m.fees)
		}
		t.options, t.from, t.balance, t.bearing = len(c.modes), c.from, c.balance(), float64(c.principal)*float64(c.rate)
		if !c.costsFirst {
			t.first = float64(c.principal)
		}
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
		l.bear[c.due[o]] += float64(sign) * c.bearing
		l.lead[c.due[o]] += float64(sign) * c.lead(c.need[o])
	}
}

// within sets the budget to keep and the interest that every plan pays.
func (r *relaxed) within(budget, interest int64) {
	r.budget, r.floor = budget, float64(interest)
	r.slack = float64(budget) * tolerance
}

// tolerance is what part of a pay day's budget a point may lack: interest is only reckoned
// roughly, and the layout tells.
const tolerance = 0.03

// demand is an agreement and what its members come to.
type demand struct {
	owed        int64   // with the cost steps until it begins; 0: nobody is in it
	bearing     float64 // interest, in units per day
	lead        float64
	steps       int64 // cost steps and deferrals of the members
	fees        int64 // in all
	first, last int
	sure        int // it is not over before
}

// demandOf sums up an agreement; ok is false when a member may not be in it yet.
func (r *relaxed) demandOf(g int) (x demand, ok bool) {
	x.first, x.last, x.sure = int(r.first[g]), int(r.last[g]), int(r.last[g])
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
		x.lead += c.lead(c.balance + fees)
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
	owed := x.owed
	full := min(x.last, x.first+int(owed/max(d.least, 1)))
	y := sign * (d.least + d.fee)
	for t := x.first; t < full; t++ {
		l.need[t] += y
	}
	for t := x.first; t < min(full, x.sure); t++ {
		l.must[t] += y
	}
	owed -= d.least * int64(full-x.first)
	for t := full; t < x.last; t++ { // it would end before
		l.need[t] += sign * (owed + d.fee)
		if t < x.sure {
			l.must[t] += sign * (owed + d.fee)
		}
		owed = 0
	}
	l.need[x.last] += sign * (owed + d.fee)
	l.bear[x.last] += float64(sign) * x.bearing
	l.lead[x.last] += float64(sign) * x.lead
}

// cold is the temperature at the end of annealing, in øre: far less than any cost step.
const cold = 4000

// overload is what a missed deadline weighs, beside what is lacking: about a cost step.
const overload = 60_000

// hardly keeps a point that misses a deadline from being the best of a walk: it mostly
// leads to a cost step.
const hardly = 300_000

// weigh returns the energy of a load, and sets what it lacks if what is due first is paid first.
func (r *relaxed) weigh(l *load) int64 {
	worst, sum, interest, must := 0.0, 0.0, 0.0, 0.0
	budget := float64(r.budget)
	all := 0.0
	for t, x := range l.need {
		all += budget
		if x == 0 {
			continue
		}
		if y := l.must[t]; y != 0 {
			must += float64(y)
			worst = max(worst, float64(y)-budget)
		}
		if b := l.bear[t]; b != 0 {
			// Until half of the principal is paid, with instalments beside it all the time.
			months := (sum+interest+l.lead[t]/2)*float64(t+1)/(all-must) - 0.5
			interest = min(interest+float64(b*(r.begin+float64(max(months, 0)*r.month))), r.floor)
		}
		sum += float64(x - l.must[t])
		worst = max(worst, sum+must+interest-all)
	}
	r.over = worst - r.slack
	if r.over > 0 {
		return l.fees + overload + int64(r.over)
	}
	return l.fees
}

// merit is what the best point is chosen by.
func (r *relaxed) merit() int64 {
	if r.missed {
		return r.energy + hardly
	}
	return r.energy
}

// settle computes the load and energy of the current point.
func (r *relaxed) settle() {
	l := &r.now
	l.clear()
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
	r.missed = r.over > 0
}

// anneal walks at a falling temperature, in øre, and remembers the best point it came by.
func (r *relaxed) anneal(q *search, steps int, hot float64) {
	r.settle()
	r.remember(r.merit())
	cool := math.Pow(cold/hot, 1/float64(steps))
	for range steps {
		hot *= cool
		limit := r.energy + int64(hot*chances[q.random(len(chances))])
		if !r.step(q, limit) {
			continue
		}
		r.remember(r.merit())
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
	r.option[i], r.energy, r.missed = option, e, r.over > 0
	return true
}

// shift moves case i from one mode to another in the load.
func (r *relaxed) shift(i int, from, to int16) {
	c := &r.tables[i]
	r.now.fees += c.fees[to] - c.fees[from]
	r.now.need[c.due[from]] -= c.need[from]
	r.now.need[c.due[to]] += c.need[to]
	r.now.bear[c.due[from]] -= c.bearing
	r.now.bear[c.due[to]] += c.bearing
	r.now.lead[c.due[from]] -= c.lead(c.need[from])
	r.now.lead[c.due[to]] += c.lead(c.need[to])
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
		r.try.copyFrom(&r.now)
		r.putGroup(&r.try, g, before, -1)
		if i >= 0 {
			r.option[i] = old
			r.putCase(&r.try, i, -1)
			r.option[i] = option
			r.putCase(&r.try, i, 1)
		}
		r.putGroup(&r.try, g, &after, 1)
		if e := r.weigh(&r.try); e <= limit {
			r.energy, r.missed = e, r.over > 0
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

// elites is how many points of some walks are laid out.
const elites = 8

// remember keeps the current point if it is among the best of its walks.
func (r *relaxed) remember(merit int64) {
	if r.kept == len(r.elite) && merit >= r.elite[r.kept-1].energy {
		return
	}
	mark := uint64(17)
	for i, o := range r.option {
		mark = mix(mark ^ uint64(o))
		if int(o) >= len(r.tables[i].due) {
			mark = mix(mark ^ uint64(r.first[r.p.cases[i].group]))
		}
	}
	k := 0 // the point that gives way
	for k < r.kept && r.elite[k].mark != mark {
		k++
	}
	switch {
	case k == len(r.elite):
		k--
	case k == r.kept:
		r.kept++
	case merit >= r.elite[k].energy:
		return
	}
	for ; k > 0 && r.elite[k-1].energy > merit; k-- {
		r.elite[k], r.elite[k-1] = r.elite[k-1], r.elite[k]
	}
	e := &r.elite[k]
	copy(e.option, r.option)
	copy(e.first, r.first)
	copy(e.last, r.last)
	e.energy, e.mark = merit, mark
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

// to sets s to a point.
func (r *relaxed) to(s *state, e *relaxedPoint) {
	for i, o := range e.option {
		c := &r.p.cases[i]
		s.boost[i] = 0
		if k := int(o) - len(c.modes); k >= 0 {
			s.member[i], s.deferred[i] = true, int8(k)
			continue
		}
		m := c.modes[o]
		s.member[i], s.deferred[i], s.due[i] = false, m.deferred, m.due
	}
	copy(s.first, e.first)
	copy(s.last, e.last)
	r.p.repair(s)
}
