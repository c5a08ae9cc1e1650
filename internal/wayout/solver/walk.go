package solver

import (
	"math"
	"runtime"
)

// anneal walks at a falling temperature, in øre, and remembers the best point it came by.
func (r *relaxed) anneal(q *search, steps int, hot float64) {
	r.settle()
	r.remember(r.merit())
	cool := math.Pow(cold/hot, 1/float64(steps))
	for i := range steps {
		if i%512 == 511 { // about 100 µs
			runtime.Gosched()
		}
		hot *= cool
		limit := r.energy + int64(hot*chances[q.random(len(chances))])
		if !r.step(q, limit) {
			continue
		}
		r.remember(r.merit())
	}
	q.work -= steps * (5 + (r.p.n+r.p.t)/12)
}

// cold is the temperature at the end of annealing, in øre: far less than any cost step.
const cold = 4000

// overload is what a missed deadline weighs, beside what is lacking: about a cost step.
const overload = 60_000

// hardly keeps a point that misses a deadline from being the best of a walk: it mostly
// leads to a cost step.
const hardly = 300_000

// merit is what the best point is chosen by.
func (r *relaxed) merit() int64 {
	if r.missed {
		return r.energy + hardly
	}
	return r.energy
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
	e := r.weigh(&r.now, limit)
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
	r.now.days[c.due[from]].add(c, c.need[from], -1)
	r.now.days[c.due[to]].add(c, c.need[to], 1)
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
		if e := r.weigh(&r.try, limit); e <= limit {
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
		switch last = r.p.reach(first, d.free) - 1; q.random(3) {
		case 0:
			last = r.p.reach(first, d.most) - 1
		case 1:
			last = first + 1 + q.random(max(r.p.reach(first, d.most)-first-1, 1))
		}
	case 1:
		first = r.p.beside(first, 1-2*q.random(2))
	case 2:
		last += 1 - 2*q.random(2)
	default:
		shift := 1 - 2*q.random(2)
		first, last = r.p.beside(first, shift), last+shift
	}
	if first < 0 || first >= end {
		first = int(r.first[g])
	}
	last = max(min(last, r.p.reach(first, d.most)-1), first+1)
	r.first[g], r.last[g] = int16(first), int16(last)
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
