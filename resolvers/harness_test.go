package resolvers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/contract"
	"github.com/oversikt/oversikt/internal/demo/legacy"
	"github.com/oversikt/oversikt/internal/demo/people"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/norway"
	"github.com/oversikt/oversikt/internal/pgcluster/pgtest"
	portaldb "github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/resolvers"
)

var today = norway.MustDate("2026-03-02")

// population is large enough to have everything in it.
const population = 200

// sources is what the databases are made from: other sources make other templates.
var sources = pgtest.Hash(os.DirFS("../internal/contract/install"), legacy.Files, os.DirFS("../internal/demo/people"), os.DirFS("../internal/portal/migrations"))

func reference(code string) pgtest.Template {
	return pgtest.Template{Name: "resolvers_" + code, Hash: sources, Fill: func(ctx context.Context, conn *pgx.Conn) error {
		if err := contract.Install(ctx, conn, contract.InitOptions{}); err != nil {
			return err
		}
		return people.LoadReference(ctx, conn, people.New(1, today), code, population, nil)
	}}
}

var traditional = pgtest.Template{Name: "resolvers_tradisjon", Hash: sources, Fill: func(ctx context.Context, conn *pgx.Conn) error {
	if err := legacy.Install(ctx, conn); err != nil {
		return err
	}
	return people.LoadLegacy(ctx, conn, people.New(1, today), people.Tradisjon, population, nil)
}}

// portal is the whole service over three agencies, but for the login: a header says who calls.
type portal struct {
	t         testing.TB
	url       string
	databases map[string]*pgtest.DB
	own       *pgtest.DB // the portal database
	desk      *privacy.Desk
}

func newPortal(t testing.TB) *portal {
	t.Helper()
	templates := map[string]pgtest.Template{
		people.Fjord: reference(people.Fjord), people.Tradisjon: traditional, people.Lita: reference(people.Lita),
	}
	databases := map[string]*pgtest.DB{}
	for _, a := range people.Agencies() {
		databases[a.Code] = pgtest.New(t, templates[a.Code])
	}
	return serve(t, databases)
}

// serve serves agencies; one without a database is down.
func serve(t testing.TB, databases map[string]*pgtest.DB) *portal {
	t.Helper()
	p := &portal{t: t, databases: databases, own: pgtest.New(t, migrated)}
	return p.serve()
}

// serve starts the service; without a portal database of its own, that is down.
func (p *portal) serve() *portal {
	t, databases := p.t, p.databases
	t.Helper()
	var configs []agency.Config
	for _, a := range people.Agencies() {
		dsn := "host=/nowhere"
		if db := databases[a.Code]; db != nil {
			dsn = db.RoleDSN(contract.DefaultRole)
		}
		configs = append(configs, agency.Config{Code: a.Code, Name: a.Name, DSN: dsn, Deadline: 20 * time.Second, MaxConns: 4})
	}
	noon := func() time.Time { return today.Time().Add(12 * time.Hour) }
	agencies, err := agency.Open(configs, noon, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(agencies.Close)
	ids, err := model.NewIDs(bytes.Repeat([]byte{7}, model.IDKeySize))
	if err != nil {
		t.Fatal(err)
	}
	r := &resolvers.Resolver{Agencies: agencies, IDs: ids, Limit: resolvers.NewPerClient(5), Solving: resolvers.NewSolving(runtime.GOMAXPROCS(0))}
	r.Privacy = p.privacy(agencies, noon)
	type tallyKey struct{}
	s, err := server.New(r.Schema(), server.Options{
		Introspection: true,
		Logger:        slog.New(slog.DiscardHandler),
		Authenticate: func(r *http.Request) (context.Context, error) {
			ctx := resolvers.WithClient(r.Context(), r.Header.Get("X-Address"))
			id, err := norway.ParseNationalID(r.Header.Get("X-Caller"))
			if err != nil {
				return ctx, nil
			}
			return identity.NewContext(ctx, identity.Principal{NationalID: id, Name: "Kari Nordvik"}), nil
		},
		Around: func(ctx context.Context) context.Context {
			ctx, tally := agency.WithTally(ctx)
			return r.Around(context.WithValue(ctx, tallyKey{}, tally))
		},
		Extensions: func(ctx context.Context) (string, any) {
			return "usage", ctx.Value(tallyKey{}).(*agency.Tally).Usage()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	p.url = web.URL + "/graphql"
	return p
}

// migrated is the portal database, made once.
var migrated = pgtest.Template{Name: "resolvers_portal", Hash: sources, Fill: func(ctx context.Context, conn *pgx.Conn) error {
	_, err := portaldb.Migrate(ctx, conn.Config().ConnString())
	return err
}}

// privacy connects the portal database, unless it is to be down.
func (p *portal) privacy(agencies *agency.Registry, clock func() time.Time) *privacy.Service {
	p.t.Helper()
	dsn := "host=/nowhere user=x dbname=x"
	if p.own != nil {
		dsn = p.own.RoleDSN(portaldb.Role)
	}
	pool, err := portaldb.Open(dsn)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(pool.Close)
	secret, err := portaldb.NewSecret(bytes.Repeat([]byte{9}, portaldb.SecretSize))
	if err != nil {
		p.t.Fatal(err)
	}
	p.desk = privacy.NewDesk(pool, secret, clock)
	return privacy.New(privacy.Options{Agencies: agencies, Pool: pool, Secret: secret, Clock: clock, Log: slog.New(slog.DiscardHandler)})
}

// answer is a response as a client sees it.
type answer struct {
	Status int             `json:"-"`
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string `json:"message"`
		Path       []any  `json:"path"`
		Extensions struct {
			Code, Field, Agency string
		} `json:"extensions"`
	} `json:"errors"`
	Extensions struct {
		Usage []agency.Usage `json:"usage"`
	} `json:"extensions"`
}

// ask sends a query as a person; the zero number asks without login.
func (p *portal) ask(as norway.NationalID, query string, variables map[string]any) answer {
	p.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	req.Header.Set("X-Caller", as.Reveal())
	req.Header.Set("X-Address", p.t.Name())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	a := answer{Status: resp.StatusCode}
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		p.t.Fatal(err)
	}
	return a
}

// get is ask for a query that has to succeed; it returns the data.
func (p *portal) get(as norway.NationalID, query string, variables map[string]any) map[string]any {
	p.t.Helper()
	a := p.ask(as, query, variables)
	if len(a.Errors) > 0 {
		p.t.Fatalf("%s: %+v", query, a.Errors)
	}
	return a.object(p.t)
}

func (a answer) object(t testing.TB) map[string]any {
	t.Helper()
	var data map[string]any
	if err := json.Unmarshal(a.Data, &data); err != nil {
		t.Fatal(err)
	}
	return data
}

func (a answer) codes() string {
	var all []string
	for _, e := range a.Errors {
		all = append(all, e.Extensions.Code)
	}
	return fmt.Sprint(all)
}

// kari holds twelve open cases at three agencies.
func kari() norway.NationalID { return people.DemoPeople(today)[0].NationalID }

// at follows names and positions into data.
func at(data any, path ...any) any {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			object, _ := data.(map[string]any)
			data = object[s]
		case int:
			list, _ := data.([]any)
			if s >= len(list) {
				return nil
			}
			data = list[s]
		}
	}
	return data
}
