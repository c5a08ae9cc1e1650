package norway_test

import (
	"testing"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// TestHoliday holds the calendar to the days of several years as calendars have them.
func TestHoliday(t *testing.T) {
	t.Parallel()
	days := map[string]bool{
		"2024-03-28": true, "2024-03-29": true, "2024-03-31": true, "2024-04-01": true, "2024-05-09": true, "2024-05-20": true,
		"2025-04-17": true, "2025-04-21": true, "2025-05-29": true, "2025-06-09": true,
		"2026-01-01": true, "2026-04-02": true, "2026-04-03": true, "2026-04-05": true, "2026-04-06": true,
		"2026-05-01": true, "2026-05-14": true, "2026-05-17": true, "2026-05-24": true, "2026-05-25": true,
		"2026-12-25": true, "2026-12-26": true, "2026-11-29": true,
		"2027-03-25": true, "2027-03-29": true, "2038-04-25": true, "2038-04-26": true, // Easter as late as it can be
		"2008-03-23": true, "2008-03-24": true, // and nearly as early
		"2026-04-01": false, "2026-04-04": false, "2026-04-07": false, "2026-05-15": false, "2026-05-26": false,
		"2026-12-24": false, "2026-12-31": false, "2026-06-24": false, "2026-11-28": false, "2025-04-16": false,
	}
	for day, want := range days {
		if got := norway.Holiday(date(t, day)); got != want {
			t.Errorf("%s: %t", day, got)
		}
	}
}

func date(t *testing.T, text string) norway.Date {
	t.Helper()
	day, err := norway.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}
