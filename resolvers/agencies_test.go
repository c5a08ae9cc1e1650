package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// stuck makes an agency so slow that who asks it waits until the deadline.
func (p *portal) stuck(code string) {
	p.t.Helper()
	tx, err := p.databases[code].Conn().Begin(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = tx.Rollback(p.t.Context()) })
	if _, err := tx.Exec(p.t.Context(), "lock table core.debtor in access exclusive mode"); err != nil {
		p.t.Fatal(err)
	}
}

// agencyIDs returns the ids of the agencies by their codes.
func (p *portal) agencyIDs() map[string]any {
	p.t.Helper()
	ids := map[string]any{}
	for _, a := range at(p.get(kari(), "{ agencies { id code } }", nil), "agencies").([]any) {
		ids[at(a, "code").(string)] = at(a, "id")
	}
	return ids
}

// TestNamedAgenciesAloneAreAsked: an operation that names its agencies sends no statement to the
// others; one of them answers nobody here.
func TestNamedAgenciesAloneAreAsked(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	ids := p.agencyIDs()
	nameless := func() (caller.Principal, error) {
		return caller.Principal{Kind: caller.Person, NationalID: kari()}, nil
	}
	p.know("nameless", nameless)
	for _, query := range []string{`{ viewer { overview(agencies: $fjord) { complete } debtors { name } } }`,
		`{ viewer { name overview(agencies: $fjord) { complete } } }`} {
		if a := p.askAs("nameless", naming(query, ids), nil); len(a.Extensions.Usage) != 3 || len(a.Errors) > 0 {
			t.Errorf("%s needs all of them: %s", query, a.Raw)
		}
	}
	p.stuck(people.Lita)
	fjord, tradisjon := []string{people.Fjord}, []string{people.Tradisjon}
	for name, tc := range map[string]struct {
		reason, as, query string
		want              []string
	}{
		"cases": {"the filter names one", "", `{ viewer { cases(filter: {agencies: $fjord}) { nodes { id balance { total { amount } } } } } }`,
			fjord},
		"overview": {"so does the argument", "", `{ viewer { overview(agencies: $fjord) { total { amount } nextDue { dueOn } } } }`, fjord},
		"one id":   {"a list of one may be written as one", "", `{ viewer { overview(agencies: $fjordAlone) { total { amount } } } }`, fjord},
		"both": {"the union", "", `{ viewer { overview(agencies: $fjord) { total { amount } } cases(filter: {agencies: $tradisjon}) { nodes { id } } } }`,
			slices.Concat(fjord, tradisjon)},
		"two viewers": {"they are read at once", "",
			`{ a: viewer { ...F } b: viewer { cases(filter: {agencies: $tradisjon}) { nodes { id } } } } fragment F on Viewer { overview(agencies: $fjord) { total { amount } } }`,
			slices.Concat(fjord, tradisjon)},
		"beside": {"what asks no agency asks none here", "",
			`{ viewer { __typename name powersOfAttorney { id } paymentSolutionAcceptances { id } overview(agencies: $fjord) { total { amount } } } }`, fjord},
		"left out": {"what is skipped asks nobody", "",
			`{ viewer { debtors @skip(if: true) { name } overview(agencies: $fjord) { total { amount } } } }`, fjord},
		"unnamed": {"a login without a name does not ask for it", "nameless",
			`{ viewer { overview(agencies: $fjord) { total { amount } } } }`, fjord},
	} {
		t.Run(name, func(t *testing.T) {
			as := tc.as
			if as == "" {
				as = kari().Reveal()
			}
			a := p.askAs(as, naming(tc.query, ids), nil)
			if len(a.Errors) > 0 {
				t.Fatalf("%s: %s", tc.reason, a.Raw)
			}
			var asked []string
			for _, u := range a.Extensions.Usage {
				asked = append(asked, u.Agency)
				if u.RoundTrips != 1 {
					t.Errorf("%s is asked %d times", u.Agency, u.RoundTrips)
				}
			}
			slices.Sort(asked)
			if diff := cmp.Diff(tc.want, asked); diff != "" {
				t.Errorf("%s (-want +asked):\n%s", tc.reason, diff)
			}
		})
	}
}

// naming writes ids of agencies into a query.
func naming(query string, ids map[string]any) string {
	list := func(code string) string { return fmt.Sprintf("[%q]", ids[code]) }
	return strings.NewReplacer("$fjordAlone", fmt.Sprintf("%q", ids[people.Fjord]), "$fjord", list(people.Fjord),
		"$tradisjon", list(people.Tradisjon), "$lita", list(people.Lita)).Replace(query)
}

// TestOverviewOfNamedAgencies: an overview is about the agencies that it names, whatever else is
// asked in the same operation, and an agency that is missing is an error where it was asked for.
func TestOverviewOfNamedAgencies(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	ids := p.agencyIDs()
	p.line(people.Lita, false)
	const fields = `{ complete openCaseCount total { amount } agencies { agency { code } status openCaseCount total { amount } } }`
	a := p.ask(kari(), naming(`{ viewer { fjord: overview(agencies: $fjord) `+fields+` lita: overview(agencies: $lita) `+fields+
		` all: overview(agencies: []) `+fields+` } }`, ids), nil)
	data := at(a.object(t), "viewer")
	if a.codes() != "[AGENCY_UNAVAILABLE]" || fmt.Sprint(a.Errors[0].Path) != "[viewer lita]" {
		t.Errorf("%s", a.Raw)
	}
	for name, want := range map[string]struct {
		complete bool
		agencies string
	}{"fjord": {true, "[fjord OK]"}, "lita": {false, "[lita UNAVAILABLE]"},
		"all": {false, "[fjord OK tradisjon OK lita UNAVAILABLE]"}} {
		var listed []any
		var sum money.Øre
		for _, share := range at(data, name, "agencies").([]any) {
			listed = append(listed, at(share, "agency", "code"), at(share, "status"))
			if at(share, "total") != nil {
				sum += amount(t, at(share, "total"))
			}
		}
		if fmt.Sprint(listed) != want.agencies || at(data, name, "complete") != want.complete ||
			amount(t, at(data, name, "total")) != sum {
			t.Errorf("%s: %v", name, at(data, name))
		}
	}
	if at(data, "fjord", "openCaseCount") == at(data, "all", "openCaseCount") {
		t.Error("the other agencies have nothing: nothing is proved")
	}
	asked := naming(`query($ids: [ID!]) { viewer { overview(agencies: $ids) `+fields+` } }`, ids)
	byVariable := p.ask(kari(), asked, map[string]any{"ids": []any{ids[people.Fjord]}})
	if diff := cmp.Diff(at(data, "fjord"), at(byVariable.object(t), "viewer", "overview")); diff != "" ||
		len(byVariable.Extensions.Usage) != 1 {
		t.Errorf("by a variable (-literal +variable):\n%s", diff)
	}
	for name, bad := range map[string]any{"no id": "x", "another's": at(p.get(kari(), naming(
		`{ viewer { cases(filter: {agencies: $fjord}, first: 1) { nodes { id } } } }`, ids), nil), "viewer", "cases", "nodes", 0,
		"id")} {
		if got := p.ask(kari(), asked, map[string]any{"ids": []any{bad}}); !strings.Contains(got.codes(), "BAD_USER_INPUT") {
			t.Errorf("%s: %s", name, got.Raw)
		}
	}
}
