package act

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestStoresAgree does the same, drawn at random, with the store of the simulation and with
// the portal database: what the simulation proves of one holds for the other.
func TestStoresAgree(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{
		Name: "act_store",
		Hash: pgtest.Hash(os.DirFS("../portal/migrate")),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			_, err := migrate.Up(ctx, conn.Config().ConnString())
			return err
		},
	})
	pool, err := portal.Open(db.RoleDSN(portal.Role), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	did := map[string]int{}
	for seed := range uint64(40) {
		p := newPair(t, seed, pool)
		for range 40 {
			p.step()
			if p.compare(); t.Failed() {
				t.Fatalf("seed %d:\n%v", seed, p.done)
			}
		}
		for what, n := range p.counts {
			did[what] += n
		}
	}
	for _, what := range []string{"insert true", "insert false", "take true", "take false", "save ok", "save lost",
		"save refused",
		"by key true", "by key false", "pending true", "pending false", "ended", "decided"} {
		if did[what] == 0 {
			t.Errorf("it never came to %q: %v", what, did)
		}
	}
}

// pair is both stores, with what drivers have of the acts in them.
type pair struct {
	t        *testing.T
	rand     *rand.Rand
	memory   *memory
	database *database
	subjects [][]byte
	keys     []uuid.UUID
	held     []*saga // as drivers had them at some time
	ids      []uuid.UUID
	done     []string
	counts   map[string]int
}

