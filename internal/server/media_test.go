package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/text"
)

const (
	acceptGraphQL = "application/graphql-response+json"
	acceptURQL    = "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
	acceptApollo  = "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9"
)

func TestNegotiate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		accept string
		want   mediaType
		ok     bool
		reason string
	}{
		"none":            {"", mediaJSON, true, "the audits ask for application/json"},
		"anything":        {"*/*", mediaJSON, true, "curl and fetch send this and read JSON"},
		"any application": {"application/*", mediaJSON, true, "a wildcard names neither type"},
		"json":            {"application/json", mediaJSON, true, "named"},
		"graphql":         {acceptGraphQL, mediaGraphQL, true, "named"},
		"charset": {acceptGraphQL + `; charset="UTF-8"`, mediaGraphQL, true,
			"the specification recommends to send it"},
		"other charset": {"application/json; charset=utf-16", mediaJSON, false, "only UTF-8 is sent"},
		"both": {"application/json, " + acceptGraphQL, mediaGraphQL, true,
			"order has no meaning in RFC 9110; this type tells more"},
		"json preferred": {acceptGraphQL + ";q=0.5, application/json", mediaJSON, true, "the higher quality wins"},
		"json and any": {"application/json, */*", mediaJSON, true,
			"the type that is named wins over one that is covered"},
		"graphql and any": {acceptGraphQL + ", */*;q=0.1", mediaGraphQL, true, "the type that is named wins"},
		"json excluded":   {"application/json;q=0, */*", mediaGraphQL, true, "q=0 means not acceptable"},
		"both excluded": {"application/json;q=0, " + acceptGraphQL + ";q=0, */*", mediaJSON, false,
			"q=0 wins over the wildcard"},
		"urql":              {acceptURQL, mediaGraphQL, true, "urql lists event streams too, which a query must not become"},
		"apollo with defer": {acceptApollo, mediaGraphQL, true, "multipart comes first and is not served"},
		"browser page":      {"text/html,application/xhtml+xml,*/*;q=0.8", mediaJSON, true, "the wildcard covers JSON"},
		"events only":       {"text/event-stream", mediaJSON, false, "not served"},
		"legacy only":       {"application/graphql+json", mediaJSON, false, "a type that never was registered"},
		"broken quality":    {"application/json;q=high", mediaJSON, false, "the range cannot be read"},
		"case":              {"Application/JSON; Q=0.3", mediaJSON, true, "names are case-insensitive"},
		"empty elements":    {",, application/json ,", mediaJSON, true, "empty elements are ignored"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var accept []string
			if tt.accept != "" {
				accept = []string{tt.accept}
			}
			if got, ok := negotiate(accept); got != tt.want || ok != tt.ok {
				t.Errorf("negotiate(%q) = %v, %v; want %v, %v: %s", tt.accept, got, ok, tt.want, tt.ok, tt.reason)
			}
		})
	}
}

func TestStatusByMediaType(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body          string
		json, graphQL int
		code          string
		data          bool
		reason        string
	}{
		"executed": {document("{hello}"), 200, 200, "", true, "a response with data"},
		"field error": {document("{missing: must}"), 200, 200, "INTERNAL", true,
			"the entry data is there, though null: it was executed"},
		"parse failure": {document("{"), 200, 400, "GRAPHQL_PARSE_FAILED", false,
			"well-formed request that is not executed"},
		"validation": {document("{nothing}"), 200, 400, "GRAPHQL_VALIDATION_FAILED", false, "not executed"},
		"coercion": {`{"query":"query($n:Int!){hello(count:$n)}","variables":{"n":null}}`, 200, 400,
			"BAD_USER_INPUT", false, "not executed"},
		"unknown operation": {`{"query":"query A{hello}","operationName":"B"}`, 200, 400, "GRAPHQL_VALIDATION_FAILED", false,
			"not executed"},
		"empty document": {`{"query":""}`, 200, 400, "GRAPHQL_VALIDATION_FAILED", false,
			"a string, so the request is well-formed"},
		"no query":    {`{"qeury":"{hello}"}`, 400, 400, "BAD_REQUEST", false, "not a GraphQL-over-HTTP request"},
		"broken JSON": {`{"query":`, 400, 400, "BAD_REQUEST", false, "not a request at all"},
		"subscription": {document("subscription{tick}"), 400, 400, "BAD_REQUEST", false,
			"one response cannot carry a stream"},
	}
	b := setup(t, resolvers{"must": fails("broken")}, Options{})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for accept, want := range map[string]int{"application/json": tt.json, acceptGraphQL: tt.graphQL} {
				w := b.do(request(tt.body, "Accept", accept))
				a := parse(t, w)
				if w.Code != want || a.code() != tt.code || (a.Data != nil) != tt.data {
					t.Errorf("Accept %s: status %d, code %q, body %s; want %d, %q: %s", accept, w.Code, a.code(), w.Body, want,
						tt.code, tt.reason)
				}
				if got := w.Header().Get("Content-Type"); got != accept+"; charset=utf-8" {
					t.Errorf("Accept %s: Content-Type %q", accept, got)
				}
			}
		})
	}
}

