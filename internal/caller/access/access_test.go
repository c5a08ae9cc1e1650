package access_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

const directives = `
directive @access(to: [Caller!]!) on OBJECT | INTERFACE | FIELD_DEFINITION
directive @public on OBJECT | INTERFACE | FIELD_DEFINITION
enum Caller { DEBTOR CASE_LOGIN ATTORNEY_READ ATTORNEY_ACT CASE_WORKER SUPERVISOR AUDITOR STRANGER }
`

func load(t testing.TB, sdl string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: directives + sdl})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestNewTable(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, sdl string
		faults      []string // none: the schema is good
	}{
		"by type": {"a type speaks for its fields",
			`type Query { a: A @public } type A @access(to: [DEBTOR]) { b: Int c: Int }`, nil},
		"by field": {"a field speaks for itself",
			`type Query { a: A @public } type A { b: Int @public c: Int @access(to: [AUDITOR]) }`, nil},
		"nothing": {"a field without a rule", `type Query { a: A @public } type A { b: Int @public c: Int d: Int }`,
			[]string{"A.c: who may", "A.d: who may"}},
		"root": {"a new entry is decided on", `type Query { a: Int @public b: Int }`,
			[]string{"Query.b: who may"}},
		"root by type": {"never by what was said of others", `type Query @public { a: Int }`,
			[]string{"Query: each field", "Query.a: who may"}},
		"mutations by type": {"acts neither",
			`type Query { a: Int @public } type Mutation @access(to: [DEBTOR]) { act: Int }`,
			[]string{"Mutation: each field", "Mutation.act: who may"}},
		"both": {"which of them?", `type Query { a: Int @public @access(to: [DEBTOR]) }`,
			[]string{"Query.a: it has both"}},
		"both on a type": {"which of them?", `type Query { a: A @public } type A @public @access(to: [DEBTOR]) { b: Int }`,
			[]string{"A: it has both", "A.b: who may"}},
		"empty list": {"a field for nobody is no field", `type Query { a: Int @access(to: []) }`,
			[]string{"Query.a: @access names nobody"}},
		"unknown caller": {"the enum has one that the program does not know",
			`type Query { a: Int @access(to: [DEBTOR, STRANGER]) }`, []string{"Query.a: @access names STRANGER"}},
		"interface": {"its fields have rules too",
			`type Query { a: I @public } interface I { b: Int } type A implements I @public { b: Int }`,
			[]string{"I.b: who may"}},
		"inputs and enums": {"what goes in has no rule",
			`type Query { a(x: X, y: Y): Y @public } input X { b: Int } enum Y { Z }`, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := access.NewTable(load(t, tc.sdl))
			if (err == nil) != (tc.faults == nil) {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			for _, want := range tc.faults {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %q is not in: %v", tc.reason, want, err)
				}
			}
			if err != nil && strings.Count(err.Error(), "\n")+1 != len(tc.faults) {
				t.Errorf("%s: more faults than %d: %v", tc.reason, len(tc.faults), err)
			}
		})
	}
}

const sdl = `
type Query {
	open: Int @public
	me: Me @access(to: [DEBTOR, CASE_WORKER])
	work: Int @access(to: [CASE_WORKER])
	thing: Thing @access(to: [DEBTOR, CASE_WORKER, AUDITOR])
	any: Any @access(to: [DEBTOR, CASE_WORKER])
}
type Mutation { act(n: Int): Int @access(to: [DEBTOR]) }
type Me implements Thing @access(to: [DEBTOR, CASE_WORKER]) { id: Int secret: Int @access(to: [CASE_WORKER]) me: Me }
type Log implements Thing @access(to: [DEBTOR, AUDITOR, CASE_WORKER]) { id: Int @access(to: [AUDITOR, CASE_WORKER]) lines: Int }
interface Thing @public { id: Int }
union Any = Me | Log
`

