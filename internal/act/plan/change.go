package plan

import (
	"context"
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

// ChangeInput says what is to be different in a plan from the next instalment on.
type ChangeInput struct {
	act.Keyed
	AgreementID   debt.Key     `json:"agreementId"`
	MonthlyAmount *money.Øre   `json:"monthlyAmount"` // nil: as it is
	PayDay        *int         `json:"payDay"`        // day of the month; nil: as it is
	SkipNext      *bool        `json:"skipNext"`      // the next instalment and all later ones come a month later
	MoveNextTo    *norway.Date `json:"moveNextTo"`    // the next instalment comes on that day, the later ones as they did
}

// Change changes an instalment plan that runs.
func Change(agencies *agency.Registry) *act.Of[ChangeInput] {
	codes := append([]act.Code{act.Disputed, act.NotThePolicy, act.AgencyUnavailable, NoSkipsLeft, TooFar},
		refusals[:4]...)
	a := &act.Of[ChangeInput]{Act: ofAgreement("CHANGE_INSTALMENT_PLAN", "change_instalment_plan", codes...)}
	a.Of = func(c *debt.Case) (can act.Availability) {
		switch a := c.Agreement(); {
		case a == nil || a.Status != debt.AgreementActive || a.Kind != debt.AgreementInstalments:
			can.Why = NoAgreement
		case c.Disputed():
			can.Why = act.Disputed
		}
		return can
	}
	a.Check = func(by act.By, in ChangeInput) act.Faults { return in.check(by.Today) }
	a.Plan = func(ctx context.Context, by act.By, in ChangeInput) (act.Plan, error) {
		held, err := find(ctx, &a.Act, agencies, by, in.AgreementID, instalment.Relations)
		if err != nil {
			return act.Plan{}, unavailable(err)
		}
		plan, wrong := in.reckon(by.Today, held)
		if len(wrong) > 0 {
			return act.Plan{}, wrong
		}
		kept, err := summed(plan)
		if err != nil {
			return act.Plan{}, fmt.Errorf("change a plan: %w", err)
		}
		return act.Plan{Parts: []act.Part{{Agency: in.AgreementID.Agency, Input: agreed{AgreementID: in.AgreementID.ID,
			Instalments: parts(plan)}}}, Cases: keys(held), Summary: kept, Rests: &plan.LastDay}, nil
	}
	return a
}

func (in *ChangeInput) check(today norway.Date) (all act.Faults) {
	at := func(member, key string) {
		all = append(all, act.Fault{Code: act.Invalid, Field: []string{"input", member}, Text: key})
	}
	days := 0
	for _, given := range []bool{in.PayDay != nil, in.SkipNext != nil && *in.SkipNext, in.MoveNextTo != nil} {
		if given {
			days++
		}
	}
	switch {
	case days > 1:
		at("payDay", "input.ONE_CHANGE")
	case days == 0 && in.MonthlyAmount == nil:
		all = append(all, act.Fault{Code: act.Invalid, Field: []string{"input"}, Text: "input.NO_CHANGE"})
	case in.PayDay != nil && (*in.PayDay < 1 || *in.PayDay > 31):
		at("payDay", "input.PAY_DAY")
	}
	if in.MonthlyAmount != nil && *in.MonthlyAmount <= 0 {
		at("monthlyAmount", "input.AMOUNT_POSITIVE")
	}
	if in.MoveNextTo != nil {
		all = append(all, act.CheckAhead("moveNextTo", *in.MoveNextTo, today)...)
	}
	return all
}

// reckon computes what is left of the plan anew.
func (in *ChangeInput) reckon(today norway.Date, held *debt.Agreement) (*instalment.Plan, act.Faults) {
	next := held.NextInstalment()
	if next == nil || held.Kind != debt.AgreementInstalments {
		return nil, act.Wrong(NoAgreement, "agreementId")
	}
	if slices.ContainsFunc(held.Cases, (*debt.Case).Disputed) {
		return nil, act.Wrong(act.Disputed, "agreementId")
	}
	policy := &held.Cases[0].Terms.Policy
	kept := instalment.Kept{Started: held.StartedOn}
	for _, i := range held.Instalments {
		if !i.PaidOn.IsZero() {
			kept.Paid++
			kept.SetupFee += max(i.Fee-policy.InstalmentFee, 0)
		}
	}
	days, far := in.days(today, instalment.Left(held.Instalments))
	if far || days.On(0) >= days.On(1) {
		return nil, act.Wrong(TooFar, in.member())
	} else if days.On(0) > next.DueOn && (held.SkipsLeft == nil || *held.SkipsLeft <= 0) {
		return nil, act.Wrong(NoSkipsLeft, in.member())
	}
	wish := instalment.Wish{Monthly: usual(held, next), Days: days}
	if in.MonthlyAmount != nil {
		wish.Monthly = *in.MonthlyAmount
	}
	plan, why := instalment.Reckon(today, held.Cases, wish, kept)
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
		allowed := instalment.Allow(today, held.Cases, wish.FirstDue, kept)
		f[0].Args = []text.Arg{text.With("least", allowed.AtOnceMonthly), text.With("months", allowed.AtOnceMonths)}
	}
	return nil, f
}

// mostLater is how many days later an instalment can come. The contract has a week more, for days on which banks
// are closed.
const mostLater = 31

// member names what the wish rests on.
func (in *ChangeInput) member() string {
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
func (in *ChangeInput) days(today norway.Date, was instalment.Days) (d instalment.Days, far bool) {
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
	for d.On(0) <= today {
		d.FirstDue, d.Next = d.Nominal(1), 0
	}
	return d, d.Next.IsZero() && d.Nominal(0) > max(was.Nominal(0), due)+mostLater
}

// usual is what is paid a month.
func usual(held *debt.Agreement, next *debt.Instalment) money.Øre {
	if held.MonthlyAmount != nil {
		return *held.MonthlyAmount
	}
	amount := next.Amount
	for _, i := range held.Instalments {
		if i.PaidOn.IsZero() && i.Number > next.Number {
			return i.Amount // the first has the set-up fee
		}
	}
	return amount
}
