package people

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// yearOfBasisPoints divides principal * basis points * days into interest.
const yearOfBasisPoints = 10_000 * 365

// ledger follows what is owed in a case while it is played; days must not go back.
type ledger struct {
	from      norway.Date // first day that bears interest
	rate      int         // contractual, in basis points; 0: the statutory rate
	principal money.Øre   // outstanding
	prior     money.Øre
	fees      money.Øre // outstanding
	legal     money.Øre // outstanding

	accrued      int64 // principal * basis points * days, up to upTo
	upTo         norway.Date
	interestPaid money.Øre
}

// accrue adds the interest of the days before on.
func (l *ledger) accrue(on norway.Date) {
	start := max(l.from, l.upTo)
	if on <= start {
		return
	}
	if l.rate > 0 {
		l.accrued += int64(l.principal) * int64(l.rate) * int64(on-start)
	} else {
		l.accrued += int64(l.principal) * rateDays(start, on)
	}
	l.upTo = on
}

func (l *ledger) interest() money.Øre {
	return l.prior + money.Øre(l.accrued/yearOfBasisPoints) - l.interestPaid
}

// balance returns what is owed at the beginning of a day, payments of the day taken off.
func (l *ledger) balance(on norway.Date) money.Øre {
	l.accrue(on)
	return l.principal + l.interest() + l.fees + l.legal
}

// pay sets an amount off in the agency's order and returns the parts. The amount
// must not exceed the balance.
func (l *ledger) pay(on norway.Date, amount money.Øre, order debt.Imputation) []debt.Allocation {
	l.accrue(on)
	interest := l.interest()
	owed := [4]struct {
		component debt.Component
		amount    *money.Øre
	}{
		{debt.LegalCosts, &l.legal}, {debt.Fees, &l.fees}, {debt.Interest, &interest}, {debt.Principal, &l.principal},
	}
	if order == debt.PrincipalFirst {
		owed[0], owed[1], owed[2], owed[3] = owed[3], owed[2], owed[0], owed[1]
	}
	before := interest
	parts := make([]debt.Allocation, 0, 4)
	for _, o := range owed {
		if part := min(amount, *o.amount); part > 0 {
			*o.amount -= part
			amount -= part
			parts = append(parts, debt.Allocation{Component: o.component, Amount: part})
		}
	}
	l.interestPaid += before - interest
	return parts
}

func wholeKroner(o money.Øre) money.Øre { return o / money.Krone * money.Krone }
