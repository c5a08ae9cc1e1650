// Package receipt sends proof of a payment (kvittering), and decides on it.
package receipt

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attachment"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/text"
)

// Exists is of a receipt in a case where one is not decided.
const Exists act.Code = "RECEIPT_EXISTS"

const (
	submitFunction = "submit_receipt"

	mostWords = 4000 // characters of a statement: the contract's bound
	mostYears = 13   // how long ago a payment may be: no claim is older (foreldelsesloven § 10)
)

// SubmitInput is what is sent.
type SubmitInput struct {
	act.Keyed
	CaseID    debt.Key         `json:"caseId"`
	Kind      debt.ReceiptKind `json:"kind"`
	PaidOn    norway.Date      `json:"paidOn"`
	Amount    string           `json:"amount"` // kroner, as it was typed
	Statement *string          `json:"statement"`
	Files     []document.Input `json:"files"`
}

type submission struct {
	CaseID    string           `json:"case_id"`
	Kind      debt.ReceiptKind `json:"kind"`
	PaidOn    string           `json:"paid_on"`
	Amount    money.Øre        `json:"amount_ore"`
	Statement *string          `json:"statement"`
	Files     int              `json:"files"`
}

// Submit sends proof of a payment in a case that is open. Its files are looked through before anything is kept, and
// are kept before the act is stored; what the agency refuses is not kept.
func Submit(agencies *agency.Registry, taker attachment.Taker) *act.Of[SubmitInput] {
	a := &act.Of[SubmitInput]{Act: act.Act{
		Name: "SUBMIT_RECEIPT", Reach: act.One, Who: access.Debtor | access.CaseLogin | access.AttorneyAct,
		Function: submitFunction, Codes: []act.Code{act.NotOffered, act.MayNotAct, act.CaseClosed, Exists, act.Other},
		Fields: act.At("caseId", act.CaseClosed, Exists, act.NotFound),
		Of:     Available, Needs: debt.OfReceipts, Keep: act.Disputable,
		Own: taker.Settle(submitFunction, "receipt_id"),
	}}
	a.Plan = func(ctx context.Context, by act.By, in SubmitInput) (act.Plan, error) {
		files, wrong := check(by, in)
		if len(wrong) > 0 {
			return act.Plan{}, wrong
		}
		amount, _ := act.Amount("amount", &in.Amount)
		plan, err := a.InCase(ctx, agencies, by, in.CaseID, "caseId", submission{in.CaseID.ID, in.Kind, in.PaidOn.String(),
			*amount, act.Trimmed(in.Statement), len(files)})
		if err != nil {
			return act.Plan{}, err
		}
		return taker.Take(ctx, plan, files, vault.Place{Kind: vault.Receipt, Act: by.ID, Agency: in.CaseID.Agency,
			Case: in.CaseID.ID}, by.Now)
	}
	return a
}

// Available says whether a receipt can be sent in a case.
func Available(c *debt.Case) (can act.Availability) {
	switch {
	case c.Status != debt.Open:
		can.Why = act.CaseClosed
	case slices.ContainsFunc(c.Receipts, func(x debt.Receipt) bool { return x.Status == debt.ReceiptReceived }):
		can.Why = Exists
	}
	return can
}

// check returns the files, and everything that is wrong with what was sent, as far as can be seen in it.
func check(by act.By, in SubmitInput) (files []vault.File, faults act.Faults) {
	if in.Kind == debt.PaidOther {
		faults.Invalid("kind", "input.RECEIPT_KIND")
	}
	if in.PaidOn > by.Today || in.PaidOn < by.Today.AddMonths(-12*mostYears) {
		faults.Invalid("paidOn", "input.PAID_ON", text.With("years", mostYears))
	}
	_, wrong := act.Amount("amount", &in.Amount)
	faults = append(append(faults, wrong...), act.CheckText("statement", in.Statement, mostWords)...)
	files, wrong = attachment.Read(in.Files, 1)
	return files, append(faults, wrong...)
}
