package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/audit"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

var day = norway.MustDate

// lawful returns a case by the law: due on 1 December 2025, warned, demanded, and looked at on 2 March 2026.
func lawful(change func(*debt.Case)) *debt.Case {
	c := &debt.Case{
		ID: debt.Key{Kind: debt.KindCase, Agency: "a", ID: "1"}, Status: debt.Open, Phase: debt.PhaseLightFee,
		OpenedOn: day("2025-12-30"), OriginalPrincipal: 10_000_00, InterestFrom: day("2025-12-01"),
		DebtorKind: debt.DebtorPerson, CreditorID: "c", DebtorID: "d", Creditor: &debt.Creditor{Trade: debt.TradeRetail},
		AllLetters: []debt.Letter{
			letter(debt.LetterInvoice, "2025-11-17", "2025-12-01"), letter(debt.LetterReminder, "2025-12-15", "2025-12-29"),
			letter(debt.LetterCollectionWarning, "2025-12-30", "2026-01-13"),
			letter(debt.LetterPaymentDemand, "2026-01-14", "2026-01-28"),
		},
		Fees: []debt.Fee{
			fee(debt.CostReminder, 35_00, "2025-12-15"), fee(debt.CostCollectionWarning, 35_00, "2025-12-30"),
			fee(debt.CostLightFee, 600_00, "2026-01-14"),
		},
		Terms: &debt.Terms{Today: day("2026-03-02"), Policy: debt.Policy{Imputation: debt.CostsFirst}, Rates: []debt.Rate{
			{ValidFrom: day("2025-07-01"), BasisPoints: 1225}, {ValidFrom: day("2026-01-01"), BasisPoints: 1200},
		}},
	}
	c.Beside = []*debt.Case{c}
	if change != nil {
		change(c)
	}
	for i := range c.Fees {
		c.Fees[i].Case = c
	}
	for i := range c.Items {
		c.Items[i].Case, c.Items[i].Number = c, i+1
	}
	return c
}

func letter(kind debt.LetterKind, sent, due string) debt.Letter {
	return debt.Letter{Kind: kind, SentOn: day(sent), DueOn: day(due)}
}

func fee(kind debt.CostKind, amount money.Øre, on string) debt.Fee {
	return debt.Fee{Kind: kind, Amount: amount, IncurredOn: day(on)}
}

// add puts a fee in its place among the others.
func add(c *debt.Case, f debt.Fee) {
	c.Fees = append(c.Fees, f)
	slices.SortStableFunc(c.Fees, func(a, b debt.Fee) int { return int(a.IncurredOn - b.IncurredOn) })
}

func objected(c *debt.Case, on string, status debt.ObjectionStatus, decided string) {
	at := day(on).Time().Add(9 * time.Hour)
	o := debt.Objection{Status: status, SubmittedAt: at}
	if decided != "" {
		o.DecidedOn = day(decided)
	}
	c.Objections = []debt.Objection{o}
}

// old moves the due date and everything that came of it away, and leaves the claim alone.
func old(due string) func(*debt.Case) {
	return func(c *debt.Case) {
		c.Fees, c.AllLetters = nil, []debt.Letter{letter(debt.LetterInvoice, due, due)}
		c.InterestFrom, c.OpenedOn = day(due), day(due)
	}
}

// told is the findings of one rule: "BREACH 35.00 by inkassoforskriften § 1-2", with what is missing.
func told(a audit.Audit, rule audit.Rule) string {
	var all []string
	for _, f := range a.Findings {
		if f.Rule != rule {
			continue
		}
		s := string(f.Verdict)
		if f.Amount != nil {
			s += " " + f.Amount.String()
		}
		if f.Missing != nil {
			s += " " + string(*f.Missing)
		}
		all = append(all, s+" by "+f.Paragraph)
	}
	return strings.Join(all, "; ")
}

