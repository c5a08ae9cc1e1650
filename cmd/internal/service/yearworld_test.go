package service

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
	"github.com/oversikt/oversikt/internal/workshop/testlog"
)

const (
	ada      = "17912099997"
	plan     = "100500"       // her case at Fjord
	protest  = "25-0000500-0" // and at Tradisjon
	firstDay = "2025-02-03"
)

// calendar is the service and two agencies, on a day that only a test moves.
type calendar struct {
	t      *testing.T
	now    atomic.Pointer[time.Time]
	books  map[string]*pgxpool.Pool // of the owners of all databases, by name
	issuer issuer.Options
	staff  issuer.StaffOptions
	log    *testlog.Log
	url    string
	cases  map[string]string // ids by number
}

func newCalendar(t *testing.T) *calendar {
	t.Helper()
	c := &calendar{t: t, books: map[string]*pgxpool.Pool{}, issuer: endtoend.Issuer(t), log: &testlog.Log{},
		cases: map[string]string{}}
	c.staff = endtoend.StaffIssuer(t, people.Fjord, people.Tradisjon)
	own := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), own.DSN()); err != nil {
		t.Fatal(err)
	}
	c.books["portal"] = own.Pool()
	agencies := []agency.Config{
		c.agency(people.Fjord, people.LoadReference, func(ctx context.Context, conn *pgx.Conn) error {
			return reference.Install(ctx, conn, reference.Options{})
		}),
		c.agency(people.Tradisjon, people.LoadLegacy, legacy.Install),
	}
	c.on(firstDay)
	log := slog.New(slog.NewTextHandler(c.log, nil))
	s, err := newAt(func() time.Time { return *c.now.Load() }, Config{
		Portal: own.RoleDSN(portal.Role), PortalKey: Keys{strings.Repeat("07", portal.SecretSize)},
		IDKey: Keys{strings.Repeat("0f", 64)}, AccessLog: t.TempDir(),
		Issuers:  []token.Config{c.issuer.Accept(), c.staff.Accept()},
		Sessions: session.DefaultLimits, Agencies: agencies, PortalDeadline: 20 * time.Second,
		Scan: &ScanConfig{Nobody: true}, Files: FilesConfig{Store: "file://" + t.TempDir()},
	}, server.Options{Logger: log}, log)
	if err != nil {
		t.Fatal(err)
	}
	served := httptest.NewServer(s.server)
	t.Cleanup(func() { served.Close(); s.Close() })
	c.url = served.URL
	return c
}

// agency is one whose books are empty, but for its own rules and one stranger.
func (c *calendar) agency(code string, load func(context.Context, *pgx.Conn, *people.Generator, string, int,
	func(float64)) error, install func(context.Context, *pgx.Conn) error) agency.Config {
	c.t.Helper()
	db := pgtest.New(c.t, pgtest.Template{})
	conn := db.Conn()
	if err := install(c.t.Context(), conn); err != nil {
		c.t.Fatal(err)
	}
	if err := load(c.t.Context(), conn, people.New(1, norway.MustDate(firstDay)), code, 1, nil); err != nil {
		c.t.Fatal(err)
	}
	c.books[code] = db.Pool()
	return agency.Config{Code: code, Name: code, DSN: db.RoleDSN(spec.DefaultRole), MaxConns: 4,
		Deadline: 20 * time.Second}
}

// on makes it noon of a day, for the service and for every database: what PostgreSQL says of the
// time is set back, so that the cores are what they are everywhere else.
func (c *calendar) on(day string) {
	c.t.Helper()
	date, err := time.ParseInLocation("2006-01-02 15", day+" 12", norway.Oslo)
	if err != nil {
		c.t.Fatal(err)
	}
	c.now.Store(&date)
	since := int64(time.Until(date).Seconds())
	for _, db := range c.books {
		if _, err := db.Exec(c.t.Context(), `create or replace function pg_catalog.now() returns timestamptz
			language sql stable as 'select pg_catalog.transaction_timestamp() + interval ''`+
			strconv.FormatInt(since, 10)+` seconds'''`); err != nil {
			c.t.Fatal(err)
		}
	}
}

// book writes in an agency's books, as its own system does.
func (c *calendar) book(code, sql string, args ...any) {
	c.t.Helper()
	if _, err := c.books[code].Exec(c.t.Context(), sql, args...); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
}

// told is what an answer's data says, by path.
type told map[string]any

// at returns what stands at a path such as "case.agreement.status", or "-".
func (d told) at(path string) string {
	var v any = map[string]any(d)
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			if i, err := strconv.Atoi(step); err == nil && i < len(x) {
				v = x[i]
			} else {
				v = nil
			}
		default:
			v = nil
		}
	}
	if v == nil {
		return "-"
	}
	return fmt.Sprint(v)
}

