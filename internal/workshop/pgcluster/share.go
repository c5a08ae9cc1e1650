package pgcluster

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

//go:embed watch.sql
var watchSQL string

// throwaway are the settings of a cluster whose data nobody will miss. Without
// autovacuum nothing but the tests touches their databases.
var throwaway = map[string]string{
	"autovacuum":         "off",
	"checkpoint_timeout": "1h",
	"fsync":              "off",
	"log_checkpoints":    "off",
	"full_page_writes":   "off",
	"max_connections":    "1000",
	"max_wal_senders":    "0",
	"max_wal_size":       "4GB",
	"synchronous_commit": "off",
	"wal_level":          "minimal",
}

// Share joins the throwaway cluster in o.Dir, which any number of processes use
// at once, and starts it when it does not run. It begins empty each time it is
// started, writes nothing to be safe from a power cut, and stops by itself when
// for linger no process has had it open. Close leaves it.
//
// A process that is killed leaves it too: what counts is its connection.
func Share(ctx context.Context, o Options, linger time.Duration) (*Cluster, error) {
	settings := maps.Clone(throwaway)
	maps.Copy(settings, o.Settings)
	o.Settings = settings
	o = o.withDefaults()
	dir, err := makeDir(o.Dir)
	if err != nil {
		return nil, err
	}
	// The lock is held while joining only: then nobody else starts or stops.
	lock, err := openLock(dir)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	if err := waitLock(ctx, lock); err != nil {
		return nil, fmt.Errorf("lock database folder: %w", err)
	}
	p, err := locate(dir, o)
	if err != nil {
		return nil, err
	}
	c := &Cluster{socket: p.socket}
	if err := c.joinRunning(ctx, p, linger); err == nil {
		return c, nil
	} else if busy(err) {
		return nil, err
	}
	// What still runs is on its way out, or of no use.
	if err := p.restart(ctx); err != nil {
		return nil, err
	}
	if err := c.joinRunning(ctx, p, linger); err != nil {
		return nil, err
	}
	return c, nil
}

var errStopped = errors.New("the server does not run")

// joinRunning joins the server that runs, again and again while it is busy.
func (c *Cluster) joinRunning(ctx context.Context, p *place, linger time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		if p.running() == 0 {
			return errStopped
		}
		err := c.join(ctx, linger)
		if err == nil || !busy(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * tick):
		}
	}
}

// busy says that a server could not be joined for want of time or of a connection. Others
// use it, and would lose it if it were replaced.
func busy(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "53300" || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// join takes a lease: a connection with a shared advisory lock, which ends with
// this process. The watch stops the server only with the lock all to itself, so
// a lease once taken is safe, and one that comes too late is refused.
func (c *Cluster) join(ctx context.Context, linger time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	lease, err := pgx.Connect(ctx, c.DSN(Maintenance))
	if err != nil {
		return fmt.Errorf("join shared cluster: %w", err)
	}
	_, err = lease.Exec(ctx, "SELECT pg_catalog.pg_advisory_lock_shared(1)")
	if err == nil {
		err = c.watch(ctx, linger)
	}
	if err != nil {
		lease.Close(ctx)
		return fmt.Errorf("join shared cluster: %w", err)
	}
	c.lease = lease
	return nil
}

// watch sends the statement that stops an unused server, and leaves it running
// there: a server process does not look at its connection before its statement
// is done. Every process sends it, one is in force; so it is there again should
// it ever be lost.
func (c *Cluster) watch(ctx context.Context, linger time.Duration) error {
	conn, err := pgx.Connect(ctx, c.DSN(Maintenance))
	if err != nil {
		return err
	}
	raw, err := conn.PgConn().Hijack()
	if err != nil {
		return errors.Join(err, conn.Close(ctx))
	}
	seconds := strconv.FormatFloat(linger.Seconds(), 'f', 3, 64)
	raw.Frontend.Send(&pgproto3.Query{String: strings.ReplaceAll(watchSQL, "@linger", seconds)})
	return errors.Join(raw.Frontend.Flush(), raw.Conn.Close())
}

// restart starts the server on new data.
func (p *place) restart(ctx context.Context) error {
	if err := p.stopLeftover(); err != nil {
		return err
	}
	if err := os.RemoveAll(p.data); err != nil {
		return fmt.Errorf("remove old data: %w", err)
	}
	if err := p.initialise(ctx); err != nil {
		return err
	}
	return p.detach(ctx)
}

// detach starts the server as nobody's child and waits until it is ready: the
// shell in between ends at once, so no process has to wait for the server.
func (p *place) detach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	logFile, err := p.openLog()
	if err != nil {
		return err
	}
	defer logFile.Close()
	const script = `"$@" </dev/null >&3 2>&3 3>&- & echo $!`
	cmd := p.command(ctx, "postgres", p.serverArgs()...)
	cmd.Args = append([]string{"sh", "-c", script, "sh", cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	cmd.ExtraFiles = []*os.File{logFile}
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		return fmt.Errorf("start postgres: read its process number: %w", err)
	}
	// A server that failed is gone, or a zombie where nobody collects them; one
	// that was just forked is not yet to be recognised.
	settled := time.Now().Add(patience)
	return p.waitReady(ctx, pid, func() bool {
		gone := errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
		return gone || (time.Now().After(settled) && !isPostmaster(pid, p.data))
	})
}