func TestRules(t *testing.T) {
	t.Parallel()
	const letterRule, light = "inkassoforskriften § 1-2", "inkassoforskriften § 2-2"
	const warned, interest = "inkassoloven §§ 9, 17", "forsinkelsesrenteloven §§ 2, 3"
	const barred, necessary = "foreldelsesloven §§ 2, 3", "inkassoloven §§ 8, 17"
	lightFee := func(amount money.Øre) func(*debt.Case) {
		return func(c *debt.Case) { c.Fees[2].Amount = amount }
	}
	cases := map[string]struct {
		reason string
		change func(*debt.Case)
		rule   audit.Rule
		want   string
	}{
		"fees at their caps": {"1/20 of 700, and 0.8 × 750", nil, audit.FeeCap,
			"OK by " + letterRule + "; OK by " + letterRule + "; OK by " + light},
		"a letter an øre over": {"there is no VAT on letters", func(c *debt.Case) { c.Fees[0].Amount++ }, audit.FeeCap,
			"BREACH 0.01 by " + letterRule + "; OK by " + letterRule + "; OK by " + light},
		"light with VAT": {"600 × 1.25 may be", lightFee(750_00), audit.FeeCap,
			"OK by " + letterRule + "; OK by " + letterRule + "; OK by " + light},
		"light an øre over": {"more than VAT explains", lightFee(750_01), audit.FeeCap,
			"BREACH 0.01 by " + light + "; OK by " + letterRule + "; OK by " + letterRule},
		"let go": {"a waived fee is not claimed", func(c *debt.Case) {
			c.Fees[0].Amount, c.Fees[0].WaivedOn = 999_00, day("2026-01-02")
		}, audit.FeeCap, "OK by " + letterRule + "; OK by " + light},
		"in 2027": {"the unit of the year is not set", func(c *debt.Case) {
			c.Terms.Today = day("2027-02-01")
			c.Fees[2].Amount = 5_000_00
		}, audit.FeeCap, "CANNOT_DECIDE 4250.00 RATE by " + light + "; OK by " + letterRule + "; OK by " + letterRule},
		"no cap": {"of an instalment there is none",
			func(c *debt.Case) { c.Fees = []debt.Fee{fee(debt.CostInstalment, 99_00, "2026-02-01")} },
			audit.FeeCap, ""},

		"13 days after": {"14 must pass", func(c *debt.Case) {
			c.AllLetters[1].SentOn, c.Fees[0].IncurredOn = day("2025-12-14"), day("2025-12-14")
		}, audit.FeeDay, "BREACH 35.00 by " + letterRule},
		"14 days after": {"are enough", nil, audit.FeeDay, ""},
		"letter not seen": {"when was it sent?",
			func(c *debt.Case) { c.AllLetters = slices.Delete(c.AllLetters, 1, 2) }, audit.FeeDay,
			"CANNOT_DECIDE 35.00 LETTERS by " + letterRule + "; CANNOT_DECIDE 35.00 LETTERS by " + letterRule},
		"light on the deadline": {"the deadline of the warning runs to its last day", func(c *debt.Case) {
			c.Fees[2].IncurredOn = day("2026-01-13")
		}, audit.FeeDay, "BREACH 600.00 by " + warned},
		"heavy on day 42": {"28 days and one must pass", func(c *debt.Case) {
			add(c, fee(debt.CostHeavyFee, 600_00, "2026-02-25"))
		}, audit.FeeDay, "BREACH 600.00 by inkassoforskriften § 2-3"},
		"heavy on day 43": {"now it may", func(c *debt.Case) { add(c, fee(debt.CostHeavyFee, 600_00, "2026-02-26")) },
			audit.FeeDay, ""},

		"third letter": {"two may have a fee", func(c *debt.Case) {
			c.AllLetters = slices.Insert(c.AllLetters, 3, letter(debt.LetterReminder, "2026-01-14", "2026-01-28"))
			add(c, fee(debt.CostReminder, 38_00, "2026-01-14"))
		}, audit.LetterCount, "BREACH 38.00 by inkassoforskriften § 1-3"},
		"two letters": {"are what the law allows", nil, audit.LetterCount, ""},
		"light again": {"it is one fee",
			func(c *debt.Case) { add(c, fee(debt.CostLightFee, 600_00, "2026-02-01")) },
			audit.FeeOnce, "BREACH 600.00 by " + light},
		"light once": {"as it should be", nil, audit.FeeOnce, ""},
		"light in two, VAT": {"the rest is its VAT",
			func(c *debt.Case) { add(c, fee(debt.CostLightFee, 150_00, "2026-01-14")) }, audit.FeeOnce, ""},

		"no warning": {"a light fee takes one", func(c *debt.Case) {
			c.AllLetters, c.Fees = slices.Delete(c.AllLetters, 2, 3), slices.Delete(c.Fees, 1, 2)
		}, audit.Warning, "BREACH 600.00 by " + warned},
		"no warning, no fee": {"nor may there be a demand", func(c *debt.Case) {
			c.AllLetters, c.Fees = slices.Delete(c.AllLetters, 2, 3), nil
		}, audit.Warning, "BREACH by " + warned},
		"demanded on the deadline": {"of the warning", func(c *debt.Case) {
			c.AllLetters[3].SentOn, c.Fees = day("2026-01-13"), nil
		}, audit.Warning, "BREACH by " + warned},
		"warned": {"the day after it", nil, audit.Warning, "OK by " + warned},
		"the agency's letters alone": {"the creditor may have warned", func(c *debt.Case) {
			c.AllLetters, c.Fees = c.AllLetters[3:], nil
		}, audit.Warning, "CANNOT_DECIDE LETTERS by " + warned},
		"no letters": {"nothing went on", func(c *debt.Case) { c.AllLetters, c.Fees = nil, nil }, audit.Warning, ""},

		"13 days to pay": {"14 are the least", func(c *debt.Case) { c.AllLetters[2].DueOn-- }, audit.LetterDeadline,
			"BREACH by inkassoloven §§ 9, 10; OK by inkassoloven §§ 9, 10"},
		"14 days to pay": {"are enough", nil, audit.LetterDeadline, "OK by inkassoloven §§ 9, 10"},
		"a reminder's 5": {"no law gives a reminder a deadline",
			func(c *debt.Case) { c.AllLetters[1].DueOn = c.AllLetters[1].SentOn + 5 },
			audit.LetterDeadline, "OK by inkassoloven §§ 9, 10"},

		"paid by the deadline": {"nothing more may be charged", func(c *debt.Case) {
			c.AllPayments = []debt.Payment{{Amount: 11_000_00, ReceivedOn: day("2026-01-13")}}
		}, audit.PaidInTime, "BREACH 600.00 by inkassoloven § 17 (3)"},
		"paid the day after": {"then it may", func(c *debt.Case) {
			c.AllPayments = []debt.Payment{{Amount: 11_000_00, ReceivedOn: day("2026-01-14")}}
		}, audit.PaidInTime, ""},
		"compensation": {"a person owes none",
			func(c *debt.Case) { add(c, fee(debt.CostCompensation, 460_00, "2026-02-01")) },
			audit.Compensation, "BREACH 460.00 by forsinkelsesrenteloven § 3 a; inkassoforskriften §§ 1-5, 2-6"},
		"compensation of a business": {"which does", func(c *debt.Case) {
			add(c, fee(debt.CostCompensation, 460_00, "2026-02-01"))
			c.DebtorKind = debt.DebtorBusiness
		}, audit.Compensation, ""},

		"VAT of a shop": {"a shop deducts it",
			lightFee(750_00), audit.VAT, "CANNOT_DECIDE 150.00 VAT_STATUS by " + light},
		"VAT of a bank": {"a bank cannot",
			func(c *debt.Case) { c.Fees[2].Amount, c.Creditor.Trade = 750_00, debt.TradeBank },
			audit.VAT, "OK by " + light},
		"no VAT": {"there is none", nil, audit.VAT, ""},
		"one øre of VAT": {"more than the fee",
			lightFee(600_01), audit.VAT, "CANNOT_DECIDE 0.01 VAT_STATUS by " + light},
		"beyond VAT": {"it is over its cap, which says all", lightFee(750_01), audit.VAT, ""},
		"case alone": {"nothing to join", nil, audit.SameCreditor, ""},
		"others not read": {"nobody knows",
			func(c *debt.Case) { c.Beside = nil }, audit.SameCreditor, "CANNOT_DECIDE OTHER_CASES by " + necessary},
		"opened together": {"2 × 600, and 20 000 kr are 1.6 × 750 × 1.25",
			beside("2025-12-30", 600_00), audit.SameCreditor, "OK by " + necessary},
		"small, together": {"2 × 300, and 2 × 1 000 kr are 0.4 × 750 × 1.25",
			small("2025-12-30"), audit.SameCreditor, "BREACH 225.00 by " + necessary},
		"small, a day off": {"were they handed over together?",
			small("2025-12-31"), audit.SameCreditor, "CANNOT_DECIDE 225.00 HANDED_OVER by " + necessary},

		"from the due date": {"the first day is owed the day after", nil, audit.InterestStart, "OK by " + interest},
		"a day before": {"10 000 kr × 12.25 % / 365",
			func(c *debt.Case) { c.InterestFrom-- }, audit.InterestStart, "BREACH 3.35 by " + interest},
		"an agreed rate": {"the loan may say so",
			func(c *debt.Case) { c.InterestFrom--; c.RateBasisPoints = new(1225) }, audit.InterestStart,
			"CANNOT_DECIDE 3.35 LOAN_TERMS by " + interest},
		"no invoice": {"nobody knows when it fell due",
			func(c *debt.Case) { c.AllLetters = c.AllLetters[1:] }, audit.InterestStart,
			"CANNOT_DECIDE DUE_DATE by " + interest},
		"an invoice of two": {"5 000 kr × 2 days × 12.25 %", func(c *debt.Case) {
			c.Items = []debt.ClaimItem{{Amount: 5_000_00, DueOn: day("2025-12-01"), InterestFrom: day("2025-12-01")},
				{Amount: 5_000_00, DueOn: day("2025-12-10"), InterestFrom: day("2025-12-08")}}
		}, audit.InterestStart, "BREACH 3.36 by " + interest},
		"no interest": {"none to judge", func(c *debt.Case) { c.InterestFrom = 0 }, audit.InterestStart, ""},

		"the law's rates": {"12.25 and 12.00 per cent", nil, audit.InterestRate, "OK by " + interest},
		"last year's rate": {"60 days of 0.25 per cent on 10 000 kr",
			func(c *debt.Case) { c.Terms.Rates = c.Terms.Rates[:1] },
			audit.InterestRate, "BREACH 4.11 by " + interest},
		"a lower rate": {"is the debtor's gain",
			func(c *debt.Case) { c.Terms.Rates[1].BasisPoints = 1199 }, audit.InterestRate,
			"OK by " + interest},
		"its own rate": {"is no law's", func(c *debt.Case) { c.RateBasisPoints = new(2500) }, audit.InterestRate, ""},

		"three years": {"the last day", old("2023-03-02"), audit.Limitation, "NEAR 10814.79 by " + barred},
		"and a day": {"it is time-barred",
			old("2023-03-01"), audit.Limitation, "BREACH 10814.79 by " + barred},
		"three months before": {"there is time", old("2023-06-02"), audit.Limitation, "OK by " + barred},
		"less than three":     {"there is not", old("2023-06-01"), audit.Limitation, "NEAR 10814.79 by " + barred},
		"a payment since": {"it may have acknowledged the debt", func(c *debt.Case) {
			old("2023-03-01")(c)
			c.AllPayments = []debt.Payment{{Amount: 1_00, ReceivedOn: day("2024-01-01")}}
		}, audit.Limitation, "CANNOT_DECIDE ACKNOWLEDGEMENT by " + barred},
		"an agreement since": {"it did", func(c *debt.Case) {
			old("2023-03-01")(c)
			c.Agreements = []*debt.Agreement{{Status: debt.AgreementBreached, StartedOn: day("2026-03-01")}}
		}, audit.Limitation, "OK by " + barred},
		"an agreement too late": {"the claim was gone", func(c *debt.Case) {
			old("2023-03-01")(c)
			c.Agreements = []*debt.Agreement{{Status: debt.AgreementBreached, StartedOn: day("2026-03-02")}}
		}, audit.Limitation, "BREACH 10814.79 by " + barred},
		"in court in time": {"ten years from then", func(c *debt.Case) {
			old("2023-03-01")(c)
			c.LegalStep, c.Fees = new(debt.StepJudgment), []debt.Fee{fee(debt.CostCourt, 1_479_00, "2026-03-01")}
		}, audit.Limitation, "OK by foreldelsesloven §§ 14–18, 21"},
		"in court, no day": {"was it in time?", func(c *debt.Case) {
			old("2023-03-01")(c)
			c.LegalStep = new(debt.StepJudgment)
		}, audit.Limitation, "CANNOT_DECIDE LEGAL_STEP by " + barred},
		"a bank's": {"a loan has ten years", func(c *debt.Case) {
			old("2023-03-01")(c)
			c.Creditor.Trade = debt.TradeBank
		}, audit.Limitation, "CANNOT_DECIDE LOAN_TERMS by " + barred},
		"interest ran before": {"since when?", func(c *debt.Case) {
			c.PriorInterest, c.AllLetters = 1_00, nil
		}, audit.Limitation, "CANNOT_DECIDE DUE_DATE by " + barred},
		"closed": {"nothing is demanded", func(c *debt.Case) {
			old("2020-03-01")(c)
			c.Status, c.ClosedOn = debt.Closed, day("2025-01-01")
		}, audit.Limitation, ""},

		"upheld": {"the fee came while it stood",
			func(c *debt.Case) { objected(c, "2026-01-10", debt.ObjectionUpheld, "2026-02-01") },
			audit.Objected, "BREACH 600.00 by inkassoloven § 17 (2)"},
		"decided that day": {"it stood to the end of it", func(c *debt.Case) {
			objected(c, "2026-01-10", debt.ObjectionUpheld, "2026-01-14")
		}, audit.Objected, "BREACH 600.00 by inkassoloven § 17 (2)"},
		"decided the day before": {"it stood no more", func(c *debt.Case) {
			objected(c, "2026-01-10", debt.ObjectionUpheld, "2026-01-13")
		}, audit.Objected, ""},
		"made that day": {"which came first is not known", func(c *debt.Case) {
			objected(c, "2026-01-14", debt.ObjectionUpheld, "2026-02-01")
		}, audit.Objected, ""},
		"open": {"was there ground for it?",
			func(c *debt.Case) { objected(c, "2026-01-10", debt.ObjectionReceived, "") },
			audit.Objected, "CANNOT_DECIDE 600.00 GROUNDS by inkassoloven § 17 (2)"},
		"the board's fee": {"it decides the objection", func(c *debt.Case) {
			objected(c, "2026-01-20", debt.ObjectionUpheld, "2026-02-20")
			add(c, fee(debt.CostCourt, 1_479_00, "2026-02-01"))
		}, audit.Objected, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := audit.Of(lawful(tc.change))
			if got := told(a, tc.rule); got != tc.want {
				t.Errorf("%s: got %q, want %q", tc.reason, got, tc.want)
			}
			speaks(t, a)
		})
	}
}

