package solver

import (
	"math"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

func TestSolveByHand(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		change func(*Instance)
		cost   money.Øre
		least  money.Øre // not 0: there is no plan
	}{
		"Deferral": {
			reason: "1 000 øre of deferral beats 10 000 of agreement and 100 000 of heavy fee",
			cost:   14_915, // as reckoned in TestEvaluate
		},
		"NoDeferral": {
			reason: "without deferrals two instalments are cheapest",
			change: func(in *Instance) { in.Agencies[0].MaxDeferralDays = 0 },
			// The event takes effect on pay day 1, so the agreement must begin on pay day 0.
			cost: 23_954,
		},
		"Nothing": {
			reason: "no agreement and no deferral: the event comes",
			change: func(in *Instance) { in.Agencies[0].MaxDeferralDays, in.Agencies[0].MaxInstalments = 0, 0 },
			cost:   113_905,
		},
		"SetupFee": {
			reason: "three instalments have a setup fee: a deferral makes two enough",
			// The deferral moves the event to day 80, so an agreement may wait for pay day 1 and
			// has two instalments: 1000 + 10000. 395000 = 1000 + 9863 + 384137, left 615863;
			// interest 6074.26; 390000 = 6074 + 383926, left 231937; 2287.60: together 18224.
			// An agreement of three from pay day 0 takes 15000 + 10000 and as much interest.
			change: func(in *Instance) { in.Budget = 395_000 },
			cost:   29_224,
		},
		"FirstDay": {
			reason: "one pay day is enough",
			change: func(in *Instance) { in.Budget = 1_009_863 },
			cost:   9_863,
		},
		"TooLittle": {
			reason: "two pay days are too few for 400 000 each",
			// Without an action the event comes, with an agreement 10000: so the deferral, 1000.
			// On day 30 it owes 1010863. B leaves 1010863-B, all principal, which bears
			// 30 days' interest and must be at most B. B = 507911: 502952 + 4960 = 507912 > B.
			// B = 507912: 502951 + 4960 = 507911 <= B.
			change: func(in *Instance) { in.Budget, in.PayDays = 400_000, in.PayDays[:2] },
			least:  507_912,
		},
		"Objection": {
			reason: "a disputed case costs nothing here",
			change: func(in *Instance) { in.Cases[0].Objection = true },
		},
		"NoBudgetNeeded": {
			reason: "nothing is owed",
			change: func(in *Instance) { in.Budget, in.Cases = 0, nil },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := Solve(small(tc.change))
			if err != nil {
				t.Fatal(err)
			}
			if a.Plan.Cost != tc.cost || a.LeastBudget != tc.least || a.Feasible != (tc.least == 0) {
				t.Errorf("%s: cost %d, least %d, want %d, %d", tc.reason, a.Plan.Cost, a.LeastBudget, tc.cost, tc.least)
			}
		})
	}
}

// TestAgainstBruteForce tries every deferral, agreement and coarse payment of two cases on
// three pay days: nothing that it finds is cheaper than the solver's plan.
func TestAgainstBruteForce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		in := newDice(seed+500).instance(2, 3)
		in.Agencies = in.Agencies[:1]
		in.Agencies[0].MaxInstalments = max(in.Agencies[0].MaxInstalments, 2)
		for i := range in.Cases {
			in.Cases[i].Agency, in.Cases[i].Objection = in.Agencies[0].ID, false
		}
		in.Budget = (in.Cases[0].Balance() + in.Cases[1].Balance()) * 45 / 100
		best := bruteForce(&in)
		a, err := Solve(in)
		if err != nil {
			t.Fatal(err)
		}
		if a.Feasible && a.Plan.Cost > best {
			t.Errorf("seed %d: solver %d, brute force %d", seed, a.Plan.Cost, best)
		}
		if !a.Feasible && best < math.MaxInt64 {
			t.Errorf("seed %d: no plan, brute force %d", seed, best)
		}
	}
}

func bruteForce(in *Instance) money.Øre {
	best := money.Øre(math.MaxInt64)
	a := in.Agencies[0]
	ids := []string{in.Cases[0].ID, in.Cases[1].ID}
	sets := [][]string{nil, ids[:1], ids[1:], ids}
	for deferred := range 4 {
		for _, set := range sets {
			for _, span := range [][2]int{{0, 1}, {0, 2}, {1, 2}} {
				if set == nil && span[0] == 1 {
					continue
				}
				d := Decisions{}
				for i, id := range ids {
					if deferred>>i&1 == 1 {
						d.Deferrals = append(d.Deferrals, Deferral{id, max(a.MaxDeferralDays, 1)})
					}
				}
				room := [3]money.Øre{in.Budget, in.Budget, in.Budget}
				if set != nil {
					d.Agreements = []Agreement{{a.ID, set, span[0], span[1]}}
					for t := span[0]; t <= span[1]; t++ {
						room[t] -= a.InstalmentFee
					}
					if span[1]-span[0]+1 > a.SetupFreeInstalments {
						room[span[0]] -= a.SetupFee
					}
				}
				bruteLayouts(in, d, room, func(p Plan) { best = min(best, p.Cost) })
			}
		}
	}
	return best
}

