package agency

import (
	"context"
	"slices"
	"time"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// Waiting is an item of an agency's queue, and who asks.
type Waiting = core.Waiting

// QueueQuery says which items of a queue are read.
type QueueQuery = core.QueueQuery

// queueView is where an agency shows what waits.
const queueView = "queue_item"

// Queue returns what waits for the case workers of the agency of the look-up, the oldest first. Where
// some of it is left out, the error comes beside the rest, and more says that there may be further items.
// An agency that shows no queue is NOT_OFFERED.
func (r *Registry) Queue(ctx context.Context, right caller.Lookup, q QueueQuery) (items []Waiting, more bool,
	err error) {
	a, ok := r.byCode[right.Agency()]
	if !ok {
		return nil, false, ErrNotFound
	}
	var found core.Queued
	_, err = a.guard(ctx, repeatable, func(ctx context.Context) error {
		found, err = a.queue(ctx, right, q)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return found.Items, len(found.Items)+len(found.Left) == q.Rows, a.withheld(found.Left, r.Today())
}

func (a *Agency) queue(ctx context.Context, right caller.Lookup, q QueueQuery) (none core.Queued, err error) {
	start := time.Now()
	conn, release, err := a.connect(ctx, true)
	if err != nil {
		return none, err
	}
	defer release()
	kept := a.kept.Load()
	if !kept.Has(queueView) {
		return none, errNotOffered
	}
	defer a.note(ctx, conn, tripsOf(conn.Conn()), 1, start)
	ctx, cancel := lasting(ctx)
	defer cancel()
	return core.Queue(ctx, conn.Conn(), kept, a.facts, right, q)
}

// ReadEach reads the same of several scopes at one agency in one round trip: a part for each, in their
// order. A scope that does not cover the agency has an empty part. Where some cases are withheld, the
// error comes beside the rest.
func (r *Registry) ReadEach(ctx context.Context, code string, scopes []caller.Scope, want debt.Relations) ([]debt.Part,
	error) {
	a, ok := r.byCode[code]
	if !ok {
		return nil, ErrNotFound
	}
	var parts []*debt.Part
	_, err := a.guard(ctx, repeatable, func(ctx context.Context) (err error) {
		parts, err = a.readEach(ctx, scopes, core.Query{Want: want, Today: r.Today()})
		return err
	})
	if err != nil {
		return nil, err
	}
	all := make([]debt.Part, len(parts))
	var left []debt.Withheld
	for i, part := range parts {
		all[i] = *part
		left = slices.Concat(left, part.Withheld)
		a.repeats(part.Repeated)
	}
	return all, a.withheld(left, r.Today())
}

func (a *Agency) readEach(ctx context.Context, scopes []caller.Scope, q core.Query) ([]*debt.Part, error) {
	start := time.Now()
	conn, release, err := a.connect(ctx, true)
	if err != nil {
		return nil, err
	}
	defer release()
	q.Kept, q.Acts = a.kept.Load(), a.acts
	defer a.note(ctx, conn, tripsOf(conn.Conn()), q.Kept.Statements(q.Want)*len(scopes), start)
	ctx, cancel := lasting(ctx)
	defer cancel()
	parts, err := core.ReadEach(ctx, conn, a.facts, q, scopes)
	if err != nil && conn.Conn().PgConn().TxStatus() == 'E' {
		_, _ = conn.Exec(ctx, "rollback") // or the pool would close it
	}
	return parts, err
}