// speaks holds every text: it is there, whole, in each language.
func speaks(t *testing.T, a audit.Audit) {
	t.Helper()
	for i := range a.Findings {
		f := &a.Findings[i]
		for _, l := range debt.Languages {
			said := f.Text(&l)
			p := f.Prefill()
			if p != nil && p.Objection != nil {
				said += p.Objection.Statement(&l)
			}
			if p != nil && p.Complaint != nil {
				said += p.Complaint.Statement(&l)
			}
			if strings.ContainsAny(said, "{}") || !strings.Contains(said, f.Paragraph) || len(said) > 4000 {
				t.Errorf("%s %s in %s: %q", f.Rule, f.Verdict, l, said)
			}
			if f.Case.Status == debt.Open && (p != nil) != (f.Verdict != audit.OK) {
				t.Errorf("%s %s: something to send: %t", f.Rule, f.Verdict, p != nil)
			}
		}
		if (f.Missing != nil) != (f.Verdict == audit.CannotDecide) {
			t.Errorf("%s %s: missing %v", f.Rule, f.Verdict, f.Missing)
		}
	}
}

// beside puts a second case of the creditor beside the first, with a light fee.
func beside(opened string, light money.Øre) func(*debt.Case) {
	return func(c *debt.Case) {
		second := *c
		second.ID.ID, second.OpenedOn = "2", day(opened)
		second.Fees = []debt.Fee{fee(debt.CostLightFee, light, "2026-01-14")}
		c.Beside = []*debt.Case{c, &second}
	}
}

