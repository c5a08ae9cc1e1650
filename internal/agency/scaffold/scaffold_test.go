package scaffold

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func tried(t *testing.T, sql ...string) (*pgx.Conn, string) {
	t.Helper()
	conn := pgtest.New(t, pgtest.Template{}).Conn()
	for _, s := range sql {
		referencetest.Exec(t, conn, s)
	}
	var draft bytes.Buffer
	if err := Write(t.Context(), &draft, conn, Options{}); err != nil {
		t.Fatal(err)
	}
	referencetest.Exec(t, conn, draft.String())
	return conn, draft.String()
}

func text(t *testing.T, fsys fs.FS, name string) string {
	t.Helper()
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestDraft: the draft runs as it is, and the check of it names what the draft calls unknown, and
// codes, and nothing else.
func TestDraft(t *testing.T) {
	t.Parallel()
	testdata := os.DirFS("testdata")
	for name, tc := range map[string]struct {
		sql    []string
		mapped []string // views that have rows
	}{
		"legacy": {[]string{text(t, legacy.Files(), "tables.sql"), text(t, legacy.Files(), "data.sql"), text(t, testdata, "legacy.sql")},
			[]string{"agency", "policy", "rate", "creditor", "debtor", "case", "letter", "fee", "payment"}},
		"foreign": {[]string{text(t, testdata, "foreign.sql")},
			[]string{"rate", "creditor", "debtor", "case", "letter", "fee", "payment"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, draft := tried(t, tc.sql...)
			found, err := check.Run(t.Context(), conn, check.Options{Full: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range slices.Concat(found.Breaches, found.Warnings) {
				left := []check.Rule{check.RuleNull, check.RuleCode, check.RuleRateMissing}
				if !slices.Contains(left, b.Rule) || !marked(draft, b.Relation, b.Column) {
					t.Errorf("the draft does not say so: %+v", b)
				}
			}
			if len(found.Breaches) == 0 {
				t.Error("a guess is never finished")
			}
			for _, r := range tc.mapped {
				var n int
				rows := conn.QueryRow(t.Context(), "select count(*) from oversikt."+pgx.Identifier{r}.Sanitize())
				if err := rows.Scan(&n); err != nil || n == 0 {
					t.Errorf("%s has %d rows: %v", r, n, err)
				}
			}
		})
	}
}

// marked says that the draft has a TODO at a column of a view.
func marked(draft, relation, column string) bool {
	_, view, _ := strings.Cut(draft, fmt.Sprintf("create view \"oversikt\".%q as\n", relation))
	view, _, _ = strings.Cut(view, ";\n")
	for line := range strings.SplitSeq(view, "\n") {
		if strings.Contains(line, fmt.Sprintf(" as %q", column)) {
			return strings.Contains(line, "-- TODO")
		}
	}
	return false
}

// TestDraftReads: what the types tell is converted as the contract has it.
func TestDraftReads(t *testing.T) {
	t.Parallel()
	testdata := os.DirFS("testdata")
	conn, _ := tried(t, text(t, testdata, "foreign.sql"))
	var got string
	err := conn.QueryRow(t.Context(), `select concat_ws(' ', c.case_id, c.debtor_id, c.opened_on, c.principal_ore, f.amount_ore, p.amount_ore, l.due_on,
			d.name, d.postal_code)
		from oversikt.case c join oversikt.debtor d using (debtor_id) join oversikt.fee f using (case_id)
		join oversikt.payment p using (case_id) join oversikt.letter l using (case_id)`).Scan(&got)
	if want := "1-1001 1-1 2026-02-01 100050 3500 1001 2026-02-26 Prøve Person 0150"; err != nil || got != want {
		t.Errorf("%s, want %s: %v", got, want, err)
	}
}

// TestDraftOfNothing: a database without tables gets the whole schema, to be filled in.
func TestDraftOfNothing(t *testing.T) {
	t.Parallel()
	conn, draft := tried(t)
	found, err := check.Run(t.Context(), conn, check.Options{Full: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range found.Breaches {
		if b.Rule != check.RuleNull || b.Relation != "agency" && b.Relation != "policy" {
			t.Errorf("%+v", b)
		}
	}
	if n := strings.Count(draft, "where false;"); n != len(spec.Relations)-3 || len(found.Lacking) > 0 {
		t.Errorf("%d views without rows, %v", n, found.Lacking)
	}
}

// TestKit holds the functions against those of this program.
func TestKit(t *testing.T) {
	t.Parallel()
	conn, _ := tried(t)
	ask := func(sql string, arg any) string {
		t.Helper()
		var answer *string
		row := conn.QueryRow(t.Context(), "select ("+sql+")::text", pgx.QueryExecModeSimpleProtocol, arg)
		if err := row.Scan(&answer); err != nil {
			t.Fatalf("%s of %v: %v", sql, arg, err)
		}
		if answer == nil {
			return "null"
		}
		return *answer
	}
	for _, id := range []string{"17912099997", "01898090287", "17912099979", "1791209999", "00000000001", "x", "", "17912099997 "} {
		_, err := norway.ParseNationalID(id)
		if got := ask("oversikt_kit.is_national_id($1)", id); got != fmt.Sprint(err == nil) && got != fmt.Sprint(id == "00000000001") {
			t.Errorf("national id %q: %s, %v", id, got, err)
		}
	}
	for i := range 3000 {
		n := fmt.Sprint(800_000_000 + i*66_007)
		if got := ask("oversikt_kit.is_org_number($1)", n); got != fmt.Sprint(norway.ValidOrgNumber(n)) {
			t.Errorf("organisation number %s: %s", n, got)
		}
	}
	for _, base := range []string{"1234", "10001", "99999999", "202611300017", "7", "0000", "123456789012345678901234"} {
		for _, function := range []string{"kid_mod10", "kid_mod11"} {
			if kid := base + ask("oversikt_kit."+function+"($1)", base); len(kid) >= 4 && !norway.ValidKID(kid) {
				t.Errorf("%s of %s: %s is none", function, base, kid)
			}
		}
	}
	for in, want := range map[string]string{"20260301": "2026-03-01", "20240229": "2024-02-29", "20250229": "null", "00000000": "null",
		"20261301": "null", "": "null", "2026030": "null", "20261231": "2026-12-31"} {
		if got := ask("oversikt_kit.day($1)", in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
	const once = "select oversikt_kit.once('0190a7f0-1234-7abc-8def-112233445566', $1)"
	if ask(once, "a") != "true" || ask(once, "a") != "false" {
		t.Error("what was done is done again")
	}
	if _, err := conn.Exec(t.Context(), once, "b"); err == nil {
		t.Error("a key stands for two things")
	}
	for i := range 4 {
		if got := ask("select oversikt_kit.throttle($1, 3, '1 minute')", "2026-1001"); got != fmt.Sprint(i < 3) {
			t.Errorf("attempt %d: %s", i, got)
		}
	}
}
