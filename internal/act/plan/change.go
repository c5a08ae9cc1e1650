package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/text"
	"github.com/oversikt/oversikt/internal/wayout/instalment"
)

// ChangeInput changes a plan.
type ChangeInput struct {
	act.Keyed
	Different
	Total *money.Øre `json:"total"` // what the quote came to; nil: whatever it comes to
}

// Different says what is to be different in a plan from the next instalment on.
type Different struct {
	AgreementID   debt.Key     `json:"agreementId"`
	MonthlyAmount *money.Øre   `json:"monthlyAmount"` // nil: as it is
	PayDay        *int         `json:"payDay"`        // day of the month; nil: as it is
	SkipNext      *bool        `json:"skipNext"`      // the next instalment and all later ones come a month later
	MoveNextTo    *norway.Date `json:"moveNextTo"`    // the next instalment comes on that day, the later ones as they did
}

// Change changes an instalment plan that runs.
func Change(agencies *agency.Registry) *act.Of[ChangeInput] {
	a := &act.Of[ChangeInput]{Act: changing()}
	a.Of = func(c *debt.Case) (can act.Availability) {
		can.Why = changeable(c.Agreement())
		return can
	}
	a.Check = func(by act.By, in ChangeInput) act.Faults { return in.check(by.Today) }
	a.Plan = func(ctx context.Context, by act.By, in ChangeInput) (act.Plan, error) {
		q, err := LookChange(ctx, agencies, by, in.Different)
		if err != nil {
			return act.Plan{}, unavailable(err)
		}
		if len(q.Wrong) == 0 {
			q.Reckon()
		}
		switch plan := q.Plan; {
		case len(q.Wrong) > 0:
			return act.Plan{}, q.Wrong
		case in.Total != nil && *in.Total != plan.Total:
			return act.Plan{}, quoteChanged(plan)
		}
		kept, err := summed(q.Plan)
		if err != nil {
			return act.Plan{}, fmt.Errorf("change a plan: %w", err)
		}
		return act.Plan{Parts: []act.Part{{Agency: in.AgreementID.Agency, Input: agreed{AgreementID: in.AgreementID.ID,
			Instalments: q.Plan.Sent()}}}, Cases: keys(q.held), Summary: kept, Rests: &q.Plan.LastDay}, nil
	}
	return a
}

func changing() act.Act {
	codes := append([]act.Code{act.Disputed, act.NotThePolicy, act.AgencyUnavailable, NoSkipsLeft, TooFar, QuoteChanged},
		refusals[:4]...)
	a := ofAgreement("CHANGE_INSTALMENT_PLAN", "change_instalment_plan", codes...)
	a.Needs |= debt.OfNextInstalment
	return a
}

// ChangeQuote is what changing a plan would come to, or why it cannot be changed so.
type ChangeQuote struct {
	Plan     *instalment.Plan // what is left to pay after it; nil: it cannot be had
	Current  *debt.Left       // what is left to pay as it stands; nil: it could not be read
	UsesSkip bool             // it uses up one of those that may be skipped or moved
	Wrong    act.Faults       // empty: it can be had

	held  *debt.Agreement
	want  Different
	today norway.Date
}

// LookChange reads a plan that somebody wants to change. Where the agency does not answer it is AGENCY_UNAVAILABLE.
// What nothing stands against is to be reckoned.
func LookChange(ctx context.Context, agencies *agency.Registry, by act.By, want Different) (*ChangeQuote, error) {
	q := &ChangeQuote{want: want, today: by.Today, Wrong: want.check(by.Today)}
	if len(q.Wrong) > 0 {
		return q, nil
	}
	a := changing()
	var err error
	if q.held, err = find(ctx, &a, agencies, by, want.AgreementID, instalment.Relations); err != nil {
		if wrong, ok := errors.AsType[act.Faults](err); ok {
			q.Wrong, err = wrong, nil
		}
		return q, err
	}
	q.Current = q.held.Left()
	return q, nil
}

// Reckon computes what is left of the plan anew.
func (q *ChangeQuote) Reckon() {
	next := q.held.NextInstalment()
	if q.Plan, q.Wrong = q.want.reckon(q.today, q.held); q.Plan != nil {
		q.UsesSkip = q.Plan.Instalments[0].DueOn > next.DueOn
	}
}

// quoteChanged says that something else would be agreed than was shown.
func quoteChanged(p *instalment.Plan) act.Faults {
	f := act.Wrong(QuoteChanged, "total")
	f[0].Args = []text.Arg{text.With("total", p.Total)}
	return f
}

