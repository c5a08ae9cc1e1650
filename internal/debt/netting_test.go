package debt_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// TestStandardCompensation has that a business owes the greater of the compensation and the
// collection costs, and what the lines and the costs to come make of it.
func TestStandardCompensation(t *testing.T) {
	t.Parallel()
	fee := func(kind debt.CostKind, amount money.Øre, on string) debt.Fee {
		return debt.Fee{Kind: kind, Amount: amount, IncurredOn: date(on)}
	}
	compensation := fee(debt.CostCompensation, 460_00, "2026-01-02")
	light, heavy := fee(debt.CostLightFee, 400_00, "2026-01-20"), fee(debt.CostHeavyFee, 400_00, "2026-02-25")
	waived := func(f debt.Fee) debt.Fee { f.WaivedOn = date("2026-02-26"); return f }
	court := fee(debt.CostCourt, 1_479_00, "2026-02-26")
	late := fee(debt.CostCompensation, 460_00, "2026-02-26")
	between := fee(debt.CostCompensation, 460_00, "2026-02-01")
	instalment := fee(debt.CostInstalment, 65_00, "2026-01-30")
	cases := map[string]struct {
		reason  string
		fees    []debt.Fee
		paid    money.Øre // on 10 January
		want    string    // fees, legal costs
		setOffs []string
	}{
		"alone":          {"nothing to set off", []debt.Fee{compensation}, 0, "460.00 0.00", nil},
		"the costs less": {"400 is in 460", []debt.Fee{compensation, light}, 0, "460.00 0.00", []string{"-400.00"}},
		"the costs more": {"800 is more", []debt.Fee{compensation, light, heavy}, 0, "800.00 0.00",
			[]string{"-400.00", "-60.00"}},
		"it comes after": {"all of it is in 800", []debt.Fee{light, heavy, late}, 0, "800.00 0.00", []string{"-460.00"}},
		"it comes between": {"60 of it are left, and 340 of the heavy fee", []debt.Fee{light, between, heavy}, 0,
			"800.00 0.00", []string{"-400.00", "-60.00"}},
		"waived": {"a waived one was never there", []debt.Fee{waived(compensation), light}, 0, "400.00 0.00", nil},
		"a waived cost": {"nor is a waived cost", []debt.Fee{compensation, waived(light), heavy}, 0,
			"460.00 0.00", []string{"-400.00"}},
		"paid before": {"what was paid of it was paid of the costs", []debt.Fee{compensation, light, heavy}, 460_00,
			"340.00 0.00", []string{"-400.00", "-60.00"}},
		"court":       {"a court fee is no cost of collection", []debt.Fee{compensation, court}, 0, "460.00 1479.00", nil},
		"another fee": {"nor is that of an instalment", []debt.Fee{compensation, instalment}, 0, "525.00 0.00", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := claim(func(c *debt.Case) {
				c.Fees, c.InterestFrom, c.DebtorKind = tc.fees, 0, debt.DebtorBusiness
				if tc.paid > 0 {
					c.AllPayments = []debt.Payment{{Amount: tc.paid, ReceivedOn: date("2026-01-10")}}
				}
			})
			b := c.BalanceOn(date("2026-03-02"))
			if got := fmt.Sprint(b.Fees, " ", b.LegalCosts); got != tc.want {
				t.Errorf("%s: got %s, want %s", tc.reason, got, tc.want)
			}
			var setOffs []string
			sum := money.Øre(0)
			for _, x := range b.Lines() {
				sum += x.Amount
				if x.Kind == debt.LineSetOff {
					setOffs = append(setOffs, x.Amount.String())
				}
				for _, l := range debt.Languages {
					if x.Text(&l) == "" {
						t.Errorf("%s has no text in %s", x.Kind, l)
					}
				}
			}
			if diff := cmp.Diff(tc.setOffs, setOffs); diff != "" || sum != b.Total {
				t.Errorf("%s: the lines sum to %s of %s, set off (-want +got):\n%s", tc.reason, sum, b.Total, diff)
			}
		})
	}
}

func TestCostsBesideCompensation(t *testing.T) {
	t.Parallel()
	warned := func(change func(*debt.Case)) *debt.Case {
		return reached(debt.PhaseCollectionWarning, debt.LetterCollectionWarning, func(c *debt.Case) {
			c.OriginalPrincipal, c.DebtorKind = 400_00, debt.DebtorBusiness
			c.Fees = []debt.Fee{{Case: c, Kind: debt.CostCompensation, Amount: 460_00, IncurredOn: date("2026-01-02")}}
			if change != nil {
				change(c)
			}
		})
	}
	cases := map[string]struct {
		reason string
		c      *debt.Case
		want   []string
	}{
		"by law": {"the light fee, 281.25, is in 460; the heavy one doubles it to 562.50", warned(nil),
			[]string{"2026-04-19 HEAVY_FEE 102.50"}},
		"scheduled": {"so is what the agency has scheduled", warned(func(c *debt.Case) {
			c.ScheduledCosts = []debt.ScheduledCost{{date("2026-03-20"), debt.CostLightFee, 500_00},
				{date("2026-05-20"), debt.CostHeavyFee, 500_00}}
		}), []string{"2026-03-20 LIGHT_FEE 40.00", "2026-05-20 HEAVY_FEE 500.00"}},
	}
	for name, tc := range cases {
		if diff := cmp.Diff(tc.want, foreseen(tc.c)); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tc.reason, diff)
		}
	}
	person := debt.Person{Today: date("2026-03-02"), Parts: []debt.Part{{Agency: &debt.Agency{Code: "a"},
		Status: debt.AgencyOK}}}
	c := warned(nil)
	c.ID = debt.Key{Kind: debt.KindCase, Agency: "a", ID: "1"}
	person.Parts[0].Cases = []*debt.Case{c}
	last := date("2026-06-01")
	s, err := person.Simulate(debt.SimulateInput{AsOf: &last, Payments: []debt.SimulatedPayment{
		{CaseID: c.ID, Amount: 1_00, On: date("2026-03-02")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Cases[0].WithoutPaying.Fees; got != 562_50 {
		t.Errorf("in June the fees are %s, want those of the heavy fee alone, 562.50", got)
	}
}

func TestCompensationCap(t *testing.T) {
	t.Parallel()
	business := func(c *debt.Case) { c.DebtorKind = debt.DebtorBusiness }
	for name, tc := range map[string]struct {
		on     string
		change func(*debt.Case)
		want   string
	}{
		"2026, second half": {"2026-08-01", business, "430.00 430.00 true"},
		"2026, first half":  {"2026-02-01", business, "460.00 460.00 false"},
		"2025":              {"2025-03-01", business, "470.00 470.00 false"},
		"2021, not found":   {"2021-03-01", business, "NOT_KNOWN"},
		"2027, not set":     {"2027-03-01", business, "430.00 430.00 ? assumed"},
		"a consumer":        {"2026-08-01", func(*debt.Case) {}, "0.00 0.00 true NOT_FOR_CONSUMERS"},
	} {
		c := claim(func(c *debt.Case) {
			c.Fees = []debt.Fee{{Kind: debt.CostCompensation, Amount: 460_00, IncurredOn: date(tc.on)}}
			tc.change(c)
		})
		if got, _ := capped(t, c); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}
