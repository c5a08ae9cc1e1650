package solver

import (
	"cmp"
	"context"
	"math"
	"reflect"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Kind is what a suggestion is best at.
type Kind string

// The kinds of suggestions, in the order in which they are shown.
const (
	LowestCost  Kind = "LOWEST_COST"  // within the budget
	Fastest     Kind = "FASTEST"      // fewest months within the budget, then lowest cost
	LowestMonth Kind = "LOWEST_MONTH" // least budget that can do it, then lowest cost
	SmallFirst  Kind = "SMALL_FIRST"  // within the budget, the smallest balance first
	PayToday    Kind = "PAY_TODAY"    // all today, whatever the budget
	PayFirst    Kind = "PAY_FIRST"    // all on the first pay day after today, whatever the budget
)

// Suggestion is a plan and what it is best at. Agencies must still accept its deferrals
// and agreements.
type Suggestion struct {
	Kinds                []Kind
	Plan                 Plan
	SavedAgainstWait     money.Øre // negative: it costs more
	SavedAgainstSeparate money.Øre
	// LowerBound is what no plan costs less than that keeps to the same budgets: those of its first kind.
	LowerBound money.Øre
}

// Suggestions is all that a debtor is shown.
type Suggestions struct {
	Suggestions []Suggestion // identical plans once
	TradeOff    []TradeOff   // by rising month and falling cost, at most 12
	LeastBudget money.Øre    // the least amount on each pay day but today for which a plan was found
	Feasible    bool         // there is a budget and a plan within it
	Wait        Baseline
	Separate    Baseline
	LeftOut     []string // cases with an objection, which no plan counts
}

// Suggest computes every suggestion for an instance. Without a budget there are PayToday, PayFirst
// and LowestMonth, and the trade-off to choose a budget from. It returns the context's error soon
// after the context is done.
func Suggest(ctx context.Context, in Instance) (Suggestions, error) {
	if err := in.Validate(); err != nil {
		return Suggestions{}, err
	}
	a := advisor{stop: ctx.Err, in: &in, work: usualWork(in.size())}
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
	today, err := a.payToday()
	if err != nil || len(today.Closings) == 0 {
		return err
	}
	if last := len(a.in.PayDays) - 1; last == 0 && a.in.Today() {
		a.out.LeastBudget, a.out.Feasible = NoBudget, a.in.left()[last] >= int64(today.TotalPaid)
	} else if err := a.choose(); err != nil {
		return err
	}
	a.add(PayToday, today, 0)
	return nil
}

// choose computes what pays on later days than today.
func (a *advisor) choose() error {
	first, err := a.payFirst()
	if err != nil {
		return err
	}
	a.q = newSearch(compile(a.in, len(a.in.PayDays)), 0)
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
	a.pool, a.near = append(a.pool, first, proof), s
	a.out.LeastBudget = money.Øre(least)
	months := amounts(month, first.LargestMonth+money.Øre(a.q.p.pledgedOn(a.q.p.t-a.q.p.later())))
	if err := a.walk(months[:max(len(months)-1, 1)]); err != nil {
		return err
	}
	if a.in.Budgeted() {
		if err := a.within(); err != nil {
			return err
		}
	}
	a.curve(months)
	if p, ok := a.cheapest(a.each(month), len(a.in.PayDays)); ok {
		a.add(LowestMonth, p, a.bound(a.each(month)))
	}
	a.add(PayFirst, first, first.Cost) // nobody can pay earlier, and each deferral is the cheaper choice
	return nil
}

// within computes what needs a budget.
func (a *advisor) within() error {
	budgets := a.own()
	best, ok := a.cheapest(budgets, len(a.in.PayDays))
	if a.out.Feasible = ok; !ok {
		return nil
	}
	small, err := a.smallFirst()
	if err != nil {
		return err
	}
	if err := a.fastest(&best); err != nil {
		return err
	}
	best, _ = a.cheapest(budgets, len(a.in.PayDays))
	bound := a.bound(budgets)
	a.add(LowestCost, best, bound)
	months := best.LastPayDay + 1
	for i := range a.pool {
		if p := &a.pool[i]; a.fits(p, budgets) {
			months = min(months, p.LastPayDay+1)
		}
	}
	if fast, ok := a.cheapest(budgets, months); ok {
		a.add(Fastest, fast, bound)
	}
	if small != nil {
		a.add(SmallFirst, *small, bound)
	}
	return nil
}

// each is the budgets of the pay days with one amount on all but today.
func (a *advisor) each(budget money.Øre) []int64 {
	a.q.p.each(int64(budget))
	return slices.Clone(a.q.p.budgets)
}

// own is what the promises leave of the budgets that the debtor has named.
func (a *advisor) own() []int64 { return a.in.left() }

// fits says whether a plan keeps to budgets.
func (a *advisor) fits(p *Plan, budgets []int64) bool {
	left, day := int64(0), 0
	for _, m := range p.Months {
		for ; a.in.CarryOver && day < m.PayDay; day++ {
			left += budgets[day]
		}
		day = m.PayDay + 1
		if left += budgets[m.PayDay] - int64(m.Total); left < 0 {
			return false
		}
		if !a.in.CarryOver {
			left = 0
		}
	}
	return true
}

// search adds the cheapest plan found within budgets. It begins where the search before
// ended: a budget close by mostly has a plan close by.
func (a *advisor) search(budgets []int64, work int, quick bool) error {
	copy(a.q.p.budgets, budgets)
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

// cheapest is the best plan of the pool within budgets and a number of pay days.
func (a *advisor) cheapest(budgets []int64, payDays int) (best Plan, ok bool) {
	for i := range a.pool {
		p := &a.pool[i]
		if p.LastPayDay < payDays && (!ok || p.less(&best)) && a.fits(p, budgets) {
			best, ok = *p, true
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

// fastest halves the number of months between what the budgets can pay at all and what is
// known to be enough.
func (a *advisor) fastest(best *Plan) error {
	few, sum, budgets := 0, int64(0), a.own()
	for ; few < best.LastPayDay && sum < int64(best.Opening); few++ {
		sum += budgets[few]
	}
	for enough := best.LastPayDay + 1; few < enough; {
		months := (few + enough) / 2
		if months == 0 {
			break
		}
		found, err := a.keep(a.over(compile(a.in, months)))
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

// smallFirst returns the snowball plan within the budgets, nil if there is none.
func (a *advisor) smallFirst() (*Plan, error) {
	found, err := a.keep(a.over(compile(a.in, len(a.in.PayDays)).inSnowball()))
	if !found || err != nil {
		return nil, err
	}
	p := a.pool[len(a.pool)-1]
	return &p, nil
}

// payToday pays everything today, which need not be a pay day.
func (a *advisor) payToday() (Plan, error) {
	in := *a.in
	in.Budgets, in.Budget = nil, NoBudget
	if !in.Today() {
		in.PayDays = append([]norway.Date{in.AsOf}, in.PayDays...)
		in.OffRhythm = []int{0}
		for _, t := range a.in.OffRhythm {
			in.OffRhythm = append(in.OffRhythm, t+1)
		}
	}
	var d Decisions
	for i := range in.Cases {
		if c := &in.Cases[i]; !c.Objection && c.Balance() > 0 {
			d.Payments = append(d.Payments, Payment{Case: c.ID, Amount: c.Balance()})
		}
	}
	return Evaluate(in, d)
}

// payFirst pays everything on the first pay day after today, with the deferrals that save a fee.
func (a *advisor) payFirst() (Plan, error) {
	in := *a.in
	in.Budgets, in.Budget = nil, NoBudget
	first := 0
	if in.Today() {
		first = 1
	}
	later := in
	later.PayDays, later.OffRhythm = in.PayDays[first:], nil
	p := compile(&later, 1)
	p.each(math.MaxInt64 / 512)
	s := p.newState()
	for i := range p.cases {
		c := &p.cases[i]
		if c.days > 0 && c.feesUntil(1, 0) < c.feesUntil(0, 0) {
			s.deferred[i] = 1
		}
	}
	l := newLayout(p)
	l.run(s)
	d := l.decisions(s)
	for i := range d.Payments {
		d.Payments[i].PayDay = first
	}
	return Evaluate(in, d)
}

// add shows a plan, or that a plan already shown is best at this too.
func (a *advisor) add(kind Kind, p Plan, bound money.Øre) {
	for i := range a.out.Suggestions {
		if s := &a.out.Suggestions[i]; reflect.DeepEqual(s.Plan.Decisions(), p.Decisions()) {
			s.Kinds = append(s.Kinds, kind)
			return
		}
	}
	a.out.Suggestions = append(a.out.Suggestions, Suggestion{Kinds: []Kind{kind}, Plan: p, LowerBound: bound})
}
