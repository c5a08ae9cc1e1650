package resolvers_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/debt/money"
)

const solutionsQuery = `query($input: PaymentSolutionsInput!) { viewer {
	overview { total { amount } }
	cases(first: 100, filter: {status: OPEN}) { nodes { caseNumber balance { total { amount } } } }
	paymentSolutions(input: $input) {
		asOf complete feasible payDays owed { amount } leastMonthlyAmount { amount }
		suggestions {
			offerId kinds owed { amount } interest { amount } costSteps { amount } deferralFees { amount } agreementFees { amount }
			cost { amount } lowerBound { amount } totalPaid { amount } largestMonth { amount } months lastDay
			savedAgainstWaiting { amount } savedAgainstSeparate { amount }
			deferrals { case { caseNumber } days until fee { amount } }
			agreements { agency { code } cases { caseNumber } instalments { number dueOn amount { amount } fee { amount } } fees { amount } setupFee { amount } }
			schedule { dueOn total { amount } payments { case { id caseNumber } amount { amount } toCosts { amount } toInterest { amount } toPrincipal { amount } balance { amount } } fees { agency { code } amount { amount } } }
			closings { case { caseNumber } on }
			avoidable { case { caseNumber } on amount { amount } avoidBy arises }
		}
		tradeOff { monthlyAmount { amount } months cost { amount } }
		waiting { cost { amount } lastDay } separate { cost { amount } lastDay }
		leftOut { case { caseNumber } reason }
		sameCreditor { cases { caseNumber } }
	}
} }`

// TestPaymentSolutions asks for the solutions beside the overview: each adds up, from the
// same snapshot, in the one round trip that the overview takes.
func TestPaymentSolutions(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	cases := map[string]struct {
		reason   string
		input    map[string]any
		feasible any
		kinds    int
	}{
		"no budget":  {"what needs none is shown", map[string]any{}, nil, 3},
		"ample":      {"every kind", map[string]any{"monthlyBudget": "9000.00", "payDay": 31}, true, 6},
		"too little": {"the least that suffices is named", map[string]any{"monthlyBudget": "100.00"}, false, 3},
		"today and two days": {"every way to say it", map[string]any{"payToday": "500.00", "payDays": []int{15, 1},
			"payDayBudgets": []string{"6000.00", "2500.00"}, "carryOver": true}, true, 6},
		"a short time": {"so it takes more a month", map[string]any{"monthlyBudget": "20000.00", "months": 6}, true, 6},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			a := p.ask(kari(), solutionsQuery, map[string]any{"input": tc.input})
			if len(a.Errors) > 0 {
				t.Fatalf("%+v", a.Errors)
			}
			for _, u := range a.Extensions.Usage {
				if u.RoundTrips != 1 || u.Statements != 12 {
					t.Errorf("%s: %d round trips and %d statements, want 1 and 12", u.Agency, u.RoundTrips, u.Statements)
				}
			}
			all := at(a.object(t), "viewer", "paymentSolutions")
			if at(all, "feasible") != tc.feasible || at(all, "complete") != true {
				t.Errorf("%s: feasible %v, complete %v", tc.reason, at(all, "feasible"), at(all, "complete"))
			}
			budget, kinds := money.Max, 0
			if text, ok := tc.input["monthlyBudget"].(string); ok {
				budget = amount(t, map[string]any{"amount": text})
			}
			for _, s := range at(all, "suggestions").([]any) {
				kinds += len(at(s, "kinds").([]any))
				addsUp(t, s)
				within := slices.Contains([]any{"PAY_TODAY", "PAY_FIRST", "LOWEST_MONTH"}, at(s, "kinds", 0))
				if most := amount(t, at(s, "largestMonth")); most > budget && !within {
					t.Errorf("%s: %v takes %s in a month", tc.reason, at(s, "kinds"), most)
				}
				if got := amount(t, at(s, "owed")); got != amount(t, at(all, "owed")) {
					t.Errorf("%v owes %s", at(s, "kinds"), got)
				}
			}
			if kinds != tc.kinds {
				t.Errorf("%s: %d kinds, want %d", tc.reason, kinds, tc.kinds)
			}
			owed, left := amount(t, at(all, "owed")), map[any]bool{}
			for _, x := range at(all, "leftOut").([]any) {
				left[at(x, "case", "caseNumber")] = true
			}
			for _, c := range at(a.object(t), "viewer", "cases", "nodes").([]any) {
				if !left[at(c, "caseNumber")] {
					owed -= amount(t, at(c, "balance", "total"))
				}
			}
			if owed != 0 || len(left) != 3 {
				t.Errorf("the cases and the solutions differ by %s, %d cases are left out", owed, len(left))
			}
			least := amount(t, at(all, "leastMonthlyAmount"))
			if tc.feasible == (least > budget) {
				t.Errorf("%s: the least is %s", tc.reason, least)
			}
			again := p.ask(kari(), solutionsQuery, map[string]any{"input": tc.input})
			if diff := cmp.Diff(string(a.Data), string(again.Data)); diff != "" {
				t.Errorf("the same question has another answer:\n%s", diff)
			}
		})
	}
}

