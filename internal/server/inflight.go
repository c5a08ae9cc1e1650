package server

import (
	"context"
	"net/http"
	"sync"

	"github.com/oversikt/oversikt/internal/fault"
)

// The defaults of [Options.MaxOfCaller] and [Options.MaxOfNetwork]. A page that asks for
// everything at once, in several tabs, has a few requests in flight. A whole office can share
// one network address.
const (
	DefaultMaxOfCaller  = 32
	DefaultMaxOfNetwork = 64
)

var errInFlight = fault.New(fault.RateLimited,
	"as many requests of yours as may be are being answered: wait for one of them")

// inFlight counts the requests of each caller that are being answered. It has entries only for
// those callers, so it is never larger than the number of requests.
type inFlight struct {
	mu sync.Mutex
	of map[sender]int
}

// sender is counted by: a caller, or a network for requests without a login.
type sender struct {
	known bool
	name  string
}

// enter counts a request unless there are as many already; leave ends it.
func (f *inFlight) enter(who sender, most int) (leave func(), ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of[who] >= most {
		return nil, false
	}
	f.of[who]++
	return func() { f.leave(who) }, true
}

func (f *inFlight) leave(who sender) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of[who]--; f.of[who] == 0 {
		delete(f.of, who)
	}
}

// bound returns an Authenticate that refuses a sender with too many requests in flight. A
// request is in flight until its answer is sent. It is counted as soon as its sender is
// known, before anything else is done for it.
func (f *inFlight) bound(o Options) func(*http.Request) (context.Context, error) {
	return func(r *http.Request) (context.Context, error) {
		ctx, err := o.Authenticate(r)
		x := exchangeOf(r.Context())
		if err != nil || x == nil {
			return ctx, err
		}
		who, most := sender{true, o.Caller(ctx)}, o.MaxOfCaller
		x.known = who.name != ""
		if who.name == "" {
			who, most = sender{false, o.Network(ctx)}, o.MaxOfNetwork
		}
		if who.name == "" {
			return ctx, nil
		}
		// Requests whose session is not confirmed yet take at most half of the caller's places.
		leave, ok := f.enter(who, most/2)
		if !ok {
			if err := held(ctx); err != nil {
				return ctx, err
			}
			leave, ok = f.enter(who, most)
		}
		if !ok {
			x.Header()["Retry-After"] = []string{"1"}
			return ctx, errInFlight
		}
		x.leave = leave
		return ctx, nil
	}
}
