package agency

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
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
		(a.deadline + 200*time.Millisecond).Milliseconds(), (a.deadline + 3500*time.Millisecond).Milliseconds(),
		a.patience().Milliseconds())
	if err != nil {
		return fmt.Errorf("set the limits of a connection: %w", err)
	}
	return nil
}

// patience is how long an act waits for others' locks, so that a case that is locked for long does
// not look like an agency that is down.
func (a *Agency) patience() time.Duration { return a.deadline / 2 }

// begin starts the transaction of an act. Reads keep the lock_timeout that the agency has set.
func (a *Agency) begin() string {
	return fmt.Sprintf("begin isolation level read committed read write; "+
		"select set_config('lock_timeout', coalesce(nullif(current_setting('oversikt.lock_timeout', true), ''), '%d'), true)",
		a.patience().Milliseconds())
}
