package legacy_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

const (
	role      = "oversikt_app"
	readFiles = "../../../agency/core/sql"
	forbidden = "42501" // insufficient_privilege
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// installed is a core without cases.
var installed = pgtest.Template{Name: "legacy", Hash: pgtest.Hash(legacy.Files()), Fill: legacy.Install}

// filled is a core with the rows of testdata.
var filled = pgtest.Template{
	Name: "legacy_rows",
	Hash: pgtest.Hash(legacy.Files(), os.DirFS("testdata")),
	Fill: func(ctx context.Context, conn *pgx.Conn) error {
		if err := legacy.Install(ctx, conn); err != nil {
			return err
		}
		return execFiles(ctx, conn, "testdata/*.sql")
	},
}

var referenceCore = pgtest.Template{
	Name: "legacy_reference",
	Hash: pgtest.Hash(reference.Files()),
	Fill: func(ctx context.Context, conn *pgx.Conn) error {
		return reference.Install(ctx, conn, reference.Options{})
	},
}

func execFiles(ctx context.Context, conn *pgx.Conn, pattern string) error {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no files %s: %w", pattern, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// asApp connects as the role that Oversikt runs with.
func asApp(t *testing.T, db *pgtest.DB) *pgx.Conn {
	t.Helper()
	return db.Conn(func(c *pgx.ConnConfig) { c.User = role })
}

// column is what must be the same on every core. Keys may be of any type.
type column struct {
	View, Name, Type string
}

func TestViewsMatchReference(t *testing.T) {
	t.Parallel()
	got := columns(t, pgtest.New(t, installed).Conn())
	want := columns(t, pgtest.New(t, referenceCore).Conn())
	if len(want) < 100 {
		t.Fatalf("the reference has %d columns only", len(want))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("columns differ from the reference (-reference +legacy)\n%s", diff)
	}
}

func columns(t *testing.T, conn *pgx.Conn) []column {
	t.Helper()
	rows, err := conn.Query(t.Context(), `
		select c.relname, a.attname,
		       case when a.attname like '%\_id' and a.attname not like '%national\_id' then 'key'
		            else pg_catalog.format_type(a.atttypid, null) end
		from pg_catalog.pg_attribute a
		join pg_catalog.pg_class c on c.oid = a.attrelid
		where c.relnamespace = 'oversikt'::regnamespace and c.relkind = 'v' and a.attnum > 0
		order by c.relname, a.attnum`)
	check(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	check(t, err)
	return got
}

func TestRoleReadsTheContractOnly(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, filled)
	owner, app := db.Conn(), asApp(t, db)
	tables := relations(t, owner, "inkasso")
	views := relations(t, owner, "oversikt")
	if len(tables) < 20 || len(views) < 20 {
		t.Fatalf("%d tables, %d views", len(tables), len(views))
	}
	for _, table := range tables {
		if code := sqlState(t, app, "select * from "+table); code != forbidden {
			t.Errorf("reading %s: state %q, want %s", table, code, forbidden)
		}
	}
	for _, view := range views {
		if code := sqlState(t, app, "select * from "+view); code != "" {
			t.Errorf("reading %s: state %q", view, code)
		}
		var writes bool
		check(t, app.QueryRow(t.Context(),
			"select has_table_privilege($1, 'insert, update, delete, truncate, trigger')", view).Scan(&writes))
		if writes {
			t.Errorf("the role may write to %s", view)
		}
	}
}

func relations(t *testing.T, conn *pgx.Conn, schema string) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), `
		select oid::regclass::text from pg_catalog.pg_class
		where relnamespace = $1::text::regnamespace and relkind in ('r', 'v') order by relname`, schema)
	check(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(t, err)
	return names
}

// sqlState runs a statement and returns the state of its error, if any.
func sqlState(t *testing.T, conn *pgx.Conn, sql string) string {
	t.Helper()
	_, err := conn.Exec(t.Context(), sql)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code
	}
	check(t, err)
	return ""
}

func TestInstallIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	conn := pgtest.New(t, pgtest.Template{}).Conn()
	_, err := conn.Exec(t.Context(), "create schema oversikt") // in the way of the second file
	check(t, err)
	err = legacy.Install(t.Context(), conn)
	if err == nil || !strings.Contains(err.Error(), "views.sql") {
		t.Errorf("the file at fault should be named: %v", err)
	}
	var left bool
	check(t, conn.QueryRow(t.Context(), "select to_regnamespace('inkasso') is not null").Scan(&left))
	if left {
		t.Error("a failed installation left its tables")
	}
}

func TestImpossibleRowsAreRefused(t *testing.T) {
	t.Parallel()
	conn := pgtest.New(t, filled).Conn()
	cases := map[string]struct{ reason, sql string }{
		"deadline that is no date": {"one such row would fail every read of its case's letters",
			"update inkasso.brev set frist = '20240231'"},
		"agreed rate without rate": {"it would read as the statutory rate",
			"update inkasso.sak set rentetype = 'A', rentesats = null"},
		"negative fee that corrects nothing": {"a correction must be netted somewhere",
			"update inkasso.salaer set belop = -1 where korrigerer is null"},
		"closing code without date": {"the contract's closed cases have a date",
			"update inkasso.sak set avsluttet = null where status = 80"},
		"two debtors with one number": {"a person would be met twice",
			"update inkasso.skyldner set fnr = '17912099997'"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if code := sqlState(t, conn, tc.sql); !strings.HasPrefix(code, "23") && !strings.HasPrefix(code, "22") {
				t.Errorf("state %q for a row that must be refused: %s", code, tc.reason)
			}
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
