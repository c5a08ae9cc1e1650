package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestWithheldCase: a case whose records cannot be used is left out wherever it would be counted,
// named where it is missed, and costs the person nothing else at that agency or another.
func TestWithheldCase(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	const query = `{ viewer { overview { complete openCaseCount withheld { id caseNumber reason agency { code } }
		agencies { agency { code } status openCaseCount total { amount } } }
		cases(first: 100, filter: {status: OPEN}) { nodes { id caseNumber agency { code } balance { total { amount } } } }
		paymentSolutions(input: {}) { complete withheld { id caseNumber reason } leftOut { case { id } } suggestions { closings { case { id } } } } } }`
	whole := p.get(kari(), query, nil)
	var victim any
	for _, c := range at(whole, "viewer", "cases", "nodes").([]any) {
		if at(c, "agency", "code") == people.Fjord {
			victim = c
		}
	}
	id, number := at(victim, "id"), at(victim, "caseNumber")
	p.change(people.Fjord, fmt.Sprintf(`update core.case set due_on = 'infinity' where case_number = '%s'`, number))
	broken := p.ask(kari(), query, nil)
	viewer := at(broken.object(t), "viewer")
	if broken.codes() != "[SCHEMA_MISMATCH]" || broken.Errors[0].Extensions.Agency != people.Fjord ||
		strings.Contains(broken.Raw, "infinity") {
		t.Errorf("%s", broken.Raw)
	}
	overview := at(viewer, "overview")
	if at(overview, "complete") != false ||
		at(overview, "openCaseCount") != at(whole, "viewer", "overview", "openCaseCount").(float64)-1 {
		t.Errorf("%v", overview)
	}
	for _, list := range []any{at(overview, "withheld"), at(viewer, "paymentSolutions", "withheld")} {
		if w := list.([]any); len(w) != 1 || at(w, 0, "id") != id || at(w, 0, "caseNumber") != number ||
			at(w, 0, "reason") != "DATE" {
			t.Errorf("withheld: %v", list)
		}
	}
	for i, a := range at(overview, "agencies").([]any) {
		before := at(whole, "viewer", "overview", "agencies", i)
		switch at(a, "agency", "code") {
		case people.Fjord:
			if at(a, "status") != "INCOMPLETE" || at(a, "openCaseCount") != at(before, "openCaseCount").(float64)-1 {
				t.Errorf("%v", a)
			}
		default:
			if fmt.Sprint(a) != fmt.Sprint(before) {
				t.Errorf("%v was %v", a, before)
			}
		}
	}
	if solutions := at(viewer, "paymentSolutions"); at(solutions, "complete") != false ||
		strings.Contains(fmt.Sprint(at(solutions, "suggestions"), at(solutions, "leftOut")), id.(string)) {
		t.Errorf("a solution pays it, or says nothing: %v", solutions)
	}
	byID := p.ask(kari(), fmt.Sprintf(`{ node(id: %q) { id } }`, id), nil)
	if byID.codes() != "[SCHEMA_MISMATCH]" || byID.Errors[0].Extensions.Agency != people.Fjord {
		t.Errorf("by its id: %s", byID.Raw)
	}

	// Where nothing is left there is no sum, and no zero that looks like one.
	p.change(people.Fjord, `update core.case set opened_on = '0001-01-01'`)
	for _, a := range at(p.ask(kari(), query, nil).object(t), "viewer", "overview", "agencies").([]any) {
		if at(a, "agency", "code") == people.Fjord && (at(a, "status") != "INCOMPLETE" || at(a, "total") != nil) {
			t.Errorf("all are left out: %v", a)
		}
	}
}
