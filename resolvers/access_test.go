package resolvers_test

import (
	"fmt"
	"testing"

	"github.com/vektah/gqlparser/v2"

	"github.com/oversikt/oversikt/internal/access"
)

// TestNestedFragmentsEnd: each fragment spreads the next one twice, which makes 2^n fields
// of n lines.
func TestNestedFragmentsEnd(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for root, query := range map[string]string{"Viewer": "{ viewer { ...F0 } }", "Query": "{ ...F0 }"} {
		leaf := map[string]string{"Viewer": "cases(first: 1) { nodes { caseNumber } }", "Query": "viewer { name }"}[root]
		const levels = 60
		for i := range levels {
			query += fmt.Sprintf(" fragment F%d on %s { ...F%d ... on %[2]s { ...F%[3]d } }", i, root, i+1)
		}
		query += fmt.Sprintf(" fragment F%d on %s { %s }", levels, root, leaf)
		if a := p.askAs("", query, nil); a.codes() != "[UNAUTHENTICATED]" {
			t.Errorf("%s, nobody: %s", root, a.Raw)
		}
		p.get(kari(), query, nil)
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
