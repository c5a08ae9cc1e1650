package budget_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
	"github.com/oversikt/oversikt/internal/wayout/budget"
)

func TestAffordable(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason  string
		of      budget.Household
		on      string
		want    money.Øre
		assumed bool
	}{
		"alone": {"25 000 − 10 724 − 9 000", budget.Household{Kind: statute.Single, Income: 25_000_00, Housing: 9_000_00},
			"2025-01-01", 5_276_00, false},
		"to the øre": {"what was typed counts whole", budget.Household{Kind: statute.Single, Income: 25_000_01,
			OtherIncome: 50, Housing: 9_000_00}, "2025-01-01", 5_276_51, false},
		"the day before": {"10 412 until 30 June 2024", budget.Household{Kind: statute.Single, Income: 20_000_00},
			"2024-06-30", 9_588_00, false},
		"the new rates": {"10 724 from 1 July", budget.Household{Kind: statute.Single, Income: 20_000_00},
			"2024-07-01", 9_276_00, false},
		"not set": {"of July 2025 no rate was found: the last goes on", budget.Household{Kind: statute.Single,
			Income: 20_000_00}, "2025-07-01", 9_276_00, true},
		"no rate": {"of 2021 none is here", budget.Household{Kind: statute.Single, Income: 20_000_00}, "2021-01-01",
			20_000_00, true},
		"nothing left": {"never less than nothing", budget.Household{Kind: statute.Single, Income: 10_000_00},
			"2025-01-01", 0, false},
		"alone with two": {"three members: 10 724 + 3 432 + 4 553", budget.Household{Kind: statute.Single,
			Income: 30_000_00, Children: []int{3, 9}}, "2025-01-01", 11_291_00, false},
		"alone with three": {"the youngest less a fifth: 10 724 + 2 745.60 + 4 553 + 5 747", budget.Household{
			Kind: statute.Single, Income: 30_000_00, Children: []int{12, 3, 9}}, "2025-01-01", 6_230_40, false},
		"supporting, two": {"18 164 + 2 745.60 + 6 611", budget.Household{Kind: statute.Supporter, Income: 40_000_00,
			Children: []int{15, 5}}, "2025-01-01", 12_479_40, false},
		"a couple, one": {"9 082 and half of 3 432", budget.Household{Kind: statute.Couple, Income: 20_000_00,
			Children: []int{0}}, "2025-01-01", 9_202_00, false},
		"all costs": {"30 000 − 10 724 − 8 000 − 1 500 − 2 000 − 1 000", budget.Household{Kind: statute.Single,
			Income: 30_000_00, Housing: 8_000_00, Childcare: 1_500_00, Cars: 2_000_00, OtherPlans: 1_000_00},
			"2025-01-01", 6_776_00, false},
	}
	for name, tc := range cases {
		b := tc.of.On(norway.MustDate(tc.on))
		if b.Affordable != tc.want || b.Assumed != tc.assumed {
			t.Errorf("%s (%s): %s, assumed %t, want %s", name, tc.reason, b.Affordable, b.Assumed, tc.want)
		}
	}
}

// TestReckoning: the lines add up; nobody is left with less than nothing; and more income, or a cost less,
// never lowers what can be paid.
func TestReckoning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Custom(func(t *rapid.T) money.Øre { return money.Øre(rapid.Int64Range(0, 9_999_999).Draw(t, "øre")) })
		h := budget.Household{
			Kind:   rapid.SampledFrom([]statute.Household{statute.Single, statute.Couple, statute.Supporter}).Draw(t, "kind"),
			Income: amount.Draw(t, "income"), OtherIncome: amount.Draw(t, "other"), Housing: amount.Draw(t, "housing"),
			Childcare: amount.Draw(t, "childcare"), Cars: amount.Draw(t, "cars"), OtherPlans: amount.Draw(t, "plans"),
			Children: rapid.SliceOfN(rapid.IntRange(0, 17), 0, budget.MostChildren).Draw(t, "ages"),
		}
		day := norway.MustDate("2022-07-01") + norway.Date(rapid.IntRange(0, 2000).Draw(t, "day"))
		b := h.On(day)
		sum := money.Øre(0)
		for _, x := range b.Lines {
			sum += x.Amount
		}
		if b.Affordable < 0 || b.Affordable != max(sum, 0) {
			t.Fatalf("%s, and the lines are %s", b.Affordable, sum)
		}
		more := h
		by := amount.Draw(t, "more")
		more.Income += by
		if after := more.On(day).Affordable; after < b.Affordable || after > b.Affordable+by {
			t.Fatalf("%s more income, and %s becomes %s", by, b.Affordable, after)
		}
		less := h
		less.Housing -= min(by, h.Housing)
		if less.On(day).Affordable < b.Affordable {
			t.Fatal("cheaper housing leaves less")
		}
		fewer := h
		if n := len(h.Children); n > 0 {
			fewer.Children = h.Children[:n-1]
		}
		if fewer.On(day).Affordable < b.Affordable {
			t.Fatal("a child less leaves less")
		}
	})
}
