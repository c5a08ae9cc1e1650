package throttle_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) {
	leaktest.Main(m)
}

var template = pgtest.Template{
	Name: "throttle", Hash: pgtest.Hash(os.DirFS("../migrate")),
	Fill: func(ctx context.Context, conn *pgx.Conn) error {
		_, err := migrate.Up(ctx, conn.Config().ConnString())
		return err
	},
}

// world is a portal database for any number of replicas, and a clock.
type world struct {
	t   *testing.T
	db  *pgtest.DB
	now atomic.Int64
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, db: pgtest.New(t, template)}
	w.now.Store(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC).UnixNano())
	return w
}

func (w *world) replica() *throttle.Throttle {
	w.t.Helper()
	return w.replicaAt(w.db.RoleDSN(portal.Role))
}

func (w *world) replicaAt(dsn string) *throttle.Throttle {
	w.t.Helper()
	pool, err := portal.Open(dsn, time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(pool.Close)
	secret, err := portal.NewSecret(bytes.Repeat([]byte{7}, portal.SecretSize))
	if err != nil {
		w.t.Fatal(err)
	}
	return throttle.New(pool, secret, func() time.Time { return time.Unix(0, w.now.Load()) })
}

func (w *world) take(on *throttle.Throttle, buckets ...throttle.Bucket) time.Duration {
	w.t.Helper()
	wait, err := on.Take(w.t.Context(), buckets...)
	if err != nil {
		w.t.Fatal(err)
	}
	return wait
}

func bucket(kind, name string, free int) throttle.Bucket {
	return throttle.Bucket{Kind: kind, Name: name, Policy: throttle.Policy{Free: free, Forget: time.Minute}}
}

// TestReplicas: what one replica counts, the other knows.
func TestReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.replica(), w.replica()
	here := bucket("login", "192.0.2.1", 2)
	for i, want := range []time.Duration{0, 0, time.Minute, time.Minute} {
		if wait := w.take([]*throttle.Throttle{first, second}[i%2], here); wait != want {
			t.Errorf("%d: wait %s, not %s", i, wait, want)
		}
	}
	if wait := w.take(first, bucket("login", "192.0.2.2", 2)); wait != 0 {
		t.Errorf("another address waits %s", wait)
	}
	if wait := w.take(first, bucket("status", "192.0.2.1", 2)); wait != 0 {
		t.Errorf("another kind waits %s", wait)
	}
	w.now.Add(int64(time.Minute))
	for _, want := range []time.Duration{0, time.Minute} {
		if wait := w.take(second, here); wait != want {
			t.Errorf("a minute later: wait %s, not %s", wait, want)
		}
	}
	if err := first.Forgive(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	w.now.Add(int64(time.Second)) // the other one has seen that it was full
	if wait := w.take(second, here); wait != 0 {
		t.Errorf("after one was forgiven: wait %s", wait)
	}
}

// TestAllOrNone: a bucket that is full keeps the others from being counted in.
func TestAllOrNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica()
	small, large := bucket("address", "a", 1), bucket("agency", "fjord", 3)
	for i, want := range []time.Duration{0, time.Minute, time.Minute, time.Minute} {
		if wait := w.take(r, large, small); wait != want {
			t.Errorf("%d: wait %s, not %s", i, wait, want)
		}
	}
	for i, want := range []time.Duration{0, 0, time.Minute} {
		if wait := w.take(r, bucket("address", fmt.Sprint("other", i), 1), large); wait != want {
			t.Errorf("other address %d: wait %s, not %s", i, wait, want)
		}
	}
}

// TestAtOnce: however many try at once, on however many replicas, no more get through.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	replicas := []*throttle.Throttle{w.replica(), w.replica()}
	var through atomic.Int32
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			own := bucket("address", fmt.Sprint(i), 1)
			both := []throttle.Bucket{own, bucket("agency", "fjord", 7)}
			if i%3 == 0 {
				both[0], both[1] = both[1], both[0] // the order does not matter, nor lock anybody out
			}
			wait, err := replicas[i%2].Take(t.Context(), both...)
			if err != nil {
				t.Error(err)
			}
			if wait == 0 {
				through.Add(1)
			}
		})
	}
	wg.Wait()
	if through.Load() != 7 {
		t.Errorf("%d got through, not 7", through.Load())
	}
}

// TestAtRest: the table names nobody, and keeps nothing that has lapsed.
func TestAtRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica()
	for i := range 50 {
		w.take(r, bucket("login", fmt.Sprintf("192.0.2.%d", i), 3))
	}
	var rows string
	if err := w.db.Conn().QueryRow(t.Context(),
		"select string_agg(t::text, '') from portal.throttle t").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(rows, "192.0.2") || strings.Contains(rows, fmt.Sprintf("%x", "192.0.2")) {
		t.Errorf("%s", rows)
	}
	w.now.Add(int64(time.Hour))
	for range 3 {
		w.take(r, bucket("login", "192.0.2.200", 3))
	}
	var left int
	if err := w.db.Conn().QueryRow(t.Context(), "select count(*) from portal.throttle").Scan(&left); err != nil ||
		left != 1 {
		t.Errorf("%d rows are left, %v", left, err)
	}
}

// TestFullIsRemembered: whoever goes on asking for what is full does not reach the database, nor
// wait for it, and is let in as soon as it is not full any more.
func TestFullIsRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, here := w.replica(), bucket("login", "192.0.2.1", 1)
	for i, want := range []time.Duration{0, time.Minute} {
		if wait := w.take(r, here); wait != want {
			t.Fatalf("%d: wait %s, not %s", i, wait, want)
		}
	}
	hold, err := w.db.Conn().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold.Exec(t.Context(), "lock table portal.throttle in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	w.now.Add(int64(100 * time.Millisecond))
	for range 1000 {
		if wait := w.take(r, bucket("status", "192.0.2.9", 5), here); wait != time.Minute-100*time.Millisecond {
			t.Fatalf("wait %s", wait)
		}
	}
	if err := hold.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Forgive(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	if wait := w.take(r, here); wait != 0 {
		t.Errorf("after one was forgiven: wait %s", wait)
	}
	w.take(r, here)
	if err := w.replica().Forgive(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	w.now.Add(int64(time.Second))
	if wait := w.take(r, here); wait != 0 {
		t.Errorf("a second after another replica forgave one: wait %s", wait)
	}
}

// TestCountingHasAPart: however much is counted at once, most of the portal's connections are left
// to others.
func TestCountingHasAPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica()
	hold, err := w.db.Conn().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold.Exec(t.Context(), "lock table portal.throttle in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	look := w.db.Conn()
	waiting := func() (n int) {
		if err := look.QueryRow(t.Context(), `select count(*) from pg_stat_activity
			where datname = current_database() and usename = $1 and wait_event_type = 'Lock'`, portal.Role).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() { _, _ = r.Take(t.Context(), bucket("login", fmt.Sprint(i), 1)) })
	}
	for end := time.Now().Add(time.Minute); waiting() < 4 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	for range 20 {
		if n := waiting(); n != 4 {
			t.Errorf("%d of 16 connections are in use", n)
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err := hold.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	all.Wait()
}

func TestDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replicaAt("host=/nowhere user=x dbname=x")
	if _, err := r.Take(t.Context(), bucket("login", "a", 1)); fault.Of(err).Code != fault.PortalUnavailable {
		t.Errorf("%v", err)
	}
	if err := r.Forgive(t.Context(), bucket("login", "a", 1)); fault.Of(err).Code != fault.PortalUnavailable {
		t.Errorf("%v", err)
	}
}
