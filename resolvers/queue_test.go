package resolvers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act/deferral"
	"github.com/oversikt/oversikt/internal/act/objection"
	"github.com/oversikt/oversikt/internal/act/plan"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const inQueue = `query($kind: QueueKind, $first: Int, $after: String) { staff { queue(kind: $kind, first: $first, after: $after) {
	nodes { id kind createdAt answerBy case { caseNumber debtor { name } } subject { ... on Deferral { status reason until } ... on Objection { statement }
	... on Complaint { overdue statement categories } ... on InvoiceCopy { became: status requestedAt }
	... on Agreement { stands: status } } }
	pageInfo { hasNextPage endCursor } } } }`

const deciding = `mutation($input: DecideDeferralInput!) { decideDeferral(input: $input) {
	act { status } cases { deferrals { status until reply decidedOn } } userErrors { code field message(language: NB) } } }`

const myDeferrals = `{ viewer { cases(first: 100) { nodes { caseNumber deferrals { status until reply decidedOn }
	availableActs { name allowed reason(language: NB) } } } } }`

// TestQueue: what a debtor asks for beyond what is granted at once waits for a case worker of that
// agency alone. One decision is taken of many, and the debtor sees it.
func TestQueue(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	seen := map[string]int{}
	for range 12 {
		who, asked := p.suiting(p.resolver.Acts.DecideDeferral.Declared())
		in := asked.Good.(deferral.DecideInput)
		code := in.ItemID.Agency
		if seen[code]++; seen[code] <= 2 {
			p.decides(who, in, seen[code] == 1)
		}
	}
	if len(seen) != 3 {
		t.Errorf("the agencies are %v", seen)
	}
	who, asked := p.suiting(p.resolver.Acts.DecideObjection.Declared())
	p.answersObjection(who, asked.Good.(objection.DecideInput))
	who, asked = p.suiting(p.resolver.Acts.DecideInstalmentPlan.Declared())
	p.planStands(who, asked.Good.(plan.DecideInput))
}

// planStands: what a person applies for waits under its kind, for that agency's case workers alone, and goes when it
// is refused.
func (p *portal) planStands(who norway.NationalID, in plan.DecideInput) {
	p.t.Helper()
	item := p.resolver.IDs.Seal(in.ItemID)
	p.know("worker", staff(caller.CaseWorker, in.ItemID.Agency))
	elsewhere := people.Lita
	if in.ItemID.Agency == elsewhere {
		elsewhere = people.Fjord
	}
	p.know("stranger", staff(caller.CaseWorker, elsewhere))
	p.looked()
	node := p.waits("worker", "INSTALMENT_PLAN", item)
	if at(node, "kind") != "INSTALMENT_PLAN" || at(node, "subject", "stands") != "REQUESTED" ||
		at(p.casesBy(who, myDeferrals, at(node, "case", "caseNumber")), "caseNumber") == nil {
		p.t.Fatalf("what waits is %v", node)
	}
	if !slices.ContainsFunc(p.looked(), func(l look) bool { return l.What == "staff.queue" && p.about(l, who) }) {
		p.t.Error("no look at the person is on record")
	}
	if p.waits("worker", "DEFERRAL", item) != nil || p.waits("stranger", "INSTALMENT_PLAN", item) != nil {
		p.t.Error("it waits where it does not belong")
	}
	a := p.getAs("worker", `mutation($input: DecideInstalmentPlanInput!) {
		decideInstalmentPlan(input: $input) { act { status }
		userErrors { code } } }`, map[string]any{"input": map[string]any{"idempotencyKey": uuid.NewString(), "itemId": item,
		"decision": "REFUSE", "text": "Det går ikke."}})
	if at(a, "decideInstalmentPlan", "act", "status") != "DONE" || p.waits("worker", "INSTALMENT_PLAN", item) != nil {
		p.t.Errorf("it is refused and waits: %v", a)
	}
}

