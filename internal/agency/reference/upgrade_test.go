package reference_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// structure lists what a reference core is made of. In which order columns came is left out.
const structure = `
	select format('column %s.%s %s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
	              attidentity, (select pg_get_expr(adbin, adrelid) from pg_attrdef d where adrelid = attrelid and adnum = attnum))
	from pg_attribute join pg_class c on c.oid = attrelid
	where relnamespace::regnamespace::text in ('core', 'oversikt', 'oversikt_rules') and relkind in ('r', 'v')
	  and attnum > 0 and not attisdropped
	union all
	select format('%s of %s: %s', contype, conrelid::regclass, pg_get_constraintdef(oid))
	from pg_constraint where connamespace::regnamespace::text in ('core', 'oversikt_rules')
	union all
	select regexp_replace(indexdef, 'INDEX \S+ ', 'INDEX ') from pg_indexes where schemaname in ('core', 'oversikt_rules')
	union all
	select format('%s %s %s', oid::regprocedure, md5(prosrc), proacl) from pg_proc
	where pronamespace::regnamespace::text in ('core', 'oversikt', 'oversikt_rules')
	union all
	select format('%s %s %s', oid::regclass, relacl, md5(pg_get_viewdef(oid))) from pg_class
	where relnamespace::regnamespace::text = 'oversikt' and relkind = 'v'
	union all
	select format('schema %s %s', nspname, nspacl) from pg_namespace where nspname !~ '^pg_'
	order by 1`

func list(t *testing.T, conn *pgx.Conn, query string) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestUpgrade takes parts out of a filled core, as a release did not have them yet, and upgrades it.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	fresh := list(t, referencetest.Filled(t).Conn(), structure)
	cases := map[string]string{
		"it is of this release":      "",
		"a table came":               "drop view oversikt.claim_item; drop table core.claim_item",
		"a column came":              "drop view oversikt.objection cascade; alter table core.objection drop disputed_amount_ore",
		"one that is never null":     "drop view oversikt.creditor; alter table core.creditor drop trade",
		"one with a key":             "drop view oversikt.fee; alter table core.fee drop solution",
		"a key and an index came":    "alter table core.case drop constraint case_case_number_key; drop index core.hold_case_id_idx",
		"a check came":               "alter table core.debtor drop constraint debtor_check",
		"acts came":                  "drop function oversikt.request_deferral, oversikt_rules.request_deferral; drop table core.stopped_cost",
		"a function has less to say": "drop function core.ask_to_defer; create function core.ask_to_defer(bigint) returns int language sql as 'select 1'",
		"a rule changed":             "create or replace function core.today() returns date language sql as 'select null::date'",
		"an act is gone":             "create function oversikt.obsolete() returns int language sql as 'select 1'",
		"wrappers came":              "drop schema oversikt_rules cascade",
		"a view has other columns":   "drop view oversikt.creditor; create view oversikt.creditor as select 1 as creditor_id",
	}
	for reason, before := range cases {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			conn := referencetest.Filled(t).Conn()
			referencetest.Exec(t, conn, before)
			rows := list(t, conn, "select case_number || debtor_id from core.case order by 1")
			for range 2 { // what is upgraded can be upgraded
				if err := reference.Upgrade(t.Context(), conn, reference.Options{}); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(fresh, list(t, conn, structure)); diff != "" {
				t.Errorf("not as a fresh one (-fresh +upgraded)\n%s", diff)
			}
			if diff := cmp.Diff(rows, list(t, conn, "select case_number || debtor_id from core.case order by 1")); diff != "" {
				t.Errorf("rows have changed\n%s", diff)
			}
		})
	}
}

// TestUpgradeKeepsReaders: whoever could read the contract can read it afterwards.
func TestUpgradeKeepsReaders(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	o := reference.Options{Role: "contract_upgraded", Schema: "fjord"}
	if err := reference.Install(t.Context(), db.Conn(), o); err != nil {
		t.Fatal(err)
	}
	referencetest.Exec(t, db.Conn(), "alter table fjord_core.case drop agreement_group cascade")
	if err := reference.Upgrade(t.Context(), db.Conn(), reference.Options{Schema: "fjord"}); err != nil {
		t.Fatal(err)
	}
	other := referencetest.ConnectAs(t, db, "contract_upgraded")
	referencetest.Exec(t, other, "select agreement_group from fjord.case; select fjord.request_deferral(null, null, null) limit 0")
	if got := list(t, db.Conn(), "select nspname::text from pg_namespace where nspname ~ '_new'"); len(got) > 0 {
		t.Errorf("left is %v", got)
	}
}

// TestUpgradeRefuses: what an upgrade would harm is left as it is, and named.
func TestUpgradeRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, before, want string }{
		"no core": {"an agency's own views are its own", "drop schema core cascade", "no reference core"},
		"another type": {"a value might not fit", `drop view oversikt.case cascade;
			alter table core.case alter kid type integer using 1`, "case.kid"},
		"a column that nobody fills": {"the next insert would fail",
			"alter table core.hold add colour text not null default 'x'; alter table core.hold alter colour drop default",
			"hold.colour"},
		"a view of theirs":  {"it would be gone", "create view public.mine as select name from oversikt.creditor", "public.mine"},
		"a table of theirs": {"it lies where the contract is", "create table oversikt.mine (x int)", "oversikt.mine"},
		"rows that the new key forbids": {"only the agency knows which one is right", `
			alter table core.case drop constraint case_case_number_key;
			update core.case set case_number = 'same'`, "case_number"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := referencetest.Filled(t).Conn()
			referencetest.Exec(t, conn, tc.before)
			before := list(t, conn, structure)
			err := reference.Upgrade(t.Context(), conn, reference.Options{})
			if err == nil || !strings.Contains(err.Error(), tc.want) ||
				(name == "no core") != errors.Is(err, reference.ErrNotInstalled) {
				t.Errorf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(before, list(t, conn, structure)); diff != "" {
				t.Errorf("%s: something has changed\n%s", tc.reason, diff)
			}
		})
	}
}
