package solver

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
)

// The naive strategies: an order of payment, with every agreement that may be had or none.
var naiveOrders = map[string]func(l *layout, s *state, t int) []int{
	"avalanche": byKey(func(l *layout, _ *state, i int) int64 { return -l.p.cases[i].rate }),
	"snowball":  byKey(func(l *layout, _ *state, i int) int64 { return l.cases[i].owed() }),
	"escalation": byKey(func(l *layout, s *state, i int) int64 {
		if hits := l.p.cases[i].hits[s.deferred[i]]; l.cases[i].next < len(hits) {
			return int64(hits[l.cases[i].next])
		}
		return 1 << 40
	}),
	"pro rata": nil,
}

func byKey(key func(*layout, *state, int) int64) func(*layout, *state, int) []int {
	return func(l *layout, s *state, _ int) []int {
		order := make([]int, l.p.n)
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key(l, s, a), key(l, s, b)) })
		return order
	}
}

// naive plays a strategy through; ok is false if it does not pay everything.
func naive(in *Instance, order string, agreements bool) (plan Plan, ok bool) {
	p := compile(in, len(in.PayDays))
	s := p.newState()
	for g := range p.groups {
		if agreements {
			first := 0
			for _, i := range p.groups[g].members {
				first = max(first, p.cases[i].from)
			}
			p.joinAll(s, g, first, min(first+p.groups[g].most-1, p.t-1))
		}
	}
	l := newLayout(p)
	for range 2 * (len(p.groups) + 1) {
		failed := naiveRun(l, s, order)
		again := false
		for g := range l.groups {
			r := &l.groups[g]
			switch {
			case failed == g:
				for _, i := range p.groups[g].members {
					s.member[i] = false
				}
				again = true
			case failed < 0 && r.begun && r.last != r.due && r.last > r.first:
				s.last[g], again = int16(r.last), true
			}
		}
		if !again {
			break
		}
	}
	if l.score.unpaid != 0 {
		return plan, false
	}
	plan, err := Evaluate(*in, l.decisions(s))
	return plan, err == nil
}

// naiveRun returns the group whose agreement is breached, -1 if none is.
func naiveRun(l *layout, s *state, order string) int {
	l.start(s)
	for t := range l.p.t {
		l.accrue(s, t)
		lack := l.beginDay(t)
		for g := range l.groups {
			if lack > 0 && l.groups[g].open > 0 && t >= int(l.groups[g].first) {
				return g
			}
			for _, i := range l.p.groups[g].members {
				if s.member[i] {
					l.give(t, i, min(l.groups[g].minimum, l.cases[i].owed()))
				}
			}
		}
		if sort := naiveOrders[order]; sort != nil {
			for _, i := range sort(l, s, t) {
				l.give(t, i, l.cases[i].owed())
			}
		} else {
			total, left := int64(0), l.left
			for i := range l.cases {
				total += l.cases[i].owed()
			}
			for i := range l.cases {
				l.give(t, i, min(l.cases[i].owed(), (left*l.cases[i].owed()+total-1)/max(total, 1)))
			}
		}
		if l.endDay(t) > 0 {
			for g := range l.groups {
				if r := &l.groups[g]; r.begun && r.open > 0 {
					return g
				}
			}
		}
	}
	for i := range l.cases {
		l.score.unpaid += l.cases[i].owed()
	}
	return -1
}

func TestNeverWorseThanNaive(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, size := range [][2]int{{2, 6}, {3, 10}, {5, 12}, {6, 8}, {8, 12}, {12, 24}} {
		for seed := range uint64(6) {
			in := newDice(seed+100).instance(size[0], size[1])
			answer, err := Solve(in)
			if err != nil {
				t.Fatalf("%v seed %d: %v", size, seed, err)
			}
			for order := range naiveOrders {
				for _, agreements := range []bool{false, true} {
					plan, ok := naive(&in, order, agreements)
					if !ok {
						continue
					}
					checked++
					what := fmt.Sprintf("%v seed %d against %s, agreements %t", size, seed, order, agreements)
					if !answer.Feasible {
						t.Errorf("%s: no plan found, and this is one", what)
					} else if answer.Plan.Cost > plan.Cost {
						t.Errorf("%s: costs %d, naive %d", what, answer.Plan.Cost, plan.Cost)
					}
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d naive plans were feasible: the instances test nothing", checked)
	}
}