func TestCheck(t *testing.T) {
	t.Parallel()
	schema := load(t, sdl)
	table, err := access.NewTable(schema)
	if err != nil {
		t.Fatal(err)
	}
	yes, no := map[string]any{"v": true}, map[string]any{"v": false}
	cases := map[string]struct {
		reason, query string
		vars          map[string]any
		as            access.Caller
		denied        string // the field; empty: allowed
	}{
		"public":          {"anybody", `{ open }`, nil, 0, ""},
		"nobody":          {"a login is needed", `{ open me { id } }`, nil, 0, "Query.me"},
		"allowed":         {"one's own", `{ me { id } }`, nil, access.Debtor, ""},
		"field":           {"a field of a type that is open", `{ me { id secret } }`, nil, access.Debtor, "Me.secret"},
		"field of others": {"open to them", `{ me { id secret } }`, nil, access.CaseWorker, ""},
		"alias":           {"another name is the same field", `{ open: work }`, nil, access.Debtor, "Query.work"},
		"the first": {"in the order of the document", `{ me { me { secret } } work }`, nil, access.Debtor,
			"Me.secret"},
		"inline fragment":      {"with a type", `{ ... on Query { work } }`, nil, access.Debtor, "Query.work"},
		"bare inline fragment": {"without a type", `{ ... { ... { work } } }`, nil, access.Debtor, "Query.work"},
		"fragment": {"by name", `{ ...F } fragment F on Query { me { ...G } } fragment G on Me { secret }`, nil,
			access.Debtor, "Me.secret"},
		"fragment again": {"spread where it was skipped first",
			`query($v: Boolean!) { ...F @skip(if: $v) me { id } ...F } fragment F on Query { work }`, yes, access.Debtor,
			"Query.work"},
		"interface": {"closed to whom it is closed in some type", `{ thing { id } }`, nil, access.Debtor,
			"Thing.id"},
		"interface, all types": {"open to whom it is open in every type", `{ thing { id } }`, nil, access.CaseWorker, ""},
		"interface, one type": {"what is asked of one type alone", `{ thing { ... on Me { id } } }`, nil, access.Debtor,
			""},
		"interface, other type": {"even if the answer is of another", `{ thing { __typename ... on Log { id } } }`, nil,
			access.Debtor, "Log.id"},
		"union": {"its members have their rules",
			`{ any { __typename ... on Me { id } ... on Log { lines } } }`, nil, access.Debtor, ""},
		"union's member": {"its members have their rules", `{ any { ... on Me { secret } } }`, nil, access.Debtor,
			"Me.secret"},
		"skipped": {"no part of the answer", `{ open work @skip(if: true) }`, nil, access.Debtor, ""},
		"not skipped": {"part of the answer", `query($v: Boolean!) { open work @skip(if: $v) }`, no, access.Debtor,
			"Query.work"},
		"included": {"part of the answer", `query($v: Boolean!) { open work @include(if: $v) }`, yes,
			access.Debtor, "Query.work"},
		"not included": {"no part of the answer",
			`query($v: Boolean!) { open ... @include(if: $v) { work } ...F @include(if: $v) } fragment F on Query { work }`, no,
			access.Debtor, ""},
		"both": {"skipped wins", `query($v: Boolean!) { open work @include(if: $v) @skip(if: $v) }`, yes,
			access.Debtor, ""},
		"typename": {"tells nothing", `{ __typename }`, nil, 0, ""},
		"introspection": {"has a switch of its own",
			`{ __schema { types { name } } __type(name: "Me") { fields { name } } }`, nil, 0, ""},
		"mutation":           {"an act", `mutation { act(n: 1) }`, nil, access.Debtor, ""},
		"mutation of others": {"denied before it runs", `mutation { act(n: 1) }`, nil, access.CaseWorker, "Mutation.act"},
		"mutation of nobody": {"denied before it runs", `mutation { act(n: 1) }`, nil, 0, "Mutation.act"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := table.Check(operation(t, schema, tc.query), tc.vars, tc.as)
			if (err == nil) != (tc.denied == "") {
				t.Fatalf("%s: %v, want %q denied", tc.reason, err, tc.denied)
			}
			if err == nil {
				return
			}
			code := fault.Forbidden
			if tc.as == 0 {
				code = fault.Unauthenticated
			}
			if f := fault.Of(err); f.Code != code || f.Field != tc.denied || !strings.Contains(f.Message, tc.denied) ||
				f.Cause != nil {
				t.Errorf("%s: %v, want %s of %s", tc.reason, err, code, tc.denied)
			}
		})
	}
}

