package resolvers_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/oversikt/oversikt/internal/debt/money"
)

// TestWhyAddsUp runs the example that explains, at one round trip for each agency.
func TestWhyAddsUp(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	text, err := os.ReadFile("../internal/server/playground/examples/06-why.graphql")
	if err != nil {
		t.Fatal(err)
	}
	p.get(kari(), string(text), nil)
	a := p.ask(kari(), string(text), map[string]any{"language": "NN"})
	if len(a.Errors) > 0 {
		t.Fatalf("%+v", a.Errors)
	}
	for _, u := range a.Extensions.Usage {
		if u.RoundTrips != 1 {
			t.Errorf("%s: %d round trips", u.Agency, u.RoundTrips)
		}
	}
	future := false
	for _, c := range at(a.object(t), "viewer", "cases", "nodes").([]any) {
		var sum money.Øre
		for _, line := range at(c, "balance", "lines").([]any) {
			sum += amount(t, at(line, "amount"))
		}
		if got := amount(t, at(c, "balance", "total")); got != sum {
			t.Errorf("%v: the lines sum to %s, the total is %s", at(c, "caseNumber"), sum, got)
		}
		last := ""
		for _, e := range at(c, "timeline").([]any) {
			on := at(e, "on").(string)
			if on < last {
				t.Errorf("%v: %s comes after %s", at(c, "caseNumber"), on, last)
			}
			last, future = on, future || at(e, "source") != "RECORD"
		}
	}
	if !future {
		t.Error("nothing comes in any case")
	}
}

// TestSimulateAtAllAgencies pays everything now, in one round trip for each agency.
func TestSimulateAtAllAgencies(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	var payments []any
	var total money.Øre
	open := p.get(kari(),
		`{ viewer { cases(first: 100, filter: {status: OPEN}) { nodes { id balance { total { amount } } } } } }`, nil)
	for _, c := range at(open, "viewer", "cases", "nodes").([]any) {
		total += amount(t, at(c, "balance", "total"))
		payments = append(payments, map[string]any{"caseId": at(c, "id"), "amount": at(c, "balance", "total", "amount"),
			"on": fmt.Sprint(today)})
	}
	a := p.ask(kari(),
		`query($input: SimulateInput!) { viewer { simulate(input: $input) { asOf paid { amount } total { amount } withoutPaying { amount }
		costsAvoided { amount } cases { settledOn case { nextCost { amount { amount } } } avoided { amount { amount } } } } } }`,
		map[string]any{"input": map[string]any{"payments": payments}})
	if len(a.Errors) > 0 {
		t.Fatalf("%+v", a.Errors)
	}
	s := at(a.object(t), "viewer", "simulate")
	if paid, left, before := amount(t, at(s, "paid")), amount(t, at(s, "total")),
		amount(t, at(s, "withoutPaying")); paid != total || left != 0 || before != total {
		t.Errorf("of %s, %s is paid and %s left; without %s", total, paid, left, before)
	}
	var avoided money.Øre
	for i, c := range at(s, "cases").([]any) {
		if at(c, "settledOn") != fmt.Sprint(today) {
			t.Errorf("case %d is not settled: %v", i, c)
		}
		if next := at(c, "case", "nextCost"); next != nil && amount(t, at(next, "amount")) != amount(t,
			at(c, "avoided", 0, "amount")) {
			t.Errorf("case %d: the next cost is not avoided: %v", i, c)
		}
		for _, cost := range at(c, "avoided").([]any) {
			avoided += amount(t, at(cost, "amount"))
		}
	}
	if got := amount(t, at(s, "costsAvoided")); got != avoided || got == 0 {
		t.Errorf("%s is avoided, the cases have %s", got, avoided)
	}
	for _, u := range a.Extensions.Usage {
		if u.RoundTrips != 1 {
			t.Errorf("%s: %d round trips", u.Agency, u.RoundTrips)
		}
	}
}
