package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/workshop/testlog"
)

const testSchema = `
scalar NationalId
enum Status { OPEN CLOSED }
scalar Even
input Pick @oneOf { name: String, number: Int, filter: Filter, pick: Pick, picks: [Pick!], even: Even }
input Filter { status: Status, pick: Pick, nationalId: NationalId, limit: Int, tags: [String!], inner: Filter }
type Query {
  hello(name: String, count: Int): String
  must: String!
  find(filter: Filter): String
  findAny(filters: [Filter]): String
  pick(pick: Pick, list: [Pick!]): String
  many(counts: [Int!], ids: [ID], share: Float, yes: Boolean): String
}
type Mutation { act(input: Filter!): String, choose(pick: Pick!, list: [Pick], even: Even): String }
type Subscription { tick: Int }
`

// resolvers maps a field to its resolver.
type resolvers map[string]func(ctx context.Context, args map[string]any) (string, error)

// stub executes root fields of strings, and reports errors as generated code does.
type stub struct {
	schema *ast.Schema
	fields resolvers
}

func newStub(fields resolvers) stub {
	return stub{gqlparser.MustLoadSchema(&ast.Source{Input: testSchema}), fields}
}

func (s stub) Schema() *ast.Schema { return s.schema }

func (s stub) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (s stub) Exec(context.Context) graphql.ResponseHandler {
	return func(ctx context.Context) *graphql.Response {
		op := graphql.GetOperationContext(ctx)
		var data bytes.Buffer
		separator := byte('{')
		for _, field := range graphql.CollectFields(op, op.Operation.SelectionSet, nil) {
			value := s.resolve(ctx, op, field)
			if value == "null" && field.Definition.Type.NonNull {
				return &graphql.Response{Data: []byte("null")}
			}
			data.WriteByte(separator)
			separator = ','
			data.WriteString(`"` + field.Alias + `":` + value)
		}
		data.WriteByte('}')
		return &graphql.Response{Data: data.Bytes()}
	}
}

func (s stub) resolve(ctx context.Context, op *graphql.OperationContext, field graphql.CollectedField) (value string) {
	if field.Name == "__typename" {
		return `"Query"`
	}
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Query", Field: field})
	defer func() {
		if broken := recover(); broken != nil {
			op.Error(ctx, op.Recover(ctx, broken))
			value = "null"
		}
	}()
	resolve := s.fields[field.Name]
	if resolve == nil {
		return `"` + field.Name + `"`
	}
	text, err := resolve(ctx, field.ArgumentMap(op.Variables))
	if err != nil {
		op.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
		return "null"
	}
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

type bundle struct {
	*Server
	log *testlog.Log
}

func setup(tb testing.TB, fields resolvers, opts Options) *bundle {
	tb.Helper()
	b := &bundle{log: &testlog.Log{}}
	opts.Logger = slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := New(newStub(fields), opts)
	if err != nil {
		tb.Fatalf("New: %v", err)
	}
	b.Server = s
	return b
}

// request builds a POST to /graphql; headers are pairs, and an empty value
// removes one.
func request(body string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func (b *bundle) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

// answer is the part of a response that the tests look at.
type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Locations  []struct{ Line, Column int }
		Extensions struct {
			Code      string
			Field     string
			Agency    string
			Retryable bool
		}
	}
	Extensions map[string]any
}

func parse(tb testing.TB, w *httptest.ResponseRecorder) answer {
	tb.Helper()
	dec := json.NewDecoder(bytes.NewReader(w.Body.Bytes()))
	var a answer
	if err := dec.Decode(&a); err != nil {
		tb.Fatalf("response is not JSON: %v: %s", err, w.Body)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		tb.Fatalf("response goes on after the object: %s", w.Body)
	}
	return a
}

func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}

func document(query string) string {
	body, _ := json.Marshal(map[string]string{"query": query})
	return string(body)
}
