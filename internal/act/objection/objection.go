// Package objection disputes a claim (innsigelse), adds to that, and takes it back.
package objection

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attachment"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/fault"
)

// The codes of these acts alone.
const (
	Exists  act.Code = "OBJECTION_EXISTS"
	Decided act.Code = "OBJECTION_DECIDED"
)

// mostStatement is how long a statement may be, in characters: the contract's bound.
const mostStatement = 4000

const mayAct = access.Debtor | access.CaseLogin | access.AttorneyAct

// SubmitInput is what is disputed, and why.
type SubmitInput struct {
	act.Keyed
	CaseID              debt.Key               `json:"caseId"`
	Reasons             []debt.ObjectionReason `json:"reasons"`
	Statement           *string                `json:"statement"`
	ContactWithCreditor *bool                  `json:"contactWithCreditor"`
	DisputedAmount      *string                `json:"disputedAmount"` // kroner, as it was typed; nil: the whole
	Files               []document.Input       `json:"files"`
}

type submission struct {
	CaseID              string                 `json:"case_id"`
	Reasons             []debt.ObjectionReason `json:"reasons"`
	Statement           *string                `json:"statement"`
	ContactWithCreditor *bool                  `json:"contact_with_creditor"`
	DisputedAmount      *money.Øre             `json:"disputed_amount_ore"`
	Files               *int                   `json:"files"`
}

const submitFunction = "submit_objection"

// Submit disputes a claim. It suspends collection at once (inkassoloven § 8, § 17).
func Submit(agencies *agency.Registry, taker attachment.Taker) *act.Of[SubmitInput] {
	a := &act.Of[SubmitInput]{Act: act.Act{
		Name: "SUBMIT_OBJECTION", Reach: act.One, Who: mayAct, Function: submitFunction,
		Codes:  []act.Code{act.NotOffered, act.MayNotAct, act.CaseClosed, Exists, act.Other},
		Fields: act.At("caseId", act.CaseClosed, Exists, act.NotFound),
		Of:     Available, Needs: debt.OfHolds | debt.OfObjections, Keep: act.Disputable,
		Own: taker.Settle(submitFunction, "objection_id"),
	}}
	a.Plan = func(ctx context.Context, by act.By, in SubmitInput) (act.Plan, error) {
		files, wrong := checkSubmission(in)
		if len(wrong) > 0 {
			return act.Plan{}, wrong
		}
		amount, _ := act.Amount("disputedAmount", in.DisputedAmount)
		reasons := append([]debt.ObjectionReason{}, in.Reasons...)
		slices.Sort(reasons)
		input := submission{in.CaseID.ID, slices.Compact(reasons), act.Trimmed(in.Statement), in.ContactWithCreditor, amount,
			attachment.Count(files)}
		plan, err := a.InCase(ctx, agencies, by, in.CaseID, "caseId", input)
		if err != nil {
			return act.Plan{}, err
		}
		return taker.Take(ctx, plan, files, vault.Place{Kind: vault.Objection, Act: by.ID, Agency: in.CaseID.Agency,
			Case: in.CaseID.ID}, by.Now)
	}
	return a
}

// checkSubmission returns the files, and everything that is wrong with what was sent, as far as can be seen in it.
func checkSubmission(in SubmitInput) ([]vault.File, act.Faults) {
	faults := act.CheckText("statement", in.Statement, mostStatement)
	if len(in.Reasons) == 0 && act.Trimmed(in.Statement) == nil {
		faults.Invalid("reasons", "input.OBJECTION_REASON")
	}
	_, wrong := act.Amount("disputedAmount", in.DisputedAmount)
	faults = append(faults, wrong...)
	files, wrong := attachment.Read(in.Files, 0)
	return files, append(faults, wrong...)
}

// Available says whether a claim can be disputed.
func Available(c *debt.Case) (can act.Availability) {
	switch {
	case c.Status != debt.Open:
		can.Why = act.CaseClosed
	case running(c) != nil:
		can.Why = Exists
	}
	return can
}

// running returns the objection that is not decided; nil where there is none.
func running(c *debt.Case) *debt.Objection {
	i := slices.IndexFunc(c.Objections, func(o debt.Objection) bool {
		return o.Status == debt.ObjectionReceived || o.Status == debt.ObjectionUnderReview
	})
	if i < 0 {
		return nil
	}
	return &c.Objections[i]
}

// AddInput is what is added to an objection.
type AddInput struct {
	act.Keyed
	ObjectionID debt.Key         `json:"objectionId"`
	Statement   string           `json:"statement"`
	Files       []document.Input `json:"files"`
}

