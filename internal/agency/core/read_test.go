package core

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

const everything = ^debt.Relations(0)

// somebody is the first debtor of testdata.
func somebody(t *testing.T) caller.Scope {
	t.Helper()
	n, err := norway.ParseNationalID("17912099997")
	if err != nil {
		t.Fatal(err)
	}
	return caller.Principal{Kind: caller.Person, NationalID: n}.Scope()
}

// warm connects as the role and prepares the reads.
func warm(t *testing.T, db *pgtest.DB) *pgx.Conn {
	t.Helper()
	conn := referencetest.ConnectAs(t, db, spec.DefaultRole)
	if _, err := Warm(t.Context(), conn, debt.Agency{}, spec.Schema); err != nil {
		t.Fatalf("warm: %v", err)
	}
	return conn
}

func readAll(t *testing.T, conn Conn) (*debt.Part, error) {
	t.Helper()
	return Read(t.Context(), conn, debt.Agency{Code: "test", Name: "Test"},
		Query{Scope: somebody(t), Want: everything, Today: norway.MustDate("2026-11-20")})
}

func TestStatements(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		want   debt.Relations
		count  int
	}{
		"nothing":  {"nothing is sent", 0, 0},
		"cases":    {"one relation", debt.OfCases, 1},
		"payments": {"with their allocations", debt.OfPayments, 2},
		"terms":    {"the policy and the rates", debt.OfTerms, 2},
		"balance":  {"cases, items, terms, fees, payments", debt.OfBalance, 7},
		"all":      {"every file but the two that begin with a number, the queue and the two of the book", everything, 25},
	}
	for name, tc := range cases {
		if n := Statements(tc.want); n != tc.count {
			t.Errorf("%s: %d statements, want %d: %s", name, n, tc.count, tc.reason)
		}
	}
	files, err := sqlFiles.ReadDir("sql")
	if err != nil || len(files) != len(statements)+5 {
		t.Errorf("%d files for %d statements, the case status, the look-up, the queue, the book: %v", len(files), len(statements), err)
	}
}

// drift is a database that stops to keep the contract while Oversikt is connected.
type drift struct {
	reason string
	sql    string
	forAll bool // it is no matter of one person's rows: a new connection notices it too
}

const secret = "hemmelig"

var drifts = map[string]drift{
	"view dropped":   {"there is nothing to read", "drop view oversikt.letter", true},
	"view renamed":   {"the same", "alter view oversikt.letter rename to letters", true},
	"schema dropped": {"the agency leaves", "drop schema oversikt cascade", true},
	"column renamed": {"the same", "alter view oversikt.fee rename column legal_basis to hjemmel", true},
	"column dropped": {"the same", referencetest.Swap("fee", ", legal_basis", ""), true},
	"right revoked":  {"the role must read every view", "revoke select on oversikt.payment from oversikt_app", true},
	"schema revoked": {"the same", "revoke usage on schema oversikt from oversikt_app", true},
	"table dropped":  {"a view without its table goes as well", "drop table core.letter cascade", true},
	"kroner": {"12.50 would be 12 øre", referencetest.Swap("fee", "amount_ore::bigint", "(amount_ore / 100.0) as amount_ore"),
		false},
	"whole numeric": {"it would pass by the bound of amounts",
		referencetest.Swap("fee", "amount_ore::bigint", "98765432100000000::numeric as amount_ore"), false},
	"null kroner": {"the same where there may be none", referencetest.Swap("letter", "amount_ore::bigint",
		"12.5::numeric as amount_ore"), false},
	"instant as a date": {"which day it is depends on the zone",
		referencetest.Swap("payment", "received_on", "received_on::timestamp as received_on"), false},
	"number as a date": {"20260301 is no day count", referencetest.Swap("fee", "incurred_on", "20260301 as incurred_on"), false},
	"text as a number": {"it was counted in something else", referencetest.Swap("policy", "max_instalments",
		"'hemmelig'::text as max_instalments"), false},
	"text as a truth": {"J is not true", referencetest.Swap("policy", "joint_agreements", "'hemmelig'::text as joint_agreements"),
		false},
	"text as an array": {"the old system has one reason", referencetest.Swap("objection", "reasons", "'hemmelig'::text as reasons"),
		false},
	"percent": {"12.25 is no number of basis points",
		referencetest.Swap("case", "rate_basis_points", "98765.4321::numeric as rate_basis_points"), false},

	"no kind": {"a rate is of some kind", referencetest.Swap("rate", "kind", "null::text as kind"), true},
	"no truth": {"may agreements be joint?", referencetest.Swap("policy", "joint_agreements",
		"null::boolean as joint_agreements"), false},
	"no number": {"the count bounds agreements", referencetest.Swap("policy", "max_instalments",
		"null::integer as max_instalments"), false},
	"no rates":   {"interest would be nothing", "delete from core.rate", false},
	"credit":     {"interest is never paid back", "update core.rate set basis_points = -1", false},
	"usury":      {"it is no number of basis points", "update core.rate set basis_points = 100001", false},
	"old rate":   {"it stands for always", "update core.rate set valid_from = '-infinity' where kind = 'LATE_PAYMENT' and valid_from = (select min(valid_from) from core.rate where kind = 'LATE_PAYMENT')", true},
	"late rate":  {"it stands for never", "update core.rate set valid_from = '9999-12-31' where valid_from = (select max(valid_from) from core.rate)", true},
	"less":       {"nobody agrees to -1 instalments", "update core.policy set max_instalments = -1", false},
	"much":       {"nobody waits so long", "update core.policy set max_deferral_days = 2000000000", false},
	"imputation": {"it decides what is owed", "update core.policy set imputation = 'hemmelig'", false},

	"cast": {"PostgreSQL repeats the value", "update core.fee set legal_basis = 'hemmelig 17912099997';" +
		referencetest.Swap("fee", "amount_ore::bigint", "legal_basis::bigint as amount_ore"), false},
	"exception": {"a function says what it likes",
		`create function core.x(text) returns text language plpgsql as $$ begin raise exception 'hemmelig %', $1; end $$;` +
			referencetest.Swap("debtor", "email", "core.x(national_id) as email"), false},
}

