package deferral

import (
	"context"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// DecideInput is what a case worker decides on a deferral that was asked for.
type DecideInput struct {
	act.Keyed
	ItemID   debt.Key      `json:"itemId"`
	Decision debt.Decision `json:"decision"`
	Until    *norway.Date  `json:"until"` // of a grant; nil: the day that was asked for
	Text     *string       `json:"text"`  // what the debtor is told
}

// decision is the input as the contract takes it.
type decision struct {
	DeferralID string        `json:"deferral_id"`
	Decision   debt.Decision `json:"decision"`
	Until      *string       `json:"until"`
	Reply      *string       `json:"reply"`
}

// Decide grants or refuses a deferral that waits for a case worker.
func Decide(agencies *agency.Registry) *act.Of[DecideInput] {
	a := &act.Of[DecideInput]{Act: act.DeskAct("DECIDE_DEFERRAL", "decide_deferral",
		act.At("decision", act.CaseClosed, act.Disputed, act.AgreementExists),
		act.CaseClosed, act.Disputed, act.AgreementExists, act.Other)}
	a.Check = func(by act.By, in DecideInput) (faults act.Faults) {
		if in.Until != nil && in.Decision == debt.Grant {
			faults = act.CheckAhead("until", *in.Until, by.Today)
		}
		needed := in.Decision == debt.Refuse
		return append(faults, act.CheckReply(in.Text, act.MostReason, needed, "input.REFUSAL_REASON")...)
	}
	a.Plan = func(ctx context.Context, by act.By, in DecideInput) (act.Plan, error) {
		return a.OfItem(ctx, agencies, by, in.ItemID, debt.QueueDeferral, func(subject string) any {
			d := decision{DeferralID: subject, Decision: in.Decision, Reply: act.Trimmed(in.Text)}
			if in.Decision == debt.Grant && in.Until != nil {
				d.Until = new(in.Until.String())
			}
			return d
		})
	}
	return a
}
