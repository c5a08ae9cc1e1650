// Package migrate makes the schema of the portal database, and nothing else does. It is
// apart from package portal so that what only reads and writes the database links neither
// the library for migrations nor its drivers.
package migrate

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/tcp"
)

//go:embed sql/*.sql
var migrations embed.FS

// LockTimeout is how long a migration waits for a table that somebody uses. All who come later
// wait behind it, so it gives up soon, undoes what it has begun and can be run again.
const LockTimeout = 5 * time.Second

// Up brings the database up to date, the job queue's tables too, and returns how many
// migrations ran. It makes the service's role and its rights whole, whatever has run before: a
// dump brings no roles. Then it adds the rules that the retention schedule lacks; those that are
// there stay as they are, with the days that the owner of the database has given them.
func Up(ctx context.Context, dsn string, rules ...portal.Rule) (int, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return 0, fmt.Errorf("open portal database: %w", err)
	}
	if err := tcp.CheckPlain(&config.Config); err != nil {
		return 0, fmt.Errorf("open portal database: %w", err)
	}
	config.RuntimeParams["client_encoding"] = "UTF8" // what migrations and rules say, whatever the database is in
	config.RuntimeParams["lock_timeout"] = strconv.FormatInt(LockTimeout.Milliseconds(), 10)
	config.AfterConnect = func(_ context.Context, conn *pgconn.PgConn) error { return portal.Encoded(conn) }
	db := stdlib.OpenDB(*config) // goose speaks database/sql
	defer db.Close()
	files, err := fs.Sub(migrations, "sql")
	if err != nil {
		return 0, fmt.Errorf("portal migrations: %w", err)
	}
	// The name is qualified: nothing depends on a search path.
	store, err := database.NewStore(database.DialectPostgres, "public.oversikt_migration")
	if err != nil {
		return 0, fmt.Errorf("portal migrations: %w", err)
	}
	p, err := goose.NewProvider("", db, files, goose.WithStore(store))
	if err != nil {
		return 0, fmt.Errorf("portal migrations: %w", err)
	}
	unlock, err := alone(ctx, db)
	if err != nil {
		return 0, err
	}
	defer unlock()
	n, err := all(ctx, db, p, config, rules)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == lockNotAvailable {
		err = fmt.Errorf("a table was in use for %s, and nothing waits longer behind a migration: run it again: %w",
			LockTimeout, err)
	}
	return n, err
}

const lockNotAvailable = "55P03"

// all does what Up says, step by step, and returns how many migrations ran.
func all(ctx context.Context, db *sql.DB, p *goose.Provider, config *pgx.ConnConfig, rules []portal.Rule) (int, error) {
	if err := makeRole(ctx, db); err != nil {
		return 0, err
	}
	done, err := p.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("migrate portal database: %w", err)
	}
	jobs, err := migrateRiver(ctx, config)
	if err == nil {
		err = setRights(ctx, db)
	}
	if err == nil && len(rules) > 0 {
		err = addRules(ctx, config, rules)
	}
	return len(done) + jobs, err
}

// alone waits until nobody else migrates: several replicas may start together.
func alone(ctx context.Context, db *sql.DB) (unlock func(), err error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120)) // tries every second
	if err != nil {
		return nil, fmt.Errorf("portal migrations: %w", err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate portal database: %w", err)
	}
	if err := locker.SessionLock(ctx, conn); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate portal database: %w", err), conn.Close())
	}
	return func() {
		_ = locker.SessionUnlock(context.WithoutCancel(ctx), conn) // the connection's end unlocks as well
		_ = conn.Close()
	}, nil
}
