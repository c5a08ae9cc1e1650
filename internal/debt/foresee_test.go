package debt_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// reached returns a case of 10 000 kr with a letter of a kind, sent on 20 February 2026
// with a deadline of 14 days; today is 2 March.
func reached(phase debt.Phase, kind debt.LetterKind, change func(*debt.Case)) *debt.Case {
	return claim(func(c *debt.Case) {
		c.Phase = phase
		c.AllLetters = []debt.Letter{{Case: c, Kind: kind, Title: "Brev", SentOn: date("2026-02-20"),
			DueOn: date("2026-03-06")}}
		if change != nil {
			change(c)
		}
	})
}

func lightFee(c *debt.Case) {
	c.Fees = []debt.Fee{{Case: c, Kind: debt.CostLightFee, Amount: 600_00, IncurredOn: date("2026-02-20")}}
}

func TestNextCost(t *testing.T) {
	t.Parallel()
	warned := func(change func(*debt.Case)) *debt.Case {
		return reached(debt.PhaseCollectionWarning, debt.LetterCollectionWarning, change)
	}
	demanded := func(change func(*debt.Case)) *debt.Case {
		return reached(debt.PhasePaymentDemand, debt.LetterPaymentDemand, func(c *debt.Case) { lightFee(c); change(c) })
	}
	none := func(*debt.Case) {}
	cases := map[string]struct {
		reason string
		c      *debt.Case
		want   string
	}{
		"scheduled": {"what the agency has scheduled counts alone", warned(func(c *debt.Case) {
			c.ScheduledCosts = []debt.ScheduledCost{{date("2026-03-01"), debt.CostReminder, 38_00},
				{date("2026-03-20"), debt.CostLightFee, 750_00}}
		}), "2026-03-20 LIGHT_FEE 750.00 AGENCY"},
		"after the warning": {"the day after its deadline: 0.8 × 750", warned(none), "2026-03-07 LIGHT_FEE 600.00 STATUTE"},
		"business": {"a business pays half as much again",
			warned(func(c *debt.Case) { c.DebtorKind = debt.DebtorBusiness }), "2026-03-07 LIGHT_FEE 900.00 STATUTE"},
		"old claim": {"due before October 2020: 1.0 × 750",
			warned(func(c *debt.Case) { c.InterestFrom = date("2020-09-30") }), "2026-03-07 LIGHT_FEE 750.00 STATUTE"},
		"short deadline": {"a deadline of less than 14 days is no deadline",
			warned(func(c *debt.Case) { c.AllLetters[0].DueOn = date("2026-02-25") }), "2026-03-07 LIGHT_FEE 600.00 STATUTE"},
		"any day now": {"a fee that could have come may come tomorrow", warned(func(c *debt.Case) {
			c.AllLetters[0].SentOn, c.AllLetters[0].DueOn = date("2026-01-10"), date("2026-01-24")
		}), "2026-03-03 LIGHT_FEE 600.00 STATUTE"},
		"after the demand": {"sent 20 February, + 14 + 28 + 1 days: the increase to 1.6 × 750", demanded(none),
			"2026-04-04 HEAVY_FEE 600.00 STATUTE"},
		"demand alone": {"collection has begun, and no light fee has come: it may come any day",
			reached(debt.PhasePaymentDemand, debt.LetterPaymentDemand, nil), "2026-03-03 LIGHT_FEE 600.00 STATUTE"},
		"light fee let go": {"one that was waived does not come again",
			demanded(func(c *debt.Case) { c.Fees[0].WaivedOn = date("2026-02-25") }), "2026-04-04 HEAVY_FEE 600.00 STATUTE"},
		"longer deadline": {"a later deadline moves it",
			demanded(func(c *debt.Case) { c.AllLetters[0].DueOn = date("2026-03-10") }), "2026-04-08 HEAVY_FEE 600.00 STATUTE"},
		"reminded": {"the warning's fee, 1/20 of 750 in whole kroner",
			reached(debt.PhaseReminder, debt.LetterReminder, nil), "2026-03-07 COLLECTION_WARNING 38.00 STATUTE"},
		"twice reminded": {"two letters with a fee are the most: then comes the light fee, 15 days after the warning",
			reached(debt.PhaseReminder, debt.LetterReminder, func(c *debt.Case) {
				c.Fees = []debt.Fee{{Kind: debt.CostReminder, Amount: 38_00, IncurredOn: date("2026-02-01")},
					{Kind: debt.CostReminder, Amount: 38_00, IncurredOn: date("2026-02-20")}}
			}), "2026-03-22 LIGHT_FEE 600.00 STATUTE"},
		"old demand": {"after six months a new demand is needed",
			demanded(func(c *debt.Case) { c.AllLetters[0].SentOn = date("2025-09-02") }), ""},
		"held": {"never in a case that stands still until further notice",
			warned(func(c *debt.Case) { c.AllHolds = []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-03-01")}} }), ""},
		"held for a time": {"a fee that is due while it stands still may come the day after", warned(func(c *debt.Case) {
			c.AllHolds = []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-03-01"), Until: date("2026-03-20")},
				{Kind: debt.HoldOther, Since: date("2026-03-01"), Until: date("2026-03-10")}}
		}), "2026-03-21 LIGHT_FEE 600.00 STATUTE"},
		"held for a while": {"one that is due later comes when it is due", warned(func(c *debt.Case) {
			c.AllHolds = []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-03-01"), Until: date("2026-03-03")}}
		}), "2026-03-07 LIGHT_FEE 600.00 STATUTE"},
		"disputed": {"never in a disputed one",
			warned(func(c *debt.Case) { c.Objections = []debt.Objection{{Status: debt.ObjectionUnderReview}} }), ""},
		"objected": {"an objection that was rejected stops nothing",
			warned(func(c *debt.Case) { c.Objections = []debt.Objection{{Status: debt.ObjectionRejected}} }),
			"2026-03-07 LIGHT_FEE 600.00 STATUTE"},
		"agreement": {"nor while an agreement runs",
			warned(func(c *debt.Case) { c.Agreements = []*debt.Agreement{{Status: debt.AgreementActive}} }), ""},
		"nothing owed": {"nor where nothing is owed", warned(func(c *debt.Case) { c.OriginalPrincipal = 0 }), ""},
		"closed":       {"nor in a closed case", warned(func(c *debt.Case) { c.Status = debt.Closed }), ""},
		"no letter": {"nothing follows from a letter that is not there", warned(func(c *debt.Case) { c.AllLetters = nil }),
			""},
		"before court": {"the law sets no days there", reached(debt.PhaseLegal, debt.LetterLegalNotice, nil), ""},
		"heavy": {"the court is the creditor's choice", reached(debt.PhaseHeavyFee, debt.LetterPaymentDemand,
			lightFee), ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if e := tc.c.NextCost(); e != nil {
				got = fmt.Sprintf("%s %s %s %s", e.On, e.Kind, e.Amount, e.Source)
				if e.Case != tc.c {
					t.Error("it is another case's")
				}
			}
			if got != tc.want {
				t.Errorf("%s: got %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}

func outline(c *debt.Case) []string {
	var out []string
	for _, e := range c.Timeline() {
		line := fmt.Sprintf("%s %s %s", e.On, e.Source, e.Kind)
		if e.Stage != nil {
			line += " " + string(*e.Stage)
		}
		if e.Amount != nil {
			line += " " + e.Amount.String()
		}
		out = append(out, line)
	}
	return out
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	monthly := money.Øre(500_00)
	cases := map[string]struct {
		reason string
		c      *debt.Case
		want   []string
	}{
		"warned": {"each step of the law on its first day: light fee and demand, 43 days later the heavy fee, notice, 15 days later the board or, as nobody has disputed it, the enforcement officer, 30 days later the remark", reached(debt.PhaseCollectionWarning, debt.LetterCollectionWarning, func(c *debt.Case) {
			c.InterestFrom, c.DueOn = 0, date("2026-03-06")
		}), []string{
			"2025-12-01 RECORD OPENED",
			"2026-02-20 RECORD LETTER COLLECTION_WARNING",
			"2026-03-06 AGENCY DEADLINE 10000.00",
			"2026-03-07 STATUTE COST LIGHT_FEE 600.00",
			"2026-03-07 STATUTE STEP PAYMENT_DEMAND",
			"2026-04-19 STATUTE COST HEAVY_FEE 600.00",
			"2026-04-19 STATUTE STEP LEGAL_NOTICE",
			"2026-05-04 STATUTE COST CONCILIATION 1479.00",
			"2026-05-04 STATUTE COST ENFORCEMENT 1627.00",
			"2026-06-03 STATUTE STEP PAYMENT_REMARK",
		}},
		"scheduled": {"the agency's plan stands alone", reached(debt.PhaseCollectionWarning, debt.LetterCollectionWarning,
			func(c *debt.Case) {
				c.ScheduledCosts = []debt.ScheduledCost{{date("2026-03-02"), debt.CostReminder, 38_00},
					{date("2026-03-20"), debt.CostLightFee, 750_00}}
			}), []string{
			"2025-12-01 RECORD OPENED",
			"2026-02-20 RECORD LETTER COLLECTION_WARNING",
			"2026-03-20 AGENCY COST LIGHT_FEE 750.00",
		}},
		"disputed": {"no steps while an objection is considered", reached(debt.PhaseHeavyFee, debt.LetterPaymentDemand,
			func(c *debt.Case) {
				c.Objections = []debt.Objection{
					{Status: debt.ObjectionRejected, SubmittedAt: time.Date(2026, 2, 21, 23, 30, 0, 0, time.UTC),
						DecidedOn: date("2026-02-25")},
					{Status: debt.ObjectionWithdrawn, SubmittedAt: time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC),
						WithdrawnOn: date("2026-01-20")},
					{Status: debt.ObjectionReceived, SubmittedAt: time.Date(2026, 2, 26, 12, 0, 0, 0, time.UTC)},
				}
			}), []string{
			"2025-12-01 RECORD OPENED",
			"2026-01-10 RECORD OBJECTION",
			"2026-01-20 RECORD OBJECTION_WITHDRAWN",
			"2026-02-20 RECORD LETTER PAYMENT_DEMAND",
			"2026-02-22 RECORD OBJECTION",
			"2026-02-25 RECORD OBJECTION_DECIDED",
			"2026-02-26 RECORD OBJECTION",
		}},
		"agreements": {"one that was broken and one that runs, with an instalment that is overdue and a coming one",
			claim(func(c *debt.Case) {
				c.Agreements = []*debt.Agreement{
					{Status: debt.AgreementBreached, StartedOn: date("2025-12-10"), EndedOn: date("2026-01-20"),
						DecidedOn: date("2025-12-05"), WarnedOn: date("2026-01-06"), BreachOn: date("2026-01-20")},
					{Status: debt.AgreementActive, StartedOn: date("2026-02-01"), MonthlyAmount: &monthly,
						WarnedOn: date("2026-03-02"), BreachOn: date("2026-03-16"),
						Instalments: []debt.Instalment{
							{DueOn: date("2026-02-15"), Amount: 500_00, PaidOn: date("2026-02-15")},
							{DueOn: date("2026-03-01"), Amount: 500_00}, {DueOn: date("2026-03-15"), Amount: 500_00},
						}},
					{Status: debt.AgreementProposed, StartedOn: date("2026-03-01")},
					{Status: debt.AgreementRequested, StartedOn: date("2026-03-01")},
					{Status: debt.AgreementRefused, StartedOn: date("2026-02-01"), DecidedOn: date("2026-01-30")},
				}
				c.AllPayments = []debt.Payment{{Case: c, Amount: 500_00, ReceivedOn: date("2026-02-15")}}
			}), []string{
				"2025-12-01 RECORD OPENED",
				"2025-12-05 RECORD AGREEMENT_GRANTED",
				"2025-12-10 RECORD AGREEMENT_STARTED",
				"2026-01-06 RECORD AGREEMENT_WARNED",
				"2026-01-20 RECORD AGREEMENT_BREACHED",
				"2026-01-30 RECORD AGREEMENT_REFUSED",
				"2026-02-01 RECORD AGREEMENT_STARTED 500.00",
				"2026-02-15 RECORD PAYMENT 500.00",
				"2026-03-01 RECORD DEADLINE 500.00",
				"2026-03-02 RECORD AGREEMENT_WARNED",
				"2026-03-15 AGENCY DEADLINE 500.00",
				"2026-03-16 AGENCY AGREEMENT_BREACHED",
			}},
		"never begun": {"agreements that ended before their first day, and one of a case that is closed, never began",
			claim(func(c *debt.Case) {
				c.Status, c.ClosedOn = debt.Closed, date("2026-03-01")
				c.Agreements = []*debt.Agreement{
					{Status: debt.AgreementCancelled, StartedOn: date("2026-02-10"), EndedOn: date("2026-01-15")},
					{Status: debt.AgreementCompleted, StartedOn: date("2026-02-12"), EndedOn: date("2026-01-16")},
					{Status: debt.AgreementCancelled, StartedOn: date("2026-01-20"), EndedOn: date("2026-01-20")},
					{Status: debt.AgreementActive, StartedOn: date("2026-03-10"), Instalments: []debt.Instalment{
						{DueOn: date("2026-03-10"), Amount: 500_00}}},
				}
			}), []string{
				"2025-12-01 RECORD OPENED",
				"2026-01-15 RECORD AGREEMENT_ENDED",
				"2026-01-16 RECORD AGREEMENT_ENDED",
				"2026-01-20 RECORD AGREEMENT_STARTED",
				"2026-01-20 RECORD AGREEMENT_ENDED",
				"2026-03-01 RECORD CLOSED CLOSED",
			}},
		"paid early": {"nothing is owed: no instalment is due, nothing is to be broken, and nothing begins",
			claim(func(c *debt.Case) {
				received(c, "2026-02-20", 11_000_00)
				c.Agreements = []*debt.Agreement{
					{Status: debt.AgreementActive, StartedOn: date("2026-02-01"), WarnedOn: date("2026-02-16"),
						BreachOn: date("2026-03-09"), Instalments: []debt.Instalment{
							{DueOn: date("2026-02-15"), Amount: 500_00}, {DueOn: date("2026-03-15"), Amount: 500_00}}},
					{Status: debt.AgreementActive, StartedOn: date("2026-03-20"), Instalments: []debt.Instalment{
						{DueOn: date("2026-03-20"), Amount: 500_00}}},
				}
			}), []string{
				"2025-12-01 RECORD OPENED",
				"2026-02-01 RECORD AGREEMENT_STARTED",
				"2026-02-16 RECORD AGREEMENT_WARNED",
				"2026-02-20 RECORD PAYMENT 11000.00",
			}},
		"little left": {"the instalments together are no more than what is owed, with the fees",
			claim(func(c *debt.Case) {
				c.InterestFrom, c.OriginalPrincipal = 0, 700_00
				c.Agreements = []*debt.Agreement{{Status: debt.AgreementActive, StartedOn: date("2026-02-01"),
					Instalments: []debt.Instalment{{DueOn: date("2026-03-15"), Amount: 565_00, Fee: 65_00},
						{DueOn: date("2026-04-15"), Amount: 565_00, Fee: 65_00},
						{DueOn: date("2026-05-15"), Amount: 565_00, Fee: 65_00}}}}
			}), []string{
				"2025-12-01 RECORD OPENED",
				"2026-02-01 RECORD AGREEMENT_STARTED",
				"2026-03-15 AGENCY DEADLINE 565.00",
				"2026-04-15 AGENCY DEADLINE 265.00",
			}},
		"agreed": {"one that begins later has not begun, and its first instalment is the deadline", claim(func(c *debt.Case) {
			c.DueOn = date("2026-03-10")
			c.Agreements = []*debt.Agreement{{Status: debt.AgreementActive, StartedOn: date("2026-03-20"),
				MonthlyAmount: &monthly, Instalments: []debt.Instalment{
					{DueOn: date("2026-03-20"), Amount: 500_00},
				}}}
		}), []string{
			"2025-12-01 RECORD OPENED",
			"2026-03-20 AGENCY AGREEMENT_STARTED 500.00",
			"2026-03-20 AGENCY DEADLINE 500.00",
		}},
		"deferred deadline": {"a deferral moves the deadline", claim(func(c *debt.Case) {
			c.InterestFrom, c.DueOn = 0, date("2026-03-10")
			c.AllHolds = []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-03-01"), Until: date("2026-03-31")}}
		}), []string{
			"2025-12-01 RECORD OPENED",
			"2026-03-01 RECORD HOLD_STARTED",
			"2026-03-31 AGENCY DEADLINE 10000.00",
			"2026-04-01 AGENCY HOLD_ENDS",
		}},
		"deferred": {"a deferral that ends tomorrow", claim(func(c *debt.Case) {
			c.AllHolds = []debt.Hold{{Kind: debt.HoldDisputed, Since: date("2026-01-01")},
				{Kind: debt.HoldDeferred, Since: date("2026-02-01"), Until: date("2026-03-02")}}
		}), []string{
			"2025-12-01 RECORD OPENED",
			"2026-02-01 RECORD HOLD_STARTED",
			"2026-03-03 AGENCY HOLD_ENDS",
		}},
		"deferred, then": {"the steps of the law come after the deferral",
			reached(debt.PhaseHeavyFee, debt.LetterPaymentDemand, func(c *debt.Case) {
				c.AllHolds = []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-03-01"), Until: date("2026-03-31")}}
			}), []string{
				"2025-12-01 RECORD OPENED",
				"2026-02-20 RECORD LETTER PAYMENT_DEMAND",
				"2026-03-01 RECORD HOLD_STARTED",
				"2026-04-01 AGENCY HOLD_ENDS",
				"2026-04-01 STATUTE STEP LEGAL_NOTICE",
				"2026-04-16 STATUTE COST CONCILIATION 1479.00",
				"2026-04-16 STATUTE COST ENFORCEMENT 1627.00",
				"2026-05-16 STATUTE STEP PAYMENT_REMARK",
			}},
		"closed": {"a closed case has a past alone", claim(func(c *debt.Case) {
			c.Status, c.ClosedOn = debt.Closed, date("2026-02-01")
			c.Fees = []debt.Fee{{Case: c, Kind: debt.CostReminder, Amount: 38_00, IncurredOn: date("2026-01-05"),
				WaivedOn: date("2026-01-20")}}
		}), []string{
			"2025-12-01 RECORD OPENED",
			"2026-01-05 RECORD COST REMINDER 38.00",
			"2026-01-20 RECORD COST_WAIVED 38.00",
			"2026-02-01 RECORD CLOSED CLOSED",
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, outline(tc.c)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			for _, e := range tc.c.Timeline() {
				for _, l := range debt.Languages {
					if text := e.Text(&l); len(text) < 8 {
						t.Errorf("%s %s in %s: %q", e.On, e.Kind, l, text)
					}
					if e.Stage != nil && (e.Explanation(&l) == nil || len(*e.Explanation(&l)) < 50) {
						t.Errorf("%s is not explained in %s", *e.Stage, l)
					}
				}
			}
		})
	}
}

func TestTimelineTexts(t *testing.T) {
	t.Parallel()
	c := reached(debt.PhaseCollectionWarning, debt.LetterCollectionWarning,
		func(c *debt.Case) { c.DebtorLanguage = debt.Nynorsk })
	events := c.Timeline()
	nb := debt.Bokmal
	for i, want := range map[int]string{
		0: "Saken ble opprettet", 1: "Brev sendt: Brev", 2: "Lett salær kan tidligst bli lagt til: 600,00 kr",
		3: "Betalingsoppfordring kan tidligst bli sendt",
		6: "Saken kan tidligst tas til forliksrådet. Rettsgebyr: 1 479,00 kr",
		7: "Utlegg kan tidligst begjæres. Gebyr for begjæring om utlegg: 1 627,00 kr",
	} {
		if got := plain(events[i].Text(&nb)); got != want {
			t.Errorf("event %d: %q, want %q", i, got, want)
		}
	}
	if got := plain(events[2].Text(nil)); got != "Lett salær kan tidlegast bli lagt til: 600,00 kr" {
		t.Errorf("in the debtor's language: %q", got)
	}
}

// TestTimelineReadsWell has what Norwegian inflects: a hold that is a death, a heavy fee that
// is waived, an instalment that was not paid; and agreements that are to begin.
func TestTimelineReadsWell(t *testing.T) {
	t.Parallel()
	monthly := money.Øre(500_00)
	c := claim(func(c *debt.Case) {
		c.OpenedOn, c.InterestFrom = date("2026-02-01"), 0
		c.Fees = []debt.Fee{{Case: c, Kind: debt.CostHeavyFee, Amount: 600_00, IncurredOn: date("2026-02-02"),
			WaivedOn: date("2026-02-03")}}
		c.AllHolds = []debt.Hold{{Kind: debt.HoldDeath, Since: date("2026-02-04"), Until: date("2026-02-05")}}
		c.Agreements = []*debt.Agreement{{Status: debt.AgreementActive, StartedOn: date("2026-02-07"),
			Instalments: []debt.Instalment{
				{DueOn: date("2026-03-01"), Amount: 1_500_00}, {DueOn: date("2026-03-02"), Amount: 500_00},
			}}, {Status: debt.AgreementActive, StartedOn: date("2026-03-20")}, {Status: debt.AgreementActive, StartedOn: date("2026-03-21"), MonthlyAmount: &monthly}}
	})
	want := [][3]string{
		{"Saken ble opprettet", "Saka vart oppretta", "The agency opened the case"},
		{"Økning til tungt salær lagt til: 600,00 kr", "Tungt salær (auke) lagt til: 600,00 kr",
			"Increase to the heavy collection fee (tungt salær) added: NOK 600.00"},
		{"Økning til tungt salær på 600,00 kr ble ettergitt", "Tungt salær (auke) på 600,00 kr vart ettergjeve",
			"Increase to the heavy collection fee (tungt salær) of NOK 600.00 was waived"},
		{"Saken ble satt på vent: dødsfall", "Saka vart sett på vent: dødsfall", "Collection was put on hold: death"},
		{"Saken er ikke lenger på vent: dødsfall", "Saka er ikkje lenger på vent: dødsfall",
			"Collection is no longer on hold: death"},
		{"Avtale inngått", "Avtale inngått", "Agreement made"},
		{"Avdrag på 1 500,00 kr forfalt og er ikke betalt", "Avdrag på 1 500,00 kr forfall og er ikkje betalt",
			"Instalment of NOK 1,500.00 was due and has not been paid"},
		{"Avdrag på 500,00 kr forfaller", "Avdrag på 500,00 kr forfell", "Instalment of NOK 500.00 is due"},
		{"Avtalen begynner", "Avtalen tek til", "The agreement begins"},
		{"Avtalen begynner: 500,00 kr i måneden", "Avtalen tek til: 500,00 kr i månaden",
			"The agreement begins: NOK 500.00 a month"},
	}
	events := c.Timeline()
	if len(events) != len(want) {
		t.Fatalf("%d events, want %d", len(events), len(want))
	}
	for i, e := range events {
		for j, l := range []debt.Language{debt.Bokmal, debt.Nynorsk, debt.English} {
			if got := plain(e.Text(&l)); got != want[i][j] {
				t.Errorf("event %d in %s: %q, want %q", i, l, got, want[i][j])
			}
		}
	}
}

func BenchmarkTimeline(b *testing.B) {
	c := reached(debt.PhaseCollectionWarning, debt.LetterCollectionWarning, nil)
	for b.Loop() {
		c.Timeline()
	}
}

func BenchmarkNextCost(b *testing.B) {
	c := reached(debt.PhaseCollectionWarning, debt.LetterCollectionWarning, nil)
	for b.Loop() {
		c.NextCost()
	}
}
