package solution

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
