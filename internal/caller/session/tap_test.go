package session_test

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/portal"
)

// tap counts the statements of a pool, and tells when lapsed sessions were deleted.
type tap struct {
	statements atomic.Int32
	watch      atomic.Bool
	done       chan struct{}
}

func (t *tap) into(c *pgxpool.Config) {
	c.ConnConfig.User = portal.Role
	c.ConnConfig.Tracer = t
}

type tapKey struct{}

func (t *tap) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	t.statements.Add(1)
	return context.WithValue(ctx, tapKey{}, data.SQL)
}

func (t *tap) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	sql, _ := ctx.Value(tapKey{}).(string)
	if t.watch.Load() && strings.Contains(sql, "delete from portal.session") {
		t.done <- struct{}{}
	}
}
