package debt_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// TestFeesByLetters has what the letters of a claim that fell due on 1 December 2025 allow.
func TestFeesByLetters(t *testing.T) {
	t.Parallel()
	fee := func(kind debt.CostKind, on string) debt.Fee {
		return debt.Fee{Kind: kind, Amount: 38_00, IncurredOn: date(on)}
	}
	reminder, warning, demand := debt.LetterReminder, debt.LetterCollectionWarning, debt.LetterPaymentDemand
	cases := map[string]struct {
		reason  string
		letters []debt.Letter
		fees    []debt.Fee // the last one is looked at
		change  func(*debt.Case)
		want    string
		rule    string
	}{
		"reminder 10 days after": {"a fee takes 14", []debt.Letter{letter(reminder, "2025-12-11")},
			[]debt.Fee{fee(debt.CostReminder, "2025-12-11")}, nil, "0.00 0.00 true TOO_EARLY", "§ 1-2"},
		"warning 13 days after": {"nor one day less", []debt.Letter{letter(warning, "2025-12-14")},
			[]debt.Fee{fee(debt.CostCollectionWarning, "2025-12-14")}, nil, "0.00 0.00 true TOO_EARLY", "§ 1-2"},
		"warning 14 days after": {"14 are enough", []debt.Letter{letter(warning, "2025-12-15")},
			[]debt.Fee{fee(debt.CostCollectionWarning, "2025-12-15")}, nil, "35.00 35.00 true", "§ 1-2"},
		"booked later": {"what counts is the day of the letter", []debt.Letter{letter(reminder, "2025-12-14")},
			[]debt.Fee{fee(debt.CostReminder, "2025-12-16")}, nil, "0.00 0.00 true TOO_EARLY", "§ 1-2"},
		"booked next year": {"the unit is that of the day of sending, 700", []debt.Letter{letter(reminder, "2025-12-30")},
			[]debt.Fee{fee(debt.CostReminder, "2026-01-02")}, nil, "35.00 35.00 true", "§ 1-2"},
		"fee alone, early": {"no letter can have come after its fee", nil,
			[]debt.Fee{fee(debt.CostReminder, "2025-12-14")}, nil, "0.00 0.00 true TOO_EARLY", "§ 1-2"},
		"fee alone": {"nobody sees when the letter was sent", nil, []debt.Fee{fee(debt.CostReminder, "2026-01-14")}, nil,
			"38.00 38.00 ? NOT_DECIDED", "§ 1-2"},
		"fee alone, too high": {"it is over the cap all the same", nil,
			[]debt.Fee{{Kind: debt.CostReminder, Amount: 38_01, IncurredOn: date("2026-01-14")}}, nil,
			"38.00 38.00 true NOT_DECIDED", "§ 1-2"},
		"interest ran before": {"when it fell due is not known: by 1 December at the latest",
			[]debt.Letter{letter(reminder, "2025-12-11")}, []debt.Fee{fee(debt.CostReminder, "2025-12-11")},
			func(c *debt.Case) { c.PriorInterest = 10_00 }, "35.00 35.00 true NOT_DECIDED", "§ 1-2"},
		"interest ran long before": {"14 days after it was due at the latest are enough",
			[]debt.Letter{letter(reminder, "2026-01-11")}, []debt.Fee{fee(debt.CostReminder, "2026-01-11")},
			func(c *debt.Case) { c.PriorInterest = 10_00 }, "38.00 38.00 false", "§ 1-2"},
		"by the invoice": {"a claim without interest was due when its invoice says",
			[]debt.Letter{letter(debt.LetterInvoice, "2025-12-20"), letter(reminder, "2026-01-11")},
			[]debt.Fee{fee(debt.CostReminder, "2026-01-11")}, func(c *debt.Case) { c.InterestFrom = 0 },
			"0.00 0.00 true TOO_EARLY", "§ 1-2"},
		"by the items": {"of several invoices the first that was due counts", []debt.Letter{letter(reminder, "2026-01-11")},
			[]debt.Fee{fee(debt.CostReminder, "2026-01-11")}, func(c *debt.Case) {
				c.Items = []debt.ClaimItem{{DueOn: date("2026-01-05"), Amount: 1}, {DueOn: date("2025-12-30"), Amount: 1}}
			}, "0.00 0.00 true TOO_EARLY", "§ 1-2"},
		"second after 5 days": {"the deadline of the first runs",
			[]debt.Letter{letter(reminder, "2026-01-05"), letter(warning, "2026-01-10")},
			[]debt.Fee{fee(debt.CostReminder, "2026-01-05"), fee(debt.CostCollectionWarning, "2026-01-10")}, nil,
			"0.00 0.00 true DEADLINE_NOT_PASSED", "§ 1-3"},
		"second on the deadline": {"whoever pays that day pays in time",
			[]debt.Letter{letter(reminder, "2026-01-05"), letter(reminder, "2026-01-19")},
			[]debt.Fee{fee(debt.CostReminder, "2026-01-05"), fee(debt.CostReminder, "2026-01-19")}, nil,
			"0.00 0.00 true DEADLINE_NOT_PASSED", "§ 1-3"},
		"second the day after": {"then it has passed", []debt.Letter{letter(reminder, "2026-01-05"), letter(reminder, "2026-01-20")},
			[]debt.Fee{fee(debt.CostReminder, "2026-01-05"), fee(debt.CostReminder, "2026-01-20")}, nil,
			"38.00 38.00 false", "§ 1-2"},
		"second, first without a fee": {"only letters with a fee count",
			[]debt.Letter{letter(reminder, "2026-01-05"), letter(warning, "2026-01-10")},
			[]debt.Fee{fee(debt.CostCollectionWarning, "2026-01-10")}, nil, "38.00 38.00 false", "§ 1-2"},
		"second, first not seen": {"its deadline is not known", []debt.Letter{letter(warning, "2026-01-20")},
			[]debt.Fee{fee(debt.CostReminder, "2025-12-20"), fee(debt.CostCollectionWarning, "2026-01-20")}, nil,
			"38.00 38.00 ? NOT_DECIDED", "§ 1-2"},
		"demand, deadline runs": {"a creditor's own demand comes after a missed deadline",
			[]debt.Letter{letter(warning, "2026-01-05"), letter(demand, "2026-01-12")},
			[]debt.Fee{fee(debt.CostPaymentDemand, "2026-01-12")}, nil, "0.00 0.00 true DEADLINE_NOT_PASSED", "§ 1-2"},
		"demand, nothing before": {"there was no deadline to miss",
			[]debt.Letter{letter(debt.LetterInvoice, "2025-11-17"), letter(demand, "2026-01-12")},
			[]debt.Fee{fee(debt.CostPaymentDemand, "2026-01-12")}, nil, "0.00 0.00 true LETTER_MISSING", "§ 1-2"},
		"demand after a reminder": {"a reminder's deadline serves too",
			[]debt.Letter{letter(reminder, "2025-12-20"), letter(demand, "2026-01-12")},
			[]debt.Fee{fee(debt.CostPaymentDemand, "2026-01-12")}, nil, "113.00 113.00 false", "§ 1-2"},
		"light, no warning": {"the law asks for a warning",
			[]debt.Letter{letter(reminder, "2025-12-20"), letter(demand, "2026-01-12")},
			[]debt.Fee{fee(debt.CostLightFee, "2026-01-12")}, nil, "0.00 0.00 true LETTER_MISSING", "§§ 9, 17"},
		"light, warning runs": {"its deadline must have passed", []debt.Letter{letter(warning, "2026-01-05")},
			[]debt.Fee{fee(debt.CostLightFee, "2026-01-19")}, nil, "0.00 0.00 true DEADLINE_NOT_PASSED", "§§ 9, 17"},
		"light, warned": {"the day after it may come", []debt.Letter{letter(warning, "2026-01-05")},
			[]debt.Fee{fee(debt.CostLightFee, "2026-01-20")}, nil, "600.00 750.00 false", "§ 2-2"},
		"light, warned too soon": {"what is sent before the claim is due warns of nothing",
			[]debt.Letter{letter(debt.LetterInvoice, "2025-11-17"), letter(warning, "2025-12-01")},
			[]debt.Fee{fee(debt.CostLightFee, "2026-01-20")}, nil, "0.00 0.00 true LETTER_MISSING", "§§ 9, 17"},
		"light, agency's letters alone": {"the creditor may have warned", []debt.Letter{letter(demand, "2026-01-12")},
			[]debt.Fee{fee(debt.CostLightFee, "2026-01-12")}, nil, "600.00 750.00 ? NOT_DECIDED", "§ 2-2"},
		"light, later letters": {"they tell nothing of before", []debt.Letter{letter(reminder, "2026-02-12")},
			[]debt.Fee{fee(debt.CostLightFee, "2026-01-12")}, nil, "600.00 750.00 ? NOT_DECIDED", "§ 2-2"},
		"paid in time": {"all came by the deadline of the warning", []debt.Letter{letter(warning, "2025-12-20")},
			[]debt.Fee{fee(debt.CostLightFee, "2026-01-10")}, func(c *debt.Case) { received(c, "2026-01-03", 11_000_00) },
			"0.00 0.00 true PAID_IN_TIME", "§ 17 (3)"},
		"paid a day late": {"then the fee may come", []debt.Letter{letter(warning, "2025-12-20")},
			[]debt.Fee{fee(debt.CostLightFee, "2026-01-10")}, func(c *debt.Case) { received(c, "2026-01-04", 11_000_00) },
			"600.00 750.00 false", "§ 2-2"},
		"paid in time but an øre": {"it is not all", []debt.Letter{letter(warning, "2025-12-20")},
			[]debt.Fee{fee(debt.CostLightFee, "2026-01-10")}, func(c *debt.Case) { received(c, "2026-01-03", 10_000_00) },
			"600.00 750.00 false", "§ 2-2"},
		"paid in time, a letter": {"nor has a later letter a fee",
			[]debt.Letter{letter(warning, "2025-12-20"), letter(warning, "2026-01-20")},
			[]debt.Fee{fee(debt.CostCollectionWarning, "2026-01-20")},
			func(c *debt.Case) { received(c, "2026-01-03", 11_000_00) }, "0.00 0.00 true PAID_IN_TIME", "§ 17 (3)"},
		"heavy 10 days after": {"it takes 14 and 28 days after the demand",
			[]debt.Letter{letter(warning, "2025-12-15"), letter(demand, "2026-01-05")},
			[]debt.Fee{fee(debt.CostHeavyFee, "2026-01-15")}, nil, "0.00 0.00 true DEADLINE_NOT_PASSED", "§ 2-3"},
		"heavy 42 days after": {"more than 28 days are 29",
			[]debt.Letter{letter(warning, "2025-12-15"), letter(demand, "2026-01-05")},
			[]debt.Fee{fee(debt.CostHeavyFee, "2026-02-16")}, nil, "0.00 0.00 true DEADLINE_NOT_PASSED", "§ 2-3"},
		"heavy 43 days after": {"the first day", []debt.Letter{letter(warning, "2025-12-15"), letter(demand, "2026-01-05")},
			[]debt.Fee{fee(debt.CostHeavyFee, "2026-02-17")}, nil, "1200.00 1500.00 false", "§ 2-3"},
		"heavy, no demand": {"the agency has sent none", []debt.Letter{letter(warning, "2025-12-15")},
			[]debt.Fee{fee(debt.CostHeavyFee, "2026-02-17")}, nil, "0.00 0.00 true LETTER_MISSING", "§ 2-3"},
		"heavy, no warning": {"it replaces a light fee that could not come",
			[]debt.Letter{letter(reminder, "2025-12-15"), letter(demand, "2026-01-05")},
			[]debt.Fee{fee(debt.CostHeavyFee, "2026-02-17")}, nil, "0.00 0.00 true LETTER_MISSING", "§ 2-3"},
		"heavy, no letters": {"nobody can tell", nil, []debt.Fee{fee(debt.CostHeavyFee, "2026-02-17")}, nil,
			"1200.00 1500.00 ? NOT_DECIDED", "§ 2-3"},
		"2014": {"the unit of that year was not found", []debt.Letter{letter(reminder, "2014-06-01")},
			[]debt.Fee{fee(debt.CostReminder, "2014-06-01")}, func(c *debt.Case) { c.InterestFrom = date("2014-05-01") },
			"NOT_KNOWN", ""},
		"2014, too early": {"what may not be charged needs no unit", []debt.Letter{letter(reminder, "2014-05-05")},
			[]debt.Fee{fee(debt.CostReminder, "2014-05-05")}, func(c *debt.Case) { c.InterestFrom = date("2014-05-01") },
			"0.00 0.00 true TOO_EARLY", "§ 1-2"},
		"2015": {"a tenth of 650", []debt.Letter{letter(reminder, "2015-06-01")},
			[]debt.Fee{fee(debt.CostReminder, "2015-06-01")}, func(c *debt.Case) { c.InterestFrom = date("2015-05-01") },
			"65.00 65.00 false", "§ 1-2"},
		"due in 2009": {"other tables held", []debt.Letter{letter(reminder, "2015-06-01")},
			[]debt.Fee{fee(debt.CostReminder, "2015-06-01")}, func(c *debt.Case) { c.InterestFrom = date("2009-12-31") },
			"NOT_KNOWN", ""},
		"utlegg in 2015": {"its multiple is not known", nil, []debt.Fee{fee(debt.CostEnforcement, "2015-06-01")}, nil,
			"NOT_KNOWN", ""},
		"forliksklage in 2018": {"1.0 × 1130", nil, []debt.Fee{fee(debt.CostCourt, "2018-06-01")}, nil,
			"1130.00 1130.00 false", "rettsgebyrloven § 7"},
		"forliksklage in 2027": {"the unit is not set: nothing is over it", nil,
			[]debt.Fee{{Kind: debt.CostCourt, Amount: 9_999_00, IncurredOn: date("2027-01-02")}}, nil,
			"1479.00 1479.00 ? assumed", "rettsgebyrloven § 7"},
		"letter in 2027": {"nor is the unit of collection", []debt.Letter{letter(reminder, "2027-02-01")},
			[]debt.Fee{fee(debt.CostReminder, "2027-02-01")}, nil, "38.00 38.00 ? assumed", "§ 1-2"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := claim(func(c *debt.Case) {
				c.Fees, c.AllLetters = tc.fees, tc.letters
				if tc.change != nil {
					tc.change(c)
				}
			})
			if got, rule := capped(t, c); got != tc.want || !strings.Contains(rule, tc.rule) {
				t.Errorf("%s: got %q by %q, want %q by %q", tc.reason, got, rule, tc.want, tc.rule)
			}
		})
	}
}

