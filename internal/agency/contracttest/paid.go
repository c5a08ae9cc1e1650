package contracttest

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// paidEarly: who owes nothing any more is late with nothing, whatever instalments are left.
func paidEarly(t *testing.T, c *Core) {
	p, owner := c.planned(t), c.DB.Conn()
	plan := p.apply(t, p.in, debt.AgreementActive)
	total := c.again(t, p.conn, p.subject)[p.cases[0].ID.ID].BalanceOn(p.today).Total
	id := c.proves(t, p.conn, p.subject, rehearse.Input{"case_id": p.cases[0].ID.ID, "kind": "TO_AGENCY",
		"paid_on": p.today.String(), "amount_ore": total + 121, "statement": nil, "files": 1})
	book := rehearse.Input{"receipt_id": id, "decision": "ACCEPTED", "amount_ore": nil, "effect": "BOOK_PAYMENT",
		"costs": "KEEP", "reply": nil}
	if a := ask(t, p.conn, c.desk(t).Deciding(), uuid.New(), "decide_receipt", book); a.Status != "DONE" {
		t.Fatalf("%+v", a)
	}
	x, a := p.now(t, plan)
	if a.Status != debt.AgreementCompleted || a.EndedOn != p.today || x.Status != debt.Open || len(x.ScheduledCosts) > 0 ||
		x.BalanceOn(p.today).Overpaid != 121 {
		t.Errorf("once all is paid the plan is %+v, and costs are %+v", a, x.ScheduledCosts)
	}

	// Half a krone is owed, a krone is paid by the bank, and the first instalment of many kroner is late.
	y := p.cases[1].ID.ID
	must(t, owner, c.Happen.Schedule, y, p.heavy.String(), int64(1000), string(debt.CostHeavyFee))
	late := p.apply(t, p.in.With("case_ids", []string{y}), debt.AgreementActive)
	must(t, owner, c.Happen.Invoice, y, 1, int64(50))
	must(t, owner, c.Happen.Pay, y)
	must(t, owner, c.Happen.Pass, late, startsAfter+2)
	comes := func() (*debt.Agreement, int) {
		now := c.again(t, p.conn, p.subject)[y]
		return now.Agreement(), len(p.costs(now, debt.CostHeavyFee))
	}
	if a, heavy := comes(); a.Status != debt.AgreementActive || !a.WarnedOn.IsZero() || !a.BreachOn.IsZero() ||
		p.policy.AgreementStopsCosts && heavy > 0 {
		t.Errorf("a plan by which nothing is owed is %+v, with %d heavy fees to come", a, heavy)
	}
	must(t, owner, c.Happen.Invoice, y, 2, int64(90)) // something is owed: it is late
	if a, heavy := comes(); a.WarnedOn.IsZero() || a.BreachOn.IsZero() || p.policy.AgreementStopsCosts && heavy != 1 {
		t.Errorf("a plan by which something is owed is %+v, with %d heavy fees to come", a, heavy)
	}
}

// owed reads what the core itself reckons that is owed in each open case, where it reckons anything.
func (c *Core) owed(t *testing.T) map[string]money.Øre {
	t.Helper()
	all := map[string]money.Øre{}
	if c.Happen.Owed == "" {
		return all
	}
	rows, err := c.DB.Conn().Query(t.Context(), c.Happen.Owed, c.Today.String())
	if err != nil {
		t.Fatal(err)
	}
	var id string
	var owed money.Øre
	if _, err := pgx.ForEachRow(rows, []any{&id, &owed}, func() error {
		all[id] = owed
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}
