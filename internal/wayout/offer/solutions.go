package offer

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// Solutions is all that a person is shown of ways to pay everything.
type Solutions struct {
	AsOf               norway.Date
	Complete           bool // every agency answered, with all cases
	Owed               money.Øre
	PayDays            []norway.Date
	Feasible           *bool      // nil: no budget was named
	LeastMonthlyAmount *money.Øre // nil: nothing is owed
	Assumed            bool       // a figure rests on a rate that is not set for its day
	Suggestions        []Solution
	TradeOff           []solver.TradeOff
	Waiting            *solver.Baseline // nil: nothing is owed
	Separate           *solver.Baseline
	LeftOut            []LeftOut
	Withheld           []debt.Withheld
	SameCreditor       []debt.ClaimGroup
}

// Solution is one way to pay everything, with all that follows from it.
type Solution struct {
	OfferID              Token
	Kinds                []solver.Kind
	Owed                 money.Øre // as of today
	Interest             money.Øre // after today
	CostSteps            money.Øre
	DeferralFees         money.Øre
	AgreementFees        money.Øre
	Cost                 money.Øre // the four before
	LowerBound           money.Øre // no plan within the same budgets costs less
	TotalPaid            money.Øre
	LargestMonth         money.Øre
	Months               int
	LastDay              norway.Date
	SavedAgainstWaiting  money.Øre
	SavedAgainstSeparate money.Øre
	Deferrals            []Deferral
	Agreements           []Agreement
	Schedule             []Month
	Closings             []Closing
	Avoidable            []AvoidableCost
	Assumed              bool // a cost of it rests on a rate that is not set for its day

	plan *solver.Plan
}

// Deferral is a deferral to ask for.
type Deferral struct {
	Case  *debt.Case
	Days  int
	Until norway.Date // the last day
	Fee   money.Øre
}

// Agreement is an instalment agreement to ask for.
type Agreement struct {
	Agency      *debt.Agency
	Cases       []*debt.Case
	Instalments []debt.Instalment
	Fees        money.Øre // all of them
	SetupFee    money.Øre // the part of Fees that is charged once
}

// Month is what is paid on one pay day.
type Month struct {
	DueOn    norway.Date
	Total    money.Øre
	Payments []Payment
	Fees     []AgreementFee
}

// Payment is what one case gets on one pay day, and what it covers.
type Payment struct {
	Case        *debt.Case
	Amount      money.Øre
	ToCosts     money.Øre
	ToInterest  money.Øre
	ToPrincipal money.Øre
	Balance     money.Øre // of the case, after the payment
}

// AgreementFee is what an agency's agreement costs on one pay day.
type AgreementFee struct {
	Agency *debt.Agency
	Amount money.Øre
}

// Closing is the day on which a case is paid off.
type Closing struct {
	Case *debt.Case
	On   norway.Date
}

// AvoidableCost is a cost that is foreseen in a case until the last pay day.
type AvoidableCost struct {
	Case    *debt.Case
	On      norway.Date // after the solution's deferrals
	Amount  money.Øre
	AvoidBy norway.Date // the last day on which paying the case off avoids it
	Arises  bool        // the solution lets it come
	Assumed bool        // the amount rests on a rate that is not set for its day
}

// Solve computes suggestions, as [solver.Suggest] does. What it returns is not changed.
type Solve func(context.Context, solver.Instance) (solver.Suggestions, error)

// Suggest returns the ways to pay a person's cases, which solve computes. Input that cannot be
// used is BAD_USER_INPUT; it stops soon after the context is done, with the context's error.
func (solve Solve) Suggest(ctx context.Context, p *debt.Person, input Input) (*Solutions, error) {
	s, err := situationOf(p.Parts, p.Today, input)
	if err != nil {
		return nil, err
	}
	prints := s.prints()
	s.keepPlans()
	s.payDays(&input)
	s.limit()
	out := &Solutions{
		AsOf: p.Today, Complete: !s.missing, Owed: s.owed(), PayDays: s.in.PayDays,
		LeftOut: s.leftOut, Withheld: s.withheld, SameCreditor: s.sameCreditor(),
	}
	if len(s.in.Cases) == 0 {
		return out, nil
	}
	found, err := solve(ctx, s.in)
	if err != nil {
		return nil, err
	}
	out.TradeOff, out.Waiting, out.Separate = found.TradeOff, &found.Wait, &found.Separate
	out.LeastMonthlyAmount, out.Assumed = &found.LeastBudget, s.anyAssumed()
	if s.in.Budgeted() {
		out.Feasible = &found.Feasible
	}
	for i := range found.Suggestions {
		one := s.show(&found.Suggestions[i])
		one.OfferID = newToken(s.in.AsOf, input, one, prints)
		out.Suggestions = append(out.Suggestions, one)
	}
	return out, nil
}

