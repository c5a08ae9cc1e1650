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

// DecideInput is what a case worker decides on a plan that was asked for.
type DecideInput struct {
	act.Keyed
	ItemID        debt.Key      `json:"itemId"`
	Decision      debt.Decision `json:"decision"`
	MonthlyAmount *money.Øre    `json:"monthlyAmount"` // of a grant; nil: what was asked for
	FirstDueOn    *norway.Date  `json:"firstDueOn"`    // of a grant; nil: the day that was asked for
	Text          *string       `json:"text"`          // what the debtor is told
}

// decision is the input as the contract takes it.
type decision struct {
	AgreementID string            `json:"agreement_id"`
	Decision    debt.Decision     `json:"decision"`
	Instalments []instalment.Sent `json:"instalments,omitempty"`
	Reply       *string           `json:"reply"`
}

// Decide grants or refuses a plan that waits for a case worker. What is granted is reckoned from what the
// cases owe now, as the quote was.
func Decide(agencies *agency.Registry) *act.Of[DecideInput] {
	a := &act.Of[DecideInput]{Act: act.Act{
		Name: "DECIDE_INSTALMENT_PLAN", Reach: act.One, Who: act.AtDesk, Function: "decide_instalment_plan",
		Codes: append([]act.Code{act.NotOffered, act.AlreadyDecided, act.AgencyUnavailable, act.CaseClosed, act.Disputed,
			act.AgreementExists, act.NotThePolicy, act.Other}, refusals...),
		Fields: act.At("itemId", act.NotFound, act.AlreadyDecided).
			And("decision", act.CaseClosed, act.Disputed, act.AgreementExists, act.NotThePolicy),
		Keep: act.Disputable,
	}}
	a.Check = func(by act.By, in DecideInput) act.Faults { return in.check(by.Today) }
	a.Plan = func(ctx context.Context, by act.By, in DecideInput) (act.Plan, error) {
		d := &decision{Decision: in.Decision, Reply: act.Trimmed(in.Text)}
		plan, err := a.OfItem(ctx, agencies, by, in.ItemID, "itemId", debt.QueuePlan, func(subject string) any {
			d.AgreementID = subject
			return d
		})
		if err != nil || in.Decision != debt.Grant {
			return plan, err
		}
		held, err := askedFor(ctx, agencies, by, d.AgreementID, plan)
		if err != nil {
			return act.Plan{}, unavailable(err)
		}
		granted, wrong := in.reckon(by.Today, held)
		if len(wrong) > 0 {
			return act.Plan{}, wrong
		}
		d.Instalments = granted.Sent()
		if plan.Summary, err = summed(granted); err != nil {
			return act.Plan{}, fmt.Errorf("decide a plan: %w", err)
		}
		plan.Cases, plan.Rests = keys(held), &granted.LastDay
		return plan, nil
	}
	return a
}

func (in *DecideInput) check(today norway.Date) (all act.Faults) {
	at := func(member, key string, args ...text.Arg) {
		all = append(all, act.Fault{Code: act.Invalid, Field: []string{"input", member}, Text: key, Args: args})
	}
	if in.Decision == debt.Refuse && act.Trimmed(in.Text) == nil {
		at("text", "input.REFUSAL_REASON")
	} else {
		all = act.CheckText("text", in.Text, act.MostReason)
	}
	if in.Decision != debt.Grant {
		return all
	}
	if in.MonthlyAmount != nil && *in.MonthlyAmount <= 0 {
		at("monthlyAmount", "input.AMOUNT_POSITIVE")
	}
	if in.FirstDueOn != nil {
		if last := today.AddMonths(mostAhead); *in.FirstDueOn > last {
			at("firstDueOn", "input.DAY_LATEST", text.With("until", last))
		}
		all = append(all, act.CheckAhead("firstDueOn", *in.FirstDueOn, today)...)
	}
	return all
}

// askedFor reads the agreement that waits, with all that it is reckoned from. What does not wait any more is
// decided.
func askedFor(ctx context.Context, agencies *agency.Registry, by act.By, id string, p act.Plan) (*debt.Agreement,
	error) {
	right, err := by.Lookup()
	if err != nil {
		return nil, act.Wrong(act.NotFound, "itemId")
	}
	read, err := agencies.ReadCases(ctx, right.Agency(), right.Scope(p.Debtor), instalment.Relations|debt.OfCases, nil)
	if err != nil { // also where a case is withheld: the plan may be of it
		return nil, err
	}
	for _, c := range read.Cases {
		i := slices.IndexFunc(c.Agreements, func(a *debt.Agreement) bool { return a.ID.ID == id })
		if i >= 0 && c.Agreements[i].Status == debt.AgreementRequested && len(c.Agreements[i].Instalments) > 0 {
			return c.Agreements[i], nil
		}
	}
	return nil, act.Wrong(act.AlreadyDecided, "itemId")
}

// reckon returns the plan that is granted, from what the cases owe now.
func (in *DecideInput) reckon(today norway.Date, held *debt.Agreement) (*instalment.Plan, act.Faults) {
	first := held.Instalments[0]
	setup := first.Fee - held.Cases[0].Terms.Policy.InstalmentFee
	wish := instalment.Wish{Monthly: first.Amount - max(setup, 0), Days: instalment.Left(held.Instalments, first.Number)}
	if in.MonthlyAmount != nil {
		wish.Monthly = *in.MonthlyAmount
	}
	if in.FirstDueOn != nil {
		wish.Days = instalment.From(*in.FirstDueOn)
	}
	for _, c := range held.Cases {
		switch {
		case c.Status != debt.Open:
			return nil, act.Wrong(act.CaseClosed, "decision")
		case c.Disputed():
			return nil, act.Wrong(act.Disputed, "decision")
		}
	}
	if wrong := act.CheckAhead("firstDueOn", wish.On(0), today); wrong != nil {
		return nil, wrong // it has passed while the plan has waited
	}
	plan, why := instalment.Reckon(today, held.Cases, wish, instalment.Kept{})
	if why == "" {
		_, why = plan.Decide(instalment.Kept{})
	}
	if why == "" {
		return plan, nil
	}
	var allowed *instalment.Allowed
	if why != instalment.NothingOwed {
		allowed = new(instalment.Allow(today, held.Cases, wish.FirstDue, instalment.Kept{}))
	}
	wrong := refused(why, allowed, true)
	if wrong[0].Field[1] == "caseIds" {
		wrong[0].Field[1] = "itemId"
	}
	return nil, wrong
}
