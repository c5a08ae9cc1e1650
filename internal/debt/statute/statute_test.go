package statute_test

import (
	"cmp"
	"reflect"
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
		if light, heavy := law.Light(claim, on).Amount, law.Heavy(claim, on).Amount; light != c.light || heavy != c.heavy {
			t.Errorf("%s (%s): got %s and %s", name, c.reason, light, heavy)
		}
	}
}

func TestOtherFees(t *testing.T) {
	t.Parallel()
	on := norway.MustDate
	cases := map[string]struct {
		reason string
		got    statute.Figure
		want   money.Øre
		known  statute.Certainty
	}{
		"letter in 2025": {"a twentieth of 700", law.Reminder(on("2025-01-01"), on("2025-12-31")), 35_00, statute.Known},
		"letter in 2026": {"a twentieth of 750, 37.50, in whole kroner",
			law.Reminder(on("2025-01-01"), on("2026-01-01")), 38_00, statute.Known},
		"letter in 2019": {"a tenth of 700", law.Reminder(on("2019-04-01"), on("2019-05-01")), 70_00, statute.Known},
		"letter in 2016": {"a tenth of 670", law.Reminder(on("2016-01-01"), on("2016-05-01")), 67_00, statute.Known},
		"letter in 2015": {"a tenth of 650", law.Reminder(on("2015-01-01"), on("2015-12-31")), 65_00, statute.Known},
		"letter in 2013": {"a tenth of 630", law.Reminder(on("2012-01-01"), on("2013-01-01")), 63_00, statute.Known},
		"letter in 2010": {"a tenth of 600", law.Reminder(on("2010-01-01"), on("2010-12-31")), 60_00, statute.Known},
		"letter in 2012": {"the unit of 2012 was not found", law.Reminder(on("2012-01-01"), on("2012-05-01")), 0,
			statute.Unknown},
		"letter in 2014": {"nor that of 2014", law.Reminder(on("2014-01-01"), on("2014-05-01")), 0, statute.Unknown},
		"letter in 2027": {"the unit of 2027 is not set: 750 is taken to go on",
			law.Reminder(on("2026-12-01"), on("2027-01-01")), 38_00, statute.Assumed},
		"old claim in 2021": {"a claim from before 1 October 2020 keeps its tenth",
			law.Reminder(on("2020-09-30"), on("2021-05-01")), 70_00, statute.Known},
		"before the table": {"a claim due before 2010 had another table", law.Reminder(on("2009-12-31"), on("2015-01-01")),
			0, statute.Unknown},
		"light before the table": {"so had its light fee",
			law.Light(statute.Claim{Principal: 3_000_00, DueOn: on("2009-12-31")}, on("2015-01-01")), 0, statute.Unknown},
		"light in 2010": {"one unit of 600", law.Light(statute.Claim{Principal: 3_000_00, DueOn: on("2010-01-01")},
			on("2010-06-01")), 600_00, statute.Known},
		"heavy in 2015": {"twice 650", law.Heavy(statute.Claim{Principal: 3_000_00, DueOn: on("2015-01-01")},
			on("2015-06-01")), 1_300_00, statute.Known},
		"own demand in 2025": {"3/20 of 700", law.Demand(on("2025-01-01"), on("2025-12-31")), 105_00, statute.Known},
		"own demand in 2026": {"3/20 of 750, 112.50, in whole kroner", law.Demand(on("2025-01-01"), on("2026-01-01")),
			113_00, statute.Known},
		"own demand in 2019":  {"3/10 of 700", law.Demand(on("2019-01-01"), on("2019-05-01")), 210_00, statute.Known},
		"own demand in 2013":  {"3/10 of 630", law.Demand(on("2013-01-01"), on("2013-05-01")), 189_00, statute.Known},
		"setup 2026":          {"1.5 × 750", law.SetupFee(false, on("2026-03-01")), 1_125_00, statute.Known},
		"setup 2026 with VAT": {"1 125 × 1.25", law.SetupFee(true, on("2026-03-01")), 1_406_25, statute.Known},
		"setup 2014":          {"the unit was not found", law.SetupFee(false, on("2014-03-01")), 0, statute.Unknown},
	}
	for name, c := range cases {
		if c.got.Amount != c.want || c.got.Certainty != c.known {
			t.Errorf("%s (%s): got %s, %d", name, c.reason, c.got.Amount, c.got.Certainty)
		}
	}
}