func TestReadOfADriftedSchema(t *testing.T) {
	t.Parallel()
	for name, d := range drifts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := referencetest.Filled(t)
			conn := warm(t, db)
			if _, err := readAll(t, conn); err != nil {
				t.Fatalf("before: %v", err)
			}
			referencetest.Exec(t, db.Conn(), d.sql)
			_, onOld := readAll(t, conn)
			fresh := referencetest.ConnectAs(t, db, spec.DefaultRole)
			Register(fresh)
			_, onNew := readAll(t, fresh)
			errs := []error{onOld, onNew}
			_, warmed := Warm(t.Context(), referencetest.ConnectAs(t, db, spec.DefaultRole), debt.Agency{}, spec.Schema)
			if d.forAll {
				errs = append(errs, warmed)
			} else if warmed != nil && fault.Of(warmed).Code != fault.SchemaMismatch {
				t.Errorf("warm: %v", warmed)
			}
			for _, err := range errs {
				if fault.Of(err).Code != fault.SchemaMismatch || err == nil {
					t.Errorf("%s, yet the read gives %v", d.reason, err)
					continue
				}
				if text := err.Error(); referencetest.Personal(text) || strings.Contains(text, secret) ||
					strings.Contains(text, "98765") {
					t.Errorf("the error repeats what is in a row: %s", text)
				}
				if shown := fault.Of(err).Message; strings.Contains(shown, "oversikt.") || strings.Contains(shown, "core") {
					t.Errorf("clients see how the database looks: %s", shown)
				}
			}
		})
	}
}

