package contracttest

import (
	"encoding/json"
	"fmt"
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
)

// ask asks with a key, and holds input and result against the contract.
func ask(t *testing.T, conn core.Querier, scope caller.Scope, key uuid.UUID, function string,
	in rehearse.Input) core.Answer {
	t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	a, err := core.Ask(t.Context(), conn, core.Call{Function: function, Key: key, Scope: scope, Input: text})
	if err != nil {
		t.Fatalf("%s: %v", function, err)
	}
	right(t, rehearse.Misfits(function, a))
	return a
}

// refusedActs tries what is refused: it is answered so again, and changes nothing.
func refusedActs(t *testing.T, owner *pgx.Conn, function string, cases map[string]refusal) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			tx, key := begin(t, owner), uuid.New()
			for _, sql := range tc.happen {
				must(t, tx, sql.sql, sql.args...)
			}
			before := snapshot(t, tx)
			for range 2 {
				want := core.Answer{Status: "REFUSED", Reason: tc.want}
				if diff := gocmp.Diff(want, ask(t, tx, tc.scope, key, function, tc.in)); diff != "" {
					t.Errorf("%s (-want +got)\n%s", tc.reason, diff)
				}
			}
			unchanged(t, before, snapshot(t, tx))
		})
	}
}

type refusal struct {
	reason string
	scope  caller.Scope
	in     rehearse.Input
	happen []happening
	want   string
}

type happening struct {
	sql  string
	args []any
}

func happened(sql string, args ...any) []happening { return []happening{{sql, args}} }

// never is more days than any core puts anything off.
const never = 4000

// deferral: it stands at the case at once, its costs move, and one key has one effect.
func deferral(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	x := s.cases[0]
	days := s.policy.MaxDeferralDays
	until := s.today.AddDays(days)
	must(t, owner, c.Happen.Schedule, x.ID.ID, (s.today + 1).String(), int64(1000), string(debt.CostHeavyFee))
	must(t, owner, c.Happen.Schedule, x.ID.ID, (s.today + 40).String(), int64(500), string(debt.CostHeavyFee))
	in := rehearse.Input{"case_id": x.ID.ID, "until": until.String(), "reason": "Lønn den 20."}
	refusedActs(t, owner, "request_deferral", map[string]refusal{
		"no day":      {"a deferral has an end", s.scope, in.With("until", nil), nil, "INVALID_INPUT"},
		"no such day": {"a calendar has no such day", s.scope, in.With("until", "2026-02-31"), nil, "INVALID_INPUT"},
		"past":        {"it begins today", s.scope, in.With("until", s.today.String()), nil, "INVALID_INPUT"},
		"long words": {"a bound on what is kept", s.scope, in.With("reason", strings.Repeat("æ", 2001)), nil,
			"INVALID_INPUT"},
		"another's":    {"a known key opens nothing", stranger.scope, in, nil, "NOT_FOUND"},
		"no such case": {"text that no key type holds", s.scope, in.With("case_id", "' or true --"), nil, "NOT_FOUND"},
		"no case":      {"it is about one", s.scope, in.With("case_id", nil), nil, "NOT_FOUND"},
		"closed":       {"nothing is demanded", s.scope, in, happened(c.Happen.Close, x.ID.ID), "CASE_CLOSED"},
		"disputed":     {"it stands still already", s.scope, in, happened(c.Happen.Object, x.ID.ID), "DISPUTED"},
		"agreed": {"an agreement has its own days", s.scope, in, happened(c.Happen.Agree, x.ID.ID),
			"AGREEMENT_EXISTS"},
		"pre-collection": {"the creditor's deadline runs", s.scope, in, happened(c.Happen.Early, x.ID.ID), "TOO_EARLY"},
		"too long": {"nobody decides on so much", s.scope, in.With("until", s.today.AddDays(never).String()), nil,
			"NOT_THE_POLICY"},
	})

	before, key := snapshot(t, owner), uuid.New()
	first := ask(t, conn, s.scope, key, "request_deferral", in)
	var made struct {
		ID     string              `json:"deferral_id"`
		Status debt.DeferralStatus `json:"status"`
		Before int64               `json:"cost_before_ore"`
		After  int64               `json:"cost_after_ore"`
	}
	if err := first.Into("request_deferral", &made); err != nil || made.Status != debt.DeferralGranted ||
		made.Before < 1000 || made.After != int64(s.policy.DeferralFee) && made.After >= made.Before {
		t.Fatalf("%+v, %v", made, err)
	}
	changed := []string{"request", "deferral", "hold", "scheduled_cost"}
	if s.policy.DeferralFee > 0 {
		changed = append(changed, "fee")
	}
	after := snapshot(t, owner)
	unchanged(t, before, after, changed...)
	if diff := gocmp.Diff(first, ask(t, conn, s.scope, key, "request_deferral", in)); diff != "" {
		t.Errorf("the second time it is answered otherwise\n%s", diff)
	}
	if a := ask(t, conn, s.scope, key, "request_deferral", in.With("reason", "another")); a.Reason != "KEY_REUSED" {
		t.Errorf("another input with the key: %+v", a)
	}
	if a := ask(t, conn, stranger.scope, key, "request_deferral", in); a.Reason != "KEY_REUSED" {
		t.Errorf("another person with the key: %+v", a)
	}
	if a := ask(t, conn, s.scope, uuid.New(), "request_deferral", in); a.Reason != "DEFERRAL_EXISTS" {
		t.Errorf("a second one: %+v", a)
	}
	unchanged(t, after, snapshot(t, owner))

	now := c.again(t, conn, s)[x.ID.ID]
	if len(now.Deferrals) != 1 || now.Deferrals[0].ID != made.ID || now.Deferrals[0].Until != until ||
		now.Deferrals[0].Status != debt.DeferralGranted || *now.Deferrals[0].Reason != "Lønn den 20." ||
		int64(*now.Deferrals[0].CostBefore) != made.Before {
		t.Errorf("the case has %+v", now.Deferrals)
	}
	for i, cost := range now.ScheduledCosts {
		if want := []int{1, 40}[i] + days; int(cost.On-s.today) != want {
			t.Errorf("a cost has moved to %d days from now, not %d", cost.On-s.today, want)
		}
	}
}

