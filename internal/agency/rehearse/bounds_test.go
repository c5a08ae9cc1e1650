package rehearse_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func exec(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// TestNotTried: what could not be tried is never called kept, and the reason is told.
func TestNotTried(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		reason, sql, act, what, why string
		sample                      int
	}{
		"not there": {"the agency does not offer it", "drop function oversikt.request_deferral",
			"request_deferral", "request_deferral",
			"it is not offered", 2},
		"no right": {"it is the role that is rehearsed, not the owner",
			"revoke execute on function oversikt.correct_contact from oversikt_app", "correct_contact", "correct_contact",
			"it is not offered", 2},
		"always refused": {"every case is too early for it", "update core.case set phase = 'REMINDER'",
			"request_deferral", "request_deferral",
			"refused with TOO_EARLY", 2},
		"nothing in reach": {"no cost is scheduled", "delete from core.scheduled_cost", "propose_solution",
			"an agreement and a deferral of one case, with a cost that the deferral moves past its first day",
			"no sample case has one in reach", 2},
		"nothing to begin with": {"no agreement may begin", "update core.case set agreement_from = null",
			"propose_solution", "propose_solution",
			"no sample person has anything that it could be about", 2},
		"alone": {"nobody else can call", "select 1", "correct_contact",
			"calls of another person", "the sample has one person", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := cores["reference"].database(t).Conn()
			exec(t, conn, tc.sql)
			r, text := report(t, conn, rehearse.Options{Sample: tc.sample, Acts: []string{tc.act}})
			told := slices.ContainsFunc(r.NotTried, func(n rehearse.NotTried) bool {
				return n.What == tc.what && strings.Contains(n.Why, tc.why)
			})
			if len(r.Differences) > 0 || !told || strings.Contains(text, "\ntried: "+tc.what) ||
				!strings.Contains(text, "\nnot tried: "+tc.what+": ") {
				t.Errorf("%s:\n%s", tc.reason, text)
			}
		})
	}
}

// TestSlowView: a view that takes too long is compared as far as the sample persons go, and
// what an act does there is found.
func TestSlowView(t *testing.T) {
	t.Parallel()
	conn := cores["reference"].database(t).Conn()
	exec(t, conn, `create function oversikt.slowly(bigint) returns boolean language plpgsql stable cost 1000000 as
		$$ begin perform pg_catalog.pg_sleep(0.05); return true; end $$;
		grant execute on function oversikt.slowly to oversikt_app;`)
	exec(t, conn, view(t, conn, "message", "oversikt.slowly(debtor_id)"))
	exec(t, conn, function(t, conn, "oversikt.request_deferral", "select * into held",
		`insert into core.message (debtor_id, sender, body, sent_at) values (core.debtor_of(caller), 'AGENCY', 'Igjen', now());
		select * into held`))
	r, text := report(t, conn, rehearse.Options{Sample: 2, View: 100 * time.Millisecond,
		Acts: []string{"request_deferral"}})
	if !slices.Contains(r.Slow, "message") || !strings.Contains(text, "too slow") ||
		!slices.ContainsFunc(r.Differences, func(d rehearse.Difference) bool {
			return d.Act == "request_deferral" && d.Relation == "message" && strings.HasPrefix(d.How, "1 row more")
		}) {
		t.Errorf("%s", text)
	}
}

// TestMovingView: a view that shows something else at each look proves nothing.
func TestMovingView(t *testing.T) {
	t.Parallel()
	conn := cores["reference"].database(t).Conn()
	exec(t, conn, `create or replace view oversikt.agency as
		select 2 as contract_version, name, org_number, clock_timestamp()::text as phone, email, website, postal_address,
			domains, senders, phones, accounts
		from core.agency`)
	r, text := report(t, conn, rehearse.Options{Sample: 2, View: busy, Acts: []string{"correct_contact"}})
	if !slices.Equal(r.Moving, []string{"agency"}) || len(r.Differences) > 0 {
		t.Errorf("%s", text)
	}
}

// TestFailingView: what PostgreSQL says of a view that fails may hold data, and is not repeated.
func TestFailingView(t *testing.T) {
	t.Parallel()
	conn := cores["reference"].database(t).Conn()
	exec(t, conn, `create or replace view oversikt.message as
		select message_id, debtor_id, case_id, sender, body::integer::text as subject, body, sent_at, read_at from core.message`)
	var body string
	err := conn.QueryRow(t.Context(), "select body from core.message order by message_id limit 1").Scan(&body)
	if err != nil {
		t.Fatal(err)
	}
	_, err = rehearse.Run(t.Context(), conn, rehearse.Options{Sample: 2})
	if err == nil || !strings.Contains(err.Error(), "look at relation message") ||
		strings.Contains(err.Error(), body[:10]) {
		t.Errorf("%v", err)
	}
}

// TestLocked: what somebody else holds is waited for a little, and then not tried.
func TestLocked(t *testing.T) {
	t.Parallel()
	db := cores["reference"].database(t)
	conn, other := db.Conn(), db.Conn()
	tx, err := other.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "select from core.case for update"); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	r, text := report(t, conn, rehearse.Options{Sample: 1, Lock: 50 * time.Millisecond,
		Acts: []string{"submit_objection"}})
	busy := rehearse.NotTried{What: "submit_objection", Why: "somebody else is at work on the same records"}
	if len(r.Differences) > 0 || !slices.Contains(r.NotTried, busy) {
		t.Errorf("%s", text)
	}
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestPolicies: whatever the law leaves to the agency is rehearsed as it has it.
func TestPolicies(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ reason, sql string }{
		"fees":       {"a deferral and a set-up cost something", "deferral_fee_ore = 5000, setup_free_instalments = 0"},
		"no stop":    {"an agreement stops nothing", "agreement_stops_costs = false"},
		"apart":      {"one case an agreement", "joint_agreements = false"},
		"undecided":  {"a deferral is asked for, and waits", "max_deferral_days = 0"},
		"one at all": {"one instalment, and no fee", "max_instalments = 1, instalment_fee_ore = 0, min_instalment_ore = 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := cores["reference"].database(t).Conn()
			exec(t, conn, "update core.policy set "+tc.sql)
			r, text := report(t, conn, rehearse.Options{Sample: 2})
			if len(r.Differences) > 0 || len(r.Tried) < 12 {
				t.Errorf("%s:\n%s", tc.reason, text)
			}
		})
	}
}

