package solver

import (
	"cmp"
	"math"
	"runtime"
	"slices"
)

// enumeration goes through the points of the relaxation by what their parts come to at the
// prices, and leaves out what can no longer be among the best.
type enumeration struct {
	q        *search
	r        *relaxed
	x        *pricing
	slots    []slot
	ways     [][]way  // per case, cheapest first
	spans    []way    // per group, the agreement that is chosen; most is 0 if none is
	asks     []demand // per group, what is decided of it
	before   load     // ends of agreements were decided
	nodes    int
	decided  int
	interest int64   // the least that a point paid beyond its fees
	last     bool    // the last pass
	most     float64 // what a point may come to at the prices, in this pass
	fees     int64   // of what is decided, with agreements as short as may be
}

// slot is a decision: on an agreement of several cases, or on a case.
type slot struct{ group, i int }

// enumerate leaves the points in r's elite that come out best when they are laid out, and
// returns how many nodes that took, and whether they sufficed.
func (q *search) enumerate(nodes int) (int, bool) {
	r, x, p := q.r, q.x, q.p
	e := enumeration{
		q: q, r: r, x: x, nodes: nodes, interest: hopeless, before: newLoad(p.t), ways: make([][]way, p.n),
		spans: make([]way, len(p.groups)), asks: make([]demand, len(p.groups)),
	}
	low := 0.0
	for t := range p.t {
		low -= float64(x.price[t] * r.budgets[t])
	}
	for g := range p.groups {
		if len(p.groups[g].members) > 1 {
			e.slots = append(e.slots, slot{g, -1})
		}
	}
	many := len(e.slots)
	for i := range p.cases {
		e.slots = append(e.slots, slot{-1, i})
		g := p.cases[i].group
		if g < 0 || len(p.groups[g].members) == 1 {
			e.listCase(i)
			low += e.ways[i][0].value
		}
	}
	slices.SortStableFunc(e.slots[many:], func(a, b slot) int {
		return cmp.Compare(p.cases[b.i].balance(), p.cases[a.i].balance())
	})
	lists := make([][]way, many)
	for k := range many {
		lists[k] = e.listGroup(e.slots[k].group)
		low += lists[k][0].value
	}
	r.now.clear()
	for i := range p.cases {
		e.await(i, 1)
	}
	// First what is likely to be best: interest is much the same in all plans. Then, as far as the
	// nodes suffice, what might be if it cost no more interest than every plan does.
	e.pass(low, lists)
	swept := e.nodes > 0
	e.last = true
	e.pass(low, lists)
	return nodes - e.nodes, swept
}

// pass goes through all points. What comes to little is gone through first, so that little is
// missed if the nodes run out.
func (e *enumeration) pass(low float64, lists [][]way) {
	for width := max(math.Abs(low), 100_000) / 64; e.nodes > 0; width *= 2 {
		e.most = low + width
		e.decide(0, low, lists)
		if e.most >= e.limit() {
			return
		}
	}
}

// limit is what a point may cost in fees: less than those that are kept, or a little more
// than the best plan.
func (e *enumeration) limit() float64 {
	r, q := e.r, e.q
	most, interest := hopeless, e.interest
	if e.last {
		interest = min(interest, q.floor)
	}
	if r.kept == len(r.elite) {
		most = r.elite[r.kept-1].energy - interest
	}
	if q.top.unpaid == 0 {
		most = min(most, q.top.cost+q.top.cost/32-min(e.interest, q.floor))
	}
	return float64(most)
}

// decide goes through slot k in every way that may lead to one of the best points; low is the
// bound of what is decided.
func (e *enumeration) decide(k int, low float64, lists [][]way) {
	if e.decided++; e.decided%512 == 0 { // about 100 µs
		runtime.Gosched()
	}
	if float64(e.fees) >= e.limit() {
		return
	}
	if k == len(e.slots) {
		e.leaf()
		return
	}
	if g := e.slots[k].group; g >= 0 {
		list := lists[k]
		for n := range list {
			w := &list[n]
			at := low + w.value - list[0].value
			if at >= min(e.most, e.limit()) || e.nodes <= 0 {
				return
			}
			e.nodes -= 2 * len(e.r.p.groups[g].members)
			e.agree(g, w)
			for _, i := range e.r.p.groups[g].members {
				e.listMember(i, w)
			}
			e.decide(k+1, at, lists)
			e.agree(g, nil)
		}
		return
	}
	i := e.slots[k].i
	list := e.ways[i]
	c := &e.r.p.cases[i]
	alone := c.group >= 0 && len(e.r.p.groups[c.group].members) == 1
	for n := range list {
		w := &list[n]
		at := low + w.value - list[0].value
		if at >= min(e.most, e.limit()) || e.nodes <= 0 {
			return
		}
		e.nodes--
		in := int(w.option) >= len(c.modes)
		if alone && in {
			e.agree(c.group, w)
		}
		e.r.option[i] = w.option
		e.put(i, in, 1)
		if e.fits() {
			e.decide(k+1, at, lists)
		}
		e.put(i, in, -1)
		if alone && in {
			e.agree(c.group, nil)
		}
	}
}

