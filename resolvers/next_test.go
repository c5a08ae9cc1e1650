package resolvers_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestNoSecondPlan: an offer from before another was accepted would have a case paid twice, so it is
// refused; and a plan of payments alone is kept like any other.
func TestNoSecondPlan(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	offers := p.offers("5000.00")
	got := p.accept(uuid.New(), at(offers["PAY_TODAY"], "offerId"))
	if at(got, "acceptance", "status") != "CONFIRMED" || len(at(got, "acceptance", "agencies").([]any)) > 0 {
		t.Fatalf("a plan of payments: %v", got)
	}
	got = p.accept(uuid.New(), at(offers["LOWEST_COST"], "offerId"))
	if at(got, "acceptance") != nil || at(got, "userErrors", 0, "code") != "OFFER_EXPIRED" {
		t.Errorf("the other offer of before: %v", got)
	}
	if s := p.plan(); at(s, "next", "dueOn") != today.String() ||
		amount(t, at(s, "remaining")) != amount(t, at(offers["PAY_TODAY"], "totalPaid")) {
		t.Errorf("%v", s)
	}
}

const whatNext = `query { viewer {
	overview { nextDue { dueOn amount { amount } case { id } } }
	cases(first: 100, filter: {status: OPEN}) { nodes { id paymentInfo { amount { amount } dueOn agreement { id } }
		agreement { id paymentInfo { amount { amount } dueOn } } } }
	paymentSolutions(input: {monthlyBudget: "6000.00", payDays: [20]}) { owed { amount } suggestions { kinds } leftOut { case { id } reason } }
	paymentSolutionAcceptances { schedule { days { payments { remaining { amount } case { id } } }
		next { dueOn remaining { amount } payments { remaining { amount } case { id } } } } } } }`

// TestOneAnswer: what to pay next is the same in the plan, the overview, the cases and the suggestions,
// before and after each payment.
func TestOneAnswer(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	best := p.offers("6000.00")["LOWEST_COST"]
	if got := p.accept(uuid.New(), at(best, "offerId")); at(got, "acceptance", "status") != "CONFIRMED" {
		t.Fatalf("%v", got)
	}
	if len(at(best, "agreements").([]any)) == 0 {
		t.Fatal("no agreement: too little is proved")
	}
	alone, joined := 0, 0
	for _, on := range []norway.Date{today + 1, norway.MustDate("2026-03-20"), norway.MustDate("2026-04-19")} {
		p.live(on)
		v := at(p.get(kari(), whatNext, nil), "viewer")
		next := at(v, "paymentSolutionAcceptances", 0, "schedule", "next")
		if next == nil {
			t.Fatalf("%s: nothing is next", on)
		}
		inPlan, rest := map[any]bool{}, amount(t, at(next, "remaining"))
		for _, d := range at(v, "paymentSolutionAcceptances", 0, "schedule", "days").([]any) {
			for _, x := range at(d, "payments").([]any) {
				inPlan[at(x, "case", "id")] = inPlan[at(x, "case", "id")] || amount(t, at(x, "remaining")) > 0
			}
		}
		first, counted := at(next, "dueOn").(string), map[any]bool{}
		for _, c := range at(v, "cases", "nodes").([]any) {
			info, agreement := at(c, "paymentInfo"), at(c, "paymentInfo", "agreement", "id")
			if agreement != nil {
				info = at(c, "agreement", "paymentInfo")
			}
			if due, ok := at(info, "dueOn").(string); ok && !inPlan[at(c, "id")] {
				first = min(first, due)
			} else if ok && due == at(next, "dueOn") && !counted[agreement] {
				rest -= amount(t, at(info, "amount"))
				counted[agreement] = agreement != nil
				if agreement == nil {
					alone++
				} else {
					joined++
				}
			}
			byID := at(p.get(kari(), `query($id: ID!) { node(id: $id) { ... on Case { paymentInfo { amount { amount } dueOn agreement { id } } } } }`,
				map[string]any{"id": at(c, "id")}), "node", "paymentInfo")
			if diff := cmp.Diff(at(c, "paymentInfo"), byID); diff != "" {
				t.Errorf("%s: by its id a case says another thing (-listed +by id):\n%s", on, diff)
			}
		}
		if rest != 0 || at(v, "overview", "nextDue", "dueOn") != first {
			t.Errorf("%s: the plan asks for %s more on %s than the cases; the overview says %v, they %s", on, rest,
				at(next, "dueOn"), at(v, "overview", "nextDue", "dueOn"), first)
		}
		left := map[any]any{}
		for _, x := range at(v, "paymentSolutions", "leftOut").([]any) {
			left[at(x, "case", "id")] = at(x, "reason")
		}
		for id, asked := range inPlan {
			if asked && left[id] != "IN_PLAN" {
				t.Errorf("%s: a case of the plan is left out as %v", on, left[id])
			}
		}
		if amount(t, at(v, "paymentSolutions", "owed")) != 0 || len(at(v, "paymentSolutions", "suggestions").([]any)) > 0 {
			t.Errorf("%s: what is planned is suggested again", on)
		}
		if on > today+1 {
			for key, x := range scheduled(p.plan()) {
				if sum := amount(t, at(x, "remaining")); sum > 0 && strings.HasPrefix(key, at(next, "dueOn").(string)) {
					p.receive(x, on, sum)
				}
			}
		}
	}
	if alone == 0 || joined == 0 {
		t.Errorf("%d payments were beside agreements, %d of joint ones: too little is proved", alone, joined)
	}
}

