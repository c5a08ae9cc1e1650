package contract

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

//go:embed testdata/check.sql
var testdataFiles embed.FS

// patience is how long a statement may take where none is slow but for a busy machine.
const patience = time.Minute

// filled is the reference core with a few rows that keep every rule.
func filled(t *testing.T) *pgtest.DB {
	t.Helper()
	return pgtest.New(t, pgtest.Template{
		Name: "contract_filled", Hash: pgtest.Hash(InstallFiles, testdataFiles),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			if err := Install(ctx, conn, InitOptions{}); err != nil {
				return err
			}
			sql, err := fs.ReadFile(testdataFiles, "testdata/check.sql")
			if err != nil {
				return err
			}
			_, err = conn.Exec(ctx, string(sql))
			return err
		},
	})
}

// breaking is one way to break the contract and the breaches that it gives,
// each with Relation, Column and Rule alone.
type breaking struct {
	reason string
	sql    string
	want   []Breach
	says   string // found in what and remedy of the first breach
	as     string // the role that checks; empty for the owner
	opts   CheckOptions
}

// runBreaking breaks one database in each way in turn, in a transaction that is
// rolled back: PostgreSQL can undo everything that the cases do, roles included.
func runBreaking(t *testing.T, cases map[string]breaking) {
	t.Helper()
	db := filled(t)
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
			breaches, err := check(t.Context(), tx, c.opts)
			if err != nil {
				t.Fatalf("%s: %v", c.reason, err)
			}
			var got []Breach
			for _, b := range breaches {
				got = append(got, Breach{Relation: strings.Replace(b.Relation, db.Name(), "DB", 1), Column: b.Column, Rule: b.Rule})
				if b.What == "" || b.Remedy == "" || !ruleKnown(b.Rule) {
					t.Errorf("a breach without what, remedy or meaning: %+v", b)
				}
				if text := b.What + b.Remedy; personal.MatchString(text) {
					t.Errorf("personal data is printed: %s", text)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				var report bytes.Buffer
				_ = WriteReport(&report, breaches)
				t.Fatalf("%s (-want +got):\n%s\n%s", c.reason, diff, &report)
			}
			if len(breaches) > 0 && !strings.Contains(breaches[0].What+" | "+breaches[0].Remedy, c.says) {
				t.Errorf("%s: %q is not said: %+v", c.reason, c.says, breaches[0])
			}
		})
	}
}

// personal matches what the rows of testdata hold of persons.
var personal = regexp.MustCompile(`\d{11}|Person|Strøm`)

func ruleKnown(rule Rule) bool {
	for _, m := range ruleMeanings {
		if m.Rule == rule {
			return m.Meaning != ""
		}
	}
	return false
}

// swap creates a view of the reference core again with a part of it replaced.
func swap(relation string, oldnew ...string) string {
	text, err := fs.ReadFile(InstallFiles, "install/2_contract.sql")
	if err != nil {
		panic(err)
	}
	_, after, ok := strings.Cut(string(text), "create view oversikt."+relation+" as\n")
	body, _, _ := strings.Cut(after, ";")
	for i := 0; i < len(oldnew); i += 2 {
		ok = ok && strings.Contains(body, oldnew[i])
		body = strings.Replace(body, oldnew[i], oldnew[i+1], 1)
	}
	if !ok {
		panic(fmt.Sprintf("view %s does not have %q", relation, oldnew))
	}
	return fmt.Sprintf("drop view oversikt.%[1]s; create view oversikt.%[1]s as %[2]s; grant select on oversikt.%[1]s to oversikt_app;", relation, body)
}

