// Package pgtest gives a test a PostgreSQL database of its own in one line:
//
//	db := pgtest.New(t, pgtest.Template{Name: "portal", Hash: hash, Fill: migrate})
//	pool := db.Pool()
//
// The database is a copy of a template, which is filled once for all tests of
// all packages, and is dropped when the test ends. Tests may run in parallel,
// and so may the processes that `go test ./...` starts: they share one server
// ([pgcluster.Share]), which nobody has to start, stop or clean up after.
//
// No test is skipped. Where PostgreSQL is missing it is installed if that is
// allowed ([pgcluster.Ensure]), and otherwise the test fails.
//
// The search_path of every connection is empty, so that SQL which does not say
// its schema fails here and not one day in production. Roles belong to the
// server, not to a database: whoever fills a template creates them only if they
// are not there yet, and does not drop them.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
)

const (
	// linger bridges the pause between two packages, or two runs while working.
	linger = 30 * time.Second
	// patience is for what must end after the test, when its context has ended.
	patience = 2 * time.Minute
)

// cluster joins the shared server at the first call. The process never leaves
// it: the server notices when the process ends.
var cluster = sync.OnceValues(func() (*pgcluster.Cluster, error) {
	ctx := context.Background()
	if _, err := pgcluster.Ensure(ctx, nil); err != nil {
		return nil, err
	}
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	return pgcluster.Share(ctx, pgcluster.Options{Dir: dir}, linger)
})

// folder is where the shared server of this user lives.
func folder() (string, error) {
	dir := filepath.Join(parent(), fmt.Sprintf("oversikt-test-%d", os.Geteuid()))
	err := os.Mkdir(dir, 0o755)
	if err == nil {
		err = os.Chmod(dir, 0o755) // whatever the umask: the server may be another user's
	}
	if err != nil && !os.IsExist(err) {
		return "", fmt.Errorf("create test cluster folder: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", fmt.Errorf("check test cluster folder: %w", err)
	}
	if !info.IsDir() || info.Sys().(*syscall.Stat_t).Uid != uint32(os.Geteuid()) {
		return "", fmt.Errorf("%s is not a folder of user %d: delete it", dir, os.Geteuid())
	}
	return dir, nil
}

// DB is one test's own database.
type DB struct {
	t    testing.TB
	name string
	c    *pgcluster.Cluster
}

// New gives the test a database that is a copy of tmpl, and drops it when the
// test ends. The zero Template gives an empty database. It ends the test when
// there is no database to give.
func New(t testing.TB, tmpl Template) *DB {
	t.Helper()
	c, err := cluster()
	if err != nil {
		t.Fatalf("no test database: %v", err)
	}
	template, err := tmpl.ready(t.Context(), c)
	if err != nil {
		t.Fatalf("no test database: %v", err)
	}
	db := &DB{t: t, name: databaseName(t.Name()), c: c}
	if err := c.CreateDatabase(t.Context(), db.name, template); err != nil {
		t.Fatalf("no test database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := c.DropDatabase(ctx, db.name); err != nil {
			t.Errorf("test database is left: %v", err)
		}
	})
	return db
}

// Name returns the name of the database, which tells the test it is for.
func (db *DB) Name() string { return db.name }

// DSN returns the connection string for the superuser.
func (db *DB) DSN() string { return db.RoleDSN(pgcluster.Superuser) }

// RoleDSN returns the connection string for a role, which needs no password.
func (db *DB) RoleDSN(role string) string {
	return emptySearchPath(db.c.RoleDSN(role, db.name))
}

// Pool opens a pool as the superuser, which is closed when the test ends. Each
// change may alter the configuration first: a tracer, a role, a size.
func (db *DB) Pool(changes ...func(*pgxpool.Config)) *pgxpool.Pool {
	db.t.Helper()
	config, err := pgxpool.ParseConfig(db.DSN())
	if err != nil {
		db.t.Fatalf("configure pool: %v", err)
	}
	config.MaxConns = 4 // many tests share the server's connections
	for _, change := range changes {
		change(config)
	}
	pool, err := pgxpool.NewWithConfig(db.t.Context(), config)
	if err != nil {
		db.t.Fatalf("open pool: %v", err)
	}
	db.t.Cleanup(func() {
		// Close waits for every connection, for ever if one was not released.
		closed := make(chan struct{})
		go func() { pool.Close(); close(closed) }()
		select {
		case <-closed:
		case <-time.After(patience):
			db.t.Errorf("%d connections were not released", pool.Stat().AcquiredConns())
		}
	})
	return pool
}

// Conn opens one connection as the superuser, which is closed when the test
// ends. Each change may alter the configuration first.
func (db *DB) Conn(changes ...func(*pgx.ConnConfig)) *pgx.Conn {
	db.t.Helper()
	config, err := pgx.ParseConfig(db.DSN())
	if err != nil {
		db.t.Fatalf("configure connection: %v", err)
	}
	for _, change := range changes {
		change(config)
	}
	conn, err := pgx.ConnectConfig(db.t.Context(), config)
	if err != nil {
		db.t.Fatalf("connect: %v", err)
	}
	db.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		conn.Close(ctx)
	})
	return conn
}

// emptySearchPath adds the setting to a connection string, so that it holds for
// whoever connects with it.
func emptySearchPath(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		panic("pgcluster made a connection string that is no URL: " + err.Error())
	}
	q := u.Query()
	q.Set("search_path", "")
	u.RawQuery = q.Encode()
	return u.String()
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// databaseName is unique on the server and short enough for PostgreSQL.
func databaseName(test string) string {
	test = strings.Trim(notInName.ReplaceAllString(strings.ToLower(test), "_"), "_")
	return "t_" + test[:min(len(test), 40)] + "_" + strings.ToLower(rand.Text()[:12])
}
