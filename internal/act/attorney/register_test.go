package attorney_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// queries counts the statements that are sent.
type queries struct{ n atomic.Int64 }

func (q *queries) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	q.n.Add(1)
	return ctx
}

func (*queries) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TestActCosts: acting is one statement, whatever comes of it; who cannot act costs none.
func TestActCosts(t *testing.T) {
	t.Parallel()
	var q queries
	w := newWorld(t, func(c *pgxpool.Config) { c.ConnConfig.Tracer = &q })
	r := w.register(people.Fjord, people.Lita)
	id := w.give(r).ID
	acting, err := r.Act(t.Context(), per(), id)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		p    caller.Principal
		id   uuid.UUID
		cost int64
		ok   bool
	}{
		"in force":      {per(), id, 1, true},
		"unknown":       {per(), uuid.New(), 1, false},
		"another's":     {person(1), id, 1, false},
		"under another": {acting, id, 0, false},
		"nobody":        {caller.Principal{}, id, 0, false},
	} {
		before := q.n.Load()
		p, err := r.Act(t.Context(), tc.p, tc.id)
		if (err == nil) != tc.ok || !tc.ok && !errors.Is(err, caller.ErrNoAuthority) || q.n.Load()-before != tc.cost {
			t.Errorf("%s: %d statements, %v", name, q.n.Load()-before, err)
		}
		if a, _ := p.Authority(); tc.ok && (a.ID != id.String() || p.Scope().NationalID() != kari().NationalID ||
			!cmp.Equal(a.Agencies, []string{people.Fjord, people.Lita})) {
			t.Errorf("%s: acts under %s at %v", name, a.ID, a.Agencies)
		}
	}
}

// TestReadsRideOnIndexes: no request reads the whole table, however large it is.
func TestReadsRideOnIndexes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	conn := w.own.Conn()
	if _, err := conn.Exec(t.Context(), "set enable_seqscan = off"); err != nil {
		t.Fatal(err)
	}
	for name, sql := range attorney.Reads {
		rows, err := conn.Query(t.Context(), "explain "+sql, pgx.NamedArgs{
			"id": nil, "key": uuid.New(), "grantor": make([]byte, 32), "attorney": make([]byte, 32), "org_number": "987654325",
			"now": nil, "staff": true,
		})
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		plan := strings.Join(lines, "\n")
		if err != nil || strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "Disabled") {
			t.Errorf("%s: %v\n%s", name, err, plan)
		}
	}
}

// TestRole: the service can end a power, and do nothing else to one that was given.
func TestRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.give(w.register(people.Fjord))
	for _, sql := range []string{
		"delete from portal.power_of_attorney_agency", "delete from portal.power_of_attorney",
		"truncate portal.power_of_attorney cascade",
		"update portal.power_of_attorney set may_act = true",
		"update portal.power_of_attorney set valid_until = '2027-12-31'",
		"update portal.power_of_attorney set sealed = ''", "update portal.power_of_attorney set document = null",
		"update portal.power_of_attorney_agency set agency = 'x'",
	} {
		if _, err := w.pool.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// TestToldOnce: an agency is told once by any number of replicas.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	replicas := []*attorney.Register{w.register(people.Fjord, people.Lita), w.register(people.Fjord, people.Lita)}
	id := w.give(replicas[0]).ID
	w.exec("update portal.power_of_attorney_agency set told_at = null, agency_key = null, attempts = 0, next_at = '2026-01-01', give_key = gen_random_uuid()")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if err := replicas[i%2].Deliver(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var attempts int
	if err := w.own.Conn().QueryRow(t.Context(),
		"select sum(attempts) from portal.power_of_attorney_agency").Scan(&attempts); err != nil || attempts != 2 {
		t.Errorf("%d attempts at two agencies: %v", attempts, err)
	}
	want := map[string]attorney.Knowledge{people.Fjord: attorney.Told, people.Lita: attorney.Told}
	if diff := cmp.Diff(want, w.known(replicas[0], id)); diff != "" {
		t.Error(diff)
	}
}

// TestCrashWhileTelling: a process that ends between telling an agency and noting it leaves
// a lease; when that ends, the agency is told again, and has the power once.
func TestCrashWhileTelling(t *testing.T) {
	t.Parallel()
	for name, revoked := range map[string]bool{"in force": false, "revoked meanwhile": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			r := w.register(people.Fjord)
			id := w.give(r).ID
			w.exec("update portal.power_of_attorney_agency set told_at = null, agency_key = null, attempts = 1, next_at = $1",
				w.clock().Add(attorney.Lease))
			want := attorney.Told
			if revoked {
				want = attorney.RevocationTold
				if _, err := r.Revoke(t.Context(), kari(), uuid.New(), id); err != nil {
					t.Fatal(err)
				}
			} else {
				if err := r.Deliver(t.Context()); err != nil || w.known(r, id)[people.Fjord] != attorney.Untold {
					t.Errorf("it is taken from who has leased it: %v", err)
				}
				w.pass(attorney.Lease)
				if err := r.Deliver(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := w.known(r, id)[people.Fjord]; got != want {
				t.Errorf("the agency: %s, want %s", got, want)
			}
			if n := w.there(people.Fjord, "true"); n != 1 {
				t.Errorf("the agency has %d", n)
			}
			if n := w.there(people.Fjord, "revoked_at is null"); (n == 0) != revoked {
				t.Errorf("the agency has %d in force", n)
			}
		})
	}
}

// TestLaterAgency: who gave a power for everything gave it for agencies that come later.
func TestLaterAgency(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all, single := w.give(w.register(people.Fjord)), input()
	r := w.register(people.Fjord, people.Lita)
	single.Agencies = []debt.Key{{Kind: debt.KindAgency, Agency: people.Fjord}}
	limited, err := r.Give(t.Context(), kari(), single)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.known(r, all.ID)[people.Lita]; got != attorney.Told {
		t.Errorf("the later agency: %q", got)
	}
	if _, told := w.known(r, limited.ID)[people.Lita]; told || w.there(people.Lita, "true") != 1 {
		t.Error("it is told of a power that does not cover it")
	}
	acting, err := r.Act(t.Context(), per(), all.ID)
	if err != nil || !acting.Scope().Covers(people.Lita) {
		t.Errorf("the power does not cover it: %v", err)
	}
}

// TestRevokedBeforeTold: an agency that has never heard of a power is not told of its end.
func TestRevokedBeforeTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord)
	id := w.give(r).ID
	w.exec("update portal.power_of_attorney_agency set told_at = null, agency_key = null, attempts = 0, next_at = now(), give_key = gen_random_uuid()")
	before := w.there(people.Fjord, "true")
	revoked, err := r.Revoke(t.Context(), kari(), uuid.New(), id)
	if err != nil || len(revoked.Told) != 1 || revoked.Told[0].Knowledge != attorney.NotNeeded {
		t.Errorf("%+v, %v", revoked.Told, err)
	}
	if after := w.there(people.Fjord, "true"); after != before {
		t.Errorf("the agency has %d, not %d", after, before)
	}
}