// bruteLayouts pays the first case in eighths of the day's room, with the rest to the
// second, or the other way round; what is still owed at the end is paid exactly.
func bruteLayouts(in *Instance, d Decisions, room [3]money.Øre, found func(Plan)) {
	ids := [2]string{in.Cases[0].ID, in.Cases[1].ID}
	for first := range 9 {
		for second := range 9 {
			for end := range 3 {
				x := [3][2]money.Øre{}
				for t, eighths := range []int{first, second} {
					x[t][0] = room[t] * money.Øre(eighths) / 8
					x[t][1] = room[t] - x[t][0]
				}
				if p, ok := bruteExact(in, d, x, ids, end); ok {
					found(p)
				}
			}
		}
	}
}

// bruteExact cuts payments to what is owed, as Evaluate reckons it in isolation.
func bruteExact(in *Instance, d Decisions, x [3][2]money.Øre, ids [2]string, end int) (Plan, bool) {
	l := newLayout(compile(in, 3))
	s := l.p.newState()
	for _, f := range d.Deferrals {
		if f.Days > in.Agencies[0].MaxDeferralDays {
			return Plan{}, false
		}
		i := 0
		if f.Case == ids[1] {
			i = 1
		}
		if l.p.cases[i].days == 0 {
			return Plan{}, false
		}
		s.deferred[i] = 1
	}
	for _, g := range d.Agreements {
		for _, id := range g.Cases {
			for i := range l.p.cases {
				if l.p.cases[i].src.ID != id {
					continue
				}
				c := &l.p.cases[i]
				if c.group < 0 || c.from > g.First {
					return Plan{}, false
				}
				s.member[i] = true
				l.p.groups[c.group].most = 3
				s.first[c.group], s.last[c.group] = int16(g.First), int16(g.Last)
			}
		}
	}
	l.start(s)
	for t := range 3 {
		l.accrue(s, t)
		l.left = int64(in.Budget)
		for i := range 2 {
			owed := l.cases[i].owed()
			pay := owed
			if t < 2 && t < end+1 {
				pay = min(owed, int64(x[t][i]))
			}
			if pay > 0 {
				l.give(t, i, pay)
				d.Payments = append(d.Payments, Payment{PayDay: t, Case: l.p.cases[i].src.ID, Amount: money.Øre(pay)})
			}
		}
		l.endDay(t)
	}
	p, err := Evaluate(*in, d)
	return p, err == nil
}

func TestBaselines(t *testing.T) {
	t.Parallel()
	in := small(nil)
	wait, separate := in.baseline((*Instance).waitCost), in.baseline((*Instance).separateCost)
	// 90 days: 1000000*12%*90/365 = 29589.04; the event of day 50.
	if want := (Baseline{Cost: 129_589, LastDay: in.PayDays[2]}); wait != want {
		t.Errorf("wait: %+v, want %+v", wait, want)
	}
	// Three instalments from pay day 0: 3*5000 + 10000 setup. 9863.01; 1009863/3 = 336621:
	// principal 326758, left 673242: 6640.20 -> 16503.21; owed 679882/2 = 339941: 333301
	// off, left 339941: 3352.84 -> 19856.06 -> 19856.
	if want := (Baseline{Cost: 44_856, LastDay: in.PayDays[2]}); separate != want {
		t.Errorf("separate: %+v, want %+v", separate, want)
	}
}

func TestPolicyChangesOnlyHelp(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		change func(*Instance)
	}{
		"MoreBudget": {"a plan fits a larger budget too", func(in *Instance) { in.Budget += in.Budget / 4 }},
		"OneMorePayDay": {"nobody need use it", func(in *Instance) {
			in.PayDays = append(in.PayDays,
				in.PayDays[len(in.PayDays)-1].AddMonths(1))
		}},
		"MoreInstalments": {"an agreement may be shorter", func(in *Instance) { in.Agencies[0].MaxInstalments += 6 }},
		"SmallerLeast":    {"an instalment may be larger", func(in *Instance) { in.Agencies[0].MinInstalment /= 2 }},
		"NoInstalmentFee": {"fees only cost", func(in *Instance) { in.Agencies[0].InstalmentFee = 0 }},
		"NoEvents":        {"so do cost steps", func(in *Instance) { in.Cases[0].Events = nil }},
		"LowerRate":       {"and interest", func(in *Instance) { in.Cases[0].RateBasisPoints /= 2 }},
		"EventsThreeLater": {"a later step is easier to avoid", func(in *Instance) {
			for i := range in.Cases[0].Events {
				in.Cases[0].Events[i].Date += norway.Date(3)
			}
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(6) {
				in := newDice(seed+900).instance(3, 8)
				in.Imputation = debt.CostsFirst
				before, err := Solve(in)
				if err != nil {
					t.Fatal(err)
				}
				tc.change(&in)
				after, err := Solve(in)
				if err != nil {
					t.Fatal(err)
				}
				if before.Feasible && (!after.Feasible || after.Plan.Cost > before.Plan.Cost+before.Plan.Cost/200) {
					t.Errorf("seed %d: %s: %d became %d", seed, tc.reason, before.Plan.Cost, after.Plan.Cost)
				}
			}
		})
	}
}