// TestSees: a Node goes by its own rule, and what comes of it by the rule of its type.
func TestSees(t *testing.T) {
	t.Parallel()
	schema := load(t, `
type Query { node: Node @access(to: [DEBTOR, CASE_WORKER]) }
interface Node @access(to: [DEBTOR, CASE_WORKER]) { id: Int }
type Own implements Node @access(to: [DEBTOR]) { id: Int name: Int }
type Theirs implements Node @access(to: [DEBTOR, CASE_WORKER]) { id: Int @access(to: [CASE_WORKER]) name: Int }
type Facts implements Node @public { id: Int }
type Plain @access(to: [DEBTOR]) { name: Int }`)
	table, err := access.NewTable(schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, as := range []access.Caller{access.Debtor, access.CaseWorker} {
		if err := table.Check(operation(t, schema, `{ node { id } }`), nil, as); err != nil {
			t.Errorf("the id of any node: %v", err)
		}
	}
	for name, want := range map[string]access.Caller{"Own": access.Debtor, "Theirs": access.CaseWorker,
		"Facts": access.Debtor | access.CaseWorker, "Plain": 0, "Node": 0, "Nothing": 0, "": 0} {
		for _, as := range []access.Caller{access.Debtor, access.CaseWorker} {
			if table.Sees(as, name) != (want&as != 0) {
				t.Errorf("%s as %d: %v", name, as, table.Sees(as, name))
			}
		}
	}
	if err := table.Check(operation(t, schema, `{ node { ... on Own { id } } }`), nil, access.CaseWorker); err == nil {
		t.Error("a field of a type that is closed is let through")
	}
}

func operation(t testing.TB, schema *ast.Schema, query string) *ast.OperationDefinition {
	t.Helper()
	document, err := gqlparser.LoadQueryWithRules(schema, query, nil)
	if err != nil {
		t.Fatal(err)
	}
	return document.Operations[0]
}

// TestUnknownField: a field of another schema has no rule, and so is for nobody.
func TestUnknownField(t *testing.T) {
	t.Parallel()
	table, err := access.NewTable(load(t, sdl))
	if err != nil {
		t.Fatal(err)
	}
	err = table.Check(operation(t, load(t, sdl), `{ open }`), nil, access.Debtor)
	if !errors.Is(err, &fault.Error{Code: fault.Forbidden}) {
		t.Errorf("got %v", err)
	}
}

// TestNestedFragments: a document in which each fragment spreads the next one twice has
// 2^n leaves, and n lines.
func TestNestedFragments(t *testing.T) {
	t.Parallel()
	const levels = 100
	doc := &ast.OperationDefinition{}
	schema := load(t, sdl)
	me := schema.Types["Me"]
	leaf := &ast.Field{Name: "secret", Definition: me.Fields.ForName("secret"), ObjectDefinition: me}
	below := &ast.FragmentDefinition{SelectionSet: ast.SelectionSet{leaf}}
	for range levels {
		below = &ast.FragmentDefinition{SelectionSet: ast.SelectionSet{
			&ast.FragmentSpread{Definition: below},
			&ast.InlineFragment{SelectionSet: ast.SelectionSet{&ast.FragmentSpread{Definition: below}}},
		}}
	}
	doc.SelectionSet = below.SelectionSet
	table, err := access.NewTable(schema)
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Check(doc, nil, access.CaseWorker); err != nil {
		t.Errorf("who may: %v", err)
	}
	if err := table.Check(doc, nil, access.Debtor); err == nil {
		t.Error("who may not is let through")
	}
}

func TestCallerOf(t *testing.T) {
	t.Parallel()
	id, ok := norway.CheckNationalID("018199999")
	if !ok {
		t.Fatal("no such number")
	}
	attorney := func(mayAct bool) caller.Principal {
		p, err := caller.Principal{Kind: caller.Person, NationalID: id}.Under(caller.Authority{Grantor: id, Attorney: id,
			Agencies: []string{"fjord"}, MayAct: mayAct}, 1)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	staff := func(r caller.Role) caller.Principal { return caller.Principal{Kind: caller.Staff, Role: r} }
	for name, tc := range map[string]struct {
		p    caller.Principal
		want access.Caller
	}{
		"nobody":        {caller.Principal{}, 0},
		"person":        {caller.Principal{Kind: caller.Person}, access.Debtor},
		"letter":        {caller.Principal{Kind: caller.LetterCase}, access.CaseLogin},
		"attorney":      {attorney(false), access.AttorneyRead},
		"who may act":   {attorney(true), access.AttorneyAct},
		"case worker":   {staff(caller.CaseWorker), access.CaseWorker},
		"supervisor":    {staff(caller.Supervisor), access.Supervisor},
		"auditor":       {staff(caller.Auditor), access.Auditor},
		"no such role":  {staff("ADMIN"), 0},
		"person's role": {caller.Principal{Kind: caller.Person, Role: caller.Supervisor}, access.Debtor},
	} {
		if got := access.CallerOf(tc.p); got != tc.want {
			t.Errorf("%s: %b, want %b", name, got, tc.want)
		}
	}
}
