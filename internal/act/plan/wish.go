// Package plan has what a debtor does about an instalment plan (nedbetalingsavtale): asks what one would
// cost, applies for it, changes it and cancels it.
package plan

import (
	"context"
	"fmt"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
	"github.com/oversikt/oversikt/internal/wayout/instalment"
)

// The codes of these acts alone, beside those of [instalment.Refusal].
const (
	QuoteChanged act.Code = "QUOTE_CHANGED" // it would cost something else than was shown
	OnHold       act.Code = "ON_HOLD"       // death or debt settlement: nothing is to be agreed
	NoAgreement  act.Code = "NO_AGREEMENT"  // there is none in force
	NoSkipsLeft  act.Code = "NO_SKIPS_LEFT"
	OtherCases   act.Code = "OTHER_CASES" // the agreement is on cases too that are not the caller's to act in
	TooFar       act.Code = "TOO_FAR"     // an instalment may be put off by a month
)

// Bounds of a wish.
const (
	mostCases = 20
	mostAhead = 120 // months until the first instalment: nobody grants as many, and the calendar goes on
)

const mayAct = access.Debtor | access.CaseLogin | access.AttorneyAct

// Wanted is which cases somebody wants to pay in instalments, and how.
type Wanted struct {
	CaseIDs       []debt.Key  `json:"caseIds"`
	MonthlyAmount *money.Øre  `json:"monthlyAmount"` // with the fee; nil: Months
	Months        *int        `json:"months"`
	FirstDueOn    norway.Date `json:"firstDueOn"`
}

// check returns what can be told to be wrong without reading anything.
func (w *Wanted) check(today norway.Date) (all act.Faults) {
	switch n := len(w.CaseIDs); {
	case n == 0 || n > mostCases:
		all.Invalid("caseIds", "input.LIST_CHOOSE", text.With("max", mostCases))
	case len(unique(w.CaseIDs)) < n:
		all.Invalid("caseIds", "input.DUPLICATE")
	}
	switch {
	case (w.MonthlyAmount == nil) == (w.Months == nil):
		all.Invalid("monthlyAmount", "input.AMOUNT_OR_MONTHS")
	case w.MonthlyAmount != nil && *w.MonthlyAmount <= 0:
		all.Invalid("monthlyAmount", "input.AMOUNT_POSITIVE")
	case w.Months != nil && (*w.Months < 1 || *w.Months > instalment.MaxMonths):
		all.Invalid("months", "input.MONTHS", text.With("max", instalment.MaxMonths))
	}
	if last := today.AddMonths(mostAhead); w.FirstDueOn > last {
		all.Invalid("firstDueOn", "input.DAY_LATEST", text.With("until", last))
	}
	return append(all, act.CheckAhead("firstDueOn", w.FirstDueOn, today)...)
}

func unique(keys []debt.Key) map[debt.Key]bool {
	all := map[debt.Key]bool{}
	for _, k := range keys {
		all[k] = true
	}
	return all
}

// wish is how the cases are to be paid.
func (w *Wanted) wish() instalment.Wish {
	wish := instalment.Wish{Days: instalment.From(w.FirstDueOn)}
	if w.MonthlyAmount != nil {
		wish.Monthly = *w.MonthlyAmount
	} else {
		wish.Months = *w.Months
	}
	return wish
}

// Quote is what an instalment plan would cost, or why it cannot be had and what can.
type Quote struct {
	Cases    []*debt.Case
	Plan     *instalment.Plan // nil: it cannot be had
	Decision instalment.Decision
	Allowed  *instalment.Allowed // nil: nothing is
	Wrong    act.Faults          // empty: it can be had

	wanted Wanted
	today  norway.Date
}

