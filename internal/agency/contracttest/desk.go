package contracttest

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// desk is the right of a case worker at the agency.
func (c *Core) desk(t *testing.T) caller.Lookup {
	t.Helper()
	right, err := caller.Principal{Kind: caller.Staff, Agency: c.Agency, Role: caller.CaseWorker}.Lookup()
	if err != nil {
		t.Fatal(err)
	}
	return right
}

func (c *Core) waiting(t *testing.T, conn *pgx.Conn, q core.QueueQuery) []core.Waiting {
	t.Helper()
	found, err := core.Queue(t.Context(), conn, nil, c.facts(), c.desk(t), q)
	if err != nil || len(found.Left) > 0 {
		t.Fatalf("%d are left out: %v", len(found.Left), err)
	}
	return found.Items
}

// asks has the subject ask for more than is granted at once, and returns what waits then.
func (c *Core) asks(t *testing.T, conn *pgx.Conn, s *subject, of *debt.Case, until norway.Date) core.Waiting {
	t.Helper()
	in := rehearse.Input{"case_id": of.ID.ID, "until": until.String(), "reason": "Lønn den 20."}
	a := ask(t, conn, s.scope, uuid.New(), "request_deferral", in)
	var made struct {
		ID     string              `json:"deferral_id"`
		Status debt.DeferralStatus `json:"status"`
	}
	if err := a.Into("request_deferral", &made); err != nil || made.Status != debt.DeferralRequested {
		t.Fatalf("%+v, %v", a, err)
	}
	return c.waitsIn(t, conn, s, of, debt.QueueDeferral, made.ID)
}

// queue is read in pages without a gap, and narrowed to what is asked for.
func queue(t *testing.T, c *Core) {
	conn := c.connect(t)
	s := c.subject(t, conn)
	for _, x := range s.cases[:3] {
		c.asks(t, conn, s, x, s.today.AddDays(s.policy.MaxDeferralDays+5))
	}
	all := c.waiting(t, conn, core.QueueQuery{Rows: 10_000})
	var paged []core.Waiting
	for q := (core.QueueQuery{Rows: 2}); ; {
		page := c.waiting(t, conn, q)
		paged = append(paged, page...)
		if len(page) < q.Rows {
			break
		}
		q.After, q.AfterID = page[1].CreatedAt, page[1].ID.ID
	}
	same := gocmp.Comparer(func(a, b norway.NationalID) bool { return a == b })
	if diff := gocmp.Diff(all, paged, same); diff != "" || len(all) < 4 {
		t.Errorf("%d items, in pages otherwise\n%s", len(all), diff)
	}
	ids, kinds := map[string]bool{}, map[debt.QueueKind]int{}
	for _, item := range all {
		ids[item.ID.ID] = true
		kinds[item.Kind]++
	}
	if len(ids) != len(all) || kinds[debt.QueueDeferral] < 3 || kinds[debt.QueueObjection] == 0 {
		t.Errorf("%d ids of %d items of %v", len(ids), len(all), kinds)
	}
	for _, kind := range []debt.QueueKind{debt.QueueDeferral, debt.QueueObjection} {
		if of := c.waiting(t, conn, core.QueueQuery{Kind: kind, Rows: 10_000}); len(of) != kinds[kind] {
			t.Errorf("%d of kind %s, not %d", len(of), kind, kinds[kind])
		}
	}
	some := []string{all[0].ID.ID, all[2].ID.ID, "' or true --"}
	if of := c.waiting(t, conn, core.QueueQuery{Items: some, Rows: 10}); len(of) != 2 {
		t.Errorf("%d of two items", len(of))
	}
	elsewhere, err := caller.Principal{Kind: caller.Staff, Agency: "elsewhere", Role: caller.CaseWorker}.Lookup()
	if err != nil {
		t.Fatal(err)
	}
	found, err := core.Queue(t.Context(), conn, nil, c.facts(), elsewhere, core.QueueQuery{Rows: 10})
	if err != nil || len(found.Items) > 0 {
		t.Errorf("another agency's case worker sees %d: %v", len(found.Items), err)
	}
}