type addition struct {
	ObjectionID string  `json:"objection_id"`
	Statement   *string `json:"statement"`
	Files       *int    `json:"files"`
}

// Add adds to an objection that is not decided.
func Add(agencies *agency.Registry, taker attachment.Taker) *act.Of[AddInput] {
	a := &act.Of[AddInput]{Act: ofObjection("ADD_TO_OBJECTION", "add_to_objection")}
	a.Own = taker.Settle(a.Function, "")
	a.Plan = func(ctx context.Context, by act.By, in AddInput) (act.Plan, error) {
		files, wrong := checkAddition(in)
		if len(wrong) > 0 {
			return act.Plan{}, wrong
		}
		plan, err := plan(ctx, &a.Act, agencies, by, in.ObjectionID,
			addition{in.ObjectionID.ID, act.Trimmed(&in.Statement), attachment.Count(files)})
		if err != nil {
			return act.Plan{}, err
		}
		at := vault.Place{Kind: vault.Objection, Act: by.ID, Agency: in.ObjectionID.Agency, Subject: in.ObjectionID.ID}
		if len(plan.Cases) > 0 { // the agency has said whose it is
			at.Case = plan.Cases[0].ID
		}
		return taker.Take(ctx, plan, files, at, by.Now)
	}
	return a
}

func checkAddition(in AddInput) ([]vault.File, act.Faults) {
	var faults act.Faults
	if act.Trimmed(&in.Statement) == nil {
		faults.Invalid("statement", "input.TEXT_EMPTY")
	} else {
		faults = act.CheckText("statement", &in.Statement, mostStatement)
	}
	files, wrong := attachment.Read(in.Files, 0)
	return files, append(faults, wrong...)
}

// WithdrawInput says which objection is taken back.
type WithdrawInput struct {
	act.Keyed
	ObjectionID debt.Key `json:"objectionId"`
}

type withdrawal struct {
	ObjectionID string `json:"objection_id"`
}

// Withdraw takes an objection back that is not decided: collection goes on.
func Withdraw(agencies *agency.Registry) *act.Of[WithdrawInput] {
	a := &act.Of[WithdrawInput]{Act: ofObjection("WITHDRAW_OBJECTION", "withdraw_objection")}
	a.Plan = func(ctx context.Context, by act.By, in WithdrawInput) (act.Plan, error) {
		return plan(ctx, &a.Act, agencies, by, in.ObjectionID, withdrawal{in.ObjectionID.ID})
	}
	return a
}

func ofObjection(name act.Name, function string) act.Act {
	return act.Act{
		Name: name, Reach: act.One, Who: mayAct, Function: function,
		Codes:  []act.Code{act.NotOffered, act.MayNotAct, Decided, act.Other},
		Fields: act.At("objectionId", Decided, act.NotFound),
		Of: func(c *debt.Case) (can act.Availability) {
			switch {
			case len(c.Objections) == 0:
				can.Why = act.NotFound
			case running(c) == nil:
				can.Why = Decided
			}
			return can
		},
		Needs: debt.OfObjections, Keep: act.Disputable,
	}
}

// plan is about the case that the objection is in.
func plan(ctx context.Context, a *act.Act, agencies *agency.Registry, by act.By, key debt.Key,
	input any) (act.Plan, error) {
	if key.Kind != debt.KindObjection || !slices.Contains(agencies.Codes(), key.Agency) || !by.Scope().Covers(key.Agency) {
		return act.Plan{}, act.Wrong(act.NotFound, "objectionId")
	}
	if !a.Offered(agencies, key.Agency) {
		return act.Plan{}, act.Wrong(act.NotOffered, "objectionId")
	}
	part, err := agencies.ReadCases(ctx, key.Agency, by.Scope(), debt.OfCases|debt.OfTerms|debt.OfObjections, nil)
	if err != nil && fault.Of(err).Code == fault.AgencyUnavailable {
		return act.Plan{Parts: []act.Part{{Agency: key.Agency, Input: input}}}, nil
	} else if err != nil && part.Status != debt.AgencyOK {
		return act.Plan{}, err
	}
	for _, c := range part.Cases {
		for _, o := range c.Objections {
			switch {
			case o.ID != key:
			case o.Status != debt.ObjectionReceived && o.Status != debt.ObjectionUnderReview:
				return act.Plan{}, act.Wrong(Decided, "objectionId")
			default:
				return act.Plan{Parts: []act.Part{{Agency: key.Agency, Input: input}}, Cases: []debt.Key{c.ID}}, nil
			}
		}
	}
	if err != nil { // it may be in a case that is withheld
		return act.Plan{}, err
	}
	return act.Plan{}, act.Wrong(act.NotFound, "objectionId")
}
