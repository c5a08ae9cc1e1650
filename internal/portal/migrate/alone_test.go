package migrate_test

import (
	"database/sql"
	"os"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// upTo returns a database at an earlier version, and what takes it further.
func upTo(t *testing.T, version int64) (*pgtest.DB, *sql.DB, *goose.Provider) {
	t.Helper()
	db := pgtest.New(t, pgtest.Template{})
	conn, err := sql.Open("pgx", db.DSN())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	store, err := database.NewStore(database.DialectPostgres, "public.oversikt_migration")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider("", conn, os.DirFS("sql"), goose.WithStore(store))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	return db, conn, p
}

// TestTwoOpenFromBefore: where a second act was stored while people looked into the first, the
// newest stands in the way of a third, and the first can still end.
func TestTwoOpenFromBefore(t *testing.T) {
	t.Parallel()
	_, conn, p := upTo(t, 20)
	store := func(status, decision, at string) error {
		_, err := conn.ExecContext(t.Context(), `insert into portal.act (id, subject, key, name, reach, cases, alone, status,
			decision, decided_at, created_at, decide_by, until) values (gen_random_uuid(), sha256('kari'), gen_random_uuid(),
			'ACCEPT_PAYMENT_SOLUTION', 'ALL', '{}', true, $1, nullif($2, ''), case when $2 <> '' then $3::timestamptz end,
			$3::timestamptz, $3::timestamptz, $3::timestamptz)`, status, decision, at)
		return err
	}
	for _, act := range [][3]string{{"NEEDS_ATTENTION", "CONFIRM", "2026-03-01"},
		{"NEEDS_ATTENTION", "WITHDRAW", "2026-03-02"}, {"PENDING", "", "2026-03-03"}} {
		if err := store(act[0], act[1], act[2]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if store("PENDING", "", "2026-03-04") == nil {
		t.Error("a third stands beside them")
	}
	for _, change := range []string{
		"set status = 'DONE', ended_at = now() where decision = 'CONFIRM'",
		"set decision = 'CONFIRM', decided_at = now(), status = 'NEEDS_ATTENTION' where decision is null",
	} {
		if _, err := conn.ExecContext(t.Context(), "update portal.act "+change); err != nil {
			t.Errorf("%s: %v", change, err)
		}
	}
	if store("PENDING", "", "2026-03-05") == nil {
		t.Error("one stands beside what needs attention")
	}
	_, err := conn.ExecContext(t.Context(),
		"update portal.act set status = 'DONE', ended_at = now() where ended_at is null and decision = 'CONFIRM'")
	if err != nil {
		t.Fatal(err)
	}
	if err := store("PENDING", "", "2026-03-06"); err != nil {
		t.Errorf("nothing stands in the way any more: %v", err)
	}
}
