package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/graph"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/resolvers"
)

// TestAsks: each field of the root counts, unless it is read once however often it is selected, and
// so does each field with a resolver below the viewer and the staff.
func TestAsks(t *testing.T) {
	t.Parallel()
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	asks := resolvers.Asks(schema)
	for _, root := range []string{"Query", "Mutation"} {
		for _, f := range schema.Types[root].Fields {
			if _, ok := asks[root+"."+f.Name]; !ok && !strings.HasPrefix(f.Name, "__") {
				t.Errorf("%s.%s counts nothing", root, f.Name)
			}
		}
	}
	for field, want := range map[string]int{"Mutation.submitObjection": 4, "Query.caseStatus": 4, "Query.checkGenuine": 4, "Query.agencies": 0,
		"Viewer.acts": 1, "Viewer.accessLog": 2, "StaffPerson.nationalId": 1, "Viewer.overview": 0} {
		if got := asks[field]; got != want {
			t.Errorf("%s counts %d, not %d", field, got, want)
		}
	}
	for field := range asks {
		typ, name, _ := strings.Cut(field, ".")
		if schema.Types[typ].Fields.ForName(name) == nil {
			t.Errorf("there is no %s", field)
		}
	}
}

// TestAliases: a request that asks for the same a hundred times asks each agency as often as one
// that asks once, or is refused before anybody is asked.
func TestAliases(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.know("worker", staff(caller.CaseWorker, people.Fjord))
	p.get(kari(), "{ agencies { phone } }", nil)
	times := func(n int, field string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, " a%d: %s", i, field)
		}
		return b.String()
	}
	look := `person(input: {by: {caseNumber: "1"}, reason: "a call from the debtor"}) { debtors { name } }`
	for name, tc := range map[string]struct {
		reason, as, query string
		trips             int64 // to an agency
		code              string
	}{
		"facts":     {"they are kept", "", "{" + times(99, "agencies { phone orgNumber }") + "}", 0, ""},
		"viewers":   {"they are read together", kari().Reveal(), "{" + times(99, "viewer { overview { total { amount } } }") + "}", 1, ""},
		"look-ups":  {"each is one", "worker", "{ staff {" + times(11, look) + "} }", 0, "OPERATION_TOO_LARGE"},
		"some":      {"as many as may be, on two connections that do not know the statement yet", "worker", "{ staff {" + times(10, look) + "} }", 12, "NOT_FOUND"},
		"statuses":  {"each is one", "", "{" + times(11, `caseStatus(agency: "fjord", caseNumber: "1")`) + "}", 0, "OPERATION_TOO_LARGE"},
		"solutions": {"each takes a core", kari().Reveal(), "{ viewer {" + times(11, `paymentSolutions(input: {}) { asOf }`) + "} }", 0, "OPERATION_TOO_LARGE"},
		"logs":      {"each is a statement", kari().Reveal(), "{ viewer {" + times(21, `accessLog { nodes { at } }`) + "} }", 0, "OPERATION_TOO_LARGE"},
	} {
		t.Run(name, func(t *testing.T) {
			a := p.askAs(tc.as, tc.query, nil)
			if tc.code == "" && len(a.Errors) > 0 || tc.code != "" && !strings.Contains(a.codes(), tc.code) {
				t.Fatalf("%s: %.400s", tc.reason, a.Raw)
			}
			for _, u := range a.Extensions.Usage {
				if u.RoundTrips > tc.trips {
					t.Errorf("%s, yet %s was asked %d times", tc.reason, u.Agency, u.RoundTrips)
				}
			}
		})
	}
}
