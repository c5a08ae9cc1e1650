package resolvers_test

import (
	"fmt"
	"testing"

	"github.com/vektah/gqlparser/v2"

	"github.com/oversikt/oversikt/internal/caller/access"
)

// TestBombsAreRefused: each fragment spreads the next one twice, which makes 2^n fields of n
// lines. They are refused before anything walks them as often.
func TestBombsAreRefused(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for name, of := range map[string]struct{ query, on, twice, leaf string }{
		"of the viewer": {"{ viewer { ...F0 } }", "Viewer", "...%s ... on Viewer { ...%[1]s }",
			"cases(first: 1) { nodes { caseNumber } }"},
		"of the root": {"{ ...F0 }", "Query", "...%s ... on Query { ...%[1]s }", "viewer { name }"},
		"round a circle": {"{ viewer { cases(first: 100) { nodes { ...F0 } } } }", "Case",
			"a: nextCost { case { ...%s } } b: nextCost { case { ...%[1]s } }", "caseNumber"},
	} {
		query := of.query
		const levels = 40
		for i := range levels {
			query += fmt.Sprintf(" fragment F%d on %s { %s }", i, of.on, fmt.Sprintf(of.twice, fmt.Sprintf("F%d", i+1)))
		}
		query += fmt.Sprintf(" fragment F%d on %s { %s }", levels, of.on, of.leaf)
		for _, who := range []string{"", kari().Reveal()} {
			if a := p.askAs(who, query, nil); a.codes() != "[OPERATION_TOO_LARGE]" {
				t.Errorf("%s: %s", name, a.Raw)
			}
		}
	}
}

// BenchmarkAccess is the check of the flagship query, as its owner.
func BenchmarkAccess(b *testing.B) {
	document, err := gqlparser.LoadQueryWithRules(schema, flagship(b), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := rules().Check(document.Operations[0], nil, access.Debtor); err != nil {
			b.Fatal(err)
		}
	}
}
