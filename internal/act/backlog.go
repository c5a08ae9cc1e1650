package act

import (
	"context"
	_ "embed"
	"fmt"
	"time"
)

//go:embed sql/backlog.sql
var backlogSQL string

// Backlog is what has not ended, of all replicas.
type Backlog struct {
	Pending   int64         // acts that are to be carried out
	Attention int64         // those of them that a person has to look at
	Oldest    time.Duration // since the oldest of them was asked for
}

// Backlog counts the acts that have not ended.
func (e *Engine) Backlog(ctx context.Context) (b Backlog, err error) {
	ctx, cancel := e.Portal.Bounded(ctx)
	defer cancel()
	var seconds float64
	if err := e.Portal.QueryRow(ctx, backlogSQL, queue, NeedsAttention, e.now()).Scan(&b.Pending, &b.Attention,
		&seconds); err != nil {
		return b, fmt.Errorf("count the acts that have not ended: %w", err)
	}
	b.Oldest = time.Duration(max(seconds, 0) * float64(time.Second))
	return b, nil
}