func (s *situation) show(g *solver.Suggestion) Solution {
	p := &g.Plan
	out := Solution{
		Kinds: g.Kinds, Owed: p.Opening, Interest: p.Interest, CostSteps: p.EventFees, DeferralFees: p.DeferralFees,
		AgreementFees: p.AgreementFees, Cost: p.Cost, TotalPaid: p.TotalPaid, LargestMonth: p.LargestMonth,
		Months: s.in.MonthsUntil(p.LastPayDay), LastDay: p.LastDay,
		SavedAgainstWaiting: g.SavedAgainstWait, SavedAgainstSeparate: g.SavedAgainstSeparate,
		LowerBound: g.LowerBound, plan: p,
	}
	for _, d := range p.Deferrals {
		c := s.cases[d.Case]
		out.Deferrals = append(out.Deferrals, Deferral{c, d.Days, s.in.AsOf.AddDays(d.Days), c.Terms.Policy.DeferralFee})
	}
	for i := range p.Agreements {
		out.Agreements = append(out.Agreements, s.agreement(p, i))
	}
	for _, m := range p.Months {
		month := Month{DueOn: m.Date, Total: m.Total}
		for _, x := range m.Payments {
			month.Payments = append(month.Payments, Payment{s.cases[x.Case], x.Amount, x.ToCosts, x.ToInterest, x.ToPrincipal,
				x.Balance})
		}
		for _, f := range m.Fees {
			month.Fees = append(month.Fees, AgreementFee{s.agency[p.Agreements[f.Agreement].Agency], f.Instalment + f.Setup})
		}
		out.Schedule = append(out.Schedule, month)
	}
	for _, c := range p.Closings {
		out.Closings = append(out.Closings, Closing{s.cases[c.Case], c.Date})
		out.Assumed = out.Assumed || interestAssumed(s.cases[c.Case], c.Date)
	}
	for i := range p.Steps {
		x := &p.Steps[i]
		c := s.cases[x.Case]
		one := AvoidableCost{c, x.Date, x.Fee, x.AvoidBy(), x.Arises, stepAssumed(c, x, p.Deferrals)}
		out.Assumed = out.Assumed || one.Arises && one.Assumed
		out.Avoidable = append(out.Avoidable, one)
	}
	return out
}

// interestAssumed says whether interest until a day is at a rate that is not set for it.
func interestAssumed(c *debt.Case, day norway.Date) bool {
	b := c.BalanceOn(day)
	return b.Assumed()
}

// stepAssumed says whether a cost step, which a deferral may have put off, is at a rate that is not set.
func stepAssumed(c *debt.Case, x *solver.Step, deferrals []solver.Deferral) bool {
	on := x.Date
	for _, d := range deferrals {
		if d.Case == x.Case {
			on = on.AddDays(-d.Days)
		}
	}
	return slices.ContainsFunc(c.ComingCosts(), func(e debt.CostEvent) bool {
		return e.Assumed && e.On == on && e.Amount == x.Fee
	})
}

// anyAssumed says whether something that is foreseen until the last pay day is at a rate that is not set.
func (s *situation) anyAssumed() bool {
	last := s.in.PayDays[len(s.in.PayDays)-1]
	for _, x := range s.in.Cases {
		c := s.cases[x.ID]
		if _, costs := c.CostsBy(last); costs || interestAssumed(c, last) {
			return true
		}
	}
	return false
}

// agreement lists the instalments of a plan's agreement: what its cases get on each of its pay
// days, with the fees. What they get on other days is none.
func (s *situation) agreement(p *solver.Plan, i int) Agreement {
	terms := p.Agreements[i]
	out := Agreement{Agency: s.agency[terms.Agency]}
	for _, id := range terms.Cases {
		out.Cases = append(out.Cases, s.cases[id])
	}
	for _, m := range p.Months {
		if !isInstalment(i, &m) {
			continue
		}
		one := debt.Instalment{Number: len(out.Instalments) + 1, DueOn: m.Date}
		for _, f := range m.Fees {
			if f.Agreement == i {
				one.Fee += f.Instalment + f.Setup
				out.SetupFee += f.Setup
			}
		}
		one.Amount = one.Fee
		for _, x := range m.Payments {
			if slices.Contains(terms.Cases, x.Case) {
				one.Amount += x.Amount
			}
		}
		out.Fees += one.Fee
		out.Instalments = append(out.Instalments, one)
	}
	return out
}
