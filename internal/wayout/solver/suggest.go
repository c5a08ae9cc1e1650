package solver

import (
	"cmp"
	"context"
	"math"
	"reflect"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
)

// Kind is what a suggestion is best at.
type Kind string

// The kinds of suggestions, in the order in which they are shown.
const (
	LowestCost  Kind = "LOWEST_COST"  // within the budget
	Fastest     Kind = "FASTEST"      // fewest months within the budget, then lowest cost
	LowestMonth Kind = "LOWEST_MONTH" // least budget that can do it, then lowest cost
	SmallFirst  Kind = "SMALL_FIRST"  // within the budget, the smallest balance first
	PayNow      Kind = "PAY_NOW"      // all on the first pay day, whatever the budget
)

// Suggestion is a plan and what it is best at. Agencies must still accept its deferrals
// and agreements.
type Suggestion struct {
	Kinds                []Kind
	Plan                 Plan
	SavedAgainstWait     money.Øre // negative: it costs more
	SavedAgainstSeparate money.Øre
}

// Suggestions is all that a debtor is shown.
type Suggestions struct {
	Suggestions []Suggestion // identical plans once
	TradeOff    []TradeOff   // by rising month and falling cost, at most 12
	LeastBudget money.Øre    // the least monthly amount for which a plan was found
	Feasible    bool         // there is a budget and a plan within it
	Wait        Baseline
	Separate    Baseline
	LeftOut     []string // cases with an objection, which no plan counts
}

// Suggest computes every suggestion for an instance. Without a budget there are PayNow and
// LowestMonth, and the trade-off to choose a budget from. It returns the context's error
// soon after the context is done.
func Suggest(ctx context.Context, in Instance) (Suggestions, error) {
	if err := in.Validate(); err != nil {
		return Suggestions{}, err
	}
	a := advisor{stop: ctx.Err, in: &in, work: workFor(&in)}
	if err := a.compute(); err != nil {
		return Suggestions{}, err
	}
	a.out.Wait = in.baseline((*Instance).waitCost)
	a.out.Separate = in.baseline((*Instance).separateCost)
	for i := range a.out.Suggestions {
		s := &a.out.Suggestions[i]
		s.SavedAgainstWait = a.out.Wait.Cost - s.Plan.Cost
		s.SavedAgainstSeparate = a.out.Separate.Cost - s.Plan.Cost
	}
	for i := range in.Cases {
		if in.Cases[i].Objection {
			a.out.LeftOut = append(a.out.LeftOut, in.Cases[i].ID)
		}
	}
	slices.Sort(a.out.LeftOut)
	return a.out, nil
}

// advisor gathers plans. Every plan that any search finds is kept, and each suggestion is
// the best of all that fit it: so more budget never costs more within one answer.
type advisor struct {
	stop func() error
	q    *search // over all pay days
	in   *Instance
	work int
	pool []Plan
	near *state // the best of the last search
	out  Suggestions
}

func (a *advisor) compute() error {
	now, err := a.payNow()
	if err != nil || len(now.Closings) == 0 {
		return err
	}
	a.q = newSearch(compile(a.in, 0, len(a.in.PayDays)), 0)
	a.q.stop = a.stop
	least, s := a.q.leastBudget(a.work)
	if err := a.stop(); err != nil {
		return err
	}
	month := (money.Øre(least) + money.Krone - 1) / money.Krone * money.Krone
	a.q.best.copyFrom(s)
	proof, err := a.q.plan()
	if err != nil {
		return err
	}
	a.pool, a.near = append(a.pool, now, proof), s
	a.out.LeastBudget = money.Øre(least)
	a.out.Feasible = a.in.Budget != NoBudget && a.in.Budget >= money.Øre(least)
	months := amounts(month, now.LargestMonth)
	if err := a.walk(months[:max(len(months)-1, 1)]); err != nil {
		return err
	}
	if a.out.Feasible {
		if err := a.within(a.in.Budget); err != nil {
			return err
		}
	}
	a.curve(months)
	if p, ok := a.cheapest(month, len(a.in.PayDays)); ok {
		a.add(LowestMonth, p)
	}
	a.add(PayNow, now)
	return nil
}

