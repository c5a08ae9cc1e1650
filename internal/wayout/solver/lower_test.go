package solver

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt/money"
)

// TestLowerBoundIsWorthSomething: on instances of a usual size, the bound is most of the cost.
func TestLowerBoundIsWorthSomething(t *testing.T) {
	t.Parallel()
	bounds, costs := 0.0, 0.0
	for seed := range uint64(6) {
		in := newDice(seed).instance(5, 12)
		if a := solved(t, in); a.Feasible {
			bounds += float64(compile(&in, len(in.PayDays)).lowerBound(boundSteps))
			costs += float64(a.Plan.Cost)
		}
	}
	if costs == 0 || bounds < costs/2 {
		t.Errorf("the bounds are %.2f of the costs", bounds/costs)
	}
}

// TestLowerBoundOfSearch: no plan that is found is below the bound of its budgets, in any kind of
// instance.
func TestLowerBoundOfSearch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawSecond(t)
		for i := range in.Agencies {
			in.Agencies[i].MaxInstalments = max(in.Agencies[i].MaxInstalments-rapid.IntRange(0, 8).Draw(t, "fewer"), 1)
		}
		a := solved(t, in)
		if !a.Feasible {
			return
		}
		steps := rapid.IntRange(1, boundSteps).Draw(t, "steps")
		if low := compile(&in, len(in.PayDays)).lowerBound(steps); low > int64(a.Plan.Cost) {
			t.Fatalf("a plan costs %d, and none less than %d", a.Plan.Cost, low)
		}
		s, err := Suggest(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range s.Suggestions {
			if x.LowerBound > x.Plan.Cost {
				t.Fatalf("%v costs %d, and nothing less than %d", x.Kinds, x.Plan.Cost, x.LowerBound)
			}
		}
	})
}

// TestLowerBoundOfExhaustion: nor is any plan below it of all that pay two cases on three or four
// days in halves of what there is, whatever is deferred and agreed.
func TestLowerBoundOfExhaustion(t *testing.T) {
	t.Parallel()
	close, tried := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := newDice(rapid.Uint64().Draw(t, "seed"))
		in := d.instance(2, 3)
		for i := range in.Cases {
			in.Cases[i].Objection, in.Cases[i].Agency = false, in.Agencies[0].ID
		}
		in.Agencies = in.Agencies[:1]
		in.Agencies[0].StepsGoOn = d.chance(15)
		in.Budget = (in.Cases[0].Balance() + in.Cases[1].Balance()) * money.Øre(d.between(35, 70)) / 100
		if d.chance(50) {
			in.PayDays = append(in.PayDays[:0:0], in.AsOf, in.PayDays[0], in.PayDays[1], in.PayDays[2])
			in.OffRhythm = []int{pick(d, 0, 2)}
		}
		in.CarryOver = d.chance(50)
		best := exhaust(&in)
		if best == math.MaxInt64 {
			return
		}
		tried++
		low := compile(&in, len(in.PayDays)).lowerBound(boundSteps)
		if low > int64(best) {
			t.Fatalf("a plan costs %d, and none less than %d", best, low)
		}
		if low > int64(best)*9/10 {
			close++
		}
	})
	if tried == 0 || close == 0 {
		t.Errorf("of %d instances %d have a bound close to the best plan: too little is proved", tried, close)
	}
}

// exhaust returns the least cost of all such plans.
func exhaust(in *Instance) money.Øre {
	best := money.Øre(math.MaxInt64)
	p := compile(in, len(in.PayDays))
	l, s := newLayout(p), p.newState()
	pays := make([]int, p.t-1) // in base 3 for each case: nothing, half, all of what there is
	var try func(t int)
	try = func(t int) {
		if t < len(pays) {
			for pays[t] = 0; pays[t] < 9; pays[t]++ {
				try(t + 1)
			}
			return
		}
		if plan, ok := playPays(in, l, s, pays); ok {
			best = min(best, plan.Cost)
		}
	}
	for choice := range 16 {
		for i := range p.cases {
			s.deferred[i] = int8(choice >> i & 1)
			s.member[i] = choice>>(2+i)&1 == 1
		}
		if s.deferred[0] > 0 && p.cases[0].days == 0 || s.deferred[1] > 0 && p.cases[1].days == 0 ||
			s.member[0] && p.cases[0].group < 0 || s.member[1] && p.cases[1].group < 0 {
			continue
		}
		firsts := []int{0}
		if choice >= 4 {
			firsts = p.days
		}
		for _, first := range firsts {
			for g := range s.first {
				s.first[g], s.last[g] = int16(first), int16(p.t-1)
			}
			try(0)
		}
	}
	return best
}

// playPays plays payments through, with all that is owed on the last day.
func playPays(in *Instance, l *layout, s *state, pays []int) (Plan, bool) {
	p := l.p
	l.start(s)
	spare := int64(0)
	for t := range p.t {
		l.accrue(s, t)
		for g := range l.groups {
			if r := &l.groups[g]; r.open > 0 && t >= int(r.first) {
				r.begun = true
			}
		}
		l.left = p.budgets[t]
		if p.carry {
			l.left += spare
		}
		there := l.left
		for i := range p.cases {
			x := int64(math.MaxInt64)
			if t < len(pays) {
				x = there * int64([...]int{pays[t] % 3, pays[t] / 3}[i]) / 2
			} else {
				l.left = x
			}
			l.give(t, i, min(x, l.cases[i].owed()))
		}
		spare = l.left
		l.endDay(t)
	}
	for i := range l.cases {
		if l.cases[i].owed() > 0 {
			return Plan{}, false
		}
	}
	plan, err := Evaluate(*in, l.decisions(s))
	return plan, err == nil
}
