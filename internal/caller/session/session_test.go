package session_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
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

// letterLogin sees one case of Kari's only.
func letterLogin(t testing.TB) session.Login {
	return session.Login{Holder: session.Holder{Kind: session.KindCase, NationalID: person(t, kari), Issuer: "letter",
		ACR: "letter", Agency: "fjord", CaseID: "case-17"}}
}

func TestAuthenticateRefuses(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	b := r.browser()
	b.login(r, "/")
	good := "__Host-oversikt=" + b.id(r)
	unknown := "__Host-oversikt=" + strings.Repeat("A", 43)
	const named = session.ClientHeader
	cases := map[string]struct {
		reason string
		header []string
		status int
		code   string
		clears bool
	}{
		"good": {"as a frontend asks", []string{"Cookie", good, named, "web", "Sec-Fetch-Site", "same-origin"},
			200, "", false},
		"no browser":    {"a script that has the cookie", []string{"Cookie", good, named, "web"}, 200, "", false},
		"no cookie":     {"anonymous is no error", nil, 200, "", false},
		"other cookies": {"none of ours", []string{"Cookie", "a=b; oversikt=" + b.id(r)}, 200, "", false},
		"two cookies": {"one may have been planted", []string{"Cookie", good + "; " + unknown, named, "web"}, 400,
			"AMBIGUOUS_CREDENTIALS", false},
		"the same twice": {"not what a browser does", []string{"Cookie", good + "; " + good, named, "web"}, 400,
			"AMBIGUOUS_CREDENTIALS", false},
		"and a token": {"two answers to who it is", []string{"Cookie", good, named, "web", "Authorization",
			"Bearer x"}, 400, "AMBIGUOUS_CREDENTIALS", false},
		"cross-site": {"another page", []string{"Cookie", good, named, "web", "Sec-Fetch-Site", "cross-site"}, 403,
			"CROSS_ORIGIN", false},
		"same-site": {"a sibling is another page too", []string{"Cookie", good, named, "web", "Sec-Fetch-Site",
			"same-site"}, 403, "CROSS_ORIGIN", false},
		"other origin": {"an old browser", []string{"Cookie", good, named, "web", "Origin", "https://evil.example"},
			403, "CROSS_ORIGIN", false},
		"origin null": {"a frame in a sandbox", []string{"Cookie", good, named, "web", "Origin", "null"}, 403,
			"CROSS_ORIGIN", false},
		"no header":    {"a form could have sent it", []string{"Cookie", good}, 403, "CLIENT_HEADER_REQUIRED", false},
		"empty header": {"no name", []string{"Cookie", good, named, ""}, 403, "CLIENT_HEADER_REQUIRED", false},
		"two headers": {"which one?", []string{"Cookie", good, named, "a", named, "b"}, 403, "CLIENT_HEADER_REQUIRED",
			false},
		"long header": {"no name", []string{"Cookie", good, named, strings.Repeat("a", 65)}, 403,
			"CLIENT_HEADER_REQUIRED", false},
		"unknown id": {"never treated as anonymous", []string{"Cookie", unknown, named, "web"}, 401,
			"UNAUTHENTICATED", true},
		"garbage": {"not asked of the database", []string{"Cookie", "__Host-oversikt=' or 1=1", named, "web"}, 401,
			"UNAUTHENTICATED", true},
		"eight KB": {"not asked of the database", []string{"Cookie", "__Host-oversikt=" +
			strings.Repeat("a", 8<<10), named, "web"}, 401, "UNAUTHENTICATED", true},
		"empty": {"not a session", []string{"Cookie", "__Host-oversikt=", named, "web"}, 401, "UNAUTHENTICATED",
			true},
		"a key for its id": {"what the database has is no id", []string{"Cookie", "__Host-oversikt=" + keyInDatabase(t, r),
			named, "web"}, 401, "UNAUTHENTICATED", true},
		"another spelling": {"one session has one id", []string{"Cookie",
			good[:len(good)-1] + nextLetter(good[len(good)-1]), named, "web"}, 401, "UNAUTHENTICATED", true},
		"the state's sealed": {"another cookie", []string{"Cookie", "__Host-oversikt-login=" + b.id(r), named, "web"}, 200,
			"", false},
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
		"used often":    {"each use gives it half an hour more", []time.Duration{29, 29, 29}, false, true},
		"just not idle": {"half an hour is allowed", []time.Duration{29}, false, true},
		"idle":          {"half an hour is over", []time.Duration{30}, false, false},
		"idle later":    {"counted from the last use", []time.Duration{29, 30}, false, false},
		"two hours": {"it is never older, however much it is used", []time.Duration{29, 29, 29, 29, 4}, false,
			false},
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
			if (got.Code == "") != tc.holds || tc.holds != (b.id(r) == id) || !tc.holds && a.status != http.StatusUnauthorized {
				t.Errorf("%s: %d %+v", tc.reason, a.status, got)
			}
			left, err := r.manager.Clean(t.Context())
			if err != nil || (left == 0) != tc.holds || (r.sessions() == 1) != tc.holds {
				t.Errorf("%s: %d were cleaned up, %d left, %v", tc.reason, left, r.sessions(), err)
			}
		})
	}
}

