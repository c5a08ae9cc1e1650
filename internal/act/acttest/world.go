// Package acttest tests acts: from one good example and some bad ones an act gets the same
// tests, over the portal's database and real agencies.
package acttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
	"github.com/oversikt/oversikt/internal/workshop/testlog"
)

// Begun is when the tests began, and Today the day. The agencies' functions look at the day
// themselves, so the people live today.
var (
	Begun     = time.Now()
	Today     = norway.DateOf(Begun)
	generator = people.New(1, Today)
)

// population is so many that twenty people have something to agree on at two agencies.
const population = 800

var cores = map[string]struct {
	schema  string
	install func(context.Context, *pgx.Conn) error
	load    func(context.Context, *pgx.Conn, *people.Generator, string, int, func(float64)) error
}{
	people.Fjord:     {"core", installReference, people.LoadReference},
	people.Tradisjon: {"inkasso", legacy.Install, people.LoadLegacy},
	people.Lita:      {"core", installReference, people.LoadReference},
}

var codes = []string{people.Fjord, people.Tradisjon, people.Lita}

func installReference(ctx context.Context, conn *pgx.Conn) error {
	return reference.Install(ctx, conn, reference.Options{})
}

// room is the folder internal/, wherever the test runs.
func room() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "../..")
}

func coreTemplate(code string) pgtest.Template {
	return pgtest.Template{
		Name: "act_" + code,
		Hash: fmt.Sprint(pgtest.Hash(reference.Files(), legacy.Files(),
			os.DirFS(filepath.Join(room(), "workshop/demo/people"))), population, Today),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			if err := cores[code].install(ctx, conn); err != nil {
				return err
			}
			return cores[code].load(ctx, conn, generator, code, population, nil)
		},
	}
}

func portalTemplate() pgtest.Template {
	return pgtest.Template{
		Name: "act_portal",
		Hash: pgtest.Hash(os.DirFS(filepath.Join(room(), "portal/migrate"))),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			_, err := migrate.Up(ctx, conn.Config().ConnString())
			return err
		},
	}
}

// World is a portal database and three agencies, all behind lines.
type World struct {
	T        testing.TB
	Portal   *pgtest.DB
	PortalTo *line.Line
	Pool     *portal.DB            // over the line; a test may set another
	Books    *pgxpool.Pool         // of the portal's superuser, who looks at what is there
	Cores    map[string]*pgtest.DB // by the agencies' codes
	Lines    map[string]*line.Line
	Configs  []agency.Config
	Registry *agency.Registry
	Log      *testlog.Log
	Lease    time.Duration // how long who has died stands in the way

	mu  sync.Mutex
	now time.Time
	met int // people who were handed out
}

// New returns a world of the test's own.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{T: t, Cores: map[string]*pgtest.DB{}, Lines: map[string]*line.Line{}, Log: &testlog.Log{},
		Lease: 300 * time.Millisecond, now: Begun}
	w.Portal = pgtest.New(t, portalTemplate())
	w.Books = w.Portal.Pool()
	w.PortalTo = newLine(t, w.Portal)
	var err error
	if w.Pool, err = portal.Open(LineDSN(w.PortalTo, portal.Role, w.Portal), time.Minute); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Pool.Close)
	for _, code := range codes {
		w.Cores[code] = pgtest.New(t, coreTemplate(code))
		w.Lines[code] = newLine(t, w.Cores[code])
		w.Configs = append(w.Configs, agency.Config{
			Code: code, Name: code, MaxConns: 6, Deadline: 20 * time.Second, // a busy machine is not an agency that is down
			DSN: LineDSN(w.Lines[code], spec.DefaultRole, w.Cores[code]),
		})
	}
	if w.Registry, err = agency.Open(w.Configs, w.Clock, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Registry.Close)
	return w
}

