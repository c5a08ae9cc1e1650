package session_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/portal"
)

func TestAuthenticateRefuses(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	b := r.browser()
	b.login(r, "/")
	good := "__Host-oversikt=" + b.id(r)
	unknown := "__Host-oversikt=" + strings.Repeat("A", 43)
	const named = session.ClientHeader
	with := func(cookie string, more ...string) []string {
		return append([]string{"Cookie", cookie, named, "web"}, more...)
	}
	id := func(value string) []string { return with("__Host-oversikt=" + value) }
	another := good[:len(good)-1] + nextLetter(good[len(good)-1])
	cases := map[string]struct {
		reason string
		header []string
		status int
		code   string
		clears bool
	}{
		"good":          {"as a frontend asks", with(good, "Sec-Fetch-Site", "same-origin"), 200, "", false},
		"no browser":    {"a script that has the cookie", with(good), 200, "", false},
		"no cookie":     {"anonymous is no error", nil, 200, "", false},
		"other cookies": {"none of ours", []string{"Cookie", "a=b; oversikt=" + b.id(r)}, 200, "", false},
		"state cookie":  {"another cookie", with("__Host-oversikt-login=" + b.id(r)), 200, "", false},

		"two cookies":    {"one may be planted", with(good + "; " + unknown), 400, "AMBIGUOUS_CREDENTIALS", false},
		"the same twice": {"no browser does that", with(good + "; " + good), 400, "AMBIGUOUS_CREDENTIALS", false},
		"and a token":    {"who is it?", with(good, "Authorization", "Bearer x"), 400, "AMBIGUOUS_CREDENTIALS", false},

		"cross-site":   {"another page", with(good, "Sec-Fetch-Site", "cross-site"), 403, "CROSS_ORIGIN", false},
		"same-site":    {"a sibling is another page too", with(good, "Sec-Fetch-Site", "same-site"), 403, "CROSS_ORIGIN", false},
		"other origin": {"an old browser", with(good, "Origin", "https://evil.example"), 403, "CROSS_ORIGIN", false},
		"origin null":  {"a frame in a sandbox", with(good, "Origin", "null"), 403, "CROSS_ORIGIN", false},

		"no header":    {"a form could have sent it", []string{"Cookie", good}, 403, "CLIENT_HEADER_REQUIRED", false},
		"empty header": {"no name", []string{"Cookie", good, named, ""}, 403, "CLIENT_HEADER_REQUIRED", false},
		"two headers":  {"which one?", with(good, named, "b"), 403, "CLIENT_HEADER_REQUIRED", false},
		"long header": {"no name", []string{"Cookie", good, named, strings.Repeat("a", 65)}, 403,
			"CLIENT_HEADER_REQUIRED", false},

		"unknown id":       {"never taken for anonymous", with(unknown), 401, "UNAUTHENTICATED", true},
		"garbage":          {"not asked of the database", id("' or 1=1"), 401, "UNAUTHENTICATED", true},
		"eight KB":         {"nor is this", id(strings.Repeat("a", 8<<10)), 401, "UNAUTHENTICATED", true},
		"empty":            {"not a session", id(""), 401, "UNAUTHENTICATED", true},
		"key for its id":   {"the database has no ids", id(keyInDatabase(t, r)), 401, "UNAUTHENTICATED", true},
		"another spelling": {"one session has one id", with(another), 401, "UNAUTHENTICATED", true},
	}
	for name, tc := range cases {
		a := r.browser().send(http.MethodPost, r.server.URL+"/who", tc.header...)
		var got who
		if err := json.Unmarshal([]byte(a.body), &got); err != nil {
			t.Fatal(err)
		}
		known := slices.Contains(tc.header, good) && tc.status == http.StatusOK
		if a.status != tc.status || got.Code != tc.code || (got.Name != "") != known {
			t.Errorf("%s (%s): %d %+v", name, tc.reason, a.status, got)
		}
		c := a.cookie("__Host-oversikt")
		if cleared := c != nil && c.MaxAge < 0 && c.Path == "/" && c.Secure; cleared != tc.clears || c != nil && !cleared {
			t.Errorf("%s (%s): cookie %v", name, tc.reason, c)
		}
	}
}

// nextLetter differs in bits that base64 of 32 bytes leaves unused.
func nextLetter(c byte) string { return string(c + 1) }

func keyInDatabase(t *testing.T, r *replica) (key string) {
	t.Helper()
	err := r.admin.QueryRow(t.Context(),
		`select rtrim(translate(encode(key, 'base64'), '+/', '-_'), '=') from portal.session`).Scan(&key)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// TestOneStatement: a request costs one question, and once a minute one act.
func TestOneStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tap := &tap{}
	pool := w.db.Pool(tap.into)
	r := w.replica(func(o *session.Options) { o.Portal = portal.NewDB(pool, time.Minute) })
	b := r.browser()
	b.login(r, "/")
	for i, step := range []struct {
		advance time.Duration
		want    int
	}{{0, 1}, {30 * time.Second, 1}, {30 * time.Second, 2}, {0, 1}, {time.Second, 1}, {time.Hour / 3, 2}} {
		w.clock.advance(step.advance)
		tap.statements.Store(0)
		if got, _ := b.who(r); got.Name == "" || int(tap.statements.Load()) != step.want {
			t.Errorf("step %d: %d statements, not %d: %+v", i, tap.statements.Load(), step.want, got)
		}
	}
}
