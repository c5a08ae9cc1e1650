package people

import (
	"testing"

	"github.com/oversikt/oversikt/internal/money"
	"github.com/oversikt/oversikt/internal/norway"
)

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
		"500":              {"the least band includes its limit", 500_00, "2025-01-01", in2026, false, false, 187_50, 375_00},
		"500.01":           {"one øre more is the next band", 500_01, "2025-01-01", in2026, false, false, 262_50, 525_00},
		"1000":             {"", 1_000_00, "2025-01-01", in2026, false, false, 262_50, 525_00},
		"2500":             {"", 2_500_00, "2025-01-01", in2026, false, false, 300_00, 600_00},
		"10 000":           {"", 10_000_00, "2025-01-01", in2026, false, false, 600_00, 1_200_00},
		"50 000":           {"", 50_000_00, "2025-01-01", in2026, false, false, 1_200_00, 2_400_00},
		"250 000":          {"", 250_000_00, "2025-01-01", in2026, false, false, 2_700_00, 5_400_00},
		"above":            {"the last band has no limit", 250_000_01, "2025-01-01", in2026, false, false, 5_400_00, 10_800_00},
		"500 with VAT":     {"234.375 rounds to the nearest øre", 500_00, "2025-01-01", in2026, false, true, 234_38, 468_75},
		"500 business":     {"", 500_00, "2025-01-01", in2026, true, false, 281_25, 562_50},
		"500 both":         {"703.125 rounds up", 500_00, "2025-01-01", in2026, true, true, 351_56, 703_13},
		"1000 both":        {"", 1_000_00, "2025-01-01", in2026, true, true, 492_19, 984_38},
		"2500 both":        {"", 2_500_00, "2025-01-01", in2026, true, true, 562_50, 1_125_00},
		"above both":       {"", 300_000_00, "2025-01-01", in2026, true, true, 10_125_00, 20_250_00},
		"500 in 2025":      {"the unit was 700", 500_00, "2025-01-01", before2026, false, false, 175_00, 350_00},
		"2500 in 2025":     {"", 2_500_00, "2025-01-01", before2026, false, false, 280_00, 560_00},
		"250 000 in 2025":  {"", 250_000_00, "2025-01-01", before2026, false, false, 2_520_00, 5_040_00},
		"above in 2025":    {"", 250_000_01, "2025-01-01", before2026, false, false, 5_040_00, 10_080_00},
		"due 30 Sep 2020":  {"the old table stays for what fell due before October 2020", 2_500_00, "2020-09-30", before2026, false, false, 350_00, 700_00},
		"due 1 Oct 2020":   {"the new table begins", 2_500_00, "2020-10-01", before2026, false, false, 280_00, 560_00},
		"old 10 000":       {"", 10_000_00, "2020-09-30", before2026, false, false, 700_00, 1_400_00},
		"old 50 000":       {"", 50_000_00, "2020-09-30", before2026, false, false, 1_400_00, 2_800_00},
		"old 250 000":      {"", 250_000_00, "2020-09-30", before2026, false, false, 2_800_00, 5_600_00},
		"old above":        {"", 250_000_01, "2020-09-30", before2026, false, false, 5_600_00, 11_200_00},
		"small in old one": {"the old table has no band below 2,500", 100_00, "2020-09-30", before2026, false, false, 350_00, 700_00},
	}
	for name, c := range cases {
		claim := claim{principal: c.principal, dueOn: norway.MustDate(c.due), business: c.business, vat: c.vat}
		on := norway.MustDate(c.on)
		if light, heavy := claim.light(on), claim.heavy(on); light != c.light || heavy != c.heavy {
			t.Errorf("%s (%s): got %s and %s", name, c.reason, light, heavy)
		}
	}
}

func TestOtherFees(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason    string
		got, want money.Øre
	}{
		"letter in 2025":      {"a twentieth of 700", at(letterFee, norway.MustDate("2025-12-31")), 35_00},
		"letter in 2026":      {"a twentieth of 750 in whole kroner", at(letterFee, norway.MustDate("2026-01-01")), 38_00},
		"letter in 2019":      {"a tenth of 700", at(letterFee, norway.MustDate("2019-05-01")), 70_00},
		"conciliation 2026":   {"1.1 times 1345, down to whole kroner", courtFee(norway.MustDate("2026-03-01")), 1_479_00},
		"enforcement 2026":    {"1.21 times 1345, down to whole kroner", enforcementFee(norway.MustDate("2026-03-01")), 1_627_00},
		"setup 2026":          {"1.5 units", setupFee(norway.MustDate("2026-03-01")), 1_125_00},
		"before the table":    {"the first row serves earlier days too", at(letterFee, norway.MustDate("2010-01-01")), 67_00},
		"a year's 2025 rates": {"181 days at 12.5 and 184 at 12.25 per cent, on 100 kr", money.Øre(100_00 * rateDays(norway.MustDate("2025-01-01"), norway.MustDate("2026-01-01")) / yearOfBasisPoints), 12_37},
		"before the rates":    {"the first rate serves earlier days too", money.Øre(rateDays(norway.MustDate("2014-01-01"), norway.MustDate("2014-01-11"))), 9250},
	}
	for name, c := range cases {
		if c.got != c.want {
			t.Errorf("%s (%s): got %s", name, c.reason, c.got)
		}
	}
}
