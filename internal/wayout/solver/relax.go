package solver

// relaxed is the problem without the laying out of money: which case is closed before
// which cost step, which are joined in an agreement and for how long. Its energy is the
// fees and roughly the interest, with a penalty where the budget cannot keep the deadlines. It
// decides most of the cost and takes a small part of a layout, so that annealing can afford
// many steps.
type relaxed struct {
	p       *problem
	tables  []relaxedCase
	option  []int16 // per case: a mode, or beyond them the agreement, and that with a deferral
	first   []int16
	last    []int16
	budgets []float64 // the budgets less what experience takes off them
	clock   []float64 // when the money of the pay days has come, in even parts of it, in units per øre
	scale   float64   // parts of clock for an øre
	now     load
	asks    []demand // per group, of the current point
	try     load     // where a step leads
	energy  int64
	over    float64        // by how much the load weighed last is beyond the budget
	missed  bool           // the current point is
	slack   float64        // by how much a load may be beyond it
	floor   float64        // interest that every plan pays
	elite   []relaxedPoint // the best points of some walks, no two with the same options
	kept    int            // of elite
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
		last: make([]int16, groups), asks: make([]demand, groups),
		budgets: make([]float64, p.t), clock: make([]float64, clockParts+1),
		now:   newLoad(p.t),
		try:   newLoad(p.t),
		elite: make([]relaxedPoint, elites),
	}
	for k := range r.elite {
		r.elite[k] = relaxedPoint{option: make([]int16, p.n), first: make([]int16, groups), last: make([]int16, groups)}
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

// within sets what part of the budgets to keep, in thousandths, and the interest that every plan pays.
func (r *relaxed) within(part, interest int64) {
	sum := 0.0
	for t, b := range r.p.budgets {
		r.budgets[t] = float64(b * part / 1000)
		sum += r.budgets[t]
	}
	r.floor = float64(interest)
	r.slack = float64(sum/float64(r.p.t)) * tolerance
	r.wind(sum)
}

// clockParts is how many parts the money of all pay days is divided into.
const clockParts = 128

// wind sets the clock: half of a pay day's money has come on the day, and between two of them
// time goes evenly.
func (r *relaxed) wind(sum float64) {
	r.scale = clockParts / max(sum, 1)
	at, day, before := 0.0, float64(r.p.since[0]), 0.0 // the half of a pay day, and the day
	k := 0
	for t, b := range r.budgets {
		half, date := before+b/2, float64(r.p.since[t])
		for ; k <= clockParts && float64(k) < half*r.scale; k++ {
			r.clock[k] = (day + float64((float64(k)/r.scale-at)/(half-at)*(date-day))) / unitsPerØre
		}
		at, day, before = half, date, before+b
	}
	for ; k <= clockParts; k++ {
		r.clock[k] = day / unitsPerØre
	}
}

// when is roughly when an øre is paid that comes after others, in units per øre.
func (r *relaxed) when(after float64) float64 {
	x := after * r.scale
	k := int(x)
	if k >= clockParts {
		return r.clock[clockParts]
	}
	return r.clock[k] + float64((x-float64(k))*(r.clock[k+1]-r.clock[k]))
}

// tolerance is what part of a pay day's budget a point may lack: interest is only reckoned
// roughly, and the layout tells.
const tolerance = 0.03

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
	r.energy = r.weigh(l, hopeless)
	r.missed = r.over > 0
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
