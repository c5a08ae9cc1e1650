package debt_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

var date = norway.MustDate

// The statutory rates around the turn of 2025 (forsinkelsesrenteloven § 3).
var rates = []debt.Rate{
	{Kind: debt.RateLatePayment, ValidFrom: date("2025-01-01"), BasisPoints: 1250},
	{Kind: debt.RateLatePayment, ValidFrom: date("2025-07-01"), BasisPoints: 1225},
	{Kind: debt.RateLatePayment, ValidFrom: date("2026-01-01"), BasisPoints: 1200},
}

func claim(change func(*debt.Case)) *debt.Case {
	c := &debt.Case{
		Status: debt.Open, OpenedOn: date("2025-12-01"), OriginalPrincipal: 10_000_00, InterestFrom: date("2025-12-01"),
		Terms: &debt.Terms{Today: date("2026-03-02"), Rates: rates, Policy: debt.Policy{Imputation: debt.CostsFirst}},
	}
	if change != nil {
		change(c)
	}
	for _, a := range c.Agreements {
		if a.Cases == nil {
			a.Cases = []*debt.Case{c}
		}
	}
	return c
}

func TestBalanceOn(t *testing.T) {
	t.Parallel()
	contractual := 2000
	cases := map[string]struct {
		reason string
		c      *debt.Case
		day    string
		want   debt.Balance
	}{
		"first day": {
			"no interest on the day from which it runs",
			claim(nil), "2025-12-01",
			debt.Balance{Principal: 10_000_00},
		},
		"one day": {
			"10 000 kr × 12.25 % / 365 = 3.3561… kr, rounded down to 335 øre",
			claim(nil), "2025-12-02",
			debt.Balance{Principal: 10_000_00, Interest: 335},
		},
		"new half-year": {
			"31 days at 12.25 % and 60 at 12 %: 1 000 000 øre × (31×1225 + 60×1200) / 3 650 000 = 30 130.13… øre",
			claim(nil), "2026-03-02",
			debt.Balance{Principal: 10_000_00, Interest: 301_30},
		},
		"contractual rate": {
			"91 days at 20 %: 1 000 000 × 91×2000 / 3 650 000 = 49 863.01… øre",
			claim(func(c *debt.Case) { c.RateBasisPoints = &contractual }), "2026-03-02",
			debt.Balance{Principal: 10_000_00, Interest: 498_63},
		},
		"fees and legal costs": {
			"a court fee is a legal cost, a collection fee is none, a waived one is nothing",
			claim(func(c *debt.Case) {
				c.InterestFrom = 0
				c.Fees = []debt.Fee{
					{Kind: debt.CostReminder, Amount: 38_00, IncurredOn: date("2025-12-10")},
					{Kind: debt.CostLightFee, Amount: 600_00, IncurredOn: date("2025-12-20"), WaivedOn: date("2026-01-10")},
					{Kind: debt.CostCourt, Amount: 1479_00, IncurredOn: date("2026-01-20")},
					{Kind: debt.CostEnforcement, Amount: 1627_00, IncurredOn: date("2026-04-01")},
				}
			}), "2026-03-02",
			debt.Balance{Principal: 10_000_00, Fees: 38_00, LegalCosts: 1479_00},
		},
		"costs first": {
			"1 000 kr on 1 January covers the fee of 600, interest of 31 days (1 000 000 × 31×1225 / 3 650 000 = 10 404 øre), the rest principal; then 60 days at 12 % on 970 404 øre, together 10 404.1… + 19 142.2… = 29 546 øre less 10 404 paid",
			claim(func(c *debt.Case) {
				c.Fees = []debt.Fee{{Kind: debt.CostLightFee, Amount: 600_00, IncurredOn: date("2026-01-01")}}
				c.AllPayments = []debt.Payment{{Amount: 1000_00, ReceivedOn: date("2026-01-01")}}
			}), "2026-03-02",
			debt.Balance{Principal: 9704_04, Interest: 191_42},
		},
		"principal first": {
			"an agency that sets off principal first leaves interest and fee standing",
			claim(func(c *debt.Case) {
				c.Terms = &debt.Terms{Rates: rates, Policy: debt.Policy{Imputation: debt.PrincipalFirst}}
				c.Fees = []debt.Fee{{Kind: debt.CostLightFee, Amount: 600_00, IncurredOn: date("2026-01-01")}}
				c.AllPayments = []debt.Payment{{Amount: 10_000_00, ReceivedOn: date("2026-01-01")}}
			}), "2026-03-02",
			debt.Balance{Interest: 104_04, Fees: 600_00},
		},
		"as booked": {
			"what the agency booked wins over its order",
			claim(func(c *debt.Case) {
				c.InterestFrom = 0
				c.Fees = []debt.Fee{{Kind: debt.CostLightFee, Amount: 600_00, IncurredOn: date("2025-12-20")}}
				c.AllPayments = []debt.Payment{{Amount: 500_00, ReceivedOn: date("2026-01-01"),
					Allocations: []debt.Allocation{{Component: debt.Principal, Amount: 400_00}}}}
			}), "2026-03-02",
			debt.Balance{Principal: 9600_00, Fees: 500_00},
		},
		"before a payment": {
			"a day in the past does not know of it",
			claim(func(c *debt.Case) {
				c.AllPayments = []debt.Payment{{Amount: 1000_00, ReceivedOn: date("2026-01-01")}}
			}), "2025-12-31",
			debt.Balance{Principal: 10_000_00, Interest: 100_68},
		},
		"overpaid": {
			"what is paid beyond the claim is no negative debt",
			claim(func(c *debt.Case) {
				c.InterestFrom = 0
				c.AllPayments = []debt.Payment{{Amount: 10_000_01, ReceivedOn: date("2026-01-01")}}
			}), "2026-03-02",
			debt.Balance{Overpaid: 1},
		},
		"closed": {
			"from the day it was closed nothing is owed, paid or not",
			claim(func(c *debt.Case) { c.Status, c.ClosedOn = debt.Closed, date("2026-03-01") }), "2026-03-01",
			debt.Balance{},
		},
		"day before closing": {
			"the day before, everything is",
			claim(func(c *debt.Case) { c.InterestFrom, c.Status, c.ClosedOn = 0, debt.Closed, date("2026-03-01") }),
			"2026-02-28",
			debt.Balance{Principal: 10_000_00},
		},
		"before opening": {
			"nothing is owed yet",
			claim(nil), "2025-11-30",
			debt.Balance{},
		},
		"largest amounts": {
			"ten thousand million kroner at 1 000 % for a century do not overflow: 10^12 × 100 000 × 36 525 / 3 650 000",
			claim(func(c *debt.Case) {
				bp := 100_000
				c.OriginalPrincipal, c.RateBasisPoints, c.InterestFrom, c.OpenedOn = money.Max, &bp, date("2000-01-01"),
					date("2000-01-01")
			}), "2100-01-01",
			debt.Balance{Principal: money.Max, Interest: 1_000_684_931_506_849},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := c.want
			want.AsOf = date(c.day)
			want.Total = want.Principal + want.Interest + want.Fees + want.LegalCosts
			if diff := cmp.Diff(want, c.c.BalanceOn(want.AsOf), cmpopts.IgnoreUnexported(debt.Balance{})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reason, diff)
			}
		})
	}
}

