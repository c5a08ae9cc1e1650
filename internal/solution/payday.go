package solution

// reserve computes, for each deadline, what may today go to cases that can wait longer.
func (l *layout) reserve(s *state, t int) {
	p := l.p
	for len(l.points) > 0 && int(l.points[0]) < t {
		l.points = l.points[:copy(l.points, l.points[1:])]
	}
	for k, point := range l.points {
		l.slack[k] = l.left + l.capacity[point] - l.capacity[t]
	}
	for i := range l.cases {
		c := &l.cases[i]
		if c.closed >= 0 {
			continue
		}
		if int(c.due) < t {
			c.due = int32(p.t - 1)
		}
		if int(c.due) >= p.t-1 {
			continue
		}
		need := c.principal + c.costs + c.interest + c.coming
		if days := p.since[c.due] - p.since[t]; days > 0 {
			need += c.principal*p.cases[i].rate*days/unitsPerØre + 1
		}
		for k := len(l.points) - 1; k >= 0 && l.points[k] >= c.due; k-- {
			l.slack[k] -= need
		}
	}
	for g := range l.groups {
		r := &l.groups[g]
		if r.open == 0 {
			continue
		}
		for k, point := range l.points {
			if point >= r.due {
				break
			}
			if from := max(r.first, int32(t)); point >= from {
				least := p.groups[g].least * int64(point-from)
				if t >= int(r.first) {
					least += r.minimum
				} else {
					least += p.groups[g].least
				}
				l.slack[k] -= least
			}
		}
	}
}

// payDay gives the day's money to the cases: those first where it saves most interest, as
// far as the deadlines of the others allow.
func (l *layout) payDay(s *state, t int) {
	l.rank(s)
	for _, i := range l.order {
		c := &l.cases[i]
		want := c.principal
		if l.p.cases[i].costsFirst || l.p.snowball {
			want += c.costs + c.interest
		}
		l.give(s, t, int(i), min(want, l.allowed(s, int(i))))
	}
	if l.left > 0 && l.p.principals {
		for _, i := range l.order {
			c := &l.cases[i]
			l.give(s, t, int(i), min(c.principal+c.costs+c.interest, l.allowed(s, int(i))))
		}
	}
	for g := range l.groups {
		if l.groups[g].minimum > 0 {
			for _, i := range l.p.groups[g].members {
				if c := &l.cases[i]; s.member[i] && c.closed < 0 {
					l.give(s, t, i, min(l.groups[g].minimum, c.principal+c.costs+c.interest))
				}
			}
		}
	}
	// What was set aside and cannot be used today is better paid to anybody than lost.
	for k := 0; k < len(l.order) && l.left > 0; k++ {
		i := l.order[k]
		c := &l.cases[i]
		l.give(s, t, int(i), c.principal+c.costs+c.interest)
	}
}

// allowed is the most that case i may get today without another missing its deadline.
func (l *layout) allowed(s *state, i int) int64 {
	most := l.left
	due := l.cases[i].due
	for k, point := range l.points {
		if point >= due {
			break
		}
		most = min(most, l.slack[k])
	}
	most = max(most, 0)
	own := int64(0)
	if s.member[i] {
		own = l.groups[l.p.cases[i].group].minimum
	}
	return max(min(most+own, l.left-l.minimum+own), 0)
}

// give pays x to case i today.
func (l *layout) give(s *state, t, i int, x int64) {
	x = min(x, l.left)
	c := &l.cases[i]
	if x <= 0 || c.closed >= 0 {
		return
	}
	l.pay[t*l.p.n+i] += x
	l.left -= x
	free := int64(0)
	if g := l.p.cases[i].group; s.member[i] && l.groups[g].minimum > 0 {
		free = min(x, l.groups[g].minimum)
		l.groups[g].minimum -= free
		l.minimum -= free
	}
	for k, point := range l.points {
		if point >= c.due {
			break
		}
		l.slack[k] -= x - free
	}
	first, last := &c.costs, &c.principal
	if !l.p.cases[i].costsFirst {
		first, last = last, first
	}
	y := min(x, *first)
	*first -= y
	x -= y
	y = min(x, c.interest)
	c.interest -= y
	*last -= x - y
}

// rank orders the open cases: most interest saved per øre first.
func (l *layout) rank(s *state) {
	l.order = l.order[:0]
	for i := range l.cases {
		c := &l.cases[i]
		if c.closed >= 0 {
			continue
		}
		owed := c.principal + c.costs + c.interest
		key := 0.0
		switch {
		case owed == 0:
		case l.p.snowball:
			key = 1 / float64(owed)
		case l.p.cases[i].costsFirst:
			key = float64(l.p.cases[i].rate) * float64(c.principal) / float64(owed)
		case c.principal > 0:
			key = float64(l.p.cases[i].rate)
		}
		if b := s.boost[i]; b != 0 {
			key *= boosts[b+4]
		}
		l.key[i] = key
		k := len(l.order)
		l.order = append(l.order, 0)
		for k > 0 && l.before(int32(i), l.order[k-1]) {
			l.order[k] = l.order[k-1]
			k--
		}
		l.order[k] = int32(i)
	}
}

var boosts = [9]float64{1e-6, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 1e6}

func (l *layout) before(a, b int32) bool {
	if l.key[a] != l.key[b] {
		return l.key[a] > l.key[b]
	}
	return l.cases[a].due < l.cases[b].due
}
