package solver

import (
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Promise is what else the debtor pays on a day: it is taken from the budgets of that month.
type Promise struct {
	On     norway.Date
	Amount money.Øre
}

// promised is a promise with the pay days that it takes from, in their order: those of its month until
// then, the last first, then those after it. What is late is paid today, or on the first pay day.
type promised struct {
	from   []int
	amount int64
}

func (in *Instance) promised(payDays int) (all []promised) {
	month := func(d norway.Date) int { return d.Time().Year()*12 + int(d.Time().Month()) }
	for _, x := range in.Promises {
		on := max(x.On, in.AsOf)
		one := promised{amount: int64(x.Amount)}
		var after []int
		for t, day := range in.PayDays[:payDays] {
			switch {
			case month(day) != month(on):
			case day <= on:
				one.from = append([]int{t}, one.from...)
			default:
				after = append(after, t)
			}
		}
		one.from = append(one.from, after...)
		all = append(all, one)
	}
	return all
}

// take takes a promise from budgets as far as they go. NoBudget is without bounds.
func (x *promised) take(budgets []int64) {
	amount := x.amount
	for _, t := range x.from {
		if b := budgets[t]; b > 0 {
			budgets[t] -= min(b, amount)
			amount -= min(b, amount)
		}
	}
}

// left is what the promises leave of the budget of each pay day, or NoBudget.
func (in *Instance) left() []int64 {
	budgets := make([]int64, len(in.PayDays))
	for t := range budgets {
		budgets[t] = int64(in.budget(t))
	}
	for _, x := range in.promised(len(budgets)) {
		x.take(budgets)
	}
	return budgets
}