// TestRun tells at each tick and ends with its context.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord)
	id := w.give(r).ID
	w.exec("update portal.power_of_attorney_agency set told_at = null, next_at = $1", w.clock().Add(time.Hour))
	ctx, cancel := context.WithCancel(t.Context())
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() {
		r.Run(ctx, ticks)
		close(done)
	}()
	ticks <- time.Time{} // the pass at the start is over
	w.pass(time.Hour)
	ticks <- time.Time{}
	ticks <- time.Time{} // and so is the one of the tick before
	if got := w.known(r, id)[people.Fjord]; got != attorney.Told {
		t.Errorf("after an hour: %s", got)
	}
	cancel()
	<-done
}

// TestLogNamesNobody: what goes wrong is logged without whom it is about.
func TestLogNamesNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord)
	var ids []uuid.UUID
	for _, body := range []string{
		"language plpgsql as 'begin raise exception ''% to %'', $1, $2; end'",
		"language sql as 'select (core.answer(''INVALID_INPUT'', null)).*'",
	} {
		_, err := w.cores[people.Fjord].Conn().Exec(t.Context(), `drop function oversikt_rules.give_power_of_attorney;
			create function oversikt_rules.give_power_of_attorney(jsonb, jsonb, out status text, out reason text, out result jsonb) `+body)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, w.give(r).ID)
		if text := w.log.String(); text == "" || strings.Contains(text, kari().NationalID.Reveal()) ||
			strings.Contains(text, per().NationalID.Reveal()) || strings.Contains(text, "Nordvik") {
			t.Errorf("the log says: %s", text)
		}
	}
	if broken, refused := w.known(r, ids[0])[people.Fjord], w.known(r, ids[1])[people.Fjord]; broken != attorney.Untold ||
		refused != attorney.Refused {
		t.Errorf("an agency that fails: %s, one that refuses: %s", broken, refused)
	}
}

// BenchmarkAct is what a request under a power waits for beyond others.
func BenchmarkAct(b *testing.B) {
	w := newWorld(b)
	r := w.register(people.Fjord)
	id, p := w.give(r).ID, per()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Act(b.Context(), p, id); err != nil {
			b.Fatal(err)
		}
	}
}

// TestRevokedWhileTelling: an agency that takes its time to note a power holds up neither
// the revocation nor what it knows in the end.
func TestRevokedWhileTelling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord)
	watch := w.cores[people.Fjord].Conn()
	// It can be read, as new connections do, and not be written to.
	slow, err := w.cores[people.Fjord].Conn().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := slow.Exec(t.Context(), "lock table core.power_of_attorney in share mode"); err != nil {
		t.Fatal(err)
	}
	until := func(conn *pgx.Conn, query string) {
		t.Helper()
		for found := false; !found; {
			if err := conn.QueryRow(t.Context(), query).Scan(&found); err != nil {
				t.Fatal(err)
			}
		}
	}
	in := input()
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := r.Give(t.Context(), kari(), in); err != nil {
			t.Error(err)
		}
	})
	until(watch,
		"select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%give_power_of_attorney%')")
	given, err := r.Given(t.Context(), kari())
	if err != nil || len(given) != 1 {
		t.Fatal(given, err)
	}
	id := given[0].ID
	if _, err := r.Act(t.Context(), per(), id); err != nil {
		t.Errorf("it is not in force before the agency knows: %v", err)
	}
	wg.Go(func() {
		if _, err := r.Revoke(t.Context(), kari(), uuid.New(), id); err != nil {
			t.Error(err)
		}
	})
	until(w.own.Conn(), "select exists (select from portal.power_of_attorney where revoked_at is not null)")
	if _, err := r.Act(t.Context(), per(), id); !errors.Is(err, caller.ErrNoAuthority) {
		t.Errorf("it is in force until the agency knows: %v", err)
	}
	if err := slow.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if got := w.known(r, id)[people.Fjord]; got != attorney.RevocationTold || w.there(people.Fjord, "true") != 1 ||
		w.there(people.Fjord, "revoked_at is null") != 0 {
		t.Errorf("the agency: %s, %d in force", got, w.there(people.Fjord, "revoked_at is null"))
	}
}