// TestOneStatement: a request costs one question, and once a minute one act.
func TestOneStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tap := &tap{}
	pool := w.db.Pool(tap.into)
	r := w.replica(func(o *session.Options) { o.Portal.Pool = pool })
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

// TestReplicas: what one replica does holds on the other at once.
func TestReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.replica(), w.replica()
	b := w.browser() // sends its cookies to both: they differ in the port
	asked := b.begin(first, "/here")
	a := b.come(second, url.Values{"code": {w.bank.grant(asked, grant{})}, "state": {asked.Get("state")}})
	if a.status != http.StatusSeeOther || a.location() != "/here" {
		t.Fatalf("a login begun on one is finished on the other: %d %s", a.status, a.body)
	}
	id := b.id(first)
	if got, _ := b.who(first); got.Name != "Kari Nordmann" {
		t.Errorf("%+v", got)
	}
	if a := b.send(http.MethodPost, first.server.URL+"/auth/logout", session.ClientHeader,
		"test"); a.status != http.StatusOK {
		t.Errorf("logout: %d %s", a.status, a.body)
	}
	thief := w.browser()
	thief.plant(second, "__Host-oversikt", id)
	if got, a := thief.who(second); a.status != http.StatusUnauthorized || got.Code != "UNAUTHENTICATED" {
		t.Errorf("the cookie after logout: %d %+v", a.status, got)
	}
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

// TestStartInMutation: a resolver starts a session through the context. A session
// of one case is no person who sees everything.
func TestStartInMutation(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	b := r.browser()
	start := func(header ...string) (who, answer) {
		a := b.send(http.MethodPost, r.server.URL+"/who?do=start", header...)
		var w who
		if err := json.Unmarshal([]byte(a.body), &w); err != nil {
			t.Fatal(err)
		}
		return w, a
	}
	named := []string{session.ClientHeader, "web"}
	for reason, header := range map[string][]string{
		"CLIENT_HEADER_REQUIRED": nil,
		"AMBIGUOUS_CREDENTIALS":  {session.ClientHeader, "web", "Authorization", "Bearer x"},
		"CROSS_ORIGIN":           {session.ClientHeader, "web", "Sec-Fetch-Site", "cross-site"},
	} {
		if got, a := start(header...); got.Code != reason || a.cookie("__Host-oversikt") != nil || r.sessions() != 0 {
			t.Errorf("%s: %+v, %d sessions", reason, got, r.sessions())
		}
	}
	want := who{Kind: "CASE_LOGIN", Agency: "fjord", CaseID: "case-17"}
	if got, a := start(named...); got != want || a.cookie("__Host-oversikt") == nil {
		t.Errorf("%+v", got)
	}
	want.Sees = "[case-17] false"
	if got, _ := b.who(r); got != want {
		t.Errorf("the next request: %+v", got)
	}
	if _, v := b.id(r), b.get(r.server.URL+"/auth/session").body; !strings.Contains(v, `"kind":"CASE_LOGIN"`) {
		t.Errorf("%s", v)
	}
	first := b.id(r)
	if _, a := start(named...); a.status != http.StatusOK || b.id(r) == first || r.sessions() != 1 {
		t.Errorf("a second login: %d, %d sessions", a.status, r.sessions())
	}
	b.login(r, "/") // BankID after the letter
	if got, _ := b.who(r); got.Name != "Kari Nordmann" || got.CaseID != "" || got.Sees != "[case-17 case-18] true" ||
		r.sessions() != 1 {
		t.Errorf("%+v, %d sessions", got, r.sessions())
	}
}

