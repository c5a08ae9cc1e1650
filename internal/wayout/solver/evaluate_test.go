package solver

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// small is an instance to reckon by hand: 2026-01-01, pay days 30 days apart, an agency
// that gives agreements, a case of 10 000 kr at 12 %.
func small(change func(*Instance)) Instance {
	asOf := norway.MustDate("2026-01-01")
	in := Instance{
		ID: "small", AsOf: asOf, Budget: 600_000, Imputation: debt.CostsFirst,
		PayDays: []norway.Date{asOf.AddDays(30), asOf.AddDays(60), asOf.AddDays(90)},
		Agencies: []Agency{{
			ID: "A", MinInstalment: 50_000, MaxInstalments: 3, InstalmentFee: 5_000, SetupFee: 10_000,
			SetupFreeInstalments: 2, MaxDeferralDays: 30, DeferralFee: 1_000, Joint: true,
		}},
		Cases: []Case{{
			ID: "C1", Agency: "A", Stage: Collection, Principal: 1_000_000, RateBasisPoints: 1200, AgreementFrom: asOf,
			Events: []Event{{Date: asOf.AddDays(50), Fee: 100_000, Kind: "heavy_fee"}},
		}},
	}
	if change != nil {
		change(&in)
	}
	return in
}

func rows(amounts ...money.Øre) (list []Payment) {
	for t, x := range amounts {
		if x > 0 {
			list = append(list, Payment{PayDay: t, Case: "C1", Amount: x})
		}
	}
	return list
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason    string
		change    func(*Instance)
		decisions Decisions
		cost      money.Øre
		parts     [4]money.Øre // interest, events, deferral, agreement
	}{
		"PayTwice": {
			reason: "the event of day 50 comes before pay day 1 and takes effect",
			// 30 days: 1000000*12%*30/365 = 9863.01 -> 9863. Pay 600000: interest 9863,
			// principal 590137, left 409863. 30 days: 4042.48; together 13905.49 -> 13905.
			// Second payment: 409863 + 4042 + 100000 = 513905.
			decisions: Decisions{Payments: rows(600_000, 513_905)},
			cost:      113_905, parts: [4]money.Øre{13_905, 100_000, 0, 0},
		},
		"DeferredPastSecond": {
			reason: "30 days move the event to day 80: closed on pay day 1, it never comes",
			// The deferral fee is paid first: 600000 = 1000 + 9863 + 589137, left 410863.
			// 410863*12%*30/365 = 4052.35; with the rest 0.01 kept: 13915.36 -> 13915.
			decisions: Decisions{Deferrals: []Deferral{{"C1", 30}}, Payments: rows(600_000, 414_915)},
			cost:      14_915, parts: [4]money.Øre{13_915, 0, 1_000, 0},
		},
		"Agreement": {
			reason: "an agreement from pay day 0 stops the event; two instalments need no setup fee",
			// 595000 + 5000: interest 9863, principal 585137, left 414863, interest 4091.80.
			// 13954.81 -> 13954, so 4091. Second: 418954 + 5000.
			decisions: Decisions{
				Agreements: []Agreement{{"A", []string{"C1"}, 0, 1}}, Payments: rows(595_000, 418_954),
			},
			cost: 23_954, parts: [4]money.Øre{13_954, 0, 0, 10_000},
		},
		"PrincipalFirst": {
			reason: "600000 of the first payment is principal: interest waits and bears none",
			change: func(in *Instance) { in.Imputation = debt.PrincipalFirst },
			// 9863.01 + 400000*12%*30/365 = 3945.21: 13808.22.
			decisions: Decisions{Payments: rows(600_000, 513_808)},
			cost:      113_808, parts: [4]money.Øre{13_808, 100_000, 0, 0},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := Evaluate(small(tc.change), tc.decisions)
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			got := [4]money.Øre{p.Interest, p.EventFees, p.DeferralFees, p.AgreementFees}
			if p.Cost != tc.cost || got != tc.parts {
				t.Errorf("%s: cost %d parts %v, want %d %v", tc.reason, p.Cost, got, tc.cost, tc.parts)
			}
		})
	}
}

func TestEvaluateRefuses(t *testing.T) {
	t.Parallel()
	agreement := func(first, last int, ids ...string) Decisions {
		return Decisions{Agreements: []Agreement{{"A", ids, first, last}}, Payments: rows(595_000, 418_954)}
	}
	twice := agreement(0, 1, "C1")
	twice.Agreements = append(twice.Agreements, twice.Agreements[0])
	cases := map[string]struct {
		reason    string
		change    func(*Instance)
		decisions Decisions
		message   string
	}{
		"Unpaid": {reason: "everything must be paid", decisions: Decisions{Payments: rows(600_000)},
			message: "not paid off"},
		"TooMuch": {reason: "no more than is owed", decisions: Decisions{Payments: rows(600_000, 513_906)},
			message: "owes 513905"},
		"OverBudget": {reason: "the budget is a limit", change: func(in *Instance) { in.Budget = 599_999 },
			decisions: Decisions{Payments: rows(600_000, 513_905)}, message: "the budget is 599999"},
		"UnknownCase": {reason: "payments are to cases", decisions: Decisions{Payments: []Payment{{Case: "X", Amount: 1}}},
			message: "unknown"},
		"NoPayDay": {reason: "pay days are given", decisions: Decisions{Payments: []Payment{{PayDay: 3, Case: "C1",
			Amount: 1}}}, message: "pay day 3"},
		"NothingPaid": {reason: "a payment pays", decisions: Decisions{Payments: []Payment{{Case: "C1"}}},
			message: "gets 0"},
		"PaidTwice": {reason: "one payment a day and case", decisions: Decisions{Payments: append(rows(1), rows(1)...)},
			message: "paid twice"},
		"LongDeferral": {reason: "the agency says how long", decisions: Decisions{Deferrals: []Deferral{{"C1", 31}}},
			message: "31 days"},
		"DeferredTwice": {reason: "once a case", decisions: Decisions{Deferrals: []Deferral{{"C1", 1}, {"C1", 2}}},
			message: "twice"},
		"NoticeDeferred": {
			reason: "a notice is not deferred", change: func(in *Instance) { in.Cases[0].Stage = Notice },
			decisions: Decisions{Deferrals: []Deferral{{"C1", 1}}}, message: "stage varsel",
		},
		"Never": {
			reason: "an agreement was breached before", change: func(in *Instance) { in.Cases[0].AgreementFrom = 0 },
			decisions: agreement(0, 1, "C1"), message: "no agreement",
		},
		"TwoAgreements": {reason: "a case is in one", decisions: twice, message: "in two agreements"},
		"WrongEnd": {reason: "it ends when the last case is closed", decisions: agreement(0, 2, "C1"),
			message: "ends on pay day 1"},
		"Long": {
			reason: "the agency says how many", change: func(in *Instance) { in.Agencies[0].MaxInstalments = 1 },
			decisions: agreement(0, 1, "C1"), message: "2 instalments",
		},
		"SmallInstalment": {
			reason: "less is a breach", change: func(in *Instance) { in.Agencies[0].MinInstalment = 595_001 },
			decisions: agreement(0, 1, "C1"), message: "under the least",
		},
		"Objection": {
			reason: "a disputed case is not paid", change: func(in *Instance) { in.Cases[0].Objection = true },
			decisions: Decisions{Payments: rows(1)}, message: "objection",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Evaluate(small(tc.change), tc.decisions)
			if err == nil || !strings.Contains(err.Error(), tc.message) {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.message)
			}
		})
	}
}
