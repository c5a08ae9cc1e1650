package contracttest

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// promise is one that the contract makes.
type promise struct {
	name string
	run  func(*testing.T, *Core)
}

// RunReads holds a core to what the contract promises of reads: all that an agency without acts
// promises.
func RunReads(t *testing.T, c Core) {
	t.Helper()
	run(t, &c, []promise{
		{"EveryRelationAlone", relationsAlone},
		{"Rates", ratesOfLaw},
		{"RecordsAsGenerated", recordsAsGenerated},
		{"Balances", balances},
		{"ClaimsByLaw", claimsByLaw},
		{"ZeroScope", zeroScope},
		{"CaseFilter", caseFilter},
		{"CaseStatus", caseStatus},
		{"NarrowScope", narrowScope},
		{"FindDebtor", findDebtor},
		{"ReadsFromACase", readsFromACase},
		{"OneSnapshot", oneSnapshot},
	})
}

// Run holds a core to all that the contract promises of the people that are in it. It
// changes the records of some of them at the end.
func Run(t *testing.T, c Core) {
	t.Helper()
	RunReads(t, c)
	c.taken = map[int]bool{}
	run(t, &c, []promise{
		{"SolutionLives", solutionLives},
		{"SolutionUneven", solutionUneven},
		{"SolutionDoesNotStopCosts", solutionDoesNotStopCosts},
		{"SolutionIsRefused", solutionIsRefused},
		{"SolutionKeys", solutionKeys},
		{"SolutionAtOnce", solutionAtOnce},
		{"SolutionWaits", solutionWaits},
		{"SolutionRolledBack", solutionRolledBack},
		{"CaseLogin", caseLogin},
		{"CaseLoginThrottle", caseLoginThrottle},
		{"CaseLoginSucceeded", caseLoginSucceeded},
		{"CaseLoginAtOnce", caseLoginAtOnce},
		{"OrderCredentials", orderCredentials},
		{"Credentials", credentials},
		{"CorrectContact", correctContact},
		{"Difficulty", difficulty},
		{"GivePowerOfAttorney", givePower},
		{"RevokePowerOfAttorney", revokePower},
		{"RequestDeferral", deferral},
		{"RequestBreathingSpace", breathingSpace},
		{"Objection", objection},
		{"PlanIsRefused", planIsRefused},
		{"PlanLives", planLives},
		{"PlanChanges", planChanges},
		{"PlanIsAskedFor", planIsAskedFor},
		{"Queue", queue},
		{"DecideDeferral", decideDeferral},
		{"DecideObjection", decideObjection},
		{"Complaint", complaint},
		{"ClosedCase", closedCase},
		{"PaidEarly", paidEarly},
		{"Receipt", receipt},
		{"DocumentContent", documentContent},
		{"InvoiceCopy", invoiceCopy},
		{"CaseLink", caseLink},
		{"ActsAtOnce", atOnce},
		{"ActsFromACase", actsFromACase},
	})
	if !c.Again {
		run(t, &c, []promise{{"States", states}, {"ConflictingActs", conflictingActs}})
	}
}

func run(t *testing.T, c *Core, promises []promise) {
	t.Helper()
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.run(t, c) })
	}
}

// relationsAlone prepares and runs every statement, alone and with nothing to attach to.
func relationsAlone(t *testing.T, c *Core) {
	conn := c.connect(t)
	p := c.Generator.Person(0)
	sum := 0
	for bit := debt.Relations(1); core.Statements(bit) > 0; bit <<= 1 {
		part := c.read(t, conn, core.Query{Scope: scopeOf(&p), Want: bit})
		sum += core.Statements(bit)
		if bit != debt.OfCases && len(part.Cases) > 0 || bit != debt.OfDebtors && len(part.Debtors) > 0 {
			t.Errorf("relation %b alone brings cases or debtors along", bit)
		}
	}
	if all := core.Statements(everything); sum != all || all < 20 {
		t.Errorf("the relations one by one have %d statements, together %d", sum, all)
	}
}

// rates are read, not generated: what the generator computes with is not exported.
func (c *Core) rates(t *testing.T) []debt.Rate {
	t.Helper()
	p := c.Generator.Person(0)
	part := c.read(t, c.connect(t), core.Query{Scope: scopeOf(&p), Want: debt.OfCases | debt.OfTerms})
	if len(part.Cases) == 0 {
		t.Fatal("the first of the demo people has no case here")
	}
	return part.Cases[0].Terms.Rates
}

