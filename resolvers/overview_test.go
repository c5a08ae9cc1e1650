package resolvers_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// flagship is the example that the playground opens with.
func flagship(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("../internal/server/playground/examples/01-overview.graphql")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFlagshipCostsOneRoundTripPerAgency(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for range 3 { // the first ones may find connections that are just being opened
		p.get(kari(), flagship(t), nil)
	}
	a := p.ask(kari(), flagship(t), nil)
	if len(a.Errors) > 0 || a.Status != 200 {
		t.Fatalf("status %d: %+v", a.Status, a.Errors)
	}
	if len(a.Extensions.Usage) != 3 {
		t.Fatalf("three agencies are asked: %+v", a.Extensions.Usage)
	}
	for _, u := range a.Extensions.Usage {
		if u.RoundTrips != 1 || u.Statements != 14 {
			t.Errorf("%s: %d round trips and %d statements, want 1 and 14", u.Agency, u.RoundTrips, u.Statements)
		}
	}
	data := a.object(t)
	overview, cases := at(data, "viewer", "overview"), at(data, "viewer", "cases", "nodes").([]any)
	if at(overview, "openCaseCount") != 12.0 || at(overview, "complete") != true {
		t.Errorf("overview: %v", overview)
	}
	for _, part := range []string{"total", "principal", "interest", "fees", "legalCosts"} {
		var sum money.Øre
		for _, c := range cases {
			if at(c, "status") == "OPEN" {
				sum += amount(t, at(c, "balance", part))
			}
		}
		if got := amount(t, at(overview, part)); got != sum || got == 0 && part == "total" {
			t.Errorf("%s is %s, the open cases have %s", part, got, sum)
		}
	}
	for _, list := range []string{"agencies", "creditors"} {
		var sum money.Øre
		for _, share := range at(overview, list).([]any) {
			sum += amount(t, at(share, "total"))
		}
		if got := amount(t, at(overview, "total")); got != sum {
			t.Errorf("the shares of %s sum to %s, the total is %s", list, sum, got)
		}
	}
}

func amount(t testing.TB, m any) money.Øre {
	t.Helper()
	text, _ := at(m, "amount").(string)
	parsed, err := money.Parse(text)
	if err != nil {
		t.Fatalf("%v: %v", m, err)
	}
	return parsed
}

func TestNameAloneAsksNobody(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	a := p.ask(kari(), `{ viewer { name } agencies { code name } }`, nil)
	if len(a.Errors) > 0 || len(a.Extensions.Usage) != 0 || at(a.object(t), "viewer", "name") != "Kari Nordvik" {
		t.Errorf("no agency has to be asked: %+v, %+v", a.Extensions.Usage, a.Errors)
	}
}

func TestTwoViewersAreReadOnce(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	query := `{ a: viewer { overview { total { amount } } } b: viewer { cases { nodes { fees { id } } } ...F } } fragment F on Viewer { debtors { name } }`
	p.get(kari(), query, nil)
	a := p.ask(kari(), query, nil)
	if len(a.Extensions.Usage) != 3 {
		t.Fatalf("three agencies are asked: %+v", a.Extensions.Usage)
	}
	for _, u := range a.Extensions.Usage {
		if u.RoundTrips != 1 {
			t.Errorf("%s: %d round trips", u.Agency, u.RoundTrips)
		}
	}
}

func TestNodesCostOneReadPerAgency(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	const selection = `{ id caseNumber creditor { name } fees { id amount { amount } } letters { nodes { title } } payments { nodes { amount { amount } allocations { component } } }
		agreement { instalments { number } cases { id } } objections { id } balance { total { amount } } paymentInfo { kid amount { amount } } holds { kind } }`
	list := at(p.get(kari(), `{ viewer { cases(first: 100) { nodes `+selection+` } } }`, nil), "viewer", "cases",
		"nodes").([]any)
	ids := make([]any, len(list))
	for i, c := range list {
		ids[i] = at(c, "id")
	}
	a := p.ask(kari(), `query($ids: [ID!]!, $one: ID!) { nodes(ids: $ids) { ... on Case `+selection+
		` } node(id: $one) { ... on Case `+selection+` } }`,
		map[string]any{"ids": ids, "one": ids[0]})
	if len(a.Errors) > 0 {
		t.Fatalf("%+v", a.Errors)
	}
	if diff := cmp.Diff(list, at(a.object(t), "nodes")); diff != "" {
		t.Errorf("by id (-list +nodes):\n%s", diff)
	}
	if diff := cmp.Diff(list[0], at(a.object(t), "node")); diff != "" {
		t.Errorf("by one id (-list +node):\n%s", diff)
	}
	if len(a.Extensions.Usage) != 3 {
		t.Fatalf("usage: %+v", a.Extensions.Usage)
	}
	for _, u := range a.Extensions.Usage {
		if diff := cmp.Diff(agency.Usage{Agency: u.Agency, RoundTrips: 1, Statements: 14, Took: u.Took}, u); diff != "" {
			t.Errorf("every case of an agency at once, a statement a relation (-want +got):\n%s", diff)
		}
	}
}
