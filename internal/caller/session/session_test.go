package session_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
)

func mustSecret(t testing.TB, b byte) *portal.Secret {
	t.Helper()
	s, err := portal.NewSecret(bytes.Repeat([]byte{b}, portal.SecretSize))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func person(t testing.TB, digits string) norway.NationalID {
	t.Helper()
	id, err := norway.ParseNationalID(digits)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestStatus(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	b := r.browser()
	ask := func() (answer, map[string]any) {
		a := b.get(r.server.URL + "/auth/session")
		var v map[string]any
		if err := json.Unmarshal([]byte(a.body), &v); err != nil {
			t.Fatal(err)
		}
		return a, v
	}
	if a, v := ask(); a.status != http.StatusOK || fmt.Sprint(v) != "map[authenticated:false]" {
		t.Errorf("before: %d %v", a.status, v)
	}
	b.login(r, "/")
	if _, v := ask(); fmt.Sprint(v) != "map[authenticated:true expiresAt:2026-03-01T12:30:00Z kind:PERSON]" {
		t.Errorf("after login: %v", v)
	}
	for range 4 {
		r.clock.advance(25 * time.Minute)
		b.who(r)
	}
	if _, v := ask(); v["expiresAt"] != "2026-03-01T14:00:00Z" {
		t.Errorf("however much it is used: %v", v)
	}
	r.clock.advance(time.Hour)
	if a, v := ask(); a.status != http.StatusOK || v["authenticated"] != false || b.id(r) != "" {
		t.Errorf("lapsed: %d %v", a.status, v)
	}
	b.plant(r, "__Host-oversikt", strings.Repeat("A", 43))
	a := b.get(r.server.URL+"/auth/session", "Cookie", "__Host-oversikt=x")
	if a.status != http.StatusBadRequest || !strings.Contains(a.body, "AMBIGUOUS_CREDENTIALS") {
		t.Errorf("two cookies: %d %s", a.status, a.body)
	}
}

// TestPerPerson: one session too many ends the oldest, also when all start at once.
func TestPerPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica(func(o *session.Options) { o.Limits.PerPerson = 3 })
	all := make([]*browser, 5)
	for i := range all {
		all[i] = w.browser()
		all[i].login(r, "/")
		w.clock.advance(time.Second)
	}
	for i, b := range all {
		if got, _ := b.who(r); (got.Name != "") != (i >= 2) {
			t.Errorf("browser %d: %+v", i, got)
		}
	}
	if w.sessions() != 3 {
		t.Errorf("%d sessions", w.sessions())
	}
	w.clock.advance(29 * time.Minute)
	all[2].who(r) // the oldest is the only one that does not lapse now
	w.clock.advance(2 * time.Minute)
	late := w.browser()
	late.login(r, "/")
	if got, _ := all[2].who(r); got.Name == "" || w.sessions() != 3 {
		t.Errorf("what has lapsed goes first: %+v, %d sessions", got, w.sessions())
	}
	var wg sync.WaitGroup
	for range 8 {
		b := w.browser()
		asked := b.begin(r, "/")
		wg.Go(func() { b.come(r, url.Values{"code": {w.bank.grant(asked, grant{})}, "state": {asked.Get("state")}}) })
	}
	wg.Wait()
	if w.sessions() != 3 {
		t.Errorf("all at once: %d sessions", w.sessions())
	}
}

// TestExpiry moves the clock: steps of so many minutes, after each of which the session is
// used or asked about.
func TestExpiry(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		steps  []time.Duration
		poll   bool // only ask how the session stands
		holds  bool
	}{
		"used often":             {"each use gives it half an hour more", []time.Duration{29, 29, 29}, false, true},
		"just not idle":          {"half an hour is allowed", []time.Duration{29}, false, true},
		"idle":                   {"half an hour is over", []time.Duration{30}, false, false},
		"idle later":             {"counted from the last use", []time.Duration{29, 30}, false, false},
		"two hours":              {"it is never older, however much used", []time.Duration{29, 29, 29, 29, 4}, false, false},
		"just before two hours":  {"it may be as old as that", []time.Duration{29, 29, 29, 29, 3}, false, true},
		"asking does not use it": {"a page that is open is no person", []time.Duration{20, 10}, true, false},
		"used within the minute": {"the first use in a minute counts", []time.Duration{0, 29}, false, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newWorld(t).replica()
			b := r.browser()
			b.login(r, "/")
			id := b.id(r)
			var got who
			var a answer
			for i, step := range tc.steps {
				r.clock.advance(step * time.Minute)
				if tc.poll && i < len(tc.steps)-1 {
					a = b.get(r.server.URL + "/auth/session")
				} else {
					got, a = b.who(r)
				}
			}
			if (got.Code == "") != tc.holds || tc.holds != (b.id(r) == id) ||
				!tc.holds && a.status != http.StatusUnauthorized {
				t.Errorf("%s: %d %+v", tc.reason, a.status, got)
			}
			left, err := r.manager.Clean(t.Context())
			if err != nil || (left == 0) != tc.holds || (r.sessions() == 1) != tc.holds {
				t.Errorf("%s: %d were cleaned up, %d left, %v", tc.reason, left, r.sessions(), err)
			}
		})
	}
}

// TestRunCleans: Run deletes what has lapsed, and ends with its context.
func TestRunCleans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deleted := &tap{done: make(chan struct{}, 1)}
	pool := w.db.Pool(deleted.into)
	r := w.replica(func(o *session.Options) { o.Portal = portal.NewDB(pool, time.Minute) })
	w.browser().login(r, "/")
	w.clock.advance(time.Hour)
	w.browser().login(r, "/")
	deleted.watch.Store(true)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		r.manager.Run(ctx)
		close(ended)
	}()
	<-deleted.done
	stop()
	<-ended
	if w.sessions() != 1 {
		t.Errorf("%d sessions are left, not the one that holds", w.sessions())
	}
}
