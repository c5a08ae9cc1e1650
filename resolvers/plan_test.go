package resolvers_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
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

// planner finds somebody's case in which there was no plan and one can be had, at an agency.
func (p *portal) planner(code string) (who norway.NationalID, caseID string) {
	p.t.Helper()
	for _, person := range people.DemoPeople(today) {
		a := p.ask(person.NationalID, `{ viewer { cases { nodes { id agency { code } balance { total { amount } }
			agreement { id } availableActs { name allowed } } } } }`, nil)
		for _, c := range at(a.object(p.t), "viewer", "cases", "nodes").([]any) {
			if at(c, "agency", "code") == code && allowed(c)["APPLY_FOR_INSTALMENT_PLAN"] && at(c, "agreement") == nil &&
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
		first := today.AddDays(20) // a Sunday
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
			at(made, "nextDue", "dueOn") != (first+1).String() {
			t.Errorf("%s: next to pay is %v", code, at(made, "nextDue"))
		}
		if can := allowed(made); can["APPLY_FOR_INSTALMENT_PLAN"] || !can["CHANGE_INSTALMENT_PLAN"] ||
			!can["CANCEL_INSTALMENT_PLAN"] || can["REQUEST_DEFERRAL"] {
			t.Errorf("%s: %v", code, can)
		}
		plan := at(made, "agreement", "id")
		p.planIsChanged(code, who, caseID, plan, at(quote, "plan"))
		skipped := act("changeInstalmentPlan", planOfCase, map[string]any{"agreementId": plan, "skipNext": true})
		if at(skipped, "cases", 0, "agreement", "instalments", 0, "dueOn") != first.AddMonths(1).String() {
			t.Errorf("%s: it does not come on the pay day: %v", code, skipped)
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
		p.planIsDecided(code, who, other)
		p.planIsObjectedTo(code)
	}
}

const changeQuery = `query($input: QuoteInstalmentPlanChangeInput!) { quoteInstalmentPlanChange(input: $input) {
	asOf dearer { amount } usesSkip current { total { amount } lastDay instalments { number dueOn amount { amount } fee { amount } } }
	plan { total { amount } lastDay instalments { number dueOn amount { amount } fee { amount } } }
	userErrors { code field message(language: NB) } } }`

// planIsChanged: what a change is quoted at is what it makes, to the øre, and nothing changes before. The plan stands
// as it was quoted, and has its pay day again in the end.
func (p *portal) planIsChanged(code string, who norway.NationalID, caseID string, id, was any) {
	p.t.Helper()
	t, plan := p.t, map[string]any{"agreementId": id}
	stands, total := instalmentsOf(was), at(was, "total", "amount")
	quoted := func(change map[string]any) any {
		t.Helper()
		in := maps.Clone(plan)
		maps.Copy(in, change)
		return at(p.get(who, changeQuery, map[string]any{"input": in}), "quoteInstalmentPlanChange")
	}
	changed := func(change map[string]any, total any) any {
		t.Helper()
		in := with(with(plan, "idempotencyKey", uuid.NewString()), "total", total)
		maps.Copy(in, change)
		return at(p.get(who, `mutation($input: ChangeInstalmentPlanInput!) { changeInstalmentPlan(input: $input) {
			cases { `+planOfCase+` } userErrors { code field message(language: NN) } } }`, map[string]any{"input": in}),
			"changeInstalmentPlan")
	}
	skips := quoted(map[string]any{"skipNext": true})
	if at(skips, "usesSkip") != true || at(skips, "plan", "instalments", 0, "dueOn") == nil {
		t.Errorf("%s: to skip one is quoted as %v", code, skips)
	}
	for _, change := range []map[string]any{{"payDay": 21}, {"monthlyAmount": "1000.00"}, {"payDay": 22}} {
		quote := quoted(change)
		diff := cmp.Diff(stands, instalmentsOf(at(quote, "current")))
		if diff != "" || at(quote, "current", "total", "amount") != total {
			t.Errorf("%s: before %v it stands as %v\n%s", code, change, at(quote, "current"), diff)
		}
		done := changed(change, "1.00")
		if at(done, "userErrors", 0, "code") != "QUOTE_CHANGED" || at(done, "userErrors", 0, "field", 1) != "total" {
			t.Errorf("%s: what was not shown is agreed: %v", code, done)
		}
		if total = at(quote, "plan", "total", "amount"); total == nil {
			t.Fatalf("%s: %v is quoted as %v", code, change, quote)
		}
		stands = instalmentsOf(at(quote, "plan"))
		made := instalmentsOf(at(changed(change, total), "cases", 0, "agreement"))
		if diff = cmp.Diff(stands, made); diff != "" || at(quote, "dearer", "amount") == nil {
			t.Errorf("%s: %v makes something else than was quoted\n%s", code, change, diff)
		}
	}
	for name, change := range map[string]map[string]any{
		"TOO_LITTLE": {"monthlyAmount": "1.00"}, "INVALID": {"payDay": 32},
		"TOO_FAR": {"moveNextTo": today.AddDays(90).String()}, "NOT_FOUND": {"payDay": 3, "agreementId": caseID},
	} {
		quote := quoted(change)
		if at(quote, "userErrors", 0, "code") != name || at(quote, "plan") != nil || at(quote, "dearer") != nil {
			t.Errorf("%s: %v is quoted as %v, want %s", code, change, quote, name)
		}
	}
}

const decidingPlan = `mutation($input: DecideInstalmentPlanInput!) { decideInstalmentPlan(input: $input) {
	act { status } cases { agreement { status } } userErrors { code field message(language: NN) } } }`

// planIsDecided has case workers decide on a plan that is not granted at once: on other terms than were asked for
// it is what the debtor was quoted for those, to the øre, and then another one is refused.
func (p *portal) planIsDecided(code string, who norway.NationalID, caseID string) {
	p.t.Helper()
	t := p.t
	first := today.AddDays(20)
	p.know("worker", staff(caller.CaseWorker, code))
	wish := map[string]any{"caseIds": []string{caseID}, "months": 5, "firstDueOn": first.String()}
	quote := at(p.get(who, quoteQuery, map[string]any{"input": wish}), "quoteInstalmentPlan")
	monthly := at(quote, "plan", "instalments", 1, "amount", "amount")
	asking := with(with(wish, "months", at(quote, "allowed", "mostMonths")), "firstDueOn", (first + 5).String())
	item := p.planWaits(who, asking)
	input := map[string]any{"itemId": item, "decision": "GRANT", "text": "Fra neste lønning."}
	decide := func(change map[string]any) any {
		t.Helper()
		in := with(input, "idempotencyKey", uuid.NewString())
		maps.Copy(in, change)
		return at(p.getAs("worker", decidingPlan, map[string]any{"input": in}), "decideInstalmentPlan")
	}
	little := decide(map[string]any{"monthlyAmount": "1.00"})
	if at(little, "userErrors", 0, "code") != "TOO_LITTLE" || at(little, "userErrors", 0, "field", 1) != "monthlyAmount" ||
		!strings.Contains(at(little, "userErrors", 0, "message").(string), "kr") || at(little, "act") != nil {
		t.Errorf("%s: too little is granted: %v", code, little)
	}
	done := decide(map[string]any{"monthlyAmount": monthly, "firstDueOn": first.String()})
	if at(done, "act", "status") != "DONE" || at(done, "cases", 0, "agreement", "status") != "ACTIVE" {
		t.Fatalf("%s: it is not granted: %v", code, done)
	}
	if again := decide(map[string]any{"decision": "REFUSE"}); at(again, "userErrors", 0, "code") != "ALREADY_DECIDED" {
		t.Errorf("%s: it is decided twice: %v", code, again)
	}
	c := p.planDecided(who, caseID)
	if diff := cmp.Diff(instalmentsOf(at(quote, "plan")), instalmentsOf(at(c, "agreement"))); diff != "" ||
		at(c, "agreement", "reply") != "Fra neste lønning." || at(c, "agreement", "decidedOn") != today.String() {
		t.Errorf("%s: the debtor has %v, not what was quoted for it\n%s", code, c, diff)
	}
	if kinds := fmt.Sprint(at(c, "timeline")); !strings.Contains(kinds, "AGREEMENT_GRANTED") {
		t.Errorf("%s: the timeline does not tell of it: %s", code, kinds)
	}

	who, caseID = p.planner(code)
	input["itemId"] = p.planWaits(who, with(asking, "caseIds", []string{caseID}))
	if done := decide(map[string]any{"decision": "REFUSE", "text": nil}); at(done, "userErrors", 0, "field", 1) != "text" {
		t.Errorf("%s: it is refused without a word: %v", code, done)
	}
	done = decide(map[string]any{"decision": "REFUSE", "text": "Beløpet er for lite."})
	c = p.planDecided(who, caseID)
	if at(c, "agreement", "status") != "REFUSED" || at(c, "agreement", "reply") != "Beløpet er for lite." ||
		at(c, "agreement", "nextInstalment") != nil || !allowed(c)["APPLY_FOR_INSTALMENT_PLAN"] ||
		strings.Contains(fmt.Sprint(at(c, "timeline")), "AGREEMENT_STARTED") {
		t.Errorf("%s: %v, and the debtor has %v", code, done, c)
	}
}

// planWaits has somebody apply for a plan that is not granted at once, and returns what waits then.
func (p *portal) planWaits(who norway.NationalID, wish map[string]any) any {
	p.t.Helper()
	done := at(p.get(who, `mutation($input: ApplyForInstalmentPlanInput!) { applyForInstalmentPlan(input: $input) {
		act { status } cases { id caseNumber agreement { status } } userErrors { code } } }`,
		map[string]any{"input": with(wish, "idempotencyKey", uuid.NewString())}), "applyForInstalmentPlan")
	if at(done, "cases", 0, "agreement", "status") != "REQUESTED" {
		p.t.Fatalf("%v", done)
	}
	queue := at(p.getAs("worker", `{ staff { queue(kind: INSTALMENT_PLAN, first: 100) { nodes { id case { id }
		subject { ... on Agreement { status instalments { number } } } } } } }`, nil), "staff", "queue", "nodes").([]any)
	for _, node := range queue {
		if at(node, "case", "id") == at(done, "cases", 0, "id") && at(node, "subject", "status") == "REQUESTED" {
			return at(node, "id")
		}
	}
	p.t.Fatalf("of %v none is the plan in %v", queue, done)
	return nil
}

// planDecided returns a person's case as it stands after a decision.
func (p *portal) planDecided(who norway.NationalID, caseID string) any {
	p.t.Helper()
	return at(p.get(who, `query($id: ID!) { node(id: $id) { ... on Case { agreement { status reply decidedOn nextInstalment { number }
		instalments { number dueOn amount { amount } fee { amount } } } availableActs { name allowed } timeline { kind } } } }`,
		map[string]any{"id": caseID}), "node")
}
