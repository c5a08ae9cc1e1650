package portal

import (
	"cmp"
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DB is the portal database, with the time that a request waits for an answer. Whatever is asked
// of it ends when that time is up, also where the line is silent: nobody has to think of it. See
// Bounded for several statements that share the time.
type DB struct {
	pool     *pgxpool.Pool
	patience time.Duration

	guard atomic.Pointer[guard]
}

// NewDB returns the database of a pool. A patience of 0 is DefaultPatience.
func NewDB(pool *pgxpool.Pool, patience time.Duration) *DB {
	return &DB{pool: pool, patience: cmp.Or(patience, DefaultPatience)}
}

// Bounded returns a context that ends when a request has waited long enough. Statements that are
// sent with it share the time.
func (db *DB) Bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, db.patience)
}

// Exec runs a statement that returns no rows.
func (db *DB) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	ctx, cancel := db.Bounded(ctx)
	defer cancel()
	return db.pool.Exec(ctx, sql, args...)
}

// Query runs a statement. Its rows are to be closed, and come within the time.
func (db *DB) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	ctx, cancel := db.Bounded(ctx)
	found, err := db.pool.Query(ctx, sql, args...)
	return rows{found, cancel}, err
}

// QueryRow runs a statement that returns a row, which is to be scanned.
func (db *DB) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	ctx, cancel := db.Bounded(ctx)
	return row{db.pool.QueryRow(ctx, sql, args...), cancel}
}

// Begin begins a transaction, which has to be over within the time.
func (db *DB) Begin(ctx context.Context) (pgx.Tx, error) {
	ctx, cancel := db.Bounded(ctx)
	t, err := db.pool.Begin(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	return tx{t, ctx, cancel}, nil
}

// Acquire returns a connection for a job that nobody waits for, within the time. What is sent on it
// is bounded by the job.
func (db *DB) Acquire(ctx context.Context) (*pgxpool.Conn, error) {
	ctx, cancel := db.Bounded(ctx)
	defer cancel()
	return db.pool.Acquire(ctx)
}

// SendBatch sends statements that are answered together; the results are to be closed.
func (db *DB) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	ctx, cancel := db.Bounded(ctx)
	return results{db.pool.SendBatch(ctx, b), cancel}
}

// Ping asks for nothing.
func (db *DB) Ping(ctx context.Context) error {
	ctx, cancel := db.Bounded(ctx)
	defer cancel()
	return db.pool.Ping(ctx)
}

// ConnConfig is how the pool connects.
func (db *DB) ConnConfig() *pgx.ConnConfig { return db.pool.Config().ConnConfig }

// MaxConns is how many connections there may be.
func (db *DB) MaxConns() int32 { return db.pool.Config().MaxConns }

// Jobs is the pool for jobs that nobody waits for, which bound their statements themselves.
func (db *DB) Jobs() *pgxpool.Pool { return db.pool }

// Close closes all connections.
func (db *DB) Close() { db.pool.Close() }

type rows struct {
	pgx.Rows
	end context.CancelFunc
}

// Close implements pgx.Rows.
func (r rows) Close() {
	r.Rows.Close()
	r.end()
}

type row struct {
	pgx.Row
	end context.CancelFunc
}

// Scan implements pgx.Row.
func (r row) Scan(to ...any) error {
	defer r.end()
	return r.Row.Scan(to...)
}

// tx is a transaction whose statements share the time, whatever context they are sent with.
type tx struct {
	pgx.Tx
	ctx context.Context
	end context.CancelFunc
}

func (t tx) within(ctx context.Context) (context.Context, context.CancelFunc) {
	until, _ := t.ctx.Deadline()
	return context.WithDeadline(ctx, until)
}

// Exec implements pgx.Tx.
func (t tx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	ctx, cancel := t.within(ctx)
	defer cancel()
	return t.Tx.Exec(ctx, sql, args...)
}

// Query implements pgx.Tx.
func (t tx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	ctx, cancel := t.within(ctx)
	found, err := t.Tx.Query(ctx, sql, args...)
	return rows{found, cancel}, err
}

// QueryRow implements pgx.Tx.
func (t tx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	ctx, cancel := t.within(ctx)
	return row{t.Tx.QueryRow(ctx, sql, args...), cancel}
}

// SendBatch implements pgx.Tx.
func (t tx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	ctx, cancel := t.within(ctx)
	return results{t.Tx.SendBatch(ctx, b), cancel}
}

// Commit implements pgx.Tx.
func (t tx) Commit(ctx context.Context) error {
	defer t.end()
	ctx, cancel := t.within(ctx)
	defer cancel()
	return t.Tx.Commit(ctx)
}

// Rollback implements pgx.Tx.
func (t tx) Rollback(ctx context.Context) error {
	defer t.end()
	ctx, cancel := t.within(ctx)
	defer cancel()
	return t.Tx.Rollback(ctx)
}

type results struct {
	pgx.BatchResults
	end context.CancelFunc
}

// Close implements pgx.BatchResults.
func (r results) Close() error {
	defer r.end()
	return r.BatchResults.Close()
}
