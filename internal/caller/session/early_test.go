package session_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

// early is what a replica says of a request before it is certain, and then.
type early struct {
	name    string      // of the caller, before it is certain; empty for nobody
	certain bool        // at once
	code    string      // of the fault, in the end
	goes    bool        // what was begun goes on
	header  http.Header // of the answer
}

func (r *replica) early(b *browser) (e early) {
	r.t.Helper()
	ctx, confirm, err := r.begin(context.Background(), b, &e)
	e.certain = confirm == nil
	if p, ok := caller.FromContext(ctx); ok {
		e.name = p.Name
	}
	if confirm != nil {
		if len(e.header) > 0 {
			r.t.Errorf("the answer has headers before it is certain: %v", e.header)
		}
		err = confirm()
	}
	if err != nil {
		e.code = string(fault.Of(err).Code)
	}
	e.goes = ctx.Err() == nil
	return e
}

func (r *replica) begin(ctx context.Context, b *browser, e *early) (context.Context, func() error, error) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.server.URL, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set(session.ClientHeader, "test")
	request.AddCookie(&http.Cookie{Name: "__Host-oversikt", Value: b.id(r)})
	e.header = http.Header{}
	return r.manager.AuthenticateEarly(ctx, e.header, request)
}

func (e early) check(t *testing.T, reason, name string, certain bool, code string, goes bool) {
	t.Helper()
	if e.name != name || e.certain != certain || e.code != code || e.goes != goes {
		t.Errorf("%s: %+v", reason, e)
	}
	cleared := strings.HasPrefix(e.header.Get("Set-Cookie"), "__Host-oversikt=; ")
	if cleared != (code == "UNAUTHENTICATED") || len(e.header) > 1 {
		t.Errorf("%s: headers %v", reason, e.header)
	}
}

const name = "Kari Nordmann"

// TestEarly: a replica that has seen a session hold knows the next time whose it is, and
// never whether it still holds: that the database says.
func TestEarly(t *testing.T) {
	t.Parallel()
	ended := func(t *testing.T, first, second *replica, b *browser) {
		thief := *b
		if a := thief.send(http.MethodPost, second.server.URL+"/auth/logout", session.ClientHeader,
			"test"); a.status != http.StatusOK {
			t.Fatalf("logout: %d", a.status)
		}
	}
	cases := map[string]struct {
		reason string
		ends   func(t *testing.T, first, second *replica, b *browser)
		early  bool // it is remembered whose it is
	}{
		"logged out elsewhere": {"on another replica", ended, true},
		"logged out here": {"this replica forgets at once", func(t *testing.T, first, _ *replica,
			b *browser) {
			ended(t, first, first, b)
		}, false},
		"idle": {"half an hour is over", func(_ *testing.T, first, _ *replica,
			_ *browser) {
			first.clock.advance(30 * time.Minute)
		}, true},
		"too old": {"so is whatever is remembered", func(_ *testing.T, first, _ *replica,
			_ *browser) {
			first.clock.advance(2 * time.Hour)
		}, false},
		"cleaned up": {"its row is gone", func(t *testing.T, first, second *replica, _ *browser) {
			first.clock.advance(time.Hour)
			if n, err := second.manager.Clean(t.Context()); n != 1 || err != nil {
				t.Fatal(n, err)
			}
		}, true},
	}
	for what, tc := range cases {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			first, second := w.replica(), w.replica()
			b := w.browser()
			b.login(first, "/")
			id := b.id(first)
			first.early(b).check(t, "the first time", name, true, "", true)
			first.early(b).check(t, "the second time", name, false, "", true)
			tc.ends(t, first, second, b)
			b.plant(first, "__Host-oversikt", id) // whoever has copied it
			if tc.early {
				first.early(b).check(t, tc.reason, name, false, "UNAUTHENTICATED", false)
			}
			first.early(b).check(t, tc.reason+": nothing is remembered any more", "", true, "UNAUTHENTICATED", true)
		})
	}
}

// TestEarlyPortalDown: what cannot be checked does not hold, and is not remembered.
func TestEarlyPortalDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica()
	b := w.browser()
	b.login(r, "/")
	r.early(b)
	connect := allowConnections(t, w)
	connect(false)
	r.early(b).check(t, "begun", name, false, "PORTAL_UNAVAILABLE", false)
	r.early(b).check(t, "not begun", "", true, "PORTAL_UNAVAILABLE", true)
	connect(true)
	r.early(b).check(t, "afterwards", name, true, "", true)
	r.early(b).check(t, "and then", name, false, "", true)
}

