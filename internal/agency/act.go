package agency

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

// Propose asks an agency to agree to its part of a solution. In the same transaction it
// then reads what is wanted of the caller's records, as they are now that nobody else can
// change the cases, and hands them to verify, whose error is returned as it is and leaves
// nothing at the agency. A proposal that the agency refuses, or that it has answered under
// that key before, is not verified.
//
// AGENCY_UNAVAILABLE leaves open whether the agency has noted the proposal: asking again
// with the same key tells, and Withdraw makes sure that it has not. An agency that is not
// known is NOT_FOUND.
func (r *Registry) Propose(ctx context.Context, code string, scope caller.Scope, key uuid.UUID, p debt.Proposal,
	want debt.Relations, verify func(debt.Part) error) (answer debt.ProposalAnswer, err error) {
	var refused error
	if !scope.Covers(code) {
		return answer, ErrNotFound
	}
	err = r.act(ctx, code, 1+core.Statements(want), func(ctx context.Context, a *Agency, tx pgx.Tx) (bool, error) {
		answered, repeated, err := core.Propose(ctx, tx, scope, key, p)
		answer = answered
		if err != nil || repeated || answer.Status != debt.ProposalProposed {
			return true, err
		}
		part, err := a.layout.Load().ReadWithin(ctx, tx, a.facts, core.Query{Scope: scope, Want: want, Today: r.Today()})
		if err != nil {
			return false, err
		}
		refused = verify(*part)
		return refused == nil, nil
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return debt.ProposalAnswer{}, err
	}
	return answer, nil
}

// Confirm puts a proposal into force. Errors are those of Propose.
func (r *Registry) Confirm(ctx context.Context, code string, scope caller.Scope, key uuid.UUID) (debt.ProposalAnswer,
	error) {
	return within(ctx, r, code, scope, func(ctx context.Context, q core.Querier) (debt.ProposalAnswer, error) {
		return core.Confirm(ctx, q, scope, key)
	})
}

// Withdraw undoes a proposal, also a confirmed one, and keeps one that is still on its way
// from being noted. Errors are those of Propose.
func (r *Registry) Withdraw(ctx context.Context, code string, scope caller.Scope, key uuid.UUID) (debt.ProposalAnswer,
	error) {
	return within(ctx, r, code, scope, func(ctx context.Context, q core.Querier) (debt.ProposalAnswer, error) {
		return core.Withdraw(ctx, q, scope, key)
	})
}

// within runs an act on what is in scope; where the scope covers nothing of the agency,
// it is NOT_FOUND.
func within[T any](ctx context.Context, r *Registry, code string, scope caller.Scope,
	do func(context.Context, core.Querier) (T, error)) (T, error) {
	if !scope.Covers(code) {
		var none T
		return none, ErrNotFound
	}
	return one(ctx, r, code, do)
}

// one runs an act that is one call of a function.
func one[T any](ctx context.Context, r *Registry, code string,
	do func(context.Context, core.Querier) (T, error)) (T, error) {
	var answer, none T
	err := r.act(ctx, code, 1, func(ctx context.Context, _ *Agency, tx pgx.Tx) (keep bool, err error) {
		answer, err = do(ctx, tx)
		return true, err
	})
	if err != nil {
		return none, err
	}
	return answer, nil
}

// errLocked says that somebody else is at work on what an act is about.
var errLocked = errors.New("what it is about is being changed by somebody else")

// unsent wraps what went wrong before anything was asked for.
type unsent struct{ error }

func (u unsent) Unwrap() error { return u.error }

// act runs do in a transaction that may write, and commits if it says so. It is not run
// again once do has begun: what became of it is then unknown.
func (r *Registry) act(ctx context.Context, code string, statements int,
	do func(context.Context, *Agency, pgx.Tx) (bool, error)) error {
	a, ok := r.byCode[code]
	if !ok {
		return ErrNotFound
	}
	notBegun := func(err error) bool { return errors.As(err, new(unsent)) }
	_, err := a.guard(ctx, notBegun, func(ctx context.Context) error {
		start := time.Now()
		conn, err := a.connect(ctx)
		if err != nil {
			return unsent{err}
		}
		defer conn.Release()
		defer a.note(ctx, conn, tripsOf(conn.Conn()), statements, start)
		return locked(a.within(ctx, conn.Conn(), do))
	})
	if f := fault.Of(err); err != nil && f.Code == fault.AgencyUnavailable {
		return fault.New(fault.AgencyUnavailable, "%s does not answer now: ask again later, with the same key",
			a.facts.Name).At(code).Because(f.Cause)
	}
	return err
}

// within runs do between begin and commit. Others' locks are waited for during half the
// deadline, so that a case that is locked for long does not look like an agency that is down.
func (a *Agency) within(ctx context.Context, conn *pgx.Conn,
	do func(context.Context, *Agency, pgx.Tx) (bool, error)) error {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{
		BeginQuery: fmt.Sprintf("begin isolation level read committed read write; set local lock_timeout = %d",
			(a.deadline / 2).Milliseconds()),
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "0A000" {
		return fault.New(fault.SchemaMismatch, "the agency's database takes no changes: it is a standby").Because(err)
	}
	if err != nil {
		return unsent{fmt.Errorf("begin: %w", err)}
	}
	keep, err := do(ctx, a, tx)
	if err != nil || !keep {
		_ = tx.Rollback(ctx) // the pool closes a connection that is still in a transaction
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// locked marks errors that come of others' locks: lock_not_available, deadlock_detected.
func locked(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && (pg.Code == "55P03" || pg.Code == "40P01") {
		return errors.Join(errLocked, err)
	}
	return err
}
