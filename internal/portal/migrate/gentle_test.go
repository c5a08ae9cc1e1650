package migrate_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// early is why a migration may stop those who use a table: no portal had rows to speak of yet.
const early = "no portal had so many rows that anybody could notice"

// harsh are the migrations that keep a table from others for as long as it takes to read or write
// all of it, and why each may. A new one is not added for convenience: an index is made
// concurrently (-- +goose NO TRANSACTION), a constraint is added not valid and validated later, a
// column begins null or with a constant.
var harsh = map[string]string{
	"00009 power_of_attorney_agency": early,
	"00010 access_log":               early,
	"00012 power_of_attorney":        early,
	"00014 acceptance":               early,
	"00014 privacy_request":          early,
	"00015 acceptance":               early,
	"00016 session":                  early,
	"00018 power_of_attorney":        early,
	"00018 privacy_request":          early,
	"00019 session":                  early,
	"00021 act":                      early,
}

// made is what there is of a table, by name, each with what changes when it is made anew.
type made map[string]string

// tables returns what each table of the portal is made of.
func tables(t *testing.T, conn *pgx.Conn) map[string]made {
	t.Helper()
	rows, err := conn.Query(t.Context(), `
		with own as (select oid, relname from pg_class where relnamespace = 'portal'::regnamespace and relkind in ('r', 'p')
			and relname !~ '^(access_log_|river)')
		select relname, 'rows', pg_relation_filenode(oid)::text from own where pg_relation_filenode(oid) is not null
		union all
		select relname, 'index ' || indexrelid::regclass, indexrelid::text from own join pg_index on indrelid = oid
		union all
		select relname, 'constraint ' || conname, pg_get_constraintdef(k.oid) from own join pg_constraint k on conrelid = own.oid
		where contype in ('c', 'f') and convalidated
		union all
		select relname, w.what || attname, '' from own join pg_attribute on attrelid = oid and attnum > 0 and not attisdropped
		join (values ('column ', true), ('not null ', false)) w (what, every) on w.every or attnotnull`)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]made{}
	var table, what, which string
	if _, err := pgx.ForEachRow(rows, []any{&table, &what, &which}, func() error {
		if all[table] == nil {
			all[table] = made{}
		}
		all[table][what] = which
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// changes are what a migration did to tables that were there before it, and that takes time for
// each of their rows.
func changes(before, after map[string]made, sql string) (found []string) {
	for table, was := range before {
		for what, which := range after[table] {
			kind, name, _ := strings.Cut(what, " ")
			old, had := was[what]
			switch _, hadColumn := was["column "+strings.TrimPrefix(name, "null ")]; {
			case had && old == which, kind == "column", kind == "not" && !hadColumn:
			case kind == "index" && strings.Contains(sql, "index concurrently "+strings.TrimPrefix(name, "portal.")+" "):
			default:
				found = append(found, table+": "+what)
			}
		}
	}
	slices.Sort(found)
	return found
}

// TestMigrationsAreGentle: those who use a table wait for no migration that reads or writes all of
// its rows.
func TestMigrationsAreGentle(t *testing.T) {
	t.Parallel()
	db, _, p := upTo(t, 1)
	conn := db.Conn()
	got := map[string]string{}
	before := tables(t, conn)
	for _, source := range p.ListSources()[1:] {
		sql, err := os.ReadFile(filepath.Join("sql", source.Path))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.UpTo(t.Context(), source.Version); err != nil {
			t.Fatal(err)
		}
		after := tables(t, conn)
		for _, change := range changes(before, after, string(sql)) {
			table, _, _ := strings.Cut(change, ":")
			got[fmt.Sprintf("%05d %s", source.Version, table)] += " " + change
		}
		before = after
	}
	for name, what := range got {
		if harsh[name] == "" {
			t.Errorf("migration %s keeps the table from others:%s", name, what)
		}
	}
	for name := range harsh {
		if got[name] == "" {
			t.Errorf("migration %s is listed for nothing", name)
		}
	}
}

// TestHarshMigrationsAreFound: each way to keep a table from others for long is seen, and the ways
// that do not are left alone.
func TestHarshMigrationsAreFound(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	conn := db.Conn()
	for sql, want := range map[string][]string{
		"alter table portal.event add column x text":                               nil,
		"alter table portal.event add column x integer not null default 1":         nil,
		"alter table portal.event add column x uuid default gen_random_uuid()":     {"event: rows"},
		"alter table portal.event alter column act type text":                      {"event: rows"},
		"alter table portal.event alter column name type varchar":                  nil,
		"alter table portal.event add column x int generated always as (1) stored": {"event: rows"},
		"create index event_x on portal.event (name)":                              {"event: index portal.event_x"},
		"create index concurrently event_x on portal.event (name)":                 nil,
		"alter table portal.event add constraint x check (name <> '')":             {"event: constraint x"},
		"alter table portal.event add constraint x check (name <> '') not valid":   nil,
		"alter table portal.session alter column sid set not null":                 {"session: not null sid"},
		"create table portal.x (a int primary key); create index on portal.x (a)":  nil,
		"drop index portal.event_at; create index event_at on portal.event (at)":   {"event: index portal.event_at"},
	} {
		before := tables(t, conn)
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		if diff := cmp.Diff(want, changes(before, tables(t, conn), sql)); diff != "" {
			t.Errorf("%s:\n%s", sql, diff)
		}
		undo(t, conn)
	}
}

// undo takes back what one of the statements may have done.
func undo(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	for _, sql := range []string{"alter table portal.event drop column if exists x", "drop index if exists portal.event_x",
		"alter table portal.event drop constraint if exists x", "alter table portal.session alter column sid drop not null",
		"drop table if exists portal.x", "alter table portal.event alter column act type uuid using act::uuid",
		"alter table portal.event alter column name type text"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// TestMigrationGivesUp: a migration that waits for a table keeps all who come after it waiting, so
// it gives up soon, changes nothing and can be run again.
func TestMigrationGivesUp(t *testing.T) {
	t.Parallel()
	db, _, _ := upTo(t, 14) // the next one changes a table
	user, err := db.Conn().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := user.Exec(t.Context(), "select from portal.acceptance"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_, err = migrate.Up(t.Context(), db.DSN())
	if err == nil || !strings.Contains(err.Error(), "run it again") || time.Since(began) < migrate.LockTimeout {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	if err := user.Rollback(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Error(err)
	}
}
