package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const (
	savingBudget = `mutation($input: SaveBudgetInput!) { saveBudget(input: $input) { userErrors { code field }
		viewer { budget { affordableMonthly { amount } } } } }`
	sharingBudget = `mutation($input: ShareBudgetInput!) { shareBudget(input: $input) { userErrors { code field } } }`
	ownBudget     = `{ viewer { budget { household income { amount } childrenAges assumed affordableMonthly { amount }
		sharedWith { code } lines { kind amount { amount } text(language: NB) } } } }`
	lookUpBudget = `query($number: NationalId!) { staff { person(input: {by: {nationalId: $number}, reason: "asked about a plan"}) {
		budget { affordableMonthly { amount } sharedWith { code } }
		paymentSolutions(input: {useBudget: true, months: 24}) { owed { amount } } } } }`
)

// TestBudget saves a household, shares it with one agency, and withdraws that.
func TestBudget(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.callers.Store("fjord", staff(caller.CaseWorker, people.Fjord))
	p.callers.Store("tradisjon", staff(caller.CaseWorker, people.Tradisjon))
	act := func(mutation string, input map[string]any) string {
		input["idempotencyKey"] = uuid.New()
		for _, done := range p.get(kari(), mutation, map[string]any{"input": input}) {
			return fmt.Sprint(at(done, "userErrors"))
		}
		return ""
	}
	share := func(codes ...string) string {
		ids := []string{}
		for _, a := range at(p.get(kari(), `{ agencies { id code } }`, nil), "agencies").([]any) {
			if strings.Contains(strings.Join(codes, " "), at(a, "code").(string)) {
				ids = append(ids, at(a, "id").(string))
			}
		}
		return act(sharingBudget, map[string]any{"agencies": ids})
	}
	seenBy := func(who string) string {
		a := p.askAs(who, lookUpBudget, map[string]any{"number": kari().Reveal()})
		said := fmt.Sprint(at(a.object(t), "staff", "person", "budget"))
		if codes := a.codes(); codes != "[]" {
			said += " " + codes
		}
		return said
	}
	if got := at(p.get(kari(), ownBudget, nil), "viewer", "budget"); got != nil {
		t.Errorf("nothing is saved, and there is %v", got)
	}
	if got := share(people.Fjord); !strings.Contains(got, "NO_BUDGET") {
		t.Errorf("nothing is shared: %s", got)
	}
	home := map[string]any{"household": "SINGLE", "income": "28 431,70", "housing": "9 500", "childrenAges": []int{3, 9}}
	if got := act(savingBudget, home); got != "[]" {
		t.Fatal(got)
	}
	// 28 431.70 − 10 724 − 3 432 − 4 553 − 9 500: the rates of 2024 are taken to go on.
	b := at(p.get(kari(), ownBudget, nil), "viewer", "budget")
	if got := fmt.Sprint(at(b, "affordableMonthly", "amount"), at(b, "assumed"), at(b, "sharedWith")); got != "222.70true []" {
		t.Error(got)
	}
	home["income"], home["otherIncome"] = "32 000", "1,50"
	if got := act(savingBudget, home); got != "[]" {
		t.Fatal(got)
	}
	if n := p.scalar(`select count(*) from portal.budget`); n != 1 {
		t.Errorf("%d budgets of one person", n)
	}
	if got := seenBy("fjord"); got != "<nil> [BAD_USER_INPUT]" {
		t.Errorf("not shared, and Fjord sees %s", got)
	}
	before := p.scalar(`select count(*) from portal.access_log`)
	if got := share(people.Fjord); got != "[]" {
		t.Fatal(got)
	}
	if got := seenBy("fjord"); !strings.Contains(got, "3792.50") || strings.Contains(got, "BAD_USER_INPUT") {
		t.Errorf("shared, and Fjord sees %s", got)
	}
	if got := seenBy("tradisjon"); got != "<nil> [BAD_USER_INPUT]" {
		t.Errorf("shared with another, and Tradisjon sees %s", got)
	}
	if n := p.scalar(`select count(*) from portal.access_log where 'staff.person.budget' = any(what)`); n == 0 ||
		p.scalar(`select count(*) from portal.access_log`) <= before {
		t.Error("that it was shown is not recorded")
	}
	if got := p.ask(kari(), `{ viewer { paymentSolutions(input: {useBudget: true}) { owed { amount } } } }`, nil); len(got.Errors) > 0 {
		t.Errorf("%+v", got.Errors)
	}
	if got := p.ask(kari(), `{ viewer { paymentSolutions(input: {useBudget: true, monthlyBudget: "1.00"}) { owed { amount } } } }`,
		nil).codes(); got != "[BAD_USER_INPUT]" {
		t.Errorf("two budgets: %s", got)
	}
	if got := share(); got != "[]" {
		t.Fatal(got)
	}
	if got := seenBy("fjord"); got != "<nil> [BAD_USER_INPUT]" {
		t.Errorf("withdrawn, and Fjord sees %s", got)
	}
	if sealed := p.scalar(`select count(*) from portal.budget where household::text like '%3200000%'`); sealed != 0 {
		t.Error("the income stands in the clear")
	}
}
