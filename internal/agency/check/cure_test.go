package check

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
)

// cured checks a database, applies the SQL of its breaches, and checks again: nothing is left.
func cured(t *testing.T, conn *pgx.Conn, want ...Breach) []Breach {
	t.Helper()
	found, err := Run(t.Context(), conn, Options{Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	said := cmpopts.IgnoreFields(Breach{}, "What", "Remedy", "Keys", "Plan", "DDL")
	if diff := cmp.Diff(want, found.Breaches, said); diff != "" {
		t.Fatalf("before (-want +got)\n%s", diff)
	}
	for _, b := range found.Breaches {
		if b.DDL == "" {
			t.Fatalf("no SQL cures %+v", b)
		}
		referencetest.Exec(t, conn, b.DDL)
	}
	after, err := Run(t.Context(), conn, Options{Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	if len(after.Breaches) > 0 {
		t.Errorf("after\n%+v\nthere is\n%+v", found.Breaches, after.Breaches)
	}
	return found.Breaches
}

// partitioned puts the fees of the reference core into partitions of two levels, without an index.
const partitioned = `
	create table core.fee_parted (fee_id bigint, case_id bigint, kind text, amount_ore bigint, incurred_on date,
		waived_on date, legal_basis text) partition by range (incurred_on);
	do $$ begin
		for y in 2010..2027 loop
			execute format('create table core.fee_%1$s partition of core.fee_parted for values from (%2$L) to (%3$L) partition by hash (fee_id)',
				y, y || '-01-01', (y + 1) || '-01-01');
			for h in 0..2 loop
				execute format('create table core.fee_%1$s_%2$s partition of core.fee_%1$s for values with (modulus 3, remainder %2$s)', y, h);
			end loop;
		end loop;
	end $$;
	insert into core.fee_parted select fee_id, case_id, kind, amount_ore, incurred_on, waived_on, legal_basis from core.fee;`

// TestCheckCuresIndexes: a missing index is one breach for a table, however many partitions it has,
// and what it says makes the index.
func TestCheckCuresIndexes(t *testing.T) {
	t.Parallel()
	parted := partitioned + referencetest.Swap("fee", "core.fee", "core.fee_parted", "amount_ore::bigint", "amount_ore")
	for name, tc := range map[string]struct {
		sql, relation, column, plan string
	}{
		"a table": {"drop index core.fee_case_id_idx", "core.fee", "case_id",
			`select * from "oversikt"."fee" where "case_id" = $1` + "\nSeq Scan on fee"},
		"partitions": {parted, "core.fee_parted", "case_id", "Append\n  ->  Seq Scan on fee_2010_0 fee_parted_1"},
		"some partitions": {parted + "create index on core.fee_2011 (case_id); create index on core.fee_2012_1 (case_id)",
			"core.fee_parted", "case_id", "fee_2011_0_case_id_idx"},
		"an index that is not whole": {parted + "create index on only core.fee_parted (case_id)", "core.fee_parted", "case_id",
			"Append\n  ->  Seq Scan"},
		"an expression": {referencetest.Swap("message", "debtor_id", "(debtor_id + 0) as debtor_id"), "core.message",
			"debtor_id", "Seq Scan on message"},
		"a cast": {"alter table core.debtor drop constraint debtor_national_id_key; alter table core.debtor drop column if exists x;" +
			referencetest.Swap("debtor", "national_id", "lower(national_id) as national_id"), "core.debtor", "national_id",
			"Seq Scan on debtor"},
		"names in capitals": {`alter table core.message rename to "Melding"; alter table core."Melding" rename debtor_id to "Skyldner Nr"; drop index core.message_debtor_id_idx`,
			"core.Melding", "Skyldner Nr", `Seq Scan on "Melding"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := referencetest.Filled(t).Conn()
			referencetest.Exec(t, conn, tc.sql)
			for _, b := range cured(t, conn, Breach{Relation: tc.relation, Column: tc.column, Rule: RuleIndex}) {
				if !strings.Contains(b.Plan, tc.plan) || !strings.HasPrefix(b.DDL, "create index on ") {
					t.Errorf("plan\n%s\n%s", b.Plan, b.DDL)
				}
			}
		})
	}
}

// TestCheckCuresReferences: rows that another view leaves out are left out by what the breach says,
// and every read still finds its rows by index.
func TestCheckCuresReferences(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sql  string
		want []Breach
	}{
		"a case": {referencetest.Swap("case", "from core.case", "from core.case where case_number <> '2026-1'"), nil},
		"by exists": {referencetest.Swap("case", "from core.case",
			"from core.case k where exists (select from core.debtor d where d.debtor_id = k.debtor_id and d.kind = 'BUSINESS')"), nil},
		"a debtor": {referencetest.Swap("debtor", "from core.debtor", "from core.debtor where debtor_id <> 1"), nil},
		"a payment": {referencetest.Swap("payment", "from core.payment", "from core.payment where false"),
			[]Breach{{Relation: "payment_allocation", Column: "payment_id", Rule: RuleReference}}},
		"what may be null": {referencetest.Swap("document", "from core.document", "from core.document where false"),
			[]Breach{{Relation: "letter", Column: "document_id", Rule: RuleReference}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := referencetest.Filled(t).Conn()
			referencetest.Exec(t, conn, tc.sql+manyFees)
			found, err := Run(t.Context(), conn, Options{Timeout: patience})
			if err != nil {
				t.Fatal(err)
			}
			var cures []string
			for i, b := range found.Breaches {
				other := tc.want != nil && (i >= len(tc.want) || b.Column != tc.want[i].Column)
				if other || b.Rule != RuleReference || len(b.Keys) == 0 {
					t.Errorf("before: %+v", b)
				}
				cures = append(cures, b.DDL)
			}
			referencetest.Exec(t, conn, strings.Join(cures, "\n"))
			after, err := Run(t.Context(), conn, Options{Timeout: patience})
			if err != nil {
				t.Fatal(err)
			}
			if len(found.Breaches) == 0 || len(after.Breaches) > 0 {
				t.Errorf("after\n%s\nthere is\n%+v", strings.Join(cures, "\n"), after.Breaches)
			}
		})
	}
}
