// Package invoicecopy orders a copy of the creditor's invoice (fakturakopi), and answers that.
package invoicecopy

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
)

// Exists is of an order in a case where one is not answered.
const Exists act.Code = "ORDER_EXISTS"

// OrderInput says of which case a copy of the invoice is wanted.
type OrderInput struct {
	act.Keyed
	CaseID debt.Key `json:"caseId"`
}

type order struct {
	CaseID string `json:"case_id"`
}

// Order orders a copy of the invoice, also in a case that is closed.
func Order(agencies *agency.Registry) *act.Of[OrderInput] {
	a := &act.Of[OrderInput]{Act: act.Act{
		Name: "ORDER_INVOICE_COPY", Reach: act.One, Who: access.Debtor | access.CaseLogin | access.AttorneyAct,
		Function: "order_invoice_copy", Codes: []act.Code{act.NotOffered, act.MayNotAct, Exists, act.Other},
		Fields: act.At("caseId", Exists, act.NotFound),
		Of:     Available, Needs: debt.OfRequests, Keep: act.Disputable,
	}}
	a.Plan = func(ctx context.Context, by act.By, in OrderInput) (act.Plan, error) {
		return a.InCase(ctx, agencies, by, in.CaseID, "caseId", order{in.CaseID.ID})
	}
	return a
}

// Available says whether a copy can be ordered in a case.
func Available(c *debt.Case) (can act.Availability) {
	if slices.ContainsFunc(c.InvoiceCopies(), func(q debt.Request) bool { return q.Status == debt.RequestReceived }) {
		can.Why = Exists
	}
	return can
}

// AnswerInput is what a case worker answers to an order.
type AnswerInput struct {
	act.Keyed
	ItemID  debt.Key         `json:"itemId"`
	Outcome debt.CopyOutcome `json:"outcome"`
	Text    *string          `json:"text"` // what the debtor is told
}

type answer struct {
	RequestID string           `json:"request_id"`
	Outcome   debt.CopyOutcome `json:"outcome"`
	Reply     *string          `json:"reply"`
}

// Answer answers an order, once.
func Answer(agencies *agency.Registry) *act.Of[AnswerInput] {
	a := &act.Of[AnswerInput]{Act: act.Act{
		Name: "ANSWER_INVOICE_COPY", Reach: act.One, Who: act.AtDesk, Function: "answer_invoice_copy",
		Codes:  []act.Code{act.Other},
		Fields: act.At("itemId", act.NotFound, act.AlreadyDecided), Keep: act.Disputable,
	}}
	a.Check = func(_ act.By, in AnswerInput) act.Faults {
		if in.Outcome == debt.CopyNoneExists && act.Trimmed(in.Text) == nil {
			return act.Faults{{Code: act.Invalid, Field: []string{"input", "text"}, Text: "input.ANSWER_EMPTY"}}
		}
		return act.CheckText("text", in.Text, act.MostReason)
	}
	a.Plan = func(ctx context.Context, by act.By, in AnswerInput) (act.Plan, error) {
		return a.OfItem(ctx, agencies, by, in.ItemID, "itemId", debt.QueueInvoiceCopy, func(subject string) any {
			return answer{subject, in.Outcome, act.Trimmed(in.Text)}
		})
	}
	return a
}
