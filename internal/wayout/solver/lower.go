package solver

import (
	"math"

	"github.com/oversikt/oversikt/internal/debt/money"
)

// lowerBound is what no plan within the budgets costs less than, in whole øre.
//
// Proof. Let a plan spend s(t) on pay day t and the budgets be b(t), saved or not: for each t what was
// spent until t is at most what the budgets gave until t. With any multipliers l(t) >= 0 of these
// inequalities, let an øre on day t have the price p(t), the sum of l from t on. It falls with t. Then
//
//	cost >= cost + sum p(t)s(t) - sum p(t)b(t)
//
// and the right-hand side is bounded case by case and agreement by agreement:
//
//   - A case that is closed on day e pays all that it owes until e. Its costs, its open interest and its
//     fees are paid by e, at p(e) or more each. A øre of principal that is paid on day t bears the interest
//     r(t) until then, which is cost, and is itself paid by e: together p(t) + r(t)(1 + p(e)), and at least
//     m(e), the least of that over t <= e. The order of imputation only forbids plans. Of a deferral the
//     longest stops most. With the same fees a later e is cheaper, so only the last days before a cost
//     step and the end count.
//   - An agreement from rhythm day f until its last case is closed on e pays its fees at the prices of the
//     rhythm days. Its cases pay the cost steps until f at least, and are closed by e: as above with e for
//     each of them. On each rhythm day from f to before e its cases are paid the least instalment, and each
//     of these øre is dearer than was counted by at least min(p(t) - p(e), p(t) + r(t)(1 + p(e)) - m(e)).
//     Moving f to the last rhythm day before the next cost step that it stops makes it no dearer, and one
//     that stops none is dearer than none: so the starts of the group are enough.
//   - Interest is rounded down once a case, by less than an øre, which costs 1 + p(0) at most.
//
// The multipliers are chosen by subgradient steps. Bad ones give a low bound, never a wrong one.
//
// A case that may be in no agreement before the last pay day gains nothing by one. An agency that gives
// one instalment alone has no groups: with pay days off the rhythm, its agreements are counted as free.
func (p *problem) lowerBound(steps int) int64 {
	if p.n == 0 {
		return 0
	}
	b := newBounding(p)
	best, factor, stale := 0.0, 1.0, 0
	for range steps {
		value := b.evaluate()
		if value > best {
			best, stale = value, 0
		} else if stale++; stale == 4 {
			factor, stale = factor/2, 0
		}
		over, norm := 0.0, 0.0
		for t := range b.ask {
			over += b.ask[t] - float64(p.budgets[t])
			b.ask[t] = over
			if over < 0 && b.drop[t] == 0 {
				b.ask[t] = 0
			}
			norm += float64(b.ask[t] * b.ask[t])
		}
		if norm < 1 {
			break
		}
		step := factor * max(float64(1.1*best)-value, 10_000) / norm
		for t := range b.drop {
			b.drop[t] = max(b.drop[t]+float64(step*b.ask[t]), 0)
		}
	}
	return max(int64(best*(1-1e-9))-1, 0)
}

// boundSteps is how many steps the multipliers are improved by. Large instances have time for fewer.
const boundSteps = 60

// bound is the lower bound of budgets.
func (a *advisor) bound(budgets []int64) money.Øre {
	copy(a.q.p.budgets, budgets)
	return money.Øre(a.q.p.lowerBound(max(min(boundSteps, 20_000/max(a.in.size(), 1)), 20)))
}

// bounding evaluates the bound at prices.
type bounding struct {
	p     *problem
	drop  []float64 // the multipliers
	price []float64
	sum   []float64 // of the prices of the rhythm days before each pay day
	ask   []float64 // what is spent on each pay day in the ways that the bound is the sum of
	cases []boundedCase
	extra []float64 // of the last day at hand: what an øre of an instalment is dearer, summed up
}

// boundedCase is a case at the prices.
type boundedCase struct {
	*caseData
	interest []float64 // of an øre of principal until each pay day
	least    []float64 // m of each pay day
	paid     []int     // the pay day of principal that gives it
	out      boundedWay
	free     bool // an agreement of one instalment may stop steps at no cost that is counted
}

// boundedWay is a way to pay a case, and what it comes to.
type boundedWay struct {
	value       float64
	fees        int64
	end         int
	first, last int // of an agreement; last 0: none
}

func newBounding(p *problem) *bounding {
	b := &bounding{
		p: p, drop: make([]float64, p.t), price: make([]float64, p.t), sum: make([]float64, p.t+1),
		ask: make([]float64, p.t), extra: make([]float64, p.t+1), cases: make([]boundedCase, p.n),
	}
	for i := range p.cases {
		c := &b.cases[i]
		*c = boundedCase{
			caseData: &p.cases[i], interest: make([]float64, p.t), least: make([]float64, p.t), paid: make([]int, p.t),
		}
		for t := range p.t {
			c.interest[t] = float64(c.borne[t]) / unitsPerØre
		}
		a := p.in.agency(c.src.Agency)
		c.free = a.MaxInstalments == 1 && len(p.days) < p.t
	}
	return b
}

