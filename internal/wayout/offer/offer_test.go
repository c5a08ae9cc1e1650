package offer_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/wayout/offer"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

var today = norway.MustDate("2026-03-02")

// claim is an open case of 1,000.00 after a payment demand, with a heavy fee to come.
func claim(id string, change func(*debt.Case)) *debt.Case {
	c := &debt.Case{
		ID: debt.Key{Kind: debt.KindCase, Agency: "a", ID: id}, CreditorID: "1", Status: debt.Open,
		Phase:    debt.PhasePaymentDemand,
		OpenedOn: today.AddDays(-60), InterestFrom: today.AddDays(-90), OriginalPrincipal: 1_000_00, AgreementFrom: today,
		ScheduledCosts: []debt.ScheduledCost{{On: today.AddDays(30), Kind: debt.CostHeavyFee, Amount: 262_50}},
	}
	if change != nil {
		change(c)
	}
	return c
}

// person has cases at one agency.
func person(cases ...*debt.Case) *debt.Person {
	terms := &debt.Terms{
		Today: today, Rates: []debt.Rate{{Kind: debt.RateLatePayment, ValidFrom: norway.MustDate("2026-01-01"),
			BasisPoints: 1200}},
		Policy: debt.Policy{
			Imputation: debt.CostsFirst, MinInstalment: 200_00, MaxInstalments: 12, InstalmentFee: 50_00,
			SetupFreeInstalments: 12,
			MaxDeferralDays:      14, JointAgreements: true, AgreementStopsCosts: true,
		},
	}
	a := &debt.Agency{ID: debt.Key{Kind: debt.KindAgency, Agency: "a"}, Code: "a", Name: "A"}
	for _, c := range cases {
		c.Terms, c.Agency = terms, a
		for i := range c.AllPayments {
			c.AllPayments[i].Case = c
		}
	}
	return &debt.Person{Today: today, Parts: []debt.Part{{Agency: a, Status: debt.AgencyOK, Cases: cases}}}
}

var solve offer.Solve = solver.Suggest

