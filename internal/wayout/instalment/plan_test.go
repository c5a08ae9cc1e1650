package instalment_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/instalment"
)

var today = norway.MustDate("2026-03-02")

// policy is the one of the reference core.
func policy() debt.Policy {
	return debt.Policy{Imputation: debt.CostsFirst, MinInstalment: 300_00, MaxInstalments: 12, InstalmentFee: 65_00,
		SetupFee: 1125_00, SetupFreeInstalments: 4, JointAgreements: true, AgreementStopsCosts: true}
}

func owing(id string, principal money.Øre, rate int, p debt.Policy) *debt.Case {
	c := &debt.Case{
		ID: debt.Key{Kind: debt.KindCase, Agency: "a", ID: id}, Status: debt.Open, Phase: debt.PhaseHeavyFee,
		OpenedOn: today.AddMonths(-6), OriginalPrincipal: principal, RateBasisPoints: &rate, AgreementFrom: today,
		Terms: &debt.Terms{Today: today, Policy: p},
	}
	if rate > 0 {
		c.InterestFrom = today
	}
	return c
}

func text(p *instalment.Plan) string {
	var all []string
	for _, i := range p.Instalments {
		all = append(all, fmt.Sprintf("%s %d=%d+%d+%d left %d", i.DueOn.String()[5:], i.Amount, i.ToCosts, i.ToInterest,
			i.ToPrincipal, i.Remaining))
	}
	return strings.Join(all, "; ")
}

// TestReckon holds plans against figures that were worked by hand.
func TestReckon(t *testing.T) {
	t.Parallel()
	april := norway.MustDate("2026-04-01") // 30 days after today
	cases := map[string]struct {
		reason string
		case_  *debt.Case
		wish   instalment.Wish
		want   string
	}{
		"an amount": {
			// 1 April: 100,000 x 12 % x 30/365 = 986.30, so 986.30 øre of 1,000 kr: 9.86 kr. Of 565 kr the fee has
			// 65, interest 9.86, principal 490.14; 509.86 kr stay.
			// 1 May is a holiday and a Friday. Monday the 4th: accrued in all 100,000x0.12x30/365 + 50,986x0.12x33/365 =
			// 986.30 + 553.16 = 1539.46: 5.53 more. 509.86 + 5.53 + 65 = 580.39: of 565 the fee and interest first,
			// then 494.47 of principal; 15.39 stay.
			// 1 June: + 1,539 x 0.12 x 28/365 = 14.17; in all 1553.63: 14 øre more. 15.39 + 0.14 + 65 = 80.53.
			"fee, interest, principal, and the rest at last", owing("1", 1000_00, 1200, policy()),
			instalment.Wish{Monthly: 565_00, Days: instalment.From(april)},
			"04-01 56500=6500+986+49014 left 50986; 05-04 56500=6500+553+49447 left 1539; 06-01 8053=6500+14+1539 left 0",
		},
		"without interest": {
			"four are free of the set-up fee", owing("1", 1000_00, 0, policy()),
			instalment.Wish{Monthly: 315_00, Days: instalment.From(april)},
			"04-01 31500=6500+0+25000 left 75000; 05-04 31500=6500+0+25000 left 50000; " +
				"06-01 31500=6500+0+25000 left 25000; 07-01 31500=6500+0+25000 left 0",
		},
		"five": {
			"from five on the set-up fee comes on top of the first", owing("1", 1000_00, 0, policy()),
			instalment.Wish{Monthly: 265_00, Days: instalment.From(april)},
			"04-01 139000=119000+0+20000 left 80000; 05-04 26500=6500+0+20000 left 60000; " +
				"06-01 26500=6500+0+20000 left 40000; 07-01 26500=6500+0+20000 left 20000; 08-03 26500=6500+0+20000 left 0",
		},
		"in months": {
			"(1000 + 3 x 65) / 3 = 398.33, in whole kroner 399", owing("1", 1000_00, 0, policy()),
			instalment.Wish{Months: 3, Days: instalment.From(april)},
			"04-01 39900=6500+0+33400 left 66600; 05-04 39900=6500+0+33400 left 33200; 06-01 39700=6500+0+33200 left 0",
		},
		"the last of a month": {
			"a month without the day has its last", owing("1", 700_00, 0, policy()),
			instalment.Wish{Monthly: 415_00, Days: instalment.From(norway.MustDate("2026-03-31"))},
			"03-31 41500=6500+0+35000 left 35000; 04-30 41500=6500+0+35000 left 0",
		},
		"a cost before": {
			"what comes until the first day is in it, what comes later is stopped", func() *debt.Case {
				c := owing("1", 700_00, 0, policy())
				c.ScheduledCosts = []debt.ScheduledCost{{On: april, Kind: debt.CostHeavyFee, Amount: 600_00},
					{On: april + 1, Kind: debt.CostHeavyFee, Amount: 900_00},
					{On: april, Kind: debt.CostInstalment, Amount: 65_00}}
				return c
			}(), instalment.Wish{Monthly: 715_00, Days: instalment.From(april)},
			"04-01 71500=66500+0+5000 left 65000; 05-04 71500=6500+0+65000 left 0",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, why := instalment.Reckon(today, []*debt.Case{tc.case_}, tc.wish, instalment.Kept{})
			if why != "" {
				t.Fatal(why)
			}
			if got := text(p); got != tc.want {
				t.Errorf("%s\n got %s\nwant %s", tc.reason, got, tc.want)
			}
		})
	}
}