func TestCheckKeepsSilent(t *testing.T) {
	t.Parallel()
	runBreaking(t, map[string]breaking{
		"as the owner": {reason: "the reference core keeps the contract"},
		"as the role":  {reason: "the run-time role can check by itself", as: DefaultRole},
		"domains": {reason: "a domain reads as the type below it",
			sql: swap("fee", "amount_ore::bigint", "amount_ore")},
		"extra column": {reason: "columns beside the contract are not read",
			sql: swap("creditor", "trade", "trade, 1 as ours")},
		"extra relation": {reason: "an agency may have views beside the contract",
			sql: "create view oversikt.ours as select 1 as one"},
		"table": {reason: "a table serves as well as a view",
			sql: "drop view oversikt.message; create table oversikt.message as select * from core.message; create index on oversikt.message (debtor_id); grant select on oversikt.message to oversikt_app"},
		"materialized": {reason: "so does a materialized view",
			sql: "drop view oversikt.creditor; create materialized view oversikt.creditor as select creditor_id, name, org_number, trade from core.creditor; create index on oversikt.creditor (creditor_id); grant select on oversikt.creditor to oversikt_app"},
		"text keys": {reason: "the type of a key is the agency's choice",
			sql: swap("request", "request_id", "'R' || request_id as request_id")},
		"varchar": {reason: "varchar is as good as text",
			sql: swap("creditor", "name", "name::varchar(80) as name")},
		"no rows": {reason: "a view that selects nothing keeps the contract",
			sql: "create or replace view oversikt.scheduled_cost as select case_id, scheduled_on, kind, amount_ore::bigint from core.scheduled_cost where false"},
		"settings": {reason: "a row of settings that a view joins needs no index",
			sql: swap("fee", "from core.fee", "from core.fee cross join core.policy")},
		"role with no power": {reason: "a group that holds the grants is no power",
			sql: "create role contract_readers; grant contract_readers to oversikt_app"},
	})
}

func TestCheckOfAnEmptyInstallation(t *testing.T) {
	t.Parallel()
	breaches, err := Check(t.Context(), reference(t).Conn(), CheckOptions{Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range breaches {
		got = append(got, fmt.Sprint(b.Relation, " ", b.Rule))
	}
	want := []string{"agency one-row", "policy one-row", "rate rate-missing"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a fresh core lacks its one-row relations and rates alone (-want +got):\n%s", diff)
	}
}

func TestCheckLeavesNothing(t *testing.T) {
	t.Parallel()
	conn := filled(t).Conn()
	for range 2 { // a prepared statement that is left would break the second
		if _, err := Check(t.Context(), conn, CheckOptions{Timeout: patience}); err != nil {
			t.Fatal(err)
		}
		Register(conn) // a connection of the reads' serves too
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
			sql: swap("hold", "select c.case_id, h.kind",
				"select c.case_id, case when pg_sleep(60) is null then '' else h.kind end as kind"),
			opts: CheckOptions{Timeout: 5 * time.Second},
			want: []Breach{
				{Relation: "hold", Rule: RuleSlow},
				{Relation: "core.case", Rule: RuleIndex}, // a volatile function keeps the view apart
			},
			says: "5s",
		},
		"sample": {
			reason: "the sample is bounded, and said",
			sql:    swap("fee", "incurred_on", "nullif(incurred_on, '2026-01-20') as incurred_on"),
			opts:   CheckOptions{Sample: 2},
			want:   []Breach{{Relation: "fee", Column: "incurred_on", Rule: RuleNull}},
			says:   "null in 1 of the first 2 rows",
		},
	})
}

func TestCheckByAStranger(t *testing.T) {
	t.Parallel()
	db := filled(t)
	exec(t, db.Conn(),
		"do $$ begin create role contract_stranger login; exception when duplicate_object or unique_violation then null; end $$")
	conn := connectAs(t, db, "contract_stranger")
	if breaches, err := Check(t.Context(), conn, CheckOptions{Role: DefaultRole, Timeout: patience}); err == nil {
		t.Errorf("who cannot read the views cannot say that they are right: %+v", breaches)
	}
	breaches, err := Check(t.Context(), conn, CheckOptions{Timeout: patience})
	if err != nil || len(breaches) != 1 || breaches[0].Rule != RuleUnread {
		t.Errorf("who owns nothing is taken for the run-time role: %+v, %v", breaches, err)
	}
}

func TestWriteReport(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason   string
		breaches []Breach
		golden   string
	}{
		"kept": {"a database that keeps the contract", nil, "testdata/report_kept.txt"},
		"broken": {"breaches of a relation stand together, the contract's relations first", []Breach{
			{"role oversikt_app", "", RulePower, "the role has superuser", "alter role oversikt_app nosuperuser"},
			{"fee", "amount_ore", RuleType, "its type is numeric, not bigint",
				"whole øre: round(kroner * 100)::bigint as amount_ore"},
			{"agency", "", RuleOneRow, "it has not exactly one row", "let the view select one row"},
			{"fee", "kind", RuleCode, "2 values outside the list", "map your own codes"},
		}, "testdata/report_broken.txt"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := WriteReport(&b, c.breaches); err != nil {
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
