package server

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestStrangers: while all places are taken, who is not logged in is refused a query, may still
// log in, and costs nobody anything who is.
func TestStrangers(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, withCallers(Options{Strangers: 1}))
	ask := func(document string, headers ...string) *httptest.ResponseRecorder {
		return b.do(request(documentOf(document), append(headers, "Accept", acceptGraphQL)...))
	}
	take(t, b.post.strangers)
	const login = `mutation{act(input:{limit:1})}`
	tests := map[string]struct {
		document, token string
		want            int
		reason          string
	}{
		"query":        {"{hello}", "", 429, "no place is free"},
		"broken":       {"{nothing", "", 429, "parsing takes a place"},
		"known":        {"{hello}", "Bearer good", 200, "whoever is logged in needs none"},
		"act":          {login, "", 200, "a login has places of its own"},
		"like an act":  {"{hello} # mutation", "", 429, "a query is a query"},
		"two in one":   {"mutation M{choose(pick:{number:1})} query Q{hello}", "", 429, "the query is executed"},
		"a long act":   {login + "#" + strings.Repeat("a", shortAct), "", 429, "judging it takes long"},
		"broken act":   {"mutation{nothing}", "", 400, "it is judged"},
		"known, again": {"{hello(name:1)}", "Bearer good", 400, "as ever"},
	}
	for name, tt := range tests {
		operation := ""
		if name == "two in one" {
			operation = `,"operationName":"Q"`
		}
		r := request(strings.TrimSuffix(documentOf(tt.document), "}")+operation+"}", "Accept", acceptGraphQL,
			"Authorization", tt.token)
		w := b.do(r)
		refused := parse(t, w).code() == "RATE_LIMITED" && w.Header().Get("Retry-After") == "1"
		if w.Code != tt.want || refused != (tt.want == 429) {
			t.Errorf("%s: status %d, want %d as %s: %s", name, w.Code, tt.want, tt.reason, w.Body)
		}
	}
	b.post.strangers.queries.Release(1)
	if w := ask("{hello}"); w.Code != 200 {
		t.Errorf("a place is free: %d %s", w.Code, w.Body)
	}
}

// take takes the one place for queries.
func take(t *testing.T, s *strangers) {
	t.Helper()
	if err := s.queries.Acquire(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
}

func documentOf(query string) string { return document(strings.ReplaceAll(query, `"`, `\"`)) }

// TestPlacesRest: a place rests when it has been left, and is not kept by who waits for something.
func TestPlacesRest(t *testing.T) {
	t.Parallel()
	s := newStrangers(1)
	first, err := s.enter(t.Context(), "{hello}")
	if err != nil {
		t.Fatal(err)
	}
	if s.queries.TryAcquire(1) {
		t.Fatal("there are two places")
	}
	time.Sleep(20 * time.Millisecond)
	first.end()
	if s.queries.TryAcquire(1) {
		t.Error("it does not rest")
	}
	stays, err := s.enter(t.Context(), "{hello}") // it waits for as long
	if err != nil {
		t.Fatal("it rests for ever", err)
	}
	next, err := s.enter(t.Context(), "{hello}")
	if err != nil {
		t.Fatal("who stays keeps the place", err)
	}
	stays.end()
	if s.queries.TryAcquire(1) {
		t.Error("a place was given back twice")
	}
	next.end()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	take(t, s)
	if _, err := s.enter(gone, "{hello}"); !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone is told %v", err)
	}
}
