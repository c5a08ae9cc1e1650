package agency

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
)

// errLocked says that somebody else is at work on what an act is about.
var errLocked = errors.New("what it is about is being changed by somebody else")

// unsent wraps what went wrong before anything was asked for.
type unsent struct{ error }

// Unwrap returns what went wrong.
func (u unsent) Unwrap() error { return u.error }

// Unsent says that nothing was asked for: the act has certainly not happened.
func Unsent(err error) bool {
	return errors.As(err, new(unsent)) || errors.Is(err, ErrNotFound) || errors.Is(err, errNotOffered)
}

// act runs do in a transaction that may write, and commits if it says so. It is not run
// again once the database has begun it: what became of it is then unknown. The zero scope is that of somebody
// who is not logged in.
func (r *Registry) act(ctx context.Context, code string, by caller.Scope, statements int,
	do func(context.Context, *Agency, pgx.Tx) (bool, error)) error {
	a, ok := r.byCode[code]
	if !ok {
		return ErrNotFound
	}
	var begun atomic.Bool
	notBegun := func(error) bool { return !begun.Load() }
	_, err := a.guard(ctx, notBegun, func(ctx context.Context) error {
		start := time.Now()
		conn, release, err := a.connect(ctx, !by.IsZero())
		if err != nil {
			return err
		}
		defer release()
		defer a.note(ctx, conn, tripsOf(conn.Conn()), statements, start)
		return locked(a.within(ctx, conn.Conn(), func() { begun.Store(true) }, do))
	})
	if f := fault.Of(err); err != nil && f.Code == fault.AgencyUnavailable {
		err = fault.New(fault.AgencyUnavailable, "%s does not answer now: ask again later, with the same key",
			a.facts.Name).At(code).Because(f.Cause)
	}
	if err != nil && !begun.Load() {
		return unsent{err}
	}
	return err
}

// within runs do between begin and commit. begun is called once the database has begun.
func (a *Agency) within(ctx context.Context, conn *pgx.Conn, begun func(),
	do func(context.Context, *Agency, pgx.Tx) (bool, error)) error {
	tx := &transaction{conn: conn, begin: a.begin(), begun: begun}
	keep, err := do(ctx, a, a.kept.Load().In(tx))
	if tx.failed != nil {
		return tx.failed
	}
	if ended := tx.end(ctx, keep && err == nil); err == nil {
		err = ended
	}
	return err
}

// locked marks errors that come of others' locks: lock_not_available, deadlock_detected.
func locked(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && (pg.Code == "55P03" || pg.Code == "40P01") {
		return errors.Join(errLocked, err)
	}
	return err
}
