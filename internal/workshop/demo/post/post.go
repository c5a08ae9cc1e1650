// Package post is the letter run of the demo agencies: what a real agency does after somebody
// has ordered a new password. It works in each agency's own core, as its owner, and knows
// nothing of Oversikt: the core keeps a hash, the letter has the password.
//
// Nothing is posted: the letters of this run can be read on a page, which must never be
// mounted outside the demo.
package post

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// pause is how often it is looked for orders.
const pause = time.Second

// validDays is how long a new password is valid, as with an agency in the market.
const validDays = 21

// Letter is one that was sent in this run. It does not print itself.
type Letter struct {
	Agency     string // name
	CaseNumber string
	Name       string // of the debtor
	By         string // how it was sent: Brev, E-post or SMS
	Address    string // where it was sent to
	Password   string
	Sent       string // time in Norway, to the second
}

// String hides the password, and whose letter it is.
func (Letter) String() string { return "[letter]" }

// GoString hides them.
func (l Letter) GoString() string { return l.String() }

// LogValue hides them from structured logs.
func (l Letter) LogValue() slog.Value { return slog.StringValue(l.String()) }

// Office sends the letters of all demo agencies. It is safe for concurrent use.
type Office struct {
	stop func()

	mu      sync.Mutex
	letters []Letter
}

// Open starts to send what was ordered, before and from now on. dsn returns the connection
// string of an agency's core, by the agency's code, as the core's owner.
func Open(dsn func(code string) string, log *slog.Logger) *Office {
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	o := &Office{stop: func() { cancel(); work.Wait() }}
	for _, a := range people.Agencies() {
		work.Go(func() {
			for ctx.Err() == nil {
				if err := o.sendAll(ctx, dsn(a.Code), coreOf(a.Code), a.Name); ctx.Err() == nil {
					log.Error("an agency cannot send its letters", "agency", a.Code, "cause", err)
					wait(ctx)
				}
			}
		})
	}
	return o
}

// sendAll sends an agency's letters until something fails.
func (o *Office) sendAll(ctx context.Context, dsn string, c core, agency string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	// The demo has it off, and what is posted must not be forgotten.
	if _, err := conn.Exec(ctx, "set synchronous_commit = on"); err != nil {
		return err
	}
	for {
		sent, err := o.send(ctx, conn, c, agency)
		if err != nil {
			return err
		}
		if !sent {
			wait(ctx)
		}
	}
}

func wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}

// order is what the core tells of an order that it takes.
type order struct {
	Letter
	Case    string // the core's key
	Title   string
	Channel string // in the core's words
	Taken   []int  // marks of the passwords that the case has
}

// send sends one letter, if one was ordered. It is posted when all that belongs to it is
// stored: who is killed in between has posted nothing, and never posts it twice.
func (o *Office) send(ctx context.Context, conn *pgx.Conn, c core, agency string) (sent bool, err error) {
	var taken order
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, c.take)
		if err != nil {
			return err
		}
		taken, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByNameLax[order])
		if err != nil {
			return err
		}
		taken.Agency, taken.Password = agency, newPassword()
		for slices.Contains(taken.Taken, mark(taken.Password)) {
			taken.Password = newPassword()
		}
		_, err = tx.Exec(ctx, c.write, pgx.StrictNamedArgs{
			"case": taken.Case, "title": taken.Title, "channel": taken.Channel, "hash": hash(taken.Password),
			"mark": mark(taken.Password), "days": validDays,
		})
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.letters = append(o.letters, taken.Letter)
	return true, nil
}

// Close ends it; what was ordered meanwhile is sent by the next one.
func (o *Office) Close() { o.stop() }

// Letters returns what was sent, the last one first.
func (o *Office) Letters() []Letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	letters := slices.Clone(o.letters)
	slices.Reverse(letters)
	return letters
}
