package solver

// load is what a point costs in fees and asks of the pay days.
type load struct {
	fees int64
	days []dayLoad
}

// dayLoad is what a point asks of a pay day.
type dayLoad struct {
	need int64   // what must be paid by it, interest not counted
	must int64   // fees and least instalments, which no other day can take
	bear float64 // what bears interest until then, in units per day
	lead float64 // what is paid until nothing of that does
}

func newLoad(t int) load { return load{days: make([]dayLoad, t)} }

func (l *load) copyFrom(o *load) {
	l.fees = o.fees
	copy(l.days, o.days)
}

func (l *load) clear() {
	l.fees = 0
	clear(l.days)
}

// add adds what a case asks for, or takes it off with sign -1.
func (d *dayLoad) add(c *relaxedCase, owed, sign int64) {
	d.need += sign * owed
	d.bear += float64(sign) * c.bearing
	d.lead += float64(sign) * c.lead(owed)
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
		n := r.p.instalments(x.first, x.last)
		x.fees = x.steps + d.fee*int64(n)
		if n > d.free {
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
		l.days[c.due[o]].add(c, c.need[o], sign)
	}
}

// putGroup adds an agreement with its members to a load, or takes it off with sign -1.
func (r *relaxed) putGroup(l *load, g int, x *demand, sign int64) {
	if x.owed == 0 {
		return
	}
	d := &r.p.groups[g]
	l.fees += sign * x.fees
	first, end := r.p.count[x.first], r.p.count[x.last]
	if r.p.count[x.last+1]-first > d.free {
		l.days[x.first].need += sign * d.setup
		l.days[x.first].must += sign * d.setup
	}
	owed := x.owed
	for _, t := range r.p.days[first:end] {
		y := min(d.least, owed) // nothing if it would end before
		owed -= y
		y = sign * (y + d.fee)
		l.days[t].need += y
		if t < x.sure {
			l.days[t].must += y
		}
	}
	last := &l.days[x.last]
	if r.p.rhythm[x.last] {
		last.need += sign * d.fee
	}
	last.need += sign * owed
	last.bear += float64(sign) * x.bearing
	last.lead += float64(sign) * x.lead
}

// weigh returns the energy of a load, and sets what it lacks if what is due first is paid
// first. It ends as soon as the energy is beyond limit.
func (r *relaxed) weigh(l *load, limit int64) int64 {
	worst, sum, interest, must, all := 0.0, 0.0, 0.0, 0.0, 0.0
	due := 0.0 // interest, if all goes to what is due first
	most := r.slack
	if spare := limit - l.fees - overload; spare >= 0 {
		most += float64(spare) + 1
	}
	for t := range l.days {
		d := &l.days[t]
		budget := r.budgets[t]
		all += budget
		if d.need == 0 {
			continue
		}
		if d.must != 0 {
			must += float64(d.must)
			if lack := float64(d.must) - budget; lack > worst && !r.p.carry {
				worst = lack
			}
		}
		if d.bear != 0 {
			// Until half of the principal is paid, with instalments beside it all the time.
			accrued := float64(d.bear * r.when((sum+interest+d.lead/2)*all/max(all-must, 1)))
			due += accrued
			interest = min(interest+accrued, r.floor)
		}
		sum += float64(d.need - d.must)
		if lack := sum + must + interest - all; lack > worst {
			worst = lack
		}
		if worst > most {
			break
		}
	}
	r.over = worst - r.slack
	energy := l.fees + int64(due)
	if r.over > 0 {
		energy += overload + int64(r.over)
	}
	return energy
}
