package act_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		child(text)
	}
	leaktest.Main(m)
}

// The agencies' functions look at the day themselves, so the people live today.
var (
	begun     = time.Now()
	today     = norway.DateOf(begun)
	generator = people.New(1, today)
)

// population is so many that twenty people have something to agree on at two agencies.
const population = 800

var cores = map[string]struct {
	schema  string
	install func(context.Context, *pgx.Conn) error
	load    func(context.Context, *pgx.Conn, *people.Generator, string, int, func(int)) error
}{
	people.Fjord:     {"core", installReference, people.LoadReference},
	people.Tradisjon: {"inkasso", legacy.Install, people.LoadLegacy},
	people.Lita:      {"core", installReference, people.LoadReference},
}

var codes = []string{people.Fjord, people.Tradisjon, people.Lita}

func installReference(ctx context.Context, conn *pgx.Conn) error {
	return reference.Install(ctx, conn, reference.Options{})
}

func coreTemplate(code string) pgtest.Template {
	return pgtest.Template{
		Name: "act_" + code,
		Hash: fmt.Sprint(pgtest.Hash(reference.Files(), legacy.Files(),
			os.DirFS("../workshop/demo/people")), population, today),
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
		Hash: pgtest.Hash(os.DirFS("../portal/migrate")),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			_, err := migrate.Up(ctx, conn.Config().ConnString())
			return err
		},
	}
}

// world is a portal database and three agencies, those behind lines.
type world struct {
	t        testing.TB
	portal   *pgtest.DB
	portalTo *line.Line
	pool     *portal.DB
	cores    map[string]*pgtest.DB
	lines    map[string]*line.Line
	agencies []agency.Config
	registry *agency.Registry
	log      *journal
	lease    time.Duration // how long who has died stands in the way

	mu  sync.Mutex
	now time.Time
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, cores: map[string]*pgtest.DB{}, lines: map[string]*line.Line{}, log: &journal{},
		lease: 300 * time.Millisecond, now: begun}
	w.portal = pgtest.New(t, portalTemplate())
	w.portalTo = newLine(t, w.portal)
	var err error
	if w.pool, err = portal.Open(lineDSN(w.portalTo, portal.Role, w.portal), time.Minute); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.pool.Close)
	for _, code := range codes {
		w.cores[code] = pgtest.New(t, coreTemplate(code))
		w.lines[code] = newLine(t, w.cores[code])
		w.agencies = append(w.agencies, agency.Config{
			Code: code, Name: code, MaxConns: 6, Deadline: 20 * time.Second, // a busy machine is not an agency that is down
			DSN: lineDSN(w.lines[code], spec.DefaultRole, w.cores[code]),
		})
	}
	if w.registry, err = agency.Open(w.agencies, w.clock, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.registry.Close)
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

func lineDSN(l *line.Line, role string, db *pgtest.DB) string {
	return fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", l.Dir(), role, db.Name())
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) cut(l *line.Line, down bool) {
	if err := l.Set(line.Quality{Down: down}); err != nil {
		w.t.Error(err)
	}
}

// engine is a new process, as it were: it knows what the databases know.
func (w *world) engine(step func(string)) *act.Engine {
	w.t.Helper()
	w.pass(time.Millisecond)
	return newEngine(w.t, act.Options{
		Portal: w.pool, Agencies: w.registry, Clock: w.clock, Log: slog.New(slog.NewTextHandler(w.log, nil)),
		Patience: time.Minute, Lease: w.lease, Step: step,
	})
}

