package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// altered makes a view again with another expression in one column.
func altered(relation, column, value string) string {
	var columns []string
	for _, c := range spec.RelationNamed(relation).Columns {
		if c.Name == column {
			columns = append(columns, value+" as "+c.Name)
		} else {
			columns = append(columns, "o."+c.Name)
		}
	}
	return fmt.Sprintf("alter view oversikt.%[1]s rename to %[1]s_old; create view oversikt.%[1]s as select %[2]s from oversikt.%[1]s_old o; grant select on oversikt.%[1]s to %[3]s",
		relation, strings.Join(columns, ", "), spec.DefaultRole)
}

// spoiling are values that a column of the contract cannot have, or could.
func spoiling(c spec.Column) []string {
	switch {
	case c.IsKey():
		return []string{"null::bigint"}
	case c.IsArray():
		return []string{"null::text[]", "array[null]::text[]", "array['hemmelig']"}
	case c.IsDay():
		var values []string
		for _, v := range []string{"infinity", "-infinity", "20000-01-01", "1899-12-31", "0044-03-15 BC"} {
			values = append(values, "'"+v+"'::"+c.Types[0])
		}
		return append(values, "null::"+c.Types[0])
	case c.Types[0] == "bigint":
		return []string{"null::bigint", "-1::bigint", "9223372036854775807::bigint"}
	case c.Types[0] == "integer":
		return []string{"null::integer", "-1", "2147483647"}
	case c.Types[0] == "boolean":
		return []string{"null::boolean"}
	default:
		return []string{"null::text", "repeat('hemmelig', 10000)", "'hemmelig'::text"}
	}
}

