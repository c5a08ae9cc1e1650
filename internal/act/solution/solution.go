// Package solution accepts a combined payment solution at several agencies at once: all of
// them agree to their part, or none does.
package solution

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
	"github.com/oversikt/oversikt/internal/wayout/offer"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

// Name is the act's name.
const Name act.Name = "ACCEPT_PAYMENT_SOLUTION"

// The codes of this act alone.
const (
	OfferExpired    act.Code = "OFFER_EXPIRED"
	AcceptedBefore  act.Code = "ACCEPTANCE_PENDING"
	recordsChanged  act.Code = act.CasesChanged
	agencyIsMissing act.Code = act.AgencyUnavailable
)

// Input says which solution is accepted.
type Input struct {
	act.Keyed
	OfferID string `json:"offerId"`
}

// Deps is what the act works with.
type Deps struct {
	Agencies *agency.Registry
	// OpenOffer returns the offer of a text; its error is BAD_USER_INPUT for one that is none.
	OpenOffer func(text string) (offer.Token, error)
	// Acts lists the caller's acts: a solution leaves out what an earlier one pays.
	Acts func(ctx context.Context, p caller.Principal) ([]*act.Record, error)
	// Solve computes solutions, when it is the caller's turn.
	Solve offer.Solve
}

// Followed returns the schedules of the solutions among acts that are followed, in their order.
func Followed(acts []*act.Record) ([]schedule.Schedule, error) {
	var all []schedule.Schedule
	for _, a := range acts {
		if a.Name != Name || a.Kept == nil || a.Decision != act.Confirm {
			continue
		}
		s, err := schedule.Decode(a.Kept)
		if err != nil {
			return nil, fmt.Errorf("schedule of an acceptance: %w", err)
		}
		all = append(all, s)
	}
	return all, nil
}

// Accept is the act.
func Accept(d Deps) *act.Of[Input] {
	return &act.Of[Input]{
		Act: act.Act{
			Name: Name, Reach: act.All, Who: access.Debtor | access.CaseLogin | access.AttorneyAct,
			Function: "propose_solution", Confirm: "confirm_solution", Withdraw: "withdraw_solution",
			Codes: []act.Code{OfferExpired, recordsChanged, agencyIsMissing, act.NotOffered},
			Alone: AcceptedBefore,
			Keep: act.Keep{Days: 1095,
				Why: "What was accepted, down to its last payment, can be disputed for three years (foreldelsesloven § 2)"},
			Reads: offer.Relations,
			Verify: func(now debt.Part, expects []byte) error {
				if !slices.Equal(offer.Fingerprint(now, d.Agencies.Today()), expects) {
					return act.ErrChanged
				}
				return nil
			},
		},
		Plan: d.plan,
	}
}

// plan computes the offer again from the records of this moment, and binds it at every
// agency that has to agree to something. Where none has, it is only kept, for the person to follow.
func (d Deps) plan(ctx context.Context, by act.By, in Input) (act.Plan, error) {
	token, err := d.OpenOffer(in.OfferID)
	if err != nil {
		return act.Plan{}, act.Wrong(act.Invalid, "offerId")
	}
	acts, err := d.Acts(ctx, by.Principal)
	if err != nil {
		return act.Plan{}, err
	}
	followed, err := Followed(acts)
	if err != nil {
		return act.Plan{}, err
	}
	// Who does not answer is in the parts.
	parts, _ := d.Agencies.Read(ctx, by.Scope(), offer.Relations|schedule.Relations)
	schedule.Tell(followed, by.Today, parts)
	found, err := token.Again(ctx, d.Solve, &debt.Person{Today: by.Today, Parts: parts})
	if err != nil {
		return act.Plan{}, wrong(err, parts)
	}
	plan := act.Plan{Rests: &found.LastDay}
	for code, p := range found.Proposals() {
		plan.Parts = append(plan.Parts, act.Part{Agency: code, Input: p, Expects: token.Prints[code]})
	}
	slices.SortFunc(plan.Parts, func(a, b act.Part) int { return cmp.Compare(a.Agency, b.Agency) })
	summary := found.Summary()
	plan.Cases = summary.Cases
	if plan.Summary, err = json.Marshal(summary); err != nil {
		return act.Plan{}, fmt.Errorf("accept a solution: %w", err)
	}
	if plan.Kept, err = found.Agreed().Encode(); err != nil {
		return act.Plan{}, fmt.Errorf("accept a solution: %w", err)
	}
	return plan, nil
}

// wrong is what the person can mend of why there is no such offer any more. Where they have nothing
// at the agency whose cases have changed, the offer is somebody else's, as far as anybody may know.
func wrong(err error, parts []debt.Part) error {
	var changed *offer.ChangedError
	switch f := fault.Of(err); {
	case errors.As(err, &changed) && !slices.ContainsFunc(parts, func(p debt.Part) bool {
		return p.Agency.Code == changed.Agency.Code && len(p.Cases) > 0
	}):
		return act.Wrong(act.Invalid, "offerId")
	case errors.As(err, &changed):
		faults := act.Wrong(recordsChanged, "offerId")
		faults[0].Args = []text.Arg{text.With("agency", changed.Agency.Name)}
		return faults
	case errors.Is(err, offer.ErrExpired):
		return act.Wrong(OfferExpired, "offerId")
	case f.Code == fault.AgencyUnavailable:
		return act.Faults{{Code: agencyIsMissing}}
	}
	return err
}
