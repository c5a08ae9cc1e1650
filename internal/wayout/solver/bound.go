package solver

import (
	"cmp"
	"slices"
)

// interestBound is interest that no plan avoids. All money goes to where it saves most:
// with the principal first that is the dearest principal; with costs first a payment takes
// at most its share of the principal, since costs and interest stand before it. The bound
// holds for each pay day by itself: to[t] gets that of the pay days from t on.
func (p *problem) interestBound(to []int64) {
	order := make([]int, p.n)
	left := make([]float64, p.n)  // principal
	share := make([]float64, p.n) // of a payment that reaches it, at most
	for i := range order {
		c := &p.cases[i]
		order[i], left[i], share[i] = i, float64(c.principal), 1
		if b := c.balance(); c.costsFirst && b > 0 {
			share[i] = float64(c.principal) / float64(b)
		}
	}
	worth := func(i int) float64 { return share[i] * float64(p.cases[i].rate) }
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(worth(b), worth(a)), cmp.Compare(a, b))
	})
	days := make([]float64, p.t)
	for t := range p.t {
		money := float64(p.budgets[t])
		for _, i := range order {
			days[t] += float64(left[i] * float64(p.cases[i].bears[t]))
			if share[i] > 0 {
				x := min(money, float64(left[i]/share[i]))
				left[i] = max(left[i]-float64(x*share[i]), 0)
				money -= x
			}
		}
	}
	units := 0.0
	for t := p.t - 1; t >= 0; t-- {
		units += days[t]
		to[t] = max(int64(units/unitsPerØre*(1-1e-9))-int64(p.n)-1, 0)
	}
	to[p.t] = 0
}

// hopeless is the planned cost of a state whose deadlines the budget cannot keep.
const hopeless = int64(1) << 60

// planned returns the fees that a state pays if all its deadlines are kept: cheap to
// compute, and with interestBound a bound that spares most layouts.
func (q *search) planned(s *state) int64 {
	p := q.p
	if p.snowball {
		return 0 // without deadlines the plan does not tell which cost steps come
	}
	need := q.need
	clear(need)
	total := int64(0)
	for i := range p.cases {
		c := &p.cases[i]
		until := int(s.due[i])
		due := until
		if s.member[i] {
			until, due = int(s.first[c.group]), int(s.last[c.group])
		}
		owed := c.feesUntil(int(s.deferred[i]), until)
		total += owed
		need[due] += owed + c.balance()
	}
	for g := range p.groups {
		d := &p.groups[g]
		joined := false
		for _, i := range d.members {
			joined = joined || s.member[i]
		}
		if !joined {
			continue
		}
		first, last := int(s.first[g]), int(s.last[g])
		fees := d.fee * int64(p.instalments(first, first+1))
		if p.instalments(first, last) > d.free {
			fees += d.setup
		}
		total += fees
		need[first] += fees
	}
	sum := int64(0)
	for t, x := range need {
		if sum += x - p.budgets[t]; sum > 0 {
			if t == p.t-1 && q.now.unpaid > 0 {
				return total // every state leaves something unpaid: the layout says how much
			}
			return hopeless
		}
	}
	return total
}