// addsUp checks that every øre of a solution is accounted for.
func addsUp(t *testing.T, s any) {
	t.Helper()
	of := func(path ...any) money.Øre { return amount(t, at(s, path...)) }
	var arises money.Øre
	for _, x := range at(s, "avoidable").([]any) {
		if at(x, "arises") == true {
			arises += amount(t, at(x, "amount"))
		}
	}
	if of("lowerBound") > of("cost") {
		t.Errorf("%v costs %s, and nothing less than %s", at(s, "kinds"), of("cost"), of("lowerBound"))
	}
	if arises != of("costSteps") {
		t.Errorf("%v: costs of %s come, and %s are named", at(s, "kinds"), of("costSteps"), arises)
	}
	if got := of("interest") + of("costSteps") + of("deferralFees") + of("agreementFees"); got != of("cost") {
		t.Errorf("%v: the parts of the cost are %s of %s", at(s, "kinds"), got, of("cost"))
	}
	if got := of("owed") + of("cost"); got != of("totalPaid") {
		t.Errorf("%v: owed and cost are %s of %s", at(s, "kinds"), got, of("totalPaid"))
	}
	var paid, agreed, fees money.Øre
	for _, m := range at(s, "schedule").([]any) {
		var day money.Øre
		for _, x := range at(m, "payments").([]any) {
			day += amount(t, at(x, "amount"))
			if parts := amount(t, at(x, "toCosts")) + amount(t, at(x, "toInterest")) + amount(t,
				at(x, "toPrincipal")); parts != amount(t, at(x, "amount")) {
				t.Errorf("the parts of a payment are %s of %s", parts, amount(t, at(x, "amount")))
			}
		}
		for _, f := range at(m, "fees").([]any) {
			day += amount(t, at(f, "amount"))
			fees += amount(t, at(f, "amount"))
		}
		if day != amount(t, at(m, "total")) {
			t.Errorf("%v: %v has payments of %s", at(s, "kinds"), at(m, "dueOn"), day)
		}
		paid += day
	}
	for _, a := range at(s, "agreements").([]any) {
		agreed += amount(t, at(a, "fees"))
		var inInstalments money.Øre
		for _, i := range at(a, "instalments").([]any) {
			inInstalments += amount(t, at(i, "fee"))
		}
		if inInstalments != amount(t, at(a, "fees")) {
			t.Errorf("the fees of the instalments are %s of %s", inInstalments, amount(t, at(a, "fees")))
		}
	}
	if paid != of("totalPaid") || agreed != of("agreementFees") || fees != agreed {
		t.Errorf("%v: paid %s of %s, fees of agreements %s and %s of %s", at(s, "kinds"), paid, of("totalPaid"), agreed, fees,
			of("agreementFees"))
	}
}

// TestPayFirstSettles pays what PAY_FIRST says, by the ledger: nothing is left, not an øre.
func TestPayFirstSettles(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	all := at(p.get(kari(), solutionsQuery, map[string]any{"input": map[string]any{"payDay": 3}}), "viewer",
		"paymentSolutions")
	for _, s := range at(all, "suggestions").([]any) {
		if at(s, "kinds", 0) != "PAY_FIRST" {
			continue
		}
		var payments []any
		for _, x := range at(s, "schedule", 0, "payments").([]any) {
			payments = append(payments, map[string]any{"caseId": at(x, "case", "id"), "amount": at(x, "amount", "amount"),
				"on": at(s, "lastDay")})
		}
		got := p.get(kari(),
			`query($input: SimulateInput!) { viewer { simulate(input: $input) { total { amount } cases { settledOn balance { overpaid { amount } } } } } }`,
			map[string]any{"input": map[string]any{"payments": payments}})
		if total := amount(t, at(got, "viewer", "simulate", "total")); total != 0 {
			t.Errorf("%s is left of %d cases", total, len(payments))
		}
		for _, c := range at(got, "viewer", "simulate", "cases").([]any) {
			if at(c, "settledOn") != at(s, "lastDay") || amount(t, at(c, "balance", "overpaid")) != 0 {
				t.Errorf("%v", c)
			}
		}
		return
	}
	t.Fatal("PAY_FIRST is not among the suggestions")
}

func TestPaymentSolutionsInput(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	cases := map[string]struct{ reason, input, field string }{
		"zero":     {"nothing a month", `{monthlyBudget: "0.00"}`, "input.monthlyBudget"},
		"negative": {"nobody is paid", `{monthlyBudget: "-1.00"}`, "input.monthlyBudget"},
		"no day":   {"months begin with the first", `{payDay: 0}`, "input.payDay"},
		"32nd":     {"no month has it", `{payDay: 32}`, "input.payDay"},
		"never":    {"no month to pay in", `{months: 0}`, "input.months"},
		"too long": {"beyond what is computed", `{months: 61}`, "input.months"},
		"twice":    {"the old name and the new", `{payDay: 20, payDays: [20]}`, "input.payDays"},
		"too few":  {"an amount for each day", `{payDays: [1, 20], payDayBudgets: ["1.00"]}`, "input.payDayBudgets"},
		"owing":    {"nobody is paid", `{payToday: "-1.00"}`, "input.payToday"},
	}
	for name, tc := range cases {
		a := p.ask(kari(), fmt.Sprintf(`{ viewer { paymentSolutions(input: %s) { asOf } } }`, tc.input), nil)
		if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "BAD_USER_INPUT" || a.Errors[0].Extensions.Field != tc.field {
			t.Errorf("%s (%s): %+v", name, tc.reason, a.Errors)
		}
	}
}
