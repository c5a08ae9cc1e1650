package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func TestCachedTypes(t *testing.T) {
	t.Parallel()
	got := cachedTypes(gqlparser.MustLoadSchema(&ast.Source{Input: `
type Query { me: Me, thing: Thing, things: [Thing!]!, found(name: String): Page, count: Int }
type Mutation { make: Made }
type Me { thing: Thing, sum: Sum }
type Thing { id: ID!, sum: Sum, lines: [Line!]! }
type Sum { amount: String, lines: [Line!]!, things: [Thing!]! }
type Line { text: String }
type Page { nodes: [Thing!]! }
type Made { thing: Thing }
`}))
	want := cached{
		Single:   []string{"Me"},
		Embedded: []string{"Line", "Made", "Page", "Sum"},
		Lists:    map[string][]string{"Sum": {"lines"}, "Thing": {"lines"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
