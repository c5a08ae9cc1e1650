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

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/semaphore"

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

const (
	// share is the part of the portal's connections that counting may use, a fourth: it is done
	// for whoever asks, and the rest is for those who are logged in.
	share = 4

	// Somebody who goes on although a bucket is full costs the database one question a second.
	fullFor  = time.Second
	mostFull = 10_000
)

// Throttle counts in the portal database. It is safe for concurrent use, and any number of
// replicas may share a database.
type Throttle struct {
	db     *portal.DB
	secret *portal.Secret
	clock  func() time.Time
	places *semaphore.Weighted
	full   *lru.Cache[bucketKey, full]
}

// bucketKey is what stands for a bucket in the database.
type bucketKey [32]byte

// full is a bucket that was found full.
type full struct{ seen, until time.Time }

// New returns a Throttle on the portal database.
func New(db *portal.DB, secret *portal.Secret, clock func() time.Time) *Throttle {
	seen, err := lru.New[bucketKey, full](mostFull)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	places := max(int64(db.MaxConns())/share, 1)
	return &Throttle{db, secret, clock, semaphore.NewWeighted(places), seen}
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
	if wait := t.stillFull(buckets); wait > 0 {
		return wait, nil
	}
	err = t.change(ctx, buckets, func(k bucketKey, p Policy, s state, now time.Time) (state, bool) {
		left := p.wait(s, now)
		if left > 0 {
			t.full.Add(k, full{now, now.Add(left)})
		}
		wait = max(wait, left)
		return p.count(s, now), wait <= 0
	})
	return wait, err
}

// stillFull returns how long buckets stay full that were full a moment ago.
func (t *Throttle) stillFull(buckets []Bucket) (wait time.Duration) {
	now := t.now()
	for _, b := range buckets {
		if f, ok := t.full.Get(t.key(b)); ok && now.Sub(f.seen) < fullFor {
			wait = max(wait, f.until.Sub(now))
		}
	}
	return wait
}

func (t *Throttle) key(b Bucket) bucketKey {
	return bucketKey(t.secret.BucketReferences(b.Kind, b.Name)[0])
}

// Forgive takes back what Take counted. The error is ErrUnavailable.
func (t *Throttle) Forgive(ctx context.Context, buckets ...Bucket) error {
	return t.change(ctx, buckets, func(k bucketKey, p Policy, s state, now time.Time) (state, bool) {
		t.full.Remove(k)
		return p.forgive(s, now), true
	})
}

// errFull rolls back.
var errFull = errors.New("a bucket is full")

// change changes all buckets in one transaction, or none if one of the changes says so.
func (t *Throttle) change(ctx context.Context, buckets []Bucket,
	next func(bucketKey, Policy, state, time.Time) (state, bool)) error {
	ctx, cancel := t.db.Bounded(ctx)
	defer cancel()
	if err := t.places.Acquire(ctx, 1); err != nil {
		return ErrUnavailable.Because(fmt.Errorf("throttle: too many are counted at once: %w", err))
	}
	defer t.places.Release(1)
	err := pgx.BeginFunc(ctx, t.db, func(tx pgx.Tx) error {
		keys, policies := make([][]byte, len(buckets)), map[bucketKey]Policy{}
		var same, others [][]byte // what stands for the same bucket in rows of other keys
		for i, b := range buckets {
			refs := t.secret.BucketReferences(b.Kind, b.Name)
			keys[i], policies[bucketKey(refs[0])] = refs[0], b.Policy
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
			k := bucketKey(f.bucket)
			s, ok := next(k, policies[k], f.state, now)
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
