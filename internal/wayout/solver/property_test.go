package solver

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

func drawInstance(t *rapid.T) Instance {
	d := newDice(rapid.Uint64().Draw(t, "seed"))
	in := d.instance(rapid.IntRange(1, 6).Draw(t, "cases"), rapid.IntRange(1, 14).Draw(t, "payDays"))
	for i := range in.Agencies {
		in.Agencies[i].Imputation = pick(d, "", "", debt.CostsFirst, debt.PrincipalFirst)
		in.Agencies[i].StepsGoOn = d.chance(15)
	}
	for i := range in.Cases {
		c := &in.Cases[i]
		c.Fraction = d.Int64N(unitsPerØre)
		c.AgreementGroup = pick(d, "", "", "", "A", "B")
		for day := in.AsOf.AddDays(d.IntN(200)); d.chance(50); day = day.AddDays(d.between(1, 200)) {
			if day > in.AsOf {
				c.Rates = append(c.Rates, Rate{From: day, BasisPoints: d.IntN(2500)})
			}
		}
	}
	return in
}

func solved(t interface{ Fatalf(string, ...any) }, in Instance) Answer {
	a, err := Solve(in)
	if err != nil {
		t.Fatalf("solve: %v", err)
	}
	return a
}

func TestEveryØreIsAccountedFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t)
		a := solved(t, in)
		if !a.Feasible {
			if a.LeastBudget <= in.Budget {
				t.Fatalf("no plan for %d, and the least budget is %d", in.Budget, a.LeastBudget)
			}
			in.Budget = a.LeastBudget
			if a = solved(t, in); !a.Feasible {
				t.Fatalf("no plan for the least budget %d", in.Budget)
			}
		}
		p := a.Plan
		paid, total := money.Øre(0), money.Øre(0)
		for _, m := range p.Months {
			if m.Total > in.Budget {
				t.Fatalf("pay day %d takes %d of %d", m.PayDay, m.Total, in.Budget)
			}
			total += m.Total
			for _, r := range m.Payments {
				paid += r.Amount
				if r.ToCosts+r.ToInterest+r.ToPrincipal != r.Amount || min(r.ToCosts, r.ToInterest, r.ToPrincipal, r.Balance) < 0 {
					t.Fatalf("parts of %+v", r)
				}
			}
		}
		if want := p.Opening + p.Interest + p.EventFees + p.DeferralFees; paid != want {
			t.Fatalf("cases got %d, owed %d", paid, want)
		}
		if total != paid+p.AgreementFees || total != p.TotalPaid {
			t.Fatalf("paid %d, cases %d, fees %d, said %d", total, paid, p.AgreementFees, p.TotalPaid)
		}
		again, err := Evaluate(in, p.Decisions())
		if err != nil || again.Cost != p.Cost {
			t.Fatalf("evaluated again: %v, cost %d, was %d", err, again.Cost, p.Cost)
		}
	})
}

func TestOrderOfInputDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t)
		before := solved(t, in)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shuffle"), 1))
		r.Shuffle(len(in.Cases), func(i, j int) { in.Cases[i], in.Cases[j] = in.Cases[j], in.Cases[i] })
		r.Shuffle(len(in.Agencies), func(i, j int) { in.Agencies[i], in.Agencies[j] = in.Agencies[j], in.Agencies[i] })
		for k := range in.Cases {
			e := in.Cases[k].Events
			r.Shuffle(len(e), func(i, j int) { e[i], e[j] = e[j], e[i] })
		}
		after := solved(t, in)
		a, _ := before.Encode(in.ID)
		b, _ := after.Encode(in.ID)
		if !bytes.Equal(a, b) {
			t.Fatalf("plans differ:\n%s\n%s", a, b)
		}
	})
}

func TestObjectionChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t)
		before := solved(t, in)
		disputed := in.Cases[0]
		disputed.ID, disputed.Objection = "C00", true
		in.Cases = append(in.Cases, disputed)
		after := solved(t, in)
		if before.Plan.Cost != after.Plan.Cost || before.LeastBudget != after.LeastBudget {
			t.Fatalf("cost %d became %d", before.Plan.Cost, after.Plan.Cost)
		}
	})
}

func TestSuggestionsAreInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t)
		s, err := Suggest(t.Context(), in)
		if err != nil {
			t.Fatalf("suggest: %v", err)
		}
		byKind := map[Kind]*Plan{}
		for i := range s.Suggestions {
			for _, k := range s.Suggestions[i].Kinds {
				byKind[k] = &s.Suggestions[i].Plan
			}
		}
		lowest := byKind[LowestCost]
		if s.Feasible != (lowest != nil) || s.Feasible != (in.Budget >= s.LeastBudget && len(byKind) > 0) {
			t.Fatalf("feasible %t, least %d of %d, kinds %v", s.Feasible, s.LeastBudget, in.Budget, byKind)
		}
		if lowest != nil {
			if lowest.Cost > byKind[Fastest].Cost || byKind[Fastest].LastPayDay > lowest.LastPayDay {
				t.Fatal("fastest is cheaper than the cheapest, or slower")
			}
			if small := byKind[SmallFirst]; small != nil && lowest.Cost > small.Cost {
				t.Fatal("smallest first is cheaper than the cheapest")
			}
			if month := byKind[LowestMonth]; in.Budget >= month.LargestMonth && lowest.Cost > month.Cost {
				t.Fatal("a lower month is cheaper")
			}
		}
		for i, p := range s.TradeOff {
			if i > 0 && (p.Cost >= s.TradeOff[i-1].Cost || p.Month <= s.TradeOff[i-1].Month) {
				t.Fatalf("trade-off: %v", s.TradeOff)
			}
			if lowest != nil && p.Month >= in.Budget && p.Cost > lowest.Cost {
				t.Fatalf("more budget costs more: %v, lowest %d", p, lowest.Cost)
			}
		}
		if len(s.TradeOff) > tradeOffPoints {
			t.Fatalf("%d points", len(s.TradeOff))
		}
	})
}

// TestAgreementsKeepToTheirGroup: no plan joins cases of different groups, whatever it would
// save, and each group of an agency that joins cases has one agreement at most.
func TestAgreementsKeepToTheirGroup(t *testing.T) {
	t.Parallel()
	several := 0
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t)
		for i := range in.Agencies {
			in.Agencies[i].Joint = true
		}
		a := solved(t, in)
		if !a.Feasible {
			in.Budget = a.LeastBudget
			a = solved(t, in)
		}
		of := map[string]*Case{}
		for i := range in.Cases {
			of[in.Cases[i].ID] = &in.Cases[i]
		}
		made := map[[2]string]bool{}
		for _, g := range a.Plan.Agreements {
			group := of[g.Cases[0]].AgreementGroup
			for _, id := range g.Cases {
				if of[id].AgreementGroup != group {
					t.Fatalf("%v are joined, of the groups %q and %q", g.Cases, group, of[id].AgreementGroup)
				}
			}
			if made[[2]string{g.Agency, group}] {
				t.Fatalf("group %q of %s has two agreements", group, g.Agency)
			}
			made[[2]string{g.Agency, group}] = true
			if len(g.Cases) > 1 {
				several++
			}
		}
	})
	if several == 0 {
		t.Error("no agreement joins cases: nothing is proved")
	}
}
