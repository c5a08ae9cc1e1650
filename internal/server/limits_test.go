package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// circular is a schema in which an answer can be of any size.
const circular = `
type Query { cases(first: Int, last: Int): CaseConnection! node(id: ID!): Case nodes(ids: [ID!]!): [Case]! status: ID }
type CaseConnection { nodes: [Case!]! edges: [CaseEdge!]! }
type CaseEdge { node: Case! }
type Case { id: ID! next: Case page(first: Int): CaseConnection! tags: [String!]! same: [Case!]! status: ID }
`

func circularServer(tb testing.TB, fields resolvers) *bundle {
	tb.Helper()
	b := setup(tb, nil, Options{Asks: map[string]int{"Query.status": 4, "Case.status": 1}})
	s := stub{gqlparser.MustLoadSchema(&ast.Source{Input: circular}), fields}
	server, err := New(s, b.opts)
	if err != nil {
		tb.Fatal(err)
	}
	b.Server = server
	return b
}

// bomb has a short fragment a level, which doubles what is below.
func bomb(levels int) string {
	var b strings.Builder
	b.WriteString("{node(id:1){...F0}}")
	for i := range levels {
		fmt.Fprintf(&b, " fragment F%d on Case{a:next{...F%d}b:next{...F%d}}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Case{id}", levels)
	return b.String()
}

func TestLimits(t *testing.T) {
	t.Parallel()
	nested := func(n int, open string) string {
		return "{node(id:1){" + strings.Repeat(open, n) + "id" + strings.Repeat("}", n) + "}}"
	}
	const (
		large     = "OPERATION_TOO_LARGE"
		fourLists = "same{same{same{same{id}}}}" // 625 ids and what is above
	)
	cases := map[string]struct{ reason, query, variables, code string }{
		"bomb":       {"two to the power of 20", bomb(20), "", large},
		"small bomb": {"two to the power of 10", bomb(10), "", ""},
		"deepest":    {"23 below node, and the id", nested(23, "next{"), "", ""},
		"too deep":   {"one more", nested(24, "next{"), "", large},
		"inline fragments": {"are levels, or the walk would be as deep as the document is long", nested(24, "...{"), "",
			large},
		"most aliases":     {"a hundred", "{" + numbered(100, "a%d:__typename ") + "}", "", ""},
		"too many aliases": {"one more", "{" + numbered(101, "a%d:__typename ") + "}", "", large},
		"repeats":          {"as many as may be", "{" + strings.Repeat("__typename ", 250) + "}", "", ""},
		"too many repeats": {"one more; validation takes the square", "{" + strings.Repeat("__typename ", 251) + "}", "",
			large},
		"repeats below": {"validation puts them all together", "{" +
			strings.Repeat("node(id:1){"+strings.Repeat("id ", 26)+"}", 10) + "}", "", large},
		"broken document": {"is the parser's to refuse", "{" + strings.Repeat("__typename ", 200) + "\"", "",
			"GRAPHQL_PARSE_FAILED"},
		"lists in each other": {"five to the power of eight", "{node(id:1){" + strings.Repeat("same{", 8) + "id" +
			strings.Repeat("}", 8) + "}}", "", large},
		"lists": {"five to the power of seven", "{node(id:1){" + strings.Repeat("same{", 7) + "id" +
			strings.Repeat("}", 7) + "}}", "", ""},
		"list of leaves": {"is one field", "{node(id:1){" + strings.Repeat("same{", 7) + "tags" +
			strings.Repeat("}", 7) + "}}", "", ""},
		"page": {"100 times 625, and the lists of the page do not count again", "{cases(first:100){nodes{" +
			fourLists + "}edges{node{" + fourLists + "}}}}", "", ""},
		"pages in each other": {"a hundred hundreds of ten fields", "{cases(first:100){nodes{page(first:100){nodes{" +
			numbered(10, "a%d:id ") + "}}}}}", "", ""},
		"page by variable": {"100 times 3125", "query($n:Int){cases(first:$n){nodes{same{" + fourLists + "}}}}",
			`{"n":100}`, large},
		"page from behind": {"the same", "{cases(last:100){nodes{same{" + fourLists + "}}}}", "", large},
		"page of no size":  {"20 times 3125", "{cases{nodes{same{" + fourLists + "}}}}", "", ""},
		"pages of no size": {"four times that", "{" + numbered(4, "p%d:cases{nodes{same{"+fourLists+"}}}") + "}", "",
			large},
		"huge page": {"does not overflow", "{cases(first:2147483647){nodes{id}}}", "", large},
		"negative page": {"takes nothing away", "{cases(first:-2147483648){nodes{id}}" +
			numbered(3, "p%d:cases(first:100){nodes{"+fourLists+"}}") + "}", "", large},
		"ids": {"as many as are named", "query($i:[ID!]!){nodes(ids:$i){same{" + fourLists + "}}}",
			`{"i":["1","2","3"]}`, ""},
		"many ids": {"a hundred times 3125", "query($i:[ID!]!){nodes(ids:$i){same{" + fourLists + "}}}",
			`{"i":[` + strings.TrimSuffix(strings.Repeat(`"1",`, 100), ",") + `]}`, large},
		"left out": {"a variable must not decide whether a document is good",
			"query($x:Boolean!){node(id:1)@include(if:$x){" + strings.Repeat("same{", 8) + "id" + strings.Repeat("}", 8) + "}}",
			`{"x":false}`, large},
		"other operation": {"is not executed", "query A{node(id:1){" + strings.Repeat("same{", 8) + "id" +
			strings.Repeat("}", 8) + "}} query B{__typename}", "", ""},
		"most asks":     {"ten times four", "{" + numbered(10, "a%d:status ") + "}", "", ""},
		"too many asks": {"one more", "{" + numbered(11, "a%d:status ") + "}", "", large},
		"asks below":    {"nine times four, and five", "{" + numbered(9, "a%d:status ") + "cases(first:5){nodes{status}}}", "", large},

		"asks of a page": {"are those of a hundred", "{cases(first:100){nodes{status}}}", "", large},
		"asks in a fragment": {"count wherever it is spread", "{" + numbered(11, "x%d:cases(first:2){nodes{...F}}") +
			"} fragment F on Case{a:status b:status}", "", large},
		"condition": {"has its default", "query($x:Boolean=true){node(id:1)@include(if:$x){id}}", "", ""},
		"null for a condition": {"gqlgen would panic", "query($x:Boolean=true){node(id:1)@include(if:$x){id}}", `{"x":null}`,
			"GRAPHQL_VALIDATION_FAILED"},
		"null in a fragment": {"the same",
			"query($x:Boolean=true){...F} fragment F on Query{...@skip(if:$x){node(id:1){id}}}", `{"x":null}`,
			"GRAPHQL_VALIDATION_FAILED"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := circularServer(t, resolvers{})
			if c.variables == "" {
				c.variables = "{}"
			}
			body := strings.TrimSuffix(document(c.query), "}") + `,"operationName":"` +
				map[bool]string{true: "B"}[strings.Contains(c.query, "query B")] + `","variables":` + c.variables + `}`
			start := time.Now()
			a := parse(t, b.do(request(body)))
			if a.code() != c.code || c.code != "" && a.Data != nil || strings.Contains(b.log.String(), "panicked") {
				t.Errorf("%s: %+v, want %q\n%s", c.reason, a, c.code, b.log)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("%s: took %s", c.reason, took)
			}
		})
	}
}

