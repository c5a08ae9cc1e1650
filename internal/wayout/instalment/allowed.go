package instalment

import (
	"errors"
	"io"
	"slices"
	"strconv"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Refusal says why no plan can be had; empty: it can.
type Refusal string

// The reasons.
const (
	NothingOwed  Refusal = "NOTHING_OWED"
	TooLittle    Refusal = "TOO_LITTLE"    // the amount does not pay the debt off in MaxMonths
	TooLong      Refusal = "TOO_LONG"      // more instalments than the agency ever agrees to
	TooLate      Refusal = "TOO_LATE"      // a first day that nobody decides on
	TooSmall     Refusal = "TOO_SMALL"     // instalments below the agency's least, which nobody decides on
	NotTogether  Refusal = "NOT_TOGETHER"  // the agency makes no agreement on several of these cases
	NotYet       Refusal = "NOT_YET"       // it may begin on a later day
	NoAgreements Refusal = "NO_AGREEMENTS" // none is offered in a case
	AfterBreach  Refusal = "AFTER_BREACH"  // one was broken, and the agency makes no other
)

// Decision says who decides on a plan.
type Decision string

// The two.
const (
	AtOnce   Decision = "AT_ONCE"     // granted when it is applied for
	ByWorker Decision = "CASE_WORKER" // beyond what is granted at once
)

// SoonDays is within how many days a plan that is granted at once begins, as the contract has it.
const SoonDays = 92

// Decide returns who decides on a plan by the agency's rules, and why nobody does.
func (p *Plan) Decide(kept Kept) (Decision, Refusal) {
	if why := begins(p.Cases, p.Instalments[0].DueOn); why != "" && kept.Started.IsZero() {
		return "", why
	}
	policy := &p.Cases[0].Terms.Policy
	small := slices.ContainsFunc(p.Instalments[:len(p.Instalments)-1], func(i Instalment) bool {
		return i.Amount-i.Fee < kept.least(policy)
	})
	late := kept.Started.IsZero() && p.Instalments[0].DueOn > p.AsOf.AddDays(SoonDays)
	switch n := kept.Paid + len(p.Instalments); {
	case n <= kept.most(policy) && !small && !late:
		return AtOnce, ""
	case n > policy.LongestPlan():
		return "", TooLong
	case small && policy.LongestPlan() == policy.MaxInstalments:
		return "", TooSmall
	case late && policy.LongestPlan() == policy.MaxInstalments:
		return "", TooLate
	}
	return ByWorker, ""
}

// begins says why the agency makes no agreement on the cases that begins on a day.
func begins(cases []*debt.Case, on norway.Date) Refusal {
	for _, c := range cases {
		switch {
		case c.AgreementFrom.IsZero():
			return NoAgreements
		case on < c.AgreementFrom:
			return NotYet
		case len(cases) > 1 && !c.Terms.Policy.JointAgreements, c.AgreementGroup != cases[0].AgreementGroup:
			return NotTogether
		case !c.Terms.Policy.NewPlanAfterBreach() && slices.ContainsFunc(c.Agreements, broken):
			return AfterBreach
		}
	}
	return ""
}

func broken(a *debt.Agreement) bool { return a.Status == debt.AgreementBreached }

// Allowed is what the agency takes.
type Allowed struct {
	LeastMonthly  money.Øre   // in whole kroner, fee included: less is granted by nobody
	AtOnceMonthly money.Øre   // from here on it is granted at once
	AtOnceMonths  int         // as many instalments are granted at once
	MostMonths    int         // more are granted by nobody
	EarliestFirst norway.Date // no instalment before; a bank day
	LatestFirst   norway.Date // a later one is not granted at once; a bank day
}

// Allow returns what the agency takes of cases that owe something.
func Allow(today norway.Date, cases []*debt.Case, first norway.Date, kept Kept) Allowed {
	policy := &cases[0].Terms.Policy
	a := Allowed{AtOnceMonths: kept.most(policy), MostMonths: min(policy.LongestPlan(), MaxMonths),
		EarliestFirst: today + 1, LatestFirst: norway.LastBankDay(today.AddDays(SoonDays))}
	for _, c := range cases {
		a.EarliestFirst = max(a.EarliestFirst, c.AgreementFrom)
	}
	a.EarliestFirst = norway.NextBankDay(a.EarliestFirst)
	b := newBook(today, cases, Wish{Days: From(max(first, a.EarliestFirst))}, kept)
	least := kept.least(policy) + policy.InstalmentFee
	if left := a.AtOnceMonths - kept.Paid; left > 0 {
		a.AtOnceMonthly = whole(max(b.monthly(left), least))
	}
	a.LeastMonthly = b.monthly(max(a.MostMonths-kept.Paid, 1))
	if a.MostMonths == a.AtOnceMonths {
		a.LeastMonthly = a.AtOnceMonthly
	}
	return a
}

// whole rounds up to whole kroner.
func whole(x money.Øre) money.Øre { return (x + money.Krone - 1) / money.Krone * money.Krone }

// MarshalGQL writes the decision as the value of an enum.
func (d Decision) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(d))) }

// UnmarshalGQL never runs: decisions are never given.
func (d *Decision) UnmarshalGQL(any) error { return errors.New("decisions come out alone") }