func suggest(t *testing.T, p *debt.Person, input offer.Input) *offer.Solutions {
	t.Helper()
	s, err := solve.Suggest(t.Context(), p, input)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhichCasesCount(t *testing.T) {
	t.Parallel()
	held := func(kind debt.HoldKind) func(*debt.Case) {
		return func(c *debt.Case) { c.AllHolds = []debt.Hold{{Kind: kind, Since: today}} }
	}
	cases := map[string]struct {
		reason  string
		change  func(*debt.Case)
		counted bool
		left    offer.Reason
	}{
		"open":   {"it is owed", nil, true, ""},
		"closed": {"nothing is demanded", func(c *debt.Case) { c.Status, c.ClosedOn = debt.Closed, today }, false, ""},
		"paid":   {"nothing is owed", func(c *debt.Case) { c.OriginalPrincipal, c.InterestFrom = 0, 0 }, false, ""},
		"objection": {"it is suspended",
			func(c *debt.Case) { c.Objections = []debt.Objection{{Status: debt.ObjectionUnderReview}} }, false, offer.Disputed},
		"decided": {"the objection was not followed",
			func(c *debt.Case) { c.Objections = []debt.Objection{{Status: debt.ObjectionRejected}} }, true, ""},
		"disputed": {"the agency holds it", held(debt.HoldDisputed), false, offer.Disputed},
		"agreement": {"its instalments go on",
			func(c *debt.Case) { c.Agreements = []*debt.Agreement{{Status: debt.AgreementActive}} }, false, offer.InAgreement},
		"breached": {"it binds nobody any more",
			func(c *debt.Case) { c.Agreements = []*debt.Agreement{{Status: debt.AgreementBreached}} }, true, ""},
		"dead":        {"the estate answers", held(debt.HoldDeath), false, offer.Death},
		"proceedings": {"others decide", held(debt.HoldDebtSettlement), false, offer.DebtSettlement},
		"deferred":    {"it is owed all the same", held(debt.HoldDeferred), true, ""},
	}
	for name, tc := range cases {
		s := suggest(t, person(claim("1", tc.change)), offer.Input{})
		var left offer.Reason
		if len(s.LeftOut) > 0 {
			left = s.LeftOut[0].Reason
		}
		if (s.Owed > 0) != tc.counted || (len(s.Suggestions) > 0) != tc.counted || left != tc.left {
			t.Errorf("%s (%s): owed %s, %d suggestions, left out as %q", name, tc.reason, s.Owed, len(s.Suggestions), left)
		}
	}
}

// TestManyCases: who has more cases than a solution can have is shown the way out of those
// that cost the most to leave, and told which they are not.
func TestManyCases(t *testing.T) {
	t.Parallel()
	build := func() *debt.Person {
		var cases []*debt.Case
		for i := range solver.MaxCases + 3 {
			cases = append(cases, claim(fmt.Sprint(i), func(c *debt.Case) {
				c.InterestFrom, c.OriginalPrincipal = 0, money.Øre(100_00+i)
				if i < 5 {
					c.ScheduledCosts = nil
				}
			}))
		}
		return person(cases...)
	}
	s := suggest(t, build(), offer.Input{Months: new(1)})
	var out []string
	for _, x := range s.LeftOut {
		out = append(out, x.Case.ID.ID+" "+string(x.Reason))
	}
	if want := []string{"2 TOO_MANY", "1 TOO_MANY", "0 TOO_MANY"}; !slices.Equal(out, want) {
		t.Errorf("left out are %v, want those without a cost to come, the smallest of them: %v", out, want)
	}
	if len(s.Suggestions) == 0 || len(s.Suggestions[0].Closings) != solver.MaxCases || s.Suggestions[0].Owed != s.Owed {
		t.Fatalf("%d suggestions, %s owed", len(s.Suggestions), s.Owed)
	}
	if _, err := s.Suggestions[0].OfferID.Again(t.Context(), solver.Suggest, build()); err != nil {
		t.Errorf("the offer is not found again: %v", err)
	}
}

// TestNoSecondDeferral: neither a case that is deferred already nor one before its payment
// demand can be deferred, so the cost step comes in one that cannot be paid before.
func TestNoSecondDeferral(t *testing.T) {
	t.Parallel()
	budget := money.Øre(560_00)
	cases := map[string]struct {
		reason   string
		change   func(*debt.Case)
		deferred int
	}{
		"free": {"the step moves past the last payment", nil, 1},
		"deferred": {"once is all", func(c *debt.Case) { c.AllHolds = []debt.Hold{{Kind: debt.HoldDeferred, Since: today}} },
			0},
		"notice": {"it is not the agency's yet", func(c *debt.Case) { c.Phase = debt.PhaseCollectionWarning }, 0},
	}
	for name, tc := range cases {
		c := claim("1", func(c *debt.Case) {
			c.AgreementFrom = 0
			if tc.change != nil {
				tc.change(c)
			}
		})
		s := suggest(t, person(c), offer.Input{MonthlyBudget: &budget, PayDay: new(12), Months: new(3)})
		if len(s.Suggestions) == 0 || len(s.Suggestions[0].Deferrals) != tc.deferred {
			t.Errorf("%s (%s): %+v", name, tc.reason, s.Suggestions)
		}
	}
}

// TestDeferredIsNotProposed: the agency would refuse a solution that deals with a case whose
// deferral of an earlier one runs.
func TestDeferredIsNotProposed(t *testing.T) {
	t.Parallel()
	budget := money.Øre(500_00)
	held := claim("held", func(c *debt.Case) { c.AllHolds = []debt.Hold{{Kind: debt.HoldDeferred, Since: today}} })
	asked := false
	for _, s := range suggest(t, person(held, claim("free", nil)), offer.Input{MonthlyBudget: &budget}).Suggestions {
		for _, p := range s.Proposals() {
			asked = true
			if !slices.Equal(p.Cases, []string{"free"}) {
				t.Errorf("%v: the agency is asked about %v", s.Kinds, p.Cases)
			}
			for _, a := range p.Agreements {
				if slices.Contains(a.Cases, "held") {
					t.Errorf("%v: an agreement has %v", s.Kinds, a.Cases)
				}
			}
		}
	}
	if !asked {
		t.Error("nothing is asked of the agency")
	}
}

// TestGroupsAreNotJoined: what is offered joins no cases of different groups.
func TestGroupsAreNotJoined(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		var cases []*debt.Case
		for i := range rapid.IntRange(2, 5).Draw(t, "cases") {
			cases = append(cases, claim(strconv.Itoa(i), func(c *debt.Case) {
				c.AgreementGroup = rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "group")
			}))
		}
		budget := money.Øre(rapid.Int64Range(500_00, 5_000_00).Draw(t, "budget"))
		solutions, err := solve.Suggest(ctx, person(cases...), offer.Input{MonthlyBudget: &budget})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range solutions.Suggestions {
			for _, a := range s.Agreements {
				for _, c := range a.Cases {
					if c.AgreementGroup != a.Cases[0].AgreementGroup {
						t.Fatalf("%v: an agreement joins the groups %q and %q", s.Kinds, a.Cases[0].AgreementGroup, c.AgreementGroup)
					}
				}
			}
		}
	})
}

