package solver

// pricing puts a price on money in place of the budget of the relaxed problem: an øre costs
// more the earlier it is asked for. Each case and each agreement then has a cheapest way of
// its own, and their sum bounds from below what any point of the relaxation costs.
type pricing struct {
	r     *relaxed
	price []float64 // per pay day, of an øre: falling
	sum   []float64 // of the prices of the rhythm days before each pay day
	drop  []float64 // per pay day, what the price falls by after it
	best  []float64 // drop of the best bound
	ask   []float64 // per pay day, what the cheapest ways ask for
	outs  []float64 // per case, the cheapest way outside an agreement
	modes []int     // per case, that way
	half  []float64 // per pay day, half of the days until then, in units per øre
	bound float64
	work  int
}

func newPricing(r *relaxed) *pricing {
	n, t := r.p.n, r.p.t
	x := &pricing{
		r: r, half: make([]float64, t), price: make([]float64, t), sum: make([]float64, t+1), drop: make([]float64, t),
		best: make([]float64, t),
		ask:  make([]float64, t), outs: make([]float64, n), modes: make([]int, n),
	}
	for k, days := range r.p.since {
		x.half[k] = float64(days) / unitsPerØre / 2
	}
	return x
}

// modeValue is what a mode of a case comes to at the prices.
func (x *pricing) modeValue(i, m int) float64 {
	c := &x.r.tables[i]
	return float64(c.fees[m]) + float64(x.needed(i, c.need[m], int(c.due[m]))*x.price[c.due[m]])
}

// needed is what case i needs by a pay day, as if its principal went down evenly.
func (x *pricing) needed(i int, owed int64, due int) float64 {
	return float64(owed) + float64(x.r.tables[i].bearing*x.half[due])
}

// joinedValue is what case i comes to in an agreement, its share of that not counted.
func (x *pricing) joinedValue(i, k, first, last int) float64 {
	c := &x.r.tables[i]
	fees := c.joined[k][first]
	return float64(fees) + float64(x.needed(i, c.balance+fees, last)*x.price[last])
}

// cheapestJoined is joinedValue with or without a deferral.
func (x *pricing) cheapestJoined(i, first, last int) (float64, int) {
	v, k := x.joinedValue(i, 0, first, last), 0
	if x.r.tables[i].joined[1] != nil {
		if w := x.joinedValue(i, 1, first, last); w < v {
			v, k = w, 1
		}
	}
	return v, k
}

// spanValue is what an agreement comes to beside its members.
func (x *pricing) spanValue(g, first, last int) float64 {
	p := x.r.p
	d := &p.groups[g]
	fee, least := float64(d.fee), float64(d.least)
	between := x.sum[last] - x.sum[first]
	n := p.instalments(first, last)
	v := float64(fee*(float64(n)+x.sum[last+1]-x.sum[first])) +
		float64(least*(between-float64(float64(p.instalments(first, last-1))*x.price[last])))
	if n > d.free {
		v += float64(float64(d.setup) * (1 + x.price[first]))
	}
	return v
}

// groupValue is what a group comes to with an agreement from first to last.
func (x *pricing) groupValue(g, first, last int) float64 {
	v := x.spanValue(g, first, last)
	x.work += 1 + len(x.r.p.groups[g].members)
	for _, i := range x.r.p.groups[g].members {
		w := x.outs[i]
		if first >= x.r.tables[i].from {
			if in, _ := x.cheapestJoined(i, first, last); in < w {
				w = in
			}
		}
		v += w
	}
	return v
}

// setPrices sums up the drops.
func (x *pricing) setPrices(drop []float64) {
	sum := 0.0
	for t := len(drop) - 1; t >= 0; t-- {
		sum += drop[t]
		x.price[t] = sum
	}
	sum = 0
	for t, p := range x.price {
		x.sum[t] = sum
		if x.r.p.rhythm[t] {
			sum += p
		}
	}
	x.sum[len(x.price)] = sum
	for i := range x.outs {
		x.outs[i], x.modes[i] = x.modeValue(i, 0), 0
		for m := range x.r.tables[i].due {
			if v := x.modeValue(i, m); v < x.outs[i] {
				x.outs[i], x.modes[i] = v, m
			}
		}
	}
}

// evaluate computes the bound at the prices, and what the cheapest ways ask for.
func (x *pricing) evaluate() float64 {
	p := x.r.p
	x.work += p.n*4 + p.t
	x.setPrices(x.drop)
	clear(x.ask)
	value := 0.0
	for t := range p.t {
		value -= float64(x.price[t] * x.r.budgets[t])
	}
	for i := range p.cases {
		if p.cases[i].group < 0 {
			value += x.outs[i]
			x.askOut(i)
		}
	}
	for g := range p.groups {
		d := &p.groups[g]
		low, first, last := 0.0, -1, -1
		for _, i := range d.members {
			low += x.outs[i]
		}
		for _, f := range d.starts {
			for l := f + 1; l < p.reach(f, d.most); l++ {
				if v := x.groupValue(g, f, l); v < low {
					low, first, last = v, f, l
				}
			}
		}
		value += low
		if first < 0 {
			for _, i := range d.members {
				x.askOut(i)
			}
			continue
		}
		x.askIn(g, first, last)
	}
	return value
}

func (x *pricing) askOut(i int) {
	c := &x.r.tables[i]
	due := int(c.due[x.modes[i]])
	x.ask[due] += x.needed(i, c.need[x.modes[i]], due)
}

func (x *pricing) askIn(g, first, last int) {
	d := &x.r.p.groups[g]
	p := x.r.p
	between := p.days[p.count[first]:p.count[last]]
	for _, t := range between {
		x.ask[t] += float64(d.fee + d.least)
	}
	if p.rhythm[last] {
		x.ask[last] += float64(d.fee)
	}
	x.ask[last] -= float64(d.least * int64(len(between)))
	if p.instalments(first, last) > d.free {
		x.ask[first] += float64(d.setup)
	}
	for _, i := range d.members {
		c := &x.r.tables[i]
		if first >= c.from {
			if in, k := x.cheapestJoined(i, first, last); in < x.outs[i] {
				x.ask[last] += x.needed(i, c.balance+c.joined[k][first], last)
				continue
			}
		}
		x.askOut(i)
	}
}

// ascend raises the bound by steps along what is asked for beyond the budget.
func (x *pricing) ascend(steps int) {
	x.bound = -1e30
	factor, stale := 1.0, 0
	for range steps {
		v := x.evaluate()
		if v > x.bound {
			x.bound, stale = v, 0
			copy(x.best, x.drop)
		} else if stale++; stale == 3 {
			factor, stale = factor/2, 0
		}
		over, norm := 0.0, 0.0
		for t := range x.ask {
			over += x.ask[t] - x.r.budgets[t]
			x.ask[t] = over
			if over < 0 && x.drop[t] == 0 {
				x.ask[t] = 0
			}
			norm += float64(x.ask[t] * x.ask[t])
		}
		if norm < 1 {
			break
		}
		step := factor * max(float64(1.1*max(x.bound, 0))-v, 10_000) / norm
		for t := range x.drop {
			x.drop[t] = max(x.drop[t]+float64(step*x.ask[t]), 0)
		}
	}
	copy(x.drop, x.best)
	x.setPrices(x.drop)
}
