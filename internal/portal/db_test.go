package portal_test

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestSilentLine: whatever is asked ends when the time is up, though nobody bounds it: the line
// falls silent before, and in the middle of a transaction.
func TestSilentLine(t *testing.T) {
	t.Parallel()
	const patience = 300 * time.Millisecond
	ctx := context.Background() //nolint:usetesting // one without an end
	select1 := func(db interface {
		SendBatch(context.Context, *pgx.Batch) pgx.BatchResults
	}) error {
		var b pgx.Batch
		b.Queue("select 1")
		return db.SendBatch(ctx, &b).Close()
	}
	rows := func(found pgx.Rows, err error) error {
		if err == nil {
			_, err = pgx.CollectRows(found, pgx.RowTo[int])
		}
		return err
	}
	within := func(do func(pgx.Tx) error) func(*portal.DB, func()) error {
		return func(db *portal.DB, silence func()) error {
			tx, err := db.Begin(ctx)
			if err != nil {
				return fmt.Errorf("it did not begin: %w", err)
			}
			defer func() { _ = tx.Rollback(ctx) }()
			silence()
			return do(tx)
		}
	}
	for name, do := range map[string]func(db *portal.DB, silence func()) error{
		"exec": func(db *portal.DB, silence func()) error {
			silence()
			_, err := db.Exec(ctx, "select 1")
			return err
		},
		"query": func(db *portal.DB, silence func()) error { silence(); return rows(db.Query(ctx, "select 1")) },
		"row": func(db *portal.DB, silence func()) error {
			silence()
			return db.QueryRow(ctx, "select 1").Scan(new(int))
		},
		"batch": func(db *portal.DB, silence func()) error { silence(); return select1(db) },
		"ping":  func(db *portal.DB, silence func()) error { silence(); return db.Ping(ctx) },
		"begin": func(db *portal.DB, silence func()) error { silence(); _, err := db.Begin(ctx); return err },

		"exec within":  within(func(tx pgx.Tx) error { _, err := tx.Exec(ctx, "select 1"); return err }),
		"query within": within(func(tx pgx.Tx) error { return rows(tx.Query(ctx, "select 1")) }),
		"row within":   within(func(tx pgx.Tx) error { return tx.QueryRow(ctx, "select 1").Scan(new(int)) }),
		"batch within": within(func(tx pgx.Tx) error { return select1(tx) }),
		"commit":       within(func(tx pgx.Tx) error { return tx.Commit(ctx) }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.New(t, pgtest.Template{Name: "portal_line", Hash: "1",
				Fill: func(context.Context, *pgx.Conn) error { return nil }})
			u, err := url.Parse(db.DSN())
			if err != nil {
				t.Fatal(err)
			}
			to, err := line.Open(filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = to.Close() })
			user := u.User.Username()
			dsn := fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", to.Dir(), user, db.Name())
			own, err := portal.Open(dsn, patience)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = to.Set(line.Quality{Down: true}); own.Close() })
			for end := time.Now().Add(time.Minute); own.Ping(ctx) != nil && time.Now().Before(end); {
				time.Sleep(10 * time.Millisecond)
			}
			start := time.Now()
			err = do(own, func() { start = time.Now(); _ = to.Set(line.Quality{Silent: true}) })
			if took := time.Since(start); err == nil || took > 20*patience {
				t.Errorf("%v after %s", err, took)
			}
		})
	}
}