// TestLargeAnswersTakeTurns: only so many are made at once, and small ones do not wait.
func TestLargeAnswersTakeTurns(t *testing.T) {
	t.Parallel()
	begun, goOn := make(chan struct{}), make(chan struct{})
	b := circularServer(t, resolvers{"node": func(context.Context, map[string]any) (string, error) {
		begun <- struct{}{}
		<-goOn
		return "null", nil
	}})
	large := document("{node(id:1){" + strings.Repeat("same{", 7) + "id" + strings.Repeat("}", 7) + "}}")
	var all sync.WaitGroup
	for range maxLarge + 2 {
		all.Go(func() { b.do(request(large)) })
	}
	for range maxLarge {
		<-begun
	}
	select {
	case <-begun:
		t.Error("one more is made")
	case <-time.After(100 * time.Millisecond):
	}
	if a := parse(t, b.do(request(document("{__typename}")))); a.code() != "" {
		t.Errorf("a small one: %+v", a)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if w := b.do(request(large).WithContext(gone)); w.Code != 503 {
		t.Errorf("who has gone still waits: %d", w.Code)
	}
	close(goOn)
	for range 2 {
		<-begun
	}
	all.Wait()
}

// TestLimitsLeaveRoom measures what people really ask for.
func TestLimitsLeaveRoom(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../schema/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatal("no schema", err)
	}
	var sources []*ast.Source
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: f, Input: string(text)})
	}
	schema := gqlparser.MustLoadSchema(sources...)
	examples, err := filepath.Glob("playground/examples/*.graphql")
	if err != nil || len(examples) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range append(examples, "testdata/introspection.graphql") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, wrong := gqlparser.LoadQueryWithRules(schema, string(text), nil)
		if wrong != nil {
			t.Fatal(file, wrong)
		}
		op := &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0]}
		m := meter{fragments: map[*ast.FragmentDefinition]size{}}
		s := m.of(op.Operation.SelectionSet)
		t.Logf("%s: %d fields, %d levels, %d aliases", filepath.Base(file), s.fields, s.levels, m.aliases)
		if s.fields > largeAnswer || s.levels > maxLevels*2/3 || m.aliases > maxAliases/2 {
			t.Errorf("%s comes close to the limits", file)
		}
	}
}