func ratesOfLaw(t *testing.T, c *Core) {
	rates := c.rates(t)
	for on, points := range map[string]int{"2015-01-01": 925, "2020-07-01": 800, "2025-01-01": 1250, "2026-01-01": 1200} {
		found := slices.ContainsFunc(rates, func(r debt.Rate) bool {
			return r.Kind == debt.RateLatePayment && r.ValidFrom == norway.MustDate(on) && r.BasisPoints == points &&
				r.Source != ""
		})
		if !found {
			t.Errorf("no rate of %d basis points from %s", points, on)
		}
	}
	if !slices.IsSortedFunc(rates, func(a, b debt.Rate) int { return int(a.ValidFrom - b.ValidFrom) }) {
		t.Error("the rates are not in the order of their dates")
	}
}

// recordsAsGenerated reads everybody: the records are exactly those that were generated
// for the person, and so nobody else's.
func recordsAsGenerated(t *testing.T, c *Core) {
	conn, rates := c.connect(t), c.rates(t)
	owner := map[debt.Key]int{}
	read, stories, given := 0, 0, 0
	c.debtors(func(p *people.Person, d *people.Debtor) {
		part := c.read(t, conn, core.Query{Scope: scopeOf(p), Want: everything})
		if diff := c.diff(c.expect(p, d, rates), part); diff != "" {
			t.Errorf("person %d is not what was generated (-generated +read)\n%s", p.Index, diff)
		}
		for _, fault := range c.faults(part) {
			t.Errorf("person %d: %s", p.Index, fault)
		}
		for _, x := range part.Cases {
			if other, taken := owner[x.ID]; taken {
				t.Errorf("case %+v is read for person %d and for %d", x.ID, other, p.Index)
			}
			owner[x.ID] = p.Index
		}
		given += len(part.PowersOfAttorney)
		if read++; p.Note != "" {
			stories++
		}
	})
	if read < 30 || stories == 0 || given == 0 {
		t.Errorf("%d people, %d of them with stories, %d powers of attorney: too few to prove anything", read, stories, given)
	}
	for i := range c.People {
		if p := c.Generator.Person(i); !c.knows(&p) && !p.NationalID.IsZero() {
			part := c.read(t, conn, core.Query{Scope: scopeOf(&p), Want: everything})
			if len(part.Debtors)+len(part.Cases)+len(part.Messages) > 0 {
				t.Errorf("person %d, whom the agency does not know by number, has records", i)
			}
			if diff := c.diff(&debt.Part{PowersOfAttorney: c.held(p.NationalID)},
				&debt.Part{PowersOfAttorney: part.PowersOfAttorney}); diff != "" {
				t.Errorf("person %d holds (-generated +read)\n%s", i, diff)
			}
		}
	}
}

func (c *Core) knows(p *people.Person) bool {
	return slices.ContainsFunc(p.Debtors, func(d people.Debtor) bool { return d.Agency.Code == c.Agency && d.Identified })
}

// balances compares what is computed on the records with the generator's own ledger:
// every payment is set off as it was there, and a closed case owes nothing.
func balances(t *testing.T, c *Core) {
	conn := c.connect(t)
	closed, paid, reckoned, owed := 0, 0, 0, c.owed(t)
	c.debtors(func(p *people.Person, d *people.Debtor) {
		part := c.read(t, conn, core.Query{Scope: scopeOf(p), Want: debt.OfBalance})
		for _, x := range part.Cases {
			b := x.BalanceOn(c.Today)
			if x.Status == debt.Closed {
				if closed++; b.Total != 0 || b.Overpaid != 0 {
					t.Errorf("person %d: the closed case %s has the balance %+v", p.Index, x.CaseNumber, b)
				}
			} else if b.Total <= 0 {
				t.Errorf("person %d: the open case %s has the balance %+v", p.Index, x.CaseNumber, b)
			}
			own, ok := owed[x.ID.ID]
			if ok {
				reckoned++
			}
			if ok && own != b.Total {
				t.Errorf("person %d: the core has %s for case %s, which owes %s", p.Index, own, x.CaseNumber, b.Total)
			}
			for i := range x.AllPayments {
				payment := &x.AllPayments[i]
				if paid++; totalOf(payment.Allocations) != payment.Amount {
					t.Errorf("person %d: case %s: a payment of %s is split into %v", p.Index, x.CaseNumber, payment.Amount,
						payment.Allocations)
				}
				if diff := gocmp.Diff(sorted(payment.Allocations), sorted(payment.Imputed())); diff != "" {
					t.Errorf("person %d: case %s: a payment covers (-generated +computed)\n%s", p.Index, x.CaseNumber, diff)
				}
			}
		}
	})
	if closed < 10 || paid < 10 || c.Happen.Owed != "" && reckoned < 10 {
		t.Errorf("%d closed cases, %d payments, %d reckoned by the core: too few to prove anything", closed, paid, reckoned)
	}
}

