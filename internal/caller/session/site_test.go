package session_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
	"github.com/oversikt/oversikt/internal/workshop/testlog"
)

func TestMain(m *testing.M) {
	leaktest.Main(m)
}

// world is a portal database and an issuer, for any number of replicas.
type world struct {
	t      testing.TB
	db     *pgtest.DB
	admin  *pgx.Conn
	clock  *clock
	bank   *bank
	secret *portal.Secret
	log    *testlog.Log
	public string // the address that browsers know; the first replica's
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t, pgtest.Template{}), clock: newClock(), log: &testlog.Log{}}
	if _, err := migrate.Up(t.Context(), w.db.DSN()); err != nil {
		t.Fatal(err)
	}
	w.admin, w.bank = w.db.Conn(), newBank(t, w.clock)
	var err error
	if w.secret, err = portal.NewSecret(bytes.Repeat([]byte{7}, portal.SecretSize)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		text := w.log.String()
		for _, pattern := range []string{`\d{11}`, "Nordmann", "eyJ", "the-access-token", secret, `[A-Za-z0-9_-]{43}`} {
			if found := regexp.MustCompile(pattern).FindString(text); found != "" {
				t.Errorf("the log has %q:\n%s", found, text)
			}
		}
	})
	return w
}

// replica is one running instance, with a page /who that answers as /graphql would.
type replica struct {
	*world
	manager *session.Manager
	pool    *pgxpool.Pool
	server  *httptest.Server
}

