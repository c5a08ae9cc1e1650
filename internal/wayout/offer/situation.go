// Package offer gives a person's cases to the solver and shows what it finds: which cases a
// combined payment solution is for, the ways to pay them, and what each agency would have to
// agree to. It is pure: records in, records out, as of their day.
package offer

import (
	"cmp"
	"math"
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// Relations is what a solution is computed from.
const Relations = debt.OfNextCost

// Reason says why a case is left out.
type Reason string

// The reasons for which a case is in no solution.
const (
	Disputed       Reason = "DISPUTED"        // an objection stands
	InAgreement    Reason = "AGREEMENT"       // an agreement runs, and is kept beside the solution
	InPlan         Reason = "IN_PLAN"         // an accepted solution pays it
	Death          Reason = "DEATH"           // the debtor has died
	DebtSettlement Reason = "DEBT_SETTLEMENT" // proceedings decide what is paid
	SeveralRates   Reason = "SEVERAL_RATES"   // its invoices bear interest in different ways
	TooMany        Reason = "TOO_MANY"        // more than solution.MaxCases count
)

// LeftOut is a case that no solution counts.
type LeftOut struct {
	Case   *debt.Case
	Reason Reason
}

// situation is a person's cases as the solver sees them.
type situation struct {
	in       solver.Instance
	cases    map[string]*debt.Case   // by their id in the instance
	agency   map[string]*debt.Agency // by code
	leftOut  []LeftOut
	plan     map[norway.Date]money.Øre // what accepted solutions ask for
	missing  bool                      // an agency did not answer, or not with all cases
	withheld []debt.Withheld
}

// situationOf returns the instance of the cases that are open and owe something. Input that
// cannot be used is BAD_USER_INPUT.
func situationOf(parts []debt.Part, today norway.Date, input Input) (*situation, error) {
	s := &situation{
		cases: map[string]*debt.Case{}, agency: map[string]*debt.Agency{}, plan: map[norway.Date]money.Øre{},
	}
	s.in = solver.Instance{ID: "viewer", AsOf: today, Budget: solver.NoBudget, Imputation: debt.CostsFirst}
	if err := input.validate(); err != nil {
		return nil, err
	}
	for i := range parts {
		p := &parts[i]
		s.withheld = append(s.withheld, p.WithheldCases()...)
		s.missing = s.missing || p.Status != debt.AgencyOK || len(s.withheld) > 0
		s.agency[p.Agency.Code] = p.Agency
		s.add(p)
	}
	return s, nil
}

func (s *situation) add(p *debt.Part) {
	var cases []solver.Case
	for _, c := range p.Cases {
		b := c.BalanceOn(s.in.AsOf)
		if c.Status != debt.Open || b.Total == 0 {
			continue
		}
		s.reserve(c)
		if reason := reasonToLeaveOut(c); reason != "" {
			if reason == InAgreement && c.InPlan() {
				reason = InPlan
			}
			s.leftOut = append(s.leftOut, LeftOut{c, reason})
			continue
		}
		one := claimOf(c, b)
		s.cases[one.ID] = c
		cases = append(cases, one)
	}
	if len(cases) > 0 {
		s.in.Agencies = append(s.in.Agencies, policyOf(p.Agency.Code, &p.Cases[0].Terms.Policy))
		s.in.Cases = append(s.in.Cases, cases...)
	}
}

// reserve notes what the person's plans ask for in a case: that money is spent.
func (s *situation) reserve(c *debt.Case) {
	if c.InPlan() {
		for _, p := range c.Planned.Payments {
			s.plan[p.DueOn] += p.Remaining
		}
	}
}

// keepPlans leaves out the cases that an accepted solution pays. The fingerprints count them: an agency
// that compares its records knows no plan.
func (s *situation) keepPlans() {
	s.in.Cases = slices.DeleteFunc(s.in.Cases, func(x solver.Case) bool {
		c := s.cases[x.ID]
		if c.InPlan() {
			s.leftOut = append(s.leftOut, LeftOut{c, InPlan})
		}
		return c.InPlan()
	})
}

// limit leaves out the cases beyond what a solution can have: those whose next cost comes last,
// and of these the smallest.
func (s *situation) limit() {
	if len(s.in.Cases) <= solver.MaxCases {
		return
	}
	next := func(c *solver.Case) norway.Date {
		if len(c.Events) == 0 {
			return math.MaxInt32
		}
		return c.Events[0].Date
	}
	slices.SortFunc(s.in.Cases, func(x, y solver.Case) int {
		return cmp.Or(cmp.Compare(next(&x), next(&y)), cmp.Compare(y.Balance(), x.Balance()), cmp.Compare(x.ID, y.ID))
	})
	for _, c := range s.in.Cases[solver.MaxCases:] {
		s.leftOut = append(s.leftOut, LeftOut{s.cases[c.ID], TooMany})
	}
	s.in.Cases = s.in.Cases[:solver.MaxCases]
}

func reasonToLeaveOut(c *debt.Case) Reason {
	for _, h := range c.Holds() {
		switch h.Kind {
		case debt.HoldDeath:
			return Death
		case debt.HoldDebtSettlement:
			return DebtSettlement
		}
	}
	switch {
	case c.Disputed():
		return Disputed
	case c.InAgreement():
		return InAgreement
	}
	if _, one := c.Bearing(c.Terms.Today); !one {
		return SeveralRates
	}
	return ""
}

// policyOf returns an agency as the solver sees it. Only the last instalment may be less than a
// krone, whatever the policy says: the contract refuses an instalment that is only fees.
func policyOf(code string, p *debt.Policy) solver.Agency {
	if p.NothingAgreed {
		return solver.Agency{ID: code, MinInstalment: money.Krone, Imputation: p.Imputation, StepsGoOn: true}
	}
	return solver.Agency{
		ID: code, MinInstalment: max(p.MinInstalment, money.Krone), MaxInstalments: p.MaxInstalments,
		InstalmentFee: p.InstalmentFee,
		SetupFee:      p.SetupFee, SetupFreeInstalments: p.SetupFreeInstalments,
		MaxDeferralDays: p.MaxDeferralDays, DeferralFee: p.DeferralFee,
		Joint: p.JointAgreements, Imputation: p.Imputation, StepsGoOn: !p.AgreementStopsCosts,
	}
}

// claimOf returns a case as the solver sees it. Interest goes on at the rates that are known
// today, at the last of them for ever.
func claimOf(c *debt.Case, b debt.Balance) solver.Case {
	bearing, _ := c.Bearing(b.AsOf)
	one := solver.Case{
		ID: c.ID.Agency + "/" + c.ID.ID, Agency: c.ID.Agency, Stage: stageOf(c),
		Principal: b.Principal, Costs: b.Fees + b.LegalCosts, Interest: b.Interest,
		Fraction: c.InterestFraction(b.AsOf), RateBasisPoints: bearing.RateOn(b.AsOf, c.Terms),
		AgreementFrom:  c.AgreementFrom,
		AgreementGroup: c.AgreementGroup,
	}
	if deferred(c) {
		one.AgreementFrom = 0
	}
	for _, day := range rateDays(bearing, c.Terms, b.AsOf) {
		one.Rates = append(one.Rates, solver.Rate{From: day, BasisPoints: bearing.RateOn(day, c.Terms)})
	}
	for _, e := range c.ComingCosts() {
		one.Events = append(one.Events, solver.Event{Date: e.On, Fee: e.Amount, Kind: string(e.Kind)})
	}
	return one
}

// rateDays returns the days after asOf on which a rate may change.
func rateDays(b debt.Bearing, terms *debt.Terms, asOf norway.Date) []norway.Date {
	days := []norway.Date{b.From}
	if b.RateBasisPoints == nil {
		for _, r := range terms.Rates {
			days = append(days, r.ValidFrom)
		}
	}
	slices.Sort(days)
	return slices.DeleteFunc(slices.Compact(days), func(d norway.Date) bool { return d <= asOf })
}

// deferred says whether a deferral runs. If an earlier solution made it, the agency refuses
// every further proposal about the case. The records do not tell, so none is made.
func deferred(c *debt.Case) bool {
	return slices.ContainsFunc(c.Holds(), func(h debt.Hold) bool { return h.Kind == debt.HoldDeferred })
}

// stageOf puts a case that is deferred already with those that allow no deferral.
func stageOf(c *debt.Case) solver.Stage {
	switch {
	case deferred(c), c.Phase == debt.PhaseReminder, c.Phase == debt.PhaseCollectionWarning:
		return solver.Notice
	case c.Phase == debt.PhaseLegal:
		return solver.Legal
	default:
		return solver.Collection
	}
}

// owed is what the cases of the instance owe.
func (s *situation) owed() (sum money.Øre) {
	for i := range s.in.Cases {
		sum += s.in.Cases[i].Balance()
	}
	return sum
}

// of returns the instance of one agency alone.
func (s *situation) of(code string) (a solver.Agency, cases []solver.Case) {
	for _, c := range s.in.Cases {
		if c.Agency == code {
			cases = append(cases, c)
		}
	}
	slices.SortFunc(cases, func(x, y solver.Case) int { return cmp.Compare(x.ID, y.ID) })
	for _, x := range s.in.Agencies {
		if x.ID == code {
			a = x
		}
	}
	return a, cases
}
