package attorney_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/caller"
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
			"id": uuid.New(), "act": uuid.New(), "agency": people.Fjord,
			"people": [][]byte{make([]byte, 32)}, "org_number": "987654325",
			"now": time.Now(), "staff": true,
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
		"delete from portal.power_of_attorney_act", "delete from portal.power_of_attorney",
		"truncate portal.power_of_attorney cascade",
		"update portal.power_of_attorney set may_act = true",
		"update portal.power_of_attorney set valid_until = '2027-12-31'",
		"update portal.power_of_attorney set sealed = ''", "update portal.power_of_attorney set document = null",
		"update portal.power_of_attorney_act set act = power", "update portal.act_agency set agency = 'x'",
	} {
		if _, err := w.pool.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", sql, err)
		}
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
