package debt_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

func letter(kind debt.LetterKind, sent string) debt.Letter {
	return debt.Letter{Kind: kind, SentOn: date(sent), DueOn: date(sent) + 14}
}

// lettersOf adds to letters one for each fee of a letter, sent on its day.
func lettersOf(fees []debt.Fee, letters ...debt.Letter) []debt.Letter {
	kinds := map[debt.CostKind]debt.LetterKind{debt.CostReminder: debt.LetterReminder,
		debt.CostCollectionWarning: debt.LetterCollectionWarning, debt.CostPaymentDemand: debt.LetterPaymentDemand}
	for _, f := range fees {
		if kind, ok := kinds[f.Kind]; ok {
			letters = append(letters, letter(kind, f.IncurredOn.String()))
		}
	}
	slices.SortStableFunc(letters, func(a, b debt.Letter) int { return cmp.Compare(a.SentOn, b.SentOn) })
	return letters
}

// capped says what the law allows for the last fee of a case: "600.00 750.00 false", with "?"
// where it is not known whether it is over that, and the verdict where that is not ALLOWED.
func capped(t *testing.T, c *debt.Case) (got, rule string) {
	t.Helper()
	for i := range c.Fees {
		c.Fees[i].Case = c
	}
	f := &c.Fees[len(c.Fees)-1]
	limit, over, verdict := f.StatutoryCap(), "?", f.StatutoryVerdict()
	if is := f.OverStatutoryCap(); is != nil {
		over = strconv.FormatBool(*is)
	}
	switch {
	case limit != nil:
		got, rule = fmt.Sprint(limit.Amount, " ", limit.WithVAT, " ", over), limit.Rule
		if limit.Act != "1988" {
			t.Errorf("act %s", limit.Act)
		}
		if limit.Assumed {
			got += " assumed"
		}
	case over != "?":
		t.Error("over a cap that is not known")
	}
	if verdict != debt.VerdictAllowed {
		got = strings.TrimSpace(got + " " + string(verdict))
	}
	return got, rule
}

