// Package deferral asks for more time to pay in one case (betalingsutsettelse).
package deferral

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// The codes of this act alone.
const (
	Exists   act.Code = "DEFERRAL_EXISTS"
	TooEarly act.Code = "TOO_EARLY" // the claim has only been warned of
)

// Input is what is asked for.
type Input struct {
	act.Keyed
	CaseID debt.Key    `json:"caseId"`
	Until  norway.Date `json:"until"` // the last day on which the case stands still
	Reason *string     `json:"reason"`
}

// request is the input as the contract takes it.
type request struct {
	CaseID string  `json:"case_id"`
	Until  string  `json:"until"`
	Reason *string `json:"reason"`
}

// Request is the act.
func Request(agencies *agency.Registry) *act.Of[Input] {
	a := &act.Of[Input]{Act: act.Act{
		Name: "REQUEST_DEFERRAL", Reach: act.One, Who: access.Debtor | access.CaseLogin | access.AttorneyAct,
		Function: "request_deferral",
		Codes: []act.Code{act.NotOffered, act.MayNotAct, act.CaseClosed, act.Disputed, act.AgreementExists, Exists, TooEarly,
			act.NotThePolicy, act.Other},
		Fields: act.At("caseId", act.CaseClosed, act.Disputed, act.AgreementExists, Exists, TooEarly, act.NotFound).
			And("until", act.NotThePolicy),
		Of: Available, Keep: act.Disputable,
		Needs: debt.OfHolds | debt.OfAgreements | debt.OfObjections | debt.OfDeferrals | debt.OfTerms,
	}}
	a.Check = func(by act.By, in Input) act.Faults {
		return append(act.CheckAhead("until", in.Until, by.Today), act.CheckText("reason", in.Reason, act.MostReason)...)
	}
	a.Plan = func(ctx context.Context, by act.By, in Input) (act.Plan, error) {
		input := request{in.CaseID.ID, in.Until.String(), act.Trimmed(in.Reason)}
		return a.InCase(ctx, agencies, by, in.CaseID, "caseId", input)
	}
	return a
}

// waits says that a case worker has not decided yet.
func waits(d debt.Deferral) bool { return d.Status == debt.DeferralRequested }

// Available says whether a deferral can be asked for, and for how long it is granted at once.
// A claim that has only been warned of, or is disputed, has nothing to put off.
func Available(c *debt.Case) (can act.Availability) {
	switch {
	case c.Status != debt.Open:
		can.Why = act.CaseClosed
	case c.Phase == debt.PhaseReminder || c.Phase == debt.PhaseCollectionWarning:
		can.Why = TooEarly
	case c.Disputed():
		can.Why = act.Disputed
	case c.Agreed():
		can.Why = act.AgreementExists
	case c.Held(debt.HoldDeferred) || slices.ContainsFunc(c.Deferrals, waits):
		can.Why = Exists
	case c.Terms.Policy.MaxDeferralDays > 0:
		can.Until = new(c.Terms.Today.AddDays(c.Terms.Policy.MaxDeferralDays))
	}
	return can
}