// TestCourtFees has the first and the last day of every multiple: amounts are down to whole kroner.
func TestCourtFees(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason                    string
		conciliation, enforcement money.Øre // 0: not known
		known                     statute.Certainty
	}{
		"2005-12-31": {"the unit is not known", 0, 0, statute.Unknown},
		"2015-12-31": {"1.0 × 860; a request had another multiple, perhaps 2.0", 860_00, 0, statute.Unknown},
		"2016-01-01": {"1.0 and 1.7 × 1025", 1_025_00, 1_742_00, statute.Known},
		"2018-12-31": {"1.0 and 1.7 × 1130", 1_130_00, 1_921_00, statute.Known},
		"2019-01-01": {"1.15 and 1.7 × 1150: 1322.50", 1_322_00, 1_955_00, statute.Known},
		"2020-12-31": {"1.15 and 1.7 × 1172: 1347.80 and 1992.40", 1_347_00, 1_992_00, statute.Known},
		"2021-01-01": {"1.15 and 1.25 × 1199: 1378.85 and 1498.75", 1_378_00, 1_498_00, statute.Known},
		"2021-12-31": {"the same", 1_378_00, 1_498_00, statute.Known},
		"2022-01-01": {"1.1 and 1.21 × 1223: 1345.30 and 1479.83", 1_345_00, 1_479_00, statute.Known},
		"2023-06-01": {"1.1 and 1.21 × 1243, which was not confirmed", 1_367_00, 1_504_00, statute.Assumed},
		"2026-12-31": {"1.1 and 1.21 × 1345: 1479.50 and 1627.45", 1_479_00, 1_627_00, statute.Known},
		"2027-01-01": {"the unit of 2027 is not set", 1_479_00, 1_627_00, statute.Assumed},
	}
	for day, c := range cases {
		on, want := norway.MustDate(day), statute.Figure{Amount: c.enforcement, Certainty: c.known}
		conciliation, enforcement := statute.ConciliationFee(on), statute.EnforcementFee(on)
		if conciliation.Amount != c.conciliation || enforcement != want {
			t.Errorf("%s (%s): got %v and %v", day, c.reason, conciliation, enforcement)
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
	if &statute.ActsWith(0)[0] != &statute.Acts[0] {
		t.Error("without a day the acts are others")
	}
	switched := statute.ActsWith(on("2027-01-01"))
	if !statute.Acts[1].InForce.IsZero() {
		t.Error("a day for one service is one for all")
	}
	before, after := statute.InForce(switched, on("2026-12-31")), statute.InForce(switched, on("2027-01-01"))
	if before.Code != "1988" || after.Code != "2026" || after.Fees != nil {
		t.Errorf("with a day set, the new act follows on it, with no fees known: %v, %v", before, after)
	}
	fees := *law
	fees.Letters = statute.Table[statute.Letters]{Rows: []statute.Row[statute.Letters]{
		{Value: statute.Letters{Reminder: [2]int64{1, 20}}, Source: "invented"},
	}}
	switched[1].Fees = &fees
	changed := statute.InForce(switched, on("2027-06-01")).Fees
	if got := changed.Demand(on("2027-01-01"), on("2027-06-01")); got.Amount != 0 {
		t.Errorf("an act that allows creditors no demand of their own: %s", got.Amount)
	}
}

// TestTables holds every table to its form: no day is covered twice, none between the first row
// and the last is left out, what is not known has no value, and everything else has a source.
func TestTables(t *testing.T) {
	t.Parallel()
	check(t, "collection unit", statute.CollectionUnit)
	check(t, "court unit", statute.CourtUnit)
	check(t, "conciliation", statute.Conciliation)
	check(t, "enforcement", statute.Enforcement)
	check(t, "late payment", statute.LatePayment)
	check(t, "compensation", statute.Compensation)
	check(t, "limitation", statute.Limitation)
	check(t, "living costs", statute.LivingCosts)
	check(t, "letters", law.Letters)
	check(t, "bands", law.Bands)
	check(t, "contact", statute.LawfulContact)
	for i, r := range statute.LatePayment.Rows {
		if want := norway.NewDate(2015, time.Month(1+6*i), 1); r.From != want {
			t.Errorf("half-year %d begins on %s, want %s", i, r.From, want)
		}
	}
	last := statute.LatePayment.Rows[len(statute.LatePayment.Rows)-1].From
	if statute.LatePayment.Last != statute.EndOfHalfYear(last) {
		t.Errorf("the rates are set to %s, and the last row is of %s", statute.LatePayment.Last, last)
	}
	for _, r := range law.Bands.Rows {
		if !slices.IsSortedFunc(r.Value, func(a, b statute.Band) int { return cmp.Compare(a.UpTo, b.UpTo) }) {
			t.Errorf("the bands of %s are not in order", r.Source)
		}
	}
}

func check[T any](t *testing.T, name string, table statute.Table[T]) {
	t.Helper()
	rows := table.Rows
	if _, known := table.On(rows[0].From - 1); known != statute.Unknown {
		t.Errorf("%s: something is known of the day before %s", name, rows[0].From)
	}
	for i, r := range rows {
		if i > 0 && rows[i-1].From >= r.From {
			t.Errorf("%s: the days from %s are covered twice", name, r.From)
		}
		var none T
		gap := r.Source == ""
		if gap && !reflect.DeepEqual(r.Value, none) || i == len(rows)-1 && gap {
			t.Errorf("%s: the row of %s has no source", name, r.From)
		}
		got, known := table.On(r.From)
		if got.From != r.From || gap != (known == statute.Unknown) || r.Unconfirmed != (known == statute.Assumed) {
			t.Errorf("%s: the row of %s begins as %+v, %d", name, r.From, got, known)
		}
		if before, _ := table.On(r.From - 1); i > 0 && before.From != rows[i-1].From {
			t.Errorf("%s: the row of %s holds before its day", name, r.From)
		}
	}
	if table.Last.IsZero() {
		return
	}
	_, on := table.On(table.Last)
	if _, after := table.On(table.Last + 1); on != statute.Known || after != statute.Assumed {
		t.Errorf("%s: the table is set to %s, and says %d on that day and %d on the next", name, table.Last, on, after)
	}
}