// within computes what needs a budget.
func (a *advisor) within(budget money.Øre) error {
	small, err := a.smallFirst(budget)
	if err != nil {
		return err
	}
	if err := a.fastest(budget); err != nil {
		return err
	}
	best, ok := a.cheapest(budget, len(a.in.PayDays))
	if !ok {
		return nil // cannot be: the proof of the least budget is in the pool
	}
	a.add(LowestCost, best)
	months := best.LastPayDay + 1
	for _, p := range a.pool {
		if p.LargestMonth <= budget {
			months = min(months, p.LastPayDay+1)
		}
	}
	if fast, ok := a.cheapest(budget, months); ok {
		a.add(Fastest, fast)
	}
	if small != nil {
		a.add(SmallFirst, *small)
	}
	return nil
}

// search adds the cheapest plan found within a budget. It begins where the search before
// ended: a budget close by mostly has a plan close by.
func (a *advisor) search(budget money.Øre, work int, quick bool) error {
	a.q.p.budget = int64(budget)
	a.q.reset(work)
	a.q.quick = quick
	a.q.start(a.near)
	a.q.descend()
	_, err := a.keep(a.q)
	a.near.copyFrom(a.q.best)
	return err
}

// keep runs a search and adds the plan that it finds.
func (a *advisor) keep(q *search) (bool, error) {
	q.run()
	if err := a.stop(); err != nil || q.top.unpaid > 0 {
		return false, err
	}
	p, err := q.plan()
	if err == nil {
		a.pool = append(a.pool, p)
	}
	return true, err
}

// over is a search of its own for another problem.
func (a *advisor) over(p *problem) *search {
	q := newSearch(p, a.work/4)
	q.stop, q.quick = a.stop, true
	return q
}

// cheapest is the best plan of the pool within a budget and a number of months.
func (a *advisor) cheapest(budget money.Øre, months int) (best Plan, ok bool) {
	for _, p := range a.pool {
		if p.LargestMonth <= budget && p.LastPayDay < months && (!ok || p.less(&best)) {
			best, ok = p, true
		}
	}
	return best, ok
}

// less orders plans by the objective.
func (p *Plan) less(o *Plan) bool {
	return cmp.Or(
		cmp.Compare(p.Cost, o.Cost), cmp.Compare(p.LastPayDay, o.LastPayDay),
		cmp.Compare(len(p.Payments()), len(o.Payments())), cmp.Compare(p.closingSum(), o.closingSum()),
		slices.CompareFunc(p.Payments(), o.Payments(), func(x, y Payment) int {
			return cmp.Or(cmp.Compare(x.PayDay, y.PayDay), cmp.Compare(x.Case, y.Case), cmp.Compare(x.Amount, y.Amount))
		})) < 0
}

// fastest halves the number of months between what the budget can pay at all and what is
// known to be enough.
func (a *advisor) fastest(budget money.Øre) error {
	best, _ := a.cheapest(budget, len(a.in.PayDays))
	few := int((best.Opening + budget - 1) / budget)
	for enough := best.LastPayDay + 1; few < enough; {
		months := (few + enough) / 2
		found, err := a.keep(a.over(compile(a.in, int64(budget), months)))
		if err != nil {
			return err
		}
		if found {
			enough = a.pool[len(a.pool)-1].LastPayDay + 1
		} else {
			few = months + 1
		}
	}
	return nil
}

// smallFirst returns the snowball plan within a budget, nil if there is none.
func (a *advisor) smallFirst(budget money.Øre) (*Plan, error) {
	found, err := a.keep(a.over(compile(a.in, int64(budget), len(a.in.PayDays)).inSnowball()))
	if !found || err != nil {
		return nil, err
	}
	p := a.pool[len(a.pool)-1]
	return &p, nil
}

// payNow pays everything on the first pay day, with the deferrals that save a fee.
func (a *advisor) payNow() (Plan, error) {
	p := compile(a.in, math.MaxInt64/512, 1)
	s := p.newState()
	for i := range p.cases {
		c := &p.cases[i]
		if c.days > 0 && c.feesUntil(1, 0) < c.feesUntil(0, 0) {
			s.deferred[i] = 1
		}
	}
	l := newLayout(p)
	l.run(s)
	in := *a.in
	in.Budget = NoBudget
	return Evaluate(in, l.decisions(s))
}

// add shows a plan, or that a plan already shown is best at this too.
func (a *advisor) add(kind Kind, p Plan) {
	for i := range a.out.Suggestions {
		if s := &a.out.Suggestions[i]; reflect.DeepEqual(s.Plan.Decisions(), p.Decisions()) {
			s.Kinds = append(s.Kinds, kind)
			return
		}
	}
	a.out.Suggestions = append(a.out.Suggestions, Suggestion{Kinds: []Kind{kind}, Plan: p})
}
