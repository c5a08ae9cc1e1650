package debt_test

import (
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

func TestContactableAt(t *testing.T) {
	t.Parallel()
	hours := func(from, until int) *statute.Hours { return &statute.Hours{From: from, Until: until} }
	for name, tc := range map[string]struct {
		reason    string
		now, want string // in Oslo; no want: never
		asked     *statute.Hours
	}{
		"noon":              {"a weekday, within the hours", "2026-11-30 12:34", "2026-11-30 12:34", nil},
		"eight":             {"the hour itself is within", "2026-11-30 08:00", "2026-11-30 08:00", nil},
		"early":             {"the same day", "2026-11-30 07:59", "2026-11-30 08:00", nil},
		"nine at night":     {"the hour itself is not", "2026-11-30 21:00", "2026-12-01 08:00", nil},
		"friday night":      {"on Saturday later", "2026-11-27 22:00", "2026-11-28 09:00", nil},
		"saturday":          {"within", "2026-11-28 14:59", "2026-11-28 14:59", nil},
		"saturday late":     {"Sunday is left out", "2026-11-28 15:00", "2026-11-30 08:00", nil},
		"sunday":            {"all day", "2026-11-29 12:00", "2026-11-30 08:00", nil},
		"easter":            {"Thursday to Monday, but for Saturday", "2026-04-01 21:30", "2026-04-04 09:00", nil},
		"easter eve, late":  {"Sunday and Monday are left out", "2026-04-04 15:00", "2026-04-07 08:00", nil},
		"seventeenth":       {"a Monday in 2027: Whit Monday too", "2027-05-15 15:00", "2027-05-18 08:00", nil},
		"new year":          {"Thursday's evening, Friday a holiday", "2026-12-31 21:00", "2027-01-02 09:00", nil},
		"summer time ends":  {"the day has 25 hours", "2026-10-24 15:00", "2026-10-26 08:00", nil},
		"asked":             {"from the hour asked for", "2026-11-30 08:30", "2026-11-30 10:00", hours(10, 14)},
		"asked, over":       {"the next day", "2026-11-30 14:00", "2026-12-01 10:00", hours(10, 14)},
		"asked, evening":    {"Saturday has no such hour", "2026-11-27 20:30", "2026-11-30 18:00", hours(18, 20)},
		"asked, saturday":   {"both hold", "2026-11-28 08:00", "2026-11-28 12:00", hours(12, 20)},
		"asked at night":    {"the law has none of them", "2026-11-30 12:00", "", hours(22, 24)},
		"asked for nothing": {"what agencies were told contradicts itself", "2026-11-30 12:00", "", hours(14, 10)},
	} {
		now := inOslo(t, tc.now)
		want := time.Time{}
		if tc.want != "" {
			want = inOslo(t, tc.want)
		}
		if got := debt.ContactableAt(now.UTC(), tc.asked); !got.Equal(want) {
			t.Errorf("%s: %s, want %s: %s", name, got.In(norway.Oslo), tc.want, tc.reason)
		}
	}
}

func inOslo(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, norway.Oslo)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestPersonContactableAt(t *testing.T) {
	t.Parallel()
	now := inOslo(t, "2026-11-30 09:00")
	today := norway.DateOf(now)
	told := func(from, until int, last norway.Date) debt.Part {
		return debt.Part{Status: debt.AgencyOK,
			Difficulties: []debt.Difficulty{{ContactFrom: &from, ContactUntil: &until, Until: last}}}
	}
	at := func(text string) *time.Time { return new(inOslo(t, text)) }
	for name, tc := range map[string]struct {
		reason string
		parts  []debt.Part
		want   *time.Time
	}{
		"nobody answers": {"what they were told is not known", []debt.Part{{Status: debt.AgencyTimeout}}, nil},
		"nothing told":   {"the law alone", []debt.Part{{Status: debt.AgencyOK}}, &now},
		"both": {"from when both may", []debt.Part{told(10, 14, today), told(12, 20, today)},
			at("2026-11-30 12:00")},
		"over":  {"it held until yesterday", []debt.Part{told(10, 14, today-1)}, &now},
		"apart": {"no hour suits both", []debt.Part{told(8, 10, today), told(12, 20, today)}, nil},
	} {
		p := debt.Person{Today: today, Parts: tc.parts}
		got := p.ContactableAt(now)
		if (got == nil) != (tc.want == nil) || got != nil && !got.Equal(*tc.want) {
			t.Errorf("%s: %v, want %v: %s", name, got, tc.want, tc.reason)
		}
	}
}