func (b *bounding) evaluate() float64 {
	p := b.p
	clear(b.ask)
	sum := 0.0
	for t := p.t - 1; t >= 0; t-- {
		sum += b.drop[t]
		b.price[t] = sum
	}
	value := -float64(float64(p.n) * (1 + b.price[0]))
	sum = 0
	for t, price := range b.price {
		value -= float64(price * float64(p.budgets[t]))
		b.sum[t] = sum
		if p.rhythm[t] {
			sum += price
		}
	}
	b.sum[p.t] = sum
	for i := range b.cases {
		c := &b.cases[i]
		b.setLeast(c)
		c.out = boundedWay{value: math.Inf(1)}
		for deferred := range c.options() {
			for _, e := range c.deadlines[deferred] {
				stopped := e
				if c.free {
					stopped = min(e, c.from)
				}
				b.consider(c, &c.out, c.until[deferred][stopped], e)
			}
		}
		if c.group < 0 {
			value += c.out.value
			b.spend(c, &c.out)
		}
	}
	for g := range p.groups {
		value += b.group(g)
	}
	return value
}

// options is how many deferrals of a case count: none, and the longest.
func (c *caseData) options() int {
	if c.days > 0 {
		return 2
	}
	return 1
}

// setLeast sets what an øre of principal comes to at least, by the day on which the case is closed.
func (b *bounding) setLeast(c *boundedCase) {
	for e := range b.price {
		c.least[e] = math.Inf(1)
		for t := range e + 1 {
			if v := b.price[t] + float64(c.interest[t]*(1+b.price[e])); v < c.least[e] {
				c.least[e], c.paid[e] = v, t
			}
		}
	}
}

// consider keeps a way if it is the cheapest: with these fees, closed on a day.
func (b *bounding) consider(c *boundedCase, best *boundedWay, fees int64, end int) {
	v := float64(float64(fees)*(1+b.price[end])) + float64(float64(c.costs+c.open)*b.price[end]) +
		float64(float64(c.principal)*c.least[end])
	if v < best.value {
		best.value, best.fees, best.end = v, fees, end
	}
}

// spend adds what a case pays in a way.
func (b *bounding) spend(c *boundedCase, w *boundedWay) {
	t := c.paid[w.end]
	b.ask[t] += float64(c.principal)
	b.ask[w.end] += float64(c.costs+c.open+w.fees) + float64(float64(c.principal)*c.interest[t])
}

// in is the cheapest way of a case in an agreement; false: it may not be in it.
func (b *bounding) in(c *boundedCase, first, last int) (w boundedWay, ok bool) {
	w = boundedWay{value: math.Inf(1), first: first, last: last}
	for deferred := range c.options() {
		b.consider(c, &w, c.until[deferred][first], last)
	}
	return w, first >= c.from
}

// group adds the cheapest way of the cases that one agreement can join.
func (b *bounding) group(g int) float64 {
	d, p := &b.p.groups[g], b.p
	none := 0.0
	for _, i := range d.members {
		none += b.cases[i].out.value
	}
	best := boundedWay{value: none}
	for last := 1; last < p.t; last++ {
		b.setExtra(d, last)
		for _, first := range d.starts {
			n := p.instalments(first, last)
			if first >= last || n > d.most {
				continue
			}
			v := float64(float64(d.fee)*(float64(n)+b.sum[last+1]-b.sum[first])) +
				float64(float64(d.least)*(b.extra[last]-b.extra[first]))
			if n > d.free {
				v += float64(float64(d.setup) * (1 + b.price[first]))
			}
			for _, i := range d.members {
				c := &b.cases[i]
				w, ok := b.in(c, first, last)
				if ok && w.value < c.out.value {
					v += w.value
				} else {
					v += c.out.value
				}
			}
			if v < best.value {
				best = boundedWay{value: v, first: first, last: last}
			}
		}
	}
	b.spendGroup(d, &best)
	return best.value
}

// setExtra sums up, for agreements that end on a day, what an øre of an instalment is dearer.
func (b *bounding) setExtra(d *groupData, last int) {
	sum := 0.0
	for t := range last {
		b.extra[t] = sum
		if !b.p.rhythm[t] {
			continue
		}
		more := b.price[t] - b.price[last]
		for _, i := range d.members {
			c := &b.cases[i]
			more = min(more, b.price[t]+float64(c.interest[t]*(1+b.price[last]))-c.least[last])
		}
		sum += max(more, 0)
	}
	b.extra[last] = sum
}

func (b *bounding) spendGroup(d *groupData, best *boundedWay) {
	for _, i := range d.members {
		c := &b.cases[i]
		if w, ok := b.in(c, best.first, best.last); best.last > 0 && ok && w.value < c.out.value {
			b.spend(c, &w)
		} else {
			b.spend(c, &c.out)
		}
	}
	if best.last == 0 {
		return
	}
	for _, t := range b.p.days[b.p.count[best.first]:b.p.count[best.last+1]] {
		b.ask[t] += float64(d.fee)
	}
	if b.p.instalments(best.first, best.last) > d.free {
		b.ask[best.first] += float64(d.setup)
	}
}