// TestSequences: what no rollback takes back is said.
func TestSequences(t *testing.T) {
	t.Parallel()
	conn := cores["reference"].database(t).Conn()
	r, text := report(t, conn, rehearse.Options{Sample: 1, Acts: []string{"propose_solution"}})
	if !slices.Contains(r.Sequences, "core.agreement_agreement_id_seq") ||
		!strings.Contains(text, "moved on, which a rollback does not take back: core.agreement_agreement_id_seq") ||
		r.Unseen > 0 || slices.Contains(r.Sequences, "core.letter_letter_id_seq") {
		t.Errorf("%s", text)
	}
}

// TestKeysOfPersons: an agency whose keys are people's numbers is no reason to print them.
func TestKeysOfPersons(t *testing.T) {
	t.Parallel()
	conn := cores["reference"].database(t).Conn()
	exec(t, conn, `create or replace view oversikt.power_of_attorney as
		select p.power_of_attorney_id, p.debtor_id, p.attorney_national_id, p.attorney_org_number, p.attorney_name,
		       p.may_act, p.all_cases, p.valid_from, p.valid_until, p.revoked_at
		from core.power_of_attorney p;
		drop view oversikt.scheduled_cost;
		create view oversikt.scheduled_cost as
		select s.case_id, s.scheduled_on, d.national_id as kind, s.amount_ore::bigint
		from core.scheduled_cost s join core.case c using (case_id) join core.debtor d using (debtor_id);
		grant select on oversikt.scheduled_cost to oversikt_app;`)
	exec(t, conn, function(t, conn, "oversikt.request_deferral", "select * into held",
		`delete from core.scheduled_cost s where s.case_id = (input ->> 'case_id')::bigint;
		select * into held`))
	_, text := report(t, conn, rehearse.Options{Sample: 2, Acts: []string{"request_deferral"}})
	if digits := endtoend.ElevenDigits(text); digits != "" || !strings.Contains(text, "[national id]") {
		t.Errorf("%s", text)
	}
}

// TestOtherSchema: two agencies of one database are rehearsed apart.
func TestOtherSchema(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	conn := db.Conn()
	place := reference.Options{Role: "rehearsed_app", Schema: "sentrum"}
	if err := reference.Install(t.Context(), conn, place); err != nil {
		t.Fatal(err)
	}
	o := rehearse.Options{Role: "rehearsed_app", Schema: "sentrum", Sample: 1}
	if _, err := rehearse.Run(t.Context(), conn, o); err == nil || !strings.Contains(err.Error(), "nothing can be tried") {
		t.Errorf("with nobody in it: %v", err)
	}
	exec(t, conn, `
		insert into sentrum_core.agency (name, org_number) values ('Sentrum', '310000000');
		insert into sentrum_core.policy default values;
		insert into sentrum_core.rate (kind, valid_from, basis_points, source) values ('LATE_PAYMENT', '2000-01-01', 1200, 'prøve');
		insert into sentrum_core.creditor (creditor_id, name, trade) values (1, 'Strøm', 'ENERGY');
		insert into sentrum_core.debtor (debtor_id, kind, national_id, name) values (1, 'PERSON', '`+number()+`', 'A B');
		insert into sentrum_core.case (case_id, case_number, debtor_id, creditor_id, phase, description, opened_on,
			principal_ore, agreement_from, kid, account, payee)
		values (1, '1', 1, 1, 'PAYMENT_DEMAND', 'Strøm', current_date - 100, 500000, current_date - 10, '18', '15032080119', 'X')`)
	r, text := report(t, conn, o)
	if len(r.Differences) > 0 || len(r.Tried) < 10 || r.Persons != 1 || r.Cases != 1 {
		t.Errorf("%s", text)
	}
	if _, err := rehearse.Run(t.Context(), conn, rehearse.Options{Role: "rehearsed_app"}); err == nil ||
		!strings.Contains(err.Error(), "finds no contract in schema oversikt") {
		t.Errorf("the usual schema: %v", err)
	}
}

func number() string { return people.DemoPeople(endtoend.Born)[0].NationalID.Reveal() }

// TestWrongRole: whoever cannot become the role is told what to do.
func TestWrongRole(t *testing.T) {
	t.Parallel()
	db := cores["reference"].database(t)
	for name, tc := range map[string]struct{ user, role, err string }{
		"itself":  {spec.DefaultRole, spec.DefaultRole, ""},
		"no such": {"", "nobody_app", "cannot become role nobody_app"},
		"another": {spec.DefaultRole, "pg_monitor", "user oversikt_app cannot become role pg_monitor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := db.Conn(func(c *pgx.ConnConfig) {
				if tc.user != "" {
					c.User = tc.user
				}
			})
			r, err := rehearse.Run(t.Context(), conn, rehearse.Options{Role: tc.role, Sample: 1,
				Acts: []string{"correct_contact"}})
			if tc.err == "" && (err != nil || len(r.Differences) > 0 || r.Unseen == 0 || len(r.Sequences) > 0) ||
				tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}
