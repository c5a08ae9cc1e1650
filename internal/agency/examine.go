package agency

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Examined is one agency as somebody meets it who looks at it from the side.
type Examined struct {
	Code     string
	Schema   string // of the contract; empty: the usual one
	Deadline time.Duration
	Conn     *pgx.Conn // as the service's role, that nobody else uses
	Unfit    error     // why nobody can be read; nil: everybody can
}

// Examine connects to an agency beside its pool, so that it neither waits for callers nor takes
// their places, tries what every new connection tries, and hands over to look. The error says why
// there is no connection, or is look's. An agency that is not known is NOT_FOUND.
func (r *Registry) Examine(ctx context.Context, code string, look func(context.Context, Examined) error) error {
	a, ok := r.byCode[code]
	if !ok {
		return ErrNotFound
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, a.pool.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	seen := Examined{Code: code, Schema: a.schema, Deadline: a.deadline, Conn: conn}
	if seen.Unfit = a.limit(ctx, conn); seen.Unfit == nil {
		seen.Unfit = a.warm(ctx, conn)
	}
	if conn.PgConn().TxStatus() != 'I' { // the read that failed began one
		if _, err := conn.Exec(ctx, "rollback"); err != nil {
			return fmt.Errorf("connect: %w", err)
		}
	}
	return look(ctx, seen)
}

// Serves says that callers of an agency are let through: its circuit breaker is closed. It asks
// nobody. An agency that is not known serves nobody.
func (r *Registry) Serves(code string) bool {
	a, ok := r.byCode[code]
	return ok && a.breaker.IsClosed()
}