func sorted(parts []debt.Allocation) []debt.Allocation {
	return slices.SortedFunc(slices.Values(parts), func(a, b debt.Allocation) int {
		return slices.Index(debt.Components, a.Component) - slices.Index(debt.Components, b.Component)
	})
}

func zeroScope(t *testing.T, c *Core) {
	part := c.read(t, c.connect(t), core.Query{Want: everything})
	if len(part.Debtors)+len(part.Cases)+len(part.Messages)+len(part.PowersOfAttorney) > 0 {
		t.Errorf("nobody has %d debtors and %d cases", len(part.Debtors), len(part.Cases))
	}
	if (caller.Scope{}) != scopeOf(&people.Person{}) {
		t.Error("a person without a number has a scope")
	}
}

func caseFilter(t *testing.T, c *Core) {
	conn := c.connect(t)
	first, second := c.Generator.Person(0), people.Person{}
	c.debtors(func(p *people.Person, _ *people.Debtor) {
		if p.Index > 0 && second.Name == "" {
			second = *p
		}
	})
	own := c.read(t, conn, core.Query{Scope: scopeOf(&first), Want: debt.OfCases}).Cases
	foreign := c.read(t, conn, core.Query{Scope: scopeOf(&second), Want: debt.OfCases}).Cases
	if len(own) < 2 || len(foreign) == 0 {
		t.Fatalf("%d and %d cases: too few to filter", len(own), len(foreign))
	}
	a, b, other := own[0].ID.ID, own[len(own)-1].ID.ID, foreign[0].ID.ID
	cases := map[string]struct {
		reason string
		filter []string
		want   []string
	}{
		"one":            {"what was asked for", []string{b}, []string{b}},
		"two, unordered": {"the order is the core's", []string{b, a}, []string{a, b}},
		"none":           {"an empty filter is no filter that lets all through", []string{}, nil},
		"foreign":        {"a known key opens nothing", []string{other}, nil},
		"own, foreign":   {"only the own one", []string{other, a}, []string{a}},
		"twice":          {"a case is one case", []string{a, a}, []string{a}},
		"missing":        {"no such case", []string{"nothing", "-1", "0", ""}, nil},
		"not a key":      {"text that no key type holds", []string{"' or true --", "99999999999999999999", "\u00e5"}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			part := c.read(t, conn, core.Query{Scope: scopeOf(&first), Want: everything, Cases: tc.filter})
			var got []string
			for _, x := range part.Cases {
				got = append(got, x.ID.ID)
				if x.Creditor == nil {
					t.Errorf("%s: case %s has no creditor", tc.reason, x.ID.ID)
				}
			}
			for _, m := range part.Messages {
				if m.CaseID == nil || !slices.Contains(got, *m.CaseID) {
					t.Errorf("%s: message %s is of no such case", tc.reason, m.ID)
				}
			}
			if len(part.PowersOfAttorney) > 0 {
				t.Errorf("%s: a power of attorney belongs to no list of cases", tc.reason)
			}
			if diff := gocmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", tc.reason, diff)
			}
		})
	}
}

func caseStatus(t *testing.T, c *Core) {
	conn := c.connect(t)
	n := 0
	c.debtors(func(_ *people.Person, d *people.Debtor) {
		for _, x := range d.Cases {
			if n++; n > 50 {
				return
			}
			if status, err := core.CaseStatus(t.Context(), conn, x.Number); err != nil || status != x.Status {
				t.Errorf("case %s: %s, %v", x.Number, status, err)
			}
		}
	})
	for _, number := range []string{"", "0", "' or true --", "\u00e5"} {
		if status, err := core.CaseStatus(t.Context(), conn, number); err != nil || status != "" {
			t.Errorf("case %q: %s, %v", number, status, err)
		}
	}
}
