package plan

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/wayout/instalment"
)

const function = "apply_for_instalment_plan"

// refusals are the codes of what cannot be had.
var refusals = []act.Code{
	act.Code(instalment.NothingOwed), act.Code(instalment.TooLittle), act.Code(instalment.TooLong),
	act.Code(instalment.TooSmall), act.Code(instalment.NotTogether), act.Code(instalment.NotYet),
	act.Code(instalment.NoAgreements), act.Code(instalment.AfterBreach), act.Code(instalment.TooLate),
}

// ApplyInput is a wish for a plan.
type ApplyInput struct {
	act.Keyed
	Wanted
	Total *money.Øre `json:"total"` // what the quote came to; nil: whatever it comes to
}

// agreed is instalments as the contract takes them.
type agreed struct {
	AgreementID string            `json:"agreement_id,omitempty"`
	CaseIDs     []string          `json:"case_ids,omitempty"`
	Instalments []instalment.Sent `json:"instalments"`
}

// summary is kept of a plan in the clear: it names no person.
type summary struct {
	Instalments int       `json:"instalments"`
	Monthly     money.Øre `json:"monthly"`
	Total       money.Øre `json:"total"`
}

func summed(p *instalment.Plan) (json.RawMessage, error) {
	return json.Marshal(summary{len(p.Instalments), p.Monthly, p.Total})
}

// Apply applies for an instalment plan: what is granted at once holds at once.
func Apply(agencies *agency.Registry) *act.Of[ApplyInput] {
	a := application()
	a.Plan = func(ctx context.Context, by act.By, in ApplyInput) (act.Plan, error) {
		q, err := Look(ctx, agencies, by, in.Wanted)
		if err != nil {
			return act.Plan{}, unavailable(err)
		}
		if len(q.Wrong) == 0 {
			q.Reckon()
		}
		switch {
		case len(q.Wrong) > 0:
			return act.Plan{}, q.Wrong
		case in.Total != nil && *in.Total != q.Plan.Total:
			return act.Plan{}, quoteChanged(q.Plan)
		}
		input := agreed{Instalments: q.Plan.Sent()}
		var cases []debt.Key
		for _, c := range q.Plan.Cases {
			input.CaseIDs = append(input.CaseIDs, c.ID.ID)
			cases = append(cases, c.ID)
		}
		kept, err := summed(q.Plan)
		if err != nil {
			return act.Plan{}, fmt.Errorf("apply for a plan: %w", err)
		}
		return act.Plan{Parts: []act.Part{{Agency: cases[0].Agency, Input: input}}, Cases: cases, Summary: kept,
			Rests: &q.Plan.LastDay}, nil
	}
	return a
}

func application() *act.Of[ApplyInput] {
	codes := append([]act.Code{act.NotOffered, act.MayNotAct, act.CaseClosed, act.Disputed, act.AgreementExists,
		act.NotThePolicy, act.AgencyUnavailable, act.Other, QuoteChanged, OnHold}, refusals...)
	return &act.Of[ApplyInput]{
		Act: act.Act{
			Name: "APPLY_FOR_INSTALMENT_PLAN", Reach: act.One, Who: mayAct, Function: function, Codes: codes,
			Fields: act.At("caseIds", act.CaseClosed, act.Disputed, act.AgreementExists, act.NotThePolicy, act.NotFound,
				act.Code(instalment.AfterBreach)),
			Of: Available, Needs: debt.OfHolds | debt.OfAgreements | debt.OfObjections | debt.OfTerms, Keep: act.Disputable,
		},
		Check: func(by act.By, in ApplyInput) act.Faults { return in.check(by.Today) },
	}
}

// Available says whether a plan can be applied for in a case.
func Available(c *debt.Case) (can act.Availability) {
	a := c.Agreement()
	switch {
	case c.Status != debt.Open:
		can.Why = act.CaseClosed
	case c.Held(debt.HoldDeath) || c.Held(debt.HoldDebtSettlement):
		can.Why = OnHold
	case c.Disputed():
		can.Why = act.Disputed
	case a != nil && (a.Status == debt.AgreementActive || a.Status == debt.AgreementRequested):
		can.Why = act.AgreementExists
	case c.AgreementFrom.IsZero():
		can.Why = act.Code(instalment.NoAgreements)
	case a != nil && a.Status == debt.AgreementBreached && !c.Terms.Policy.NewPlanAfterBreach():
		can.Why = act.Code(instalment.AfterBreach)
	}
	return can
}