// answersObjection has a case worker uphold an objection in part: the debtor reads why, and owes so much less.
func (p *portal) answersObjection(who norway.NationalID, in objection.DecideInput) {
	p.t.Helper()
	t, item := p.t, p.resolver.IDs.Seal(in.ItemID)
	p.know("worker", staff(caller.CaseWorker, in.ItemID.Agency))
	input := map[string]any{"idempotencyKey": uuid.NewString(), "itemId": item, "decision": "PARTLY_UPHELD", "reduction": "kr 1,50",
		"text": "Frakten er trukket fra.", "creditorStandpoint": "Varen ble levert."}
	const answering = `mutation($input: DecideObjectionInput!) { decideObjection(input: $input) { act { status }
		cases { caseNumber originalPrincipal { amount } } userErrors { code field message(language: NN) } } }`
	a := p.getAs("worker", answering, map[string]any{"input": with(input, "reduction", "9 999 999")})
	if at(a, "decideObjection", "userErrors", 0, "code") != "TOO_MUCH" ||
		at(a, "decideObjection", "userErrors", 0, "field", 1) != "reduction" {
		t.Errorf("more than is claimed is taken off: %v", a)
	}
	decided := at(p.settles(answering, "decideObjection", item, input), "cases", 0)
	c := p.casesBy(who, `{ viewer { cases(first: 100) { nodes { caseNumber originalPrincipal { amount } dueOn
		objections { status reply creditorStandpoint decidedOn } timeline { kind } } } } }`, at(decided, "caseNumber"))
	all := at(c, "objections").([]any)
	o := all[len(all)-1]
	if at(o, "status") != "PARTLY_UPHELD" || at(o, "reply") != input["text"] || at(o, "decidedOn") == nil ||
		at(o, "creditorStandpoint") != input["creditorStandpoint"] ||
		at(c, "originalPrincipal", "amount") != at(decided, "originalPrincipal", "amount") {
		t.Errorf("the person has %v", c)
	}
	if !slices.ContainsFunc(at(c, "timeline").([]any), func(e any) bool { return at(e, "kind") == "OBJECTION_DECIDED" }) {
		t.Errorf("the decision is not in the timeline: %v", c)
	}
}

// decides has case workers decide what a person has asked for.
func (p *portal) decides(who norway.NationalID, in deferral.DecideInput, grant bool) {
	p.t.Helper()
	t, code := p.t, in.ItemID.Agency
	item := p.resolver.IDs.Seal(in.ItemID)
	p.know("worker", staff(caller.CaseWorker, code))
	p.know("supervisor", staff(caller.Supervisor, code))
	elsewhere := people.Lita
	if code == elsewhere {
		elsewhere = people.Fjord
	}
	p.know("stranger", staff(caller.CaseWorker, elsewhere))
	node := p.waits("worker", "DEFERRAL", item)
	number := at(node, "case", "caseNumber")
	if at(node, "subject", "status") != "REQUESTED" || at(node, "kind") != "DEFERRAL" || at(node, "answerBy") != nil {
		t.Fatalf("what waits is %v", node)
	}
	looks := p.looked()
	if !slices.ContainsFunc(looks, func(l look) bool { return l.What == "staff.queue" && p.about(l, who) }) {
		t.Errorf("of %d looks none is at the person", len(looks))
	}
	mine := p.deferralOf(who, number)
	if at(mine, "status") != "REQUESTED" || !strings.Contains(p.why(who, number, "REQUEST_DEFERRAL"), "utsettelse") {
		t.Errorf("the person has %v, and is told %q", mine, p.why(who, number, "REQUEST_DEFERRAL"))
	}
	if p.waits("stranger", "DEFERRAL", item) != nil {
		t.Error("another agency's case worker sees it")
	}
	input := map[string]any{"idempotencyKey": uuid.NewString(), "itemId": item, "decision": "REFUSE", "text": "To ganger er nok."}
	if grant {
		input["decision"], input["until"] = "GRANT", norway.DateOf(time.Now()).AddDays(40).String()
	}
	a := p.getAs("stranger", deciding, map[string]any{"input": input})
	if at(a, "decideDeferral", "userErrors", 0, "code") != "NOT_FOUND" || at(a, "decideDeferral", "act") != nil {
		t.Errorf("a stranger decides: %v", a)
	}
	p.decideAtOnce(item, input)
	mine = p.deferralOf(who, number)
	want := map[bool]string{true: "GRANTED", false: "REFUSED"}[grant]
	if at(mine, "status") != want || at(mine, "reply") != "To ganger er nok." || at(mine, "decidedOn") == nil ||
		grant && at(mine, "until") != input["until"] {
		t.Errorf("the person has %v", mine)
	}
	if p.waits("worker", "DEFERRAL", item) != nil {
		t.Error("what is decided waits")
	}
	if !slices.ContainsFunc(p.looked(), func(l look) bool { return l.What == "decideDeferral" && p.about(l, who) }) {
		t.Error("the decision is not in the person's log")
	}
}

