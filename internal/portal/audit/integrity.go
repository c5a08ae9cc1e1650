package audit

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/fault"
)

const checkEvery = 24 * time.Hour

// Checked is what the service found when it last went through the whole access log.
type Checked struct {
	Intact          bool
	CheckedAt       time.Time
	VerifiedFrom    *time.Time // of the oldest entry; nil: there was none
	VerifiedThrough *time.Time // of the newest
}

var errNotChecked = fault.New(fault.PortalUnavailable, "the check of the access log cannot be read now: try again later")

func (c Checked) seal(k chainKey) []byte {
	micros := func(t *time.Time) []byte {
		if t == nil {
			return nil
		}
		return number(t.UnixMicro())
	}
	return k.hash("check", micros(&c.CheckedAt), micros(c.VerifiedFrom), micros(c.VerifiedThrough),
		[]byte(fmt.Sprint(c.Intact)))
}

// Check verifies the log unless that was done in the last 24 hours, notes what was found, and says
// so to operators where the log is not whole.
func (c *Chain) Check(ctx context.Context) error {
	now := c.Now().UTC().Truncate(time.Microsecond)
	last, err := c.Checked(ctx)
	if err != nil || last != nil && now.Sub(last.CheckedAt) < checkEvery {
		return err
	}
	found, err := c.Verify(ctx, "")
	if err != nil {
		return err
	}
	for _, f := range found.Faults {
		c.Log.Error("access log: it is not whole", "fault", f.String())
	}
	done := Checked{Intact: len(found.Faults) == 0, CheckedAt: now}
	if found.Links > 0 {
		done.VerifiedFrom, done.VerifiedThrough = &found.From, &found.Through
	}
	err = pgx.BeginFunc(ctx, c.Portal.Jobs(), func(tx pgx.Tx) error {
		key, err := c.key(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into portal.access_log_check (checked_at, intact, since, through, seal)
			values ($1, $2, $3, $4, $5) on conflict do nothing`, done.CheckedAt, done.Intact, done.VerifiedFrom,
			done.VerifiedThrough, done.seal(key))
		return err
	})
	if err != nil {
		return fmt.Errorf("note the check of the access log: %w", err)
	}
	return nil
}

// Checked returns the last check, nil where none was made. One that the service has not written
// counts as a log that is not whole. The error is PORTAL_UNAVAILABLE.
func (c *Chain) Checked(ctx context.Context) (*Checked, error) {
	ctx, cancel := c.Portal.Bounded(ctx)
	defer cancel()
	var last Checked
	err := pgx.BeginFunc(ctx, c.Portal.Jobs(), func(tx pgx.Tx) error {
		var seal []byte
		err := tx.QueryRow(ctx, `select checked_at, intact, since, through, seal from portal.access_log_check
			order by checked_at desc limit 1`).
			Scan(&last.CheckedAt, &last.Intact, &last.VerifiedFrom, &last.VerifiedThrough, &seal)
		if err != nil {
			return err
		}
		key, err := c.key(ctx, tx)
		if err != nil {
			return err
		}
		last.Intact = last.Intact && hmac.Equal(seal, last.seal(key))
		return nil
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, errNotChecked.Because(err)
	}
	return &last, nil
}

// Integrity returns what the service found when it last went through the log, nil where it has not
// done so yet. The error is PORTAL_UNAVAILABLE.
func (c *Recorder) Integrity(ctx context.Context) (*Checked, error) {
	if c == nil {
		return nil, ErrNoLog
	}
	return (&Chain{Portal: c.Log.store.db, Secret: c.Secret, Now: c.Now}).Checked(ctx)
}
