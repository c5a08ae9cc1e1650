package instalment_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/instalment"
)

// TestDays: an instalment is due on the next bank day, and the pay day stays.
func TestDays(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ reason, first, want string }{
		"bank days": {"nothing moves", "2026-09-15", "2026-09-15 2026-10-15 2026-11-16 2026-12-15"},
		"Saturday":  {"to Monday", "2026-10-10", "2026-10-12 2026-11-10 2026-12-10 2027-01-11"},
		"Sunday":    {"to Monday", "2026-10-11", "2026-10-12 2026-11-11 2026-12-11 2027-01-11"},
		"Easter":    {"from Maundy Thursday to Tuesday", "2026-04-02", "2026-04-07 2026-05-04 2026-06-02 2026-07-02"},
		"1 and 17 May": {"public holidays that are no Sundays", "2027-04-17",
			"2027-04-19 2027-05-18 2027-06-17 2027-07-19"},
		"Ascension":   {"a Thursday", "2026-05-14", "2026-05-15 2026-06-15 2026-07-14 2026-08-14"},
		"Whit Monday": {"after a Sunday", "2026-05-24", "2026-05-26 2026-06-24 2026-07-24 2026-08-24"},
		"Christmas":   {"banks are closed on its Eve", "2025-12-24", "2025-12-29 2026-01-26 2026-02-24 2026-03-24"},
		"last of a month": {"also into the next one; what a month lacks does not move the later ones", "2026-01-31",
			"2026-02-02 2026-03-02 2026-03-31 2026-04-30"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			days := instalment.From(norway.MustDate(tc.first))
			var got []string
			for n := range 4 {
				got = append(got, days.On(n).String())
			}
			if text := strings.Join(got, " "); text != tc.want {
				t.Errorf("%s: %s, not %s", tc.reason, text, tc.want)
			}
		})
	}
}

// TestEachDueDayIsABankDay: no two instalments fall on one day either, and each comes on its pay day or on the first
// bank day after it.
func TestEachDueDayIsABankDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days := instalment.From(today.AddDays(rapid.IntRange(1, 20_000).Draw(t, "first")))
		was := today
		for n := range instalment.MaxMonths {
			on, nominal := days.On(n), days.FirstDue.AddMonths(n)
			if !norway.BankDay(on) || on <= was || on < nominal || on > nominal+5 {
				t.Fatalf("instalment %d of %s comes on %s, after %s", n+1, days.FirstDue, on, was)
			}
			for day := nominal; day < on; day++ {
				if norway.BankDay(day) {
					t.Fatalf("banks are open on %s, and it comes on %s", day, on)
				}
			}
			was = on
		}
	})
}

// TestLeft: what goes on after some instalments goes on as it was agreed, although no record has the pay day.
func TestLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		agreed := instalment.From(today.AddDays(rapid.IntRange(1, 20_000).Draw(t, "first")))
		count := rapid.IntRange(5, 24).Draw(t, "instalments")
		paid := rapid.IntRange(0, count-1).Draw(t, "paid")
		all := make([]debt.Instalment, count)
		for n := range all {
			all[n] = debt.Instalment{Number: n + 1, DueOn: agreed.On(n)}
			if n < paid {
				all[n].PaidOn = all[n].DueOn
			}
		}
		var moved norway.Date
		if paid < count-1 && rapid.Bool().Draw(t, "moved") {
			moved = all[paid].DueOn - 1
			all[paid].DueOn = moved
		}
		left := instalment.Left(all, paid+1)
		if !moved.IsZero() && left.On(0) != moved {
			t.Fatalf("the next comes on %s, and was moved to %s", left.On(0), moved)
		}
		for n := paid; n < count; n++ {
			if on := left.On(n - paid); on != all[n].DueOn {
				t.Fatalf("number %d comes on %s, and was agreed for %s: %+v", n+1, on, all[n].DueOn, left)
			}
		}
	})
}

// TestLeftAsRecorded has plans that no plan of ours has drawn up, and such as say little.
func TestLeftAsRecorded(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		reason, agreed string
		payDay         int
		next, after    string
	}{
		"a Sunday": {"what is agreed stays agreed; what is new is on a bank day", "2026-10-11 2026-11-11", 11, "2026-10-11",
			"2027-01-11"},
		"the 31st": {"February lacks it, and so does not tell", "2027-02-01 2027-03-01 2027-03-31", 31, "2027-02-01",
			"2027-05-31"},
		"only one":        {"its day is all that is known", "2026-10-12", 12, "2026-10-12", "2026-12-14"},
		"one moved alone": {"the last one tells the pay day", "2026-10-20 2026-11-02", 2, "2026-10-20", "2027-01-04"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []debt.Instalment
			for n, day := range strings.Fields(tc.agreed) {
				all = append(all, debt.Instalment{Number: n + 1, DueOn: norway.MustDate(day)})
			}
			d := instalment.Left(all, 1)
			after := d.On(len(all) + 1).String()
			if d.PayDay != tc.payDay || d.On(0).String() != tc.next || after != tc.after {
				t.Errorf("%s: on the %d., next %s, then %s", tc.reason, d.PayDay, d.On(0), after)
			}
		})
	}
}

// TestBounds: what is said to be the first and the last day is one on which an instalment can be due.
func TestBounds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ today, first, last string }{
		{"2026-03-02", "2026-03-03", "2026-06-02"},
		{"2026-03-06", "2026-03-09", "2026-06-05"}, // Friday; 6 June is a Saturday
		{"2026-04-01", "2026-04-07", "2026-07-02"}, // the eve of Maundy Thursday
	} {
		day := norway.MustDate(tc.today)
		c := owing("1", 6000_00, 0, policy())
		c.OpenedOn, c.AgreementFrom, c.Terms.Today = day.AddMonths(-6), day, day
		a := instalment.Allow(day, []*debt.Case{c}, 0, instalment.Kept{})
		if a.EarliestFirst.String() != tc.first || a.LatestFirst.String() != tc.last {
			t.Errorf("on %s: from %s to %s", tc.today, a.EarliestFirst, a.LatestFirst)
		}
	}
}