func newPair(t *testing.T, seed uint64, pool *portal.DB) *pair {
	w := newSim(seed, "")
	w.memory.now = func() time.Time { return time.Now().Truncate(time.Microsecond) }
	e, err := New(Options{Portal: pool, Secret: simSecret, Agencies: w, Clock: time.Now,
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	p := &pair{t: t, rand: w.rand, memory: w.memory, database: e.store.(*database), counts: map[string]int{}}
	for range 2 {
		subject := uuid.New()
		p.subjects = append(p.subjects, slices.Concat(subject[:], subject[:]))
		p.keys = append(p.keys, uuid.New())
	}
	return p
}

func (p *pair) note(format string, args ...any) {
	p.done = append(p.done, fmt.Sprintf(format, args...))
}

func pick[T any](p *pair, from []T) T { return from[p.rand.IntN(len(from))] }

// step does one thing with both.
func (p *pair) step() {
	switch n := p.rand.IntN(10); {
	case n < 3 || len(p.held) == 0:
		p.insert()
	case n < 5:
		p.take()
	case n < 8:
		p.save()
	case n < 9:
		p.release()
	default:
		p.find()
	}
}

// same counts what both have answered, and fails where that is not the same.
func (p *pair) same(what string, memory, database any) {
	p.counts[fmt.Sprint(what, " ", memory)]++
	if memory != database {
		p.t.Errorf("%s: %v in memory, %v in the database", what, memory, database)
	}
}

func (p *pair) insert() {
	now := p.memory.now()
	s := &saga{sealedAs: sealedAs, subject: pick(p, p.subjects), key: pick(p, p.keys), digest: p.subjects[0],
		whose: []byte("whose"), kept: simSecret.Seal([]byte("kept"), "x"), Record: Record{ID: uuid.New(),
			Name: pick(p, []Name{simAll, simEach}), Status: Pending, CreatedAt: now, Until: now.Add(time.Hour)}}
	s.subjects, s.digests = [][]byte{s.subject}, [][]byte{s.digest}
	s.kept = simSecret.Seal([]byte("kept"), boundKept(s))
	s.Reach = Each
	if s.Name == simAll {
		s.Reach, s.DecideBy = All, now.Add(decideWithin)
	}
	for i, code := range simCodes[:1+p.rand.IntN(3)] {
		s.Agencies = append(s.Agencies, Agency{Code: code, State: Asked, ChangedAt: now})
		s.parts = append(s.parts, part{key: uuid.New(), input: []byte("input"), sent: i == 2})
	}
	with := stored{alone: s.Reach == All, driver: uuid.New(), lease: pick(p, leases), again: now}
	p.note("insert %s by %x under %s", s.Name, s.subject[:2], s.key)
	inMemory, err := p.memory.insertNow(clone(s), with)
	if err != nil {
		p.t.Fatal(err)
	}
	inDatabase, err := p.database.insert(p.t.Context(), s, with)
	if err != nil {
		p.t.Fatal(err)
	}
	p.same("insert", inMemory, inDatabase)
	if inMemory {
		s.driver = with.driver
		p.held, p.ids = append(p.held, s), append(p.ids, s.ID)
	}
}

// leases run out at once, or not at all.
var leases = []time.Duration{time.Microsecond, time.Hour}

func (p *pair) take() {
	id, driver, lease := pick(p, p.ids), uuid.New(), pick(p, leases)
	p.note("take %s", id)
	inMemory := p.memory.takeNow(id, driver, lease)
	s, err := p.database.take(p.t.Context(), id, driver, lease)
	if err != nil && !errors.Is(err, errBusy) {
		p.t.Fatal(err)
	}
	p.same("take", inMemory, err == nil && s.EndedAt == nil)
	if inMemory {
		p.held = append(p.held, s)
	}
}

// save writes what a driver may have made of an act, or what nobody may.
func (p *pair) save() {
	s := clone(pick(p, p.held))
	now := p.memory.now()
	s.Status = pick(p, []Status{Pending, Pending, Done, Refused, Withdrawn, NeedsAttention})
	if s.Reach == All && p.rand.IntN(2) == 0 {
		s.Decision, s.DecidedAt = pick(p, []Decision{Confirm, Withdraw}), &now
	}
	if s.Status.ended() || p.rand.IntN(20) == 0 {
		s.EndedAt = &now
	}
	for i := range s.Agencies {
		s.Agencies[i].State, s.Agencies[i].ChangedAt = pick(p, []State{Asked, Proposed, PartDone, PartRefused,
			PartWithdrawn}), now
		s.Agencies[i].Reason = pick(p, []Code{"", Other})
		s.parts[i].sent = p.rand.IntN(2) == 0
	}
	lease := pick(p, append(leases, 0))
	p.note("save %s: %s %s", s.ID, s.Status, s.Decision)
	inMemory := p.memory.saveNow(clone(s), s.driver, lease, nil)
	inDatabase := p.database.save(p.t.Context(), s, s.driver, lease, nil)
	p.same("save", saved(inMemory), saved(inDatabase))
	if inMemory == nil {
		p.counts["ended"] += map[bool]int{true: 1}[s.EndedAt != nil]
		p.counts["decided"] += map[bool]int{true: 1}[s.Decision != ""]
	}
}

func saved(err error) string {
	switch {
	case errors.Is(err, errLost):
		return "lost"
	case err != nil:
		return "refused"
	}
	return "ok"
}

func (p *pair) release() {
	s := pick(p, p.held)
	p.note("release %s", s.ID)
	p.memory.releaseNow(s.ID, s.driver)
	p.database.release(p.t.Context(), s.ID, s.driver)
}

func (p *pair) find() {
	subject, key, name := pick(p, p.subjects), pick(p, p.keys), pick(p, []Name{simAll, simEach})
	p.note("find %x %s, %s", subject[:2], key, name)
	byKey, err := p.database.byKey(p.t.Context(), [][]byte{subject}, key)
	if err != nil {
		p.t.Fatal(err)
	}
	p.same("by key", p.memory.first(isOf(subject, key)) != nil, byKey != nil)
	pending, err := p.database.pending(p.t.Context(), [][]byte{subject}, name)
	if err != nil {
		p.t.Fatal(err)
	}
	p.same("pending", p.memory.first(p.memory.isPending(subject, name)) != nil, pending != nil)
}

// compare holds every act in one store against the same in the other, with its events, its
// job and its entry in the access log.
func (p *pair) compare() {
	for _, subject := range p.subjects {
		got, err := p.database.list(p.t.Context(), [][]byte{subject})
		if err != nil {
			p.t.Fatal(err)
		}
		want := p.memory.listNow(subject)
		for _, s := range want {
			if s.kept != nil {
				s.Kept = []byte("kept")
			}
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(saga{}, Record{}, part{}), cmpopts.EquateEmpty(),
			cmpopts.IgnoreFields(saga{}, "driver", "subjects", "digests"), cmpopts.EquateApproxTime(0)); diff != "" {
			p.t.Error(diff)
		}
	}
	type beside struct {
		Events []Status
		Jobs   int
	}
	want, got := map[uuid.UUID]beside{}, map[uuid.UUID]beside{}
	for _, r := range p.memory.rows {
		want[r.saga.ID] = beside{r.events, 1}
	}
	rows, err := p.database.Query(p.t.Context(),
		`select x.act, array(select status from portal.event e where e.act = x.act order by number),
		(select count(*) from portal.river_job where args ->> 'id' = x.act::text) from unnest($1::uuid[]) x (act)`, p.ids)
	if err != nil {
		p.t.Fatal(err)
	}
	var id uuid.UUID
	var one beside
	if _, err := pgx.ForEachRow(rows, []any{&id, &one.Events, &one.Jobs}, func() error {
		got[id] = beside{slices.Clone(one.Events), one.Jobs}
		return nil
	}); err != nil {
		p.t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		p.t.Error(diff)
	}
}