// plan0 is the schedule of the latest acceptance, if there is any.
func (p *portal) plan0() any {
	p.t.Helper()
	return at(p.get(kari(), myPlan, nil), "viewer", "paymentSolutionAcceptances", 0, "schedule")
}

// TestStaffKnowThePlan: what staff suggest, and say of what is next, counts the plan that the person has
// accepted, as far as it is about their agency; also by the id of a case.
func TestStaffKnowThePlan(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	if got := p.accept(uuid.New(), at(p.offers("6000.00")["LOWEST_COST"], "offerId")); at(got, "acceptance",
		"status") != "CONFIRMED" {
		t.Fatalf("%v", got)
	}
	const fields = ` overview { nextDue { dueOn case { id } } } cases(first: 100, filter: {status: OPEN}) { nodes { id agency { code }
		paymentInfo { amount { amount } dueOn } } }
		paymentSolutions(input: {monthlyBudget: "6000.00"}) { owed { amount } suggestions { kinds } leftOut { case { id agency { code } } reason } } `
	own := at(p.get(kari(), `{ viewer {`+fields+`} }`, nil), "viewer")
	planned := 0
	for _, code := range []string{people.Fjord, people.Tradisjon} {
		p.know("worker", staff(caller.CaseWorker, code))
		theirs := at(p.getAs("worker", `query($id: NationalId!, $why: String!) { staff { person(input: {by: {nationalId: $id}, reason: $why}) {`+
			fields+`} } }`, map[string]any{"id": kari().Reveal(), "why": why}), "staff", "person")
		of := func(list any, agency func(any) any) (kept []any) {
			for _, x := range list.([]any) {
				if agency(x) == code {
					kept = append(kept, x)
				}
			}
			return kept
		}
		cases := func(v any) any {
			return of(at(v, "cases", "nodes"), func(x any) any { return at(x, "agency", "code") })
		}
		left := func(v any) any {
			return of(at(v, "paymentSolutions", "leftOut"), func(x any) any { return at(x, "case", "agency", "code") })
		}
		if diff := cmp.Diff([]any{cases(own), left(own)}, []any{cases(theirs), left(theirs)}); diff != "" {
			t.Errorf("%s (-the debtor is told +the staff are told):\n%s", code, diff)
		}
		if amount(t, at(theirs, "paymentSolutions", "owed")) != 0 {
			t.Errorf("%s: what is planned is suggested again: %v", code, at(theirs, "paymentSolutions"))
		}
		for _, x := range left(theirs).([]any) {
			if at(x, "reason") == "IN_PLAN" {
				planned++
			}
		}
		for _, x := range cases(theirs).([]any) {
			node := at(p.getAs("worker", `query($id: ID!) { node(id: $id) { ... on Case { id agency { code } paymentInfo { amount { amount } dueOn } } } }`,
				map[string]any{"id": at(x, "id")}), "node")
			if diff := cmp.Diff(x, node); diff != "" {
				t.Errorf("%s: by its id a case says another thing (-listed +by id):\n%s", code, diff)
			}
		}
	}
	if planned < 3 {
		t.Errorf("%d planned cases are too few to prove anything", planned)
	}
}
