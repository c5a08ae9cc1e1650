package resolvers_test

import (
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// planIsObjectedTo: an objection that is right in part takes its share off the end of the plan that runs, so that it
// is what the agency's records come to, to the øre; one that is right ends it. The debtor is told of both.
func (p *portal) planIsObjectedTo(code string) {
	p.t.Helper()
	t := p.t
	who, caseID := p.planner(code)
	wish := map[string]any{"caseIds": []string{caseID}, "months": 4, "firstDueOn": today.AddDays(20).String(),
		"idempotencyKey": uuid.NewString()}
	done := at(p.get(who, `mutation($input: ApplyForInstalmentPlanInput!) { applyForInstalmentPlan(input: $input) {
		cases { agreement { id status instalments { number dueOn amount { amount } fee { amount } } } } } }`,
		map[string]any{"input": wish}), "applyForInstalmentPlan")
	made := at(done, "cases", 0, "agreement")
	if at(made, "status") != "ACTIVE" {
		t.Fatalf("%s: %v", code, done)
	}
	id := at(made, "id")
	part := map[string]any{"decision": "PARTLY_UPHELD", "reduction": "100.50", "text": "Frakten er trukket fra."}
	c := p.objectedTo(code, who, caseID, part)
	stands := at(c, "agreement")
	if at(stands, "status") != "ACTIVE" || at(stands, "changedOn") != today.String() || at(stands, "id") != id ||
		cmp.Equal(instalmentsOf(made), instalmentsOf(stands)) {
		t.Errorf("%s: after %v the plan is %v, and was %v", code, part, stands, made)
	}
	monthly := at(made, "instalments", 0, "amount", "amount")
	same := map[string]any{"agreementId": id, "monthlyAmount": monthly}
	quote := at(p.get(who, changeQuery, map[string]any{"input": same}), "quoteInstalmentPlanChange")
	if diff := cmp.Diff(instalmentsOf(at(quote, "plan")), instalmentsOf(stands)); diff != "" ||
		at(quote, "dearer", "amount") != "0.00" {
		t.Errorf("%s: the records come to something else (-records +plan)\n%s", code, diff)
	}
	c = p.objectedTo(code, who, caseID, map[string]any{"decision": "UPHELD"})
	if at(c, "agreement", "status") != "CANCELLED" || at(c, "agreement", "endedOn") != today.String() ||
		at(c, "status") != "CLOSED" || at(c, "balance", "total", "amount") != "0.00" || at(c, "nextCost") != nil {
		t.Errorf("%s: nothing is owed any more, and the case is %v", code, c)
	}
	news := fmt.Sprint(at(p.get(who, fmt.Sprintf(`{ viewer { changes(since: %q) { items { kind case { id } } } } }`,
		today.String()+"T00:00:00Z"), nil), "viewer", "changes"))
	for _, kind := range []string{"AGREEMENT_CHANGED", "AGREEMENT_ENDED"} {
		if !strings.Contains(fmt.Sprint(at(c, "timeline")), kind) || !strings.Contains(news, kind) {
			t.Errorf("%s: nobody is told %s: %v, %s", code, kind, at(c, "timeline"), news)
		}
	}
}

// objectedTo has the debtor object in a case and a case worker decide, and returns the case as the debtor sees it.
func (p *portal) objectedTo(code string, who norway.NationalID, caseID string, decision map[string]any) any {
	p.t.Helper()
	p.get(who, `mutation($input: SubmitObjectionInput!) { submitObjection(input: $input) { userErrors { code } } }`,
		map[string]any{"input": map[string]any{"idempotencyKey": uuid.NewString(), "caseId": caseID,
			"reasons": []string{"WRONG_AMOUNT"}, "statement": "Frakten var gratis."}})
	queue := at(p.getAs("worker", `{ staff { queue(kind: OBJECTION, first: 100) { nodes { id case { id } } } } }`, nil),
		"staff", "queue", "nodes").([]any)
	told := "nothing waits"
	for _, node := range queue {
		if at(node, "case", "id") == caseID {
			told = p.deskAct("worker", "decideObjection", at(node, "id").(string), decision)
		}
	}
	if told != "" {
		p.t.Fatalf("%s: %v is told %q", code, decision, told)
	}
	return at(p.get(who, `query($id: ID!) { node(id: $id) { ... on Case { status balance { total { amount } } nextCost { on kind }
		agreement { id status changedOn endedOn instalments { number dueOn amount { amount } fee { amount } } }
		timeline { kind } } } }`, map[string]any{"id": caseID}), "node")
}
