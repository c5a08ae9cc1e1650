package migrate_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// rights are all that the service's role and public may do with what is not the system's.
const rights = `with object (kind, name, acl) as (
    select 'database', 'DATABASE', coalesce(datacl, acldefault('d', datdba)) from pg_catalog.pg_database
    where datname = current_database()
    union all select 'schema', nspname, coalesce(nspacl, acldefault('n', nspowner)) from pg_catalog.pg_namespace
    where nspname in ('portal', 'public')
    union all select 'table', oid::regclass::text, coalesce(relacl, acldefault('r', relowner)) from pg_catalog.pg_class
    where relnamespace in ('portal'::regnamespace, 'public'::regnamespace) and relkind in ('r', 'p', 'v', 'm')
    union all select 'sequence', oid::regclass::text, coalesce(relacl, acldefault('s', relowner)) from pg_catalog.pg_class
    where relnamespace in ('portal'::regnamespace, 'public'::regnamespace) and relkind = 'S'
    union all select 'column', attrelid::regclass || '.' || attname, attacl from pg_catalog.pg_attribute where attacl is not null and not attisdropped
    and attrelid::regclass::text like 'portal.%'
    union all select 'function', oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner)) from pg_catalog.pg_proc
    where pronamespace in ('portal'::regnamespace, 'public'::regnamespace) and prorettype <> 'trigger'::regtype
)
select format('%-8s %-60s %s: %s', kind, name, case a.grantee when 0 then 'public' else a.grantee::regrole::text end,
              string_agg(lower(a.privilege_type), ' ' order by a.privilege_type))
from object, aclexplode(acl) a
where a.grantee = 0 or a.grantee::regrole::text = 'oversikt_portal'
group by kind, name, a.grantee order by 1`

func rightsOf(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	rows, err := conn.Query(t.Context(), rights)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestRightsAreWhole: each migrate leaves the service with the rights of testdata/rights.golden,
// whatever was taken from it or given to it meanwhile, also where no migration is left to run.
func TestRightsAreWhole(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	admin := db.Conn()
	for name, before := range map[string]string{
		"a new database": "",
		"nothing is left, as after a restore": `do $$ begin
			execute format('grant temporary, create on database %I to public', current_database());
			execute format('revoke connect on database %I from oversikt_portal', current_database());
			end $$;
			revoke all on schema portal from oversikt_portal; revoke all on all tables in schema portal from oversikt_portal;
			revoke all on all sequences in schema portal from oversikt_portal;
			revoke all on all functions in schema portal from oversikt_portal; grant create on schema public to public;`,
		"more than it needs": `grant all on all tables in schema portal to oversikt_portal;
			grant all on schema portal to oversikt_portal; grant all on all functions in schema portal to oversikt_portal;
			grant update (until) on portal.act to oversikt_portal;`,
	} {
		if name != "a new database" {
			if _, err := migrate.Up(t.Context(), db.DSN()); err != nil { // maps have no order
				t.Fatal(err)
			}
		}
		if _, err := admin.Exec(t.Context(), before); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := rightsOf(t, admin)
		const golden = "testdata/rights.golden"
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: rights.sql and the list differ (UPDATE_GOLDEN=1 writes the list):\n%s", name, diff)
		}
	}
}