func (in *Different) check(today norway.Date) (all act.Faults) {
	days := 0
	for _, given := range []bool{in.PayDay != nil, in.SkipNext != nil && *in.SkipNext, in.MoveNextTo != nil} {
		if given {
			days++
		}
	}
	switch {
	case days > 1:
		all.Invalid("payDay", "input.ONE_CHANGE")
	case days == 0 && in.MonthlyAmount == nil:
		all = append(all, act.Fault{Code: act.Invalid, Field: []string{"input"}, Text: "input.NO_CHANGE"})
	case in.PayDay != nil && (*in.PayDay < 1 || *in.PayDay > 31):
		all.Invalid("payDay", "input.PAY_DAY")
	}
	if in.MonthlyAmount != nil && *in.MonthlyAmount <= 0 {
		all.Invalid("monthlyAmount", "input.AMOUNT_POSITIVE")
	}
	if in.MoveNextTo != nil {
		all = append(all, act.CheckAhead("moveNextTo", *in.MoveNextTo, today)...)
	}
	return all
}

// changeable says why what is left of a plan cannot be agreed anew; empty: it can.
func changeable(a *debt.Agreement) act.Code {
	switch {
	case a == nil || a.Status != debt.AgreementActive || a.Kind != debt.AgreementInstalments:
		return NoAgreement
	case !a.Whole():
		return OtherCases
	case slices.ContainsFunc(a.Cases, (*debt.Case).Disputed):
		return act.Disputed
	case !slices.ContainsFunc(a.Cases, (*debt.Case).Owes):
		return act.Code(instalment.NothingOwed)
	case a.NextInstalment() == nil:
		return NoAgreement
	}
	return ""
}

// reckon computes what is left of the plan anew.
func (in *Different) reckon(today norway.Date, held *debt.Agreement) (*instalment.Plan, act.Faults) {
	if why := changeable(held); why != "" {
		return nil, act.Wrong(why, "agreementId")
	}
	next, wish, kept := instalment.Standing(held)
	var far bool
	if wish.Days, far = in.days(today, wish.Days); far || wish.On(0) >= wish.On(1) {
		return nil, act.Wrong(TooFar, in.member())
	} else if wish.On(0) > next.DueOn && (held.SkipsLeft == nil || *held.SkipsLeft <= 0) {
		return nil, act.Wrong(NoSkipsLeft, in.member())
	}
	if in.MonthlyAmount != nil {
		wish.Monthly = *in.MonthlyAmount
	}
	cases := instalment.Open(held.Cases)
	if len(cases) == 0 {
		return nil, act.Wrong(act.Code(instalment.NothingOwed), in.member())
	}
	plan, why := instalment.Reckon(today, cases, wish, kept)
	if why == "" {
		var decision instalment.Decision
		if decision, why = plan.Decide(kept); why == "" && decision != instalment.AtOnce {
			why = instalment.TooLong
		}
	}
	if why == "" {
		return plan, nil
	}
	f := act.Wrong(act.Code(why), in.member())
	if why != instalment.NothingOwed {
		allowed := instalment.Allow(today, cases, wish.FirstDue, kept)
		f[0].Args = []text.Arg{text.With("least", allowed.AtOnceMonthly), text.With("months", allowed.AtOnceMonths)}
	}
	return nil, f
}

// mostLater is how many days later an instalment can come. The contract has a week more, for days on which banks
// are closed.
const mostLater = 31

// member names what the wish rests on.
func (in *Different) member() string {
	switch {
	case in.SkipNext != nil && *in.SkipNext:
		return "skipNext"
	case in.MoveNextTo != nil:
		return "moveNextTo"
	case in.PayDay != nil:
		return "payDay"
	default:
		return "monthlyAmount"
	}
}

// days are those of the rest: as they were, but for what is to be different. The next instalment comes on a day
// to come; far says that this is more than a month after the day that it has now.
func (in *Different) days(today norway.Date, was instalment.Days) (d instalment.Days, far bool) {
	d, due := was, was.On(0)
	switch {
	case in.SkipNext != nil && *in.SkipNext:
		d.FirstDue, d.Next = d.Nominal(1), 0
	case in.PayDay != nil && *in.PayDay != was.PayDay:
		d.PayDay, d.Next = *in.PayDay, 0
		d.FirstDue = d.Nominal(0)
	case in.MoveNextTo != nil:
		d.Next = norway.NextBankDay(*in.MoveNextTo)
		return d, *in.MoveNextTo > due+mostLater
	}
	d.After(today)
	return d, d.Next.IsZero() && d.Nominal(0) > due+mostLater
}
