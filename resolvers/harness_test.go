package resolvers_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/act/household"
	"github.com/oversikt/oversikt/internal/act/receipt"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/book"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document/documenttest"
	"github.com/oversikt/oversikt/internal/document/vault/vaulttest"
	portaldb "github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/portal/search"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
	"github.com/oversikt/oversikt/internal/workshop/testlog"
	"github.com/oversikt/oversikt/resolvers"
)

func TestMain(m *testing.M) {
	os.Exit(m.Run())
}

var today = norway.MustDate("2026-03-02")

// population is large enough to have everything in it.
const population = 200

var portalTemplate = pgtest.Template{
	Name: "resolvers_portal", Hash: pgtest.Hash(os.DirFS("../internal/portal/migrate")),
	Fill: func(ctx context.Context, conn *pgx.Conn) error {
		_, err := migrate.Up(ctx, conn.Config().ConnString())
		return err
	},
}

var coresHash = pgtest.Hash(reference.Files(),
	legacy.Files(), os.DirFS("../internal/workshop/demo/people"))

func referenceCore(code string) pgtest.Template {
	return pgtest.Template{Name: "resolvers_" + code, Hash: coresHash,
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			if err := reference.Install(ctx, conn, reference.Options{}); err != nil {
				return err
			}
			return people.LoadReference(ctx, conn, people.New(1, today), code, population, nil)
		}}
}

var traditional = pgtest.Template{Name: "resolvers_tradisjon", Hash: coresHash,
	Fill: func(ctx context.Context, conn *pgx.Conn) error {
		if err := legacy.Install(ctx, conn); err != nil {
			return err
		}
		return people.LoadLegacy(ctx, conn, people.New(1, today), people.Tradisjon, population, nil)
	}}

// portal is the whole service over three agencies, but for the login: a header says who
// calls, by national identity number or by a name in callers.
type portal struct {
	t         testing.TB
	url       string
	ours      *pgtest.DB // the portal database
	log       *audit.Log
	secret    *portaldb.Secret
	databases map[string]*pgtest.DB
	callers   sync.Map // of func() (caller.Principal, error)
	acting    sync.Map // the header attorney.Header that a caller sends, by the caller
	resolver  *resolvers.Resolver
	cookies   sync.Map // of those who logged in, by name
	sessions  *session.Manager
	alarms    testlog.Log
	met       int // people who were handed out

	mu     sync.Mutex
	looks  int           // of staff that were taken
	passed time.Duration // since noon
	days   int           // that the agencies' clock is ahead
	desk   *privacy.Desk
}

// generous leaves tests room that are about something else.
var generous = resolvers.StaffLimits{
	LookUps: throttle.Limits{PerMinute: 10_000, PerDay: 10_000},
	Reveals: throttle.Limits{PerMinute: 10_000, PerDay: 10_000},
}

// now is the time of sessions, throttles and powers of attorney.
func (p *portal) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return noon().Add(p.passed)
}

// pass lets time pass for them.
func (p *portal) pass(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.passed += d
}

// day is the agencies' time.
func (p *portal) day() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return noon().AddDate(0, 0, p.days)
}

// live makes it another day at the agencies.
func (p *portal) live(on norway.Date) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.days = int(on - today)
}

// look is an entry of the access log of a member of staff.
type look struct {
	What, Reason, Outcome string
	Actor, Subject        []byte
	Agencies              []string
}

// looked returns the looks of staff in the access log since it was last called.
func (p *portal) looked() []look {
	p.t.Helper()
	rows, err := p.ours.Conn().Query(p.t.Context(),
		`select coalesce(what[1], action) as what, reason, outcome, actor, subject, agencies from portal.access_log where ground = 'STAFF' order by at, id offset $1`, p.looks)
	if err != nil {
		p.t.Fatal(err)
	}
	looks, err := pgx.CollectRows(rows, pgx.RowToStructByName[look])
	if err != nil {
		p.t.Fatal(err)
	}
	p.looks += len(looks)
	return looks
}

// about says that a look was at somebody's data.
func (p *portal) about(l look, who norway.NationalID) bool {
	return bytes.Equal(l.Subject, p.secret.Reference(who))
}

// know makes a caller known by a name.
func (p *portal) know(name string, caller func() (caller.Principal, error)) {
	p.callers.Store(name, caller)
}

