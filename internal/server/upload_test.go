package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestUploads: who is logged in may send a long string to a mutation, and nothing else that is long.
func TestUploads(t *testing.T) {
	t.Parallel()
	var callers atomic.Int64
	b := setup(t, nil, Options{Caller: func(context.Context) string { return fmt.Sprint(callers.Add(1)) }})
	strangers := setup(t, nil, Options{})
	longFor := func(query string, bytes int) string {
		return `{"query":"` + query + `","variables":{"a":"` + strings.Repeat("a", bytes) + `"}}`
	}
	long := func(bytes int) string { return longFor("mutation{__typename}", bytes) }
	tests := map[string]struct {
		to     *bundle
		body   string
		want   int
		code   string
		reason string
	}{
		"document": {b, long(7 << 20), 200, "", "5 MiB in base64"},
		"query":    {b, longFor("{hello}", maxBody), 413, "BODY_TOO_LARGE", "only a mutation takes a document"},
		"query and what is ignored": {b, `{"query":"{hello}","x":"` + strings.Repeat("a", maxBody) + `"}`, 413,
			"BODY_TOO_LARGE", "the same"},
		"too long": {b, long(8 << 20), 413, "BODY_TOO_LARGE", "no document is that large"},
		"stranger": {strangers, long(maxBody), 413, "BODY_TOO_LARGE", "who is not logged in has no documents"},
		"many objects": {b, `{"query":"{hello}","variables":{"a":[` + strings.Repeat(`{},`, maxBody) + `{}]}}`, 413,
			"BODY_TOO_LARGE", "they would take a hundred times their length"},
		"deep": {b, `{"query":"{hello}","variables":` + strings.Repeat(`{"a":`, 1000) + `"` +
			strings.Repeat("a", maxBody) + `"` + strings.Repeat(`}`, 1000) + `}`, 400, "BAD_REQUEST", "as in a small one"},
		"long document": {b, `{"query":"{hello ` + strings.Repeat(" ", maxBody) + `}"}`, 413, "BODY_TOO_LARGE",
			"a GraphQL document is no upload"},
		"broken": {b, long(maxBody)[:maxBody], 400, "BAD_REQUEST", "it ends in a string"},
		"a name twice": {b, `{"query":"{hello}","variables":{"a":1,"a":"` + strings.Repeat("a", maxBody) + `"}}`, 400,
			"BAD_REQUEST", "as in a small one"},
		"one after other": {b, long(maxBody) + long(10), 400, "BAD_REQUEST", "one object"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(tt.body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/graphql-response+json")
			w := tt.to.do(r)
			if w.Code != tt.want || !strings.Contains(w.Body.String(), tt.code) {
				t.Errorf("%s: status %d, want %d %s: %.200s", tt.reason, w.Code, tt.want, tt.code, w.Body)
			}
		})
	}
}

// TestUploadsWait: a large body waits while as many as there may be are being looked at.
func TestUploadsWait(t *testing.T) {
	t.Parallel()
	who := "a"
	p := post{Server: &Server{opts: Options{Caller: func(context.Context) string { return who }}}, uploads: newUploads(1)}
	large := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql",
		strings.NewReader(strings.Repeat("a", maxBody+1)))
	_, done, err := p.admit(t.Context(), large)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.admit(t.Context(), large); !errors.Is(err, errUploading) {
		t.Errorf("the same caller has a second one: %v", err)
	}
	who = "b"
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := p.admit(gone, large); !errors.Is(err, context.Canceled) {
		t.Error("a second one is admitted")
	}
	small := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader("{}"))
	if limit, _, err := p.admit(gone, small); err != nil || limit != maxBody {
		t.Errorf("a small one waits: %d, %v", limit, err)
	}
	done()
	if limit, _, err := p.admit(t.Context(), large); err != nil || limit != maxUpload {
		t.Errorf("its turn does not come: %d, %v", limit, err)
	}
}

// TestTooLargeAnUpload: who is logged in is told the limit that holds for them, and nobody reads the body.
func TestTooLargeAnUpload(t *testing.T) {
	t.Parallel()
	for who, limit := range map[string]int64{"": maxBody, "somebody": maxUpload} {
		b := setup(t, nil, Options{Caller: func(context.Context) string { return who }})
		w := b.do(request(strings.Repeat("a", maxUpload+1), "Accept", acceptGraphQL))
		a := parse(t, w)
		if w.Code != 413 || !strings.Contains(w.Body.String(), fmt.Sprintf("larger than %d bytes", limit)) {
			t.Errorf("%q: status %d, %v, %s", who, w.Code, a, w.Body)
		}
	}
}

// TestManyUploads: what has been received waits while as many as there may be are looked at; those
// who have no turn in time are told to come again, as nothing is wrong with them.
func TestManyUploads(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Options{Caller: func(context.Context) string { return "somebody" }})
	body := `{"query":"mutation{choose(pick:{number:1})}","variables":{"a":"` + strings.Repeat("a", maxBody) + `"}}`
	for range maxOpened {
		b.post.uploads.opened <- struct{}{}
	}
	start := time.Now()
	w := b.do(request(body, "Accept", acceptGraphQL))
	if a := parse(t, w); w.Code != 503 || a.code() != "RATE_LIMITED" || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d, %v, %s", w.Code, w.Header(), w.Body)
	}
	if took := time.Since(start); took < uploadWait {
		t.Errorf("it waited for %s alone", took)
	}
	<-b.post.uploads.opened
	if w := b.do(request(body)); w.Code != 200 {
		t.Errorf("there is a turn: %d %s", w.Code, w.Body)
	}
	if n := len(b.post.uploads.opened); n != maxOpened-1 {
		t.Errorf("%d turns are taken", n)
	}
}
