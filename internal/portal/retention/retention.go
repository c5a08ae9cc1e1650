// Package retention deletes what has been kept long enough. How long stands in the table
// portal.retention_rule and not in code. Only the owner of the database changes the table, and
// portal.retain applies it with the owner's rights. The service's own role cannot shorten a
// rule, and cannot delete from append-only tables.
package retention

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
)

var (
	//go:embed sql/due.sql
	dueSQL string
	//go:embed sql/lock.sql
	lockSQL string
	//go:embed sql/unlock.sql
	unlockSQL string
	//go:embed sql/rules.sql
	rulesSQL string
	//go:embed sql/retain.sql
	retainSQL string
	//go:embed sql/note.sql
	noteSQL string
)

const (
	atOnce  = 5000      // rows of one transaction
	every   = time.Hour // how often a replica looks whether today's run has been made
	patient = "60s"     // a statement's time; the pool's own is for people who wait
)

// Job follows the retention schedule. Any number of replicas may have one: one of them runs at a
// time, and there is one run a day.
type Job struct {
	Portal *portal.DB // as portal.Role
	Clock  func() time.Time
	Log    *slog.Logger
	Also   []Sweep // what is kept elsewhere, after the rules
}

// Sweep takes away what the portal database does not know any more.
type Sweep struct {
	Name string // as a rule's
	Run  func(ctx context.Context, now time.Time) (removed int64, err error)
}

// Deleted is what a run did by one rule. Of the access log it counts months, else rows.
type Deleted struct {
	Rule string
	N    int64
}

// Keep makes today's run, unless it has been made or another replica is doing it. Days are
// Norway's. It does so now and every hour, until the context ends. A run that fails is logged
// and tried again an hour later.
func (j *Job) Keep(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, _, err := j.Daily(ctx); err != nil && ctx.Err() == nil {
			j.Log.Error("the retention schedule was not kept", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Daily makes today's run; ran is false where it has been made already, or is being made.
func (j *Job) Daily(ctx context.Context) (done []Deleted, ran bool, err error) {
	return j.run(ctx, norway.DateOf(j.Clock()))
}

// Now makes a run, whether or not there has been one today; ran is false while another replica
// is doing one.
func (j *Job) Now(ctx context.Context) (done []Deleted, ran bool, err error) { return j.run(ctx, 0) }

// runTime ends a run on a line that is silent. What it has not deleted, the next one does.
const runTime = time.Hour

// run makes a run unless one has been made on the day.
func (j *Job) run(ctx context.Context, day norway.Date) (done []Deleted, ran bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	conn, err := j.Portal.Acquire(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("retention: connect: %w", err)
	}
	defer conn.Release()
	var locked bool
	if err := conn.QueryRow(ctx, lockSQL).Scan(&locked); err != nil || !locked {
		return nil, false, wrap("lock", err)
	}
	defer func() {
		// A connection that cannot be unlocked takes the lock with it.
		ctx, cancel := j.Portal.Bounded(context.WithoutCancel(ctx))
		defer cancel()
		if _, failed := conn.Exec(ctx, unlockSQL); failed != nil {
			_ = conn.Conn().Close(ctx)
		}
	}()
	if day != 0 {
		var isDue bool
		since := time.Date(day.Time().Year(), day.Time().Month(), day.Time().Day(), 0, 0, 0, 0, norway.Oslo)
		if err := conn.QueryRow(ctx, dueSQL, pgx.NamedArgs{"since": since}).Scan(&isDue); err != nil || !isDue {
			return nil, false, wrap("look for a run", err)
		}
	}
	done, err = j.all(ctx, conn.Conn(), j.Clock())
	return done, err == nil, err
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("retention: %s: %w", what, err)
}

// all follows every rule. A rule that fails does not hold the others up. It leaves its part of
// today's run undone, and the next hour tries again.
func (j *Job) all(ctx context.Context, conn *pgx.Conn, at time.Time) ([]Deleted, error) {
	rows, err := conn.Query(ctx, rulesSQL)
	if err != nil {
		return nil, wrap("read rules", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, wrap("read rules", err)
	}
	done := make([]Deleted, len(names))
	var failed error
	for i, name := range names {
		done[i].Rule = name
		if done[i].N, err = keep(ctx, conn, name, at); err != nil && failed == nil {
			failed = fmt.Errorf("retention: rule %s: %w", name, err)
		}
	}
	for _, s := range j.Also {
		n, err := s.Run(ctx, at)
		done = append(done, Deleted{s.Name, n})
		if err != nil && failed == nil {
			failed = fmt.Errorf("retention: %s: %w", s.Name, err)
		}
	}
	if failed != nil {
		return done, failed
	}
	return done, j.write(ctx, conn, at, done)
}

// keep deletes what one rule says, so many rows at once that nobody waits for their locks.
func keep(ctx context.Context, conn *pgx.Conn, rule string, at time.Time) (total int64, err error) {
	for {
		var n int64
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "set local statement_timeout = '"+patient+"'"); err != nil {
				return err
			}
			return tx.QueryRow(ctx, retainSQL, pgx.NamedArgs{"rule": rule, "as_of": at, "most": atOnce}).Scan(&n)
		})
		total += n
		if err != nil || n < atOnce {
			return total, err
		}
	}
}

// write notes the run, whole, and says in one line what it has removed.
func (j *Job) write(ctx context.Context, conn *pgx.Conn, at time.Time, done []Deleted) error {
	var removed []any
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, d := range done {
			if _, err := tx.Exec(ctx, noteSQL, pgx.NamedArgs{"ran_at": at, "rule": d.Rule, "deleted": d.N}); err != nil {
				return err
			}
			if d.N > 0 {
				removed = append(removed, slog.Int64(d.Rule, d.N))
			}
		}
		return nil
	})
	if err != nil {
		return wrap("note the run", err)
	}
	j.Log.Info("retention", "rules", len(done), slog.Group("removed", removed...))
	return nil
}
