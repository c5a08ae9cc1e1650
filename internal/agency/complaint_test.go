package agency_test

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
)

// TestRatesThatAreNotTheLaws: balances follow the agency's table, and the log says what it lacks.
func TestRatesThatAreNotTheLaws(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sql, said, row string // said: empty, where nothing is
	}{
		"the law's":  {"select 1", "", ""},
		"not needed": {"delete from core.rate where valid_from > '2026-03-02'", "", ""},
		"two half-years old": {"delete from core.rate where valid_from > '2025-01-01'", "is old",
			"2025-07-01 (row 2025-01-01): 12.50 %, by law 12.25 %; 2026-01-01 (row 2025-01-01): 12.50 %, by law 12.00 %"},
		"99 per cent": {"update core.rate set basis_points = 9900 where valid_from = '2026-01-01'", "is not the law's",
			"2026-01-01 (row 2026-01-01): 99.00 %, by law 12.00 %"},
		"a hole": {"delete from core.rate where valid_from = '2023-07-01'", "is not the law's",
			"2023-07-01 (row 2023-01-01): 10.75 %, by law 11.75 %"},
		"not yet in force": {"update core.rate set basis_points = 9900 where valid_from = '2026-07-01'", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCell(t, "fjord")
			c.exec(t, tc.sql)
			r, log := open(t, c)
			all(t, r)
			all(t, r)
			const about = "the agency's table of late-payment interest"
			if n := strings.Count(log.String(), about); n > 1 || (n == 1) != (tc.said != "") {
				t.Errorf("it is said %d times", n)
			}
			if tc.said != "" && (!log.Has(about+" "+tc.said) || !log.Has(tc.row)) {
				t.Errorf("the log has not %q and %q", tc.said, tc.row)
			}
		})
	}
}

// TestRowsTwiceAreSaid: the total is that of rows that come once, and the log names the relation.
func TestRowsTwiceAreSaid(t *testing.T) {
	t.Parallel()
	total := func(p debt.Part) (sum int64) {
		for _, x := range p.Cases {
			sum += int64(x.BalanceOn(today).Total)
		}
		return sum
	}
	whole := newCell(t, "fjord")
	r, log := open(t, whole)
	want := total(all(t, r)[0])
	if log.Has("twice") {
		t.Error("something is said of rows that come once")
	}
	twice := newCell(t, "fjord")
	twice.exec(t, `alter view oversikt.fee rename to fee_once;
		create view oversikt.fee as select f.* from oversikt.fee_once f cross join generate_series(1, 2);
		grant select on oversikt.fee to oversikt_app`)
	r, log = open(t, twice)
	for range 2 {
		if got := total(all(t, r)[0]); got != want || got == 0 {
			t.Errorf("%d is owed, not %d", got, want)
		}
	}
	if strings.Count(log.String(), "a view has rows twice") != 1 || !log.Has("relation=fee") {
		t.Error("the log does not say once that fees come twice")
	}
}
