package offer_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/wayout/offer"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// soon is a case that owes 389.10 and gets a cost of 187.50 after ten days, before any 20th.
func soon() *debt.Person {
	p := person(claim("1", func(c *debt.Case) {
		c.OriginalPrincipal, c.InterestFrom = 389_10, today
		c.ScheduledCosts = []debt.ScheduledCost{{On: today.AddDays(11), Kind: debt.CostLightFee, Amount: 187_50}}
	}))
	policy := &p.Parts[0].Cases[0].Terms.Policy
	policy.MaxInstalments, policy.MaxDeferralDays = 0, 0
	return p
}

func ofKind(t *testing.T, s *offer.Solutions, kind solver.Kind) *offer.Solution {
	t.Helper()
	i := slices.IndexFunc(s.Suggestions, func(s offer.Solution) bool { return slices.Contains(s.Kinds, kind) })
	if i < 0 {
		t.Fatalf("no %s", kind)
	}
	return &s.Suggestions[i]
}

// TestNoCheaperDayIsHidden: whoever names no day is shown what paying today costs, nothing, and what it
// costs on the last day before the first cost. Whoever names a later one is told what an earlier would save.
func TestNoCheaperDayIsHidden(t *testing.T) {
	t.Parallel()
	by := today.AddDays(10)
	cost := offer.AvoidableCost{On: by + 1, Amount: 187_50, AvoidBy: by}
	comes := cost
	comes.Arises = true
	cases := map[string]struct {
		reason string
		input  offer.Input
		kind   solver.Kind
		on     norway.Date
		total  money.Øre
		cost   offer.AvoidableCost
	}{
		"today": {"nothing comes on top", offer.Input{}, solver.PayToday, today, 389_10, cost},
		"first": {"ten days of 12 %, 1.27, are all", offer.Input{}, solver.PayFirst, by, 390_37, cost},
		"the 20th": {"18 days are 2.30, and the fee comes", offer.Input{PayDays: []int{20}}, solver.PayFirst,
			norway.MustDate("2026-03-20"), 389_10 + 2_30 + 187_50, comes},
		"payDay": {"the old name", offer.Input{PayDay: new(20)}, solver.PayFirst, norway.MustDate("2026-03-20"),
			389_10 + 2_30 + 187_50, comes},
		"also today": {"the named day is not today", offer.Input{PayDays: []int{20}, PayToday: new(money.Øre(100_00))},
			solver.PayToday, today, 389_10, cost},
	}
	for name, tc := range cases {
		s := ofKind(t, suggest(t, soon(), tc.input), tc.kind)
		if s.LastDay != tc.on || s.TotalPaid != tc.total || s.Months != 1 {
			t.Errorf("%s (%s): %s on %s", name, tc.reason, s.TotalPaid, s.LastDay)
		}
		if len(s.Avoidable) != 1 || s.Avoidable[0].Case == nil {
			t.Fatalf("%s: %+v", name, s.Avoidable)
		}
		if s.Avoidable[0].Case = nil; s.Avoidable[0] != tc.cost {
			t.Errorf("%s (%s): %+v, want %+v", name, tc.reason, s.Avoidable[0], tc.cost)
		}
	}
}

// TestPayTodayHelps: with something to pay today the fee is avoided, which no later day can.
func TestPayTodayHelps(t *testing.T) {
	t.Parallel()
	input := offer.Input{PayDays: []int{20}, MonthlyBudget: new(money.Øre(200_00))}
	without := ofKind(t, suggest(t, soon(), input), solver.LowestCost)
	input.PayToday = new(money.Øre(389_10))
	all := suggest(t, soon(), input)
	with := ofKind(t, all, solver.LowestCost)
	if with.Cost != 0 || with.LastDay != today || without.Cost < 187_50 || all.PayDays[0] != today {
		t.Errorf("%s without, %s with it on %s", without.Cost, with.Cost, with.LastDay)
	}
	if !slices.Contains(with.Kinds, solver.PayToday) || !slices.Contains(with.Kinds, solver.Fastest) {
		t.Errorf("%v is one plan", with.Kinds)
	}
}

// TestSeveralPayDays: a second day of the month has a budget of its own, or none, and what is saved counts.
func TestSeveralPayDays(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		input  offer.Input
		want   string
	}{
		"the first alone": {"monthlyBudget is for it", offer.Input{PayDays: []int{20, 5}, Months: new(3),
			MonthlyBudget: new(money.Øre(200_00))}, "[2026-03-05 2026-03-20 2026-04-05 2026-04-20 2026-05-05 2026-05-20]" +
			" [2026-03-20 2026-04-20 2026-05-20]"},
		"both": {"each has its own", offer.Input{PayDays: []int{20, 5}, Months: new(2),
			PayDayBudgets: []money.Øre{200_00, 400_00}}, "[2026-03-05 2026-03-20 2026-04-05 2026-04-20] [2026-03-05]"},
		"one day twice": {"31 and 30 are the same in April", offer.Input{PayDays: []int{31, 30}, Months: new(2),
			PayDayBudgets: []money.Øre{100_00, 300_00}}, "[2026-03-30 2026-03-31 2026-04-30] [2026-03-30 2026-03-31 2026-04-30]"},
	}
	for name, tc := range cases {
		all := suggest(t, soon(), tc.input)
		var paid []norway.Date
		for _, m := range ofKind(t, all, solver.LowestCost).Schedule {
			paid = append(paid, m.DueOn)
		}
		if got := fmt.Sprint(all.PayDays, " ", paid); got != tc.want {
			t.Errorf("%s (%s): %s, want %s", name, tc.reason, got, tc.want)
		}
	}
}

func TestInputIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		input  offer.Input
		field  string
	}{
		"twice":      {"one of the two names", offer.Input{PayDay: new(20), PayDays: []int{20}}, "input.payDays"},
		"none":       {"a month has a pay day", offer.Input{PayDays: []int{}}, "input.payDays"},
		"five":       {"enough", offer.Input{PayDays: []int{1, 2, 3, 4, 5}}, "input.payDays"},
		"same":       {"a day is there once", offer.Input{PayDays: []int{5, 5}}, "input.payDays"},
		"32nd":       {"no month has it", offer.Input{PayDays: []int{5, 32}}, "input.payDays"},
		"budgets":    {"one for each day", offer.Input{PayDays: []int{5, 20}, PayDayBudgets: []money.Øre{1}}, "input.payDayBudgets"},
		"of no day":  {"the default day is one", offer.Input{PayDayBudgets: []money.Øre{1, 1}}, "input.payDayBudgets"},
		"negative":   {"nobody is paid", offer.Input{PayDays: []int{5, 6}, PayDayBudgets: []money.Øre{1, -1}}, "input.payDayBudgets"},
		"all zero":   {"nothing is paid", offer.Input{PayDayBudgets: []money.Øre{0}}, "input.payDayBudgets"},
		"less today": {"nobody is paid", offer.Input{PayToday: new(money.Øre(-1))}, "input.payToday"},
	}
	for name, tc := range cases {
		_, err := solve.Suggest(t.Context(), soon(), tc.input)
		if f := fault.Of(err); err == nil || f.Code != fault.BadUserInput || f.Field != tc.field {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
	}
}

// TestPlanTakesTheBudget: what an accepted solution asks for is not there for other cases, and its own
// case is not suggested once more.
func TestPlanTakesTheBudget(t *testing.T) {
	t.Parallel()
	march := norway.MustDate("2026-03-20")
	cases := map[string]struct {
		reason  string
		planned []debt.PlannedPayment
		input   offer.Input
		most    []money.Øre // by pay day
	}{
		"none": {"all is there", nil, offer.Input{PayDays: []int{20}}, []money.Øre{500_00, 500_00, 500_00}},
		"same days": {"the rest is there", []debt.PlannedPayment{{DueOn: march, Remaining: 300_00},
			{DueOn: march.AddMonths(1), Remaining: 450_00}}, offer.Input{PayDays: []int{20}},
			[]money.Øre{200_00, 50_00, 500_00}},
		"another day": {"it is paid with that month's money", []debt.PlannedPayment{{DueOn: march - 5, Remaining: 300_00}},
			offer.Input{PayDays: []int{20}}, []money.Øre{200_00, 500_00, 500_00}},
		"late": {"it is paid today", []debt.PlannedPayment{{DueOn: today - 20, Remaining: 300_00}},
			offer.Input{PayDays: []int{20}, PayToday: new(money.Øre(400_00))}, []money.Øre{100_00, 500_00, 500_00, 500_00}},
		"more than there is": {"nothing is left", []debt.PlannedPayment{{DueOn: march, Remaining: 900_00}},
			offer.Input{PayDays: []int{20}}, []money.Øre{0, 500_00, 500_00}},
	}
	for name, tc := range cases {
		planned, free := claim("planned", nil), claim("free", func(c *debt.Case) { c.OriginalPrincipal = 3_000_00 })
		if tc.planned != nil {
			planned.Planned = &debt.Planned{Payments: tc.planned}
		}
		tc.input.MonthlyBudget = new(money.Øre(500_00))
		all := suggest(t, person(planned, free), tc.input)
		left := len(all.LeftOut) == 1 && all.LeftOut[0] == offer.LeftOut{Case: planned, Reason: offer.InPlan}
		if left != (tc.planned != nil) {
			t.Errorf("%s (%s): left out are %+v", name, tc.reason, all.LeftOut)
		}
		best, used := ofKind(t, all, solver.LowestCost), 0
		for _, m := range best.Schedule {
			at := slices.Index(all.PayDays, m.DueOn)
			if at < len(tc.most) && m.Total > tc.most[at] {
				t.Errorf("%s (%s): %s is to be paid on %s, beside the plan", name, tc.reason, m.Total, m.DueOn)
			} else if at < len(tc.most) && m.Total == tc.most[at] {
				used++
			}
		}
		if used < 2 {
			t.Errorf("%s (%s): what is left is not used: %+v", name, tc.reason, best.Schedule)
		}
	}
}