// anyCase draws a case with fees and payments in the order in which a read brings them.
func anyCase(t *rapid.T) *debt.Case {
	return claim(func(c *debt.Case) {
		c.OriginalPrincipal = money.Øre(rapid.Int64Range(0, int64(money.Max)).Draw(t, "principal"))
		c.PriorInterest = money.Øre(rapid.Int64Range(0, 1_000_00).Draw(t, "prior interest"))
		if rapid.Bool().Draw(t, "principal first") {
			c.Terms = &debt.Terms{Today: c.Terms.Today, Rates: rates, Policy: debt.Policy{Imputation: debt.PrincipalFirst}}
		}
		day := c.OpenedOn
		for range rapid.IntRange(0, 5).Draw(t, "fees") {
			day = day.AddDays(rapid.IntRange(0, 20).Draw(t, "days to fee"))
			c.Fees = append(c.Fees, debt.Fee{
				Kind: rapid.SampledFrom(debt.CostKinds).Draw(t, "kind"), IncurredOn: day,
				Amount: money.Øre(rapid.Int64Range(0, 10_000_00).Draw(t, "fee")),
			})
		}
		day = c.OpenedOn
		for range rapid.IntRange(0, 5).Draw(t, "payments") {
			day = day.AddDays(rapid.IntRange(0, 20).Draw(t, "days to payment"))
			c.AllPayments = append(c.AllPayments, debt.Payment{
				Case: c, ReceivedOn: day, Amount: money.Øre(rapid.Int64Range(1, 20_000_00).Draw(t, "payment")),
			})
		}
	})
}