// TestCheckFindsWhatServeRefuses: whatever makes the service leave out a case, or fail, is a breach
// of the view and column that was spoilt.
func TestCheckFindsWhatServeRefuses(t *testing.T) {
	t.Parallel()
	conn := referencetest.Filled(t).Conn()
	core.Register(conn)
	id, err := norway.ParseNationalID("17912099997")
	if err != nil {
		t.Fatal(err)
	}
	refuses := func(tx pgx.Tx) bool {
		sp, err := tx.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = sp.Rollback(context.Background()) }()
		part, err := core.ReadWithin(t.Context(), sp, debt.Agency{Code: "test"}, core.Query{Want: ^debt.Relations(0),
			Scope: caller.Principal{Kind: caller.Person, NationalID: id}.Scope(), Today: norway.MustDate("2026-11-20")})
		return err != nil || len(part.Withheld) > 0
	}
	refused := 0
	for _, r := range spec.Relations {
		for _, col := range r.Columns {
			for _, value := range spoiling(col) {
				tx, err := conn.Begin(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if _, err := tx.Exec(t.Context(), altered(r.Name, col.Name, value)); err != nil {
					t.Fatalf("%s.%s %s: %v", r.Name, col.Name, value, err)
				}
				refuse := refuses(tx)
				c := &checker{tx: tx, Options: Options{Schema: spec.Schema, Sample: DefaultSample, Timeout: patience},
					unfit: map[string]bool{}}
				for _, step := range []func(context.Context) error{c.settings, c.schema, c.data} {
					if err := step(t.Context()); err != nil {
						t.Fatalf("%s.%s %s: %v", r.Name, col.Name, value, err)
					}
				}
				named := slices.ContainsFunc(c.breaches, func(b Breach) bool { return b.Relation == r.Name })
				if refuse {
					refused++
				}
				if refuse && !named {
					t.Errorf("%s.%s as %s is refused, and is no breach: %+v", r.Name, col.Name, value, c.breaches)
				}
				for _, b := range c.breaches {
					if text := fmt.Sprint(b.What, b.Keys); strings.Contains(text, "hemmelig") && b.Rule != RuleCode ||
						referencetest.Personal(text) {
						t.Errorf("a value is printed: %s", text)
					}
				}
				if err := tx.Rollback(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if refused < 150 {
		t.Errorf("%d ways of spoiling a view are refused: the test has lost its point", refused)
	}
}

// oneBad spoils one of many fees, far behind the sample.
const oneBad = `insert into core.fee (case_id, kind, amount_ore, incurred_on)
	select 1 + g % 3, 'OTHER', 100, '2026-01-01' from generate_series(1, 3000) g;` // the last has key 3003

// TestCheckSaysWhatItSaw: what was not seen is not called kept, and full looks at all.
func TestCheckSaysWhatItSaw(t *testing.T) {
	t.Parallel()
	conn := referencetest.Filled(t).Conn()
	referencetest.Exec(t, conn, oneBad+referencetest.Swap("fee", "incurred_on",
		"case when fee_id = 3003 then null else incurred_on end as incurred_on")+"analyze core.fee")
	run := func(o Options) Findings {
		t.Helper()
		found, err := Run(t.Context(), conn, o)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	report := func(f Findings) string {
		var b strings.Builder
		if err := WriteReport(&b, f); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	sample := run(Options{Sample: 1000, Timeout: patience})
	if text := report(sample); sample.Complete() || len(sample.Breaches) > 0 ||
		!strings.Contains(text, "seen in part: fee, the first 1,000 of about 3,003 rows\n") ||
		!strings.Contains(text, "\nreads kept as far as seen; ") {
		t.Errorf("a sample: %s", text)
	}
	full := run(Options{Sample: 1000, Full: true})
	if text := report(full); !full.Complete() || len(full.Breaches) != 1 ||
		!strings.Contains(text, "incurred_on [null]: null in 1 of 3,003 rows\n      first keys: 3003\n") {
		t.Errorf("all rows: %s", text)
	}
	referencetest.Exec(t, conn, referencetest.Swap("fee", "incurred_on",
		"case when pg_sleep(0.01) is null then null else incurred_on end as incurred_on"))
	slow := run(Options{Timeout: 2 * time.Second})
	i := slices.IndexFunc(slow.Seen, func(s Seen) bool { return s.Relation == "fee" })
	if i < 0 || slow.Seen[i].Whole || slow.Seen[i].Rows == 0 || slow.Seen[i].Rows >= 3003 {
		t.Errorf("a view that is too slow to be read whole: %+v", slow.Seen)
	}
	if text := report(slow); slow.Complete() || strings.Contains(text, "reads kept;") {
		t.Errorf("a slow view: %s", text)
	}
}

// TestCheckUnreadable: a column that cannot be read is named with the key of a row, whichever row
// it is, and hides no other column.
func TestCheckUnreadable(t *testing.T) {
	t.Parallel()
	divided := func(key, column, value string) string {
		return "case when fee_id = " + key + " then 1 / (fee_id - " + key + ") else " + value + " end as " + column
	}
	for name, tc := range map[string]struct {
		sql  string
		want map[string]string // key by column
	}{
		"one": {referencetest.Swap("fee", "amount_ore::bigint", divided("2345", "amount_ore", "amount_ore::bigint")),
			map[string]string{"amount_ore": "2345"}},
		"the first": {referencetest.Swap("fee", "amount_ore::bigint", divided("1", "amount_ore", "amount_ore::bigint")),
			map[string]string{"amount_ore": "1"}},
		"two columns": {referencetest.Swap("fee", "amount_ore::bigint", divided("3003", "amount_ore", "amount_ore::bigint"),
			"legal_basis", "case when fee_id = 17 then ('x' || fee_id)::integer::text else legal_basis end as legal_basis"),
			map[string]string{"amount_ore": "3003", "legal_basis": "17"}},
		"a key that may be a number": {"update core.fee set fee_id = 17912099997 where fee_id = 20;" +
			referencetest.Swap("fee", "amount_ore::bigint", divided("17912099997", "amount_ore", "amount_ore::bigint")),
			map[string]string{"amount_ore": hiddenKey}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := referencetest.Filled(t).Conn()
			referencetest.Exec(t, conn, oneBad)
			referencetest.Exec(t, conn, tc.sql+"; update core.fee set waived_on = '9999-12-31' where fee_id = 5")
			found, err := Run(t.Context(), conn, Options{Timeout: patience})
			if err != nil {
				t.Fatal(err)
			}
			got, other := map[string]string{}, 0
			for _, b := range found.Breaches {
				switch {
				case b.Rule == RuleUnreadable:
					got[b.Column] = strings.Join(b.Keys, ", ")
				case b.Column == "waived_on" && b.Rule == RuleDate && slices.Equal(b.Keys, []string{"5"}):
					other++
				default:
					t.Errorf("unasked for: %+v", b)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(tc.want) || other != 1 {
				t.Errorf("%v, want %v; %d other breaches in the view", got, tc.want, other)
			}
		})
	}
}

func TestKeysAreShown(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{"17": true, "2026-1001": true, "24-0012345-7": true, "A17/4": true,
		"0190a7f0-1234-7abc-8def-112233445566": true, "LATE_PAYMENT": true, "17912099997": false, "179120 99997": false,
		"179120-99997": false, "Prøve Person": false, "KARI": false, "kari@example.com": false, "": false} {
		if got := shown([]string{key}); (got == key) != want && key != "" {
			t.Errorf("%q is printed as %q", key, got)
		}
	}
}
