package session_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/portal"
)

// TestTooOften: whoever calls too often is refused at every address and with every method, and
// nothing is looked up.
func TestTooOften(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tap := &tap{}
	pool := w.db.Pool(tap.into)
	r := w.replica(func(o *session.Options) {
		o.Portal = portal.NewDB(pool, time.Minute)
		o.AllowAny = func(*http.Request) bool { return false }
	})
	b := w.browser()
	b.plant(r, "__Host-oversikt", strings.Repeat("A", 43))
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete, http.MethodOptions} {
		for _, path := range []string{"session", "login", "callback", "logout", "frontchannel-logout", "", "nothing"} {
			a := b.send(method, r.server.URL+"/auth/"+path)
			if a.status != http.StatusTooManyRequests || !strings.Contains(a.body, "RATE_LIMITED") ||
				a.header.Get("Retry-After") == "" || a.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s %s: %d %s", method, path, a.status, a.body)
			}
		}
	}
	if n := tap.statements.Load(); n != 0 {
		t.Errorf("%d statements", n)
	}
	open := w.replica()
	if a := b.send(http.MethodDelete, open.server.URL+"/auth/session"); a.status != http.StatusNotFound ||
		!strings.Contains(a.body, "NOT_FOUND") {
		t.Errorf("another method: %d %s", a.status, a.body)
	}
}
