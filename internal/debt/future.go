package debt

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Future is a case in which what has not happened yet happens. The case itself stays as it is.
type Future struct{ c Case }

// Future returns the case as it is, for payments and costs to come in the order of their days.
func (c *Case) Future() *Future {
	f := &Future{*c}
	f.c.Fees, f.c.AllPayments = slices.Clone(c.Fees), slices.Clone(c.AllPayments)
	return f
}

// Charge adds a fee on a day.
func (f *Future) Charge(kind CostKind, amount money.Øre, on norway.Date) {
	f.c.foresee(CostEvent{Kind: kind, fee: amount, On: on})
}

// Pay receives a payment on a day, after that day's fees.
func (f *Future) Pay(amount money.Øre, on norway.Date) {
	f.c.AllPayments = append(f.c.AllPayments, Payment{Case: &f.c, Amount: amount, ReceivedOn: on, Channel: PaidByBank})
}

// On returns what is owed on a day.
func (f *Future) On(day norway.Date) Balance { return f.c.BalanceOn(day) }

// Agree adds the costs that come although an agreement begins on a day: those until that day, later ones
// too where the agency goes on, and none of an earlier agreement. A cost that the agency has not added on
// its day is added today.
func (f *Future) Agree(begins norway.Date) (assumed bool) {
	today, goesOn := f.c.Terms.Today, !f.c.Terms.Policy.AgreementStopsCosts
	var all []CostEvent
	for _, s := range f.c.scheduled() {
		if s.On <= today {
			all = append(all, CostEvent{On: today, Kind: s.Kind, fee: s.Amount})
		}
	}
	for _, e := range append(all, f.c.coming()...) {
		if !ofAgreement(e.Kind) && (goesOn || e.On <= begins) {
			f.c.foresee(e)
			assumed = assumed || e.Assumed
		}
	}
	return assumed
}
