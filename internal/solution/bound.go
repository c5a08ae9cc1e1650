package solution

import (
	"cmp"
	"slices"
)

// interestBound is interest that no plan avoids: all money goes to principal, the dearest
// first, from the first pay day on.
func (p *problem) interestBound() int64 {
	order := make([]int, p.n)
	left := make([]int64, p.n)
	for i := range order {
		order[i], left[i] = i, p.cases[i].principal
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(p.cases[b].rate, p.cases[a].rate), cmp.Compare(a, b))
	})
	units := make([]int64, p.n)
	for t := range p.t {
		money := p.budget
		for _, i := range order {
			units[i] += left[i] * p.cases[i].rate * p.gap[t]
			x := min(money, left[i])
			left[i] -= x
			money -= x
		}
	}
	sum := int64(0)
	for _, u := range units {
		sum += u / unitsPerØre
	}
	return sum
}

// hopeless is the planned cost of a state whose deadlines the budget cannot keep.
const hopeless = int64(1) << 60

// planned returns the fees that a state pays if all its deadlines are kept: cheap to
// compute, and with interestBound a bound that spares most layouts.
func (q *search) planned(s *state) int64 {
	p := q.p
	need := q.need
	clear(need)
	total := int64(0)
	for i := range p.cases {
		c := &p.cases[i]
		owed := int64(0)
		deferred := s.deferred[i]
		until := int(s.due[i])
		due := until
		if s.member[i] {
			until, due = int(s.first[c.group]), int(s.last[c.group])
		}
		if deferred != 0 {
			owed = c.deferFee
		}
		for k, hit := range c.hits[deferred] {
			if hit > until {
				break
			}
			owed += c.fees[deferred][k]
		}
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
		fees := 2 * d.fee
		if last-first+1 > d.free {
			fees += d.setup
		}
		total += fees
		need[first] += fees
	}
	sum := int64(0)
	for t, x := range need {
		if sum += x; sum > p.budget*int64(t+1) {
			if t == p.t-1 && q.now.unpaid > 0 {
				return total // every state leaves something unpaid: the layout says how much
			}
			return hopeless
		}
	}
	return total
}
