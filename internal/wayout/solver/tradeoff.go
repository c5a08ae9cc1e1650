package solver

import (
	"math"

	"github.com/oversikt/oversikt/internal/debt/money"
)

// TradeOff is a point of the curve between what is paid per month and what it costs.
type TradeOff struct {
	Month  money.Øre // the budget of each pay day but today, promises included
	Months int       // until all is paid
	Cost   money.Øre
}

// tradeOffPoints is how many monthly amounts the curve is computed for.
const tradeOffPoints = 12

// amounts are the monthly amounts of the trade-off: from the least to all at once, in even
// proportions, and round.
func amounts(low, high money.Øre) []money.Øre {
	const round = 50 * money.Krone
	step := math.Pow(float64(high)/float64(max(low, 1)), 1/float64(tradeOffPoints-1))
	months := []money.Øre{low}
	at := float64(low)
	for range tradeOffPoints - 2 {
		at *= step
		if m := (money.Øre(at) + round - 1) / round * round; m > months[len(months)-1] && m < high {
			months = append(months, m)
		}
	}
	return append(months, max(low, high))
}

// walk searches at each of the rising amounts, and at the debtor's budgets in their place among them,
// by what they come to on average. They are not searched for if all are below the least.
func (a *advisor) walk(months []money.Øre) error {
	mean, largest, own := int64(0), int64(0), !a.in.Budgeted()
	if !own {
		for t := len(a.in.PayDays) - a.q.p.later(); t < len(a.in.PayDays); t++ {
			mean += int64(a.in.budget(t))
			largest = max(largest, int64(a.in.budget(t)))
		}
		mean /= int64(max(a.q.p.later(), 1))
		own = largest < int64(a.out.LeastBudget)
	}
	if err := a.search(a.each(months[0]), a.work/8, false); err != nil {
		return err
	}
	for _, m := range months[1:] {
		if !own && int64(m) >= mean {
			own = true
			if err := a.search(a.own(), workFor(a.in), false); err != nil {
				return err
			}
		}
		if err := a.search(a.each(m), a.work/8, true); err != nil {
			return err
		}
	}
	if !own {
		return a.search(a.own(), workFor(a.in), false)
	}
	return nil
}

// curve keeps of the trade-off what a higher amount improves.
func (a *advisor) curve(months []money.Øre) {
	for _, m := range months {
		p, ok := a.cheapest(a.each(m), len(a.in.PayDays))
		n := len(a.out.TradeOff)
		if ok && (n == 0 || p.Cost < a.out.TradeOff[n-1].Cost) {
			a.out.TradeOff = append(a.out.TradeOff, TradeOff{Month: m, Months: a.in.MonthsUntil(p.LastPayDay), Cost: p.Cost})
		}
	}
}
