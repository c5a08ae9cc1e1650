package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const quoteQuery = `query($input: QuoteInstalmentPlanInput!) { quoteInstalmentPlan(input: $input) {
	asOf decision allowed { leastMonthlyAmount { amount } atOnceMonths mostMonths earliestFirstDueOn latestFirstDueOn }
	plan { total { amount } owedNow { amount } lastDay dearerThanNow { amount }
		instalments { number dueOn amount { amount } fee { amount } remaining { amount } } }
	userErrors { code field message(language: NB) } } }`

const planOfCase = `agreement { id status warnedOn breachOn skipsLeft endedOn nextInstalment { number }
	instalments { number dueOn amount { amount } fee { amount } } }
	availableActs { name allowed } nextCost { on kind } nextDue: paymentInfo { amount { amount } dueOn }`

// on makes the service and the agencies' databases live on a day.
func (p *portal) on(day norway.Date) {
	p.t.Helper()
	p.live(day)
	p.agenciesLive(day)
}

// planner finds somebody's case for which a plan can be had, at an agency.
func (p *portal) planner(code string) (who norway.NationalID, caseID string) {
	p.t.Helper()
	for _, person := range people.DemoPeople(today) {
		a := p.ask(person.NationalID, `{ viewer { cases { nodes { id agency { code } balance { total { amount } }
			availableActs { name allowed } } } } }`, nil)
		for _, c := range at(a.object(p.t), "viewer", "cases", "nodes").([]any) {
			if at(c, "agency", "code") == code && allowed(c)["APPLY_FOR_INSTALMENT_PLAN"] &&
				len(at(c, "balance", "total", "amount").(string)) > len("2000.00")-1 {
				return person.NationalID, at(c, "id").(string)
			}
		}
	}
	p.t.Fatalf("nobody can have a plan at %s", code)
	return who, ""
}

func allowed(c any) map[string]bool {
	all := map[string]bool{}
	for _, a := range at(c, "availableActs").([]any) {
		all[at(a, "name").(string)] = at(a, "allowed").(bool)
	}
	return all
}

// instalmentsOf writes instalments down.
func instalmentsOf(plan any) (all []string) {
	for _, i := range at(plan, "instalments").([]any) {
		all = append(all, fmt.Sprint(at(i, "number"), at(i, "dueOn"), at(i, "amount", "amount"), at(i, "fee", "amount")))
	}
	return all
}

