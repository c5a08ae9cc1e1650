package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
)

// diary is what happened in a request, in its order.
type diary struct{ events []string }

func (d *diary) note(event string) { d.events = append(d.events, event) }

// conditional serves callers of whom confirm says whether they are who they are.
func conditional(t *testing.T, d *diary, confirm func(*http.Request) error) *bundle {
	t.Helper()
	does := func(name string) func(context.Context, map[string]any) (string, error) {
		return func(context.Context, map[string]any) (string, error) {
			d.note(name)
			return name, nil
		}
	}
	return setup(t, resolvers{"hello": does("read"), "find": does("other"), "act": does("act")}, Options{
		Authenticate: func(r *http.Request) (context.Context, error) {
			ctx := Provided(r.Context(), func() error {
				d.note("confirm")
				return confirm(r)
			})
			if r.Header.Get("Authorization") == "Bearer barred" {
				return ctx, caller.ErrNoAuthority
			}
			return ctx, nil
		},
		Caller:           func(context.Context) string { return "somebody" },
		Early:            func(op *graphql.OperationContext) bool { return strings.Contains(op.RawQuery, "hello") },
		Release:          func(context.Context, gqlerror.List) error { d.note("record"); return nil },
		PersistedQueries: true, QueriesByGet: true,
		Downloads: map[string]Download{"/file": {Make: func(context.Context, url.Values, []byte) (File, error) {
			d.note("act")
			return File{Name: "a.txt", MediaType: "text/plain", Content: []byte("data")}, nil
		}}},
	})
}

func get(query string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/graphql?query="+url.QueryEscape(query), nil)
	r.Header.Set("Sec-Fetch-Mode", "cors")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

// TestCondition: of all that a request can be, a query that only reads begins before it is
// certain who asks. When that turns out wrong, the answer is to the last header what it is
// where the credentials are refused at once.
func TestCondition(t *testing.T) {
	t.Parallel()
	const act = `mutation { act(input: {status: OPEN}) }`
	large := `{"query":"` + act + `","variables":{"a":"` + strings.Repeat("a", maxBody) + `"}}`
	tests := map[string]struct {
		reason    string
		request   func() *http.Request
		good, bad []string // what happens
	}{
		"read": {"it begins at once, and waits before it is on record",
			func() *http.Request { return request(document("{hello}")) }, []string{"read", "confirm", "record"},
			[]string{"read", "confirm"}},
		"read by GET": {"the same", func() *http.Request { return get("{hello}") },
			[]string{"read", "confirm", "record"}, []string{"read", "confirm"}},
		"another query": {"nobody has said that it only reads",
			func() *http.Request { return request(document("{find}")) }, []string{"confirm", "other", "record"},
			[]string{"confirm"}},
		"an act": {"acts wait, whatever Early says", func() *http.Request {
			return request(document(act +
				"#hello"))
		}, []string{"confirm", "act", "record"}, []string{"confirm"}},
		"a download": {"it is an act", func() *http.Request {
			return httptest.NewRequest(http.MethodPost, "/file",
				nil)
		}, []string{"confirm", "act"}, []string{"confirm"}},
		"a large body": {"it would take somebody's turn", func() *http.Request { return request(large) },
			[]string{"confirm", "act", "record"}, []string{"confirm"}},
		"a bad document": {"strangers learn nothing of it", func() *http.Request { return request(document("{nothing}")) },
			[]string{"confirm"}, []string{"confirm"}},
		"no document": {"the same", func() *http.Request { return request("{}") }, []string{"confirm"},
			[]string{"confirm"}},
		"no JSON": {"the same", func() *http.Request { return request("{") }, []string{"confirm"},
			[]string{"confirm"}},
		"an act by GET": {"no Allow is left over", func() *http.Request { return get(act) }, []string{"confirm"},
			[]string{"confirm"}},
		"a subscription": {"not served", func() *http.Request { return request(document("subscription { tick }")) },
			[]string{"confirm"}, []string{"confirm"}},
		"refused for more": {"the worse refusal comes first", func() *http.Request {
			return request(document("{hello}"),
				"Authorization", "Bearer barred")
		}, []string{"confirm"}, []string{"confirm"}},
	}
	refusals := map[string]error{
		"ended":   caller.ErrUnauthenticated.Because(errors.New("it has ended")),
		"unknown": fault.New(fault.PortalUnavailable, "later"),
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d diary
			conditional(t, &d, func(*http.Request) error { return nil }).do(tt.request())
			if diff := cmp.Diff(tt.good, d.events); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
			}
			for outcome, refusal := range refusals {
				var d diary
				clears := func(r *http.Request) error {
					ResponseHeader(r.Context()).Set("Set-Cookie", "gone")
					return refusal
				}
				late := conditional(t, &d, clears).do(tt.request())
				if diff := cmp.Diff(tt.bad, d.events); diff != "" {
					t.Errorf("%s: %s (-want +got):\n%s", outcome, tt.reason, diff)
				}
				strict := setup(t, nil, Options{
					Authenticate:     func(r *http.Request) (context.Context, error) { return nil, clears(r) },
					PersistedQueries: true, QueriesByGet: true, Downloads: map[string]Download{"/file": {}},
				}).do(tt.request())
				sent := cmpopts.IgnoreMapEntries(func(name string, _ []string) bool { return name == "X-Request-Id" })
				if diff := cmp.Diff(strict.Result().Header, late.Result().Header, sent); diff != "" || late.Code != strict.Code ||
					late.Body.String() != strict.Body.String() {
					t.Errorf("%s: %s: %d %s (-at once +late):\n%s", outcome, tt.reason, late.Code, late.Body, diff)
				}
				if strings.Contains(late.Body.String(), "data") {
					t.Errorf("%s: %s", outcome, late.Body)
				}
			}
		})
	}
}

