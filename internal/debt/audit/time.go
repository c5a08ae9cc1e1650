package audit

import (
	"cmp"
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
	"github.com/oversikt/oversikt/internal/text"
)

// interest holds the day from which interest runs, and its rate, against the law.
func (x *auditor) interest() {
	if !x.bears() {
		return
	}
	x.start()
	if x.RateBasisPoints == nil {
		x.rate()
	}
}

// bears says whether the case bears interest.
func (x *auditor) bears() bool {
	return !x.InterestFrom.IsZero() || slices.ContainsFunc(x.Items, func(i debt.ClaimItem) bool {
		return !i.InterestFrom.IsZero()
	})
}

// start: late-payment interest runs from the due date, never before. An agreed rate may.
func (x *auditor) start() {
	late := *x.Case
	f := Finding{Rule: InterestStart, Verdict: OK, Paragraph: statute.RuleInterest}
	var from, due norway.Date
	agreed := false
	if len(x.Items) > 0 {
		late.Items = slices.Clone(x.Items)
		for i := range late.Items {
			if it := &late.Items[i]; !it.InterestFrom.IsZero() && it.InterestFrom < it.DueOn {
				from, due, agreed = it.InterestFrom, it.DueOn, agreed || it.RateBasisPoints != nil
				it.InterestFrom = it.DueOn
			}
		}
	} else if on := x.invoiced(); on.IsZero() {
		f.Verdict, f.Missing = CannotDecide, new(DueDate)
	} else if x.InterestFrom < on {
		from, due, agreed = x.InterestFrom, on, x.RateBasisPoints != nil
		late.InterestFrom = on
	}
	if due != 0 {
		f.Verdict, f.Amount = Breach, new(x.more(&late))
		f.args = said(text.With("from", from), text.With("due", due))
		if agreed {
			f.Verdict, f.Missing = CannotDecide, new(LoanTerms)
		}
	}
	x.add(f)
}

// invoiced is the due date that the first invoice in the records gives, zero where none does.
func (x *auditor) invoiced() norway.Date {
	for i := range x.AllLetters {
		if l := &x.AllLetters[i]; l.Kind == debt.LetterInvoice && !l.DueOn.IsZero() {
			return l.DueOn
		}
	}
	return 0
}

// rate compares the interest at the agency's rates with that at the law's.
func (x *auditor) rate() {
	lawful, terms := *x.Case, *x.Terms
	terms.Rates = lawfulRates(x.Terms.Rates)
	lawful.Terms = &terms
	f := Finding{Rule: InterestRate, Verdict: OK, Paragraph: statute.RuleInterest}
	if more := x.more(&lawful); more > 0 {
		f.Verdict, f.Amount = Breach, &more
	}
	x.add(f)
}

// lawfulRates are the rates of the law where they are known, and the agency's elsewhere.
func lawfulRates(agency []debt.Rate) []debt.Rate {
	first, last := statute.LatePayment.Rows[0].From, statute.LatePayment.Last
	var rates []debt.Rate
	after := 0
	for _, r := range agency {
		if r.ValidFrom < first {
			rates = append(rates, r)
		}
		if r.ValidFrom <= last+1 {
			after = r.BasisPoints
		}
	}
	for _, row := range statute.LatePayment.Rows {
		rates = append(rates, debt.Rate{ValidFrom: row.From, BasisPoints: row.Value})
	}
	rates = append(rates, debt.Rate{ValidFrom: last + 1, BasisPoints: after})
	for _, r := range agency {
		if r.ValidFrom > last+1 {
			rates = append(rates, r)
		}
	}
	return rates
}

// more is how much more the case demands, or has taken, than another one by today or its last day.
func (x *auditor) more(other *debt.Case) money.Øre {
	day := x.today
	if !x.ClosedOn.IsZero() {
		day = min(day, x.ClosedOn-1)
	}
	is, would := x.BalanceOn(day), other.BalanceOn(day)
	return is.Total - is.Overpaid - would.Total + would.Overpaid
}

