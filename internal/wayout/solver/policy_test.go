package solver

import (
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// TestAgenciesDiffer: two agencies cover costs and principal in different orders, and at
// one of them cost steps come under an agreement as well.
func TestAgenciesDiffer(t *testing.T) {
	t.Parallel()
	asOf := norway.MustDate("2026-03-02")
	in := Instance{
		ID: "two", AsOf: asOf, Budget: 200_000, Imputation: debt.CostsFirst,
		PayDays: []norway.Date{asOf.AddDays(10), asOf.AddDays(40), asOf.AddDays(70)},
		Agencies: []Agency{
			{ID: "A", MinInstalment: 10_000, MaxInstalments: 3, SetupFreeInstalments: 3},
			{ID: "B", MinInstalment: 10_000, MaxInstalments: 3, SetupFreeInstalments: 3, Imputation: debt.PrincipalFirst,
				StepsGoOn: true},
		},
	}
	for _, agency := range []string{"A", "B"} {
		in.Cases = append(in.Cases, Case{
			ID: agency, Agency: agency, Stage: Collection, Principal: 100_000, Costs: 30_000, AgreementFrom: asOf,
			Events: []Event{{Date: asOf.AddDays(20), Fee: 50_000, Kind: "heavy_fee"}},
		})
	}
	d := Decisions{
		Agreements: []Agreement{{Agency: "A", Cases: []string{"A"}, First: 0, Last: 1},
			{Agency: "B", Cases: []string{"B"}, First: 0, Last: 1}},
		Payments: []Payment{
			{PayDay: 0, Case: "A", Amount: 60_000}, {PayDay: 0, Case: "B", Amount: 60_000},
			{PayDay: 1, Case: "A", Amount: 70_000}, {PayDay: 1, Case: "B", Amount: 120_000},
		},
	}
	p, err := Evaluate(in, d)
	if err != nil {
		t.Fatal(err)
	}
	a, b := p.Months[0].Payments[0], p.Months[0].Payments[1]
	if a.ToCosts != 30_000 || a.ToPrincipal != 30_000 || b.ToPrincipal != 60_000 || b.ToCosts != 0 {
		t.Errorf("imputed %+v and %+v", a, b)
	}
	if p.EventFees != 50_000 {
		t.Errorf("cost steps of %d, the step at B alone comes", p.EventFees)
	}
	got, err := Solve(in)
	if err != nil || !got.Feasible || got.Plan.Cost != 0 {
		t.Errorf("B first, A in an agreement: %+v, %v", got.Plan.Cost, err)
	}
	in.Budget = 110_000 // B cannot be paid off before its step, and an agreement does not stop it
	if got, err = Solve(in); err != nil || !got.Feasible || got.Plan.Cost != money.Øre(50_000) {
		t.Errorf("cost %d, %v", got.Plan.Cost, err)
	}
}

// TestInterestRunsOn: interest goes on from the fraction that had accrued, at the rates of
// its days. 100,000.00 bears 12.5 % for 10 days, 12 % for 20: 100,000 x (0.125 x 10 + 0.12 x
// 20) / 365 = 1,000.00 exactly with the fraction of 0 øre; 99,999.99 bears 999.9999, which a
// fraction of 0.02 øre lifts over the whole øre.
func TestInterestRunsOn(t *testing.T) {
	t.Parallel()
	asOf := norway.MustDate("2026-06-21")
	for name, tc := range map[string]struct {
		reason    string
		principal money.Øre
		fraction  int64
		want      money.Øre
	}{
		"whole":    {"no rounding", 100_000_00, 0, 1_000_00},
		"below":    {"rounded down", 99_999_99, 0, 999_99},
		"fraction": {"what had accrued before counts", 99_999_99, unitsPerØre / 50, 1_000_00},
	} {
		in := Instance{
			ID: "rates", AsOf: asOf, Budget: NoBudget, Imputation: debt.CostsFirst,
			PayDays:  []norway.Date{asOf.AddDays(30)},
			Agencies: []Agency{{ID: "A"}},
			Cases: []Case{{
				ID: "C", Agency: "A", Stage: Collection, Principal: tc.principal, Fraction: tc.fraction,
				RateBasisPoints: 1250, Rates: []Rate{{norway.MustDate("2026-07-01"), 1200}},
			}},
		}
		p, err := Evaluate(in, Decisions{Payments: []Payment{{Case: "C", Amount: tc.principal + tc.want}}})
		if err != nil || p.Interest != tc.want {
			t.Errorf("%s (%s): interest %d, want %d: %v", name, tc.reason, p.Interest, tc.want, err)
		}
	}
}