func newEngine(t testing.TB, o act.Options) *act.Engine {
	t.Helper()
	e, err := tryEngine(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func tryEngine(o act.Options) (*act.Engine, error) {
	nothing := func(context.Context) string { return "" }
	o.Secret, o.Acts = secret(), []*act.Act{accepting.Declared()}
	o.Recorder = &audit.Recorder{Secret: o.Secret, Now: o.Clock, Request: nothing, Client: nothing}
	return act.New(o)
}

func secret() *portal.Secret {
	s, err := portal.NewSecret(bytes.Repeat([]byte{7}, portal.SecretSize))
	if err != nil {
		panic(err) // the key has the right size
	}
	return s
}

// reads is what fingerprint looks at.
const reads = debt.OfCases | debt.OfPayments | debt.OfObjections

// fingerprint changes with a payment, an objection or a change of a case.
func fingerprint(p debt.Part) []byte {
	h := sha256.New()
	for _, c := range p.Cases {
		fmt.Fprintln(h, c.ID.ID, c.Status, c.OriginalPrincipal, len(c.Objections))
		for _, m := range c.AllPayments {
			fmt.Fprintln(h, m.Amount)
		}
	}
	return h.Sum(nil)
}

// journal is a log that can be searched while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// accepting is an act of reach All, whose input is its plan.
var accepting = &act.Of[plan]{
	Act: act.Act{
		Name: "TEST_ACCEPT", Reach: act.All, Function: "propose_solution", Confirm: "confirm_solution",
		Withdraw: "withdraw_solution", Alone: "TEST_PENDING", Reads: reads,
		Verify: func(now debt.Part, expects []byte) error {
			if !bytes.Equal(fingerprint(now), expects) {
				return act.ErrChanged
			}
			return nil
		},
	},
	Plan: func(_ context.Context, _ act.By, in plan) (act.Plan, error) {
		p := act.Plan{Summary: json.RawMessage(`{"months": 2}`), Kept: in.Kept, Rests: in.Rests}
		for _, a := range in.Agencies {
			p.Parts = append(p.Parts, act.Part{Agency: a.Agency, Input: a.Terms, Expects: a.Expects})
		}
		return p, nil
	},
}

type plan struct {
	act.Keyed
	Agencies []agencyPlan
	Kept     []byte
	Rests    *norway.Date
}

type agencyPlan struct {
	Agency  string
	Terms   terms
	Expects []byte
}

// terms are those of propose_solution.
type terms struct {
	CaseIDs    []string    `json:"case_ids"`
	Agreements []agreement `json:"agreements"`
	Deferrals  []struct{}  `json:"deferrals"`
}

type agreement struct {
	CaseIDs     []string     `json:"case_ids"`
	Instalments []instalment `json:"instalments"`
}

type instalment struct {
	Number int       `json:"number"`
	DueOn  string    `json:"due_on"`
	Amount money.Øre `json:"amount_ore"`
	Fee    money.Øre `json:"fee_ore"`
}

// someone is a person with a plan.
type someone struct {
	id   norway.NationalID
	plan plan
}

func (s someone) principal() caller.Principal {
	return caller.Principal{Kind: caller.Person, NationalID: s.id}
}

func (s someone) scope() caller.Scope { return s.principal().Scope() }

// ask has the person's plan accepted under a key.
func (s someone) ask(ctx context.Context, e *act.Engine, key uuid.UUID) (act.Record, error) {
	in := s.plan
	in.IdempotencyKey = key
	r, err := accepting.Perform(ctx, e, act.By{Principal: s.principal()}, in)
	if r == nil {
		return act.Record{}, err
	}
	return *r, err
}

// persons returns n people who can agree at so many agencies, with plans for all of them.
func (w *world) persons(n, agencies int) []someone {
	w.t.Helper()
	var found []someone
	for i := 0; i < population && len(found) < n; i++ {
		p := generator.Person(i)
		if p.NationalID.IsZero() || likely(&p) < agencies {
			continue
		}
		s := someone{id: p.NationalID}
		for _, part := range w.parts(s) {
			if plan, ok := planFor(part); ok && len(s.plan.Agencies) < agencies {
				s.plan.Agencies = append(s.plan.Agencies, plan)
			}
		}
		if len(s.plan.Agencies) == agencies {
			found = append(found, s)
		}
	}
	if len(found) < n {
		w.t.Fatalf("only %d of %d people can agree at %d agencies", len(found), n, agencies)
	}
	return found
}

// likely returns at how many agencies the person may be able to agree.
func likely(p *people.Person) (n int) {
	for _, d := range p.Debtors {
		for _, c := range d.Cases {
			if d.Identified && c.Status == debt.Open && c.AgreementFrom != 0 {
				n++
				break
			}
		}
	}
	return n
}

// parts reads somebody's records at all agencies.
func (w *world) parts(s someone) []debt.Part {
	w.t.Helper()
	parts, errs := w.registry.Read(w.t.Context(), s.scope(), ^debt.Relations(0))
	if err := errors.Join(errs...); err != nil {
		w.t.Fatal(err)
	}
	return parts
}

// planFor proposes two instalments on the first case that allows an agreement.
func planFor(p debt.Part) (agencyPlan, bool) {
	for _, c := range p.Cases {
		if c.Status != debt.Open || c.AgreementFrom == 0 || len(c.AllHolds)+len(c.Objections)+len(c.Agreements) > 0 {
			continue
		}
		policy := c.Terms.Policy
		first := max(c.AgreementFrom, today.AddDays(20))
		amount := policy.MinInstalment + policy.InstalmentFee
		return agencyPlan{
			Agency: p.Agency.Code,
			Terms: terms{
				CaseIDs: []string{c.ID.ID}, Deferrals: []struct{}{},
				Agreements: []agreement{{CaseIDs: []string{c.ID.ID}, Instalments: []instalment{
					{1, first.String(), amount, policy.InstalmentFee},
					{2, first.AddDays(30).String(), amount, policy.InstalmentFee},
				}}},
			},
			Expects: fingerprint(p),
		}, true
	}
	return agencyPlan{}, false
}

// accept has the plan accepted and fails if that fails.
func (w *world) accept(e *act.Engine, s someone) act.Record {
	w.t.Helper()
	r, err := s.ask(w.t.Context(), e, uuid.New())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// list returns the person's acts.
func (w *world) list(e *act.Engine, s someone) []act.Record {
	w.t.Helper()
	all, err := e.List(w.t.Context(), s.principal())
	if err != nil {
		w.t.Fatal(err)
	}
	records := make([]act.Record, len(all))
	for i, r := range all {
		records[i] = *r
	}
	return records
}

// finish resumes until the act has ended.
func (w *world) finish(e *act.Engine, id uuid.UUID) act.Record {
	w.t.Helper()
	var a act.Record
	eventually(w.t, "the act ends", func() bool {
		var err error
		a, err = e.Resume(w.t.Context(), id)
		return err == nil && a.EndedAt != nil
	})
	return a
}

// agreed checks that portal and agencies agree that all is confirmed, or all withdrawn.
func (w *world) agreed(s someone, a act.Record, want act.Status) {
	w.t.Helper()
	if a.Status != want || a.EndedAt == nil || len(a.Agencies) != len(s.plan.Agencies) {
		w.t.Errorf("the act is %+v, want %s", a, want)
	}
	for _, g := range a.Agencies {
		if string(g.State) != string(want) {
			w.t.Errorf("%s is %s, the act %s", g.Code, g.State, want)
		}
	}
	for _, p := range s.plan.Agencies {
		part, err := w.registry.ReadCases(w.t.Context(), p.Agency, s.scope(), ^debt.Relations(0), p.Terms.CaseIDs)
		if err != nil {
			w.t.Fatal(err)
		}
		var statuses []debt.AgreementStatus
		for _, a := range part.Cases[0].Agreements {
			statuses = append(statuses, a.Status)
		}
		if ok := slices.Equal(statuses, []debt.AgreementStatus{debt.AgreementActive}); want == act.Done && !ok ||
			want == act.Withdrawn && len(statuses) > 0 {
			w.t.Errorf("%s has agreements %v, and the act is %s", p.Agency, statuses, want)
		}
	}
}

// records is all that the agencies have, but for which proposals they have seen.
func (w *world) records() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	for code, db := range w.cores {
		conn := db.Conn()
		// One statement hashes all tables: it writes the statement that does.
		var hash string
		err := conn.QueryRow(w.t.Context(), `
			select string_agg(format('select %1$L::text, coalesce(md5(string_agg(t::text, E''\\n'' order by t::text)), '''') from %1$s t', c.oid::regclass), ' union all ')
			from pg_catalog.pg_class c
			where c.relnamespace = $1::regnamespace and c.relkind = 'r'`, cores[code].schema).Scan(&hash)
		if err != nil {
			w.t.Fatal(err)
		}
		rows, err := conn.Query(w.t.Context(), hash)
		if err != nil {
			w.t.Fatal(err)
		}
		var table, sum string
		tag, err := pgx.ForEachRow(rows, []any{&table, &sum}, func() error { all[code+" "+table] = sum; return nil })
		if err != nil || tag.RowsAffected() < 10 {
			w.t.Fatalf("%s has %d tables: %v", code, tag.RowsAffected(), err)
		}
		_ = conn.Close(w.t.Context())
	}
	return all
}

// undo puts the agencies back to before a confirmed act.
func (w *world) undo(s someone, id uuid.UUID) {
	w.t.Helper()
	rows, err := w.portal.Conn().Query(w.t.Context(), "select agency, key from portal.act_agency where act = $1", id)
	if err != nil {
		w.t.Fatal(err)
	}
	var code string
	var key uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&code, &key}, func() error {
		_, err := w.registry.Ask(w.t.Context(), code, agency.Call{Function: "withdraw_solution", Key: key, Scope: s.scope()})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// eventually polls until ok, at most a minute: the machine may be busy.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it did not happen in time: %s", what)
		}
	}
}

// steps has the plan confirmed once and returns the names of all steps on the way.
func (w *world) steps(s someone) []string {
	w.t.Helper()
	var names []string
	a := w.accept(w.engine(func(name string) { names = append(names, name) }), s)
	if a.EndedAt == nil {
		w.t.Fatalf("%+v\n%s", a, w.log)
	}
	w.undo(s, a.ID)
	return names
}

// changed is the plan when the last agency's records are not what the offer was computed from.
func (s someone) changed() someone {
	agencies := slices.Clone(s.plan.Agencies)
	agencies[len(agencies)-1].Expects = []byte("something else")
	s.plan.Agencies = agencies
	return s
}

// at returns what a step is to do the nth time that any step is reached, counted from 0.
func at(n int, do func()) func(string) {
	i := 0
	return func(string) {
		if i == n {
			do()
		}
		i++
	}
}

type died struct{}

// dies says whether f came to the panic that ends a process here.
func dies(f func()) (dead bool) {
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
