package solution

import "math"

// relaxed is the problem without the laying out of money: which case is closed before
// which cost step, which are joined in an agreement and for how long. Its energy is the
// fees, with a penalty where the budget cannot keep the deadlines. It decides most of the
// cost and takes a twentieth of a layout, so that annealing can afford many steps.
type relaxed struct {
	p       *problem
	tables  []relaxedCase
	option  []int16 // per case: a mode, or beyond them the agreement, and that with a deferral
	first   []int16
	last    []int16
	members []int64 // per group: what its members owe
	bearing []int64 // per group: the interest of its members, in units per day
	must    []int64 // per pay day: fees and least instalments, which no other day can take
	budget  int64   // the budget less what experience takes off it
	need    []int64
	best    relaxedPoint
	energy  int64

	oldOption, oldFirst, oldLast int16
}

// relaxedPoint is a point that annealing came by.
type relaxedPoint struct {
	option, first, last []int16
	energy              int64
}

// relaxedCase holds what the options of a case come to.
type relaxedCase struct {
	due    []int16
	fees   []int64
	need   []int64
	joined [2][]int64 // fees in an agreement by its first pay day
}

func newRelaxed(p *problem) *relaxed {
	r := &relaxed{
		p: p, tables: make([]relaxedCase, p.n), option: make([]int16, p.n),
		first: make([]int16, len(p.groups)), last: make([]int16, len(p.groups)),
		members: make([]int64, len(p.groups)), bearing: make([]int64, len(p.groups)), budget: p.budget, need: make([]int64, p.t), must: make([]int64, p.t),
		best: relaxedPoint{
			option: make([]int16, p.n), first: make([]int16, len(p.groups)), last: make([]int16, len(p.groups)),
		},
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
		if c.group < 0 {
			continue
		}
		for deferred := range 2 {
			if deferred == 1 && c.days == 0 {
				break
			}
			for first := range p.t {
				t.joined[deferred] = append(t.joined[deferred], c.feesUntil(deferred, first))
			}
		}
	}
	return r
}

// options is the number of options of case i.
func (r *relaxed) options(i int) int {
	n := len(r.tables[i].due)
	for _, joined := range r.tables[i].joined {
		if joined != nil {
			n++
		}
	}
	return n
}

// overload is what a missed deadline weighs, beside what is lacking: about a cost step.
const overload = 60_000

// weigh computes the energy of the current point.
func (r *relaxed) weigh() int64 {
	p := r.p
	need := r.need
	clear(need)
	clear(r.members)
	clear(r.bearing)
	clear(r.must)
	energy := int64(0)
	for i := range r.tables {
		c := &r.tables[i]
		o := int(r.option[i])
		if k := o - len(c.due); k >= 0 {
			g := p.cases[i].group
			first := r.first[g]
			if int(first) < p.cases[i].from {
				return math.MaxInt64
			}
			fees := c.joined[k][first]
			energy += fees
			r.members[g] += p.cases[i].balance() + fees
			r.bearing[g] += p.cases[i].principal * p.cases[i].rate
			continue
		}
		energy += c.fees[o]
		need[c.due[o]] += c.need[o]
	}
	for g := range p.groups {
		owed := r.members[g]
		if owed == 0 {
			continue
		}
		d := &p.groups[g]
		first, last := int(r.first[g]), int(r.last[g])
		owed += r.bearing[g] / 2 * p.since[last] / unitsPerØre
		fees := d.fee * int64(last-first+1)
		if last-first+1 > d.free {
			fees += d.setup
			need[first] += d.setup
			r.must[first] += d.setup
		}
		energy += fees
		for t := first; t < last; t++ {
			x := min(owed, d.least)
			need[t] += x + d.fee
			r.must[t] += x + d.fee
			owed -= x
		}
		need[last] += owed + d.fee
	}
	worst := int64(0)
	sum := int64(0)
	for t, x := range need {
		sum += x
		worst = max(worst, sum-r.budget*int64(t+1), r.must[t]-p.budget)
	}
	if worst > 0 {
		energy += overload + worst
	}
	return energy
}

// anneal walks at a falling temperature, in øre, and remembers the best point it came by.
func (r *relaxed) anneal(q *search, steps int, hot float64) {
	r.energy = r.weigh()
	r.best.energy = math.MaxInt64
	r.remember()
	cool := math.Pow(1500/hot, 1/float64(steps))
	for range steps {
		hot *= cool
		i, g := r.step(q)
		e := r.weigh()
		if e > r.energy && (e == math.MaxInt64 || float64(e-r.energy) > hot*chances[q.random(len(chances))]) {
			r.undo(i, g)
			continue
		}
		r.energy = e
		if e < r.best.energy {
			r.remember()
		}
	}
	q.work -= steps * (3 + (r.p.n+r.p.t)/8)
}

// chances are how much dearer, in temperatures, a step may be: -ln of an even choice.
var chances = func() (list [512]float64) {
	for k := range list {
		list[k] = -math.Log((float64(k) + 0.5) / float64(len(list)))
	}
	return list
}()

// step changes one case or one agreement and returns which; -1 is none. The old values are
// kept for undo.
func (r *relaxed) step(q *search) (i, g int) {
	i, g = -1, -1
	if len(r.p.groups) > 0 && q.random(3) == 0 {
		g = q.random(len(r.p.groups))
		r.keepGroup(g)
		r.span(q, g)
		return i, g
	}
	i = q.random(r.p.n)
	n := len(r.tables[i].due)
	all := r.options(i)
	r.oldOption = r.option[i]
	r.option[i] = int16(q.random(all))
	if g := r.p.cases[i].group; g >= 0 && int(r.option[i]) >= n && r.members[g] == 0 {
		r.keepGroup(g)
		r.span(q, g)
		return i, g
	}
	return i, -1
}

func (r *relaxed) keepGroup(g int) { r.oldFirst, r.oldLast = r.first[g], r.last[g] }

func (r *relaxed) undo(i, g int) {
	if i >= 0 {
		r.option[i] = r.oldOption
	}
	if g >= 0 {
		r.first[g], r.last[g] = r.oldFirst, r.oldLast
	}
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
	r.best.energy = r.energy
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
