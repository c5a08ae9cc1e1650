// Package desk has what case workers do about what waits: they take it in hand, and let go of it.
package desk

import (
	"context"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
)

var keep = act.Keep{Days: 90, Why: "Who had what in hand, and when, is asked for until the answer is long known"}

// ClaimInput is what a case worker takes in hand.
type ClaimInput struct {
	act.Keyed
	ItemID debt.Key `json:"itemId"`
}

// Claim takes what waits in hand: nobody else decides it for [act.ClaimLasts].
func Claim(agencies *agency.Registry) *act.Of[ClaimInput] {
	a := &act.Of[ClaimInput]{Act: declared("CLAIM_ITEM")}
	a.Plan = func(ctx context.Context, by act.By, in ClaimInput) (act.Plan, error) {
		return a.Claims(ctx, agencies, by, in.ItemID)
	}
	return a
}

// ReleaseInput is what a case worker lets go of.
type ReleaseInput struct {
	act.Keyed
	ItemID debt.Key `json:"itemId"`
}

// Release lets go of what was taken in hand; a supervisor, of anybody's.
func Release(agencies *agency.Registry) *act.Of[ReleaseInput] {
	a := &act.Of[ReleaseInput]{Act: declared("RELEASE_ITEM")}
	a.Plan = func(ctx context.Context, by act.By, in ReleaseInput) (act.Plan, error) {
		return a.Releases(ctx, agencies, by, in.ItemID)
	}
	return a
}

func declared(name act.Name) act.Act {
	return act.Act{Name: name, Reach: act.Here, Who: act.AtDesk, Keep: keep,
		Why: "what was asked for is being looked into"}
}