// TestInstalmentPlan: what is quoted is what the agency then has, to the øre; a plan that is not paid is
// warned of and broken in the agencies' own clock, and a new one is had. On two kinds of core.
func TestInstalmentPlan(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, code := range []string{people.Fjord, people.Tradisjon} {
		p.on(today)
		who, caseID := p.planner(code)
		first := today.AddDays(20)
		input := map[string]any{"caseIds": []string{caseID}, "months": 3, "firstDueOn": first.String()}
		quote := at(p.get(who, quoteQuery, map[string]any{"input": input}), "quoteInstalmentPlan")
		if at(quote, "decision") != "AT_ONCE" || len(at(quote, "plan", "instalments").([]any)) == 0 {
			t.Fatalf("%s: %v", code, quote)
		}
		act := func(name, selection string, in map[string]any) any {
			t.Helper()
			in["idempotencyKey"] = uuid.NewString()
			done := at(p.get(who, fmt.Sprintf(`mutation($input: %sInput!) { %s(input: $input) {
				act { status } cases { %s } userErrors { code field message(language: NN) } } }`, strings.ToUpper(name[:1])+name[1:],
				name, selection), map[string]any{"input": in}), name)
			return done
		}
		input["total"] = "1.00"
		if done := act("applyForInstalmentPlan", planOfCase, input); at(done, "userErrors", 0, "code") != "QUOTE_CHANGED" ||
			!strings.Contains(at(done, "userErrors", 0, "message").(string), "kr") {
			t.Errorf("%s: %v", code, done)
		}
		input["total"] = at(quote, "plan", "total", "amount")
		done := act("applyForInstalmentPlan", planOfCase, input)
		if at(done, "act", "status") != "DONE" {
			t.Fatalf("%s: %v", code, done)
		}
		made := at(done, "cases", 0)
		quoted := instalmentsOf(at(quote, "plan"))
		if diff := cmp.Diff(quoted, instalmentsOf(at(made, "agreement"))); diff != "" || at(made, "agreement", "status") != "ACTIVE" {
			t.Errorf("%s: the agency has something else than was quoted\n%s", code, diff)
		}
		if at(made, "nextDue", "amount", "amount") != at(quote, "plan", "instalments", 0, "amount", "amount") ||
			at(made, "nextDue", "dueOn") != first.String() {
			t.Errorf("%s: next to pay is %v", code, at(made, "nextDue"))
		}
		if can := allowed(made); can["APPLY_FOR_INSTALMENT_PLAN"] || !can["CHANGE_INSTALMENT_PLAN"] ||
			!can["CANCEL_INSTALMENT_PLAN"] || can["REQUEST_DEFERRAL"] {
			t.Errorf("%s: %v", code, can)
		}
		plan := at(made, "agreement", "id")
		skipped := act("changeInstalmentPlan", planOfCase, map[string]any{"agreementId": plan, "skipNext": true})
		if at(skipped, "cases", 0, "agreement", "instalments", 0, "dueOn") != first.AddMonths(1).String() {
			t.Errorf("%s: %v", code, skipped)
		}

		read := func(day norway.Date) any {
			t.Helper()
			p.on(day)
			return at(p.get(who, `query($id: ID!) { node(id: $id) { ... on Case { `+planOfCase+` } } }`,
				map[string]any{"id": caseID}), "node")
		}
		due := first.AddMonths(1)
		if c := read(due); at(c, "agreement", "warnedOn") != nil || at(c, "agreement", "status") != "ACTIVE" {
			t.Errorf("%s: on its last day an instalment is not late: %v", code, c)
		}
		c := read(due + 1)
		breach, _ := at(c, "agreement", "breachOn").(string)
		if at(c, "agreement", "warnedOn") != (due+1).String() || at(c, "agreement", "status") != "ACTIVE" || breach == "" {
			t.Fatalf("%s: a day late there is no warning: %v", code, c)
		}
		day := norway.MustDate(breach)
		if c = read(day - 1); at(c, "agreement", "status") != "ACTIVE" {
			t.Errorf("%s: it is broken too soon: %v", code, c)
		}
		c = read(day)
		if at(c, "agreement", "status") != "BREACHED" || at(c, "agreement", "endedOn") != breach ||
			!allowed(c)["APPLY_FOR_INSTALMENT_PLAN"] || allowed(c)["CHANGE_INSTALMENT_PLAN"] {
			t.Errorf("%s: on its day it is not broken: %v", code, c)
		}
		again := act("applyForInstalmentPlan", planOfCase, map[string]any{"caseIds": []string{caseID}, "months": 2,
			"firstDueOn": (day + 10).String()})
		if at(again, "cases", 0, "agreement", "status") != "ACTIVE" || at(again, "cases", 0, "agreement", "id") == plan {
			t.Errorf("%s: no new plan is had: %v", code, again)
		}
		ended := act("cancelInstalmentPlan", planOfCase,
			map[string]any{"agreementId": at(again, "cases", 0, "agreement", "id")})
		if can := allowed(at(ended, "cases", 0)); !can["APPLY_FOR_INSTALMENT_PLAN"] || can["CANCEL_INSTALMENT_PLAN"] {
			t.Errorf("%s: %v", code, ended)
		}

		// What cannot be had says what can, and that can be had.
		p.on(today)
		who, other := p.planner(code)
		little := map[string]any{"caseIds": []string{other}, "monthlyAmount": "1.00", "firstDueOn": first.String()}
		refused := at(p.get(who, quoteQuery, map[string]any{"input": little}), "quoteInstalmentPlan")
		least, _ := at(refused, "allowed", "leastMonthlyAmount", "amount").(string)
		if at(refused, "plan") != nil || at(refused, "userErrors", 0, "code") != "TOO_LITTLE" || least == "" {
			t.Fatalf("%s: %v", code, refused)
		}
		little["monthlyAmount"] = least
		if had := at(p.get(who, quoteQuery, map[string]any{"input": little}), "quoteInstalmentPlan"); at(had, "plan") == nil {
			t.Errorf("%s: what is said to be enough is not: %v", code, had)
		}
	}
}