func (c *calendar) post(bearer, query string, variables map[string]any) told {
	c.t.Helper()
	header := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/graphql-response+json"},
		"Authorization": {"Bearer " + bearer}}
	got := endtoend.Visit(c.t, http.MethodPost, c.url+"/graphql", header,
		endtoend.JSON(c.t, map[string]any{"query": query, "variables": variables}))
	var answer struct {
		Data   told
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal([]byte(got.Body), &answer); err != nil || len(answer.Errors) > 0 {
		c.t.Fatalf("%v: %s\n%s", err, got.Body, c.log)
	}
	return answer.Data
}

// ask asks as Ada.
func (c *calendar) ask(query string, variables map[string]any) told {
	c.t.Helper()
	bearer, err := issuer.Mint(c.issuer, issuer.Person{NationalID: ada, Name: "Ada Strand"}, 0, *c.now.Load())
	if err != nil {
		c.t.Fatal(err)
	}
	return c.post(bearer, query, variables)
}

// download opens a link as Ada.
func (c *calendar) download(link string) string {
	c.t.Helper()
	bearer, err := issuer.Mint(c.issuer, issuer.Person{NationalID: ada, Name: "Ada Strand"}, 0, *c.now.Load())
	if err != nil {
		c.t.Fatal(err)
	}
	got := endtoend.Visit(c.t, http.MethodPost, c.url+"/document", http.Header{"Content-Type": {"application/json"},
		"Authorization": {"Bearer " + bearer}}, endtoend.JSON(c.t, map[string]any{"link": link}))
	if got.Status != http.StatusOK {
		c.t.Fatalf("%d: %s", got.Status, got.Body)
	}
	return got.Body
}

// desk asks as a case worker of an agency.
func (c *calendar) desk(code, query string, variables map[string]any) told {
	c.t.Helper()
	bearer, err := issuer.MintStaff(c.staff, caller.CaseWorker, code, *c.now.Load())
	if err != nil {
		c.t.Fatal(err)
	}
	return c.post(bearer, query, variables)
}

// act sends a mutation and wants it done.
func (c *calendar) act(by func(string, map[string]any) told, name string, input map[string]any) {
	c.t.Helper()
	input["idempotencyKey"] = newKey()
	got := by(`mutation($input: `+strings.ToUpper(name[:1])+name[1:]+`Input!) {
		it: `+name+`(input: $input) { act { status } userErrors { code field message } } }`, map[string]any{"input": input})
	if got.at("it.act.status") != "DONE" {
		c.t.Fatalf("%s: %v\n%s", name, got, c.log)
	}
}

// decide answers the oldest thing of a kind that waits.
func (c *calendar) decide(code, kind, name string, input map[string]any) {
	c.t.Helper()
	queue := c.desk(code, `query($kind: QueueKind) { staff { queue(kind: $kind, first: 1) { nodes { id } } } }`,
		map[string]any{"kind": kind})
	input["itemId"] = queue.at("staff.queue.nodes.0.id")
	c.act(func(query string, variables map[string]any) told { return c.desk(code, query, variables) }, name, input)
}

// shows fails unless a case says what is wanted at each path.
func (c *calendar) shows(number string, want map[string]string) {
	c.t.Helper()
	got := told{"case": nil}
	shown := c.ask(`{ viewer { cases(first: 9) { nodes { id caseNumber status phase dueOn
		balance { total { amount } principal { amount } interest { amount } fees { amount } }
		nextCost { on amount { amount } kind }
		agreement { id status warnedOn breachOn endedOn nextInstalment { number dueOn amount { amount } } }
		objections { status creditorStandpoint reply decidedOn }
		complaints { status answerBy answeredOn reply } receipts { status decidedOn reply }
		closingProof { closedOn paid { amount } paidInFull } } } } }`, nil)
	nodes, _ := shown["viewer"].(map[string]any)["cases"].(map[string]any)["nodes"].([]any)
	for _, node := range nodes {
		x, _ := node.(map[string]any)
		c.cases[fmt.Sprint(x["caseNumber"])] = fmt.Sprint(x["id"])
		if x["caseNumber"] == number {
			got = x
		}
	}
	said := map[string]string{}
	for path := range want {
		said[path] = got.at(path)
	}
	if diff := cmp.Diff(want, said); diff != "" {
		c.t.Fatalf("%s, %s (-want +got)\n%s", number, norway.DateOf(*c.now.Load()), diff)
	}
}
