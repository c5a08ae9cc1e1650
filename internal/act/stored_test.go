package act_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
)

// TestStoredTogether: an act is stored with the entry of the access log, its own rows, its
// job and its event, or none of them is.
func TestStoredTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	conn := w.Portal.Conn()
	if _, err := conn.Exec(t.Context(), "create table portal.own (id uuid); grant insert on portal.own to oversikt_portal"); err != nil {
		t.Fatal(err)
	}
	errOwn := errors.New("its own rows cannot be written")
	var fails error
	storing := *accepting
	storing.Plan = func(ctx context.Context, by act.By, in plan) (act.Plan, error) {
		p, err := accepting.Plan(ctx, by, in)
		p.Store = func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, "insert into portal.own values ($1)", by.ID)
			return errors.Join(err, fails)
		}
		return p, err
	}
	count := func() (n [5]int) {
		t.Helper()
		err := conn.QueryRow(t.Context(), `select (select count(*) from portal.act), (select count(*) from portal.access_log),
			(select count(*) from portal.own), (select count(*) from portal.river_job),
			(select count(*) from portal.event where status = 'PENDING')`).Scan(&n[0], &n[1], &n[2], &n[3], &n[4])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for name, tc := range map[string]struct {
		reason string
		fails  error
		key    uuid.UUID
		more   int
	}{
		"its own rows fail": {"then there is nothing", errOwn, uuid.New(), 0},
		"faults":            {"then there is nothing, and the person can mend it", act.Wrong(act.NotFound, "x"), uuid.New(), 0},
		"all is well":       {"then there is one of each", nil, uuid.New(), 1},
	} {
		before := count()
		fails, s.plan.IdempotencyKey = tc.fails, tc.key
		_, err := storing.Perform(t.Context(), w.engine(nil), act.By{Principal: s.principal()}, s.plan)
		var faults act.Faults
		mendable := errors.As(err, &faults)
		if (err == nil) != (tc.fails == nil) || mendable != errors.As(tc.fails, &faults) {
			t.Errorf("%s: %v: %s", name, err, tc.reason)
		}
		after := count()
		for i := range after {
			if after[i] != before[i]+tc.more {
				t.Errorf("%s: before %v, after %v: %s", name, before, after, tc.reason)
				break
			}
		}
	}
}
