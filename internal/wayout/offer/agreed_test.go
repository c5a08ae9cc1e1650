package offer_test

import (
	"slices"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/offer"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

// TestAgreed: what is kept of a solution is all that is paid by it, and of each agreement the
// instalments that its agency is asked for.
func TestAgreed(t *testing.T) {
	t.Parallel()
	joined, between := 0, 0
	inputs := []offer.Input{{PayDays: []int{20, 5}, PayDayBudgets: []money.Øre{300_00, 100_00},
		PayToday: new(money.Øre(150_00))}}
	for _, budget := range []money.Øre{300_00, 400_00, 700_00, 1_100_00} {
		inputs = append(inputs, offer.Input{MonthlyBudget: &budget})
	}
	for _, input := range inputs {
		p := person(claim("1", nil), claim("2", func(c *debt.Case) { c.OriginalPrincipal = 300_00 }),
			claim("3", func(c *debt.Case) { c.OriginalPrincipal = 1_500_00 }))
		for _, s := range suggest(t, p, input).Suggestions {
			agreed := s.Agreed()
			type share struct {
				agreement int
				on        norway.Date
			}
			var total money.Øre
			sums, fees := map[share]money.Øre{}, map[share]money.Øre{}
			for _, x := range agreed.Payments {
				total += x.Amount
				sums[share{x.Agreement, x.DueOn}] += x.Amount
				fees[share{x.Agreement, x.DueOn}] += x.Fee
			}
			if total != s.TotalPaid {
				t.Errorf("%+v, %v: %s is kept of %s", input, s.Kinds, total, s.TotalPaid)
			}
			for i, a := range s.Agreements {
				joined = max(joined, len(a.Cases))
				for _, x := range agreed.Payments {
					if x.Agreement == 0 && x.DueOn > a.Instalments[0].DueOn && slices.Contains(a.Cases, s.Closings[x.Case].Case) {
						between++
					}
				}
				for _, in := range a.Instalments {
					at := share{i + 1, in.DueOn}
					if sums[at] != in.Amount || fees[at] != in.Fee {
						t.Errorf("%+v, %v: %s is to be paid on %s with fees of %s, and the agency is asked for %+v", input, s.Kinds,
							sums[at], in.DueOn, fees[at], in)
					}
				}
			}
		}
	}
	if joined < 2 || between == 0 {
		t.Errorf("agreements are on %d cases at most, %d payments are beside one: too little is proved", joined, between)
	}
}

// TestPaidAsAgreed: who pays on each day what remains of it then is never asked for another
// amount, and owes nothing at the end.
func TestPaidAsAgreed(t *testing.T) {
	t.Parallel()
	budget := money.Øre(900_00)
	cases := []*debt.Case{claim("1", nil), claim("2", func(c *debt.Case) { c.OriginalPrincipal = 300_00 })}
	p := person(cases...)
	terms := cases[0].Terms
	terms.Policy.MaxInstalments, terms.Policy.MaxDeferralDays = 1, 0
	solutions := suggest(t, p, offer.Input{MonthlyBudget: &budget})
	if len(solutions.Suggestions) == 0 || len(solutions.Suggestions[0].Agreements) > 0 ||
		len(solutions.Suggestions[0].Schedule) < 2 {
		t.Fatalf("%+v", solutions.Suggestions)
	}
	agreed := solutions.Suggestions[0].Agreed()
	for n, month := range solutions.Suggestions[0].Schedule {
		terms.Today = month.DueOn
		for _, c := range cases { // the agency adds its costs
			for i := len(c.ScheduledCosts) - 1; i >= 0; i-- {
				if s := c.ScheduledCosts[i]; s.On <= month.DueOn {
					if c.BalanceOn(s.On-1).Total > 0 {
						c.Fees = append(c.Fees, debt.Fee{Case: c, Kind: s.Kind, Amount: s.Amount, IncurredOn: s.On})
					}
					c.ScheduledCosts = nil
				}
			}
		}
		standing := agreed.On(terms.Today, p.Parts, func(debt.Key) bool { return false })
		next := standing.Next()
		if next == nil || next.DueOn != month.DueOn || next.Remaining != month.Total || next.Status != schedule.Due {
			t.Fatalf("month %d: %+v is next, want %s by %s", n, next, month.Total, month.DueOn)
		}
		for _, x := range next.Payments {
			x.Case.AllPayments = append(x.Case.AllPayments, debt.Payment{Case: x.Case, Amount: x.Remaining,
				ReceivedOn: month.DueOn})
		}
	}
	for _, c := range cases {
		if owed := c.BalanceOn(terms.Today).Total; owed != 0 {
			t.Errorf("case %s owes %s at the end", c.ID.ID, owed)
		}
	}
	if end := agreed.On(terms.Today, p.Parts, func(debt.Key) bool { return false }); end.Next() != nil ||
		end.Paid != solutions.Suggestions[0].TotalPaid {
		t.Errorf("%+v", end)
	}
}
