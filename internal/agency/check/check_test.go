package check

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
)

var writeGolden = flag.Bool("write", false, "write testdata anew")

// patience is how long a statement may take where none is slow but for a busy machine.
const patience = time.Minute

// breaking is one way to break the contract and the breaches that it gives,
// each with Relation, Column and Rule alone.
type breaking struct {
	reason string
	sql    string
	want   []Breach
	says   string // found in what and remedy of the first breach
	as     string // the role that checks; empty for the owner
	opts   Options

	warns                 []Breach
	missing, old, lacking []string
	noLogin               bool
}

// runBreaking breaks one database in each way in turn, in a transaction that is
// rolled back: PostgreSQL can undo everything that the cases do, roles included.
func runBreaking(t *testing.T, cases map[string]breaking) {
	t.Helper()
	db := referencetest.Filled(t)
	conn := db.Conn()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			tx, err := conn.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := tx.Rollback(context.Background()); err != nil {
					t.Fatal(err)
				}
				// But for the size of tables, which plans look at.
				if _, err := conn.Exec(context.Background(), "vacuum core.fee, core.request"); err != nil {
					t.Fatal(err)
				}
			}()
			if c.as != "" {
				c.sql += "; set local role " + c.as
			}
			if _, err := tx.Exec(t.Context(), c.sql); err != nil {
				t.Fatalf("%s: %v", c.sql, err)
			}
			if c.opts.Timeout == 0 {
				c.opts.Timeout = patience
			}
			found, err := within(t.Context(), tx, c.opts)
			if err != nil {
				t.Fatalf("%s: %v", c.reason, err)
			}
			var got, warned []Breach
			for i, b := range slices.Concat(found.Breaches, found.Warnings) {
				into := &got
				if i >= len(found.Breaches) {
					into = &warned
				}
				*into = append(*into, Breach{Relation: strings.Replace(b.Relation, db.Name(), "DB", 1), Column: b.Column,
					Rule: b.Rule})
				if b.What == "" || b.Remedy == "" || !ruleKnown(b.Rule) {
					t.Errorf("a breach without what, remedy or meaning: %+v", b)
				}
				if text := b.What + b.Remedy; referencetest.Personal(text) {
					t.Errorf("personal data is printed: %s", text)
				}
			}
			if diff := cmp.Diff(c.want, got) + cmp.Diff(c.warns, warned); diff != "" {
				var report bytes.Buffer
				_ = WriteReport(&report, found)
				t.Fatalf("%s (-want +got):\n%s\n%s", c.reason, diff, &report)
			}
			all := slices.Concat(found.Breaches, found.Warnings)
			if len(all) > 0 && !strings.Contains(all[0].What+" | "+all[0].Remedy, c.says) {
				t.Errorf("%s: %q is not said: %+v", c.reason, c.says, all[0])
			}
			found.Breaches, found.Warnings, found.Seen = nil, nil, nil
			want := Findings{Lacking: c.lacking, Missing: c.missing, Old: c.old, NoLogin: c.noLogin}
			if diff := cmp.Diff(want, found); diff != "" {
				t.Errorf("%s: what is not there (-want +got)\n%s", c.reason, diff)
			}
		})
	}
}

func ruleKnown(rule Rule) bool {
	return slices.ContainsFunc(Meanings(), func(m Meaning) bool { return m.Rule == rule && m.Text != "" })
}

func TestCheckKeepsSilent(t *testing.T) {
	t.Parallel()
	runBreaking(t, map[string]breaking{
		"as the owner": {reason: "the reference core keeps the contract"},
		"as the role":  {reason: "the run-time role can check by itself", as: spec.DefaultRole},
		"domains": {reason: "a domain reads as the type below it",
			sql: referencetest.Swap("fee", "amount_ore::bigint", "amount_ore")},
		"extra column": {reason: "columns beside the contract are not read",
			sql: referencetest.Swap("creditor", "trade", "trade, 1 as ours")},
		"extra relation": {reason: "an agency may have views beside the contract",
			sql: "create view oversikt.ours as select 1 as one"},
		"table": {reason: "a table serves as well as a view",
			sql: "drop view oversikt.message; create table oversikt.message as select * from core.message; create index on oversikt.message (debtor_id); grant select on oversikt.message to oversikt_app"},
		"materialized": {reason: "so does a materialized view",
			sql: "drop view oversikt.creditor; create materialized view oversikt.creditor as select creditor_id, name, org_number, trade from core.creditor; create index on oversikt.creditor (creditor_id); grant select on oversikt.creditor to oversikt_app"},
		"text keys": {reason: "the type of a key is the agency's choice",
			sql: referencetest.Swap("request", "request_id", "'R' || request_id as request_id")},
		"varchar": {reason: "varchar is as good as text",
			sql: referencetest.Swap("creditor", "name", "name::varchar(80) as name")},
		"no rows": {reason: "a view that selects nothing keeps the contract",
			sql: "create or replace view oversikt.scheduled_cost as select case_id, scheduled_on, kind, amount_ore::bigint from core.scheduled_cost where false"},
		"settings": {reason: "a row of settings that a view joins needs no index",
			sql: referencetest.Swap("fee", "from core.fee", "from core.fee cross join core.policy")},
		"role with no power": {reason: "a group that holds the grants is no power",
			sql: "create role contract_readers; grant contract_readers to oversikt_app"},
	})
}

