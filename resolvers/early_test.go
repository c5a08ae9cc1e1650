package resolvers_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// browse logs a person in as a browser of that name, whose session this replica has seen to
// hold: from then on queries begin before that is certain.
func (p *portal) browse(browser string, who norway.NationalID) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set(session.ClientHeader, "test")
	header := http.Header{}
	ctx, err := p.sessions.Authenticate(r.Context(), header, r)
	if err != nil {
		p.t.Fatal(err)
	}
	q, _ := session.FromContext(ctx)
	if err := q.Start(ctx, session.Login{Holder: session.Holder{Kind: session.KindPerson, NationalID: who,
		Name: "Kari Nordvik", Issuer: bankID, ACR: "high"}}); err != nil {
		p.t.Fatal(err)
	}
	cookie, err := http.ParseSetCookie(header.Get("Set-Cookie"))
	if err != nil {
		p.t.Fatal(err)
	}
	p.cookies.Store(browser, cookie.Name+"="+cookie.Value)
	p.getAs(browser, "{ viewer { name } }", nil)
}

// witness sees what is in the databases.
type witness struct {
	p     *portal
	conns map[string]*pgx.Conn // by agency; ours is portal
}

func (p *portal) witness() witness {
	w := witness{p, map[string]*pgx.Conn{"portal": p.ours.Conn()}}
	for code, db := range p.databases {
		w.conns[code] = db.Conn()
	}
	return w
}

// endSessions ends them behind the back of this replica, as another one does.
func (w witness) endSessions() {
	w.p.t.Helper()
	if _, err := w.conns["portal"].Exec(w.p.t.Context(), "delete from portal.session"); err != nil {
		w.p.t.Fatal(err)
	}
}

// looks returns how long the access log is.
func (w witness) looks() (n int) {
	w.p.t.Helper()
	err := w.p.log.Flush(w.p.t.Context())
	if err == nil {
		err = w.conns["portal"].QueryRow(w.p.t.Context(), "select count(*) from portal.access_log").Scan(&n)
	}
	if err != nil {
		w.p.t.Fatal(err)
	}
	return n
}

// contents returns a hash of each table of every database, but the access log.
func (w witness) contents() map[string]string {
	w.p.t.Helper()
	hashes := map[string]string{}
	for code, conn := range w.conns {
		var each string // table, and the hash of its rows
		err := conn.QueryRow(w.p.t.Context(),
			`select string_agg(format('select %L, md5(coalesce(string_agg(t::text, '','' order by t::text), '''')) from %s t', oid::regclass, oid::regclass), ' union all ')
			from pg_catalog.pg_class where relkind = 'r' and relnamespace::regnamespace::text !~ '^(pg_|information_schema)' and relname !~ '^access_log'`).Scan(&each)
		if err != nil {
			w.p.t.Fatal(err)
		}
		rows, err := conn.Query(w.p.t.Context(), each)
		if err != nil {
			w.p.t.Fatal(err)
		}
		var table, hash string
		if _, err := pgx.ForEachRow(rows, []any{&table, &hash}, func() error {
			hashes[code+" "+table] = hash
			return nil
		}); err != nil || len(hashes) < 5 {
			w.p.t.Fatalf("%d tables: %v", len(hashes), err)
		}
	}
	return hashes
}