func (w *world) replica(changes ...func(*session.Options)) *replica {
	w.t.Helper()
	r := &replica{world: w, pool: w.db.Pool(func(c *pgxpool.Config) { c.ConnConfig.User = portal.Role })}
	mux := http.NewServeMux()
	r.server = httptest.NewTLSServer(mux)
	w.t.Cleanup(func() {
		r.server.Client().CloseIdleConnections()
		r.server.Close()
	})
	if w.public == "" {
		w.public = r.server.URL
	}
	o := session.Options{
		Portal: portal.NewDB(r.pool, time.Minute), Secret: w.secret, Limits: session.DefaultLimits,
		Login:   w.config(),
		Issuers: []token.Config{w.bank.accepts()},
		Client:  w.bank.client, Clock: w.clock.now, Logger: slog.New(slog.NewTextHandler(w.log,
			&slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, change := range changes {
		change(&o)
	}
	var err error
	if r.manager, err = session.New(o); err != nil {
		w.t.Fatal(err)
	}
	for pattern, handler := range r.manager.Handlers() {
		mux.Handle(pattern, handler)
	}
	mux.HandleFunc("/who", r.who)
	mux.HandleFunc("/held", r.held)
	return r
}

func (w *world) config() *session.Config {
	return &session.Config{
		Issuer: w.bank.url, ClientID: client, ClientSecret: secret, RedirectURL: w.public + "/auth/callback",
		AfterLogoutURL: w.public + "/goodbye", Scopes: []string{"openid", "profile", "nin"}, ACRValues: []string{level},
	}
}

type who struct {
	Name, Kind, Agency, CaseID, Code string
	Sees                             string // of two cases at one agency, and whether anything at another
}

// who tells the caller, and logs in first with the letter that the query names.
func (r *replica) who(w http.ResponseWriter, request *http.Request) {
	ctx, err := r.manager.Authenticate(request.Context(), w.Header(), request)
	if err == nil {
		q, _ := session.FromContext(ctx)
		if l, ok := letters(r.t)[request.URL.Query().Get("letter")]; ok {
			err = q.Start(ctx, l)
		}
	}
	answer := who{}
	if err != nil {
		f := fault.Of(err)
		answer.Code = string(f.Code)
		w.WriteHeader(max(f.Code.Status(), http.StatusBadRequest))
	} else {
		p, ok := caller.FromContext(ctx)
		q, _ := session.FromContext(ctx)
		s, _ := q.Session()
		answer = who{Name: p.Name, Kind: string(s.Kind), Agency: s.Agency, CaseID: s.CaseID}
		if ok {
			answer.Sees = fmt.Sprint(p.Scope().Cases("fjord", []string{"case-17", "case-18"}), p.Scope().Covers("lita"))
		}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// browser keeps cookies and follows no redirects.
type browser struct {
	t    testing.TB
	http *http.Client
	jar  *cookiejar.Jar
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	transport := httptest.NewTLSServer(nil) // only for a client that trusts its certificate, which all have
	transport.Close()
	c := transport.Client()
	c.Jar = jar
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	w.t.Cleanup(c.CloseIdleConnections)
	return &browser{w.t, c, jar}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) location() string { return a.header.Get("Location") }

// cookie returns the cookie that the answer sets, nil when it sets none of the name.
func (a answer) cookie(name string) *http.Cookie {
	for _, line := range a.header["Set-Cookie"] {
		if c, err := http.ParseSetCookie(line); err == nil && c.Name == name {
			return c
		}
	}
	return nil
}

// send sends a request with headers in pairs of name and value.
func (b *browser) send(method, to string, header ...string) answer {
	b.t.Helper()
	ctx := context.Background()
	if t, ok := b.t.(*testing.T); ok {
		ctx = t.Context()
	}
	r, err := http.NewRequestWithContext(ctx, method, to, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	response, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

func (b *browser) get(to string, header ...string) answer {
	b.t.Helper()
	return b.send(http.MethodGet, to, header...)
}

// who asks as a frontend does.
func (b *browser) who(r *replica, header ...string) (who, answer) {
	b.t.Helper()
	a := b.send(http.MethodPost, r.server.URL+"/who", append([]string{session.ClientHeader, "test", "Sec-Fetch-Site",
		"same-origin"}, header...)...)
	var w who
	if err := json.Unmarshal([]byte(a.body), &w); err != nil {
		b.t.Fatalf("%v in %q", err, a.body)
	}
	return w, a
}

// show logs in with a letter.
func (b *browser) show(r *replica, letter string, header ...string) (who, answer) {
	b.t.Helper()
	a := b.send(http.MethodPost, r.server.URL+"/who?letter="+letter, header...)
	var w who
	if err := json.Unmarshal([]byte(a.body), &w); err != nil {
		b.t.Fatalf("%v in %q", err, a.body)
	}
	return w, a
}

// begin starts a login and returns what the issuer is asked for.
func (b *browser) begin(r *replica, returnTo string) url.Values {
	b.t.Helper()
	a := b.get(r.server.URL + "/auth/login?" + url.Values{"returnTo": {returnTo}}.Encode())
	to, err := url.Parse(a.location())
	if err != nil || a.status != http.StatusSeeOther || !strings.HasPrefix(a.location(), r.bank.url+"/authorize?") {
		b.t.Fatalf("%d to %q, %v: %s", a.status, a.location(), err, a.body)
	}
	return to.Query()
}

// come comes back from the issuer.
func (b *browser) come(r *replica, query url.Values) answer {
	b.t.Helper()
	return b.get(r.server.URL+"/auth/callback?"+query.Encode(), "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode",
		"navigate")
}

// login logs Kari in, and returns the answer to the callback.
func (b *browser) login(r *replica, returnTo string) answer {
	b.t.Helper()
	asked := b.begin(r, returnTo)
	a := b.come(r, url.Values{"code": {r.bank.grant(asked, grant{})}, "state": {asked.Get("state")}})
	if a.status != http.StatusSeeOther {
		b.t.Fatalf("%d: %s", a.status, a.body)
	}
	return a
}

// id returns the session id that the browser has.
func (b *browser) id(r *replica) string {
	u, _ := url.Parse(r.server.URL)
	for _, c := range b.jar.Cookies(u) {
		if c.Name == "__Host-oversikt" {
			return c.Value
		}
	}
	return ""
}

func (b *browser) plant(r *replica, name, value string) {
	u, _ := url.Parse(r.server.URL)
	b.jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/", Secure: true}})
}

// sessions counts the rows.
func (w *world) sessions() (n int) {
	w.t.Helper()
	if err := w.admin.QueryRow(context.Background(), "select count(*) from portal.session").Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}