// TestDecide says who decides, at each edge of the policy.
func TestDecide(t *testing.T) {
	t.Parallel()
	april := norway.MustDate("2026-04-01")
	wider := policy()
	wider.PlanLongest = new(24)
	once := policy()
	once.PlanAfterBreach = new(false)
	broke := owing("1", 6000_00, 0, once)
	broke.Agreements = []*debt.Agreement{{Status: debt.AgreementBreached}}
	later := owing("1", 6000_00, 0, policy())
	later.AgreementFrom = april + 1
	never := owing("1", 6000_00, 0, policy())
	never.AgreementFrom = 0
	for name, tc := range map[string]struct {
		reason   string
		case_    *debt.Case
		months   int
		decision instalment.Decision
		why      instalment.Refusal
	}{
		"twelve":        {"the policy grants as many at once", owing("1", 6000_00, 0, policy()), 12, instalment.AtOnce, ""},
		"thirteen":      {"nobody grants more", owing("1", 6000_00, 0, policy()), 13, "", instalment.TooLong},
		"a case worker": {"where one may grant more", owing("1", 6000_00, 0, wider), 13, instalment.ByWorker, ""},
		"twenty-four":   {"the most that one may grant", owing("1", 6000_00, 0, wider), 24, instalment.ByWorker, ""},
		"twenty-five":   {"and no more", owing("1", 6000_00, 0, wider), 25, "", instalment.TooLong},
		"small":         {"250 kr a month are too little", owing("1", 3000_00, 0, policy()), 12, "", instalment.TooSmall},
		"small, asked":  {"a case worker may grant it", owing("1", 3000_00, 0, wider), 12, instalment.ByWorker, ""},
		"after breach":  {"one plan is all", broke, 12, "", instalment.AfterBreach},
		"too soon":      {"it may begin a day later", later, 12, "", instalment.NotYet},
		"none":          {"the agency offers none in the case", never, 12, "", instalment.NoAgreements},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wish := instalment.Wish{Months: tc.months, Days: instalment.From(april)}
			p, why := instalment.Reckon(today, []*debt.Case{tc.case_}, wish, instalment.Kept{})
			if why != "" || len(p.Instalments) != tc.months {
				t.Fatalf("%s, %+v", why, p)
			}
			if decision, why := p.Decide(instalment.Kept{}); decision != tc.decision || why != tc.why {
				t.Errorf("%s: %s %s", tc.reason, decision, why)
			}
		})
	}
}

// somePlan draws cases of one agency, and how they are paid.
func somePlan(t *rapid.T) ([]*debt.Case, instalment.Wish) {
	p := policy()
	p.Imputation = rapid.SampledFrom([]debt.Imputation{debt.CostsFirst, debt.PrincipalFirst}).Draw(t, "imputation")
	p.InstalmentFee = money.Øre(rapid.IntRange(0, 100_00).Draw(t, "fee"))
	p.AgreementStopsCosts = rapid.Bool().Draw(t, "stops")
	var cases []*debt.Case
	for i := range rapid.IntRange(1, 3).Draw(t, "cases") {
		c := owing(fmt.Sprint(i), money.Øre(rapid.IntRange(1, 50_000_00).Draw(t, "principal")),
			rapid.IntRange(0, 2500).Draw(t, "rate"), p)
		c.PriorInterest = money.Øre(rapid.IntRange(0, 500_00).Draw(t, "interest"))
		c.Fees = []debt.Fee{{Case: c, Kind: debt.CostLightFee, Amount: money.Øre(rapid.IntRange(1, 700_00).Draw(t, "light")),
			IncurredOn: today.AddMonths(-1)}}
		if rapid.Bool().Draw(t, "scheduled") {
			c.ScheduledCosts = []debt.ScheduledCost{{On: today.AddDays(rapid.IntRange(0, 90).Draw(t, "on")),
				Kind: debt.CostHeavyFee, Amount: 600_00}}
		}
		cases = append(cases, c)
	}
	return cases, instalment.Wish{Months: rapid.IntRange(1, 36).Draw(t, "months"),
		Days: instalment.From(today.AddDays(rapid.IntRange(1, 60).Draw(t, "first")))}
}

