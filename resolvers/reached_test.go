package resolvers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/caller"
)

const withCases = `{ viewer { cases(first: 100) { nodes { id agency { code } fees { id case { id } }
	letters(first: 100) { nodes { id case { id } } } payments(first: 100) { nodes { id case { id } } } objections { id case { id } }
	agreement { id cases { id } } } } } }`

// TestReachedCases: whoever asks for objects by their ids is on record with each case that they came
// by, however they asked and whatever they asked for besides.
func TestReachedCases(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("attorney", s.attorney(func(*caller.Authority) {}))
	p.know("worker", staff(caller.CaseWorker, s.code))
	var cases []string
	of := map[string][]string{} // the cases of an object, one object of each kind
	data := p.get(s.id, withCases, nil)
	for _, c := range at(data, "viewer", "cases", "nodes").([]any) {
		if at(c, "agency", "code") != s.code {
			continue
		}
		id := at(c, "id").(string)
		cases = append(cases, id)
		for _, list := range []any{at(c, "fees"), at(c, "letters", "nodes"), at(c, "payments", "nodes"),
			at(c, "objections")} {
			if len(list.([]any)) > 0 {
				of[at(list, 0, "id").(string)] = []string{id}
			}
		}
		if joined, ok := at(c, "agreement", "cases").([]any); ok {
			agreement := at(c, "agreement", "id").(string)
			of[agreement] = nil
			for _, other := range joined {
				of[agreement] = append(of[agreement], at(other, "id").(string))
			}
		}
	}
	decoy, others := cases[0], cases[1:]
	if len(others) < 5 || len(of) < 5 {
		t.Fatalf("%d cases and %d objects prove nothing", len(cases), len(of))
	}
	node := func(id string) string { return fmt.Sprintf(`node(id: %q) { id }`, id) }
	asked := map[string]struct {
		query string
		want  []string
	}{
		"a decoy before the others": {fmt.Sprintf(`{ a: nodes(ids: ["%s"]) { id } b: nodes(ids: ["%s"]) { id } }`,
			strings.Join(slices.Repeat([]string{decoy}, 100), `", "`), strings.Join(others, `", "`)), cases},
		"the others of an agreement": {fmt.Sprintf(
			`{ node(id: %q) { ... on Case { agreement { cases { caseNumber } } } } }`, s.caseID), joinedWith(t, p, s)},
		"an agreement that is only shown": {fmt.Sprintf(
			`{ node(id: %q) { ... on Case { agreement { status } } } }`, s.caseID), []string{s.caseID}},
	}
	for id, reached := range of {
		asked["the object "+id] = struct {
			query string
			want  []string
		}{"{ " + node(id) + " }", reached}
	}
	check := func(as, reason string, want []string) {
		t.Helper()
		got := map[string]bool{}
		for _, id := range at(p.seen(s)[0], "caseIds").([]any) {
			if got[id.(string)] {
				t.Errorf("%s, %s: a case is named twice", as, reason)
			}
			got[id.(string)] = true
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", as, reason, diff)
		}
	}
	for reason, tc := range asked {
		if a := p.askAs("attorney", tc.query, nil); len(a.Errors) > 0 {
			t.Fatalf("%s: %s", reason, a.Raw)
		}
		check("attorney", reason, tc.want)
	}
	for id, want := range of { // each in an operation of its own, after the person was looked up
		p.getAs("worker", lookUp, byPerson(s.id.Reveal(), why))
		if a := p.askAs("worker", "{ "+node(id)+" }", nil); len(a.Errors) > 0 {
			t.Fatalf("worker: %s", a.Raw)
		}
		check("worker", id, want)
	}
	simulated := fmt.Sprintf(`{ viewer { simulate(input: {payments: [{caseId: %q, amount: "1.00", on: %q}]}) {
		total { amount } } } }`, s.caseID, today.AddDays(1))
	if a := p.askAs("attorney", simulated, nil); len(a.Errors) > 0 {
		t.Fatal(a.Raw)
	}
	check("attorney", "a payment is simulated", []string{s.caseID})
}

// joinedWith are the cases of the agreement that the subject's case is joined in.
func joinedWith(t *testing.T, p *portal, s *subject) (ids []string) {
	t.Helper()
	data := p.get(s.id, fmt.Sprintf(`{ node(id: %q) { ... on Case { agreement { cases { id } } } } }`, s.caseID), nil)
	for _, c := range at(data, "node", "agreement", "cases").([]any) {
		ids = append(ids, at(c, "id").(string))
	}
	return ids
}