func TestCheckOfAnEmptyInstallation(t *testing.T) {
	t.Parallel()
	found, err := Run(t.Context(), referencetest.Empty(t).Conn(), Options{Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range found.Breaches {
		got = append(got, fmt.Sprint(b.Relation, " ", b.Rule))
	}
	want := []string{"agency one-row", "policy one-row", "rate rate-missing"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a fresh core lacks its one-row relations and rates alone (-want +got):\n%s", diff)
	}
}

func TestCheckLeavesNothing(t *testing.T) {
	t.Parallel()
	conn := referencetest.Filled(t).Conn()
	for range 2 { // a prepared statement that is left would break the second
		if _, err := Run(t.Context(), conn, Options{Timeout: patience}); err != nil {
			t.Fatal(err)
		}
		core.Register(conn) // a connection of the reads' serves too
	}
	var timeout string
	var prepared int
	err := conn.QueryRow(t.Context(),
		"select current_setting('statement_timeout'), (select count(*) from pg_prepared_statements where name like 'oversikt%')").Scan(&timeout, &prepared)
	if err != nil || timeout != "0" || prepared != 0 {
		t.Errorf("the connection is changed: timeout %s, %d statements, %v", timeout, prepared, err)
	}
}

func TestCheckIsBounded(t *testing.T) {
	t.Parallel()
	runBreaking(t, map[string]breaking{
		"slow": {
			reason: "a view that takes too long is named, and the check goes on",
			sql: referencetest.Swap("hold", "select c.case_id, h.kind",
				"select c.case_id, case when pg_sleep(60) is null then '' else h.kind end as kind"),
			opts: Options{Timeout: 5 * time.Second},
			want: []Breach{
				{Relation: "hold", Rule: RuleSlow},
				{Relation: "core.case", Rule: RuleIndex}, // a volatile function keeps the view apart
			},
			says: "5s",
		},
		"sample": {
			reason: "the sample is bounded, and said",
			sql:    referencetest.Swap("fee", "incurred_on", "nullif(incurred_on, '2026-01-20') as incurred_on"),
			opts:   Options{Sample: 2},
			want:   []Breach{{Relation: "fee", Column: "incurred_on", Rule: RuleNull}},
			says:   "null in 1 of the first 2 rows",
		},
	})
}

func TestCheckByAStranger(t *testing.T) {
	t.Parallel()
	db := referencetest.Filled(t)
	referencetest.Exec(t, db.Conn(),
		"do $$ begin create role contract_stranger login; exception when duplicate_object or unique_violation then null; end $$")
	conn := referencetest.ConnectAs(t, db, "contract_stranger")
	if found, err := Run(t.Context(), conn, Options{Role: spec.DefaultRole, Timeout: patience}); err == nil {
		t.Errorf("who cannot read the views cannot say that they are right: %+v", found)
	}
	found, err := Run(t.Context(), conn, Options{Timeout: patience})
	if err != nil || len(found.Breaches) != 1 || found.Breaches[0].Rule != RuleUnread {
		t.Errorf("who owns nothing is taken for the run-time role: %+v, %v", found, err)
	}
}

// lackingBut are all relations but a few.
func lackingBut(names ...string) (lacking []string) {
	for _, r := range spec.Relations {
		if !slices.Contains(names, r.Name) {
			lacking = append(lacking, r.Name)
		}
	}
	return lacking
}

func TestWriteReport(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		found  Findings
		golden string
	}{
		"kept": {"a database that keeps all of the contract", Findings{}, "testdata/report_kept.txt"},
		"broken": {"breaches of a relation stand together, the contract's relations first", Findings{Breaches: []Breach{
			{Relation: "role oversikt_app", Rule: RulePower, What: "the role has superuser",
				Remedy: "alter role oversikt_app nosuperuser"},
			{Relation: "fee", Column: "amount_ore", Rule: RuleType, What: "its type is numeric, not bigint",
				Remedy: "whole øre: round(kroner * 100)::bigint as amount_ore"},
			{Relation: "agency", Rule: RuleOneRow, What: "it has not exactly one row", Remedy: "let the view select one row"},
			{Relation: "fee", Column: "kind", Rule: RuleCode, What: "2 values outside the list", Remedy: "map your own codes",
				Keys: []string{"3", "4"}},
			{Relation: "core.fee", Column: "case_id", Rule: RuleIndex, What: "no index serves fee.sql",
				Remedy: "make an index", Plan: strings.Repeat("Seq Scan\n", 14), DDL: "create index on core.fee (case_id);"},
		}}, "testdata/report_broken.txt"},
		"in part": {"what was not seen is not kept", Findings{Seen: []Seen{
			{Relation: "agency", Rows: 1, Estimated: 1, Whole: true},
			{Relation: "case", Rows: 100_000, Estimated: 301_230}, {Relation: "fee", Rows: 52_000, Estimated: 52_000,
				Short: []string{"keys"}, ShortRows: 1000}}, Lacking: lackingBut("agency", "case", "fee", "letter")},
			"testdata/report_in_part.txt"},
		"read only": {"what is not there is said, and is no breach", Findings{Lacking: []string{"deferral"},
			Missing: acts(), NoLogin: true}, "testdata/report_read_only.txt"},
		"version 1": {"functions of version 1 can be made new", Findings{Lacking: []string{"objection.disputed_amount_ore"},
			Missing: []string{"correct_contact", "submit_objection"}, Old: []string{"correct_contact"}},
			"testdata/report_old.txt"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := errors.Join(WriteReport(&b, c.found), WriteJSON(&b, c.found)); err != nil {
				t.Fatal(err)
			}
			if *writeGolden {
				if err := os.WriteFile(c.golden, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(c.golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("%s:\n%s", c.reason, diff)
			}
		})
	}
}
