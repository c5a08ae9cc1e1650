package solver

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/fault"
)

// Answer is a plan or, when the budget allows none, the least budget that does.
type Answer struct {
	Plan     Plan
	Feasible bool
	// LeastBudget is the least amount for every pay day but today with which there is a plan, in whole
	// øre, only when not Feasible. NoBudget when today is the only pay day.
	LeastBudget money.Øre
}

// Solve returns the plan of lowest cost within the instance's budget.
func Solve(in Instance) (Answer, error) {
	if err := in.Validate(); err != nil {
		return Answer{}, err
	}
	if !in.Budgeted() {
		return Answer{}, fault.Invalid("budget_ore", "is missing")
	}
	work := workFor(&in)
	q := newSearch(compile(&in, len(in.PayDays)), work)
	q.run()
	if q.top.unpaid > 0 {
		return q.withLeast(work)
	}
	plan, err := q.plan()
	return Answer{Plan: plan, Feasible: err == nil}, err
}

// withLeast answers where a search found no plan: with the least budget, or with the plan that
// proves it, if that fits the budgets after all.
func (q *search) withLeast(work int) (Answer, error) {
	budgets := slices.Clone(q.p.budgets)
	least, s := q.leastBudget(work)
	fits := least != int64(NoBudget)
	for t, b := range budgets {
		fits = fits && (b >= least || q.p.since[t] == 0)
	}
	if !fits {
		return Answer{LeastBudget: money.Øre(least)}, nil
	}
	q.best.copyFrom(s)
	proof, err := q.plan()
	if err != nil {
		return Answer{}, err
	}
	copy(q.p.budgets, budgets)
	q.reset(work / 4)
	q.start(s)
	q.descend()
	if q.top.unpaid == 0 && q.top.cost < int64(proof.Cost) {
		proof, err = q.plan()
	}
	return Answer{Plan: proof, Feasible: err == nil}, err
}

// workFor is the most work that a search is worth, in units of about 20 ns: about 30 ms for
// 8 cases in 24 months, 120 ms for 15 in 36, 400 ms for 30 in 60; most end sooner.
func workFor(in *Instance) int {
	work := usualWork(in.size())
	return work + min(work, 20_000*max(in.size()-400, 0))
}

// usualWork is what a search is worth beside others for the same person.
func usualWork(size int) int {
	large := 2_500*max(size-192, 0) + 3_500*max(size-540, 0)
	return min(500_000+7_500*size, 1_300_000+large, 11_000_000) + spareWork(size)
}

// spareWork is what sizes between those two get on top, since they have the time. Their nodes do
// not suffice, and eight plans of the part that was reached can all be far from the best.
func spareWork(size int) int {
	beyond := max(size-192, 0)
	return max(min(5_500*beyond, 1_600_000-2_500*beyond), 0)
}

// size is in how many ways a pay day can meet a case. A disputed case counts for nothing.
func (in *Instance) size() int {
	size := 0
	for i := range in.Cases {
		if !in.Cases[i].Objection {
			size += len(in.PayDays)
		}
	}
	return size
}

// plan returns the best state's plan, checked by the evaluator.
func (q *search) plan() (Plan, error) {
	got := q.l.run(q.best)
	in := *q.p.in
	in.Budgets, in.Promises = make([]money.Øre, len(in.PayDays)), nil
	for t, b := range q.p.budgets {
		in.Budgets[t] = money.Øre(b)
	}
	plan, err := Evaluate(in, q.l.decisions(q.best))
	if err != nil {
		return plan, fault.New(fault.Internal, "a suggestion is not feasible").Because(err)
	}
	if int64(plan.Cost) != got.cost {
		return plan, fault.New(fault.Internal, "a suggestion costs %d, not %d", plan.Cost, got.cost)
	}
	return plan.withoutNeedless(in), nil
}

// withoutNeedless leaves out each deferral without which the same payments cost no more, and each
// agreement without which they cost less: an agency is asked for what helps, and for nothing else.
func (p Plan) withoutNeedless(in Instance) Plan {
	best := p
	for _, x := range p.Deferrals {
		d := best.Decisions()
		d.Deferrals = slices.DeleteFunc(slices.Clone(d.Deferrals), func(y Deferral) bool { return x == y })
		if less, err := Evaluate(in, d); err == nil && less.Cost <= best.Cost {
			best = less
		}
	}
	for i := len(best.Agreements) - 1; i >= 0; i-- {
		d := best.Decisions()
		d.Agreements = slices.Delete(slices.Clone(d.Agreements), i, i+1)
		if less, err := Evaluate(in, d); err == nil && less.Cost < best.Cost {
			best = less
		}
	}
	return best
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
		a := Agreement{Agency: l.p.groups[g].agency.ID, First: int(r.first), Last: l.p.prev[max(r.last, 0)]}
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