func TestStatutoryCap(t *testing.T) {
	t.Parallel()
	fee := func(kind debt.CostKind, amount money.Øre, on string) debt.Fee {
		return debt.Fee{Kind: kind, Amount: amount, IncurredOn: date(on)}
	}
	none := func(*debt.Case) {}
	business := func(c *debt.Case) { c.DebtorKind = debt.DebtorBusiness }
	closed := func(c *debt.Case) { c.Status, c.ClosedOn = debt.Closed, date("2025-12-31") }
	cases := map[string]struct {
		reason string
		fees   []debt.Fee // the last one is looked at
		change func(*debt.Case)
		want   string
		rule   string
	}{
		"light": {"10 000 kr: 0.8 × 750", []debt.Fee{fee(debt.CostLightFee, 600_00, "2026-02-01")}, none,
			"600.00 750.00 false", "§ 2-2"},
		"light with VAT": {"600 × 1.25 may be VAT", []debt.Fee{fee(debt.CostLightFee, 750_00, "2026-02-01")}, none,
			"600.00 750.00 false", "§ 2-2"},
		"light too high": {"an øre more cannot", []debt.Fee{fee(debt.CostLightFee, 750_01, "2026-02-01")}, none,
			"600.00 750.00 true", "§ 2-2"},
		"business": {"600 × 1.5, × 1.25", []debt.Fee{fee(debt.CostLightFee, 1_125_00, "2026-02-01")}, business,
			"900.00 1125.00 false", "§ 2-2"},
		"prior interest": {"an øre of earlier interest is in the next band: 1.6 × 750",
			[]debt.Fee{fee(debt.CostLightFee, 1_200_00, "2026-02-01")}, func(c *debt.Case) { c.PriorInterest = 1 },
			"1200.00 1500.00 false", "§ 2-2"},
		"old claim": {"due before October 2020: 1.0 × 750", []debt.Fee{fee(debt.CostLightFee, 1_000_00, "2026-02-01")},
			func(c *debt.Case) { c.InterestFrom = date("2020-09-30") }, "750.00 937.50 true", "before 1 Oct 2020"},
		"raised since": {"charged in 2025 and unpaid: today's unit, 750, caps it",
			[]debt.Fee{fee(debt.CostLightFee, 750_00, "2025-12-20")}, none, "600.00 750.00 false", "§ 2-2"},
		"paid before": {"closed in 2025: 0.8 × 700, × 1.25", []debt.Fee{fee(debt.CostLightFee, 750_00, "2025-12-20")},
			closed, "560.00 700.00 true", "§ 2-2"},
		"principal first": {"open in 2026, and the principal was paid in 2025: 0.8 × 700, × 1.25",
			[]debt.Fee{fee(debt.CostLightFee, 750_00, "2025-12-20")}, func(c *debt.Case) {
				c.Terms.Policy.Imputation = debt.PrincipalFirst
				c.AllPayments = []debt.Payment{{Amount: 6_000_00, ReceivedOn: date("2025-12-28")},
					{Amount: 4_000_00, ReceivedOn: date("2025-12-31")}}
			}, "560.00 700.00 true", "§ 2-2"},
		"closed later": {"closed in 2026, and the principal was paid in 2025",
			[]debt.Fee{fee(debt.CostLightFee, 750_00, "2025-12-20")}, func(c *debt.Case) {
				c.Terms.Policy.Imputation = debt.PrincipalFirst
				c.AllPayments = []debt.Payment{{Amount: 10_000_00, ReceivedOn: date("2025-12-31")}}
				c.Status, c.ClosedOn = debt.Closed, date("2026-02-01")
			}, "560.00 700.00 true", "§ 2-2"},
		"heavy": {"1.6 × 750 less the light fee", []debt.Fee{fee(debt.CostLightFee, 600_00, "2026-01-01"),
			fee(debt.CostHeavyFee, 600_00, "2026-02-20")}, none, "600.00 900.00 false", "§ 2-3"},
		"heavy too high": {"1.6 × 750 × 1.25 less the light fee",
			[]debt.Fee{fee(debt.CostLightFee, 750_00, "2026-01-01"), fee(debt.CostHeavyFee, 750_01, "2026-02-20")}, none,
			"600.00 750.00 true", "§ 2-3"},
		"light twice": {"it is one fee: the first has taken all",
			[]debt.Fee{fee(debt.CostLightFee, 600_00, "2026-01-01"), fee(debt.CostLightFee, 600_00, "2026-02-01")}, none,
			"0.00 0.00 true CHARGED_BEFORE", "§ 2-2"},
		"light in two": {"two parts of one fee", []debt.Fee{fee(debt.CostLightFee, 400_00, "2026-01-01"),
			fee(debt.CostLightFee, 200_00, "2026-01-01")}, none, "200.00 350.00 false", "§ 2-2"},
		"heavy twice": {"so is the increase", []debt.Fee{fee(debt.CostLightFee, 600_00, "2026-01-01"),
			fee(debt.CostHeavyFee, 600_00, "2026-02-20"), fee(debt.CostHeavyFee, 600_00,
				"2026-02-21")}, none, "0.00 0.00 true CHARGED_BEFORE", "§ 2-3"},
		"light, the VAT apart": {"it may be booked by itself", []debt.Fee{fee(debt.CostLightFee, 600_00, "2026-01-01"),
			fee(debt.CostLightFee, 150_00, "2026-01-01")}, none, "0.00 150.00 false", "§ 2-2"},
		"heavy after too much": {"a light fee of the heavy one's size leaves nothing",
			[]debt.Fee{fee(debt.CostLightFee, 1_500_00, "2026-01-01"), fee(debt.CostHeavyFee, 100_00, "2026-02-20")},
			none, "0.00 0.00 true CHARGED_BEFORE", "§ 2-3"},
		"letter": {"1/20 of 750 in whole kroner", []debt.Fee{fee(debt.CostReminder, 38_00, "2026-02-01")}, none,
			"38.00 38.00 false", "§ 1-2"},
		"letter too high": {"there is no VAT on letters", []debt.Fee{fee(debt.CostCollectionWarning, 38_01,
			"2026-02-01")}, none, "38.00 38.00 true", "§ 1-2"},
		"letter to business": {"and none for being a business", []debt.Fee{fee(debt.CostReminder, 57_00, "2026-02-01")},
			business, "38.00 38.00 true", "§ 1-2"},
		"letter of 2025": {"1/20 of 700, by the day of sending",
			[]debt.Fee{fee(debt.CostReminder, 38_00, "2025-12-31")}, none, "35.00 35.00 true", "§ 1-2"},
		"third letter": {"two may bear a fee", []debt.Fee{fee(debt.CostReminder, 38_00, "2026-01-01"),
			fee(debt.CostReminder, 38_00, "2026-01-20"), fee(debt.CostCollectionWarning, 38_00,
				"2026-02-10")}, none, "0.00 0.00 true TOO_MANY_LETTERS", "§ 1-3"},
		"third of a day": {"also when all are of one day", []debt.Fee{fee(debt.CostReminder, 38_00, "2026-01-01"),
			fee(debt.CostReminder, 38_00, "2026-01-01"), fee(debt.CostReminder, 38_00,
				"2026-01-01")}, none, "0.00 0.00 true TOO_MANY_LETTERS", "§ 1-3"},
		"third, one let go": {"a waived one does not count", []debt.Fee{{Kind: debt.CostReminder, Amount: 38_00,
			IncurredOn: date("2026-01-01"), WaivedOn: date("2026-01-02")}, fee(debt.CostReminder, 38_00,
			"2026-01-20"), fee(debt.CostCollectionWarning, 38_00, "2026-02-10")}, none, "38.00 38.00 false", "§ 1-2"},
		"third, half a year": {"six months after the last the count begins anew",
			[]debt.Fee{fee(debt.CostReminder, 38_00, "2026-01-01"), fee(debt.CostReminder, 38_00, "2026-01-20"),
				fee(debt.CostCollectionWarning, 38_00, "2026-07-20")}, none, "38.00 38.00 false", "§ 1-2"},
		"creditor's demand": {"3/20 of 750 in whole kroner", []debt.Fee{fee(debt.CostPaymentDemand, 113_00, "2026-02-01")},
			none, "113.00 113.00 false", "§ 1-2"},
		"demanded twice": {"one demand may bear a fee", []debt.Fee{fee(debt.CostPaymentDemand, 113_00, "2026-02-01"),
			fee(debt.CostPaymentDemand, 113_00, "2026-03-01")}, none, "0.00 0.00 true TOO_MANY_LETTERS", "§ 1-3"},
		"demand, two letters": {"beside the two letters", []debt.Fee{fee(debt.CostReminder, 38_00, "2026-01-01"),
			fee(debt.CostCollectionWarning, 38_00, "2026-01-20"), fee(debt.CostPaymentDemand, 113_00,
				"2026-02-10")}, none, "113.00 113.00 false", "§ 1-2"},
		"setup": {"1.5 × 750", []debt.Fee{fee(debt.CostAgreementSetup, 1_125_00, "2026-02-01")}, none,
			"1125.00 1406.25 false", "§ 2-4"},
		"conciliation": {"1.1 × 1345 down to whole kroner", []debt.Fee{fee(debt.CostCourt, 1_480_00, "2026-02-01")},
			none, "1479.00 1479.00 true", "rettsgebyrloven § 7"},
		"enforcement": {"1.21 × 1345 down to whole kroner",
			[]debt.Fee{fee(debt.CostEnforcement, 1_627_00, "2026-02-01")}, none, "1627.00 1627.00 false",
			"rettsgebyrloven § 14"},
		"instalment": {"the law caps no fee of an instalment",
			[]debt.Fee{fee(debt.CostInstalment, 45_00, "2026-02-01")}, none, "NOT_CAPPED", ""},
		"before there was law": {"no act, no cap", []debt.Fee{fee(debt.CostLightFee, 45_00, "1980-02-01")}, none,
			"NOT_KNOWN", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := claim(func(c *debt.Case) {
				c.Fees = tc.fees
				c.AllLetters = lettersOf(tc.fees, letter(debt.LetterCollectionWarning, "2025-12-02"),
					letter(debt.LetterPaymentDemand, "2026-01-02"))
				tc.change(c)
			})
			got, rule := capped(t, c)
			if got != tc.want || !strings.Contains(rule, tc.rule) {
				t.Errorf("%s: got %q by %q, want %q by %q", tc.reason, got, rule, tc.want, tc.rule)
			}
		})
	}
}
