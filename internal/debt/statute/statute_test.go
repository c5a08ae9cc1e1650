package statute_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

var law = statute.Acts[0].Fees

func TestCollectionFees(t *testing.T) {
	t.Parallel()
	const before2026, in2026 = "2025-12-31", "2026-01-01"
	cases := map[string]struct {
		reason        string
		principal     money.Øre
		due, on       string
		business, vat bool
		light, heavy  money.Øre
	}{
		"500":     {"the least band includes its limit", 500_00, "2025-01-01", in2026, false, false, 187_50, 375_00},
		"500.01":  {"one øre more is the next band", 500_01, "2025-01-01", in2026, false, false, 262_50, 525_00},
		"1000":    {"", 1_000_00, "2025-01-01", in2026, false, false, 262_50, 525_00},
		"2500":    {"", 2_500_00, "2025-01-01", in2026, false, false, 300_00, 600_00},
		"10 000":  {"", 10_000_00, "2025-01-01", in2026, false, false, 600_00, 1_200_00},
		"50 000":  {"", 50_000_00, "2025-01-01", in2026, false, false, 1_200_00, 2_400_00},
		"250 000": {"", 250_000_00, "2025-01-01", in2026, false, false, 2_700_00, 5_400_00},
		"above": {"the last band has no limit", 250_000_01, "2025-01-01", in2026, false, false, 5_400_00,
			10_800_00},
		"500 with VAT":    {"234.375 rounds to the nearest øre", 500_00, "2025-01-01", in2026, false, true, 234_38, 468_75},
		"500 business":    {"", 500_00, "2025-01-01", in2026, true, false, 281_25, 562_50},
		"500 both":        {"703.125 rounds up", 500_00, "2025-01-01", in2026, true, true, 351_56, 703_13},
		"1000 both":       {"", 1_000_00, "2025-01-01", in2026, true, true, 492_19, 984_38},
		"2500 both":       {"", 2_500_00, "2025-01-01", in2026, true, true, 562_50, 1_125_00},
		"above both":      {"", 300_000_00, "2025-01-01", in2026, true, true, 10_125_00, 20_250_00},
		"500 in 2025":     {"the unit was 700", 500_00, "2025-01-01", before2026, false, false, 175_00, 350_00},
		"2500 in 2025":    {"", 2_500_00, "2025-01-01", before2026, false, false, 280_00, 560_00},
		"250 000 in 2025": {"", 250_000_00, "2025-01-01", before2026, false, false, 2_520_00, 5_040_00},
		"above in 2025":   {"", 250_000_01, "2025-01-01", before2026, false, false, 5_040_00, 10_080_00},
		"due 30 Sep 2020": {"the old table stays for what fell due before October 2020", 2_500_00, "2020-09-30", before2026,
			false, false, 350_00, 700_00},
		"due 1 Oct 2020": {"the new table begins", 2_500_00, "2020-10-01", before2026, false, false, 280_00, 560_00},
		"old 10 000":     {"", 10_000_00, "2020-09-30", before2026, false, false, 700_00, 1_400_00},
		"old 50 000":     {"", 50_000_00, "2020-09-30", before2026, false, false, 1_400_00, 2_800_00},
		"old 250 000":    {"", 250_000_00, "2020-09-30", before2026, false, false, 2_800_00, 5_600_00},
		"old above":      {"", 250_000_01, "2020-09-30", before2026, false, false, 5_600_00, 11_200_00},
		"small in old one": {"the old table has no band below 2,500", 100_00, "2020-09-30", before2026, false, false, 350_00,
			700_00},
	}
	for name, c := range cases {
		claim := statute.Claim{Principal: c.principal, DueOn: norway.MustDate(c.due), Business: c.business, VAT: c.vat}
		on := norway.MustDate(c.on)
		if light, heavy := law.Light(claim, on), law.Heavy(claim, on); light != c.light || heavy != c.heavy {
			t.Errorf("%s (%s): got %s and %s", name, c.reason, light, heavy)
		}
	}
}

