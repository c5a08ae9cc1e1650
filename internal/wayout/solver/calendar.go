package solver

// calendar is the pay days as agreements count them: only those of the rhythm have an instalment.
type calendar struct {
	rhythm []bool // per pay day
	count  []int  // the rhythm days before each pay day; the day after the last counts as one
	days   []int  // the rhythm days
	next   []int  // per pay day, the first rhythm day that is not before it; their number if there is none
	prev   []int  // per pay day, the last rhythm day that is not after it; -1 if there is none
}

// calendarOf returns the calendar of the first pay days of an instance.
func calendarOf(in *Instance, payDays int) calendar {
	k := calendar{
		rhythm: make([]bool, payDays), count: make([]int, payDays+2),
		next: make([]int, payDays+1), prev: make([]int, payDays),
	}
	for t := range k.rhythm {
		k.rhythm[t] = true
	}
	for _, t := range in.OffRhythm {
		if t < payDays {
			k.rhythm[t] = false
		}
	}
	last := -1
	for t, on := range k.rhythm {
		k.count[t] = len(k.days)
		if on {
			k.days = append(k.days, t)
			last = t
		}
		k.prev[t] = last
	}
	k.count[payDays], k.count[payDays+1] = len(k.days), len(k.days)+1
	k.next[payDays] = payDays
	for t := payDays - 1; t >= 0; t-- {
		k.next[t] = k.next[t+1]
		if k.rhythm[t] {
			k.next[t] = t
		}
	}
	return k
}

// instalments is how many rhythm days there are from first to last.
func (k *calendar) instalments(first, last int) int { return k.count[last+1] - k.count[first] }

// reach is the pay day on which an agreement from first would have more than n instalments; the
// number of pay days if none is.
func (k *calendar) reach(first, n int) int {
	if i := k.count[first] + n; i < len(k.days) {
		return k.days[i]
	}
	return len(k.rhythm)
}

// before is the rhythm day before a pay day, -1 if there is none.
func (k *calendar) before(t int) int {
	if t == 0 {
		return -1
	}
	return k.prev[t-1]
}

// beside is the rhythm day by steps before or after another, which can be one too many: then it is
// negative, or the number of pay days.
func (k *calendar) beside(t, steps int) int {
	i := k.count[t] + steps
	switch {
	case i < 0:
		return -1
	case i >= len(k.days):
		return len(k.rhythm)
	}
	return k.days[i]
}