// TestNothingAgreed: an agency without the functions is paid, and is asked for nothing.
func TestNothingAgreed(t *testing.T) {
	t.Parallel()
	for _, agreed := range []bool{true, false} {
		p := person(claim("1", nil), claim("2", nil))
		p.Parts[0].Cases[0].Terms.Policy.NothingAgreed = !agreed
		asked := 0
		for _, s := range suggest(t, p, offer.Input{MonthlyBudget: new(money.Øre(500_00))}).Suggestions {
			asked += len(s.Agreements) + len(s.Deferrals)
		}
		if asked > 0 != agreed {
			t.Errorf("agreements can be made: %v, and %d are suggested", agreed, asked)
		}
	}
}

// TestInstalmentsPaySomething: a policy may have no least instalment, yet an agency refuses
// one of its fee alone.
func TestInstalmentsPaySomething(t *testing.T) {
	t.Parallel()
	for _, fee := range []money.Øre{0, 50_00} {
		for _, budget := range []money.Øre{400_00, 700_00, 1_100_00} {
			p := person(claim("1", nil), claim("2", func(c *debt.Case) { c.OriginalPrincipal = 300_00 }),
				claim("3", func(c *debt.Case) { c.OriginalPrincipal = 4_000_00 }))
			policy := &p.Parts[0].Cases[0].Terms.Policy
			policy.MinInstalment, policy.InstalmentFee, policy.JointAgreements, policy.MaxDeferralDays = 0, fee, false, 0
			for _, s := range suggest(t, p, offer.Input{MonthlyBudget: &budget}).Suggestions {
				for _, a := range s.Agreements {
					for i, x := range a.Instalments {
						if x.Amount <= x.Fee || i > 0 && x.DueOn > a.Instalments[i-1].DueOn.AddMonths(1) {
							t.Errorf("%s a month, %v: instalment %d of %s is %s, its fee %s", budget, s.Kinds, x.Number, x.DueOn, x.Amount,
								x.Fee)
						}
					}
				}
			}
		}
	}
}

func TestPayDays(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		day    int
		want   string
	}{
		"later this month": {"the first is the 20th", 20, "[2026-03-20 2026-04-20 2026-05-20]"},
		"today":            {"today has begun", 2, "[2026-04-02 2026-05-02 2026-06-02]"},
		"passed":           {"next month", 1, "[2026-04-01 2026-05-01 2026-06-01]"},
		"31st":             {"short months have a last day", 31, "[2026-03-31 2026-04-30 2026-05-31]"},
	}
	for name, tc := range cases {
		s := suggest(t, person(), offer.Input{PayDay: &tc.day, Months: new(3)})
		if got := fmt.Sprint(s.PayDays); got != tc.want {
			t.Errorf("%s (%s): %s, want %s", name, tc.reason, got, tc.want)
		}
	}
}

// TestSameCreditor: claims of one creditor, as light fees of consumers in 2026 (unit 750):
// 400 + 400: 2 x 0.25 x 750 = 375 or 0.35 x 750 = 262.50. 9,000 three times: 3 x 0.8 x 750
// = 1,800 or 1.6 x 750 = 1,200. 9,000 + 1,200: (0.8 + 0.4) x 750 = 900 or 1.6 x 750 = 1,200:
// merging is not always cheaper. 3,000 + 26,000: (0.8 + 1.6) x 750 = 1,800 or 1,200.
func TestSameCreditor(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason           string
		principals       []money.Øre
		separate, merged money.Øre
	}{
		"small":    {"cheaper together", []money.Øre{400_00, 400_00}, 375_00, 262_50},
		"three":    {"cheaper together", []money.Øre{9_000_00, 9_000_00, 9_000_00}, 1_800_00, 1_200_00},
		"jump":     {"dearer together: the sum is in the next band", []money.Øre{9_000_00, 1_200_00}, 900_00, 1_200_00},
		"one case": {"there is nothing to merge", []money.Øre{9_000_00}, 0, 0},
	}
	for name, tc := range cases {
		var list []*debt.Case
		for i, p := range tc.principals {
			list = append(list, claim(fmt.Sprint(i), func(c *debt.Case) { c.OriginalPrincipal = p }))
		}
		list = append(list, claim("other", func(c *debt.Case) { c.CreditorID = "2" }),
			claim("court", func(c *debt.Case) { c.Phase = debt.PhaseLegal }))
		groups := suggest(t, person(list...), offer.Input{}).SameCreditor
		if tc.merged == 0 {
			if len(groups) != 0 {
				t.Errorf("%s (%s): %+v", name, tc.reason, groups)
			}
			continue
		}
		if len(groups) != 1 || len(groups[0].Cases) != len(tc.principals) {
			t.Errorf("%s (%s): %d groups", name, tc.reason, len(groups))
			continue
		}
		g := groups[0]
		got := []money.Øre{g.LightSeparate, g.LightMerged, g.HeavySeparate, g.HeavyMerged}
		if diff := cmp.Diff([]money.Øre{tc.separate, tc.merged, 2 * tc.separate, 2 * tc.merged}, got); diff != "" {
			t.Errorf("%s (%s): (-want +got)\n%s", name, tc.reason, diff)
		}
	}
}

