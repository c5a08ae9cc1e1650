package solver

// leastBudget searches for the least budget for which there is a plan, and the state that
// proves it. Such a plan is one that leaves nothing unpaid, so that is what is searched
// for, at a budget that goes down by what each state found turns out not to need. It rests
// on the instance alone and not on its budget: whoever asks again with what was answered
// gets a plan.
func (q *search) leastBudget(work int) (int64, *state) {
	p := q.p
	best := p.newState()
	if p.n == 0 {
		return 0, best
	}
	q.anyPlan, q.quick = true, true
	defer func() { q.anyPlan, q.quick = false, false }()
	days := int64(p.later())
	if days == 0 {
		return int64(NoBudget), best
	}
	low := (max(p.opening-p.today, 0) + days - 1) / days // what is owed must be paid
	high := q.needs(best, low, p.enough())
	clear(q.x.drop)
	step := (high - low) / 32 // large steps are tried first, with less work
	left := min(work/2, 2_500_000)
	for try := low; high > low && left > 0 && !q.stopped(); try = max(low, high-1-step) {
		p.each(try)
		most := min(work/4, 600_000)
		if step > 0 {
			most /= 3
		}
		q.reset(most)
		q.start(best)
		q.descend()
		q.run()
		left -= q.most - q.work
		found := q.needs(q.best, low, high)
		if found < high {
			high = found
			best.copyFrom(q.best)
			continue
		}
		if step == 0 {
			break
		}
		step = 0
	}
	p.each(high)
	return high, best
}

// enough is a budget that pays everything on the first pay day after today.
func (p *problem) enough() int64 {
	first := p.t - p.later()
	sum := p.pledgedOn(first)
	for i := range p.cases {
		c := &p.cases[i]
		sum += c.balance() + (c.principal*c.bears[first]+c.fraction)/unitsPerØre + c.feesUntil(0, first)
	}
	return sum
}

// needs returns the least budget between low and high for which a state pays everything;
// high if there is none below it.
func (q *search) needs(s *state, low, high int64) int64 {
	for low < high {
		try := low + (high-low)/2
		q.p.each(try)
		if q.l.run(s).unpaid == 0 {
			high = try
		} else {
			low = try + 1
		}
	}
	return high
}
