package plan

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
)

// CancelInput names a plan.
type CancelInput struct {
	act.Keyed
	AgreementID debt.Key `json:"agreementId"`
}

// Cancel ends a plan, or takes back what was applied for.
func Cancel(agencies *agency.Registry) *act.Of[CancelInput] {
	a := &act.Of[CancelInput]{Act: ofAgreement("CANCEL_INSTALMENT_PLAN", "cancel_instalment_plan", act.AgencyUnavailable)}
	a.Of = func(c *debt.Case) (can act.Availability) {
		switch a := c.Agreement(); {
		case !cancellable(a):
			can.Why = NoAgreement
		case !a.Whole():
			can.Why = OtherCases
		}
		return can
	}
	a.Plan = func(ctx context.Context, by act.By, in CancelInput) (act.Plan, error) {
		held, err := find(ctx, &a.Act, agencies, by, in.AgreementID, 0)
		if err != nil {
			return act.Plan{}, unavailable(err)
		}
		if !cancellable(held) {
			return act.Plan{}, act.Wrong(NoAgreement, "agreementId")
		}
		return act.Plan{Parts: []act.Part{{Agency: in.AgreementID.Agency, Input: cancellation{in.AgreementID.ID}}},
			Cases: keys(held)}, nil
	}
	return a
}

type cancellation struct {
	AgreementID string `json:"agreement_id"`
}

func cancellable(a *debt.Agreement) bool {
	return a != nil && a.Kind == debt.AgreementInstalments &&
		(a.Status == debt.AgreementActive || a.Status == debt.AgreementRequested)
}

// ofAgreement is an act on an agreement that there is.
func ofAgreement(name act.Name, function string, codes ...act.Code) act.Act {
	return act.Act{
		Name: name, Reach: act.One, Who: mayAct, Function: function,
		Codes:  append([]act.Code{act.NotOffered, act.MayNotAct, act.Other, NoAgreement, OtherCases}, codes...),
		Fields: act.At("agreementId", act.NotFound, NoAgreement, act.Disputed, act.NotThePolicy, NoSkipsLeft),
		Needs:  debt.OfHolds | debt.OfAgreements | debt.OfObjections | debt.OfTerms, Keep: act.Disputable,
	}
}

// find returns an agreement all of whose cases are the caller's. One that is missing, foreign or forbidden
// is told alike.
func find(ctx context.Context, a *act.Act, agencies *agency.Registry, by act.By, key debt.Key,
	want debt.Relations) (*debt.Agreement, error) {
	if key.Kind != debt.KindAgreement || !slices.Contains(agencies.Codes(), key.Agency) || !by.Scope().Covers(key.Agency) {
		return nil, act.Wrong(act.NotFound, "agreementId")
	}
	if !a.Offered(agencies, key.Agency) {
		return nil, act.Wrong(act.NotOffered, "agreementId")
	}
	part, err := agencies.ReadCases(ctx, key.Agency, by.Scope(), want|a.Needs|debt.OfCases, nil)
	if err != nil && part.Status != debt.AgencyOK {
		return nil, err
	}
	for _, c := range part.Cases {
		for _, held := range c.Agreements {
			if held.ID == key && !held.Whole() {
				return nil, act.Wrong(OtherCases, "agreementId")
			}
			if held.ID == key {
				return held, nil
			}
		}
	}
	if err != nil { // it may be of a case that is withheld
		return nil, err
	}
	return nil, act.Wrong(act.NotFound, "agreementId")
}

func keys(a *debt.Agreement) (all []debt.Key) {
	for _, c := range a.Cases {
		all = append(all, c.ID)
	}
	return all
}