// TestReadSaysWhere tells operators which statement and column to mend.
func TestReadSaysWhere(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, sql string
		says        []string
	}{
		"column": {"by name", "alter view oversikt.fee rename column legal_basis to hjemmel",
			[]string{"legal_basis", "42703"}},
		"view":  {"by name", "drop view oversikt.letter", []string{"letter", "42P01"}},
		"right": {"by name", "revoke select on oversikt.payment from oversikt_app", []string{"payment", "42501"}},
		"type": {"with what it should be", referencetest.Swap("fee", "amount_ore::bigint", "amount_ore::numeric as amount_ore"),
			[]string{"fee", "amount_ore", "bigint"}},
		"day": {"with what it should be", referencetest.Swap("fee", "incurred_on", "incurred_on::text as incurred_on"),
			[]string{"fee", "incurred_on", "date"}},
		"amount": {"without the amount", referencetest.Swap("fee", "amount_ore::bigint", "1000000000001::bigint as amount_ore"),
			[]string{"fee", "amount_ore", "10,000 million"}},
		"credit": {"a debt would become a credit", referencetest.Swap("fee", "amount_ore::bigint", "(-amount_ore)::bigint as amount_ore"),
			[]string{"fee", "amount_ore", "from 0"}},
		"no date": {"with what is missing", referencetest.Swap("case", "opened_on", "null::date as opened_on"),
			[]string{"case", "opened_on", "null"}},
		"no code": {"with what is missing", referencetest.Swap("fee", "kind", "null::text as kind"), []string{"fee", "kind", "null"}},
		"value": {"by the code of the error alone", referencetest.Swap("fee", "amount_ore::bigint",
			"(1 / (amount_ore - amount_ore))::bigint as amount_ore"), []string{"fee", "22012"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := referencetest.Filled(t)
			referencetest.Exec(t, db.Conn(), tc.sql)
			conn := referencetest.ConnectAs(t, db, spec.DefaultRole)
			Register(conn)
			part, err := readAll(t, conn)
			if err == nil && len(part.Withheld) == 0 {
				t.Fatal("it was read")
			}
			said := fmt.Sprint(err)
			if err == nil {
				w := part.Withheld[0]
				said = strings.Join([]string{w.Relation, w.Column, w.Cause}, " ")
			}
			for _, want := range tc.says {
				if !strings.Contains(said, want) {
					t.Errorf("%s: %q is not in: %s", tc.reason, want, said)
				}
			}
		})
	}
}

// TestReadKeepsTheConnection: a bad row is no reason to connect anew.
func TestReadKeepsTheConnection(t *testing.T) {
	t.Parallel()
	db := referencetest.Filled(t)
	conn, owner := warm(t, db), db.Conn()
	referencetest.Exec(t, owner, "update core.policy set imputation = 'hemmelig'")
	if _, err := readAll(t, conn); !errors.Is(err, fault.New(fault.SchemaMismatch, "")) {
		t.Fatalf("bad row: %v", err)
	}
	if conn.IsClosed() || conn.PgConn().TxStatus() != 'I' {
		t.Fatalf("the connection is left in state %c", conn.PgConn().TxStatus())
	}
	referencetest.Exec(t, owner, "update core.policy set imputation = default")
	if _, err := readAll(t, conn); err != nil {
		t.Errorf("after the row was mended: %v", err)
	}
}

// TestZeroScope: cores hold empty numbers where a person's is not known.
func TestZeroScope(t *testing.T) {
	t.Parallel()
	db := referencetest.Filled(t)
	referencetest.Exec(t, db.Conn(), "update core.debtor set national_id = '' where national_id = '17912099997'")
	conn := warm(t, db)
	part, err := Read(t.Context(), conn, debt.Agency{Code: "test"}, Query{Want: everything})
	if err != nil || len(part.Debtors)+len(part.Cases) > 0 {
		t.Errorf("nobody has %d debtors and %d cases: %v", len(part.Debtors), len(part.Cases), err)
	}
}

func TestReadShares(t *testing.T) {
	t.Parallel()
	part, err := readAll(t, warm(t, referencetest.Filled(t)))
	if err != nil {
		t.Fatal(err)
	}
	if len(part.Cases) != 2 {
		t.Fatalf("%d cases", len(part.Cases))
	}
	a, b := part.Cases[0], part.Cases[1]
	if len(a.Agreements) != 1 || len(b.Agreements) != 1 || a.Agreements[0] != b.Agreements[0] ||
		!slices.Equal(a.Agreements[0].Cases, part.Cases) {
		t.Error("a joint agreement is one agreement, which knows both cases")
	}
	rates := a.Terms.Rates
	if diff := cmp.Diff([]debt.Rate{
		{Kind: debt.RateLatePayment, ValidFrom: norway.MustDate("2015-01-01"), BasisPoints: 925, Source: "test"},
		{Kind: debt.RateLatePayment, ValidFrom: norway.MustDate("2026-07-01"), BasisPoints: 1225, Source: "test"},
	}, []debt.Rate{rates[0], rates[len(rates)-1]}); diff != "" || len(rates) != 16 {
		t.Errorf("balances know the late-payment rate alone\n%s", diff)
	}
}