// decideDeferral: what waits is decided once, by a case worker alone, and the case has what was decided.
func decideDeferral(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	x, days := s.cases[0], s.policy.MaxDeferralDays+9
	must(t, owner, c.Happen.Schedule, x.ID.ID, (s.today + 1).String(), int64(1000), string(debt.CostHeavyFee))
	must(t, owner, c.Happen.Schedule, x.ID.ID, (s.today + 40).String(), int64(500), string(debt.CostHeavyFee))
	idle := snapshot(t, owner)
	item := c.asks(t, conn, s, x, s.today.AddDays(days))
	unchanged(t, idle, snapshot(t, owner), "request", "deferral", "queue_item")
	worker := c.desk(t).Deciding()
	in := rehearse.Input{"deferral_id": item.SubjectID, "decision": "GRANT", "until": s.today.AddDays(20).String(),
		"reply": nil}
	refuse := in.With("decision", "REFUSE").With("until", nil).With("reply", "Du har fått utsettelse to ganger.")
	refusedActs(t, owner, "decide_deferral", map[string]refusal{
		"nothing decided": {"there are two decisions", worker, in.With("decision", nil), nil, "INVALID_INPUT"},
		"later":           {"there are two decisions", worker, in.With("decision", "LATER"), nil, "INVALID_INPUT"},
		"no word why":     {"the debtor is told why", worker, refuse.With("reply", " "), nil, "INVALID_INPUT"},
		"long words":      {"a bound on what is kept", worker, refuse.With("reply", strings.Repeat("æ", 2001)), nil, "INVALID_INPUT"},
		"today":           {"it ends after today", worker, in.With("until", s.today.String()), nil, "INVALID_INPUT"},
		"no such day":     {"a calendar has no such day", worker, in.With("until", "2026-02-31"), nil, "INVALID_INPUT"},
		"no such":         {"text that no key type holds", worker, in.With("deferral_id", "' or true --"), nil, "NOT_FOUND"},
		"the debtor":      {"a case worker decides", s.scope, in, nil, "NOT_FOUND"},
		"nobody":          {"a case worker decides", caller.Scope{}, in, nil, "NOT_FOUND"},
		"closed":          {"nothing is demanded", worker, in, happened(c.Happen.Close, x.ID.ID), "CASE_CLOSED"},
		"disputed":        {"it stands still already", worker, in, happened(c.Happen.Object, x.ID.ID), "DISPUTED"},
		"agreed": {"an agreement has its own days", worker, in, happened(c.Happen.Agree, x.ID.ID),
			"AGREEMENT_EXISTS"},
	})
	c.decided(t, conn, s, item, "decide_deferral", in)
	now := c.again(t, conn, s)[x.ID.ID]
	if d := now.Deferrals[0]; d.Status != debt.DeferralGranted || d.Until != s.today.AddDays(20) ||
		d.DecidedOn != s.today || d.Reply != nil {
		t.Errorf("the case has %+v", d)
	}
	if !slices.ContainsFunc(now.AllHolds, func(h debt.Hold) bool {
		return h.Kind == debt.HoldDeferred && h.Since == s.today && h.Until == s.today.AddDays(20)
	}) {
		t.Errorf("the holds are %+v", now.AllHolds)
	}
	for i, cost := range now.ScheduledCosts {
		if want := []int{21, 60}[i]; int(cost.On-s.today) != want {
			t.Errorf("a cost has moved to %d days from now, not %d", cost.On-s.today, want)
		}
	}
	if added := len(now.Fees) - len(x.Fees); (added == 1) != (s.policy.DeferralFee > 0) {
		t.Errorf("%d fees are added, where one is %s", added, s.policy.DeferralFee)
	}
	c.refusedDeferral(t, conn, s, worker)
}

// decided: a case worker decides on what waits, and no debtor; of many at once, one. Then it waits no more.
func (c *Core) decided(t *testing.T, conn *pgx.Conn, s *subject, item core.Waiting, function string,
	in rehearse.Input) {
	t.Helper()
	c.decidedByDebtor(t, conn, s, function, in)
	c.decidedOnce(t, c.desk(t).Deciding(), function, in)
	c.gone(t, conn, item)
}

func (c *Core) gone(t *testing.T, conn *pgx.Conn, item core.Waiting) {
	t.Helper()
	if left := c.waiting(t, conn, core.QueueQuery{Items: []string{item.ID.ID}, Rows: 1}); len(left) > 0 {
		t.Error("what is decided still waits")
	}
}

// decidedByDebtor: the core itself does not let a debtor decide, whatever asks it.
func (c *Core) decidedByDebtor(t *testing.T, conn *pgx.Conn, s *subject, function string, in rehearse.Input) {
	t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []map[string]any{{"national_id": s.scope.NationalID().Reveal()}, {"case_id": s.cases[0].ID.ID}, {},
		{"staff": false}, {"staff": "true"}} {
		var reason string
		err := conn.QueryRow(t.Context(), "select reason from oversikt."+function+"($1::uuid, $2::jsonb, $3::jsonb)",
			uuid.New(), who, string(text)).Scan(&reason)
		if err != nil || reason != "NOT_FOUND" {
			t.Errorf("%s, %v", reason, err)
		}
	}
}

// decidedOnce: of many who decide at once, one does.
func (c *Core) decidedOnce(t *testing.T, worker caller.Scope, function string, in rehearse.Input) {
	t.Helper()
	pool := c.DB.Pool(func(config *pgxpool.Config) { config.ConnConfig.User, config.MaxConns = spec.DefaultRole, 8 })
	answers := make(chan core.Answer, 8)
	var all sync.WaitGroup
	for range cap(answers) {
		all.Go(func() { answers <- ask(t, pool, worker, uuid.New(), function, in) })
	}
	all.Wait()
	close(answers)
	count := map[string]int{}
	for a := range answers {
		count[a.Status+a.Reason]++
	}
	if diff := gocmp.Diff(map[string]int{"DONE": 1, "REFUSEDALREADY_DECIDED": cap(answers) - 1}, count); diff != "" {
		t.Errorf("at once (-want +got)\n%s", diff)
	}
}

// refusedDeferral: the case goes on as if nothing had been asked for, and the debtor is told why.
func (c *Core) refusedDeferral(t *testing.T, conn *pgx.Conn, s *subject, worker caller.Scope) {
	t.Helper()
	x := s.cases[1]
	item := c.asks(t, conn, s, x, s.today.AddDays(s.policy.MaxDeferralDays+1))
	must(t, c.DB.Conn(), c.Happen.Object, x.ID.ID) // which is no reason to leave it undecided
	before := snapshot(t, c.DB.Conn())
	const why = "Du har fått utsettelse to ganger."
	in := rehearse.Input{"deferral_id": item.SubjectID, "decision": "REFUSE", "reply": why}
	if a := ask(t, conn, worker, uuid.New(), "decide_deferral", in); a.Status != "DONE" {
		t.Fatalf("%+v", a)
	}
	unchanged(t, before, snapshot(t, c.DB.Conn()), "request", "deferral", "queue_item")
	d := c.again(t, conn, s)[x.ID.ID].Deferrals[0]
	if d.Status != debt.DeferralRefused || d.Reply == nil || *d.Reply != why || d.DecidedOn != s.today {
		t.Errorf("the case has %+v", d)
	}
	c.gone(t, conn, item)
}