func foreseen(c *debt.Case) []string {
	var out []string
	for _, e := range c.ComingCosts() {
		line := fmt.Sprintf("%s %s %s", e.On, e.Kind, e.Amount)
		if e.Assumed {
			line += " assumed"
		}
		out = append(out, line)
	}
	return out
}

func TestForeseenCosts(t *testing.T) {
	t.Parallel()
	at := func(today, due string, principal money.Øre, phase debt.Phase, change func(*debt.Case),
		letters ...debt.Letter) *debt.Case {
		return claim(func(c *debt.Case) {
			c.Terms = &debt.Terms{Today: date(today), Rates: rates, Policy: debt.Policy{Imputation: debt.CostsFirst}}
			c.InterestFrom, c.OpenedOn, c.OriginalPrincipal, c.Phase = date(due), date(due)-30, principal, phase
			c.AllLetters = letters
			if change != nil {
				change(c)
			}
		})
	}
	charged := func(amount money.Øre, on string) func(*debt.Case) {
		return func(c *debt.Case) {
			c.Fees = []debt.Fee{{Case: c, Kind: debt.CostLightFee, Amount: amount, IncurredOn: date(on)}}
		}
	}
	cases := map[string]struct {
		reason string
		c      *debt.Case
		want   []string
	}{
		"reminded before it was due": {"14 days after it falls due, and 15 and 43 days on; 2027 has no unit yet",
			at("2026-11-30", "2026-12-10", 3_000_00, debt.PhaseReminder, nil, letter(debt.LetterReminder, "2026-11-26")),
			[]string{"2026-12-24 COLLECTION_WARNING 38.00", "2027-01-08 LIGHT_FEE 600.00 assumed",
				"2027-02-20 HEAVY_FEE 600.00 assumed"}},
		"reminded on the day": {"the deadline of 14 days passes with the 14 after it fell due",
			at("2026-03-12", "2026-03-10", 3_000_00, debt.PhaseReminder, nil, letter(debt.LetterReminder, "2026-03-10")),
			[]string{"2026-03-25 COLLECTION_WARNING 38.00", "2026-04-09 LIGHT_FEE 600.00", "2026-05-22 HEAVY_FEE 600.00"}},
		"warned before it was due": {"that warns of nothing: another one is needed",
			at("2026-03-02", "2026-03-10", 3_000_00, debt.PhaseCollectionWarning, nil,
				letter(debt.LetterCollectionWarning, "2026-03-01")),
			[]string{"2026-03-24 COLLECTION_WARNING 38.00", "2026-04-08 LIGHT_FEE 600.00", "2026-05-21 HEAVY_FEE 600.00"}},
		"light without VAT": {"1 200 less 600", at("2026-11-30", "2026-09-01", 3_000_00, debt.PhaseLightFee,
			charged(600_00, "2026-11-01"), letter(debt.LetterPaymentDemand, "2026-11-01")),
			[]string{"2026-12-14 HEAVY_FEE 600.00"}},
		"light with VAT": {"1 500 less 750", at("2026-11-30", "2026-09-01", 3_000_00, debt.PhaseLightFee,
			charged(750_00, "2026-11-01"), letter(debt.LetterPaymentDemand, "2026-11-01")),
			[]string{"2026-12-14 HEAVY_FEE 750.00"}},
		"less than may be": {"1 200 less 500: what is not over the light fee has no VAT",
			at("2026-11-30", "2026-09-01", 3_000_00, debt.PhaseLightFee, charged(500_00, "2026-11-01"),
				letter(debt.LetterPaymentDemand, "2026-11-01")), []string{"2026-12-14 HEAVY_FEE 700.00"}},
		"with VAT, a business": {"0.25 × 750 × 1.5 × 1.25 = 351.56, and twice that before it is rounded",
			at("2026-11-30", "2026-09-01", 400_00, debt.PhaseLightFee, func(c *debt.Case) {
				charged(351_56, "2026-11-01")(c)
				c.DebtorKind = debt.DebtorBusiness
			}, letter(debt.LetterPaymentDemand, "2026-11-01")), []string{"2026-12-14 HEAVY_FEE 351.57"}},
		"with VAT, of last year": {"0.8 × 700 × 1.25 = 700 in 2025; 1 500 today",
			at("2026-01-20", "2025-09-01", 3_000_00, debt.PhaseLightFee, charged(700_00, "2025-12-10"),
				letter(debt.LetterPaymentDemand, "2025-12-10")), []string{"2026-01-22 HEAVY_FEE 800.00"}},
		"in a year that is not set": {"the unit of 2026 is taken to go on", at("2026-12-15", "2026-09-01", 3_000_00,
			debt.PhasePaymentDemand, nil, letter(debt.LetterPaymentDemand, "2026-12-10")),
			[]string{"2026-12-16 LIGHT_FEE 600.00", "2027-01-22 HEAVY_FEE 600.00 assumed"}},
		"due before 2010": {"no fee is known", at("2026-03-02", "2009-09-01", 3_000_00, debt.PhaseCollectionWarning, nil,
			letter(debt.LetterCollectionWarning, "2026-02-01")), nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, foreseen(tc.c)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestStepsByTheActOfTheirDay(t *testing.T) {
	t.Parallel()
	old := statute.Acts
	demanded := func(acts []statute.Act) *debt.Case {
		return claim(func(c *debt.Case) {
			c.Terms = &debt.Terms{Today: date("2026-12-15"), Rates: rates, Acts: acts,
				Policy: debt.Policy{Imputation: debt.CostsFirst}}
			c.OriginalPrincipal, c.Phase = 3_000_00, debt.PhasePaymentDemand
			c.AllLetters = []debt.Letter{letter(debt.LetterPaymentDemand, "2026-12-10")}
		})
	}
	switched := func(on string, fees *statute.Fees) []statute.Act {
		acts := append([]statute.Act{}, old...)
		acts[1].InForce, acts[1].Fees = date(on), fees
		return acts
	}
	shorter := *old[0].Fees
	shorter.HeavyDays, shorter.VAT = 14, [2]int64{1, 1}
	cases := map[string]struct {
		reason string
		acts   []statute.Act
		want   []string
	}{
		"no fees known": {"the light fee by the act of tomorrow; then nothing is known", switched("2027-01-01", nil),
			[]string{"2026-12-16 LIGHT_FEE 600.00"}},
		"in force later": {"the old act still has the heavy fee's day", switched("2027-01-23", nil),
			[]string{"2026-12-16 LIGHT_FEE 600.00", "2027-01-22 HEAVY_FEE 600.00 assumed"}},
		"on that very day": {"the new act has it", switched("2027-01-22", nil), []string{"2026-12-16 LIGHT_FEE 600.00"}},
		"with its own days": {"14 + 14 + 1 days after the demand", switched("2027-01-01", &shorter),
			[]string{"2026-12-16 LIGHT_FEE 600.00", "2027-01-08 HEAVY_FEE 600.00 assumed"}},
		"never before it is in force": {"its shorter time counts from its day", switched("2027-01-15", &shorter),
			[]string{"2026-12-16 LIGHT_FEE 600.00", "2027-01-15 HEAVY_FEE 600.00 assumed"}},
		"tomorrow": {"nothing by the old act", switched("2026-12-16", nil), nil},
	}
	for name, tc := range cases {
		c := demanded(tc.acts)
		if diff := cmp.Diff(tc.want, foreseen(c)); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tc.reason, diff)
		}
		for _, e := range c.Timeline() {
			if e.Source == debt.FromStatute && e.On >= tc.acts[1].InForce && tc.acts[1].Fees == nil {
				t.Errorf("%s: %s %s is foreseen by an act whose rules are not known", name, e.On, e.Kind)
			}
		}
	}
}

// interestLines says each line of interest as "from to rate basis", the last with "assumed" and
// the rate of the law.
func interestLines(c *debt.Case, day string) (out []string) {
	b := c.BalanceOn(date(day))
	var sum money.Øre
	for _, x := range b.Lines() {
		sum += x.Amount
		if x.Kind != debt.LineInterest {
			continue
		}
		basis := "-"
		if x.LegalBasis != nil {
			basis = *x.LegalBasis
		}
		line := fmt.Sprintf("%s %s %d %s", x.From, x.To, *x.Rate, basis)
		if x.Assumed {
			line += " assumed"
		}
		if law := x.StatutoryRate(); law != nil {
			line += fmt.Sprintf(" law %d", *law)
		}
		out = append(out, line)
	}
	if sum != b.Total {
		out = append(out, fmt.Sprintf("the lines sum to %s, the balance is %s", sum, b.Total))
	}
	return out
}

func TestInterestBeyondTheRates(t *testing.T) {
	t.Parallel()
	table := func(rows ...any) func(*debt.Case) {
		return func(c *debt.Case) {
			c.Terms.Rates = nil
			for i := 0; i < len(rows); i += 2 {
				c.Terms.Rates = append(c.Terms.Rates, debt.Rate{Kind: debt.RateLatePayment, ValidFrom: date(rows[i].(string)),
					BasisPoints: rows[i+1].(int), Source: "own"})
			}
		}
	}
	none := func(*debt.Case) {}
	const authority = "forsinkelsesrenteloven § 3, Finanstilsynet"
	cases := map[string]struct {
		reason string
		c      *debt.Case
		day    string
		want   []string
	}{
		"two years ahead": {"what is not set is one line of its own, without the source", byLaw(1_000_00, "2026-08-01", none),
			"2028-11-30", []string{"2026-08-01 2026-12-31 1225 " + authority, "2027-01-01 2028-11-29 1225 - assumed"}},
		"the last day": {"31 December is the last day that is set", byLaw(1_000_00, "2026-08-01", none), "2027-01-01",
			[]string{"2026-08-01 2026-12-31 1225 " + authority}},
		"one day more": {"its interest is owed on 2 January", byLaw(1_000_00, "2026-08-01", none), "2027-01-02",
			[]string{"2026-08-01 2026-12-31 1225 " + authority, "2027-01-01 2027-01-01 1225 - assumed"}},
		"the agency knows more": {"its row of 2027 is no assumption", byLaw(1_000_00, "2026-12-01",
			table("2026-07-01", 1225, "2027-01-01", 1175)), "2027-08-01", []string{"2026-12-01 2026-12-31 1225 own",
			"2027-01-01 2027-06-30 1175 own", "2027-07-01 2027-07-31 1175 - assumed"}},
		"two half-years old": {"the agency's table ends, and the law's rate was another; then it is old",
			byLaw(1_000_00, "2025-08-01", table("2025-07-01", 1225)), "2026-11-30", []string{
				"2025-08-01 2025-12-31 1225 own", "2026-01-01 2026-06-30 1225 - assumed law 1200",
				"2026-07-01 2026-11-29 1225 - assumed"}},
		"rows left out": {"where the rate stayed as it was, nothing is missing",
			byLaw(1_000_00, "2016-07-10", table("2016-07-01", 850)), "2018-12-31",
			[]string{"2016-07-10 2018-12-30 850 own"}},
		"99 per cent": {"the law has another", byLaw(1_000_00, "2026-08-01", table("2026-07-01", 9900)), "2026-09-01",
			[]string{"2026-08-01 2026-08-31 9900 - law 1225"}},
		"99 per cent, and on": {"and beyond the table it is old too", byLaw(1_000_00, "2026-08-01",
			table("2026-01-01", 9900)), "2027-02-01", []string{"2026-08-01 2026-12-31 9900 - assumed law 1225",
			"2027-01-01 2027-01-31 9900 - assumed"}},
		"agreed": {"an agreed rate is no table's", byLaw(1_000_00, "2026-08-01", func(c *debt.Case) {
			c.RateBasisPoints = new(2000)
		}), "2028-01-01", []string{"2026-08-01 2027-12-31 2000 avtale; forsinkelsesrenteloven § 3"}},
		"before the law's table": {"there the agency's is all there is", byLaw(1_000_00, "2010-08-01",
			table("2010-07-01", 875, "2015-01-01", 925)), "2015-02-01",
			[]string{"2010-08-01 2014-12-31 875 own", "2015-01-01 2015-01-31 925 own"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, interestLines(tc.c, tc.day)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			b := tc.c.BalanceOn(date(tc.day))
			if want := strings.Contains(strings.Join(tc.want, " "), "assumed"); b.Assumed() != want {
				t.Errorf("the balance is assumed: %t", b.Assumed())
			}
		})
	}
}

// TestAssumedSums has that what sums up assumed figures is assumed too.
func TestAssumedSums(t *testing.T) {
	t.Parallel()
	c := claim(func(c *debt.Case) {
		c.ID = debt.Key{Kind: debt.KindCase, Agency: "a", ID: "1"}
		// The agency knows the rate of 2027: what is assumed is the fee alone.
		c.Terms = &debt.Terms{Today: date("2026-12-15"), Policy: debt.Policy{Imputation: debt.CostsFirst}, Rates: []debt.Rate{
			{ValidFrom: date("2026-07-01"), BasisPoints: 1225}, {ValidFrom: date("2027-01-01"), BasisPoints: 1200}}}
		c.InterestFrom, c.Phase = date("2026-11-01"), debt.PhasePaymentDemand
		c.AllLetters = []debt.Letter{letter(debt.LetterPaymentDemand, "2026-12-10")}
	})
	p := debt.Person{Today: date("2026-12-15"), Parts: []debt.Part{{Agency: &debt.Agency{Code: "a"}, Status: debt.AgencyOK,
		Cases: []*debt.Case{c}}}}
	for day, want := range map[string]bool{"2027-06-30": false, "2027-07-01": false, "2027-07-02": true} {
		o, err := p.Overview(new(date(day)), nil)
		if err != nil || o.Assumed() != want {
			t.Errorf("the overview of %s is assumed: %t, %v", day, !want, err)
		}
	}
	for day, want := range map[string]bool{"2027-01-21": false, "2027-01-22": true} {
		s, err := p.Simulate(debt.SimulateInput{AsOf: new(date(day)), Payments: []debt.SimulatedPayment{
			{CaseID: c.ID, Amount: 1_00, On: date("2026-12-15")},
		}})
		if err != nil {
			t.Fatal(err)
		}
		b := s.Cases[0].WithoutPaying
		if b.Assumed() != want {
			t.Errorf("on %s what is owed without paying is assumed: %t", day, !want)
		}
		for _, x := range b.Lines() {
			heavy := x.Kind == debt.LineFee && x.On == date("2027-01-22")
			if text := x.Text(new(debt.English)); x.Assumed != heavy || strings.Contains(text, "has not been set") != heavy {
				t.Errorf("on %s a line is assumed, %t: %s", day, x.Assumed, text)
			}
		}
	}
}

// TestAssumedTexts has the words for what a figure rests on, in three languages.
func TestAssumedTexts(t *testing.T) {
	t.Parallel()
	last := func(c *debt.Case, day string, l debt.Language) string {
		b := c.BalanceOn(date(day))
		lines := b.Lines()
		return plain(lines[len(lines)-1].Text(&l))
	}
	ahead := byLaw(1_000_00, "2026-12-31", func(*debt.Case) {})
	stale := byLaw(1_000_00, "2026-01-01", func(c *debt.Case) { c.Terms.Rates = c.Terms.Rates[:len(c.Terms.Rates)-2] })
	wrong := byLaw(1_000_00, "2026-08-01", func(c *debt.Case) {
		c.Terms.Rates = []debt.Rate{{ValidFrom: date("2026-07-01"), BasisPoints: 9900}}
	})
	for name, c := range map[string]struct{ got, want string }{
		"nb": {last(ahead, "2027-02-01", debt.Bokmal), "Satsen for disse dagene er ikke fastsatt"},
		"nn": {last(ahead, "2027-02-01", debt.Nynorsk), "Satsen for desse dagane er ikkje fastsett"},
		"en": {last(ahead, "2027-02-01", debt.English), "The rate for these days has not been set"},

		"old, nb":   {last(stale, "2026-02-01", debt.Bokmal), "rentetabell er gammel: satsen i loven er 12,00 %"},
		"old, nn":   {last(stale, "2026-02-01", debt.Nynorsk), "er gammal: satsen i lova er 12,00 %"},
		"old, en":   {last(stale, "2026-02-01", debt.English), "The agency's table of rates is old"},
		"old later": {last(stale, "2026-11-01", debt.English), "its last rate is assumed to go on"},
		"wrong, nb": {last(wrong, "2026-09-01", debt.Bokmal), "avviker fra loven: satsen der er 12,25 %"},
		"wrong, nn": {last(wrong, "2026-09-01", debt.Nynorsk), "avvik frå lova: satsen der er 12,25 %"},
		"wrong, en": {last(wrong, "2026-09-01", debt.English), "is not that of the law, which is 12.25%"},
	} {
		if !strings.Contains(c.got, c.want) {
			t.Errorf("%s: %q has no %q", name, c.got, c.want)
		}
	}
	c := claim(func(c *debt.Case) {
		c.Terms = &debt.Terms{Today: date("2026-12-15"), Rates: rates, Policy: debt.Policy{Imputation: debt.CostsFirst}}
		c.Phase, c.DueOn = debt.PhasePaymentDemand, date("2027-02-01")
		c.AllLetters = []debt.Letter{letter(debt.LetterPaymentDemand, "2026-12-10")}
	})
	assumed := map[string]bool{}
	for _, e := range c.Timeline() {
		key := string(e.Kind)
		if e.Cost != nil {
			key = string(*e.Cost)
		}
		assumed[key] = e.Assumed
		for l, words := range map[debt.Language]string{debt.Bokmal: "Satsen er ikke fastsatt for denne dagen",
			debt.Nynorsk: "Satsen er ikkje fastsett for denne dagen", debt.English: "The rate has not been set for this day"} {
			if text := e.Text(&l); strings.Contains(text, words) != e.Assumed {
				t.Errorf("%s in %s, assumed %t: %q", key, l, e.Assumed, text)
			}
		}
	}
	want := map[string]bool{"OPENED": false, "LETTER": false, "LIGHT_FEE": false, "HEAVY_FEE": true, "COURT_FEE": true,
		"ENFORCEMENT_FEE": true, "DEADLINE": true, "STEP": false}
	if diff := cmp.Diff(want, assumed); diff != "" {
		t.Errorf("what is assumed (-want +got):\n%s", diff)
	}
}
