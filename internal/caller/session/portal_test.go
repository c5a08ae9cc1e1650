package session_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
)

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
	a = b.send(http.MethodPost, first.server.URL+"/auth/logout", session.ClientHeader, "test")
	if a.status != http.StatusOK {
		t.Errorf("logout: %d %s", a.status, a.body)
	}
	thief := w.browser()
	thief.plant(second, "__Host-oversikt", id)
	if got, a := thief.who(second); a.status != http.StatusUnauthorized || got.Code != "UNAUTHENTICATED" {
		t.Errorf("the cookie after logout: %d %+v", a.status, got)
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
	a := b.get(r.server.URL + "/auth/frontchannel-logout?sid=sid-1&iss=" + url.QueryEscape(w.bank.url))
	if a.status != http.StatusServiceUnavailable {
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
where attrelid = 'portal.session'::regclass and attnum > 0
  and pg_catalog.has_column_privilege($1, attrelid, attnum, 'update')`, portal.Role).Scan(&columns)
	if err != nil || !slices.Equal(columns, []string{"seen_at"}) {
		t.Errorf("%v, %v", columns, err)
	}
}
