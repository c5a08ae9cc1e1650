package migrate_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// trap is a function that takes a right when somebody else than the service runs it.
const trap = `create function pg_temp.trap() returns boolean language plpgsql as $$
begin
	if current_user <> session_user then
		grant insert on portal.retention_rule to oversikt_portal;
	end if;
	return true;
end $$;
create function pg_temp.trap(anyelement) returns boolean language sql as 'select pg_temp.trap()';`

// calls are the functions of the portal that run with their owner's rights and that the service
// may call, each as it calls them.
var calls = []string{
	"select portal.retain('access_log', now(), 1)",
	"select portal.retain('session', now(), 1)",
	"select portal.create_access_log_month(now() + interval '2 months')",
}

// sets are what the service may put in the way of the names that a function uses.
func sets() map[string]string {
	all := map[string]string{
		"operators": `create function pg_temp.eq(text, text) returns boolean language sql as 'select pg_temp.trap()';
			create operator pg_temp.= (leftarg = text, rightarg = text, function = pg_temp.eq);
			create function pg_temp.minus(timestamptz, interval) returns timestamptz language sql as 'select case when pg_temp.trap() then $1 end';
			create operator pg_temp.- (leftarg = timestamptz, rightarg = interval, function = pg_temp.minus);`,
		"functions": `create function pg_temp.now() returns timestamptz language sql as 'select case when pg_temp.trap() then pg_catalog.now() end';
			create function pg_temp.to_regclass(text) returns regclass language sql as 'select case when pg_temp.trap() then pg_catalog.to_regclass($1) end';
			create function pg_temp.make_interval(days integer) returns interval language sql as 'select case when pg_temp.trap() then ''1 day''::interval end';
			create function pg_temp.to_char(timestamp, text) returns text language sql as 'select case when pg_temp.trap() then ''2026_01'' end';`,
		"a cast": `create type pg_temp.rule as (name text);
			create function pg_temp.of_rule(pg_temp.rule) returns text language sql as 'select case when pg_temp.trap() then ''session'' end';
			create cast (pg_temp.rule as text) with function pg_temp.of_rule(pg_temp.rule) as implicit;`,
	}
	for _, relation := range []string{"pg_class", "pg_inherits", "retention_rule", "access_log", "session"} {
		all["a view "+relation] = "create view pg_temp." + relation + " as select 1 as x where pg_temp.trap();"
	}
	for _, name := range []string{"timestamptz", "text", "date", "regclass", "int8", "bool", "bigint", "integer",
		"timestamp", "interval", "boolean", "name", "oid"} {
		all["a domain "+name] = fmt.Sprintf(`create domain pg_temp.%q as pg_catalog.%s check (pg_temp.trap(value));`, name,
			strings.NewReplacer("bigint", "int8", "integer", "int4", "boolean", "bool").Replace(name))
	}
	return all
}

// TestNobodyBecomesTheOwner: whatever the service's role puts in the way of the names that the
// owner's functions use, it takes no right by them. Temporary objects are refused it besides.
func TestNobodyBecomesTheOwner(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	owner := db.Conn()
	attack := func(name, set, path string) {
		t.Helper()
		service, err := pgx.Connect(t.Context(), db.RoleDSN(portal.Role))
		if err != nil {
			t.Fatal(err)
		}
		defer service.Close(t.Context())
		if _, err := service.Exec(t.Context(), trap+set+"set search_path = "+path); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, call := range append(calls, "select portal.retain(row('session')::pg_temp.rule, now(), 1)") {
			_, _ = service.Exec(t.Context(), call) // that it fails is as good
			var taken bool
			err := owner.QueryRow(t.Context(), `select has_table_privilege('oversikt_portal', 'portal.retention_rule', 'insert')`).
				Scan(&taken)
			if err != nil || taken {
				t.Errorf("%s, search path %s, %s: %v", name, path, call, err)
				_, _ = owner.Exec(t.Context(), "revoke insert on portal.retention_rule from oversikt_portal")
			}
		}
	}
	grant := fmt.Sprintf("grant temporary on database %s to oversikt_portal", db.Name())
	if _, err := owner.Exec(t.Context(), grant); err != nil {
		t.Fatal(err)
	}
	for name, set := range sets() {
		for _, path := range []string{"''", "pg_temp", "pg_temp, pg_catalog"} {
			attack(name, set, path)
		}
	}
}

// TestNoTemporaryObjects: the service has nothing to put in the way.
func TestNoTemporaryObjects(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	service, err := pgx.Connect(t.Context(), db.RoleDSN(portal.Role))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close(t.Context())
	for _, sql := range []string{"create temporary table x ()", "create domain pg_temp.text as pg_catalog.text",
		"create table public.x ()", "create function public.f() returns int language sql as 'select 1'",
		"create schema mine", "create table portal.x ()", "set role postgres", "alter role oversikt_portal createrole"} {
		_, err := service.Exec(t.Context(), sql)
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "42501" {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// TestFunctionsOfThePortal: what the contract asks of an agency's functions holds for the portal's
// own, and is seen where it does not.
func TestFunctionsOfThePortal(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	tx, err := db.Conn().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	breaches := func() []check.Breach {
		found, err := check.Functions(t.Context(), tx, portal.Schema)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for _, b := range breaches() {
		t.Errorf("%s: %s: %s", b.Relation, b.What, b.Remedy)
	}
	if _, err := tx.Exec(t.Context(), `create function portal.new_one() returns int language sql security definer as 'select 1';
		alter function portal.ended_stays() set search_path = ''`); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range breaches() {
		got = append(got, b.Relation+" "+string(b.Rule))
	}
	want := []string{"portal.ended_stays search-path", "portal.new_one search-path", "portal.new_one public"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
