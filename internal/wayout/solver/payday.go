package solver

import "math"

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

// reserve computes, for each deadline, what may today go to cases that can wait longer.
func (l *layout) reserve(t int) {
	p := l.p
	end := len(l.points)
	for l.head < end && int(l.points[l.head]) < t {
		l.head++
	}
	clear(l.need[l.head:end])
	for _, i := range l.order {
		c := &l.cases[i]
		if int(c.due) < t {
			c.due, c.at = int32(p.t-1), int32(end)
		}
		if int(c.at) == end {
			continue
		}
		need := c.owed() + c.coming
		if c.due > int32(t) {
			need += c.principal*(c.borne[c.due]-c.borne[t])/unitsPerØre + 1
		}
		l.need[c.at] += need
	}
	sum := int64(0)
	for k := l.head; k < end; k++ {
		sum += l.need[k]
		l.slack[k] = l.left + l.held + l.capacity[l.points[k]] - l.capacity[t] - sum - l.hold[l.points[k]]
	}
	for g := range l.groups {
		r := &l.groups[g]
		if r.open == 0 {
			continue
		}
		least := p.groups[g].least
		after := p.count[max(int(r.first), t+1)] // the rhythm days before the first instalment after today
		for k := l.head; k < end && l.points[k] < r.due; k++ {
			if n := p.count[l.points[k]+1] - after; n >= 0 {
				l.slack[k] -= r.minimum + least*int64(n)
			}
		}
	}
	l.take(0, 0)
}

// take takes x from the slack of the points before one, and sums up what is left.
func (l *layout) take(x int64, before int) {
	least := int64(math.MaxInt64)
	for k := l.head; k < len(l.points); k++ {
		if k < before {
			l.slack[k] -= x
		}
		l.room[k] = least
		least = min(least, l.slack[k])
	}
	l.room[len(l.points)] = least
}

// payDay gives the day's money to the cases: those first where it saves most interest, as
// far as the deadlines of the others allow.
func (l *layout) payDay(s *state, t int) {
	l.rank(s)
	for _, i := range l.order {
		if l.left == 0 {
			return
		}
		c := &l.cases[i]
		want := c.principal
		if c.costsFirst || l.p.snowball {
			want = c.owed()
		}
		l.give(t, int(i), min(want, l.allowed(c)))
	}
	if l.left > 0 && l.p.principals {
		for _, i := range l.order {
			c := &l.cases[i]
			l.give(t, int(i), min(c.owed(), l.allowed(c)))
		}
	}
	for g := range l.groups {
		if l.groups[g].minimum > 0 {
			for _, i := range l.p.groups[g].members {
				if c := &l.cases[i]; int(c.group) == g {
					l.give(t, i, min(l.groups[g].minimum, c.owed()))
				}
			}
		}
	}
	if l.p.carry {
		return
	}
	// What was set aside and cannot be used today is better paid to anybody than lost.
	for k := 0; k < len(l.order) && l.left > 0; k++ {
		i := l.order[k]
		l.give(t, int(i), l.cases[i].owed())
	}
}

// allowed is the most that a case may get today without another missing its deadline.
func (l *layout) allowed(c *running) int64 {
	own := int64(0)
	if c.group >= 0 {
		own = l.groups[c.group].minimum
	}
	most := max(min(l.left, l.room[c.at]), 0)
	return min(most, l.left-l.minimum) + own
}

// give pays x to case i today.
func (l *layout) give(t, i int, x int64) {
	x = min(x, l.left)
	if x <= 0 {
		return
	}
	c := &l.cases[i]
	l.pay[t*l.p.n+i] += x
	l.left -= x
	free := int64(0)
	if c.group >= 0 {
		r := &l.groups[c.group]
		free = min(x, r.minimum)
		r.minimum -= free
		l.minimum -= free
	}
	l.take(x-free, int(c.at))
	first, last := &c.costs, &c.principal
	if !c.costsFirst {
		first, last = last, first
	}
	y := min(x, *first)
	*first -= y
	x -= y
	y = min(x, c.interest)
	c.interest -= y
	*last -= x - y
}

// rank orders the open cases: most interest saved per øre first. They are almost in order
// from the day before.
func (l *layout) rank(s *state) {
	for k, i := range l.order {
		c := &l.cases[i]
		owed := c.owed()
		c.key = 0
		switch {
		case owed == 0:
		case l.p.snowball:
			c.key = 1 / float64(owed)
		case c.costsFirst:
			c.key = float64(c.rate) * float64(c.principal) / float64(owed)
		case c.principal > 0:
			c.key = float64(c.rate)
		}
		if b := s.boost[i]; b != 0 {
			c.key *= boosts[b+4]
		}
		for ; k > 0 && l.before(i, l.order[k-1]); k-- {
			l.order[k] = l.order[k-1]
		}
		l.order[k] = i
	}
}

var boosts = [9]float64{1e-6, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 1e6}

func (l *layout) before(a, b int32) bool {
	x, y := &l.cases[a], &l.cases[b]
	if x.key != y.key {
		return x.key > y.key
	}
	return x.due < y.due || x.due == y.due && a < b
}