// TestEarlyStatements: each request asks the database, and notes once a minute that the
// session is used; that gives it half an hour more.
func TestEarlyStatements(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tap := &tap{}
	pool := w.db.Pool(tap.into)
	r := w.replica(func(o *session.Options) { o.Portal = portal.NewDB(pool, time.Minute) })
	b := w.browser()
	b.login(r, "/")
	for i, step := range []struct {
		advance time.Duration
		want    int
	}{{0, 1}, {0, 1}, {30 * time.Second, 1}, {30 * time.Second, 2}, {0, 1}, {29 * time.Minute, 2}, {29 * time.Minute, 2},
		{29 * time.Minute, 2}} {
		w.clock.advance(step.advance)
		tap.statements.Store(0)
		if e := r.early(b); e.name != name || e.code != "" || int(tap.statements.Load()) != step.want {
			t.Errorf("step %d: %d statements, not %d: %+v", i, tap.statements.Load(), step.want, e)
		}
	}
	w.clock.advance(30 * time.Minute)
	tap.statements.Store(0)
	if e := r.early(b); e.code != "UNAUTHENTICATED" || tap.statements.Load() != 1 {
		t.Errorf("what has lapsed is not used: %d statements, %+v", tap.statements.Load(), e)
	}
}

// TestEarlyClientLeaves: the question to the database ends with the request, though nobody
// waits for what it says, and its connection is free.
func TestEarlyClientLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pool := w.db.Pool(func(c *pgxpool.Config) { c.MaxConns = 1 })
	r := w.replica(func(o *session.Options) { o.Portal = portal.NewDB(pool, time.Minute) })
	b := w.browser()
	b.login(r, "/")
	r.early(b)
	held, err := pool.Acquire(t.Context()) // so that the question waits
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	var e early
	_, confirm, err := r.begin(ctx, b, &e)
	if err != nil || confirm == nil {
		t.Fatal(err)
	}
	leave()
	if err := confirm(); fault.Of(err).Code != fault.PortalUnavailable {
		t.Errorf("%v", err)
	}
	held.Release()
	if n := pool.Stat().AcquiredConns(); n != 0 {
		t.Errorf("%d connections are held", n)
	}
	r.early(b).check(t, "the next request", name, true, "", true)

	ctx, leave = context.WithCancel(t.Context())
	if _, _, err := r.begin(ctx, b, &e); err != nil {
		t.Fatal(err)
	}
	leave() // and nobody asks: TestMain finds a goroutine that stays
}

// TestEarlyLetter: a session of one case is one of that case from memory too.
func TestEarlyLetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica()
	b := w.browser()
	b.show(r, "kari", session.ClientHeader, "web")
	var e early
	for range 2 {
		ctx, confirm, err := r.begin(t.Context(), b, &e)
		if err != nil || confirm != nil && confirm() != nil {
			t.Fatal(err)
		}
		p, _ := caller.FromContext(ctx)
		if got := p.Scope().Cases("fjord", []string{"case-17", "case-18"}); len(got) != 1 || p.Scope().Covers("lita") ||
			!p.ExpiresAt.Equal(w.clock.now().Add(2*time.Hour)) {
			t.Errorf("%v until %v", got, p.ExpiresAt)
		}
	}
}

// broken is a tracer that panics when it is told to.
type broken struct{ now atomic.Bool }

func (*broken) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

func (b *broken) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {
	if b.now.Load() {
		panic("broken")
	}
}

// TestEarlyPanics: what breaks while the database is asked costs the request and not the
// service, though nobody recovers for the goroutine that asks.
func TestEarlyPanics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var b broken
	pool := w.db.Pool(func(c *pgxpool.Config) { c.ConnConfig.Tracer = &b })
	r := w.replica(func(o *session.Options) { o.Portal = portal.NewDB(pool, time.Minute) })
	browser := w.browser()
	browser.login(r, "/")
	r.early(browser)
	b.now.Store(true)
	r.early(browser).check(t, "it breaks", name, false, "INTERNAL", false)
	b.now.Store(false)
	r.early(browser).check(t, "afterwards", name, true, "", true)
}
