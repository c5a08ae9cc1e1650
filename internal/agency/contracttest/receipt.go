package contracttest

import (
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// receipt: proof of a payment waits, stops nothing, and is decided once, with the money right to the øre.
func receipt(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	x := s.cases[0]
	paidOn := s.today.AddDays(-10)
	in := rehearse.Input{"case_id": x.ID.ID, "kind": "TO_CREDITOR", "paid_on": paidOn.String(), "amount_ore": 250_50,
		"statement": "Betalt i banken.", "files": 2}
	refusedActs(t, owner, "submit_receipt", map[string]refusal{
		"nobody":        {"it was paid to somebody", s.scope, in.With("kind", "OTHER"), nil, "INVALID_INPUT"},
		"no day":        {"it was paid some day", s.scope, in.With("paid_on", nil), nil, "INVALID_INPUT"},
		"no such day":   {"a calendar has no such day", s.scope, in.With("paid_on", "2026-02-31"), nil, "INVALID_INPUT"},
		"tomorrow":      {"that proves nothing", s.scope, in.With("paid_on", (s.today + 1).String()), nil, "INVALID_INPUT"},
		"nothing":       {"it was something", s.scope, in.With("amount_ore", 0), nil, "INVALID_INPUT"},
		"less":          {"it was something", s.scope, in.With("amount_ore", -1), nil, "INVALID_INPUT"},
		"half an øre":   {"there is none", s.scope, in.With("amount_ore", 1.5), nil, "INVALID_INPUT"},
		"text":          {"an amount is a number", s.scope, in.With("amount_ore", "100"), nil, "INVALID_INPUT"},
		"no file":       {"a word proves nothing", s.scope, in.With("files", 0), nil, "INVALID_INPUT"},
		"six files":     {"the portal takes five", s.scope, in.With("files", 6), nil, "INVALID_INPUT"},
		"long words":    {"a bound on what is kept", s.scope, in.With("statement", strings.Repeat("æ", 4001)), nil, "INVALID_INPUT"},
		"another's":     {"a known key opens nothing", stranger.scope, in, nil, "NOT_FOUND"},
		"no such case":  {"text that no key type holds", s.scope, in.With("case_id", "' or true --"), nil, "NOT_FOUND"},
		"a case worker": {"a debtor sends it", c.desk(t).Deciding(), in, nil, "NOT_FOUND"},
		"closed":        {"nothing is to be paid", s.scope, in, happened(c.Happen.Close, x.ID.ID), "CASE_CLOSED"},
	})
	before := snapshot(t, owner)
	id := c.proves(t, conn, s, in)
	if a := ask(t, conn, s.scope, uuid.New(), "submit_receipt", in); a.Reason != "RECEIPT_EXISTS" {
		t.Errorf("two in one case: %+v", a)
	}
	unchanged(t, before, snapshot(t, owner), "receipt", "queue_item")
	item := c.waitsFor(t, conn, debt.QueueReceipt, id)
	if item.CaseID == nil || item.CaseID.ID != x.ID.ID || item.Debtor.NationalID != s.scope.NationalID() {
		t.Errorf("what waits is %+v", item)
	}
	now := c.again(t, conn, s)[x.ID.ID].Receipts
	if len(now) != 1 || now[0].ID != id || now[0].Kind != debt.PaidCreditor || now[0].PaidOn != paidOn ||
		now[0].Amount != 250_50 || *now[0].Statement != "Betalt i banken." || now[0].Status != debt.ReceiptReceived ||
		!now[0].DecidedOn.IsZero() || now[0].Reply != nil {
		t.Errorf("the case has %+v", now)
	}
	c.booksReceipt(t, conn, s, id)
	c.closesByReceipt(t, conn, s)
	c.rejectsReceipt(t, conn, s)
	c.receiptTooLate(t, conn, s)
}

// proves sends a receipt, twice under one key.
func (c *Core) proves(t *testing.T, conn *pgx.Conn, s *subject, in rehearse.Input) string {
	t.Helper()
	key := uuid.New()
	first := ask(t, conn, s.scope, key, "submit_receipt", in)
	var made struct {
		ID string `json:"receipt_id"`
	}
	if err := first.Into("submit_receipt", &made); err != nil || made.ID == "" {
		t.Fatalf("%+v: %v", first, err)
	}
	if diff := gocmp.Diff(first, ask(t, conn, s.scope, key, "submit_receipt", in)); diff != "" {
		t.Errorf("again (-first +again)\n%s", diff)
	}
	return made.ID
}

// booksReceipt accepts a part, and lets the costs go that came later.
func (c *Core) booksReceipt(t *testing.T, conn *pgx.Conn, s *subject, id string) {
	t.Helper()
	owner, worker, x := c.DB.Conn(), c.desk(t).Deciding(), s.cases[0]
	must(t, owner, c.Happen.Invoice, x.ID.ID, 1, int64(1000_00))
	must(t, owner, c.Happen.Charge, x.ID.ID, s.today.AddDays(-30).String(), int64(50_00), string(debt.CostHeavyFee))
	must(t, owner, c.Happen.Charge, x.ID.ID, s.today.AddDays(-5).String(), int64(70_05), string(debt.CostHeavyFee))
	must(t, owner, c.Happen.Charge, x.ID.ID, s.today.AddDays(-4).String(), int64(90_00), string(debt.CostCourt))
	const said = "Kreditor har fått 200,25."
	in := rehearse.Input{"receipt_id": id, "decision": "PARTLY", "amount_ore": 200_25, "effect": "BOOK_PAYMENT",
		"costs": "REVERSE_LATER", "reply": said}
	no := in.With("decision", "REJECTED").With("amount_ore", nil).With("effect", nil).With("costs", nil)
	refusedActs(t, owner, "decide_receipt", map[string]refusal{
		"nothing decided":    {"there are three decisions", worker, in.With("decision", nil), nil, "INVALID_INPUT"},
		"not yet":            {"it is no decision", worker, in.With("decision", "RECEIVED"), nil, "INVALID_INPUT"},
		"no amount":          {"a part has a size", worker, in.With("amount_ore", nil), nil, "INVALID_INPUT"},
		"nothing":            {"a part has a size", worker, in.With("amount_ore", 0), nil, "INVALID_INPUT"},
		"text":               {"an amount is a number", worker, in.With("amount_ore", "20025"), nil, "INVALID_INPUT"},
		"all of it":          {"then it is accepted", worker, in.With("amount_ore", 250_50), nil, "TOO_MUCH"},
		"more than it":       {"it does not prove that", worker, in.With("amount_ore", 250_51), nil, "TOO_MUCH"},
		"a part of it":       {"who is accepted needs none", worker, in.With("decision", "ACCEPTED"), nil, "INVALID_INPUT"},
		"no effect":          {"something becomes of the case", worker, in.With("effect", nil), nil, "INVALID_INPUT"},
		"another effect":     {"there are three", worker, in.With("effect", "PAY_BACK"), nil, "INVALID_INPUT"},
		"no costs":           {"it is said", worker, in.With("costs", nil), nil, "INVALID_INPUT"},
		"other costs":        {"there are three", worker, in.With("costs", "SOME"), nil, "INVALID_INPUT"},
		"effect of nothing":  {"it is rejected", worker, no.With("effect", "CLOSE_CASE"), nil, "INVALID_INPUT"},
		"costs for nothing":  {"it is rejected", worker, no.With("costs", "KEEP"), nil, "INVALID_INPUT"},
		"amount for nothing": {"it is rejected", worker, no.With("amount_ore", 1), nil, "INVALID_INPUT"},
		"no word why":        {"the debtor is told why", worker, in.With("reply", " "), nil, "INVALID_INPUT"},
		"long words":         {"a bound on what is kept", worker, in.With("reply", strings.Repeat("æ", 2001)), nil, "INVALID_INPUT"},
		"no such":            {"text that no key type holds", worker, in.With("receipt_id", "' or true --"), nil, "NOT_FOUND"},
		"the debtor":         {"a case worker decides", s.scope, in, nil, "NOT_FOUND"},
		"closed":             {"nothing is booked", worker, in, happened(c.Happen.Close, x.ID.ID), "CASE_CLOSED"},
	})
	c.decidedByDebtor(t, conn, s, "decide_receipt", in)
	was, before := c.again(t, conn, s)[x.ID.ID], snapshot(t, owner)
	c.decidedOnce(t, worker, "decide_receipt", in)
	unchanged(t, before, snapshot(t, owner), "receipt", "queue_item", "payment", "payment_allocation", "fee")
	now := c.again(t, conn, s)[x.ID.ID]
	r := now.Receipts[0]
	if r.Status != debt.ReceiptPartly || r.DecidedOn != s.today || *r.Reply != said || r.Amount != 250_50 {
		t.Errorf("the case has %+v", r)
	}
	c.paidAs(t, now, s.today.AddDays(-10).String(), 200_25, debt.PaidToCreditor)
	var waived []money.Øre
	for _, f := range now.Fees {
		if f.WaivedOn == s.today {
			waived = append(waived, f.Amount)
		}
	}
	// 1000.00 − 200.25 is 799.75. Of the costs 50.00 came before the payment, and 90.00 is the court's.
	b := now.BalanceOn(s.today)
	if !slices.Equal(waived, []money.Øre{70_05}) || b.Principal != 799_75 || b.Fees != 50_00 || b.LegalCosts != 90_00 ||
		b.Total != 799_75+50_00+90_00+b.Interest || b.Interest > was.BalanceOn(s.today).Interest {
		t.Errorf("%v are let go, and %+v is left", waived, b)
	}
	for _, left := range c.waiting(t, conn, core.QueueQuery{Kind: debt.QueueReceipt, Rows: 10_000}) {
		if left.SubjectID == id {
			t.Error("what is decided still waits")
		}
	}
}

// paidAs says that the only payment of a case is one.
func (c *Core) paidAs(t *testing.T, x *debt.Case, on string, amount money.Øre, channel debt.PaymentChannel) {
	t.Helper()
	if len(x.AllPayments) != 1 {
		t.Fatalf("the case has %d payments", len(x.AllPayments))
	}
	p := x.AllPayments[0]
	if p.ReceivedOn.String() != on || p.Amount != amount || p.Channel != channel || p.RegisteredAt.IsZero() ||
		len(p.Allocations) != 1 || p.Allocations[0] != (debt.Allocation{Component: debt.Principal, Amount: amount}) {
		t.Errorf("it is booked as %+v", p)
	}
}

// closesByReceipt closes a case: the payment is booked, costs and what is planned go, and its agreement ends.
func (c *Core) closesByReceipt(t *testing.T, conn *pgx.Conn, s *subject) {
	t.Helper()
	owner, worker, p := c.DB.Conn(), c.desk(t).Deciding(), s.proposal()
	p.Agreements[0].Cases = []string{s.cases[1].ID.ID}
	p.Agreements, p.Deferrals = p.Agreements[:1], nil
	x := s.cases[1]
	must(t, owner, c.Happen.Invoice, x.ID.ID, 1, int64(1000_00))
	must(t, owner, c.Happen.Charge, x.ID.ID, s.today.AddDays(-30).String(), int64(50_00), string(debt.CostHeavyFee))
	must(t, owner, c.Happen.Schedule, x.ID.ID, (s.today + 5).String(), int64(1000), string(debt.CostHeavyFee))
	id := c.proves(t, conn, s, rehearse.Input{"case_id": x.ID.ID, "kind": "TO_AGENCY", "paid_on": s.today.String(),
		"amount_ore": 400_10, "statement": nil, "files": 1})
	in := rehearse.Input{"receipt_id": id, "decision": "ACCEPTED", "amount_ore": nil, "effect": "CLOSE_CASE",
		"costs": "REVERSE_ALL", "reply": nil}
	key := uuid.New()
	s.expect(t, conn, proposing(p), key, proposed, "")
	if a := ask(t, conn, worker, uuid.New(), "decide_receipt", in); a.Reason != "AGREEMENT_EXISTS" {
		t.Errorf("while an agreement is proposed: %+v", a)
	}
	s.expect(t, conn, Withdraw, key, withdrawn, "")
	must(t, owner, c.Happen.Agree, x.ID.ID)
	if a := ask(t, conn, worker, uuid.New(), "decide_receipt", in); a.Status != "DONE" {
		t.Fatalf("%+v", a)
	}
	now := c.again(t, conn, s)[x.ID.ID]
	c.paidAs(t, now, s.today.String(), 400_10, debt.PaidByBank)
	if now.Status != debt.Closed || now.ClosedOn != s.today || now.Phase != debt.PhaseClosed ||
		now.BalanceOn(s.today).Total != 0 || now.Agreement().Status != debt.AgreementCancelled ||
		now.Fees[0].WaivedOn != s.today {
		t.Errorf("the case is %s since %s with %+v", now.Status, now.ClosedOn, now.BalanceOn(s.today))
	}
	c.costs(t, s, now)
}

// rejectsReceipt tells why, and changes nothing else.
func (c *Core) rejectsReceipt(t *testing.T, conn *pgx.Conn, s *subject) {
	t.Helper()
	x := s.cases[2]
	in := rehearse.Input{"case_id": x.ID.ID, "kind": "TO_AGENCY", "paid_on": s.today.String(), "amount_ore": 1,
		"files": 5}
	id, before := c.proves(t, conn, s, in), snapshot(t, c.DB.Conn())
	no := rehearse.Input{"receipt_id": id, "decision": "REJECTED", "amount_ore": nil, "effect": nil, "costs": nil,
		"reply": "Bilaget gjelder et annet krav."}
	if a := ask(t, conn, c.desk(t).Deciding(), uuid.New(), "decide_receipt", no); a.Status != "DONE" {
		t.Fatalf("%+v", a)
	}
	unchanged(t, before, snapshot(t, c.DB.Conn()), "receipt", "queue_item")
	if r := c.again(t, conn, s)[x.ID.ID].Receipts[0]; r.Status != debt.ReceiptRejected || r.DecidedOn != s.today {
		t.Errorf("the case has %+v", r)
	}
	c.proves(t, conn, s, in) // another one can be sent
}

// receiptTooLate: in a case that was closed meanwhile nothing is booked, and the debtor gets an answer.
func (c *Core) receiptTooLate(t *testing.T, conn *pgx.Conn, s *subject) {
	t.Helper()
	x, worker := s.cases[3], c.desk(t).Deciding()
	id := c.proves(t, conn, s, rehearse.Input{"case_id": x.ID.ID, "kind": "TO_AGENCY", "paid_on": s.today.String(),
		"amount_ore": 100, "files": 1})
	must(t, c.DB.Conn(), c.Happen.Close, x.ID.ID)
	before := snapshot(t, c.DB.Conn())
	in := rehearse.Input{"receipt_id": id, "decision": "ACCEPTED", "effect": "ALREADY_BOOKED", "costs": "REVERSE_ALL"}
	if a := ask(t, conn, worker, uuid.New(), "decide_receipt", in); a.Reason != "CASE_CLOSED" {
		t.Errorf("costs of a closed case: %+v", a)
	}
	if a := ask(t, conn, worker, uuid.New(), "decide_receipt", in.With("costs", "KEEP")); a.Status != "DONE" {
		t.Errorf("%+v", a)
	}
	unchanged(t, before, snapshot(t, c.DB.Conn()), "receipt", "queue_item")
}
