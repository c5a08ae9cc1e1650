package debt_test

import (
	"fmt"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// byLaw returns a case at the statutory rates of all half-years.
func byLaw(principal money.Øre, from string, change func(*debt.Case)) *debt.Case {
	return claim(func(c *debt.Case) {
		c.OriginalPrincipal, c.InterestFrom, c.OpenedOn = principal, date(from), date(from)
		terms := &debt.Terms{Today: date("2026-11-21"), Policy: debt.Policy{Imputation: debt.CostsFirst}}
		for _, r := range statute.LatePayment.Rows {
			terms.Rates = append(terms.Rates, debt.Rate{Kind: debt.RateLatePayment, ValidFrom: r.From, BasisPoints: r.Value,
				Source: r.Source})
		}
		c.Terms = terms
		change(c)
	})
}

// TestGoldenBalances holds balances to what was worked out by hand from the law: interest
// is øre × days × basis points / 3 650 000, and is rounded down once.
func TestGoldenBalances(t *testing.T) {
	t.Parallel()
	none := func(*debt.Case) {}
	fees := func(fees ...debt.Fee) func(*debt.Case) { return func(c *debt.Case) { c.Fees = fees } }
	fee := func(kind debt.CostKind, amount money.Øre, on string) debt.Fee {
		return debt.Fee{Kind: kind, Amount: amount, IncurredOn: date(on)}
	}
	ladder := func(c *debt.Case) {
		c.Fees = []debt.Fee{fee(debt.CostCollectionWarning, 38_00, "2026-01-20"),
			fee(debt.CostLightFee, 300_00, "2026-02-04")}
	}
	paid := func(amount money.Øre, on string) debt.Payment {
		return debt.Payment{Amount: amount, ReceivedOn: date(on)}
	}
	cases := map[string]struct {
		c    *debt.Case
		day  string
		want string // principal, interest, fees, legal costs
	}{
		// 1 490 kr due on 15 March 2025, on 31 December. 17+30+31+30 = 108 days at 12.50 and
		// 31+31+30+31+30+30 = 183 days at 12.25: 149 000 × (135 000 + 224 175) = 53 517 075 000,
		// / 3 650 000 = 14 662.21 øre (frl. § 3: a new half-year's rate hits old claims too).
		"an invoice over two half-years": {byLaw(1_490_00, "2025-03-15", none), "2025-12-31", "1490.00 146.62 0.00 0.00"},

		// 100 000 kr over 28 and 29 February 2024, actual/365 also in a leap year:
		// 10 000 000 × 2 × 1250 / 3 650 000 = 6 849.31 øre.
		"a leap day": {byLaw(100_000_00, "2024-02-28", none), "2024-03-01", "100000.00 68.49 0.00 0.00"},

		// 5 000 kr in the summer of 2020: 30 days at 9.50 and 31 at 8.00:
		// 500 000 × (28 500 + 24 800) = 26 650 000 000, / 3 650 000 = 7 301.36 øre.
		"the fall of the rate in 2020": {byLaw(5_000_00, "2020-06-01", none), "2020-08-01", "5000.00 73.01 0.00 0.00"},

		// 1 200 kr due on 5 January 2026, on 1 April: 27+28+31 = 86 days at 12:
		// 120 000 × 103 200 = 12 384 000 000, / 3 650 000 = 3 392.87 øre. Warning 750/20 = 37.50,
		// rounded 38; light 0.4 × 750 = 300; heavy 600, an increase of 300.
		"the ladder of fees": {byLaw(1_200_00, "2026-01-05", func(c *debt.Case) {
			ladder(c)
			c.Fees = append(c.Fees, fee(debt.CostHeavyFee, 300_00, "2026-03-31"))
		}), "2026-04-01", "1200.00 33.92 638.00 0.00"},

		// The same, and 500 kr on 10 February. Until then 27+9 = 36 days: 120 000 × 43 200 =
		// 5 184 000 000, 1 420.27 øre: 14.20. 500 − 338 of fees − 14.20 = 147.80 of principal.
		// Then 19 days on 1 052.20: 105 220 × 22 800 = 2 399 016 000; together 7 583 016 000,
		// 2 077.53 øre, less 1 420 paid: 6.57.
		"costs, interest, principal": {byLaw(1_200_00, "2026-01-05", func(c *debt.Case) {
			ladder(c)
			c.AllPayments = []debt.Payment{paid(500_00, "2026-02-10")}
		}), "2026-03-01", "1052.20 6.57 0.00 0.00"},

		// The same at an agency that sets off principal first: 1 200 − 500 = 700. Interest is
		// 5 184 000 000 + 70 000 × 22 800 = 6 780 000 000, 1 857.53 øre; the fees stand.
		"principal, interest, costs": {byLaw(1_200_00, "2026-01-05", func(c *debt.Case) {
			ladder(c)
			c.Terms.Policy.Imputation = debt.PrincipalFirst
			c.AllPayments = []debt.Payment{paid(500_00, "2026-02-10")}
		}), "2026-03-01", "700.00 18.57 338.00 0.00"},

		// 6 000 kr from 1 January 2026, light fee 0.8 × 750; 3 000 kr on 1 February that the
		// debtor wanted set off against principal: 600 000 × 31 × 1200 + 300 000 × 28 × 1200 =
		// 22 320 000 000 + 10 080 000 000, / 3 650 000 = 8 876.71 øre.
		"the debtor's choice": {byLaw(6_000_00, "2026-01-01", func(c *debt.Case) {
			c.Fees = []debt.Fee{fee(debt.CostLightFee, 600_00, "2026-01-10")}
			p := paid(3_000_00, "2026-02-01")
			p.Allocations = []debt.Allocation{{Component: debt.Principal, Amount: 3_000_00}}
			c.AllPayments = []debt.Payment{p}
		}), "2026-03-01", "3000.00 88.76 600.00 0.00"},

		// A credit of 20 000 kr at its own 21.90 per cent, which continues after the due date
		// (frl. § 3), with 412.33 claimed for earlier: 2 000 000 × 31 × 2190 = 135 780 000 000,
		// / 3 650 000 = 37 200 øre to the point; 412.33 + 372.00 = 784.33.
		"an agreed rate": {byLaw(20_000_00, "2026-01-01", func(c *debt.Case) {
			bp := 2190
			c.RateBasisPoints, c.PriorInterest = &bp, 412_33
		}), "2026-02-01", "20000.00 784.33 0.00 0.00"},

		// 8 000 kr from 1 June 2025 through the courts, on 1 June 2026: 30 days at 12.50, 184 at
		// 12.25, 151 at 12: 800 000 × (37 500 + 225 400 + 181 200) = 355 280 000 000, 97 336.98
		// øre. Fees 0.8 and 1.6 × 700: 560 + 560. 1.1 × 1345 = 1 479.50 and 1.21 × 1345 =
		// 1 627.45, down to whole kroner: 3 106.
		"through the courts": {byLaw(8_000_00, "2025-06-01", fees(
			fee(debt.CostLightFee, 560_00, "2025-07-16"), fee(debt.CostHeavyFee, 560_00, "2025-08-28"),
			fee(debt.CostCourt, 1_479_00, "2026-02-02"), fee(debt.CostEnforcement, 1_627_00, "2026-05-04"),
		)), "2026-06-01", "8000.00 973.36 1120.00 3106.00"},

		// 10 000 kr from 1 January 2026, a deduction of 1 000 kr on the first of three months.
		// February: 31 days, 37 200 000 000, 10 191.78 øre: 101.91, principal 9 101.91.
		// March: 910 191 × 28 × 1200 = 30 582 417 600, together 67 782 417 600, 18 570.53 øre:
		// 18 570 − 10 191 = 83.79, principal 8 185.70. April: 818 570 × 31 × 1200 =
		// 30 450 804 000, together 98 233 221 600, 26 913.21 øre: 26 913 − 18 570 = 83.43,
		// principal 7 269.13. No øre is lost between the months.
		"a wage deduction": {byLaw(10_000_00, "2026-01-01", func(c *debt.Case) {
			c.AllPayments = []debt.Payment{paid(1_000_00, "2026-02-01"), paid(1_000_00, "2026-03-01"),
				paid(1_000_00, "2026-04-01")}
		}), "2026-04-01", "7269.13 0.00 0.00 0.00"},

		// A business owes 300 000 kr over the turn of the half-year 2026: 16 days at 12 and 14 at
		// 12.25: 30 000 000 × (19 200 + 17 150) = 1 090 500 000 000, 298 767.12 øre. Light fee
		// 7.2 × 750 × 1.5 = 8 100.
		"a business": {byLaw(300_000_00, "2026-06-15", fees(fee(debt.CostLightFee, 8_100_00, "2026-07-10"))), "2026-07-15",
			"300000.00 2987.67 8100.00 0.00"},

		// A heavy fee that is waived on 1 March counts up to the day before.
		"before a waiver": {byLaw(3_000_00, "2026-02-28", fees(
			fee(debt.CostLightFee, 600_00, "2026-01-10"),
			debt.Fee{Kind: debt.CostHeavyFee, Amount: 600_00, IncurredOn: date("2026-02-20"), WaivedOn: date("2026-03-01")},
		)), "2026-02-28", "3000.00 0.00 1200.00 0.00"},

		// And not from that day on; a day's interest is 300 000 × 1200 / 3 650 000 = 98.63 øre.
		"after a waiver": {byLaw(3_000_00, "2026-02-28", fees(
			fee(debt.CostLightFee, 600_00, "2026-01-10"),
			debt.Fee{Kind: debt.CostHeavyFee, Amount: 600_00, IncurredOn: date("2026-02-20"), WaivedOn: date("2026-03-01")},
		)), "2026-03-01", "3000.00 0.98 600.00 0.00"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := tc.c.BalanceOn(date(tc.day))
			if got := fmt.Sprintf("%s %s %s %s", b.Principal, b.Interest, b.Fees, b.LegalCosts); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			var sum money.Øre
			for _, x := range b.Lines() {
				sum += x.Amount
			}
			if sum != b.Total {
				t.Errorf("the lines sum to %s, the total is %s", sum, b.Total)
			}
		})
	}
}
