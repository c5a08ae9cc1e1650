package session_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	b := r.browser()
	asked := b.begin(r, "/saker/1?vis=alt#brev")
	for name, want := range map[string]string{
		"client_id": client, "response_type": "code", "redirect_uri": r.public + "/auth/callback",
		"scope":                 "openid profile nin",
		"code_challenge_method": "S256", "acr_values": level,
	} {
		if asked.Get(name) != want {
			t.Errorf("%s is %q, not %q", name, asked.Get(name), want)
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(asked.Get(name)) < 22 {
			t.Errorf("%s %q can be guessed", name, asked.Get(name))
		}
	}
	a := b.come(r, url.Values{"code": {r.bank.grant(asked, grant{})}, "state": {asked.Get("state")}, "iss": {r.bank.url}})
	if a.status != http.StatusSeeOther || a.location() != "/saker/1?vis=alt#brev" {
		t.Errorf("%d to %q", a.status, a.location())
	}
	c := a.cookie("__Host-oversikt")
	want := &http.Cookie{Name: "__Host-oversikt", Path: "/", Secure: true, HttpOnly: true,
		SameSite: http.SameSiteStrictMode}
	if diff := cmp.Diff(want, c, cmpopts.IgnoreFields(http.Cookie{}, "Value", "Raw")); diff != "" || len(c.Value) != 43 {
		t.Errorf("cookie %q: %s", c, diff)
	}
	if spent := a.cookie("__Host-oversikt-login"); spent == nil || spent.MaxAge >= 0 {
		t.Errorf("the cookie of the login stays: %v", spent)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
		"X-Content-Type-Options": "nosniff"} {
		if a.header.Get(name) != want {
			t.Errorf("%s: %q", name, a.header.Get(name))
		}
	}
	if got, _ := b.who(r); got.Name != "Kari Nordmann" || got.Kind != "PERSON" {
		t.Errorf("logged in as %+v", got)
	}
	if strings.Contains(a.body, "eyJ") || strings.Contains(a.body, "token") {
		t.Errorf("a token reaches the browser: %s", a.body)
	}
}

// TestPrincipal: the session gives what a token of the same person gives.
func TestPrincipal(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	b := r.browser()
	b.login(r, "/")
	claims := r.bank.claims(kari, "Kari Nordmann")
	claims["aud"] = "oversikt"
	v, err := token.NewVerifier([]token.Config{r.bank.accepts()}, r.clock.now, r.bank.client)
	if err != nil {
		t.Fatal(err)
	}
	byToken, err := v.Verify(t.Context(), r.bank.sign(claims))
	if err != nil {
		t.Fatal(err)
	}
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, r.public+"/graphql", nil)
	request.AddCookie(&http.Cookie{Name: "__Host-oversikt", Value: b.id(r)})
	request.Header.Set(session.ClientHeader, "test")
	ctx, err := r.manager.Authenticate(t.Context(), http.Header{}, request)
	if err != nil {
		t.Fatal(err)
	}
	bySession, ok := caller.FromContext(ctx)
	if until := r.clock.now().Add(session.DefaultLimits.Absolute); !ok || !bySession.ExpiresAt.Equal(until) {
		t.Errorf("%v, lapses at %v, not %v", ok, bySession.ExpiresAt, until)
	}
	byToken.ExpiresAt = bySession.ExpiresAt
	if diff := cmp.Diff(byToken, bySession, cmp.Comparer(func(a, b norway.NationalID) bool { return a == b }),
		cmpopts.IgnoreUnexported(caller.Principal{})); diff != "" {
		t.Errorf("-token +session: %s", diff)
	}
	if bySession.Scope() != byToken.Scope() || bySession.NationalID.Reveal() != kari {
		t.Error("the scopes differ")
	}
}

// TestAtRest: who can read the database can neither use a session nor tell whose it is.
func TestAtRest(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	b := r.browser()
	b.login(r, "/")
	var row string
	err := r.admin.QueryRow(t.Context(), "select s::text || encode(holder, 'escape') from portal.session s").Scan(&row)
	if err != nil {
		t.Fatal(err)
	}
	for _, told := range []string{kari, "Kari", "subject-of", b.id(r), "eyJ", "the-access-token"} {
		if strings.Contains(row, told) {
			t.Errorf("the row has %q: %s", told, row)
		}
	}
	changed := r.replica(func(o *session.Options) { o.Secret = mustSecret(t, 8); o.Login = nil })
	if got, _ := b.who(changed); got.Code != "UNAUTHENTICATED" {
		t.Errorf("with another key of the service: %+v", got)
	}
}

func TestLoginRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica()
	other := newKey()
	type bend = func(query url.Values, asked url.Values)
	set := func(name string, values ...string) bend {
		return func(query, _ url.Values) { query[name] = values }
	}
	bad := func(changes map[string]any) grant { return grant{tokens: w.bank.changed(changes)} }
	with := func(tokens func(claims map[string]any) map[string]any) grant { return grant{tokens: tokens} }
	cases := map[string]struct {
		reason string
		grant  grant
		bend   bend
		log    string
		again  bool // the page offers to try again
	}{
		"no state":    {"made up by somebody else", grant{}, set("state"), "state is not that", false},
		"wrong state": {"made up by somebody else", grant{}, set("state", "guess"), "state is not that", false},
		"two states": {"which one?", grant{},
			func(q, asked url.Values) { q["state"] = []string{asked.Get("state"), "x"} }, "state is not that", false},
		"too late": {"ten minutes", grant{}, func(url.Values, url.Values) { w.clock.advance(10 * time.Minute) },
			"too long", false},
		"another issuer": {"mix-up (RFC 9207)", grant{}, set("iss", "https://evil.example"), "another issuer", true},
		"cancelled": {"the person changed their mind", grant{},
			func(q, _ url.Values) { delete(q, "code"); q.Set("error", "access_denied") }, "did not log in", true},
		"error": {"no details of it, here or in the log", grant{},
			func(q, _ url.Values) { q.Set("error", "<script>"+kari) }, "answers with an error", true},
		"no code":        {"nothing to exchange", grant{}, set("code"), "no code", true},
		"two codes":      {"which one?", grant{}, set("code", "a", "b"), "no code", true},
		"made-up code":   {"nobody consented", grant{}, set("code", "guess"), "does not exchange the code", true},
		"token endpoint": {"out of order", grant{status: 502}, nil, "LOGIN_UNAVAILABLE", true},
		"no ID token": {"OAuth alone says nothing of who it is",
			with(func(map[string]any) map[string]any { return w.bank.response("") }), nil, "no ID token", true},
		"wrong nonce":   {"an ID token of another login", bad(map[string]any{"nonce": "x"}), nil, "nonce", true},
		"no nonce":      {"of any login", bad(map[string]any{"nonce": nil}), nil, "nonce", true},
		"acr too low":   {"not BankID", bad(map[string]any{"acr": "urn:bankid:bid;LOA=2"}), nil, "assurance level", true},
		"no acr":        {"unknown how", bad(map[string]any{"acr": nil}), nil, "assurance level", true},
		"aud of others": {"for another client", bad(map[string]any{"aud": "somebody"}), nil, "another audience", true},
		"aud of the API": {"an access token is no ID token", bad(map[string]any{"aud": "oversikt"}), nil,
			"another audience", true},
		"aud too many": {"others could have been given it", bad(map[string]any{"aud": []string{client, "somebody"}}),
			nil, "for others too", true},
		"azp": {"given to another client", bad(map[string]any{"azp": "somebody"}), nil, "another client", true},
		"expired": {"beyond the leeway", bad(map[string]any{"exp": w.clock.now().Add(-time.Hour).Unix()}), nil,
			"expired", true},
		"no exp": {"for ever", bad(map[string]any{"exp": nil}), nil, "never expires", true},
		"iat in the future": {"a clock is wrong", bad(map[string]any{"iat": w.clock.now().Add(time.Hour).Unix()}), nil,
			"in the future", true},
		"no iat": {"required", bad(map[string]any{"iat": nil}), nil, "when it was issued", true},
		"iss": {"another issuer", bad(map[string]any{"iss": "https://evil.example"}), nil, "unknown issuer",
			true},
		"no number": {"nobody we could know", bad(map[string]any{"nin": nil}), nil, "no national identity number",
			false},
		"bad number": {"of nobody", bad(map[string]any{"nin": "00000000000"}), nil, "is not one", false},
		"another key": {"forged",
			with(func(c map[string]any) map[string]any { return w.bank.response(signWith(t, jose.ES256, other, c)) }), nil,
			"signature", true},
		"HS256 with secret": {"who can check could make", with(func(c map[string]any) map[string]any {
			return w.bank.response(signWith(t, jose.HS256, []byte(secret+secret), c))
		}), nil, "algorithm is never accepted", true},
		"not a token at all": {"garbage", with(func(map[string]any) map[string]any { return w.bank.response("garbage") }),
			nil, "not a signed JWT", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) { // one after the other: they share the clock and the log
			b := r.browser()
			asked := b.begin(r, "/tilbake")
			query := url.Values{"code": {w.bank.grant(asked, tc.grant)}, "state": {asked.Get("state")}}
			if tc.bend != nil {
				tc.bend(query, asked)
			}
			before := len(w.log.String())
			a := b.come(r, query)
			want := http.StatusBadRequest
			if tc.log == "LOGIN_UNAVAILABLE" {
				want = http.StatusServiceUnavailable
			}
			if a.status != want || a.cookie("__Host-oversikt") != nil || w.sessions() != 0 || a.location() != "" {
				t.Errorf("%s: %d to %q, %d sessions, cookies %v", tc.reason, a.status, a.location(), w.sessions(),
					a.header["Set-Cookie"])
			}
			if log := w.log.String()[before:]; !strings.Contains(log, tc.log) || strings.Count(log, "login refused") != 1 {
				t.Errorf("%s: log %s", tc.reason, log)
			}
			if strings.Contains(a.body, "/auth/login?returnTo=%2Ftilbake") != tc.again {
				t.Errorf("%s: trying again is offered: %v", tc.reason, !tc.again)
			}
			for _, told := range []string{"script", kari, "issuer", "token"} {
				if strings.Contains(a.body, told) {
					t.Errorf("%s: the page has %q: %s", tc.reason, told, a.body)
				}
			}
			told := strings.Contains(a.body, "D-nummer") && strings.Contains(a.body, "D number")
			if told != strings.HasSuffix(name, " number") {
				t.Errorf("%s: page %s", tc.reason, a.body)
			}
			if got, _ := b.who(r); got.Name != "" || got.Code != "" {
				t.Errorf("%s: afterwards %+v", tc.reason, got)
			}
		})
	}
}