func small(opened string) func(*debt.Case) {
	return func(c *debt.Case) {
		c.OriginalPrincipal, c.Fees[2].Amount = 1_000_00, 300_00
		beside(opened, 300_00)(c)
	}
}

// TestPrefill: what can be sent is of the finding, and a case without anything wrong has nothing.
func TestPrefill(t *testing.T) {
	t.Parallel()
	en := debt.English
	a := audit.Of(lawful(func(c *debt.Case) { c.Fees[0].Amount = 70_00 }))
	if a.Verdict() != audit.Breach {
		t.Fatalf("verdict %s", a.Verdict())
	}
	p := a.Findings[0].Prefill().Objection
	const want = "Reminder fee (purregebyr) of NOK 70.00 added on 15 December 2025 is more than the law allows, which is at most NOK 35.00 " +
		"(inkassoforskriften § 1-2). Please take NOK 35.00 off the claim."
	if got := strings.ReplaceAll(p.Statement(&en), "\u00a0", " "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if fmt.Sprint(p.Reasons, *p.DisputedAmount) != "[WRONG_AMOUNT]35.00" {
		t.Errorf("%v %s", p.Reasons, *p.DisputedAmount)
	}
	about := a.Findings[0].Prefill().Complaint
	if said := about.Statement(&en); !slices.Equal(about.Categories, []debt.ComplaintCategory{debt.ComplaintCosts}) ||
		!strings.HasSuffix(said, ". I complain about this. Please put it right, and tell me why it happened.") {
		t.Errorf("%v %q", about.Categories, said)
	}
	barred := audit.Of(lawful(old("2022-01-01")))
	whole := barred.Findings[0].Prefill()
	if p := whole.Objection; p.Reasons[0] != debt.ReasonTimeBarred || p.DisputedAmount != nil || whole.Complaint != nil {
		t.Errorf("of the whole claim: %+v", whole)
	}
	clean := audit.Of(lawful(nil))
	if clean.Verdict() != audit.OK || len(clean.Findings) < 8 {
		t.Errorf("a case by the law: %s, %d findings", clean.Verdict(), len(clean.Findings))
	}
}
