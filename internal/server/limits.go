package server

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"

	"github.com/oversikt/oversikt/internal/fault"
)

// The limits of an operation, in addition to that on its tokens: in a schema with circles, a few
// tokens can ask for an endless answer. docs/errors.md lists the limits. The introspection query
// that clients send has 15 levels and 9,000 fields.
const (
	maxLevels  = 25      // of fields and inline fragments in each other
	maxAliases = 100     // in the document
	maxRepeats = 250     // of one name in the document: validation compares each two fields of a name
	maxFields  = 200_000 // of the answer, as far as can be told before: a second of a core
	maxAsks    = 40      // of databases, by Options.Asks
	pageSize   = 20      // when a page does not say how many
	listSize   = 5       // of any other list

	// The largest answers take a hundred megabytes while they are made, so answers with more
	// fields than this take turns. The flagship query has fewer.
	largeAnswer = 30_000
	maxLarge    = 4 // at once
)

const limitsName = "Limits"

// limits is gqlgen's extension that refuses what is over the limits. gqlgen's own limit on
// complexity goes through a fragment again wherever it is spread: a document that it should
// refuse would keep it busy for ever.
type limits struct {
	valid  documents
	tokens int // that a document may have
	asks   map[string]int
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
} = limits{}

// ExtensionName implements [graphql.HandlerExtension].
func (limits) ExtensionName() string { return limitsName }

// Validate implements [graphql.HandlerExtension].
func (limits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters implements [graphql.OperationParameterMutator]. It looks at a new
// document before it is validated. The parser reports faulty tokens.
func (l limits) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if _, known := l.valid.Get(ctx, params.Query); known {
		return nil
	}
	seen, tokens := map[string]int{}, lexer.New(&ast.Source{Input: params.Query})
	for range l.tokens {
		token, err := tokens.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			return nil
		}
		if token.Kind != lexer.Name {
			continue
		}
		if seen[token.Value]++; seen[token.Value] > maxRepeats {
			return coded(fault.OperationTooLarge, fmt.Sprintf("the document has a name more than %d times", maxRepeats))
		}
	}
	return nil
}

// MutateOperationContext implements [graphql.OperationContextMutator]. It also refuses null for
// a variable that has a default, as the condition of a directive: gqlgen panics at that.
func (l limits) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	m := meter{vars: op.Variables, asks: l.asks, fragments: map[*ast.FragmentDefinition]size{}}
	whole := m.of(op.Operation.SelectionSet)
	code, message := fault.OperationTooLarge, ""
	switch {
	case m.undecided:
		code, message = fault.ValidationFailed, "the condition of @skip or @include is null"
	case m.aliases > maxAliases:
		message = fmt.Sprintf("the operation has more than %d aliases", maxAliases)
	case whole.levels > maxLevels:
		message = fmt.Sprintf("the operation is nested more than %d levels deep", maxLevels)
	case whole.fields > maxFields:
		message = fmt.Sprintf("the answer could have more than %d thousand fields: select less, or smaller pages",
			maxFields/1000)
	case whole.asks > maxAsks:
		message = "the operation asks for too much at once: send some of it alone"
	default:
		if whole.fields > largeAnswer {
			op.Stats.SetExtension(limitsName, whole.fields)
		}
		return nil
	}
	return coded(code, message)
}

// size is what a selection comes to.
type size struct{ fields, levels, asks int }

// add adds what is selected so many times. Neither sum overflows.
func (s *size) add(below size, times int) {
	s.fields, s.levels = min(s.fields+times*below.fields, maxFields+1), max(s.levels, below.levels)
	s.asks = min(s.asks+times*below.asks, maxAsks+1)
}

// meter measures a valid operation, whatever @skip and @include leave out. It goes through
// each fragment once.
type meter struct {
	vars      map[string]any
	asks      map[string]int
	fragments map[*ast.FragmentDefinition]size
	aliases   int
	undecided bool
}

func (m *meter) of(selections ast.SelectionSet) (s size) {
	for _, selection := range selections {
		switch x := selection.(type) {
		case *ast.Field:
			if x.Alias != x.Name {
				m.aliases++
			}
			m.check(x.Directives)
			s.add(size{fields: 1, levels: 1, asks: m.asksOf(x)}, 1)
			below := m.of(x.SelectionSet)
			below.levels++
			s.add(below, min(m.times(x), maxFields))
		case *ast.InlineFragment:
			m.check(x.Directives)
			below := m.of(x.SelectionSet)
			below.levels++
			s.add(below, 1)
		case *ast.FragmentSpread:
			m.check(x.Directives)
			below, known := m.fragments[x.Definition]
			if !known {
				below = m.of(x.Definition.SelectionSet)
				m.fragments[x.Definition] = below
			}
			s.add(below, 1)
		}
	}
	return s
}

func (m *meter) asksOf(f *ast.Field) int {
	if f.ObjectDefinition == nil {
		return 0
	}
	return m.asks[f.ObjectDefinition.Name+"."+f.Name]
}

// times is how often the fields below a field count in the answer. A page counts as many times
// as it has items, so the lists in it do not count again.
func (m *meter) times(f *ast.Field) int {
	if f.Definition == nil || f.ObjectDefinition == nil {
		return 1
	}
	paged, list := f.Definition.Arguments.ForName("first") != nil, f.Definition.Type.Elem != nil
	if !paged && !list {
		return 1
	}
	given := f.ArgumentMap(m.vars)
	ids, named := given["ids"].([]any)
	switch {
	case paged && given["first"] == nil && given["last"] == nil:
		return pageSize
	case paged:
		return max(number(given["first"]), number(given["last"]), 1)
	case named:
		return len(ids)
	case strings.HasSuffix(f.ObjectDefinition.Name, "Connection"):
		return 1
	default:
		return listSize
	}
}

// number reads the Int of an argument, in any of the types that gqlparser has for one.
func number(value any) int {
	n, err := strconv.Atoi(fmt.Sprint(value))
	if err != nil {
		return 0
	}
	return n
}

// check looks whether a directive's condition is one.
func (m *meter) check(directives ast.DirectiveList) {
	for _, d := range directives {
		if d.Name == "skip" || d.Name == "include" {
			_, decided := d.ArgumentMap(m.vars)["if"].(bool)
			m.undecided = m.undecided || !decided
		}
	}
}