// agree has the cases as the agency has them once the plan is agreed: costs after its first day are taken
// away, and its fees are scheduled in the first.
func agree(p *instalment.Plan) []*debt.Case {
	var all []*debt.Case
	a := &debt.Agreement{Status: debt.AgreementActive, StartedOn: p.Instalments[0].DueOn}
	for i, c := range p.Cases {
		after := *c
		after.ScheduledCosts = nil
		for _, s := range c.ScheduledCosts {
			if s.On <= a.StartedOn || !c.Terms.Policy.AgreementStopsCosts {
				after.ScheduledCosts = append(after.ScheduledCosts, s)
			}
		}
		for n, in := range p.Instalments {
			if i == 0 {
				fee := in.Fee
				if n == 0 && p.SetupFee > 0 {
					fee -= p.SetupFee
					after.ScheduledCosts = append(after.ScheduledCosts,
						debt.ScheduledCost{On: in.DueOn, Kind: debt.CostAgreementSetup, Amount: p.SetupFee})
				}
				after.ScheduledCosts = append(after.ScheduledCosts,
					debt.ScheduledCost{On: in.DueOn, Kind: debt.CostInstalment, Amount: fee})
			}
		}
		after.Agreements = []*debt.Agreement{a}
		all = append(all, &after)
	}
	return all
}

// TestPlanIsExact: on each day what was paid and what is left are principal, interest and fees of that day,
// as the agency's own records then have them; the last instalment leaves nothing.
func TestPlanIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cases, wish := somePlan(t)
		p, why := instalment.Reckon(today, cases, wish, instalment.Kept{})
		if why != "" {
			t.Fatal(why)
		}
		agreed := agree(p)
		var paid money.Øre
		for _, in := range p.Instalments {
			owed := money.Øre(0)
			left := in.Amount
			for _, c := range agreed { // the agency has charged what was scheduled, and receives the instalment
				c.Terms.Today = in.DueOn
				for _, s := range c.ScheduledCosts {
					if s.On <= in.DueOn {
						c.Fees = append(c.Fees, debt.Fee{Case: c, Kind: s.Kind, Amount: s.Amount, IncurredOn: max(s.On, today)})
					}
				}
				c.ScheduledCosts = after(c.ScheduledCosts, in.DueOn)
				b := c.BalanceOn(in.DueOn)
				if x := min(b.Total, left); x > 0 {
					c.AllPayments = append(c.AllPayments, debt.Payment{Case: c, Amount: x, ReceivedOn: in.DueOn})
					left -= x
				}
				b = c.BalanceOn(in.DueOn)
				owed += b.Total
			}
			for _, c := range agreed {
				c.Terms.Today = today
			}
			if owed != in.Remaining || left != 0 {
				t.Fatalf("after instalment %d the agency has %d left and %d over, the plan %d", in.Number, owed, left, in.Remaining)
			}
			if in.ToCosts+in.ToInterest+in.ToPrincipal != in.Amount || in.Amount <= in.Fee {
				t.Fatalf("%+v", in)
			}
			paid += in.Amount
		}
		if paid != p.Total || p.Total != p.OwedNow+p.Interest+p.Costs+p.Fees+p.SetupFee || p.Dearer < 0 ||
			p.Instalments[len(p.Instalments)-1].Remaining != 0 || len(p.Instalments) > wish.Months {
			t.Fatalf("%+v", p)
		}
		if last := p.Monthly - money.Krone; last > 0 { // a krone less is not enough
			wish.Monthly, wish.Months = last, 0
			if less, why := instalment.Reckon(today, cases, wish, instalment.Kept{}); why == "" &&
				len(less.Instalments) <= len(p.Instalments) && p.Monthly%money.Krone == 0 && len(p.Instalments) > 1 {
				t.Fatalf("%s is enough too", last)
			}
		}
	})
}

func after(all []debt.ScheduledCost, day norway.Date) (left []debt.ScheduledCost) {
	for _, s := range all {
		if s.On > day {
			left = append(left, s)
		}
	}
	return left
}

// TestLongerIsNoCheaper: more months never cost less in fees, nor less a month than fewer.
func TestLongerIsNoCheaper(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cases, wish := somePlan(t)
		short, why := instalment.Reckon(today, cases, wish, instalment.Kept{})
		wish.Months += rapid.IntRange(1, 24).Draw(t, "more")
		long, other := instalment.Reckon(today, cases, wish, instalment.Kept{})
		if why != "" || other != "" {
			t.Fatal(why, other)
		}
		if long.Fees < short.Fees || long.SetupFee < short.SetupFee || long.Monthly > short.Monthly ||
			long.LastDay < short.LastDay {
			t.Fatalf("%+v\n%+v", short, long)
		}
	})
}

// TestAllowed: what is said to be enough is, and a krone less is not.
func TestAllowed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cases, wish := somePlan(t)
		longest := rapid.IntRange(1, 40).Draw(t, "longest")
		for _, c := range cases {
			c.Terms.Policy.PlanLongest = &longest
		}
		wish.Months = 0
		a := instalment.Allow(today, cases, wish.FirstDue, instalment.Kept{})
		decide := func(monthly money.Øre) instalment.Decision {
			w := wish
			w.Monthly = monthly
			p, why := instalment.Reckon(today, cases, w, instalment.Kept{})
			if why != "" {
				return ""
			}
			d, _ := p.Decide(instalment.Kept{})
			return d
		}
		if d := decide(a.AtOnceMonthly); d != instalment.AtOnce {
			t.Fatalf("%+v: %s decides", a, d)
		}
		if d := decide(a.LeastMonthly); d == "" {
			t.Fatalf("%+v: the least is refused", a)
		}
	})
}
