package contracttest

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// objects has the subject object in a case, and returns the objection.
func (c *Core) objects(t *testing.T, conn *pgx.Conn, s *subject, of *debt.Case) string {
	t.Helper()
	a := ask(t, conn, s.scope, uuid.New(), "submit_objection",
		rehearse.Input{"case_id": of.ID.ID, "reasons": []string{"WRONG_AMOUNT"}})
	var made struct {
		ID string `json:"objection_id"`
	}
	if err := a.Into("submit_objection", &made); err != nil {
		t.Fatalf("%+v, %v", a, err)
	}
	return made.ID
}

// decides has a case worker decide, and returns the case as it is then and its latest objection.
func (c *Core) decides(t *testing.T, conn *pgx.Conn, s *subject, of *debt.Case, in rehearse.Input) (*debt.Case,
	debt.Objection) {
	t.Helper()
	if a := ask(t, conn, c.desk(t).Deciding(), uuid.New(), "decide_objection", in); a.Status != "DONE" {
		t.Fatalf("%+v", a)
	}
	now := c.again(t, conn, s)[of.ID.ID]
	return now, now.Objections[len(now.Objections)-1]
}

// decideObjection: an objection is decided once, by a case worker alone, and the case has what was decided.
func decideObjection(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	x, worker := s.cases[0], c.desk(t).Deciding()
	must(t, owner, c.Happen.Invoice, x.ID.ID, 1, int64(700_00))
	must(t, owner, c.Happen.Invoice, x.ID.ID, 2, int64(300_00))
	must(t, owner, c.Happen.Schedule, x.ID.ID, (s.today + 1).String(), int64(1000), string(debt.CostHeavyFee))
	must(t, owner, c.Happen.Schedule, x.ID.ID, (s.today + 40).String(), int64(500), string(debt.CostHeavyFee))
	id := c.objects(t, conn, s, x)
	in := rehearse.Input{"objection_id": id, "decision": "REJECTED", "reply": "Kravet står.", "reduction_ore": nil,
		"deadline": s.today.AddDays(20).String(), "creditor_standpoint": "Varen ble levert."}
	part := in.With("decision", "PARTLY_UPHELD").With("reduction_ore", 350_50)
	refusedActs(t, owner, "decide_objection", map[string]refusal{
		"nothing decided": {"there are four decisions", worker, in.With("decision", nil), nil, "INVALID_INPUT"},
		"withdrawn":       {"the debtor alone withdraws", worker, in.With("decision", "WITHDRAWN"), nil, "INVALID_INPUT"},
		"no word why":     {"the debtor is told why", worker, in.With("reply", " "), nil, "INVALID_INPUT"},
		"long words":      {"a bound on what is kept", worker, in.With("reply", strings.Repeat("æ", 2001)), nil, "INVALID_INPUT"},
		"long standpoint": {"the same", worker, in.With("creditor_standpoint", strings.Repeat("æ", 2001)), nil, "INVALID_INPUT"},
		"no reduction":    {"a part has a size", worker, part.With("reduction_ore", nil), nil, "INVALID_INPUT"},
		"nothing off":     {"a part has a size", worker, part.With("reduction_ore", 0), nil, "INVALID_INPUT"},
		"a reduction":     {"who is rejected has none", worker, in.With("reduction_ore", 1), nil, "INVALID_INPUT"},
		"all of it":       {"then it is upheld", worker, part.With("reduction_ore", 1000_00), nil, "TOO_MUCH"},
		"a short deadline": {"it is as long as that of a demand", worker, in.With("deadline", s.today.AddDays(13).String()), nil,
			"INVALID_INPUT"},
		"no such day": {"a calendar has no such day", worker, in.With("deadline", "2026-02-31"), nil, "INVALID_INPUT"},
		"no such":     {"text that no key type holds", worker, in.With("objection_id", "' or true --"), nil, "NOT_FOUND"},
		"the debtor":  {"a case worker decides", s.scope, in, nil, "NOT_FOUND"},
		"nobody":      {"a case worker decides", caller.Scope{}, in, nil, "NOT_FOUND"},
		"closed":      {"nothing is claimed", worker, part, happened(c.Happen.Close, x.ID.ID), "CASE_CLOSED"},
		"closed, too": {"no board takes it", worker, in.With("decision", "TO_BOARD"), happened(c.Happen.Close, x.ID.ID),
			"CASE_CLOSED"},
	})
	c.decidedByDebtor(t, conn, s, "decide_objection", in)
	before := snapshot(t, owner)
	c.decidedOnce(t, worker, "decide_objection", in)
	unchanged(t, before, snapshot(t, owner), "objection", "hold", "scheduled_cost", "case", "queue_item")
	now := c.again(t, conn, s)[x.ID.ID]
	o := now.Objections[len(now.Objections)-1]
	if o.Status != debt.ObjectionRejected || o.DecidedOn != s.today || *o.Reply != "Kravet står." ||
		*o.CreditorStandpoint != "Varen ble levert." || now.DueOn != s.today.AddDays(20) {
		t.Errorf("the case has %+v, due on %s", o, now.DueOn)
	}
	if len(now.AllHolds) != 1 || now.AllHolds[0].Until != s.today {
		t.Errorf("the holds are %+v", now.AllHolds)
	}
	c.costs(t, s, now, 21, 60) // the first comes after the new deadline
	if now.OriginalPrincipal != 1000_00 || len(now.Items) != 2 {
		t.Errorf("the claim is %s in %d invoices", now.OriginalPrincipal, len(now.Items))
	}
	c.upheldInPart(t, conn, s, x, part)
	c.upheld(t, conn, s)
	c.toBoard(t, conn, s)
	c.decidedTooLate(t, conn, s)
	c.planAfterObjection(t)
}