// TestPlanCountsInWhatIsLeast: the least monthly amount, and those of the trade-off, are what the person
// pays in all: asked with any of them, there is a way, at the cost that was told.
func TestPlanCountsInWhatIsLeast(t *testing.T) {
	t.Parallel()
	monthly := func(first norway.Date, months int, amount money.Øre) (all []debt.PlannedPayment) {
		for m := range months {
			all = append(all, debt.PlannedPayment{DueOn: first.AddMonths(m), Remaining: amount})
		}
		return all
	}
	march := norway.MustDate("2026-03-20")
	ways := func(planned []debt.PlannedPayment, input offer.Input) *offer.Solutions {
		rest := []*debt.Case{claim("free", func(c *debt.Case) { c.OriginalPrincipal = 3_000_00 })}
		if planned != nil {
			rest = append(rest, claim("planned", nil))
			rest[1].Planned = &debt.Planned{Payments: planned}
		}
		return suggest(t, person(rest...), input)
	}
	for name, tc := range map[string]struct {
		planned []debt.PlannedPayment
		input   offer.Input
		more    money.Øre // than without a plan
	}{
		"each month":         {monthly(march, 30, 300_00), offer.Input{}, 300_00},
		"the first days":     {monthly(march-8, 30, 1_70), offer.Input{PayDays: []int{20}}, 1_70},
		"after the pay days": {monthly(march+5, 30, 4321_00), offer.Input{PayDays: []int{20}}, 4321_00},
		"beside today": {monthly(today, 1, 100_00), offer.Input{PayDays: []int{20}, PayToday: new(money.Øre(100_00))},
			0},
	} {
		none, with := ways(nil, tc.input), ways(tc.planned, tc.input)
		if got := *with.LeastMonthlyAmount - *none.LeastMonthlyAmount; tc.more > 0 && got != tc.more || got < tc.more {
			t.Errorf("%s: with the plan the least is %s more, not %s", name, got, tc.more)
		}
		points := append([]solver.TradeOff{{Month: *with.LeastMonthlyAmount, Cost: 1 << 40}}, with.TradeOff...)
		if len(points) < 3 {
			t.Errorf("%s: %d points prove too little", name, len(points))
		}
		for _, point := range points {
			tc.input.MonthlyBudget = new(point.Month)
			all := ways(tc.planned, tc.input)
			if !*all.Feasible || ofKind(t, all, solver.LowestCost).Cost > point.Cost {
				t.Errorf("%s: %s a month is not enough, or costs more than %s", name, point.Month, point.Cost)
			}
		}
	}
}

// TestSolutionsSayWhatIsAssumed: costs on days whose rate is not set are told as such, of the solution that
// has them and of all figures together.
func TestSolutionsSayWhatIsAssumed(t *testing.T) {
	t.Parallel()
	owing := func(principal money.Øre) *debt.Person {
		return person(claim("1", func(c *debt.Case) { c.OriginalPrincipal = principal }))
	}
	short := suggest(t, owing(1_000_00), offer.Input{MonthlyBudget: new(money.Øre(900_00)), Months: new(3)})
	long := suggest(t, owing(60_000_00), offer.Input{MonthlyBudget: new(money.Øre(4_000_00)), Months: new(24)})
	if short.Assumed || ofKind(t, short, solver.LowestCost).Assumed {
		t.Error("all of it is within the rates that are set")
	}
	if !long.Assumed || !ofKind(t, long, solver.LowestCost).Assumed || ofKind(t, long, solver.PayToday).Assumed {
		t.Error("what is paid until 2027 rests on rates that are not set, what is paid today does not")
	}
	p := owing(1_000_00)
	for _, c := range p.Parts[0].Cases {
		c.ScheduledCosts = nil
		c.Terms.Today, p.Today = norway.MustDate("2026-12-01"), norway.MustDate("2026-12-01")
		c.AllLetters = []debt.Letter{{Kind: debt.LetterCollectionWarning, SentOn: norway.MustDate("2026-10-01"),
			DueOn: norway.MustDate("2026-10-15")}, {Kind: debt.LetterPaymentDemand, SentOn: norway.MustDate("2026-11-20"),
			DueOn: norway.MustDate("2026-12-04")}}
		c.Fees = []debt.Fee{{Case: c, Kind: debt.CostLightFee, Amount: 262_50, IncurredOn: norway.MustDate("2026-11-20")}}
	}
	s := suggest(t, p, offer.Input{PayDays: []int{20}, Months: new(3)})
	for _, x := range s.Suggestions {
		for _, cost := range x.Avoidable {
			if cost.On >= norway.MustDate("2027-01-01") && !cost.Assumed {
				t.Errorf("%v: the unit of %s is not set: %+v", x.Kinds, cost.On, cost)
			}
		}
	}
	if len(ofKind(t, s, solver.LowestMonth).Avoidable) == 0 {
		t.Error("no cost is foreseen: too little is proved")
	}
}