func TestNotAcceptable(t *testing.T) {
	t.Parallel()
	w := setup(t, nil, Options{}).do(request(document("{hello}"), "Accept", "text/event-stream"))
	if a := parse(t, w); w.Code != http.StatusNotAcceptable || a.code() != "NOT_ACCEPTABLE" || a.Data != nil {
		t.Errorf("status %d, body %s", w.Code, w.Body)
	}
}

func TestContentType(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		headers []string
		want    int
		reason  string
	}{
		"plain": {nil, 200, "the one type"},
		"charset": {[]string{"Content-Type", "", "Content-Type", "application/json; charset=UTF-8"}, 200,
			"UTF-8 may be named"},
		"other charset": {[]string{"Content-Type", "", "Content-Type", "application/json; charset=utf-16"}, 415,
			"only UTF-8 is read"},
		"other parameter": {[]string{"Content-Type", "", "Content-Type", "application/json; profile=x"}, 415,
			"charset at most"},
		"none": {[]string{"Content-Type", ""}, 415, "a form without a type is a simple request"},
		"two":  {[]string{"Content-Type", "text/plain"}, 415, "two types are ambiguous"},
		"text": {[]string{"Content-Type", "", "Content-Type", "text/plain"}, 415, "needs no preflight"},
		"text in disguise": {[]string{"Content-Type", "", "Content-Type", "text/plain; x=application/json"}, 415,
			"needs no preflight"},
		"form": {[]string{"Content-Type", "", "Content-Type", "application/x-www-form-urlencoded"}, 415,
			"needs no preflight"},
		"multipart": {[]string{"Content-Type", "", "Content-Type", "multipart/form-data; boundary=B"}, 415,
			"needs no preflight"},
		"graphql":  {[]string{"Content-Type", "", "Content-Type", "application/graphql"}, 415, "not served"},
		"encoded":  {[]string{"Content-Encoding", "gzip"}, 415, "a bomb would unpack behind the limit"},
		"identity": {[]string{"Content-Encoding", "identity"}, 200, "no encoding"},
		"encoded twice": {[]string{"Content-Encoding", "identity", "Content-Encoding", "gzip"}, 415,
			"the second one counts too"},
		"broken type header": {[]string{"Content-Type", "", "Content-Type", "application/json; =;"}, 415, "cannot be read"},
	}
	b := setup(t, nil, Options{})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := b.do(request(document("{hello}"), tt.headers...))
			if w.Code != tt.want {
				t.Errorf("status %d, want %d: %s", w.Code, tt.want, tt.reason)
			}
			if a := parse(t, w); tt.want == 415 && (a.code() != "UNSUPPORTED_MEDIA_TYPE" ||
				strings.Contains(w.Body.String(), `"data"`)) {
				t.Errorf("body %s", w.Body)
			}
		})
	}
}

// FuzzNegotiate: no header of a stranger's does more than choose between two types of answer.
func FuzzNegotiate(f *testing.F) {
	for _, seed := range []string{"*/*", "application/json;q=0.5, application/graphql-response+json", ";;;", "a/b;q=2", ","} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		if m, ok := negotiate([]string{accept}); ok && len(m.contentType()) != 1 {
			t.Fatalf("%q gives %v", accept, m.contentType())
		}
		switch l := text.Accepted(accept); l {
		case text.NB, text.NN, text.EN:
		default:
			t.Fatalf("%q gives language %q", accept, l)
		}
	})
}