// nearMonths is how long before its end a limitation period is told of: long enough to act.
const nearMonths = 3

// limitation says whether a claim is time-barred, or soon will be.
func (x *auditor) limitation() {
	owed := x.BalanceOn(x.today).Total
	if x.Status != debt.Open || owed == 0 {
		return
	}
	due, sure := x.due()
	law, known := statute.Limitation.On(due)
	if due.IsZero() || known != statute.Known {
		x.add(Finding{Rule: Limitation, Verdict: CannotDecide, Paragraph: statute.RuleLimitation, Missing: new(DueDate)})
		return
	}
	years := law.Value
	agreed, paid := x.interrupted(due, years.Claim)
	f := Finding{Rule: Limitation, Verdict: OK, Paragraph: statute.RuleLimitation}
	end := agreed.AddMonths(12 * years.Claim)
	step, stepped := x.step()
	if stepped && !step.IsZero() && step <= paid.AddMonths(12*years.Claim) {
		end, f.Paragraph = step.AddMonths(12*years.Judgment), statute.RuleInterrupted
	}
	switch loan := x.Creditor != nil && x.Creditor.Trade == debt.TradeBank; {
	case x.today <= end && !sure:
		f.Verdict, f.Missing = CannotDecide, new(DueDate)
	case x.today <= end.AddMonths(-nearMonths):
	case loan && x.today <= due.AddMonths(12*years.Loan):
		f.Verdict, f.Missing = CannotDecide, new(LoanTerms)
	case x.today <= end:
		f.Verdict, f.Amount = Near, &owed
	case stepped:
		f.Verdict, f.Missing = CannotDecide, new(LegalStep)
	case x.today <= paid.AddMonths(12*years.Claim):
		f.Verdict, f.Missing = CannotDecide, new(Acknowledgement)
	default:
		f.Verdict, f.Amount = Breach, &owed
	}
	f.args = said(text.With("due", due), text.With("end", end))
	x.add(f)
}

// due is the day on which the claim fell due; of several invoices, of the first that is not paid.
func (x *auditor) due() (day norway.Date, sure bool) {
	for i := range x.Items {
		if it := &x.Items[i]; it.Outstanding() > 0 && (day.IsZero() || it.DueOn < day) {
			day = it.DueOn
		}
	}
	if !day.IsZero() {
		return day, true
	}
	return x.FellDue()
}

// interrupted returns the days from which the period runs: since the debtor last acknowledged the debt by
// an agreement, and where payments count as acknowledgements too. What came too late counts for nothing.
func (x *auditor) interrupted(due norway.Date, years int) (agreed, paid norway.Date) {
	type event struct {
		on        norway.Date
		agreement bool
	}
	var events []event
	for _, a := range x.Agreements {
		if a.Status != debt.AgreementProposed && a.Status != debt.AgreementUnknown {
			events = append(events, event{a.StartedOn, true})
		}
	}
	for i := range x.AllPayments {
		if p := &x.AllPayments[i]; p.Channel != debt.PaidByWageDeduction {
			events = append(events, event{p.ReceivedOn, false})
		}
	}
	slices.SortFunc(events, func(a, b event) int { return cmp.Compare(a.on, b.on) })
	agreed, paid = due, due
	for _, e := range events {
		if e.on <= paid.AddMonths(12*years) {
			paid = max(paid, e.on)
		}
		if e.agreement && e.on <= agreed.AddMonths(12*years) {
			agreed = max(agreed, e.on)
		}
	}
	return agreed, paid
}

// step says whether a legal step was taken, and the day of the last that a fee tells of.
func (x *auditor) step() (on norway.Date, taken bool) {
	for i := range x.Fees {
		if f := &x.Fees[i]; f.Kind == debt.CostCourt || f.Kind == debt.CostEnforcement {
			on = max(on, f.IncurredOn)
		}
	}
	return on, x.Case.LegalStep != nil || !on.IsZero()
}
