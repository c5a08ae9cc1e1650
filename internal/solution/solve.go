package solution

import (
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/money"
)

// Answer is a plan or, when the budget allows none, the least budget that does.
type Answer struct {
	Plan        Plan
	Feasible    bool
	LeastBudget money.Øre // whole øre; only when not Feasible
}

// Solve returns the plan of lowest cost within the instance's budget.
func Solve(in Instance) (Answer, error) {
	if err := in.Validate(); err != nil {
		return Answer{}, err
	}
	if in.Budget == NoBudget {
		return Answer{}, fault.Invalid("budget_ore", "is missing")
	}
	q := newSearch(compile(&in, int64(in.Budget), len(in.PayDays)), workFor(len(in.Cases), len(in.PayDays)))
	q.run()
	if q.top.unpaid > 0 {
		least, s := leastBudget(&in, len(in.PayDays), workFor(len(in.Cases), len(in.PayDays)))
		if least > int64(in.Budget) {
			return Answer{LeastBudget: money.Øre(least)}, nil
		}
		q.best.copyFrom(s)
	}
	plan, err := q.plan()
	return Answer{Plan: plan, Feasible: true}, err
}

// workFor is how much work a search of so many cases and pay days is worth.
func workFor(cases, payDays int) int {
	return min(600_000+10_000*cases*payDays, 2_400_000+max(0, cases*payDays-192)*4000)
}

// plan returns the best state's plan, checked by the evaluator.
func (q *search) plan() (Plan, error) {
	got := q.l.run(q.best)
	plan, err := Evaluate(*q.p.in, q.l.decisions(q.best))
	if err != nil {
		return plan, fault.New(fault.Internal, "a suggestion is not feasible").Because(err)
	}
	if int64(plan.Cost) != got.cost {
		return plan, fault.New(fault.Internal, "a suggestion costs %d, not %d", plan.Cost, got.cost)
	}
	return plan, nil
}

// decisions returns what the last layout decided.
func (l *layout) decisions(s *state) (d Decisions) {
	for i := range l.p.cases {
		if c := &l.p.cases[i]; s.deferred[i] != 0 {
			d.Deferrals = append(d.Deferrals, Deferral{Case: c.src.ID, Days: c.days})
		}
	}
	for g := range l.groups {
		r := &l.groups[g]
		if !r.begun {
			continue
		}
		a := Agreement{Agency: l.p.groups[g].agency.ID, First: int(r.first), Last: int(r.last)}
		for _, i := range l.p.groups[g].members {
			if s.member[i] && l.cases[i].closed >= r.first {
				a.Cases = append(a.Cases, l.p.cases[i].src.ID)
			}
		}
		d.Agreements = append(d.Agreements, a)
	}
	for t := range l.p.t {
		for i := range l.p.cases {
			if x := l.pay[t*l.p.n+i]; x > 0 {
				d.Payments = append(d.Payments, Payment{PayDay: t, Case: l.p.cases[i].src.ID, Amount: money.Øre(x)})
			}
		}
	}
	return d
}