// collection are the costs that standard compensation is set off against.
var collection = []debt.CostKind{debt.CostReminder, debt.CostCollectionWarning, debt.CostPaymentDemand,
	debt.CostLightFee, debt.CostHeavyFee, debt.CostAgreementSetup}

func TestBalanceProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyCase(t)
		day := c.OpenedOn.AddDays(rapid.IntRange(0, 700).Draw(t, "day"))
		b := c.BalanceOn(day)
		if b.Total != b.Principal+b.Interest+b.Fees+b.LegalCosts {
			t.Fatalf("the parts do not sum to the total: %+v", b)
		}
		if min(b.Principal, b.Interest, b.Fees, b.LegalCosts, b.Overpaid) < 0 {
			t.Fatalf("a part is negative: %+v", b)
		}
		var imputed, paid, charged money.Øre
		for i := range c.AllPayments {
			p := &c.AllPayments[i]
			if p.ReceivedOn > day {
				continue
			}
			paid += p.Amount
			for _, a := range p.Imputed() {
				imputed += a.Amount
			}
		}
		if imputed+b.Overpaid != paid {
			t.Fatalf("of %d paid, %d was imputed and %d overpaid", paid, imputed, b.Overpaid)
		}
		var compensation, costs money.Øre
		for _, f := range c.Fees {
			switch {
			case f.IncurredOn > day:
			case f.Kind == debt.CostCompensation:
				compensation += f.Amount
			case slices.Contains(collection, f.Kind):
				costs += f.Amount
			default:
				charged += f.Amount
			}
		}
		charged += max(compensation, costs)
		unpaid := *c
		unpaid.AllPayments = nil
		if full := unpaid.BalanceOn(day); b.Total+paid-b.Overpaid > full.Total ||
			full.Principal+full.Fees+full.LegalCosts != c.OriginalPrincipal+charged {
			t.Fatalf("paying made it dearer: %+v after %d, %+v without", b, paid, full)
		}
		if next := c.BalanceOn(day.AddDays(1)); next.Total < b.Total && paid == totalPaid(c, day.AddDays(1)) {
			t.Fatalf("a day without payment made it cheaper: %+v, then %+v", b, next)
		}
	})
}

func totalPaid(c *debt.Case, day norway.Date) (sum money.Øre) {
	for _, p := range c.AllPayments {
		if p.ReceivedOn <= day {
			sum += p.Amount
		}
	}
	return sum
}

// busyCase has four fees and four payments.
func busyCase() *debt.Case {
	return claim(func(c *debt.Case) {
		for i := range 4 {
			c.Fees = append(c.Fees, debt.Fee{Kind: debt.CostReminder, Amount: 38_00, IncurredOn: c.OpenedOn.AddDays(i * 14)})
			c.AllPayments = append(c.AllPayments, debt.Payment{Amount: 500_00, ReceivedOn: c.OpenedOn.AddDays(i*14 + 7)})
		}
	})
}

func BenchmarkBalanceOn(b *testing.B) {
	c, day := busyCase(), date("2026-03-02")
	for b.Loop() {
		c.BalanceOn(day)
	}
}
