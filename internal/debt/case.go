package debt

import (
	"cmp"
	"slices"
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

// Agreement returns the agreement that is in force, else the one that waits, else the one that ended last, else nil.
func (c *Case) Agreement() *Agreement {
	var latest *Agreement
	for _, a := range c.Agreements {
		if latest == nil || a.goesBefore(latest) {
			latest = a
		}
	}
	return latest
}

// goesBefore says whether an agreement tells more of how a case stands than one that began no later.
func (a *Agreement) goesBefore(b *Agreement) bool {
	order := []AgreementStatus{AgreementProposed, AgreementRequested, AgreementActive}
	if x, y := slices.Index(order, a.Status), slices.Index(order, b.Status); x >= 0 || y >= 0 {
		return x >= y
	}
	return cmp.Or(a.EndedOn, a.DecidedOn) >= cmp.Or(b.EndedOn, b.DecidedOn)
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

// Held says whether a hold of a kind stands today.
func (c *Case) Held(kind HoldKind) bool {
	return slices.ContainsFunc(c.Holds(), func(h Hold) bool { return h.Kind == kind })
}