// TestCallbackOfAnother: a login that somebody else began does not log this browser in.
func TestCallbackOfAnother(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	attacker, victim := r.browser(), r.browser()
	theirs := attacker.begin(r, "/")
	query := url.Values{"code": {r.bank.grant(theirs, grant{})}, "state": {theirs.Get("state")}}
	if a := victim.come(r, query); a.status != http.StatusBadRequest || victim.id(r) != "" {
		t.Errorf("without a login under way: %d", a.status)
	}
	mine := victim.begin(r, "/")
	if a := victim.come(r, query); a.status != http.StatusBadRequest || victim.id(r) != "" {
		t.Errorf("with another login under way: %d", a.status)
	}
	if r.bank.exchanges.Load() != 0 {
		t.Error("the code went to the issuer")
	}
	own := url.Values{"code": {r.bank.grant(mine, grant{})}, "state": {mine.Get("state")}}
	if a := victim.come(r, own); a.status != http.StatusSeeOther {
		t.Errorf("the victim's own login was spoilt: %d", a.status)
	}
	victim.begin(r, "/")
	victim.plant(r, "__Host-oversikt-login", "bm90IHNlYWxlZA")
	if a := victim.come(r, own); a.status != http.StatusBadRequest {
		t.Errorf("a cookie that this service did not seal: %d", a.status)
	}
}

// TestReplay: state and code work once, even if the browser brings the old cookie back.
func TestReplay(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	b := r.browser()
	begun := b.get(r.public + "/auth/login")
	to, err := url.Parse(begun.location())
	if err != nil {
		t.Fatal(err)
	}
	asked := to.Query()
	query := url.Values{"code": {r.bank.grant(asked, grant{})}, "state": {asked.Get("state")}}
	if a := b.come(r, query); a.status != http.StatusSeeOther || a.location() != "/" {
		t.Fatalf("%d to %q", a.status, a.location())
	}
	id := b.id(r)
	if a := b.come(r, query); a.status != http.StatusBadRequest || r.bank.exchanges.Load() != 1 {
		t.Errorf("the state: %d, %d exchanges", a.status, r.bank.exchanges.Load())
	}
	b.plant(r, "__Host-oversikt-login", begun.cookie("__Host-oversikt-login").Value)
	if a := b.come(r, query); a.status != http.StatusBadRequest || b.id(r) != id {
		t.Errorf("the code: %d", a.status)
	}
	thief := r.browser()
	thief.plant(r, "__Host-oversikt-login", begun.cookie("__Host-oversikt-login").Value)
	if a := thief.come(r, query); a.status != http.StatusBadRequest || thief.id(r) != "" || r.sessions() != 1 {
		t.Errorf("the code in another browser: %d", a.status)
	}
}

// TestFixation: no id that was there before the login is one after it.
func TestFixation(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	b := r.browser()
	planted := strings.Repeat("A", 43)
	b.plant(r, "__Host-oversikt", planted)
	b.login(r, "/")
	first := b.id(r)
	if first == planted {
		t.Error("the planted id is a session now")
	}
	for name, logIn := range map[string]func(){
		"the callback brings the cookie": func() { b.login(r, "/") },
		"it does not, being cross-site": func() {
			asked := b.begin(r, "/")
			b.plant(r, "__Host-oversikt", "")
			b.come(r, url.Values{"code": {r.bank.grant(asked, grant{})}, "state": {asked.Get("state")}})
		},
	} {
		old := b.id(r)
		logIn()
		if b.id(r) == old || r.sessions() != 1 {
			t.Errorf("%s: %d sessions, the same id: %v", name, r.sessions(), b.id(r) == old)
		}
		thief := r.browser()
		thief.plant(r, "__Host-oversikt", old)
		if got, _ := thief.who(r); got.Code != "UNAUTHENTICATED" {
			t.Errorf("%s: the session before: %+v", name, got)
		}
	}
}

func TestLoginAsksAtTheRightPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	allowed := true
	r := w.replica(func(o *session.Options) { o.Allow = func(*http.Request) bool { return allowed } })
	b := w.browser()
	login := r.server.URL + "/auth/login"
	if a := b.get(login + "?issuer=" + url.QueryEscape(w.bank.url)); a.status != http.StatusSeeOther {
		t.Errorf("its own issuer: %d", a.status)
	}
	if a := b.get(login + "?issuer=https://evil.example"); a.status != http.StatusBadRequest || a.location() != "" {
		t.Errorf("another issuer: %d to %q", a.status, a.location())
	}
	if a := b.get(login + "?returnTo=https://evil.example"); a.status != http.StatusBadRequest || a.location() != "" ||
		len(a.header["Set-Cookie"]) > 0 {
		t.Errorf("another host: %d to %q", a.status, a.location())
	}
	allowed = false
	for _, path := range []string{"/auth/login", "/auth/callback?state=x"} {
		if a := b.get(r.server.URL + path); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
			t.Errorf("too often: %s: %d", path, a.status)
		}
	}
}

// TestIssuerDown: the service starts and goes on without its issuer, and finds it later.
func TestIssuerDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bank.down.Store(true)
	r := w.replica()
	b := w.browser()
	if a := b.get(r.server.URL + "/auth/login"); a.status != http.StatusServiceUnavailable ||
		a.header.Get("Retry-After") == "" {
		t.Errorf("%d", a.status)
	}
	w.bank.down.Store(false)
	b.login(r, "/")
	w.bank.down.Store(true)
	if got, _ := b.who(r); got.Name == "" {
		t.Errorf("a session needs no issuer: %+v", got)
	}
	fresh := w.replica()
	a := b.send(http.MethodPost, fresh.server.URL+"/auth/logout")
	if a.location() != w.public+"/goodbye" || w.sessions() != 0 {
		t.Errorf("logout on a replica that does not know the issuer: %d to %q, %d sessions", a.status, a.location(),
			w.sessions())
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	good := session.Config{
		Issuer: "https://id.example", ClientID: "c", ClientSecret: "s", RedirectURL: "https://api.example/auth/callback",
		Scopes: []string{"openid"},
	}
	issuer := token.Config{Issuer: "https://id.example", Audience: "oversikt", NationalIDClaim: "nin",
		AcceptedACR: []string{level}}
	cases := map[string]struct {
		reason string
		change func(*session.Config)
		want   []string
	}{
		"good": {"nothing to say", func(*session.Config) {}, nil},
		"unknown issuer": {"nothing is known of its tokens", func(c *session.Config) { c.Issuer = "https://other.example" },
			[]string{"none of issuers"}},
		"no openid": {"there would be no ID token", func(c *session.Config) { c.Scopes = []string{"profile"} },
			[]string{"lacks openid"}},
		"open line": {"codes over http", func(c *session.Config) { c.RedirectURL = "http://api.example/auth/callback" },
			[]string{"redirectUrl: https"}},
		"another path": {"nobody would be there",
			func(c *session.Config) { c.RedirectURL = "https://api.example/callback" },
			[]string{"does not end in /auth/callback"}},
		"a query": {"compared to the letter", func(c *session.Config) { c.RedirectURL += "?a=b" },
			[]string{"does not end in /auth/callback"}},
		"two faults": {"both are named", func(c *session.Config) { c.AfterLogoutURL, c.Scopes = "ftp://x", nil },
			[]string{"afterLogoutUrl", "openid"}},
	}
	for name, tc := range cases {
		c := good
		tc.change(&c)
		_, err := session.New(session.Options{Login: &c, Issuers: []token.Config{issuer}, Limits: session.DefaultLimits})
		if (err != nil) != (tc.want != nil) {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
			continue
		}
		missing := slices.DeleteFunc(tc.want, func(want string) bool { return strings.Contains(err.Error(), want) })
		if len(missing) > 0 {
			t.Errorf("%s (%s): %v does not say %q", name, tc.reason, err, missing)
		}
	}
	m, err := session.New(session.Options{Limits: session.DefaultLimits})
	if err != nil || len(m.Handlers()) != 3 {
		t.Errorf("without login: %d pages, %v", len(m.Handlers()), err)
	}
}
