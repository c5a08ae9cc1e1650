package debt

import (
	"strconv"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/page"
)

// Balance returns the balance on a day, by default today. It is zero before the case was opened.
// A day more than two years from today is BAD_USER_INPUT.
func (c *Case) Balance(asOf *norway.Date) (*Balance, error) {
	day, err := dayOf(asOf, c.Terms.Today)
	if err != nil {
		return nil, err
	}
	b := c.BalanceOn(day)
	return &b, nil
}

// dayOf returns the day that is asked for, today when none is.
func dayOf(asOf *norway.Date, today norway.Date) (norway.Date, error) {
	if asOf == nil {
		return today, nil
	}
	if last := today.AddMonths(24); *asOf > last {
		return 0, fault.Invalid("asOf", "asOf must be at most two years ahead, %s", last)
	}
	return *asOf, nil
}

// openOn says whether the case was under collection on a day.
func (c *Case) openOn(day norway.Date) bool {
	if day < c.OpenedOn {
		return false
	}
	return c.Status == Open || !c.ClosedOn.IsZero() && day < c.ClosedOn
}

// Holds returns the reasons why collection is on hold today.
func (c *Case) Holds() []Hold {
	var in []Hold
	for _, h := range c.AllHolds {
		if h.Since <= c.Terms.Today && (h.Until.IsZero() || c.Terms.Today <= h.Until) {
			in = append(in, h)
		}
	}
	return in
}

// Agreement returns the agreement that is in force, else the latest one, else nil.
func (c *Case) Agreement() *Agreement {
	var latest *Agreement
	for _, a := range c.Agreements {
		if latest == nil || latest.Status != AgreementActive || a.Status == AgreementActive {
			latest = a
		}
	}
	return latest
}

// DueItem is something to pay by a day.
type DueItem struct {
	DueOn  norway.Date
	Amount money.Øre
	Case   *Case
}

// NextDue returns what to pay next in an open case. With an agreement in force, it is the
// first unpaid instalment, but no more than its cases owe by then, with the costs that the
// agency adds until then and the instalment's fee. Otherwise it is the whole balance by the
// deadline, which may have passed. It is nil when nothing is owed or no deadline is known. An
// instalment of an agreement on several cases is due once, not in each case.
func (c *Case) NextDue() *DueItem {
	if c.Status != Open {
		return nil
	}
	a, in := c.nextInstalment()
	on := c.Deadline()
	if on.IsZero() {
		return nil
	}
	day := max(on, c.Terms.Today)
	owed := c.BalanceOn(day).Total
	switch {
	case owed == 0:
		return nil
	case in == nil:
		return &DueItem{on, owed, c}
	}
	owed += c.scheduledBy(day)
	added := c.agreementFeesSince(in.DueOn)
	for _, other := range a.Cases {
		if other != c {
			owed += other.BalanceOn(day).Total + other.scheduledBy(day)
			added += other.agreementFeesSince(in.DueOn)
		}
	}
	return &DueItem{on, min(in.Amount, owed+max(in.Fee-added, 0)), c}
}

// scheduledBy returns the costs that the agency adds until a day, without the fees of an
// agreement, which its instalments include.
func (c *Case) scheduledBy(day norway.Date) (sum money.Øre) {
	for _, s := range c.ScheduledCosts {
		if s.On <= day && !ofAgreement(s.Kind) {
			sum += s.Amount
		}
	}
	return sum
}

// agreementFeesSince returns the fees of an agreement that the agency has added from a day on,
// which are in the balance.
func (c *Case) agreementFeesSince(day norway.Date) (sum money.Øre) {
	for i := range c.Fees {
		if f := &c.Fees[i]; f.IncurredOn >= day && ofAgreement(f.Kind) {
			sum += f.Amount
		}
	}
	return sum
}

func ofAgreement(k CostKind) bool { return k == CostInstalment || k == CostAgreementSetup }

// Deadline returns the last day to pay, zero when there is none. It is the deadline of the next
// instalment of an agreement in force, else the agency's deadline, but never before the last day
// of a deferral that runs. Not every agency moves its own deadline when it defers or agrees.
func (c *Case) Deadline() norway.Date {
	if _, in := c.nextInstalment(); in != nil && c.Status == Open {
		return in.DueOn
	}
	on, today := c.DueOn, c.Terms.Today
	if on.IsZero() {
		return 0
	}
	for i := range c.AllHolds {
		if h := &c.AllHolds[i]; h.Kind == HoldDeferred && h.Since <= today && today <= h.Until {
			on = max(on, h.Until)
		}
	}
	return on
}

// nextInstalment returns the first unpaid instalment of an agreement in force.
func (c *Case) nextInstalment() (*Agreement, *Instalment) {
	a := c.Agreement()
	if a == nil || a.Status != AgreementActive {
		return nil, nil
	}
	for i := range a.Instalments {
		if in := &a.Instalments[i]; in.PaidOn.IsZero() {
			return a, in
		}
	}
	return nil, nil
}

// PaymentInfo is how to pay a case through a bank.
type PaymentInfo struct {
	KID     string
	Account string
	Amount  money.Øre
	DueOn   norway.Date
	Payee   string
}

// PaymentInfo returns how to pay what is due next: the next instalment, or everything.
func (c *Case) PaymentInfo() PaymentInfo {
	info := PaymentInfo{KID: c.KID, Account: c.Account, Payee: c.Payee}
	if due := c.NextDue(); due != nil {
		info.Amount, info.DueOn = due.Amount, due.DueOn
	} else if c.Status == Open {
		info.Amount = c.BalanceOn(c.Terms.Today).Total
	}
	return info
}

// Letters returns a page of the case's letters, oldest first.
func (c *Case) Letters(first *int, after *string, last *int, before *string) (*page.Connection[Letter], error) {
	return page.Of(c.list("letters"), pointers(c.AllLetters), func(l *Letter) page.Position {
		return page.Position{Sort: int64(l.SentOn), ID: l.ID.ID}
	}, page.Args{First: first, Last: last, After: after, Before: before})
}

// Payments returns a page of the case's payments, oldest first.
func (c *Case) Payments(first *int, after *string, last *int, before *string) (*page.Connection[Payment], error) {
	return page.Of(c.list("payments"), pointers(c.AllPayments), func(p *Payment) page.Position {
		return page.Position{Sort: int64(p.ReceivedOn), ID: p.ID.ID}
	}, page.Args{First: first, Last: last, After: after, Before: before})
}

func (c *Case) list(name string) string {
	return name + strconv.Quote(c.ID.Agency) + c.ID.ID
}

func pointers[T any](items []T) []*T {
	out := make([]*T, len(items))
	for i := range items {
		out[i] = &items[i]
	}
	return out
}

// Imputed returns what the payment covered: as the agency booked it, and the rest in the
// agency's order of imputation. Parts of zero are left out.
func (p *Payment) Imputed() []Allocation {
	var out []Allocation
	p.Case.walk(max(p.ReceivedOn, p.Case.Terms.Today), nil, func(i int, parts [4]money.Øre) {
		if q := &p.Case.AllPayments[i]; q != p && (p.ID.ID == "" || q.ID != p.ID) {
			return
		}
		for j, component := range [...]Component{Principal, Interest, Fees, LegalCosts} {
			if parts[j] > 0 {
				out = append(out, Allocation{component, parts[j]})
			}
		}
	})
	return out
}