// costs holds what is scheduled against days from today.
func (c *Core) costs(t *testing.T, s *subject, x *debt.Case, days ...int) {
	t.Helper()
	var got []int
	for _, cost := range x.ScheduledCosts {
		got = append(got, int(cost.On-s.today))
	}
	if diff := gocmp.Diff(days, got); diff != "" {
		t.Errorf("the costs come in days (-want +got)\n%s", diff)
	}
}

// upheldInPart takes the reduction off the principal and the invoices, the money is right to the øre, and
// what is left is collected by the earliest deadline.
func (c *Core) upheldInPart(t *testing.T, conn *pgx.Conn, s *subject, of *debt.Case, in rehearse.Input) {
	t.Helper()
	id := c.objects(t, conn, s, of)
	was := c.again(t, conn, s)[of.ID.ID]
	now, o := c.decides(t, conn, s, of, in.With("objection_id", id).With("deadline", nil))
	if o.Status != debt.ObjectionPartlyUpheld || now.DueOn != s.today.AddDays(14) || now.Status != debt.Open {
		t.Errorf("the case has %+v, due on %s", o, now.DueOn)
	}
	c.costs(t, s, now, 21, 60)
	// 1000.00 − 350.50 is 649.50: the latest invoice of 300.00 goes, and 50.50 of the first.
	var items []money.Øre
	for _, i := range now.Items {
		items = append(items, i.Amount)
	}
	if diff := gocmp.Diff([]money.Øre{649_50, 0}, items); diff != "" || now.OriginalPrincipal != 649_50 {
		t.Errorf("the claim is %s (-want +got)\n%s", now.OriginalPrincipal, diff)
	}
	was.OriginalPrincipal, was.Items = now.OriginalPrincipal, now.Items
	want, got := was.BalanceOn(s.today), now.BalanceOn(s.today)
	if got.Total != want.Total || got.Principal != 649_50 || got.Interest != want.Interest {
		t.Errorf("the balance is %+v, not %+v", got, want)
	}
}

// upheld closes the case: nothing is owed, and no cost comes.
func (c *Core) upheld(t *testing.T, conn *pgx.Conn, s *subject) {
	t.Helper()
	x := s.cases[1]
	must(t, c.DB.Conn(), c.Happen.Schedule, x.ID.ID, (s.today + 5).String(), int64(1000), string(debt.CostHeavyFee))
	id := c.objects(t, conn, s, x)
	now, o := c.decides(t, conn, s, x, rehearse.Input{"objection_id": id, "decision": "UPHELD"})
	if o.Status != debt.ObjectionUpheld || o.Reply != nil || o.CreditorStandpoint != nil || now.Status != debt.Closed ||
		now.ClosedOn != s.today || now.Phase != debt.PhaseClosed || now.BalanceOn(s.today).Total != 0 {
		t.Errorf("the case is %s since %s with %+v", now.Status, now.ClosedOn, o)
	}
	c.costs(t, s, now)
}

// toBoard leaves the case to the conciliation board, once.
func (c *Core) toBoard(t *testing.T, conn *pgx.Conn, s *subject) {
	t.Helper()
	x := s.cases[2]
	must(t, c.DB.Conn(), c.Happen.Schedule, x.ID.ID, (s.today + 5).String(), int64(1000), string(debt.CostHeavyFee))
	in := rehearse.Input{"objection_id": c.objects(t, conn, s, x), "decision": "TO_BOARD", "reply": "Forliksrådet avgjør."}
	now, o := c.decides(t, conn, s, x, in)
	if o.Status != debt.ObjectionToBoard || now.Phase != debt.PhaseLegal || now.LegalStep == nil ||
		*now.LegalStep != debt.StepConciliation || !now.DueOn.IsZero() {
		t.Errorf("the case is in %s with %+v", now.Phase, o)
	}
	c.costs(t, s, now)
	again := in.With("objection_id", c.objects(t, conn, s, x))
	if a := ask(t, conn, c.desk(t).Deciding(), uuid.New(), "decide_objection", again); a.Reason != "BEFORE_COURT" {
		t.Errorf("to the board once more: %+v", a)
	}
}

// decidedTooLate: what is decided in a closed case answers the objection, and changes nothing else.
func (c *Core) decidedTooLate(t *testing.T, conn *pgx.Conn, s *subject) {
	t.Helper()
	x := s.cases[3]
	id := c.objects(t, conn, s, x)
	must(t, c.DB.Conn(), c.Happen.Close, x.ID.ID)
	before := snapshot(t, c.DB.Conn())
	c.decides(t, conn, s, x, rehearse.Input{"objection_id": id, "decision": "REJECTED", "reply": "Kravet er betalt."})
	unchanged(t, before, snapshot(t, c.DB.Conn()), "objection", "hold", "queue_item")
}