func (p *portal) authenticate(r *http.Request) (context.Context, error) {
	ctx := resolvers.WithClient(r.Context(), r.Header.Get("X-Address"), "")
	ctx, confirm, err := p.sessions.AuthenticateEarly(ctx, server.ResponseHeader(ctx), r)
	if err != nil {
		return ctx, err
	}
	ctx = server.Provided(ctx, confirm)
	who, err := p.caller(r.Header.Get("X-Caller"))
	if err != nil {
		return ctx, err
	}
	if who.Kind != "" {
		who.ExpiresAt = p.now().Add(time.Hour)
		ctx = caller.NewContext(ctx, who)
	}
	return p.resolver.Acting(ctx, r.Header)
}

func (p *portal) caller(name string) (caller.Principal, error) {
	if known, ok := p.callers.Load(name); ok {
		return known.(func() (caller.Principal, error))()
	}
	id, err := norway.ParseNationalID(name)
	if err != nil {
		return caller.Principal{}, nil
	}
	return caller.Principal{Kind: caller.Person, NationalID: id, Name: "Kari Nordvik", Issuer: bankID, ACR: "high"}, nil
}

// bankID vouches for persons, at the levels low and high; the latter suffices to sign.
const bankID = "https://bankid.example"

func noon() time.Time { return today.Time().Add(12 * time.Hour) }

func newPortal(t testing.TB) *portal {
	t.Helper()
	templates := map[string]pgtest.Template{
		people.Fjord: referenceCore(people.Fjord), people.Tradisjon: traditional, people.Lita: referenceCore(people.Lita),
	}
	databases := map[string]*pgtest.DB{}
	for _, a := range people.Agencies()[:3] {
		databases[a.Code] = pgtest.New(t, templates[a.Code])
	}
	return serve(t, databases)
}