// TestConditionKeepsNothing: what a caller leaves behind waits for the certainty too.
func TestConditionKeepsNothing(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte("{hello}"))
	register := fmt.Sprintf(`{"query":"{hello}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"%x"}}}`, sum)
	for reason, refusal := range map[string]error{"a caller registers": nil,
		"nobody does not": caller.ErrUnauthenticated} {
		var d diary
		b := conditional(t, &d, func(*http.Request) error { return refusal })
		b.do(request(register))
		if got := b.post.persisted.byHash.Len(); (got == 1) != (refusal == nil) {
			t.Errorf("%s: %d documents, %v", reason, got, d.events)
		}
		if slices.Index(d.events, "confirm") > 0 {
			t.Errorf("%s before it is certain: %v", reason, d.events)
		}
	}
}

// TestConditionInFlight: a session that has ended takes no more than half of the places that
// its holder has for requests at once.
func TestConditionInFlight(t *testing.T) {
	t.Parallel()
	for reason, refusal := range map[string]error{"the holder": nil, "nobody": caller.ErrUnauthenticated} {
		var d diary
		var b *bundle
		var inner *httptest.ResponseRecorder
		b = setup(t, resolvers{"hello": func(context.Context, map[string]any) (string, error) {
			if d.note("read"); inner == nil {
				inner = httptest.NewRecorder()
				b.ServeHTTP(inner, request(document("{hello}")))
			}
			return "", nil
		}}, Options{
			Authenticate: func(r *http.Request) (context.Context, error) {
				return Provided(r.Context(), func() error { d.note("confirm"); return refusal }), nil
			},
			Caller: func(context.Context) string { return "somebody" },
			Early:  func(*graphql.OperationContext) bool { return true }, MaxOfCaller: 2,
		})
		b.do(request(document("{hello}")))
		want := []string{"read", "confirm", "read", "confirm"}
		if refusal != nil {
			want = []string{"read", "confirm", "confirm"}
		}
		if diff := cmp.Diff(want, d.events); diff != "" || (inner.Code == http.StatusOK) != (refusal == nil) ||
			inner.Header().Get("Retry-After") != "" {
			t.Errorf("%s: %d %s (-want +got):\n%s", reason, inner.Code, inner.Body, diff)
		}
	}
}
