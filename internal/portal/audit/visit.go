package audit

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
)

//go:embed sql/last_visit.sql
var lastVisitSQL string

// visitsApart is how long somebody is away before they come again.
const visitsApart = time.Hour

// LastVisit returns when a caller was last here before this visit, by what they looked at and did
// for the same person; zero where they never were. It lacks what is still in the spool. The error is
// PORTAL_UNAVAILABLE.
func (c *Recorder) LastVisit(ctx context.Context, p caller.Principal, now time.Time) (at time.Time, err error) {
	if c == nil {
		return at, nil
	}
	err = c.Log.store.db.QueryRow(ctx, lastVisitSQL, pgx.NamedArgs{"subjects": SubjectsOf(c.Secret, p),
		"actors": ActorsOf(c.Secret, p), "now": now, "apart": visitsApart}).Scan(&at)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return at, errLookups.Because(fmt.Errorf("last visit: %w", err))
	}
	return at, nil
}
