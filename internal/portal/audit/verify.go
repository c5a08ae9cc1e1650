package audit

import (
	"context"
	"crypto/hmac"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
)

var (
	//go:embed sql/links.sql
	linksSQL string
	//go:embed sql/unlinked.sql
	unlinkedSQL string
)

const (
	verifyAtOnce = 5000
	mostFaults   = 20 // are told
	waitsAtMost  = time.Hour
)

// Integrity is what was found of the access log.
type Integrity struct {
	Links   int64     // how many were looked at
	From    time.Time // the instant of the oldest entry that was looked at, zero for none
	Through time.Time // of the newest
	Waiting int64     // entries that are not linked yet
	Head    string    // the last link; keep it elsewhere, and give it to a later run
	Faults  []Flaw    // the first of them; none: the log is whole
}

// Flaw is one thing that is wrong with the access log.
type Flaw struct {
	Link int64     // 0: in no link
	At   time.Time // of the entry; zero where it is about none
	What string
}

// String tells what is wrong, and where.
func (f Flaw) String() string {
	switch {
	case f.Link == 0:
		return fmt.Sprintf("an entry of %s %s", f.At.UTC().Format(time.RFC3339Nano), f.What)
	case f.At.IsZero():
		return fmt.Sprintf("link %d %s", f.Link, f.What)
	}
	return fmt.Sprintf("link %d, the entry of %s: it %s", f.Link, f.At.UTC().Format(time.RFC3339Nano), f.What)
}

// linked is an entry with its link.
type linked struct {
	stored
	link
}

// Verify goes through the whole chain, in one snapshot. head is one that an earlier run has told,
// which must be in the chain still; empty: none.
func (c *Chain) Verify(ctx context.Context, head string) (found Integrity, err error) {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead}
	err = pgx.BeginTxFunc(ctx, c.Portal.Jobs(), options, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "set local statement_timeout = '10min'"); err != nil {
			return err
		}
		key, err := c.key(ctx, tx)
		if err != nil {
			return err
		}
		cut, err := c.cut(ctx, tx)
		if err != nil {
			return err
		}
		v := verification{secret: c.Secret, key: key, cut: cut, head: head, now: c.Now(), Integrity: &found}
		if err := v.begin(ctx, tx); err != nil {
			return err
		}
		return errors.Join(v.chain(ctx, tx), v.rest(ctx, tx))
	})
	if err != nil {
		return found, fmt.Errorf("verify the access log: %w", err)
	}
	return found, nil
}

// verification is one run.
type verification struct {
	secret *portal.Secret
	*Integrity
	key  chainKey
	cut  time.Time // whole months before it may be gone
	head string    // to be seen
	now  time.Time
	last link
}

func (v *verification) fault(number int64, at time.Time, what string) {
	if len(v.Faults) < mostFaults {
		v.Faults = append(v.Faults, Flaw{number, at, what})
	}
}

// begin starts at the anchor.
func (v *verification) begin(ctx context.Context, tx pgx.Tx) error {
	var seal []byte
	err := tx.QueryRow(ctx, "select number, mac, seal from portal.access_log_anchor order by number desc limit 1").
		Scan(&v.last.Number, &v.last.Mac, &seal)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err == nil && !hmac.Equal(seal, v.last.seal(v.key)) {
		v.fault(v.last.Number, time.Time{}, "is named as the beginning, and the service has not said so")
	}
	return err
}

// chain goes from link to link.
func (v *verification) chain(ctx context.Context, tx pgx.Tx) error {
	seen := v.head == "" || v.head == v.last.text()
	for {
		links, err := collect[linked](ctx, tx, linksSQL, pgx.NamedArgs{"after": v.last.Number, "most": verifyAtOnce})
		if err != nil {
			return err
		}
		for _, l := range links {
			v.look(l)
			seen = seen || v.head == l.text()
		}
		if len(links) < verifyAtOnce {
			break
		}
	}
	if v.Head = v.last.text(); !seen {
		v.fault(v.last.Number, time.Time{}, "is the last one, and the head that was noted earlier is not in the chain")
	}
	return nil
}

func (v *verification) look(l linked) {
	if l.Number != v.last.Number+1 {
		v.fault(v.last.Number+1, time.Time{}, fmt.Sprintf("and those up to %d are missing", l.Number-1))
	} else if !hmac.Equal(l.Mac, l.after(v.key, v.last.Mac, l.stored)) {
		v.fault(l.Number, l.At, "does not follow the link before: one of them was altered, or put elsewhere")
	}
	switch {
	case !l.There && !l.At.Before(v.cut):
		v.fault(l.Number, l.At, "was removed")
	case l.There && !hmac.Equal(l.Digest, v.key.digest(l.stored, v.secret)):
		v.fault(l.Number, l.At, "was altered after it was linked")
	case l.Doubted:
		v.fault(l.Number, l.At, "was not written by the service, or was altered before it was linked")
	}
	v.Links++
	if v.From.IsZero() || l.At.Before(v.From) {
		v.From = l.At
	}
	if l.At.After(v.Through) {
		v.Through = l.At
	}
	v.last = l.link
}

// rest looks for entries that are in no link.
func (v *verification) rest(ctx context.Context, tx pgx.Tx) error {
	var oldest *time.Time
	err := tx.QueryRow(ctx, "select count(*), min(at) from portal.access_log_new").Scan(&v.Waiting, &oldest)
	if err != nil {
		return err
	}
	if oldest != nil && v.now.Sub(*oldest) > waitsAtMost {
		v.fault(0, *oldest, "still waits for its link: no replica runs, or something keeps them from it")
	}
	rows, err := tx.Query(ctx, unlinkedSQL, pgx.NamedArgs{"most": mostFaults, "cut": v.cut})
	if err != nil {
		return err
	}
	ats, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	for _, at := range ats {
		v.fault(0, at, "is in no link: the service has not written it")
	}
	return err
}
