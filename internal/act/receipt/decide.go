package receipt

import (
	"context"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// DecideInput is what a case worker decides on a receipt.
type DecideInput struct {
	act.Keyed
	ItemID   debt.Key             `json:"itemId"`
	Decision debt.ReceiptDecision `json:"decision"`
	Amount   *string              `json:"amount"` // kroner, as it was typed; of AcceptPart alone
	Effect   *debt.ReceiptEffect  `json:"effect"` // nil with RejectReceipt, as the next
	Costs    *debt.CostReversal   `json:"costs"`
	Text     *string              `json:"text"` // what the debtor is told
}

type decision struct {
	ReceiptID string               `json:"receipt_id"`
	Decision  debt.ReceiptDecision `json:"decision"`
	Amount    *money.Øre           `json:"amount_ore"`
	Effect    *debt.ReceiptEffect  `json:"effect"`
	Costs     *debt.CostReversal   `json:"costs"`
	Reply     *string              `json:"reply"`
}

// Decide decides on a receipt that waits for a case worker, once.
func Decide(agencies *agency.Registry) *act.Of[DecideInput] {
	a := &act.Of[DecideInput]{Act: act.Act{
		Name: "DECIDE_RECEIPT", Reach: act.One, Who: act.AtDesk, Function: "decide_receipt",
		Codes: []act.Code{act.TooMuch, act.CaseClosed, act.AgreementExists, act.Other},
		Fields: act.At("itemId", act.NotFound, act.AlreadyDecided).And("amount", act.TooMuch).
			And("effect", act.CaseClosed, act.AgreementExists),
		Keep: act.Disputable,
	}}
	a.Check = checkDecision
	a.Plan = func(ctx context.Context, by act.By, in DecideInput) (act.Plan, error) {
		return a.OfItem(ctx, agencies, by, in.ItemID, "itemId", debt.QueueReceipt, func(subject string) any {
			amount, _ := act.Amount("amount", in.Amount)
			return decision{subject, in.Decision, amount, in.Effect, in.Costs, act.Trimmed(in.Text)}
		})
	}
	return a
}

func checkDecision(_ act.By, in DecideInput) (faults act.Faults) {
	invalid := func(what, member string) {
		faults = append(faults, act.Fault{Code: act.Invalid, Field: []string{"input", member}, Text: what})
	}
	if (in.Decision == debt.AcceptPart) != (in.Amount != nil) {
		invalid("input.PART_PAID", "amount")
	}
	_, wrong := act.Amount("amount", in.Amount)
	faults = append(faults, wrong...)
	rejects := in.Decision == debt.RejectReceipt
	if rejects == (in.Effect != nil) {
		invalid("input.RECEIPT_EFFECT", "effect")
	}
	if rejects == (in.Costs != nil) {
		invalid("input.RECEIPT_COSTS", "costs")
	}
	if in.Decision != debt.AcceptReceipt && act.Trimmed(in.Text) == nil {
		invalid("input.DECISION_TEXT", "text")
	}
	return append(faults, act.CheckText("text", in.Text, act.MostReason)...)
}
