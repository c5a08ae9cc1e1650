package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestTextsAsTheyAre: a character is stored at an agency as it was written, however it was, and
// what nobody sees is stored nowhere and shown nowhere, wherever it comes from.
func TestTextsAsTheyAre(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	id := at(p.get(kari(), `{ viewer { cases(first: 1, filter: {status: OPEN}) { nodes { id } } } }`, nil), "viewer", "cases",
		"nodes", 0, "id")
	for name, tc := range map[string]struct{ reason, literal, want string }{
		"pair":       {"one character", `"Betalt \ud83d\ude00 \u{1F600}"`, "Betalt 😀 😀"},
		"block":      {"no escapes there", `"""Betalt \u00e5 😀"""`, `Betalt \u00e5 😀`},
		"zero width": {"nobody sees it", `"Be\u200btalt\ufeff \u202eallerede\u202c"`, "Betalt allerede"},
		"emoji":      {"one picture of three", `"👨‍👩‍👧"`, "👨‍👩‍👧"},
	} {
		a := p.get(kari(), fmt.Sprintf(`mutation { submitObjection(input: {idempotencyKey: %q, caseId: %q, reasons: [], statement: %s}) {
			userErrors { message } cases { objections { id statement status } } } }`, uuid.New(), id, tc.literal), nil)
		objections := at(a, "submitObjection", "cases", 0, "objections").([]any)
		last := objections[len(objections)-1]
		if at(last, "statement") != tc.want {
			t.Errorf("%s (%s): %v", name, tc.reason, a)
		}
		p.get(kari(), fmt.Sprintf(`mutation { withdrawObjection(input: {idempotencyKey: %q, objectionId: %q}) { userErrors { message } } }`,
			uuid.New(), at(last, "id")), nil)
	}
	for _, code := range []string{people.Fjord, people.Lita} {
		p.change(code, `update core.creditor set name = E'Kraft\u200b \u202eAS\u0007\u2066'`)
	}
	a := p.ask(kari(), `{ viewer { cases(first: 100) { nodes { agency { code } creditor { name } } } } }`, nil)
	for _, c := range at(a.object(t), "viewer", "cases", "nodes").([]any) {
		if at(c, "agency", "code") == people.Fjord && at(c, "creditor", "name") != "Kraft AS" {
			t.Errorf("%q", at(c, "creditor", "name"))
		}
	}
	if strings.ContainsAny(a.Raw, "\u200b\u202e\u2066\u0007") {
		t.Errorf("%q", a.Raw)
	}
}
