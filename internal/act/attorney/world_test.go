package attorney_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
	"github.com/oversikt/oversikt/internal/workshop/testlog"
)

func TestMain(m *testing.M) {
	leaktest.Main(m)
}

var today = norway.MustDate("2026-03-02")

const bankID = "https://bankid.example"

// world is a portal database and two agencies.
type world struct {
	t     testing.TB
	own   *pgtest.DB
	pool  *pgxpool.Pool
	cores map[string]*pgtest.DB
	log   testlog.Log

	mu  sync.Mutex
	now time.Time
}

func template(code string) pgtest.Template {
	return pgtest.Template{
		Name: "attorney_" + code, Hash: pgtest.Hash(reference.Files(), os.DirFS("../../workshop/demo"),
			os.DirFS("../../debt")),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			if err := reference.Install(ctx, conn, reference.Options{}); err != nil {
				return err
			}
			return people.LoadReference(ctx, conn, people.New(1, today), code, 50, nil)
		},
	}
}

func newWorld(t testing.TB, change ...func(*pgxpool.Config)) *world {
	t.Helper()
	w := &world{t: t, own: pgtest.New(t, pgtest.Template{}), cores: map[string]*pgtest.DB{},
		now: today.Time().Add(12 * time.Hour)}
	if _, err := migrate.Up(t.Context(), w.own.DSN()); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{people.Fjord, people.Lita} {
		w.cores[code] = pgtest.New(t, template(code))
	}
	w.pool = w.own.Pool(append(change, func(c *pgxpool.Config) { c.ConnConfig.User = portal.Role })...)
	return w
}

// replica is one process: the register, and an engine with its acts.
type replica struct {
	*attorney.Register
	engine *act.Engine
	give   *act.Of[attorney.Input]
	revoke *act.Of[attorney.RevokeInput]
}

// nowhere stands before the code of an agency that cannot be reached.
const nowhere = "nowhere "

// register returns a replica that is connected to some of the agencies.
func (w *world) register(codes ...string) *replica {
	w.t.Helper()
	return w.stepping(nil, codes...)
}

// stepping returns a replica whose engine calls step.
func (w *world) stepping(step func(string), codes ...string) *replica {
	w.t.Helper()
	var configs []agency.Config
	for _, code := range codes {
		code, down := strings.CutPrefix(code, nowhere)
		c := agency.Config{Code: code, Name: code, DSN: "host=/nowhere", Deadline: time.Minute, MaxConns: 4}
		if !down {
			c.DSN = w.cores[code].RoleDSN(spec.DefaultRole)
		}
		configs = append(configs, c)
	}
	log := slog.New(slog.NewTextHandler(&w.log, nil))
	registry, err := agency.Open(configs, w.clock, log)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(registry.Close)
	secret, err := portal.NewSecret(bytes.Repeat([]byte{1}, portal.SecretSize))
	if err != nil {
		w.t.Fatal(err)
	}
	db := portal.NewDB(w.pool, time.Minute)
	r := &replica{Register: attorney.New(attorney.Options{
		Portal: db, Secret: secret, Agencies: registry, Logger: log, Clock: w.clock,
		Signing: map[string][]string{bankID: {"high"}},
	})}
	r.give, r.revoke = attorney.Give(r.Register), attorney.Revoke(r.Register)
	nothing := func(context.Context) string { return "" }
	r.engine, err = act.New(act.Options{
		Portal: db, Secret: secret, Agencies: registry, Clock: w.clock, Log: log, Patience: time.Minute, Step: step,
		Recorder: &audit.Recorder{Secret: secret, Now: w.clock, Request: nothing, Client: nothing},
		Acts:     append(attorney.Hidden(r.Register), r.give.Declared(), r.revoke.Declared()),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// Give gives a power and returns it.
func (r *replica) Give(ctx context.Context, p caller.Principal, in attorney.Input) (attorney.Power, error) {
	record, err := r.give.Perform(ctx, r.engine, act.By{Principal: p}, in)
	if err != nil {
		return attorney.Power{}, err
	}
	return r.OfAct(ctx, p, record.ID)
}

// Revoke ends a power and returns it, with the act.
func (r *replica) Revoke(ctx context.Context, p caller.Principal, key, id uuid.UUID) (attorney.Power, *act.Record,
	error) {
	in := attorney.RevokeInput{Keyed: act.Keyed{IdempotencyKey: key}, ID: attorney.GlobalID(id)}
	record, err := r.revoke.Perform(ctx, r.engine, act.By{Principal: p}, in)
	if err != nil {
		return attorney.Power{}, nil, err
	}
	power, err := r.OfAct(ctx, p, record.ID)
	if err == nil && power.ID != id {
		err = fmt.Errorf("the act is about %s, not %s", power.ID, id)
	}
	return power, record, err
}

// Deliver tells agencies what passed them by.
func (r *replica) Deliver(ctx context.Context) error { return r.Register.Deliver(ctx, r.engine) }

// pending returns the acts that have not ended.
func (w *world) pending() []uuid.UUID {
	w.t.Helper()
	rows, err := w.own.Conn().Query(w.t.Context(), "select id from portal.act where ended_at is null")
	if err != nil {
		w.t.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		w.t.Fatal(err)
	}
	return ids
}

// resume goes on with an act.
func (w *world) resume(r *replica, id uuid.UUID) act.Record {
	w.t.Helper()
	record, err := r.engine.Resume(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return record
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

// exec changes the portal database behind the service's back.
func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.own.Conn().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

func person(i int) caller.Principal {
	p := people.DemoPeople(today)[i]
	return caller.Principal{Kind: caller.Person, NationalID: p.NationalID, Name: p.Name, Issuer: bankID, ACR: "high"}
}

func kari() caller.Principal { return person(0) }
func per() caller.Principal  { return person(5) }

// input gives Per sight of everything.
func input() attorney.Input {
	return attorney.Input{
		Keyed: act.Keyed{IdempotencyKey: uuid.New()},
		Attorney: attorney.Who{Person: &attorney.PersonInput{
			NationalID: per().NationalID.Reveal(), Name: "Per Solheim Nordvik"}},
		ValidUntil: norway.MustDate("2026-12-31"), Signing: attorney.SigningInput{BankID: new(true)},
	}
}

func (w *world) give(r *replica) attorney.Power {
	w.t.Helper()
	p, err := r.Give(w.t.Context(), kari(), input())
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// known returns what the agencies know of a power.
func (w *world) known(r *replica, id uuid.UUID) map[string]attorney.Knowledge {
	w.t.Helper()
	all, err := r.Given(w.t.Context(), kari())
	if err != nil {
		w.t.Fatal(err)
	}
	known := map[string]attorney.Knowledge{}
	for _, p := range all {
		for _, part := range p.Told {
			if p.ID == id {
				known[part.Agency] = part.Knowledge
			}
		}
	}
	return known
}

// there counts the powers that an agency has for Per until the end of the year.
func (w *world) there(code, where string) (n int) {
	w.t.Helper()
	err := w.cores[code].Conn().QueryRow(w.t.Context(),
		"select count(*) from oversikt.power_of_attorney where valid_until = '2026-12-31' and attorney_national_id = $1 and "+
			where, per().NationalID.Reveal()).Scan(&n)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}
