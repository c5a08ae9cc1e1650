package reference_test

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestInstallTwice(t *testing.T) {
	t.Parallel()
	conn := referencetest.Empty(t).Conn()
	referencetest.Exec(t, conn, "insert into core.creditor (name) values ('Kraft AS')")
	if err := reference.Install(t.Context(), conn, reference.Options{}); !errors.Is(err, reference.ErrInstalled) {
		t.Fatalf("second install: %v", err)
	}
	var n int
	if err := conn.QueryRow(t.Context(), "select count(*) from oversikt.creditor").Scan(&n); err != nil || n != 1 {
		t.Errorf("the second install has changed the database: %d creditors, %v", n, err)
	}
}

func TestInstallIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, before string
		role           string
	}{
		"oversikt is there": {"an agency with views of its own keeps them", "create schema oversikt", ""},
		"core is there":     {"an agency's own schema of that name is not touched", "create schema core", ""},
		"role name":         {"a role is an identifier, never SQL", "", `x; drop schema public`},
		"no right": {"a user who may not create schemas installs nothing",
			"create role contract_nobody; set role contract_nobody", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := pgtest.New(t, pgtest.Template{}).Conn()
			if strings.Contains(c.before, "create role") {
				c.before = "do $$ begin create role contract_nobody; exception when duplicate_object or unique_violation then null; end $$; set role contract_nobody"
			}
			referencetest.Exec(t, conn, c.before)
			before := relations(t, conn)
			if err := reference.Install(t.Context(), conn, reference.Options{Role: c.role}); err == nil {
				t.Errorf("%s: it was installed", c.reason)
			}
			if diff := cmp.Diff(before, relations(t, conn)); diff != "" {
				t.Errorf("%s: something is left\n%s", c.reason, diff)
			}
		})
	}
}

func TestInstallAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	errs := make([]error, 4)
	var wg sync.WaitGroup
	for i := range errs {
		conn := db.Conn()
		wg.Go(func() { errs[i] = reference.Install(t.Context(), conn, reference.Options{}) })
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else if !errors.Is(err, reference.ErrInstalled) {
			t.Errorf("one of several at once: %v", err)
		}
	}
	if done != 1 {
		t.Errorf("%d of %d have installed it", done, len(errs))
	}
}

func TestInstallGrantsAnotherRole(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	if err := reference.Install(t.Context(), db.Conn(), reference.Options{Role: "contract_other"}); err != nil {
		t.Fatal(err)
	}
	other := referencetest.ConnectAs(t, db, "contract_other")
	if _, err := other.Exec(t.Context(), "select from oversikt.case"); err != nil {
		t.Errorf("the role cannot read: %v", err)
	}
}

func TestRoleReadsTheViewsAlone(t *testing.T) {
	t.Parallel()
	db := referencetest.Empty(t)
	owner, role := db.Conn(), referencetest.ConnectAs(t, db, spec.DefaultRole)
	for _, name := range relations(t, owner) {
		inContract := strings.HasPrefix(name, "oversikt.")
		if err := tryExec(t, role, "select from "+name); (err == "") != inContract {
			t.Errorf("select from %s: %q", name, err)
		}
		// A view that nobody can delete from has a code of its own.
		if err := tryExec(t, role, "delete from "+name); err != "42501" && err != "55000" {
			t.Errorf("delete from %s: %q", name, err)
		}
		if err := tryExec(t, role, "truncate "+name); !inContract && err != "42501" {
			t.Errorf("truncate %s: %q", name, err)
		}
	}
	for _, sql := range []string{"create table oversikt.x ()", "create schema x", "create table public.x ()",
		"select content from core.document", "select core.undo(gen_random_uuid())",
		"select password_hash from core.case_credential"} {
		if err := tryExec(t, role, sql); err != "42501" {
			t.Errorf("%s: %q", sql, err)
		}
	}
}

// tryExec returns the SQLSTATE, empty for success.
func tryExec(t *testing.T, conn *pgx.Conn, sql string) string {
	t.Helper()
	_, err := conn.Exec(t.Context(), sql)
	if err == nil {
		return ""
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		t.Fatalf("%s: %v", sql, err)
	}
	return pg.Code
}

// relations returns the tables and views of the agency's schemas.
func relations(t *testing.T, conn *pgx.Conn) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), `select format('%I.%I', n.nspname, c.relname)
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'v')
		order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestInstallIsTheSpec compares names; that columns and types agree is the
// check's business.
func TestInstallIsTheSpec(t *testing.T) {
	t.Parallel()
	text, err := fs.ReadFile(reference.Files(), "2_contract.sql")
	if err != nil {
		t.Fatal(err)
	}
	var views, relations []string
	for _, m := range regexp.MustCompile(`create view oversikt\.(\w+)`).FindAllStringSubmatch(string(text), -1) {
		views = append(views, m[1])
	}
	for _, r := range spec.Relations {
		relations = append(relations, r.Name)
	}
	slices.Sort(views)
	slices.Sort(relations)
	if diff := cmp.Diff(relations, views); diff != "" {
		t.Errorf("views of sql/2_contract.sql and relations of the spec (-spec +views):\n%s", diff)
	}
}

// TestViewsHaveNoOtherColumns keeps the views of the reference core to the spec:
// what nobody reads, nobody can leak.
func TestViewsHaveNoOtherColumns(t *testing.T) {
	t.Parallel()
	conn := referencetest.Empty(t).Conn()
	for _, r := range spec.Relations {
		rows, err := conn.Query(t.Context(), "select * from "+pgx.Identifier{spec.Schema, r.Name}.Sanitize())
		if err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for _, f := range rows.FieldDescriptions() {
			got = append(got, f.Name)
		}
		rows.Close()
		for _, c := range r.Columns {
			want = append(want, c.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("columns of %s (-spec +view):\n%s", r.Name, diff)
		}
	}
}
