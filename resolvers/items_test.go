package resolvers_test

import (
	"fmt"
	"testing"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestItems: the invoices of a case sum to its principal, its lines say which they are about, and
// a case whose invoices do not fit is left out, named by an error, and nothing else is.
func TestItems(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	const query = `{ viewer { overview { complete openCaseCount } cases(first: 100, filter: {status: OPEN}) { nodes { id
		agency { code } balance { total { amount } principal { amount } lines { kind amount { amount } text(language: EN) item { number invoiceNumber } } }
		items { number invoiceNumber amount { amount } outstanding { amount } } } } } }`
	data := p.get(kari(), query, nil)
	collecting := map[any]any{}
	for _, c := range at(data, "viewer", "cases", "nodes").([]any) {
		items := at(c, "items").([]any)
		if len(items) == 0 {
			continue
		}
		collecting[at(c, "agency", "code")] = at(c, "id")
		var claimed, left, lines, outstanding money.Øre
		for _, x := range items {
			claimed += amount(t, at(x, "amount"))
			outstanding += amount(t, at(x, "outstanding"))
		}
		for _, x := range at(c, "balance", "lines").([]any) {
			lines += amountOrLess(t, at(x, "amount", "amount"))
			if at(x, "kind") == "PRINCIPAL" {
				left += amount(t, at(x, "amount"))
				if at(x, "item", "number") == nil {
					t.Errorf("%v is about no invoice", x)
				}
			}
		}
		if claimed != left || outstanding != amount(t, at(c, "balance", "principal")) ||
			lines != amount(t, at(c, "balance", "total")) {
			t.Errorf("%s, %s, %s: %v", claimed, outstanding, lines, c)
		}
	}
	id := collecting[people.Fjord]
	if id == nil {
		t.Fatalf("only %v have cases of several invoices", collecting)
	}
	p.change(people.Fjord, `update core.claim_item set amount_ore = amount_ore + 1`)
	broken := p.ask(kari(), query, nil)
	after := at(broken.object(t), "viewer")
	if broken.codes() != "[SCHEMA_MISMATCH]" || broken.Errors[0].Extensions.Agency != people.Fjord ||
		at(after, "overview", "complete") != false {
		t.Errorf("%s", broken.Raw)
	}
	for _, c := range at(after, "cases", "nodes").([]any) {
		if at(c, "agency", "code") == people.Fjord && len(at(c, "items").([]any)) > 0 {
			t.Errorf("it is shown: %v", c)
		}
	}
	gone := at(data, "viewer", "overview", "openCaseCount").(float64) - at(after, "overview", "openCaseCount").(float64)
	if gone < 1 || gone > 4 {
		t.Errorf("%v cases are left out", gone)
	}
	byID := p.ask(kari(), fmt.Sprintf(`{ node(id: %q) { id } }`, id), nil)
	if byID.codes() != "[]" {
		t.Errorf("without its invoices it can be read: %s", byID.Raw)
	}
	byID = p.ask(kari(), fmt.Sprintf(`{ node(id: %q) { ... on Case { balance { total { amount } } } } }`, id), nil)
	if byID.codes() != "[SCHEMA_MISMATCH]" {
		t.Errorf("%s", byID.Raw)
	}
}

// amountOrLess reads an amount that may be negative.
func amountOrLess(t *testing.T, text any) money.Øre {
	t.Helper()
	digits, negative := text.(string), money.Øre(1)
	if digits[0] == '-' {
		digits, negative = digits[1:], -1
	}
	o, err := money.Parse(digits)
	if err != nil {
		t.Fatal(err)
	}
	return o * negative
}
