// Package throttle counts over all replicas how often somebody does something, or something
// is done to a case or an agency, and says when it may be done again. The counts are in the
// portal database under keyed hashes.
package throttle

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

var (
	//go:embed sql/lock.sql
	lockSQL string
	//go:embed sql/write.sql
	writeSQL string
	//go:embed sql/clean.sql
	cleanSQL string
)

// ErrUnavailable says that it cannot be told now how often something was done.
var ErrUnavailable = fault.New(fault.PortalUnavailable, "this cannot be done now: try again in a moment")

// Throttle counts in the portal database. It is safe for concurrent use, and any number of
// replicas may share a database.
type Throttle struct {
	db     *portal.DB
	secret *portal.Secret
	clock  func() time.Time
}

// New returns a Throttle on the portal database.
func New(db *portal.DB, secret *portal.Secret, clock func() time.Time) *Throttle {
	return &Throttle{db, secret, clock}
}

// Bucket is one thing that is counted.
type Bucket struct {
	Kind   string // what is counted, such as "login from address"
	Name   string // of which, such as an address
	Policy Policy
}

// Take counts once in each of the buckets, unless one of them is full. Then it counts in none,
// and returns how long the bucket stays full. No bucket may be named twice. The error is
// ErrUnavailable: then nothing is counted, or what was counted is forgotten in time.
func (t *Throttle) Take(ctx context.Context, buckets ...Bucket) (wait time.Duration, err error) {
	err = t.change(ctx, buckets, func(p Policy, s state, now time.Time) (state, bool) {
		wait = max(wait, p.wait(s, now))
		return p.count(s, now), wait <= 0
	})
	return wait, err
}

// Forgive takes back what Take counted. The error is ErrUnavailable.
func (t *Throttle) Forgive(ctx context.Context, buckets ...Bucket) error {
	return t.change(ctx, buckets, func(p Policy, s state, now time.Time) (state, bool) {
		return p.forgive(s, now), true
	})
}

// errFull rolls back.
var errFull = errors.New("a bucket is full")

// change changes all buckets in one transaction, or none if one of the changes says so.
func (t *Throttle) change(ctx context.Context, buckets []Bucket,
	next func(Policy, state, time.Time) (state, bool)) error {
	ctx, cancel := t.db.Bounded(ctx)
	defer cancel()
	err := pgx.BeginFunc(ctx, t.db, func(tx pgx.Tx) error {
		keys, policies := make([][]byte, len(buckets)), map[[32]byte]Policy{}
		var same, others [][]byte // what stands for the same bucket in rows of other keys
		for i, b := range buckets {
			refs := t.secret.BucketReferences(b.Kind, b.Name)
			keys[i], policies[[32]byte(refs[0])] = refs[0], b.Policy
			for _, ref := range refs[1:] {
				same, others = append(same, refs[0]), append(others, ref)
			}
		}
		found, err := t.lock(ctx, tx, keys, same, others)
		if err != nil {
			return err
		}
		now, all := t.now(), true // after others' locks were waited for
		after := changed{now: now}
		for _, f := range found {
			s, ok := next(policies[[32]byte(f.bucket)], f.state, now)
			after.add(f.bucket, s)
			all = all && ok
		}
		if !all {
			return errFull
		}
		return after.write(ctx, tx)
	})
	if err != nil && !errors.Is(err, errFull) {
		return ErrUnavailable.Because(fmt.Errorf("throttle: %w", err))
	}
	return nil
}

// now has the precision of the database.
func (t *Throttle) now() time.Time { return t.clock().UTC().Truncate(time.Microsecond) }

type counted struct {
	bucket []byte
	state
}

func (t *Throttle) lock(ctx context.Context, tx pgx.Tx, keys, same, others [][]byte) ([]counted, error) {
	rows, err := tx.Query(ctx, lockSQL, pgx.NamedArgs{"now": t.now(), "buckets": keys, "same": same,
		"others": others})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c counted, err error) {
		err = row.Scan(&c.bucket, &c.emptyAt, &c.lockedUntil)
		return c, err
	})
}

// changed is what is written, by column.
type changed struct {
	now                  time.Time
	buckets              [][]byte
	emptyAt, lockedUntil []time.Time
}

func (c *changed) add(bucket []byte, s state) {
	c.buckets = append(c.buckets, bucket)
	c.emptyAt = append(c.emptyAt, s.emptyAt)
	c.lockedUntil = append(c.lockedUntil, s.lockedUntil)
}

func (c *changed) write(ctx context.Context, tx pgx.Tx) error {
	var batch pgx.Batch
	batch.Queue(writeSQL, pgx.NamedArgs{"buckets": c.buckets, "empty_at": c.emptyAt, "locked_until": c.lockedUntil})
	batch.Queue(cleanSQL, pgx.NamedArgs{"now": c.now})
	return tx.SendBatch(ctx, &batch).Close()
}

// UnderKey says where counts have references.
func UnderKey() []portal.Keyed {
	return []portal.Keyed{{Table: "portal.throttle", Key: []string{"bucket"}, References: []string{"bucket"},
		Rows: 500, Brief: true}}
}
