package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/internal/fault"
)

func TestAppendResponse(t *testing.T) {
	t.Parallel()
	nasty := "<&>\u2028\"\\\n\x01 å 🏃 \xff"
	failure := &gqlerror.Error{Message: nasty, Path: ast.Path{ast.PathName("a"), ast.PathIndex(1)},
		Locations: []gqlerror.Location{{Line: 1, Column: 2}}, Extensions: map[string]any{"code": "X", nasty: nasty}}
	tests := map[string]struct {
		resp   graphql.Response
		reason string
	}{
		"data": {graphql.Response{Data: []byte(`{"a":"\u003c","b":[1,null]}`)}, "the common case"},
		"null": {graphql.Response{Data: []byte("null")}, "an entry with null is an entry"},
		"with errors": {graphql.Response{Data: []byte(`{"a":null}`), Errors: gqlerror.List{failure, {Message: "b"}}},
			"errors come first"},
		"everything": {graphql.Response{Data: []byte(`{}`), Errors: gqlerror.List{failure},
			Extensions: map[string]any{"b": 1.5, "a": []string{nasty}}}, "three entries"},
		"extensions": {graphql.Response{Data: []byte(`{}`), Extensions: map[string]any{"a": nil}}, "two entries"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := json.Marshal(&tt.resp)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := appendResponse(&got, &tt.resp); err != nil || got.String() != string(want) {
				t.Errorf("%s: %v\n got %s\nwant %s", tt.reason, err, &got, want)
			}
		})
	}
}

func TestAppendResponseWithoutData(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		resp         graphql.Response
		want, reason string
	}{
		"request error": {graphql.Response{Errors: gqlerror.List{{Message: "a"}}}, `{"errors":[{"message":"a"}]}`,
			"no entry data when nothing was executed"},
		"nothing": {graphql.Response{}, `{}`, "still JSON"},
		"bad extension": {graphql.Response{Data: []byte("{}"), Extensions: map[string]any{"a": func() {}}}, `{"data":{}}`,
			"left out, and reported"},
		"bad error": {graphql.Response{Errors: gqlerror.List{{Message: "a", Extensions: map[string]any{"a": func() {}}}}},
			`{"errors":[{"message":"` + internalMessage + `","extensions":{"code":"INTERNAL"}}]}`, "never half a response"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			err := appendResponse(&got, &tt.resp)
			if got.String() != tt.want || (err != nil) != (name == "bad extension") {
				t.Errorf("%s: %v, got %s", tt.reason, err, &got)
			}
		})
	}
}

func TestAroundAndExtensions(t *testing.T) {
	t.Parallel()
	type key struct{}
	b := setup(t, resolvers{"hello": func(ctx context.Context, _ map[string]any) (string, error) {
		count := ctx.Value(key{}).(*int)
		*count++
		return "x", nil
	}}, Options{
		Around: func(ctx context.Context) context.Context { return context.WithValue(ctx, key{}, new(int)) },
		Extensions: func(ctx context.Context) (string, any) {
			return "oversikt", map[string]int{"calls": *ctx.Value(key{}).(*int)}
		},
	})
	got := b.do(request(document("{hello again:hello}"))).Body.String()
	if want := `{"data":{"hello":"x","again":"x"},"extensions":{"oversikt":{"calls":2}}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := b.do(request(document("{"))).Body.String(); strings.Contains(got, "oversikt") {
		t.Errorf("nothing was executed, but %s", got)
	}
}

// TestRelease: what must be on record is, before a byte of the answer is sent, or none is.
func TestRelease(t *testing.T) {
	t.Parallel()
	type key struct{}
	var released []int
	var refusal error
	b := setup(t, resolvers{"hello": func(ctx context.Context, args map[string]any) (string, error) {
		if args["name"] == "gone" {
			ctx.Value(key{}).(context.CancelFunc)()
		}
		return "secret", nil
	}, "find": fails("broken")}, Options{
		Around: func(ctx context.Context) context.Context {
			ctx, cancel := context.WithCancel(ctx)
			t.Cleanup(cancel)
			return context.WithValue(ctx, key{}, cancel)
		},
		Release: func(ctx context.Context, failures gqlerror.List) error {
			if graphql.GetOperationContext(ctx).Operation == nil || ctx.Value(key{}) == nil {
				t.Error("the context is not that of the operation")
			}
			released = append(released, len(failures))
			return refusal
		},
	})
	cases := []struct {
		reason   string
		query    string
		refusal  error
		status   int
		released string
		sent     bool
	}{
		{"leave was given", "{hello}", nil, 200, "[0]", true},
		{"the errors are told", "{hello find}", nil, 200, "[1]", true},
		{"nothing is sent", "{hello}", fault.New(fault.AccessNotRecorded, "later").Because(errors.New("person 12345678901")),
			503, "[0]", false},
		{"nothing is sent", "{hello}", errors.New("person 12345678901"), 500, "[0]", false},
		{"also when nobody waits any more: an act may be done", "{hello(name: \"gone\")}", nil, 200, "[0]", true},
		{"nothing was executed", "{", nil, 200, "[]", false},
	}
	for _, tc := range cases {
		released, refusal = nil, tc.refusal
		w := b.do(request(document(tc.query)))
		body := w.Body.String()
		if fmt.Sprint(released) != tc.released || strings.Contains(body, "secret") != tc.sent || w.Code != tc.status {
			t.Errorf("%s: %s: released %v, status %d, %s", tc.query, tc.reason, released, w.Code, body)
		}
		if tc.refusal != nil && (strings.Contains(body, "data") || w.Header().Get("Retry-After") == "") {
			t.Errorf("%s: %s, %v", tc.reason, body, w.Header())
		}
	}
	if log := b.log.String(); strings.Count(log, "answer withheld") != 2 || strings.Contains(log, "12345678901") {
		t.Errorf("log %s", log)
	}
}

func TestDocumentsAreParsedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, withCallers(Options{}))
	docs := newDocuments()
	b.exec.SetQueryCache(docs)
	long := func(bytes int) string { return "{hello" + strings.Repeat(" ", bytes) + "}" }
	for _, query := range []string{"{hello}", "{hello}", "{nothing}", long(maxPublic), long(maxDocument)} {
		b.do(request(document(query)))
	}
	if n := docs.byText.Len(); n != 1 {
		t.Errorf("%d documents kept, want the valid one of ordinary size", n)
	}
	for _, query := range []string{long(maxPublic), long(maxDocument)} {
		b.do(request(document(query), "Authorization", "Bearer good"))
	}
	if n := docs.byText.Len(); n != 2 {
		t.Errorf("%d documents kept, want the long one of who is logged in, too", n)
	}
}
