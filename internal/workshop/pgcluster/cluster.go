// Package pgcluster runs a private PostgreSQL: one that belongs to a folder of
// the project, listens on a Unix socket alone, and is no other server's
// business. The demo keeps its data in one ([Open]); the tests of all packages
// share a throwaway one ([Share]), mostly through package pgtest.
//
// # Who can connect
//
// The server has no TCP port. Its socket lies in a folder of mode 0700 that
// belongs to the user it runs as, and inside that folder every role is trusted:
// the kernel keeps other users out, so a password would guard nothing.
//
// # Root
//
// PostgreSQL refuses to run as root. When root opens a cluster the server runs
// as the owner of the folder, else as "postgres", else as "nobody". When that
// user cannot reach the folder (a project below /root), the data goes to
// /var/lib/oversikt and the folder gets a link to it.
//
// # Who stops it
//
// A cluster of [Open] is started again when its server ends by itself or is killed, and says so. It
// ends with its process, also when that is killed: on Linux
// the kernel then tells the server to shut down, and elsewhere the next Open
// stops what was left. A cluster of [Share] ends by itself when no process has
// used it for a while.
package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Superuser is the role that owns every cluster, and Maintenance the database
// that each has from the start.
const (
	Superuser   = "postgres"
	Maintenance = "postgres"
)

// port names the socket file (.s.PGSQL.5432); nothing listens on TCP.
const port = "5432"

// ErrInUse is returned by [Open] when another live process has the folder open.
var ErrInUse = errors.New("another process has this database folder open")

// Options says where a cluster lives and how it is tuned.
type Options struct {
	// Dir is the folder of the cluster. It is created when missing, and then
	// holds the data, the log and the lock. It must not be shared with others.
	Dir string

	// Log receives what an operator should know; nil drops it.
	Log *slog.Logger

	// Settings are server settings (postgresql.conf names) on top of the
	// defaults, such as max_connections. They hold until the server stops.
	Settings map[string]string

	// BinDir is the folder with initdb and postgres. Empty takes the version
	// that made the data, or the newest that [FindBinaries] knows.
	BinDir string

	// fallback is the parent for data that cannot lie in Dir; tests move it.
	fallback string
}

// defaults serve a demo: the data survives a power cut, and query plans do not
// change their timing with JIT compilation.
var defaults = map[string]string{
	"cluster_name":    "oversikt",
	"jit":             "off",
	"lc_messages":     "C",
	"log_line_prefix": "%m [%p] %u@%d ",
	"log_timezone":    "UTC",
	"max_connections": "200",
	"timezone":        "UTC",
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.fallback == "" {
		o.fallback = "/var/lib/oversikt"
	}
	settings := maps.Clone(defaults)
	maps.Copy(settings, o.Settings)
	o.Settings = settings
	return o
}

// Cluster is a running server. Its methods may be called concurrently.
type Cluster struct {
	socket string // folder of the socket, absolute
	lock   *os.File
	keeper *keeper   // nil when the cluster is shared
	lease  *pgx.Conn // nil when it is not
	close  sync.Once
	err    error
}

// Open starts the cluster in o.Dir, which it creates at the first call, and
// returns when the server accepts connections. The caller must Close it.
//
// It returns [ErrNoBinaries] when PostgreSQL is not installed (see [Ensure])
// and [ErrInUse] when another live process has the folder open. A server that a
// killed process left behind in this folder is stopped first. No other server
// on the machine is touched.
func Open(ctx context.Context, o Options) (_ *Cluster, err error) {
	o = o.withDefaults()
	dir, err := makeDir(o.Dir)
	if err != nil {
		return nil, err
	}
	lock, err := tryLock(dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			lock.Close()
		}
	}()
	p, err := locate(dir, o)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			os.Remove(p.socket) // an empty folder that nobody would look for
		}
	}()
	if err := p.stopLeftover(); err != nil {
		return nil, err
	}
	if err := p.initialise(ctx); err != nil {
		return nil, err
	}
	srv, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	return &Cluster{socket: p.socket, lock: lock, keeper: keep(p, srv, o.Log)}, nil
}

// DSN returns the connection string for the superuser on a database. The empty
// name means [Maintenance].
func (c *Cluster) DSN(database string) string {
	return c.RoleDSN(Superuser, database)
}

// RoleDSN returns the connection string for a role on a database. It needs no
// password, and no PG* environment variable changes where it leads.
func (c *Cluster) RoleDSN(role, database string) string {
	if database == "" {
		database = Maintenance
	}
	u := url.URL{
		Scheme: "postgres",
		User:   url.User(role),
		Path:   "/" + database,
		RawQuery: url.Values{
			"host":    {c.socket},
			"port":    {port},
			"sslmode": {"disable"},
		}.Encode(),
	}
	return u.String()
}

// Close shuts the server down (a fast shutdown: open transactions are rolled
// back, the data is written) and gives the folder free. A shared cluster is
// only left: it stops itself later. Close may be called again.
func (c *Cluster) Close() error {
	c.close.Do(func() {
		if c.lease != nil {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			c.err = c.lease.Close(ctx)
			return
		}
		if err := c.keeper.stop(); err != nil {
			c.err = fmt.Errorf("stop postgres: %w", err)
		}
		// Only now may another process have the folder. The socket's own
		// folder is removed as a courtesy to whoever lists the temp folder.
		os.Remove(c.socket)
		c.lock.Close()
	})
	return c.err
}