// serve serves agencies; one without a database is down.
func serve(t testing.TB, databases map[string]*pgtest.DB) *portal {
	t.Helper()
	var configs []agency.Config
	for _, a := range people.Agencies()[:3] {
		dsn := "host=/nowhere"
		if db := databases[a.Code]; db != nil {
			dsn = db.RoleDSN(spec.DefaultRole)
		}
		configs = append(configs, agency.Config{Code: a.Code, Name: a.Name, DSN: dsn, Deadline: time.Minute,
			Grace: time.Minute, MaxConns: 4, ArchiveHosts: []string{"arkiv." + a.Code + ".example"}})
	}
	p := &portal{t: t, databases: databases}
	agencies, err := agency.Open(configs, p.day, p.logger())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(agencies.Close)
	ids, err := model.NewIDs(bytes.Repeat([]byte{7}, model.IDKeySize))
	if err != nil {
		t.Fatal(err)
	}
	ours := pgtest.New(t, portalTemplate)
	pool, err := portaldb.Open(ours.RoleDSN(portaldb.Role), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	secret, err := portaldb.NewSecret(bytes.Repeat([]byte{5}, portaldb.SecretSize))
	if err != nil {
		t.Fatal(err)
	}
	p.secret = secret
	powers := attorney.New(attorney.Options{
		Portal: pool, Secret: secret, Agencies: agencies, Logger: p.logger(), Clock: p.now,
		Signing: map[string][]string{bankID: {"high"}},
	})
	if p.log, err = audit.Open(audit.Options{Portal: pool, Secret: secret, Dir: t.TempDir(), Now: noon,
		Log: p.logger()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.log.Close(context.Background()) })
	p.ours = ours
	recorder := &audit.Recorder{Log: p.log, Secret: secret, Now: ticking(p.now), Request: server.RequestID,
		Client: resolvers.Program}
	p.sessions, err = session.New(session.Options{
		Portal: pool, Secret: secret, Limits: session.DefaultLimits, Clock: p.now, Logger: p.logger(),
		Record: func(ctx context.Context, p caller.Principal, action session.Action) error {
			if action == session.Lapse {
				return recorder.Lapsed(ctx, p, string(action))
			}
			return recorder.Act(ctx, p, string(action), nil)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	counts := throttle.New(pool, secret, p.now)
	desk := letterlogin.NewDesk(letterlogin.Options{Agencies: agencies, Throttle: counts,
		Secret: secret, Log: p.logger(), Refused: recorder.Refused, Patience: 5 * time.Minute})
	p0 := p
	list := func(ctx context.Context, p caller.Principal) ([]*act.Record, error) {
		return p0.resolver.Engine.List(ctx, p)
	}
	requests := privacy.New(privacy.Options{Agencies: agencies, Portal: pool, Secret: secret, Powers: powers, Clock: noon,
		Log: p.logger(), Acts: list})
	solving, budgets := patient(), &household.Store{DB: pool, Secret: secret}
	kept, _ := vaulttest.New(t, pool, secret)
	acts := resolvers.NewActs(resolvers.ActDeps{Agencies: agencies, OpenOffer: ids.OpenOffer, Solving: solving, Desk: desk,
		Powers: powers, Privacy: requests, List: list, Recorder: recorder, Budgets: budgets,
		Receipts: receipt.Deps{Vault: kept, Scan: documenttest.Scan(t), Log: p.logger()}})
	engine, err := act.New(act.Options{
		Portal: pool, Secret: secret, Agencies: agencies, Recorder: recorder, Clock: p.now, Log: p.logger(),
		Patience: time.Minute,
		Acts:     append(acts.All(), attorney.Hidden(powers)...),
	})
	if err != nil {
		t.Fatal(err)
	}
	books := book.New(agencies, p.now, func(context.Context, time.Duration) {}, p.logger())
	reading, stop := context.WithCancel(context.Background())
	t.Cleanup(func() { stop(); books.Run(reading) })
	r := &resolvers.Resolver{
		Books: books, Agencies: agencies, IDs: ids, Desk: desk, Solving: solving, Engine: engine, Acts: acts, Powers: powers,
		Privacy: requests, Budgets: budgets, Vault: kept, Recorder: recorder, Plans: resolvers.NewPlans(p.now),
		Clock: p.now, Language: server.Language,
		Guard: throttle.NewGuard(counts, p.logger()), StaffLimits: generous,
		Search: search.New(pool), CheckLimits: resolvers.CheckLimits{Address: generous.LookUps, Person: generous.LookUps},
	}
	p.resolver = r
	p.desk = privacy.NewDesk(pool, secret, noon)
	type tallyKey struct{}
	schema, err := r.Schema()
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(schema, server.Options{
		Introspection: true,
		Scalars:       model.Scalars(),
		Logger:        p.logger(),
		Authenticate:  p.authenticate,
		Caller: func(ctx context.Context) string {
			p, _ := caller.FromContext(ctx)
			return string(p.Kind) + p.NationalID.Reveal() + p.Subject
		},
		Around: func(ctx context.Context) context.Context {
			ctx, tally := agency.WithTally(ctx)
			return r.Around(context.WithValue(ctx, tallyKey{}, tally))
		},
		Early:   resolvers.Early,
		Asks:    resolvers.Asks(schema.Schema()),
		Release: r.Release,
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

// patient lets callers wait for their turn as long as a busy machine needs.
func patient() *resolvers.Solving {
	s := resolvers.NewSolving()
	s.Question, s.Act = 5*time.Minute, 5*time.Minute
	return s
}

// line cuts the line to an agency, or mends it.
func (p *portal) line(agency string, open bool) {
	p.t.Helper()
	limit := map[bool]int{true: -1, false: 0}[open] // superusers are not limited
	_, err := p.databases[agency].Conn().Exec(p.t.Context(), fmt.Sprintf(`alter database %s connection limit %d;
		select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename <> current_user`, p.databases[agency].Name(), limit))
	if err != nil {
		p.t.Fatal(err)
	}
}

// execute changes the portal database, as its owner.
func (p *portal) execute(sql string) {
	p.t.Helper()
	if _, err := p.ours.Conn().Exec(p.t.Context(), sql); err != nil {
		p.t.Fatal(err)
	}
}

// scalar asks the portal database for a number.
func (p *portal) scalar(sql string) (n int) {
	p.t.Helper()
	if err := p.ours.Conn().QueryRow(p.t.Context(), sql).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// ticking is a clock that goes on by a millisecond whenever it is looked at.
func ticking(now func() time.Time) func() time.Time {
	var looks atomic.Int64
	return func() time.Time { return now().Add(time.Duration(looks.Add(1)) * time.Millisecond) }
}

// staff returns a member of an agency's staff.
func staff(role caller.Role, code string) func() (caller.Principal, error) {
	return func() (caller.Principal, error) {
		return caller.Principal{Kind: caller.Staff, Role: role, Agency: code, Issuer: "https://staff.example",
			Subject: string(role) + " at " + code}, nil
	}
}

// kari holds twelve open cases at three agencies.
func kari() norway.NationalID { return people.DemoPeople(today)[0].NationalID }

// logger is a log that shows what went wrong inside, and keeps the rest for who looks at it.
func (p *portal) logger() *slog.Logger {
	return slog.New(slog.NewMultiHandler(errorsOf(p.t).Handler(),
		slog.NewJSONHandler(&p.alarms, &slog.HandlerOptions{Level: slog.LevelDebug})))
}

// errorsOf is a log that shows, with a test that failed, what went wrong inside.
func errorsOf(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
}
