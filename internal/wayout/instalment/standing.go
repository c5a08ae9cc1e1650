package instalment

import (
	"slices"
	"sort"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Standing returns how the rest of an agreement is paid as it stands, from its next instalment on, and what it has
// behind it. The next instalment is nil where there is nothing to pay.
func Standing(a *debt.Agreement) (next *debt.Instalment, wish Wish, kept Kept) {
	if next = a.NextInstalment(); next == nil || a.Kind != debt.AgreementInstalments {
		return nil, Wish{}, Kept{}
	}
	policy := &a.Cases[0].Terms.Policy
	kept = Kept{Started: a.StartedOn, Instalments: len(a.Instalments), Least: policy.MinInstalment}
	for n, i := range a.Instalments {
		if n < len(a.Instalments)-1 {
			kept.Least = min(kept.Least, i.Amount-i.Fee)
		}
		if !i.PaidOn.IsZero() {
			kept.Paid++
			kept.SetupFee += max(i.Fee-policy.InstalmentFee, 0)
		}
	}
	return next, Wish{Monthly: usual(a, next), Days: Left(a.Instalments, next.Number)}, kept
}

// usual is what is paid a month.
func usual(held *debt.Agreement, next *debt.Instalment) money.Øre {
	if held.MonthlyAmount != nil {
		return *held.MonthlyAmount
	}
	amount := next.Amount
	for _, i := range held.Instalments {
		if i.PaidOn.IsZero() && i.Number > next.Number {
			return i.Amount // the first has the set-up fee
		}
	}
	return amount
}

// Open are those cases of an agreement in which something can be owed: they bear what is left of it.
func Open(cases []*debt.Case) []*debt.Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c *debt.Case) bool { return c.Status != debt.Open })
}

// After moves the days on so that the first is later than a day.
func (d *Days) After(today norway.Date) {
	for d.On(0) <= today {
		d.FirstDue, d.Next = d.Nominal(1), 0
	}
}

// GoOn returns what is left of an agreement when its open cases owe something else than was agreed: as much is
// paid a month, from the next pay day to come, so that the last instalments shrink or fall away. Nil: it stays as
// it is.
func GoOn(today norway.Date, a *debt.Agreement, cases []*debt.Case) *Plan {
	next, wish, kept := Standing(a)
	if next == nil || len(cases) == 0 {
		return nil
	}
	wish.After(today)
	plan, _ := Reckon(today, cases, wish, kept)
	return plan
}

// Resumed returns a case of an agreement with the costs that come again once an objection in it is decided: those that
// were to come before the agreement begins, which it therefore pays. Agencies do not show them while the case is
// disputed; they are what the reckoning lacks of what was agreed.
func Resumed(today norway.Date, a *debt.Agreement, c *debt.Case) *debt.Case {
	left := a.Left()
	if left == nil || a.StartedOn <= today {
		return c
	}
	back := *c
	enough := func(stopped int) bool {
		back.ScheduledCosts = c.ScheduledCosts
		if stopped > 0 {
			cost := debt.ScheduledCost{On: a.StartedOn, Kind: debt.CostHeavyFee, Amount: money.Øre(stopped)}
			back.ScheduledCosts = append(slices.Clone(c.ScheduledCosts), cost)
		}
		plan := GoOn(today, a, replace(Open(a.Cases), c, &back))
		return plan == nil || plan.Total >= left.Total
	}
	enough(sort.Search(int(left.Total), enough))
	return &back
}

func replace(cases []*debt.Case, c, by *debt.Case) []*debt.Case {
	if i := slices.Index(cases, c); i >= 0 {
		cases[i] = by
	}
	return cases
}