// TestAgain accepts an offer after something has happened.
func TestAgain(t *testing.T) {
	t.Parallel()
	budget := money.Øre(900_00)
	build := func(change func(*debt.Person)) *debt.Person {
		p := person(claim("1", nil), claim("2", nil))
		if change != nil {
			change(p)
		}
		return p
	}
	made := suggest(t, build(nil), offer.Input{MonthlyBudget: &budget})
	first := func(p *debt.Person) *debt.Case { return p.Parts[0].Cases[0] }
	cases := map[string]struct {
		reason  string
		change  func(*debt.Person)
		expired bool
		changed bool
		code    fault.Code
	}{
		"nothing":  {"it is the same offer", nil, false, false, ""},
		"tomorrow": {"interest has run on", func(p *debt.Person) { p.Today++ }, true, false, ""},
		"payment": {"less is owed", func(p *debt.Person) {
			first(p).AllPayments = []debt.Payment{{Case: first(p), Amount: 1, ReceivedOn: today}}
		}, false, true, ""},
		"objection": {"it is suspended",
			func(p *debt.Person) { first(p).Objections = []debt.Objection{{Status: debt.ObjectionReceived}} }, false, true, ""},
		"fee": {"more is owed", func(p *debt.Person) {
			first(p).Fees = []debt.Fee{{Case: first(p), Amount: 1,
				IncurredOn: today}}
		}, false, true, ""},
		"schedule": {"a cost comes earlier", func(p *debt.Person) { first(p).ScheduledCosts[0].On-- }, false, true, ""},
		"policy": {"the agency asks more", func(p *debt.Person) { first(p).Terms.Policy.InstalmentFee++ }, false, true,
			""},
		"new case": {"it would be left out", func(p *debt.Person) {
			p.Parts = person(claim("1", nil), claim("2", nil),
				claim("3", nil)).Parts
		}, false, true, ""},
		"agency out": {"it cannot be asked", func(p *debt.Person) {
			p.Parts[0].Status,
				p.Parts[0].Cases = debt.AgencyUnavailable, nil
		}, false, false, fault.AgencyUnavailable},
	}
	for name, tc := range cases {
		for _, s := range made.Suggestions {
			text, err := s.OfferID.Encode()
			if err != nil {
				t.Fatal(err)
			}
			token, err := offer.Decode(text)
			if err != nil {
				t.Fatal(err)
			}
			got, err := token.Again(t.Context(), solver.Suggest, build(tc.change))
			var code fault.Code
			if err != nil && tc.code != "" {
				code = fault.Of(err).Code
			}
			if errors.Is(err, offer.ErrExpired) != tc.expired || errors.As(err, new(*offer.ChangedError)) != tc.changed ||
				code != tc.code {
				t.Errorf("%s (%s): %v", name, tc.reason, err)
			}
			if tc.change == nil && (err != nil || !slices.Equal(got.Kinds, s.Kinds) ||
				cmp.Diff(got.Schedule, s.Schedule, cmp.Comparer(func(a, b *debt.Case) bool { return a.ID == b.ID })) != "") {
				t.Errorf("%v is another offer: %v", s.Kinds, err)
			}
		}
	}
	if len(made.Suggestions) < 3 || made.Suggestions[0].Kinds[0] != solver.LowestCost {
		t.Errorf("%d suggestions", len(made.Suggestions))
	}
}

func TestBrokenToken(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", "[]", `{"d": "x"}`} {
		if _, err := offer.Decode([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
