package solver

import (
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

func example(t *testing.T) Instance {
	t.Helper()
	data, err := os.ReadFile("testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	in, err := ParseInstance(data)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestSuggestExample holds the figures of docs/solution.md.
func TestSuggestExample(t *testing.T) {
	t.Parallel()
	s, err := Suggest(t.Context(), example(t))
	if err != nil {
		t.Fatal(err)
	}
	type figures struct{ cost, total, wait, separate money.Øre }
	want := map[Kind]figures{
		LowestCost: {43_476, 1_222_779, 491_695, 344_762},
		PayFirst:   {3_545, 1_182_848, 531_626, 384_693},
	}
	for _, x := range s.Suggestions {
		w, ok := want[x.Kinds[0]]
		got := figures{x.Plan.Cost, x.Plan.TotalPaid, x.SavedAgainstWait, x.SavedAgainstSeparate}
		if ok && got != w {
			t.Errorf("%v: %+v, want %+v", x.Kinds, got, w)
		}
	}
	if kinds := s.Suggestions[0].Kinds; !slices.Equal(kinds, []Kind{LowestCost, Fastest}) {
		t.Errorf("the first suggestion is %v", kinds)
	}
	if !slices.Equal(s.LeftOut, []string{"C4"}) {
		t.Errorf("left out: %v", s.LeftOut)
	}
}

func TestSuggestWithoutBudget(t *testing.T) {
	t.Parallel()
	in := example(t)
	in.Budget = NoBudget
	s, err := Suggest(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []Kind
	for _, x := range s.Suggestions {
		kinds = append(kinds, x.Kinds...)
	}
	if want := []Kind{LowestMonth, PayFirst, PayToday}; !slices.Equal(kinds, want) || len(s.TradeOff) < 3 || s.Feasible {
		t.Errorf("kinds %v, trade-off %v, feasible %t", kinds, s.TradeOff, s.Feasible)
	}
}

func TestSuggestTooLittle(t *testing.T) {
	t.Parallel()
	in := example(t)
	in.Budget = 100_00
	s, err := Suggest(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if s.Feasible || s.LeastBudget <= in.Budget || len(s.Suggestions) != 3 {
		t.Errorf("feasible %t, least budget %d, %d suggestions", s.Feasible, s.LeastBudget, len(s.Suggestions))
	}
}

func TestSuggestNothingOwed(t *testing.T) {
	t.Parallel()
	in := example(t)
	for i := range in.Cases {
		in.Cases[i].Objection = true
	}
	s, err := Suggest(t.Context(), in)
	if err != nil || len(s.Suggestions) != 0 || len(s.LeftOut) != 4 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestSuggestEndsBeforeTheSetupFee has cases enough for agreements that end before they were
// planned to, and so early that no setup fee is charged: layout and evaluator agree on it.
func TestSuggestEndsBeforeTheSetupFee(t *testing.T) {
	t.Parallel()
	today := norway.MustDate("2026-03-02")
	in := Instance{ID: "many", AsOf: today, Budget: 20_000_00, Imputation: debt.CostsFirst}
	for m := range 60 {
		in.PayDays = append(in.PayDays, today.AddDays(18).AddMonths(m))
	}
	for a := range 3 {
		in.Agencies = append(in.Agencies, Agency{
			ID: strconv.Itoa(a), MinInstalment: 300_00, MaxInstalments: 24, InstalmentFee: 65_00,
			SetupFee: 300_00, SetupFreeInstalments: 4, MaxDeferralDays: 30, Joint: a == 0,
		})
	}
	for i := range 30 {
		in.Cases = append(in.Cases, Case{
			ID: "c" + strconv.Itoa(i), Agency: strconv.Itoa(i % 3), Stage: Collection,
			Principal: money.Øre(500_00 + 370_01*(i%17)), RateBasisPoints: 1200, AgreementFrom: today,
			Events: []Event{{Date: today.AddDays(10 + i), Fee: 600_00}, {Date: today.AddDays(80 + i), Fee: 1_500_00}},
		})
	}
	if _, err := Suggest(t.Context(), in); err != nil {
		t.Error(err)
	}
}

// TestSuggestStops: nobody waits any more once the context is done, whatever was being searched for.
func TestSuggestStops(t *testing.T) {
	t.Parallel()
	in := newDice(3).instance(8, 24)
	whole := &countdown{Context: t.Context(), left: math.MaxInt64}
	if _, err := Suggest(whole, in); err != nil {
		t.Fatal(err)
	}
	asked := math.MaxInt64 - whole.left
	if asked < 20 {
		t.Fatalf("asked %d times: a long search goes on alone", asked)
	}
	for _, after := range []int64{0, 1, asked / 4, asked / 2, asked - 2} {
		ctx := &countdown{Context: t.Context(), left: after}
		if _, err := Suggest(ctx, in); !errors.Is(err, context.Canceled) {
			t.Errorf("done when asked for the %d. time: %v", after, err)
		}
		if ctx.left < -6 {
			t.Errorf("done when asked for the %d. time, and asked %d times more", after, -ctx.left)
		}
	}
}

// countdown is a context that is done after it was asked a number of times.
type countdown struct {
	context.Context
	left int64
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestNothingNeedless: no suggestion asks an agency for a deferral without which the same payments pay
// everything at the same cost, nor for an agreement without which they do so at less.
func TestNothingNeedless(t *testing.T) {
	t.Parallel()
	asked := map[Kind]int{}
	for seed := range uint64(40) {
		d := newDice(77_000 + seed)
		in := d.instance(d.between(2, 7), d.between(3, 14))
		for i := range in.Agencies {
			if d.chance(50) {
				in.Agencies[i].DeferralFee = 0
			}
		}
		found, err := Suggest(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for i := range found.Suggestions {
			s := &found.Suggestions[i]
			in := in
			in.Budget, in.Budgets = NoBudget, nil
			all := s.Plan.Decisions()
			for k, x := range all.Deferrals {
				asked[s.Kinds[0]]++
				without := all
				without.Deferrals = slices.Delete(slices.Clone(all.Deferrals), k, k+1)
				if p, err := Evaluate(in, without); err == nil && p.Cost <= s.Plan.Cost {
					t.Errorf("seed %d: %v defers %s for nothing: it costs %s, and %s without", seed, s.Kinds, x.Case,
						s.Plan.Cost, p.Cost)
				}
			}
			for k, x := range all.Agreements {
				asked[s.Kinds[0]]++
				without := all
				without.Agreements = slices.Delete(slices.Clone(all.Agreements), k, k+1)
				if p, err := Evaluate(in, without); err == nil && p.Cost < s.Plan.Cost {
					t.Errorf("seed %d: %v agrees on %v for nothing: it costs %s, and %s without", seed, s.Kinds, x.Cases,
						s.Plan.Cost, p.Cost)
				}
			}
		}
	}
	if asked[SmallFirst] < 10 || asked[LowestCost] < 10 {
		t.Errorf("%v deferrals and agreements prove too little", asked)
	}
}
