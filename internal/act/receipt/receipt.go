// Package receipt sends proof of a payment (kvittering), and decides on it.
package receipt

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/vault"
)

// Exists is of a receipt in a case where one is not decided.
const Exists act.Code = "RECEIPT_EXISTS"

const (
	submitFunction = "submit_receipt"

	mostWords = 4000 // characters of a statement: the contract's bound
	mostYears = 13   // how long ago a payment may be: no claim is older (foreldelsesloven § 10)

	// MostFiles is how many files prove one payment.
	MostFiles = 5
	// looking is how long all files of one receipt may take to be looked through and kept.
	looking = 25 * time.Second
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

// Deps is what a receipt is taken with.
type Deps struct {
	Agencies *agency.Registry
	Vault    *vault.Vault
	// Scan returns what is known to be harmful in a document, empty for nothing; an error says that nobody knows now.
	// Nil: no file is taken.
	Scan func(ctx context.Context, content []byte) (found string, err error)
	Log  *slog.Logger
}

// Submit sends proof of a payment in a case that is open. Its files are looked through before anything is kept, and
// are kept before the act is stored; what the agency refuses is not kept.
func Submit(d Deps) *act.Of[SubmitInput] {
	a := &act.Of[SubmitInput]{Act: act.Act{
		Name: "SUBMIT_RECEIPT", Reach: act.One, Who: access.Debtor | access.CaseLogin | access.AttorneyAct,
		Function: submitFunction, Codes: []act.Code{act.NotOffered, act.MayNotAct, act.CaseClosed, Exists, act.Other},
		Fields: act.At("caseId", act.CaseClosed, Exists, act.NotFound),
		Of:     Available, Needs: debt.OfReceipts, Keep: act.Disputable, Own: d.own,
	}}
	a.Plan = func(ctx context.Context, by act.By, in SubmitInput) (act.Plan, error) {
		files, wrong := check(by, in)
		if len(wrong) > 0 {
			return act.Plan{}, wrong
		}
		amount, _ := act.Amount("amount", &in.Amount)
		plan, err := a.InCase(ctx, d.Agencies, by, in.CaseID, "caseId", submission{in.CaseID.ID, in.Kind, in.PaidOn.String(),
			*amount, act.Trimmed(in.Statement), len(files)})
		if err != nil {
			return act.Plan{}, err
		}
		stored, err := d.keep(ctx, files)
		if err != nil {
			return act.Plan{}, err
		}
		plan.Store = func(ctx context.Context, tx pgx.Tx) error {
			at := vault.Place{Act: by.ID, Agency: in.CaseID.Agency, Case: in.CaseID.ID}
			return d.Vault.Insert(ctx, tx, at, stored, by.Now)
		}
		return plan, nil
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

// own notes what the agency calls the receipt that the files belong to; what it has refused is not kept.
func (d Deps) own(ctx context.Context, tx pgx.Tx, id uuid.UUID, code string, a agency.Answer) error {
	var made struct {
		ID string `json:"receipt_id"`
	}
	if a.Status == string(act.Done) {
		if err := a.Into(submitFunction, &made); err != nil || made.ID == "" {
			return fmt.Errorf("%s has not named the receipt of act %s: %w", code, id, err)
		}
	}
	return d.Vault.Settle(ctx, tx, id, made.ID)
}
