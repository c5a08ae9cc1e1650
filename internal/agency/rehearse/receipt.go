package rehearse

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
)

// What was paid in a rehearsal, and what is accepted of it, in øre.
const (
	paid     = 2_00
	accepted = 1_50
)

// receipt sends proof of a payment, and has a part of it booked: that has all that the other decisions have, but for
// the end of the case.
func (s *scene) receipt(ctx context.Context) error {
	if !s.offers("submit_receipt") {
		return errNone
	}
	of, a, err := s.each(ctx, s.who.open(), s.proving)
	if err != nil {
		return err
	}
	made := key(a, "receipt_id")
	if !s.offers("decide_receipt") {
		return nil
	}
	in := Input{"receipt_id": made, "decision": debt.AcceptPart, "amount_ore": accepted, "effect": debt.BookPayment,
		"costs": debt.KeepCosts, "reply": words}
	return s.decided(ctx, trial{
		function: "decide_receipt", in: in, other: in.With("amount_ore", accepted-1),
		nonsense: []Input{in.With("decision", nil), in.With("decision", debt.ReceiptReceived), in.With("receipt_id", nowhere),
			in.With("amount_ore", nil), in.With("amount_ore", -1), in.With("amount_ore", paid), in.With("effect", nil),
			in.With("costs", "SOME"), in.With("reply", " "), in.With("decision", debt.AcceptReceipt)},
		must: []string{"receipt", "queue_item", "payment"}, may: []string{"payment_allocation", "instalment", "agreement"},
		wrong: func(before, now *debt.Part, _ core.Answer) (all []Finding) {
			if x := receiptOf(now, made); x == nil || x.Status != debt.ReceiptPartly || x.DecidedOn != s.today ||
				x.Reply == nil || *x.Reply != words {
				all = append(all, found("receipt", "%s does not show what was decided", made))
			}
			was, is := ByKey(before)[of.ID.ID], ByKey(now)[of.ID.ID]
			if is == nil {
				return all // it is said already
			}
			booked := slices.ContainsFunc(is.AllPayments, func(p debt.Payment) bool {
				return p.Amount == accepted && p.ReceivedOn == s.today && p.Channel == debt.PaidToCreditor
			})
			if !booked || len(is.AllPayments) != len(was.AllPayments)+1 {
				all = append(all, found("payment", "case %s has no payment of %d øre to the creditor, of today", of.ID.ID, accepted))
			}
			return all
		},
	})
}

func (s *scene) proving(x *debt.Case) trial {
	in := Input{"case_id": x.ID.ID, "kind": debt.PaidCreditor, "paid_on": s.today.String(), "amount_ore": paid,
		"statement": words, "files": 1}
	return trial{
		function: "submit_receipt", in: in, other: in.With("amount_ore", paid+1), foreign: true,
		nonsense: []Input{in.With("kind", "TO_NOBODY"), in.With("paid_on", (s.today + 1).String()), in.With("amount_ore", 0),
			in.With("amount_ore", -1), in.With("files", 0), in.With("files", 6), in.With("case_id", nowhere)},
		must: []string{"receipt"}, may: []string{"queue_item"},
		wrong: func(_, now *debt.Part, a core.Answer) []Finding {
			made := key(a, "receipt_id")
			is := receiptOf(now, made)
			if is == nil || is.Case.ID != x.ID || is.Status != debt.ReceiptReceived || is.Kind != debt.PaidCreditor ||
				is.PaidOn != s.today || is.Amount != paid || is.Statement == nil || *is.Statement != words {
				return []Finding{found("receipt", "case %s does not show what was sent, as %s", x.ID.ID, debt.ReceiptReceived)}
			}
			return nil
		},
	}
}

func receiptOf(p *debt.Part, id string) *debt.Receipt {
	return thing(p, func(x *debt.Case) []debt.Receipt { return x.Receipts },
		func(x *debt.Receipt) bool { return x.ID == id })
}