// TestLetterSession: who holds a letter of somebody's does not end that person's sessions by
// logging in often, and logs out without being sent to the issuer.
func TestLetterSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica(func(o *session.Options) { o.Limits.PerPerson = 1 })
	kari := w.browser()
	kari.login(r, "/")
	holder := []*browser{w.browser(), w.browser()}
	for _, b := range holder {
		w.clock.advance(time.Second)
		b.send(http.MethodPost, r.server.URL+"/who?do=start", session.ClientHeader, "web")
	}
	if got, _ := kari.who(r); got.Name == "" || w.sessions() != 2 {
		t.Errorf("%+v, %d sessions", got, w.sessions())
	}
	if got, _ := holder[0].who(r); got.Code != "UNAUTHENTICATED" {
		t.Errorf("the older of two letter sessions: %+v", got)
	}
	a := holder[1].send(http.MethodPost, r.server.URL+"/auth/logout")
	if a.status != http.StatusSeeOther || a.location() != r.public+"/goodbye" || w.sessions() != 1 ||
		holder[1].id(r) != "" {
		t.Errorf("logout: %d to %q, %d sessions", a.status, a.location(), w.sessions())
	}
	if got, _ := kari.who(r); got.Name == "" {
		t.Errorf("%+v", got)
	}
}

func TestStartNeedsSomebody(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	good := letterLogin(t).Holder
	for reason, change := range map[string]func(*session.Holder){
		"nobody":           func(h *session.Holder) { h.NationalID = norway.NationalID{} },
		"no kind":          func(h *session.Holder) { h.Kind = "" },
		"no case":          func(h *session.Holder) { h.CaseID = "" },
		"no agency":        func(h *session.Holder) { h.Agency = "" },
		"a person's case":  func(h *session.Holder) { h.Kind = session.KindPerson },
		"an unknown kind":  func(h *session.Holder) { h.Kind = "STAFF" },
		"a case of nobody": func(h *session.Holder) { h.Kind, h.NationalID = session.KindCase, norway.NationalID{} },
	} {
		h := good
		change(&h)
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, r.public, nil)
		request.Header.Set(session.ClientHeader, "web")
		header := http.Header{}
		ctx, err := r.manager.Authenticate(t.Context(), header, request)
		if err != nil {
			t.Fatal(err)
		}
		q, _ := session.FromContext(ctx)
		if err := q.Start(ctx, session.Login{Holder: h}); err == nil || len(header) > 0 || r.sessions() != 0 {
			t.Errorf("%s: %v, %v", reason, err, header)
		}
		if text := fmt.Sprintf("%v %+v %#v", h, h, session.Login{Holder: h}); strings.Contains(text, kari) ||
			strings.Contains(text, "case-17") {
			t.Errorf("%s: it prints what it knows: %s", reason, text)
		}
	}
	if _, ok := session.FromContext(t.Context()); ok {
		t.Error("a session side without a request")
	}
}

