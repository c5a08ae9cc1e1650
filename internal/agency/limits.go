package agency

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// limit bounds what a connection may cost the agency, by its deadline. A limit that the agency's
// own DBA has set, for the role or the database, holds where it is smaller.
func (a *Agency) limit(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `
		select set_config(case when s.name = 'lock_timeout' then 'oversikt.lock_timeout' else s.name end,
		                  case when s.setting::bigint between 1 and l.ms then s.setting else l.ms::text end, false)
		from pg_catalog.pg_settings s
		join (values ('statement_timeout', $1::bigint), ('idle_in_transaction_session_timeout', $2),
		             ('lock_timeout', $3)) l (name, ms) on l.name = s.name`, pgx.QueryExecModeExec,
		a.statementTime().Milliseconds(), (a.deadline + 3500*time.Millisecond).Milliseconds(),
		a.patience().Milliseconds())
	if err != nil {
		return fmt.Errorf("set the limits of a connection: %w", err)
	}
	return nil
}

// statementTime is how long a statement may take: a little less than whoever asks waits, so that the
// database says in time which one it was, and the connection serves the next one.
func (a *Agency) statementTime() time.Duration { return a.deadline - a.deadline/15 }

// tooLate says of a read that was not answered in time what it waited for. begun is when it was asked.
func (a *Agency) tooLate(err error, begun time.Time) error {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	ended := ok && pg.Code == "57014" && time.Since(begun) >= a.statementTime()
	if !ended && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("read: no answer within %d ms: %w", a.deadline.Milliseconds(),
		errors.Join(context.DeadlineExceeded, err))
}

// patience is how long an act waits for others' locks, so that a case that is locked for long does
// not look like an agency that is down.
func (a *Agency) patience() time.Duration { return a.deadline / 2 }

// begin starts the transaction of an act. Reads keep the lock_timeout that the agency has set.
func (a *Agency) begin() []string {
	return []string{"begin isolation level read committed read write",
		fmt.Sprintf("select set_config('lock_timeout', coalesce(nullif(current_setting('oversikt.lock_timeout', true), ''), "+
			"'%d'), true)", a.patience().Milliseconds())}
}
