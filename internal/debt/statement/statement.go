// Package statement makes the statement of a case that whoever owes may ask for at any time: which claim
// it is, what is owed and why, and what comes next (inkassoloven 2026 § 16). It reckons nothing by
// itself: each figure is that of the balance, its lines and the timeline.
package statement

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Relations is what a statement is made from, OfPDF what it is made from on paper.
const (
	Relations = debt.OfTimeline
	OfPDF     = Relations | debt.OfCreditors | debt.OfDebtors
)

// Statement is one case as of its terms' day.
type Statement struct {
	*debt.Case
	Today debt.Balance

	Claim    []debt.BalanceLine // the principal as it was claimed
	Interest []debt.BalanceLine
	Costs    []debt.BalanceLine // with what was waived, and what is set off
	Payments []debt.BalanceLine // what each covered
	Closing  []debt.BalanceLine // what was left, and is no longer claimed
}

// Of returns the statement of a case. Each line of its balance is in one of the five lists.
func Of(c *debt.Case) Statement {
	s := Statement{Case: c, Today: c.BalanceOn(c.Terms.Today)}
	for _, x := range s.Today.Lines() {
		list := s.list(x.Kind)
		*list = append(*list, x)
	}
	return s
}

func (s *Statement) list(kind debt.LineKind) *[]debt.BalanceLine {
	switch kind {
	case debt.LinePrincipal:
		return &s.Claim
	case debt.LinePriorInterest, debt.LineInterest:
		return &s.Interest
	case debt.LinePayment, debt.LineOverpaid:
		return &s.Payments
	case debt.LineClosed:
		return &s.Closing
	default:
		return &s.Costs
	}
}

// AsOf is the day that the statement is made for.
func (s *Statement) AsOf() norway.Date { return s.Today.AsOf }

// InvoiceNumbers are the creditor's own numbers of what is claimed, as far as they are known.
func (s *Statement) InvoiceNumbers() []string {
	numbers := []string{}
	for i := range s.Items {
		if n := s.Items[i].InvoiceNumber; n != nil {
			numbers = append(numbers, *n)
		}
	}
	if len(s.Items) == 0 && s.CreditorReference != nil {
		numbers = append(numbers, *s.CreditorReference)
	}
	return numbers
}

// NextSteps are what comes if nothing is done, in the order of days.
func (s *Statement) NextSteps() []debt.TimelineEvent {
	next := []debt.TimelineEvent{}
	for _, e := range s.Timeline() {
		if e.Source != debt.FromRecords {
			next = append(next, e)
		}
	}
	return next
}
