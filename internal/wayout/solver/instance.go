package solver

import (
	"cmp"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// NoBudget says that the debtor has named no monthly budget.
const NoBudget money.Øre = -1

// Stage is how far collection of a case has come.
type Stage string

// The stages. A notice (varsel) allows no deferral: the case is not the agency's yet.
const (
	Notice     Stage = "varsel"
	Collection Stage = "inkasso"
	Legal      Stage = "rettslig"
)

// Instance is one debtor's situation as of a day.
type Instance struct {
	ID         string
	AsOf       norway.Date   // balances are per this day
	PayDays    []norway.Date // strictly increasing; the first can be AsOf: today
	Budget     money.Øre     // the most that can be paid on one pay day, or NoBudget
	Budgets    []money.Øre   // of each pay day, in place of Budget; NoBudget on all after today, or on none
	Promises   []Promise     // what the debtor pays besides, of the same budgets
	CarryOver  bool          // what a pay day leaves of its budget can be paid later
	OffRhythm  []int         // pay days on which no instalment of an agreement falls due
	Imputation debt.Imputation
	Agencies   []Agency
	Cases      []Case
}

// Agency is what an agency accepts of deferrals and instalment agreements.
type Agency struct {
	ID                   string
	MinInstalment        money.Øre // per agreement and pay day, fees not counted; the last may be smaller
	MaxInstalments       int
	InstalmentFee        money.Øre // per agreement and pay day, however many cases it joins
	SetupFee             money.Øre // once, for an agreement of more than SetupFreeInstalments
	SetupFreeInstalments int
	MaxDeferralDays      int // 0: the agency defers nothing
	DeferralFee          money.Øre
	Joint                bool // several cases may be joined in one agreement, at most one of each group

	Imputation debt.Imputation // of payments to its cases; empty: the instance's
	StepsGoOn  bool            // cost steps come under an agreement as well
}

// Case is a claim at an agency.
type Case struct {
	ID              string
	Agency          string
	Stage           Stage
	Principal       money.Øre
	Costs           money.Øre
	Interest        money.Øre
	Fraction        int64       // of an øre of interest owed beyond Interest, in 1/3,650,000 øre
	RateBasisPoints int         // simple interest per year on the outstanding principal
	Rates           []Rate      // changes of the rate after AsOf, in order
	AgreementFrom   norway.Date // the first day an agreement may begin; zero: never
	AgreementGroup  string      // an agreement joins cases of one group alone; empty is a group too
	Objection       bool        // suspended: neither paid nor counted
	Events          []Event
}

// Rate is the rate in basis points a year from a day on.
type Rate struct {
	From        norway.Date
	BasisPoints int
}

// bearing is the interest of the days in [from, to), in basis points × days.
func (c *Case) bearing(from, to norway.Date) (sum int64) {
	rate := c.RateBasisPoints
	for _, r := range c.Rates {
		if r.From >= to {
			break
		}
		if r.From > from {
			sum += int64(rate) * int64(r.From-from)
			from = r.From
		}
		rate = r.BasisPoints
	}
	return sum + int64(rate)*int64(to-from)
}

// Balance is what the case demands on the instance's AsOf.
func (c *Case) Balance() money.Øre { return c.Principal + c.Costs + c.Interest }

// Event is a cost step that comes on a day unless something stops it.
type Event struct {
	Date norway.Date
	Fee  money.Øre
	Kind string // light_fee, heavy_fee, court_fee or enforcement_fee: information alone
}

// Today says whether the first pay day is AsOf: then no cost step and no interest comes before it.
func (in *Instance) Today() bool { return len(in.PayDays) > 0 && in.PayDays[0] == in.AsOf }

// budget returns the budget of a pay day, or NoBudget.
func (in *Instance) budget(payDay int) money.Øre {
	if in.Budgets == nil {
		return in.Budget
	}
	return in.Budgets[payDay]
}

// Budgeted says whether the debtor has named a budget. Today's alone is none.
func (in *Instance) Budgeted() bool {
	last := len(in.PayDays) - 1
	return in.budget(last) != NoBudget
}

// MonthsUntil is how many months it takes to pay until a pay day: one with each pay day of the rhythm.
func (in *Instance) MonthsUntil(payDay int) int {
	months := payDay + 1
	for _, t := range in.OffRhythm {
		if t < payDay {
			months--
		}
	}
	return months
}

// costsFirst says whether payments to the agency's cases cover costs before principal.
func (in *Instance) costsFirst(a *Agency) bool {
	return cmp.Or(a.Imputation, in.Imputation) == debt.CostsFirst
}
