package server

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func TestAppendResponse(t *testing.T) {
	t.Parallel()
	nasty := "<&>\u2028\"\\\n\x01 å 🏃 \xff"
	failure := &gqlerror.Error{Message: nasty, Path: ast.Path{ast.PathName("a"), ast.PathIndex(1)}, Locations: []gqlerror.Location{{Line: 1, Column: 2}}, Extensions: map[string]any{"code": "X", nasty: nasty}}
	tests := map[string]struct {
		resp   graphql.Response
		reason string
	}{
		"data":        {graphql.Response{Data: []byte(`{"a":"\u003c","b":[1,null]}`)}, "the common case"},
		"null":        {graphql.Response{Data: []byte("null")}, "an entry with null is an entry"},
		"with errors": {graphql.Response{Data: []byte(`{"a":null}`), Errors: gqlerror.List{failure, {Message: "b"}}}, "errors come first"},
		"everything":  {graphql.Response{Data: []byte(`{}`), Errors: gqlerror.List{failure}, Extensions: map[string]any{"b": 1.5, "a": []string{nasty}}}, "three entries"},
		"extensions":  {graphql.Response{Data: []byte(`{}`), Extensions: map[string]any{"a": nil}}, "two entries"},
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
		"request error": {graphql.Response{Errors: gqlerror.List{{Message: "a"}}}, `{"errors":[{"message":"a"}]}`, "no entry data when nothing was executed"},
		"nothing":       {graphql.Response{}, `{}`, "still JSON"},
		"bad extension": {graphql.Response{Data: []byte("{}"), Extensions: map[string]any{"a": func() {}}}, `{"data":{}}`, "left out, and reported"},
		"bad error":     {graphql.Response{Errors: gqlerror.List{{Message: "a", Extensions: map[string]any{"a": func() {}}}}}, `{"errors":[{"message":"` + internalMessage + `","extensions":{"code":"INTERNAL"}}]}`, "never half a response"},
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

func TestDocumentsAreParsedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Options{})
	docs := newDocuments()
	b.exec.SetQueryCache(docs)
	long := "{hello" + strings.Repeat(" ", maxDocument) + "}"
	for _, query := range []string{"{hello}", "{hello}", "{nothing}", long} {
		b.do(request(document(query)))
	}
	if n := docs.byText.Len(); n != 1 {
		t.Errorf("%d documents kept, want the valid one of ordinary size", n)
	}
}