// breathingSpace pauses all open cases at once, but for those that stand still.
func breathingSpace(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	until := s.today.AddDays(s.policy.MaxDeferralDays)
	must(t, owner, c.Happen.Object, s.cases[1].ID.ID)
	in := rehearse.Input{"until": until.String(), "reason": nil}
	refusedActs(t, owner, "request_breathing_space", map[string]refusal{
		"past": {"it begins today", s.scope, in.With("until", s.today.String()), nil, "INVALID_INPUT"},
		"too long": {"nobody decides on so much", s.scope, in.With("until", s.today.AddDays(never).String()), nil,
			"NOT_THE_POLICY"},
	})
	a := ask(t, conn, s.scope, uuid.New(), "request_breathing_space", in)
	var made struct {
		Status  string   `json:"status"`
		Until   string   `json:"until"`
		CaseIDs []string `json:"case_ids"`
	}
	if err := a.Into("request_breathing_space", &made); err != nil || made.Status != "GRANTED" ||
		made.Until != until.String() {
		t.Fatalf("%+v, %v", made, err)
	}
	covered := map[string]bool{}
	for _, id := range made.CaseIDs {
		covered[id] = true
	}
	if !covered[s.cases[0].ID.ID] || covered[s.cases[1].ID.ID] || !covered[s.cases[2].ID.ID] {
		t.Errorf("it covers %d cases, or one that is disputed", len(covered))
	}
	for id, x := range c.again(t, conn, s) {
		held := false
		for _, h := range x.AllHolds {
			held = held || h.Kind == debt.HoldDeferred && h.Until == until
		}
		if held != covered[id] {
			t.Errorf("case %s is paused: %v", x.CaseNumber, held)
		}
	}
	if a := ask(t, conn, s.scope, uuid.New(), "request_breathing_space", in); a.Reason != "NOTHING_OPEN" {
		t.Errorf("once more: %+v", a)
	}
}