// Look reads the cases that somebody wants to pay in instalments, and says what stands against it. Where the
// agency does not answer it is AGENCY_UNAVAILABLE. What nothing stands against is to be reckoned.
func Look(ctx context.Context, agencies *agency.Registry, by act.By, w Wanted) (*Quote, error) {
	q := &Quote{wanted: w, today: by.Today, Wrong: w.check(by.Today)}
	if len(q.Wrong) > 0 {
		return q, nil
	}
	if err := q.read(ctx, agencies, by, w); err != nil || len(q.Wrong) > 0 {
		return q, err
	}
	for _, c := range q.Cases {
		if why := Available(c).Why; why != "" {
			q.Wrong = append(q.Wrong, act.Wrong(why, "caseIds", fmt.Sprint(slices.Index(w.CaseIDs, c.ID)))...)
		}
	}
	return q, nil
}

// read reads the cases. Those that are not there, foreign and forbidden are told alike.
func (q *Quote) read(ctx context.Context, agencies *agency.Registry, by act.By, w Wanted) error {
	code := w.CaseIDs[0].Agency
	for i, key := range w.CaseIDs {
		if key.Kind != debt.KindCase || !slices.Contains(agencies.Codes(), key.Agency) || !by.Scope().Covers(key.Agency) ||
			len(by.Scope().Cases(key.Agency, []string{key.ID})) == 0 {
			q.Wrong = append(q.Wrong, act.Wrong(act.NotFound, "caseIds", fmt.Sprint(i))...)
		} else if key.Agency != code {
			q.Wrong.Invalid(fmt.Sprint("caseIds.", i), "input.ONE_AGENCY")
		}
	}
	if len(q.Wrong) > 0 {
		return nil
	}
	if !agencies.Offers(code, function) {
		q.Wrong = act.Wrong(act.NotOffered, "caseIds")
		return nil
	}
	part, err := agencies.ReadCases(ctx, code, by.Scope(), instalment.Relations, nil)
	if err != nil {
		return err
	}
	for _, c := range part.Cases {
		if slices.Contains(w.CaseIDs, c.ID) {
			q.Cases = append(q.Cases, c)
		}
	}
	for i, key := range w.CaseIDs {
		if !slices.ContainsFunc(q.Cases, func(c *debt.Case) bool { return c.ID == key }) {
			q.Wrong = append(q.Wrong, act.Wrong(act.NotFound, "caseIds", fmt.Sprint(i))...)
		}
	}
	return nil
}

// Reckon computes the plan and says who decides on it. It takes a while where there are many cases.
func (q *Quote) Reckon() {
	plan, why := instalment.Reckon(q.today, q.Cases, q.wanted.wish(), instalment.Kept{})
	if why != instalment.NothingOwed {
		allowed := instalment.Allow(q.today, q.Cases, q.wanted.FirstDueOn, instalment.Kept{})
		q.Allowed = &allowed
	}
	if why == "" {
		if q.Decision, why = plan.Decide(instalment.Kept{}); why == "" {
			q.Plan = plan
			return
		}
	}
	q.Wrong = refused(why, q.Allowed, q.wanted.MonthlyAmount != nil)
}

// refused tells why a plan cannot be had, with what can.
func refused(why instalment.Refusal, allowed *instalment.Allowed, byAmount bool) act.Faults {
	f := act.Fault{Code: act.Code(why), Field: []string{"input", "caseIds"}}
	if allowed != nil {
		f.Args = []text.Arg{text.With("least", allowed.LeastMonthly), text.With("months", allowed.MostMonths),
			text.With("day", allowed.EarliestFirst),
			text.With("until", allowed.LatestFirst)}
	}
	switch why {
	case instalment.TooLittle, instalment.TooSmall, instalment.TooLong:
		f.Field[1] = "months"
		if byAmount {
			f.Field[1] = "monthlyAmount"
		}
	case instalment.NotYet, instalment.TooLate:
		f.Field[1] = "firstDueOn"
	}
	return act.Faults{f}
}

// unavailable says that the agency does not answer, as something that can be mended.
func unavailable(err error) error {
	if fault.Of(err).Code == fault.AgencyUnavailable {
		return act.Faults{{Code: act.AgencyUnavailable}}
	}
	return err
}
