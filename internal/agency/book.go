package agency

import (
	"context"
	"fmt"
	"time"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// Owed is a case of an agency's book, and whose it is.
type Owed = core.Owed

// Leaf is a page of an agency's book: open cases in the order of their numbers, and what was read of
// their debtors.
type Leaf struct {
	Cases []Owed
	Parts []*debt.Part // one for each scope
}

// Leaf reads the page of the look-up's agency that comes after a case number, in two round trips. pick
// chooses the debtors of whom is read what is wanted.
//
// It goes after everybody else: it takes one connection, and none while half of them are in use. It asks
// nothing of an agency that is out of service, and what fails here puts none out of service.
func (r *Registry) Leaf(ctx context.Context, right caller.Lookup, after string, rows int, want debt.Relations,
	pick func([]Owed) []caller.Scope) (leaf Leaf, err error) {
	a, ok := r.byCode[right.Agency()]
	if !ok {
		return leaf, ErrNotFound
	}
	if s := a.pool.Stat(); !a.breaker.IsClosed() || 2*s.AcquiredConns() >= s.MaxConns() {
		return leaf, a.unavailable().Because(errBusy)
	}
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	err = calmly(ctx, func(ctx context.Context) error {
		leaf, err = a.leaf(ctx, right, after, rows, core.Query{Want: want, Today: r.Today()}, pick)
		return err
	})
	if err != nil {
		return Leaf{}, fmt.Errorf("read the book: %w", err)
	}
	return leaf, nil
}

func (a *Agency) leaf(ctx context.Context, right caller.Lookup, after string, rows int, q core.Query,
	pick func([]Owed) []caller.Scope) (leaf Leaf, err error) {
	conn, release, err := a.connect(ctx, true)
	if err != nil {
		return leaf, err
	}
	defer release()
	q.Kept, q.Acts = a.kept.Load(), a.acts
	if leaf.Cases, err = core.Book(ctx, conn.Conn(), q.Kept, a.facts, right, after, rows); err != nil {
		return leaf, err
	}
	scopes := pick(leaf.Cases)
	if len(scopes) == 0 {
		return leaf, nil
	}
	leaf.Parts, err = core.ReadEach(ctx, conn, a.facts, q, scopes)
	return leaf, err
}

// Owners returns whose the cases with some numbers are, at the agency of the look-up.
func (r *Registry) Owners(ctx context.Context, right caller.Lookup, numbers []string) (owed []Owed, err error) {
	a, ok := r.byCode[right.Agency()]
	if !ok {
		return nil, ErrNotFound
	}
	_, err = a.guard(ctx, repeatable, func(ctx context.Context) (err error) {
		owed, err = a.owners(ctx, right, numbers)
		return err
	})
	return owed, err
}

func (a *Agency) owners(ctx context.Context, right caller.Lookup, numbers []string) ([]Owed, error) {
	start := time.Now()
	conn, release, err := a.connect(ctx, true)
	if err != nil {
		return nil, err
	}
	defer release()
	defer a.note(ctx, conn, tripsOf(conn.Conn()), 1, start)
	ctx, cancel := lasting(ctx)
	defer cancel()
	return core.Owners(ctx, conn.Conn(), a.kept.Load(), a.facts, right, numbers)
}