// TestEndedSession: what a session asks for that has ended elsewhere is answered by nothing
// but that, has no effect anywhere, and stands in no log. While it holds, what may begin
// before that is certain reads everything that there is, and changes nothing.
func TestEndedSession(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	everyPasswordHolds(t, p)
	type operation struct {
		text string
		acts bool
		who  norway.NationalID
	}
	viewer := entry{query: "viewer", path: "viewer", paying: simulating(t, p)}
	operations := map[string]operation{
		"node": {fmt.Sprintf(`{ node(id: %q) { ... on Case { caseNumber } } nodes(ids: [%q]) { id } agencies { name } }`,
			s.caseID, s.powerID), false, s.id},
		"closed":   {`{ staff { role } }`, false, s.id},
		"throttle": {fmt.Sprintf(`{ viewer { name } caseStatus(agency: %q, caseNumber: %q) }`, s.code, s.caseNumber), true, s.id},
		"login": {fmt.Sprintf(`mutation { loginWithLetter(input: {agency: %q, caseNumber: %q, password: %q}) { caseId } }`,
			s.code, s.caseNumber, people.Password), true, s.id},
	}
	for _, a := range p.resolver.Acts.All() {
		if a.Who&act.AtDesk != 0 {
			continue // staff have no session
		}
		who, asked := p.suiting(a)
		operations[a.Name.Mutation()] = operation{"mutation { it: " + a.Name.Mutation() +
			p.argument(a, uuid.New(), asked.Good) + " { userErrors { code } } }", true, who}
	}
	for i, chunk := range slices.Collect(slices.Chunk(leaves(access.Debtor, schema.Types["Viewer"], []string{"Viewer"}),
		100)) {
		operations[fmt.Sprint("viewer ", i)] = operation{viewer.write(chunk), false, s.id}
	}
	w := p.witness()
	for _, name := range slices.Sorted(maps.Keys(operations)) {
		o := operations[name]
		p.browse("browser", o.who)
		w.endSessions()
		looks, before := w.looks(), w.contents()
		for _, reason := range []string{"begun", "not begun, since it is forgotten"} {
			cookie, _ := p.cookies.Load("browser")
			a := p.askAs("browser", o.text, nil)
			if a.Status != http.StatusUnauthorized || a.codes() != "[UNAUTHENTICATED]" || len(a.Data) > 0 ||
				len(a.Extensions.Usage) > 0 || !strings.Contains(a.Cookie, "Max-Age=0") {
				t.Errorf("%s, %s: %d %s %s", name, reason, a.Status, a.Cookie, a.Raw)
			}
			if diff := cmp.Diff(before, w.contents()); diff != "" || w.looks() != looks {
				t.Errorf("%s, %s: it has an effect, %d looks (-before +after):\n%s", name, reason, w.looks()-looks, diff)
			}
			p.cookies.Store("browser", cookie)
		}
		p.browse("browser", o.who)
		before = w.contents()
		if a := p.askAs("browser", o.text, nil); a.Status == http.StatusUnauthorized {
			t.Errorf("%s: a session that holds: %s", name, a.Raw)
		}
		if after := w.contents(); maps.Equal(before, after) == o.acts {
			t.Errorf("%s: while the session holds (-before +after): %s", name, cmp.Diff(before, after))
		}
	}
}

// TestSessionEndsMeanwhile: it is logged out while the query runs, and the database has not
// said yet whether it holds.
func TestSessionEndsMeanwhile(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.browse("browser", kari())
	w := p.witness()
	looks := w.looks()
	tx, err := w.conns["portal"].Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "lock table portal.session in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	var asking errgroup.Group
	var a answer
	answered := make(chan struct{})
	asking.Go(func() error {
		defer close(answered)
		a = p.askAs("browser", "{ viewer { name overview { openCaseCount } } }", nil)
		return nil
	})
	for waiting := 0; waiting == 0 && !closed(answered); {
		err := tx.QueryRow(t.Context(),
			"select count(*) from pg_catalog.pg_locks where relation = 'portal.session'::regclass and not granted").Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tx.Exec(t.Context(), "delete from portal.session"); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	_ = asking.Wait()
	// On a machine that has stood still for two seconds nobody could be asked.
	if a.codes() != "[UNAUTHENTICATED]" && a.codes() != "[PORTAL_UNAVAILABLE]" || len(a.Data) > 0 {
		t.Errorf("%d %s", a.Status, a.Raw)
	}
	if n := w.looks(); n != looks {
		t.Errorf("%d looks are on record that were none", n-looks)
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// TestPortalDownMeanwhile: what cannot be checked is not answered.
func TestPortalDownMeanwhile(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.browse("browser", kari())
	p.cut()
	for range 2 {
		if a := p.askAs("browser", "{ viewer { name overview { openCaseCount } } }",
			nil); a.Status != http.StatusServiceUnavailable || a.codes() != "[PORTAL_UNAVAILABLE]" ||
			len(a.Data) > 0 || a.Cookie != "" {
			t.Errorf("%d %s %s", a.Status, a.Cookie, a.Raw)
		}
	}
	if got := p.get(kari(), "{ viewer { overview { complete } } }", nil); at(got, "viewer", "overview",
		"complete") != true {
		t.Errorf("who needs no session: %v", got)
	}
}