// decideAtOnce has two decide: one has decided, and the other is told so.
func (p *portal) decideAtOnce(item string, input map[string]any) {
	p.t.Helper()
	var wg sync.WaitGroup
	var answers [2]map[string]any
	for i, as := range []string{"worker", "supervisor"} {
		own := with(input, "idempotencyKey", uuid.NewString())
		wg.Go(func() { answers[i] = p.getAs(as, deciding, map[string]any{"input": own}) })
	}
	wg.Wait()
	said := map[any]int{}
	for _, a := range answers {
		if code := at(a, "decideDeferral", "userErrors", 0, "code"); code != nil {
			said[code]++
			if at(a, "decideDeferral", "userErrors", 0, "message") == "" {
				p.t.Error("there are no words for it")
			}
			continue
		}
		said[at(a, "decideDeferral", "act", "status")]++
		if len(at(a, "decideDeferral", "cases").([]any)) != 1 {
			p.t.Errorf("who has decided is shown %v", a)
		}
	}
	if said["DONE"] != 1 || said["ALREADY_DECIDED"] != 1 {
		p.t.Errorf("two at once: %v", said)
	}
}

// with returns the members with another value for one.
func with(members map[string]any, name string, value any) map[string]any {
	other := maps.Clone(members)
	other[name] = value
	return other
}

// settles has a case worker decide on an item, who cannot do it twice, and returns what is selected of the payload.
func (p *portal) settles(document, act, item string, in map[string]any) any {
	p.t.Helper()
	once := func() any {
		input := with(with(in, "itemId", item), "idempotencyKey", uuid.NewString())
		return at(p.getAs("worker", document, map[string]any{"input": input}), act)
	}
	done := once()
	if at(done, "act", "status") != "DONE" {
		p.t.Fatalf("%s is %v", act, done)
	}
	if again := once(); at(again, "userErrors", 0, "code") != "ALREADY_DECIDED" {
		p.t.Errorf("a second %s is %v", act, again)
	}
	return done
}

// waits returns what of a kind waits at the agency of a case worker under an id, read in small pages.
func (p *portal) waits(as, kind, id string) (found any) {
	p.t.Helper()
	vars := map[string]any{"kind": kind, "first": 7}
	read := map[any]bool{}
	for {
		a := p.askAs(as, inQueue, vars)
		queue := at(a.object(p.t), "staff", "queue")
		if u := a.Extensions.Usage; len(a.Errors) > 0 || len(u) != 1 || u[0].RoundTrips > 2 {
			p.t.Fatalf("%s: it costs %+v", a.Raw, u)
		}
		for _, node := range at(queue, "nodes").([]any) {
			if read[at(node, "id")] {
				p.t.Error("an item comes twice")
			}
			if read[at(node, "id")] = true; at(node, "id") == id {
				found = node
			}
		}
		if at(queue, "pageInfo", "hasNextPage") != true {
			return found
		}
		vars["after"] = at(queue, "pageInfo", "endCursor")
	}
}

// casesBy returns a person's case of a number, as a query of all cases shows it.
func (p *portal) casesBy(who norway.NationalID, query string, number any) any {
	p.t.Helper()
	for _, c := range at(p.get(who, query, nil), "viewer", "cases", "nodes").([]any) {
		if at(c, "caseNumber") == number {
			return c
		}
	}
	p.t.Fatalf("the person has no case %v", number)
	return nil
}

// deferralOf returns the latest deferral of a person's case.
func (p *portal) deferralOf(who norway.NationalID, number any) any {
	return at(p.casesBy(who, myDeferrals, number), "deferrals", 0)
}

// why says why a person may not ask for an act in a case; empty where they may.
func (p *portal) why(who norway.NationalID, number any, act string) string {
	for _, a := range at(p.casesBy(who, myDeferrals, number), "availableActs").([]any) {
		if at(a, "name") == act && at(a, "allowed") == false {
			return fmt.Sprint(at(a, "reason"))
		}
	}
	return ""
}