func newLine(t testing.TB, db *pgtest.DB) *line.Line {
	t.Helper()
	u, err := url.Parse(db.DSN())
	if err != nil {
		t.Fatal(err)
	}
	l, err := line.Open(filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// LineDSN is how a role reaches a database over a line.
func LineDSN(l *line.Line, role string, db *pgtest.DB) string {
	return fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", l.Dir(), role, db.Name())
}

// Clock is the time in the world: it stands unless it is made to pass.
func (w *World) Clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Pass lets time pass.
func (w *World) Pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// Cut cuts a line, or mends it.
func (w *World) Cut(l *line.Line, down bool) {
	if err := l.Set(line.Quality{Down: down}); err != nil {
		w.T.Error(err)
	}
}

// Engine is a new process, as it were: it knows what the databases know. step is act.Options'.
func (w *World) Engine(step func(string), acts ...*act.Act) *act.Engine {
	w.T.Helper()
	w.Pass(time.Millisecond)
	e, err := NewEngine(act.Options{
		Portal: w.Pool, Agencies: w.Registry, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(w.Log, nil)),
		Patience: time.Minute, Lease: w.Lease, Step: step, Acts: acts,
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return e
}

// NewEngine returns an engine with the secret and the recorder of all tests.
func NewEngine(o act.Options) (*act.Engine, error) {
	nothing := func(context.Context) string { return "" }
	o.Secret = Secret()
	o.Recorder = &audit.Recorder{Secret: o.Secret, Now: o.Clock, Request: nothing, Client: nothing}
	return act.New(o)
}

// Secret is the portal's secret in tests.
func Secret() *portal.Secret {
	s, err := portal.NewSecret(bytes.Repeat([]byte{7}, portal.SecretSize))
	if err != nil {
		panic(err) // the key has the right size
	}
	return s
}

// Run works on the queue until stop is called.
func (w *World) Run(e *act.Engine) (stop func()) {
	ctx, cancel := context.WithCancel(w.T.Context())
	done := make(chan struct{})
	go func() { defer close(done); e.Run(ctx) }()
	stop = func() { cancel(); <-done }
	w.T.Cleanup(stop)
	return stop
}

// Lapse ends the leases of those who have died: nobody drives.
func (w *World) Lapse() {
	w.T.Helper()
	_, err := w.Books.Exec(w.T.Context(),
		"update portal.act set driven_until = clock_timestamp() where ended_at is null and driver is not null")
	if err != nil {
		w.T.Fatal(err)
	}
}

// Finish resumes until the act has ended, which nobody else drives.
func (w *World) Finish(e *act.Engine, r *act.Record) *act.Record {
	w.T.Helper()
	w.Lapse()
	var now act.Record
	Eventually(w.T, "the act ends", func() bool {
		var err error
		now, err = e.Resume(w.T.Context(), r.ID)
		return err == nil && now.EndedAt != nil
	})
	return &now
}

// Somebody is a person of the world, with what the agencies have on them.
type Somebody struct {
	people.Person
	Parts []debt.Part // one for each agency, in the order of the registry
}

// The login of everybody here: who vouches for them, and at which level.
const (
	Issuer      = "https://bankid.example"
	StaffIssuer = "https://staff.example"
	ACR         = "high"
)

// Principal is the person, logged in.
func (s *Somebody) Principal() caller.Principal {
	return caller.Principal{Kind: caller.Person, NationalID: s.NationalID, Name: s.Name, Issuer: Issuer, ACR: ACR}
}

// Worker is a case worker at an agency, who works for one debtor alone.
func Worker(code string, of *Somebody) caller.Principal {
	return caller.Principal{Kind: caller.Staff, Agency: code, Role: caller.CaseWorker, Issuer: StaffIssuer,
		Subject: "of " + of.NationalID.Reveal(), ACR: ACR}
}

// Case returns the first case that suits; nil where there is none.
func (s *Somebody) Case(suits func(*debt.Case) bool) *debt.Case {
	for _, p := range s.Parts {
		for _, c := range p.Cases {
			if suits(c) {
				return c
			}
		}
	}
	return nil
}

// Somebody returns a person who suits and was not handed out before.
func (w *World) Somebody(suits func(*Somebody) bool) *Somebody {
	w.T.Helper()
	for ; w.met < population; w.met++ {
		p := generator.Person(w.met)
		if p.NationalID.IsZero() || len(p.Agencies) == 0 || slices.ContainsFunc(p.Agencies, elsewhere) {
			continue
		}
		if s := Meet(w.T, w.Registry, p); suits(s) {
			w.met++
			return s
		}
	}
	w.T.Fatalf("nobody of %d people suits any more", population)
	return nil
}

// elsewhere says that an agency of the demo is none of the world's.
func elsewhere(code string) bool {
	_, here := cores[code]
	return !here
}

// Meet returns a person with what some agencies have on them.
func Meet(t testing.TB, agencies *agency.Registry, p people.Person) *Somebody {
	t.Helper()
	s := &Somebody{Person: p}
	parts, errs := agencies.Read(t.Context(), s.Principal().Scope(), ^debt.Relations(0))
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	s.Parts = parts
	return s
}

// Population returns all people of the world.
func Population() (all []people.Person) {
	for i := range population {
		all = append(all, generator.Person(i))
	}
	return all
}

// Schema is where an agency's core keeps its own tables.
func Schema(code string) string { return cores[code].schema }

// Eventually polls until ok, at most a minute: the machine may be busy.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it did not happen in time: %s", what)
		}
	}
}

// At is what a step is to do the nth time that any step is reached, counted from 0.
func At(n int, do func()) func(string) {
	i := 0
	return func(string) {
		if i == n {
			do()
		}
		i++
	}
}

type died struct{}

// Die ends what drives, here and now; Dies notices it.
func Die() { panic(died{}) }

// Dies says whether f came to Die.
func Dies(f func()) (dead bool) {
	defer func() {
		switch r := recover(); r {
		case nil:
		case died{}:
			dead = true
		default:
			panic(r)
		}
	}()
	f()
	return false
}
