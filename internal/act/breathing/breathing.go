// Package breathing asks every agency at once for a pause (pusterom).
package breathing

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// NothingOpen says that no case that is asked about goes on.
const NothingOpen act.Code = "NOTHING_OPEN"

// Input is what is asked for.
type Input struct {
	act.Keyed
	Until    norway.Date `json:"until"`
	Agencies []debt.Key  `json:"agencies"` // nil: all in scope
	Reason   *string     `json:"reason"`
}

// request is the input as the contract takes it.
type request struct {
	Until  string  `json:"until"`
	Reason *string `json:"reason"`
}

// Request is the act.
func Request(agencies *agency.Registry) *act.Of[Input] {
	a := &act.Of[Input]{Act: act.Act{
		Name: "REQUEST_BREATHING_SPACE", Reach: act.Each, Who: access.Debtor | access.AttorneyAct,
		Function: "request_breathing_space", Codes: []act.Code{act.NotOffered, NothingOpen}, Keep: act.Disputable,
	}}
	a.Check = func(by act.By, in Input) act.Faults {
		return append(act.CheckAhead("until", in.Until, by.Today), act.CheckText("reason", in.Reason, act.MostReason)...)
	}
	a.Plan = func(ctx context.Context, by act.By, in Input) (act.Plan, error) {
		if wrong := act.CheckAgencies("agencies", in.Agencies, agencies.Codes()); wrong != nil {
			return act.Plan{}, wrong
		}
		return plan(ctx, a, agencies, by, in)
	}
	return a
}

// plan asks the agencies that offer it and where something is open. One that does not answer
// now is asked later, whatever is open there.
func plan(ctx context.Context, a *act.Of[Input], agencies *agency.Registry, by act.By, in Input) (act.Plan, error) {
	var plan act.Plan
	offered := false
	parts, _ := agencies.Read(ctx, by.Scope(), debt.OfCases|debt.OfTerms)
	for _, part := range parts {
		code := part.Agency.Code
		if !act.Chosen(in.Agencies, code) || !a.Offered(agencies, code) {
			continue
		}
		offered = true
		open := openCases(part)
		if part.Status == debt.AgencyOK && len(open) == 0 {
			continue
		}
		plan.Cases = append(plan.Cases, open...)
		plan.Parts = append(plan.Parts, act.Part{Agency: code, Input: request{in.Until.String(), act.Trimmed(in.Reason)}})
	}
	switch {
	case !offered:
		return plan, act.Faults{{Code: act.NotOffered}}
	case len(plan.Parts) == 0:
		return plan, act.Faults{{Code: NothingOpen}}
	}
	return plan, nil
}

func openCases(part debt.Part) (keys []debt.Key) {
	for _, c := range part.Cases {
		if c.Status == debt.Open {
			keys = append(keys, c.ID)
		}
	}
	return slices.Clip(keys)
}