// agree makes the agreement of a group, or with nil none. It may run as long as it can, and
// costs what it does at the shortest.
func (e *enumeration) agree(g int, w *way) {
	e.fees -= e.least(g)
	e.spans[g] = way{}
	if w != nil {
		e.spans[g] = *w
	}
	e.fees += e.least(g)
	e.asks[g] = demand{first: int(e.spans[g].first), last: int(e.spans[g].most), sure: int(e.spans[g].least)}
}

// least is what the agreement of a group costs at the shortest.
func (e *enumeration) least(g int) int64 {
	w, d := &e.spans[g], &e.r.p.groups[g]
	if w.most == 0 {
		return 0
	}
	length := e.r.p.instalments(int(w.first), int(w.least))
	fees := d.fee * int64(length)
	if length > d.free {
		fees += d.setup
	}
	return fees
}

// put adds what case i asks for as it is decided, or takes it off with sign -1.
func (e *enumeration) put(i int, in bool, sign int64) {
	r := e.r
	c := &r.tables[i]
	e.await(i, -sign)
	if !in {
		r.putCase(&r.now, i, sign)
		e.fees += sign * c.fees[r.option[i]]
		return
	}
	g := r.p.cases[i].group
	x := &e.asks[g]
	r.putGroup(&r.now, g, x, -1)
	fees := c.joined[int(r.option[i])-len(c.due)][x.first]
	x.owed += sign * (c.balance + fees)
	x.bearing += float64(sign) * c.bearing
	x.lead += float64(sign) * c.lead(c.balance+fees)
	r.putGroup(&r.now, g, x, 1)
	e.fees += sign * fees
}

// await adds the least that a case asks for that is not decided on: to be paid at last.
func (e *enumeration) await(i int, sign int64) {
	c, days := &e.r.tables[i], e.r.now.days
	days[len(days)-1].add(c, c.balance, sign)
}

// fits says that the budget can keep what is decided; the energy does not matter.
func (e *enumeration) fits() bool {
	e.r.weigh(&e.r.now, 0)
	return e.r.over <= 0
}

// leaf ends each agreement as early as the budget allows and keeps the point.
func (e *enumeration) leaf() {
	r := e.r
	e.nodes -= 2
	e.before.copyFrom(&r.now)
	r.missed = false
	for g := range e.spans {
		w := &e.spans[g]
		if w.most == 0 {
			continue
		}
		r.first[g], r.last[g] = w.first, w.most
		x, _ := r.demandOf(g)
		r.putGroup(&r.now, g, &e.asks[g], -1)
		r.putGroup(&r.now, g, &x, 1)
		for t := int(w.least); t < x.last && x.owed > 0; t++ {
			if !r.p.carry && float64(r.now.days[t].must) > r.budgets[t] { // another begins and leaves no room for an instalment
				x = e.end(g, &x, t)
			}
		}
		for x.owed > 0 && r.p.groups[g].fee > 0 && x.last > int(w.least) {
			e.nodes--
			y := e.end(g, &x, x.last-1)
			if !e.fits() {
				e.end(g, &y, x.last)
				break
			}
			x = y
		}
	}
	if e.fits() && float64(r.now.fees) < e.limit() {
		e.layOut()
	}
	r.now.copyFrom(&e.before)
}

// end lets an agreement end on another pay day.
func (e *enumeration) end(g int, x *demand, last int) demand {
	r := e.r
	r.last[g] = int16(last)
	y, _ := r.demandOf(g)
	r.putGroup(&r.now, g, x, -1)
	r.putGroup(&r.now, g, &y, 1)
	return y
}

// layOut keeps the current point by what it costs when it is laid out.
func (e *enumeration) layOut() {
	q, r := e.q, e.r
	r.to(q.try, &relaxedPoint{option: r.option, first: r.first, last: r.last})
	if q.known() {
		return
	}
	if r.kept == len(r.elite) {
		q.l.limit = r.elite[r.kept-1].energy
	}
	got := q.layOut()
	q.l.limit = hopeless
	if got.unpaid == 0 {
		e.interest = min(e.interest, got.cost-r.now.fees)
		r.remember(got.cost)
	}
}