func TestOtherFees(t *testing.T) {
	t.Parallel()
	on := norway.MustDate
	cases := map[string]struct {
		reason    string
		got, want money.Øre
	}{
		"letter in 2025": {"a twentieth of 700", law.Reminder(on("2025-01-01"), on("2025-12-31")), 35_00},
		"letter in 2026": {"a twentieth of 750, 37.50, in whole kroner",
			law.Reminder(on("2025-01-01"), on("2026-01-01")), 38_00},
		"letter in 2019": {"a tenth of 700", law.Reminder(on("2019-04-01"), on("2019-05-01")), 70_00},
		"letter in 2016": {"a tenth of 670", law.Reminder(on("2016-01-01"), on("2016-05-01")), 67_00},
		"old claim in 2021": {"a claim from before 1 October 2020 keeps its tenth",
			law.Reminder(on("2020-09-30"), on("2021-05-01")), 70_00},
		"before the table": {"the first row serves earlier days too", law.Reminder(on("2010-01-01"), on("2010-01-01")),
			67_00},
		"own demand in 2025": {"3/20 of 700", law.Demand(on("2025-01-01"), on("2025-12-31")), 105_00},
		"own demand in 2026": {"3/20 of 750, 112.50, in whole kroner", law.Demand(on("2025-01-01"), on("2026-01-01")),
			113_00},
		"own demand in 2019": {"3/10 of 700", law.Demand(on("2019-01-01"), on("2019-05-01")), 210_00},
		"conciliation 2026": {"1.1 × 1345 = 1479.50, down to whole kroner", statute.ConciliationFee(on("2026-03-01")),
			1_479_00},
		"enforcement 2026": {"1.21 × 1345 = 1627.45, down to whole kroner", statute.EnforcementFee(on("2026-03-01")),
			1_627_00},
		"enforcement 2021":    {"1.7 × 1199 = 2038.30, before 2022", statute.EnforcementFee(on("2021-03-01")), 2_038_00},
		"setup 2026":          {"1.5 × 750", law.SetupFee(false, on("2026-03-01")), 1_125_00},
		"setup 2026 with VAT": {"1 125 × 1.25", law.SetupFee(true, on("2026-03-01")), 1_406_25},
	}
	for name, c := range cases {
		if c.got != c.want {
			t.Errorf("%s (%s): got %s", name, c.reason, c.got)
		}
	}
}

// TestActs expresses both regimes: the one in force, and the one whose day is not set.
func TestActs(t *testing.T) {
	t.Parallel()
	on := norway.MustDate
	for _, day := range []string{"1990-01-01", "2026-11-21", "2030-01-01"} {
		if a := statute.InForce(statute.Acts, on(day)); a == nil || a.Code != "1988" {
			t.Errorf("on %s: %v; the act of 2026 is in force on no day as long as none is set", day, a)
		}
	}
	if statute.InForce(statute.Acts, on("1980-01-01")) != nil {
		t.Error("before 1989 there was no act")
	}
	switched := slices.Clone(statute.Acts)
	switched[1].InForce = on("2027-01-01")
	before, after := statute.InForce(switched, on("2026-12-31")), statute.InForce(switched, on("2027-01-01"))
	if before.Code != "1988" || after.Code != "2026" || after.Fees != nil {
		t.Errorf("with a day set, the new act follows on it, with no fees known: %v, %v", before, after)
	}
	fees := *law
	fees.Letters = statute.Table[statute.Letters]{{Value: statute.Letters{Reminder: [2]int64{1, 20}}, Source: "invented"}}
	switched[1].Fees = &fees
	if got := statute.InForce(switched, on("2027-06-01")).Fees.Demand(on("2027-01-01"), on("2027-06-01")); got != 0 {
		t.Errorf("an act that allows creditors no demand of their own: %s", got)
	}
}

// TestTables holds every table to its form: ascending, with a source.
func TestTables(t *testing.T) {
	t.Parallel()
	check(t, "collection unit", statute.CollectionUnit)
	check(t, "court unit", statute.CourtUnit)
	check(t, "conciliation", statute.Conciliation)
	check(t, "enforcement", statute.Enforcement)
	check(t, "late payment", statute.LatePayment)
	check(t, "letters", law.Letters)
	check(t, "bands", law.Bands)
	for i, r := range statute.LatePayment {
		if want := norway.NewDate(2015, time.Month(1+6*i), 1); r.From != want {
			t.Errorf("half-year %d begins on %s, want %s", i, r.From, want)
		}
	}
	for _, r := range law.Bands {
		if !slices.IsSortedFunc(r.Value, func(a, b statute.Band) int { return cmp.Compare(a.UpTo, b.UpTo) }) {
			t.Errorf("the bands of %s are not in order", r.Source)
		}
	}
}

func check[T any](t *testing.T, name string, table statute.Table[T]) {
	t.Helper()
	for i, r := range table {
		if r.Source == "" || i > 0 && table[i-1].From >= r.From {
			t.Errorf("%s: row %d of %s", name, i, r.From)
		}
		if table.On(r.From).From != r.From || i > 0 && table.On(r.From-1).From != table[i-1].From {
			t.Errorf("%s: the row of %s does not begin on its day", name, r.From)
		}
	}
}
