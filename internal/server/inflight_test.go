package server

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

type networkKey struct{}

// TestInFlight: who has as many requests in flight as may be is refused one more, and nobody
// else is; when one is answered there is room for one.
func TestInFlight(t *testing.T) {
	t.Parallel()
	const ofCaller, ofNetwork = 3, 5
	entered, held := make(chan struct{}), make(chan struct{})
	opts := withCallers(Options{MaxOfCaller: ofCaller, MaxOfNetwork: ofNetwork})
	known := opts.Authenticate
	opts.Authenticate = func(r *http.Request) (context.Context, error) {
		ctx, err := known(r)
		if err != nil {
			return ctx, err
		}
		return context.WithValue(ctx, networkKey{}, r.Header.Get("From")), nil
	}
	opts.Network = func(ctx context.Context) string { name, _ := ctx.Value(networkKey{}).(string); return name }
	opts.Around = func(ctx context.Context) context.Context {
		if exchangeOf(ctx).params.OperationName == "Held" {
			entered <- struct{}{}
			<-held
		}
		return ctx
	}
	b := setup(t, nil, opts)
	server := httptest.NewServer(b)
	defer server.Close()
	send := func(operation string, headers ...string) (*http.Response, answer) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/graphql",
			strings.NewReader(`{"query":"query `+operation+` {hello}","operationName":"`+operation+`"}`))
		if err != nil {
			t.Error(err)
			return nil, answer{}
		}
		r.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Error(err)
			return nil, answer{}
		}
		defer resp.Body.Close()
		var a answer
		if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
			t.Error(err)
		}
		return resp, a
	}
	var waiting sync.WaitGroup
	hold := func(n int, headers ...string) {
		for range n {
			waiting.Go(func() {
				if resp, a := send("Held", headers...); resp != nil && (resp.StatusCode != http.StatusOK || a.code() != "") {
					t.Errorf("one that was let in: %d %+v", resp.StatusCode, a)
				}
			})
		}
		for range n {
			<-entered
		}
	}
	one := func(reason string, want int, headers ...string) {
		t.Helper()
		resp, a := send("Free", headers...)
		code := map[int]string{429: "RATE_LIMITED", 401: "UNAUTHENTICATED"}[want]
		retry := map[int]string{429: "1"}[want]
		if resp == nil || resp.StatusCode != want || a.code() != code || resp.Header.Get("Retry-After") != retry {
			t.Errorf("%s: %v %+v", reason, resp, a)
		}
	}
	caller := []string{"Authorization", "Bearer good"}
	hold(ofCaller, append(caller, "From", "192.0.2.1")...)
	hold(ofNetwork, "From", "192.0.2.1") // which the caller's do not count for
	one("one more of the same caller", 429, append(caller, "From", "192.0.2.1")...)
	one("from elsewhere, too", 429, append(caller, "From", "192.0.2.2")...)
	one("one more from the network", 429, "From", "192.0.2.1")
	one("from another one", 200, "From", "192.0.2.2")
	one("as another one is called", 200, "From", "somebody")
	one("from who knows where", 200)
	one("a caller who is refused all the same", 401, "Authorization", "Bearer bad", "From", "192.0.2.1")

	for range ofCaller + ofNetwork {
		held <- struct{}{}
	}
	waiting.Wait()
	server.Close() // waits for the ends of the requests
	b.crowd.mu.Lock()
	if len(b.crowd.of) != 0 {
		t.Errorf("%v are still counted", b.crowd.of)
	}
	b.crowd.mu.Unlock()
	if w := b.do(request(document("{hello}"), caller...)); w.Code != http.StatusOK {
		t.Errorf("when all were answered: %d %s", w.Code, w.Body)
	}
}

// TestInFlightEnds: a request that panics is in flight no more.
func TestInFlightEnds(t *testing.T) {
	t.Parallel()
	o := withCallers(Options{MaxOfCaller: 1, Around: func(context.Context) context.Context { panic("broken") }})
	b := setup(t, nil, o)
	for range 3 {
		if w := b.do(request(document("{hello}"), "Authorization", "Bearer good")); w.Code != http.StatusInternalServerError {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}