// TestPortalDown: who comes with a session is told to come again; nobody else notices.
func TestPortalDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica()
	b, anonymous := w.browser(), w.browser()
	b.login(r, "/")
	asked := anonymous.begin(r, "/")
	connect := allowConnections(t, w)
	connect(false)

	if got, a := b.who(r); a.status != http.StatusServiceUnavailable || got.Code != "PORTAL_UNAVAILABLE" ||
		len(a.header["Set-Cookie"]) > 0 {
		t.Errorf("a session: %d %+v %v", a.status, got, a.header)
	}
	if got, a := anonymous.who(r, "Authorization", "Bearer x"); a.status != http.StatusOK || got.Code != "" {
		t.Errorf("a token: %d %+v", a.status, got)
	}
	for _, tc := range []struct{ method, path string }{{"GET", "/auth/session"}, {"POST", "/auth/logout"}} {
		a := b.send(tc.method, r.server.URL+tc.path)
		if a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, "PORTAL_UNAVAILABLE") ||
			a.header.Get("Retry-After") == "" || b.id(r) == "" {
			t.Errorf("%s: %d %s", tc.path, a.status, a.body)
		}
	}
	query := url.Values{"code": {w.bank.grant(asked, grant{})}, "state": {asked.Get("state")}}
	if a := anonymous.come(r, query); a.status != http.StatusServiceUnavailable || anonymous.id(r) != "" {
		t.Errorf("a login: %d", a.status)
	}
	if a := b.get(r.server.URL + "/auth/frontchannel-logout?sid=sid-1&iss=" +
		url.QueryEscape(w.bank.url)); a.status != http.StatusServiceUnavailable {
		t.Errorf("a logout by the issuer: %d", a.status)
	}
	if _, err := r.manager.Clean(t.Context()); err == nil {
		t.Error("cleaned up where nothing is")
	}

	connect(true)
	if got, _ := b.who(r); got.Name != "Kari Nordmann" {
		t.Errorf("afterwards: %+v", got)
	}
}

// allowConnections returns what closes the portal database to everybody, and opens it again.
func allowConnections(t *testing.T, w *world) func(bool) {
	t.Helper()
	elsewhere := w.db.Conn(func(c *pgx.ConnConfig) { c.Database = pgcluster.Maintenance })
	return func(allowed bool) {
		_, err := elsewhere.Exec(t.Context(), fmt.Sprintf("alter database %s allow_connections %v",
			pgx.Identifier{w.db.Name()}.Sanitize(), allowed))
		if err == nil {
			_, err = elsewhere.Exec(t.Context(),
				"select pg_catalog.pg_terminate_backend(pid, 10000) from pg_catalog.pg_stat_activity where datname = $1",
				w.db.Name())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestRunCleans: Run deletes what has lapsed, and ends with its context.
func TestRunCleans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deleted := &tap{done: make(chan struct{}, 1)}
	pool := w.db.Pool(deleted.into)
	r := w.replica(func(o *session.Options) { o.Portal.Pool = pool })
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

// TestRole: the service can do with the table what it must, and nothing else.
func TestRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var may []string
	err := w.admin.QueryRow(t.Context(), `select array_agg(privilege order by privilege)
from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) privilege
where pg_catalog.has_table_privilege($1, 'portal.session', privilege)`, portal.Role).Scan(&may)
	if err != nil || !slices.Equal(may, []string{"delete", "insert", "select"}) {
		t.Errorf("%v, %v", may, err)
	}
	var columns []string
	err = w.admin.QueryRow(t.Context(), `select array_agg(attname::text)
from pg_catalog.pg_attribute
where attrelid = 'portal.session'::regclass and attnum > 0 and pg_catalog.has_column_privilege($1, attrelid, attnum, 'update')`, portal.Role).Scan(&columns)
	if err != nil || !slices.Equal(columns, []string{"seen_at"}) {
		t.Errorf("%v, %v", columns, err)
	}
}
