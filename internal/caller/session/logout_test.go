package session_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/fault"
)

func TestLogout(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason  string
		header  []string
		status  int
		ends    bool
		nowhere bool // no session to begin with
	}{
		"script": {"JSON tells where to go", []string{session.ClientHeader, "web", "Sec-Fetch-Site",
			"same-origin"}, 200, true, false},
		"form":                {"the browser is sent there", []string{"Sec-Fetch-Site", "same-origin"}, 303, true, false},
		"form, not logged in": {"done already", nil, 303, false, true},
		"cross-site":          {"another page logs nobody out", []string{"Sec-Fetch-Site", "cross-site"}, 403, false, false},
		"other origin": {"an old browser", []string{"Origin", "https://evil.example", session.ClientHeader, "web"},
			403, false, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newWorld(t).replica()
			b := r.browser()
			if !tc.nowhere {
				b.login(r, "/")
			}
			a := b.send(http.MethodPost, r.server.URL+"/auth/logout", tc.header...)
			to := a.location()
			if tc.status == http.StatusOK {
				var told struct{ Location string }
				if err := json.Unmarshal([]byte(a.body), &told); err != nil {
					t.Fatal(err)
				}
				to = told.Location
			}
			if a.status != tc.status || (r.sessions() == 0) != (tc.ends || tc.nowhere) {
				t.Errorf("%s: %d, %d sessions", tc.reason, a.status, r.sessions())
			}
			if c := a.cookie("__Host-oversikt"); (c != nil && c.MaxAge < 0) != (tc.status < 400) {
				t.Errorf("%s: cookie %v", tc.reason, c)
			}
			u, err := url.Parse(to)
			if err != nil {
				t.Fatal(err)
			}
			switch query := u.Query(); {
			case tc.ends && (!strings.HasPrefix(to, r.bank.url+"/end?") || query.Get("client_id") != client ||
				query.Get("post_logout_redirect_uri") != r.public+"/goodbye" || len(query) != 2):
				t.Errorf("%s: to %q, which must name nobody", tc.reason, to)
			case tc.nowhere && to != r.public+"/goodbye":
				t.Errorf("%s: to %q", tc.reason, to)
			}
		})
	}
}

// TestOnRecord: who logs in and out is told of it, with who they are; a login that cannot be
// recorded leaves no session behind, and nobody is kept logged in.
func TestOnRecord(t *testing.T) {
	t.Parallel()
	var told []string
	broken := false
	r := newWorld(t).replica(func(o *session.Options) {
		o.Record = func(_ context.Context, p caller.Principal, action session.Action) error {
			if p.NationalID != person(t, kari) {
				t.Errorf("%s of %v", action, p)
			}
			if broken {
				return fault.New(fault.AccessNotRecorded, "the log is full")
			}
			told = append(told, fmt.Sprintf("%s %s %s", action, p.Kind, p.Case.ID))
			return nil
		}
	})
	b := r.browser()
	b.login(r, "/")
	if w, a := b.who(r, "do", ""); w.Kind != "PERSON" {
		t.Fatalf("%+v", a)
	}
	b.show(r, "kari", session.ClientHeader, "test")
	b.send(http.MethodPost, r.server.URL+"/auth/logout", session.ClientHeader, "test")
	b.send(http.MethodPost, r.server.URL+"/auth/logout", session.ClientHeader, "test") // of nobody
	want := []string{"login PERSON ", "loginWithLetter CASE_LOGIN case-17", "logout CASE_LOGIN case-17"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}

	b.login(r, "/")
	broken = true
	a := b.send(http.MethodPost, r.server.URL+"/auth/logout", session.ClientHeader, "test")
	if a.status != http.StatusOK || r.sessions() != 0 {
		t.Errorf("logged out all the same: %d %s, %d sessions", a.status, a.body, r.sessions())
	}

	broken = false
	b.login(r, "/")
	r.clock.advance(29 * time.Minute)
	if n, err := r.manager.Clean(t.Context()); n != 0 || err != nil {
		t.Errorf("%d have lapsed too early, %v", n, err)
	}
	r.clock.advance(time.Minute)
	for _, want := range []int{1, 0} {
		if n, err := r.manager.Clean(t.Context()); n != want || err != nil {
			t.Errorf("%d have lapsed, not %d: %v", n, want, err)
		}
	}
	later := []string{"login PERSON ", "login PERSON ", "sessionLapsed PERSON "}
	if diff := cmp.Diff(later, told[len(want):]); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}

	broken = true
	asked := b.begin(r, "/")
	a = b.come(r, url.Values{"code": {r.bank.grant(asked, grant{})}, "state": {asked.Get("state")}})
	if a.status != http.StatusServiceUnavailable || a.cookie("__Host-oversikt") != nil || r.sessions() != 0 {
		t.Errorf("a login that is not recorded: %d, %d sessions, %v", a.status, r.sessions(), a.header)
	}
}

func TestFrontChannelLogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica()
	first, second, other := w.browser(), w.browser(), w.browser()
	first.login(r, "/")
	second.login(r, "/")
	asked := other.begin(r, "/")
	code := w.bank.grant(asked, grant{tokens: w.bank.changed(map[string]any{"sid": "sid-2"})})
	other.come(r, url.Values{"code": {code}, "state": {asked.Get("state")}})
	elsewhere := w.browser()
	w.clock.advance(time.Second)
	elsewhere.login(r, "/")
	tag, err := w.admin.Exec(t.Context(), `update portal.session set issuer = 'https://other.example'
where key = (select key from portal.session where sid = 'sid-1' order by created_at desc limit 1)`)
	if err != nil || tag.RowsAffected() != 1 {
		t.Fatal(tag, err)
	}
	frame := w.browser()
	for _, tc := range []struct {
		reason, query string
		status, left  int
	}{
		{"no session is named", "iss=" + url.QueryEscape(w.bank.url), 400, 4},
		{"another issuer's", "iss=https://evil.example&sid=sid-1", 400, 4},
		{"no issuer", "sid=sid-1", 400, 4},
		{"what no database takes", "sid=%00&iss=" + url.QueryEscape(w.bank.url), 400, 4},
		{"nor this", "sid=%ff&iss=" + url.QueryEscape(w.bank.url), 400, 4},
		{"unknown", "sid=sid-9&iss=" + url.QueryEscape(w.bank.url), 200, 4},
		{"both browsers of the issuer's session", "sid=sid-1&iss=" + url.QueryEscape(w.bank.url), 200, 2},
		{"again", "sid=sid-1&iss=" + url.QueryEscape(w.bank.url), 200, 2},
	} {
		a := frame.get(r.server.URL+"/auth/frontchannel-logout?"+tc.query, "Sec-Fetch-Dest", "iframe", "Sec-Fetch-Site",
			"cross-site")
		if a.status != tc.status || w.sessions() != tc.left || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %d sessions left", tc.reason, a.status, w.sessions())
		}
	}
	if got, _ := second.who(r); got.Code != "UNAUTHENTICATED" {
		t.Errorf("%+v", got)
	}
	if got, _ := other.who(r); got.Name == "" {
		t.Errorf("another session of the same person: %+v", got)
	}
}