// objection suspends at once, is added to, and leaves nothing when it is taken back.
func objection(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	x := s.cases[0]
	must(t, owner, c.Happen.Schedule, x.ID.ID, (s.today + 5).String(), int64(1000), string(debt.CostHeavyFee))
	in := rehearse.Input{"case_id": x.ID.ID, "reasons": []string{"ALREADY_PAID", "WRONG_AMOUNT"},
		"statement":             "Betalt 3. november.",
		"contact_with_creditor": true, "disputed_amount_ore": 12345, "files": 5}
	refusedActs(t, owner, "submit_objection", map[string]refusal{
		"nothing said": {"there is a reason or a text", s.scope, in.With("reasons", []string{}).With("statement", " "), nil,
			"INVALID_INPUT"},
		"no such reason": {"reasons are the contract's", s.scope, in.With("reasons", []string{"BECAUSE"}), nil,
			"INVALID_INPUT"},
		"nothing disputed": {"an amount is more than nothing", s.scope, in.With("disputed_amount_ore", 0), nil,
			"INVALID_INPUT"},
		"six files": {"the portal takes five", s.scope, in.With("files", 6), nil, "INVALID_INPUT"},
		"another's": {"a known key opens nothing", stranger.scope, in, nil, "NOT_FOUND"},
		"closed":    {"nothing is demanded", s.scope, in, happened(c.Happen.Close, x.ID.ID), "CASE_CLOSED"},
		"second":    {"one at a time", s.scope, in, happened(c.Happen.Object, x.ID.ID), "OBJECTION_EXISTS"},
	})
	before := snapshot(t, owner)
	a := ask(t, conn, s.scope, uuid.New(), "submit_objection", in)
	var made struct {
		ID string `json:"objection_id"`
	}
	if err := a.Into("submit_objection", &made); err != nil || made.ID == "" {
		t.Fatalf("%+v, %v", a, err)
	}
	unchanged(t, before, snapshot(t, owner), "objection", "hold", "scheduled_cost", "queue_item")
	now := c.again(t, conn, s)[x.ID.ID]
	o := now.Objections[len(now.Objections)-1]
	if o.ID.ID != made.ID || o.Status != debt.ObjectionReceived || *o.Disputed != 12345 || !*o.ContactWithCreditor ||
		len(now.ScheduledCosts) != 0 || now.AllHolds[len(now.AllHolds)-1].Kind != debt.HoldDisputed {
		t.Errorf("the case has %+v, %+v and %+v", o, now.ScheduledCosts, now.AllHolds)
	}
	add := rehearse.Input{"objection_id": made.ID, "statement": "Kvitteringen er funnet."}
	refusedActs(t, owner, "add_to_objection", map[string]refusal{
		"nothing said": {"something is added", s.scope, add.With("statement", ""), nil, "INVALID_INPUT"},
		"half a file":  {"files are counted", s.scope, add.With("files", 0.5), nil, "INVALID_INPUT"},
		"another's":    {"a known key opens nothing", stranger.scope, add, nil, "NOT_FOUND"},
		"no such":      {"text that no key type holds", s.scope, add.With("objection_id", "' or true --"), nil, "NOT_FOUND"},
	})
	ask(t, conn, s.scope, uuid.New(), "add_to_objection", add.With("files", 2))
	now = c.again(t, conn, s)[x.ID.ID]
	if said := *now.Objections[len(now.Objections)-1].Statement; said != "Betalt 3. november.\n\nKvitteringen er funnet." {
		t.Errorf("the objection says %q", said)
	}
	back := rehearse.Input{"objection_id": made.ID}
	refusedActs(t, owner, "withdraw_objection", map[string]refusal{
		"another's": {"a known key opens nothing", stranger.scope, back, nil, "NOT_FOUND"},
	})
	if a := ask(t, conn, s.scope, uuid.New(), "withdraw_objection", back); a.Status != "DONE" {
		t.Fatalf("%+v", a)
	}
	unchanged(t, before, snapshot(t, owner), "objection")
	now = c.again(t, conn, s)[x.ID.ID]
	if o := now.Objections[len(now.Objections)-1]; o.Status != debt.ObjectionWithdrawn || o.WithdrawnOn != s.today {
		t.Errorf("what was taken back is %+v", o)
	}
	for _, function := range []string{"withdraw_objection", "add_to_objection"} {
		if a := ask(t, conn, s.scope, uuid.New(), function, add); a.Reason != "OBJECTION_DECIDED" {
			t.Errorf("%s once more: %+v", function, a)
		}
	}
}

// atOnce: many calls of every kind with one key have one effect.
func atOnce(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	pool := c.DB.Pool(func(config *pgxpool.Config) { config.ConnConfig.User, config.MaxConns = spec.DefaultRole, 8 })
	for function, in := range map[string]rehearse.Input{
		"submit_objection": {"case_id": s.cases[0].ID.ID, "reasons": []string{}, "statement": "Feil."},
		"request_deferral": {"case_id": s.cases[1].ID.ID, "until": (s.today + 3).String()},
		"give_power_of_attorney": {"attorney_org_number": "310000000", "attorney_name": "Rådgiver", "may_act": false,
			"valid_from": s.today.String()},
	} {
		before, key := snapshot(t, owner), uuid.New()
		answers := make(chan string, 20)
		var all sync.WaitGroup
		for range cap(answers) {
			all.Go(func() { answers <- fmt.Sprint(ask(t, pool, s.scope, key, function, in)) })
		}
		all.Wait()
		close(answers)
		different := map[string]bool{}
		for a := range answers {
			different[a] = true
		}
		once := snapshot(t, owner)
		if ask(t, conn, s.scope, key, function, in); len(different) != 1 {
			t.Errorf("%s: %d different answers", function, len(different))
		}
		unchanged(t, once, snapshot(t, owner))
		if gocmp.Equal(before, once) {
			t.Errorf("%s has had no effect", function)
		}
	}
}
