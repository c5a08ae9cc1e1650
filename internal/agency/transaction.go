package agency

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/fault"
)

// transaction begins with the first row that is asked for in it, in the same round trip. Nothing of it
// has happened before commit is sent.
type transaction struct {
	pgx.Tx // none: an act needs no more than what is below
	conn   *pgx.Conn
	begin  []string
	begun  func() // the database has begun it
	open   bool
	failed error // it could not be begun
}

// Conn is the connection, outside of the transaction until it has begun.
func (t *transaction) Conn() *pgx.Conn { return t.conn }

// QueryRow sends a statement, after what begins the transaction.
func (t *transaction) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if t.open {
		return t.conn.QueryRow(ctx, sql, args...)
	}
	var batch pgx.Batch
	for _, b := range t.begin {
		batch.Queue(b)
	}
	batch.Queue(sql, args...)
	return firstRow{t, t.conn.SendBatch(ctx, &batch)}
}

// SendBatch sends statements into the transaction, which has begun.
func (t *transaction) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return t.conn.SendBatch(ctx, b)
}

// end commits the transaction or rolls it back. One that has not begun leaves nothing.
func (t *transaction) end(ctx context.Context, keep bool) error {
	if !t.open {
		return nil
	}
	if !keep {
		_, _ = t.conn.Exec(ctx, "rollback") // the pool closes a connection that is still in a transaction
		return nil
	}
	done, err := t.conn.Exec(ctx, "commit")
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if done.String() == "ROLLBACK" {
		return fmt.Errorf("commit: %w", pgx.ErrTxCommitRollback)
	}
	return nil
}

// firstRow is the row of the statement that the transaction began with.
type firstRow struct {
	t       *transaction
	results pgx.BatchResults
}

// Scan reads what the beginning has answered first.
func (r firstRow) Scan(into ...any) error {
	for range r.t.begin {
		if _, err := r.results.Exec(); err != nil {
			_ = r.results.Close()
			return r.t.notBegun(err)
		}
	}
	r.t.open = true
	r.t.begun()
	err := r.results.QueryRow().Scan(into...)
	if closed := r.results.Close(); err == nil {
		err = closed
	}
	return err
}

// notBegun tells what stands in the way of the transaction from what the database has against the
// statement, which is prepared before.
func (t *transaction) notBegun(err error) error {
	pg, answered := errors.AsType[*pgconn.PgError](err)
	switch {
	case !answered:
		t.failed = fmt.Errorf("begin: %w", err)
	case pg.Code == "0A000":
		t.failed = fault.New(fault.SchemaMismatch, "the agency's database takes no changes: it is a standby").Because(err)
	}
	return err
}
