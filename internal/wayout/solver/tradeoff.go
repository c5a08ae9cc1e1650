package solver

import (
	"math"

	"github.com/oversikt/oversikt/internal/debt/money"
)

// TradeOff is a point of the curve between what is paid per month and what it costs.
type TradeOff struct {
	Month  money.Øre // the monthly budget
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

// walk searches at each of the rising amounts, and at the budget in its place among them.
func (a *advisor) walk(months []money.Øre) error {
	own := !a.out.Feasible
	if err := a.search(months[0], a.work/8, false); err != nil {
		return err
	}
	for _, m := range months[1:] {
		if !own && m >= a.in.Budget {
			own = true
			if err := a.search(a.in.Budget, a.work, false); err != nil {
				return err
			}
		}
		if err := a.search(m, a.work/8, true); err != nil {
			return err
		}
	}
	if !own {
		return a.search(a.in.Budget, a.work, false)
	}
	return nil
}

// curve keeps of the trade-off what a higher amount improves.
func (a *advisor) curve(months []money.Øre) {
	for _, m := range months {
		p, ok := a.cheapest(m, len(a.in.PayDays))
		n := len(a.out.TradeOff)
		if ok && (n == 0 || p.Cost < a.out.TradeOff[n-1].Cost) {
			a.out.TradeOff = append(a.out.TradeOff, TradeOff{Month: m, Months: p.LastPayDay + 1, Cost: p.Cost})
		}
	}
}
