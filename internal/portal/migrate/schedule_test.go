package migrate_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
)

// TestAcceptancesFromBeforeSchedules: migration 15 leaves what was accepted before as it is, a
// replica of the release before goes on beside it, and it can be taken back.
func TestAcceptancesFromBeforeSchedules(t *testing.T) {
	t.Parallel()
	db, conn, p := upTo(t, 14)
	const before = `insert into portal.acceptance (id, subject, key, digest, summary, status, decision, reason, created_at, decide_by, decided_at, ended_at)
		select gen_random_uuid(), sha256(status::bytea), gen_random_uuid(), sha256('d'), '{}', status, decision, '', at, at, at, at
		from (values ('CONFIRMED', 'CONFIRM', timestamptz '2026-03-02 12:00Z'), ('WITHDRAWN', 'WITHDRAW', '2026-03-02 12:00Z')) v (status, decision, at)`
	if _, err := conn.ExecContext(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	check := func(what, query string, want int) {
		t.Helper()
		var n int
		if err := conn.QueryRowContext(t.Context(), query).Scan(&n); err != nil || n != want {
			t.Errorf("%s: %d, want %d: %v", what, n, want, err)
		}
	}
	for range 2 {
		if _, err := p.UpTo(t.Context(), 16); err != nil {
			t.Fatal(err)
		}
		check("from before",
			`select count(*) from portal.acceptance where schedule is null and last_day is null and kept_from = ended_at`, 2)
		check("rules",
			`select count(*) from portal.retention_rule where name = 'acceptance' and age = 'kept_from' and days = 1095`, 1)
		if _, err := p.DownTo(t.Context(), 14); err != nil {
			t.Fatal(err)
		}
		check("rules", `select count(*) from portal.retention_rule where name = 'acceptance' and age = 'ended_at'`, 1)
	}
	if _, err := p.UpTo(t.Context(), 16); err != nil {
		t.Fatal(err)
	}
	service, err := pgx.Connect(t.Context(), db.RoleDSN(portal.Role))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close(t.Context())
	for _, sql := range []string{
		`insert into portal.acceptance (id, subject, key, digest, person, summary, status, created_at, decide_by, schedule, last_day)
			values (gen_random_uuid(), sha256('new'), gen_random_uuid(), sha256('d'), '', '{}', 'PENDING', now(), now(), 'sealed', current_date)`,
		// As the release before writes it, which knows of no schedule.
		`update portal.acceptance set status = 'WITHDRAWN', decision = 'WITHDRAW', decided_at = now(), ended_at = now(), person = null where status = 'PENDING'`,
	} {
		if _, err := service.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	check("withdrawn",
		`select count(*) from portal.acceptance where status = 'WITHDRAWN' and schedule is null and kept_from = ended_at`, 2)
}
