package agency

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Public facts, such as a telephone number, are the same for everybody and rarely change. They are
// told as they were read a few minutes ago, so that asking for them over and over, which anybody
// may, does not reach an agency's database.
const (
	factsFresh = 2 * time.Minute  // told without asking again
	factsKept  = 30 * time.Minute // told while they are being asked for again
)

// facts are what an agency's database said of the agency itself. There is one value of them, so
// they take no memory to speak of.
type facts struct {
	agency debt.Agency
	at     time.Time
}

// asking lets one caller read what many wait for.
type asking struct{ flight singleflight.Group }

// describe returns the public facts of an agency. However many callers ask, its database is asked
// by one of them at a time. An agency that does not answer is an error where its facts are old or
// were never read.
func (a *Agency) describe(ctx context.Context, q core.Query) (debt.Part, error) {
	known := a.lastFacts.Load()
	age := factsKept
	if known != nil {
		age = a.clock().Sub(known.at)
	}
	if age < factsFresh {
		return known.part(), nil
	}
	if known == nil {
		known = &facts{agency: a.facts}
	}
	read := func() (debt.Part, error) { return a.read(context.WithoutCancel(ctx), q) }
	part, err := recent(ctx, &a.asking.flight, age, known.part(), read)
	if left := ctx.Err(); left != nil && errors.Is(err, left) {
		return debt.Part{Agency: new(a.facts), Status: debt.AgencyTimeout}, a.unavailable().Because(err)
	}
	return part, err
}

// recent returns what is known and not old, and lets one caller at a time read it anew.
func recent[T any](ctx context.Context, flight *singleflight.Group, age time.Duration, known T,
	read func() (T, error)) (T, error) {
	pending := flight.DoChan("", func() (any, error) { return read() })
	if age < factsKept {
		return known, nil
	}
	select {
	case r := <-pending:
		return r.Val.(T), r.Err
	case <-ctx.Done():
		return known, ctx.Err()
	}
}

// answers are what an agency answers in its own words.
type answers struct {
	faq []debt.FAQ
	at  time.Time
}

// questions returns what an agency answers in its own words, as old as public facts may be.
func (a *Agency) questions(ctx context.Context, today norway.Date) ([]debt.FAQ, error) {
	known, age := a.lastFAQ.Load(), factsKept
	if known == nil {
		known = &answers{}
	} else {
		age = a.clock().Sub(known.at)
	}
	if age < factsFresh {
		return known.faq, nil
	}
	faq, err := recent(ctx, &a.askingFAQ.flight, age, known.faq, func() ([]debt.FAQ, error) {
		part, err := a.read(context.WithoutCancel(ctx), core.Query{Want: debt.OfFAQ, Today: today})
		if err == nil {
			a.lastFAQ.Store(&answers{part.FAQ, a.clock()})
		}
		return part.FAQ, err
	})
	if left := ctx.Err(); left != nil && errors.Is(err, left) {
		err = a.unavailable().Because(err)
	}
	return faq, err
}

// FAQ returns what an agency answers in its own words, empty where it has none. An agency that is
// not known is NOT_FOUND; one that does not answer is AGENCY_UNAVAILABLE unless its words are known.
func (r *Registry) FAQ(ctx context.Context, code string) ([]debt.FAQ, error) {
	a, ok := r.byCode[code]
	if !ok {
		return nil, ErrNotFound
	}
	return a.questions(ctx, r.Today())
}

func (f *facts) part() debt.Part { return debt.Part{Agency: new(f.agency), Status: debt.AgencyOK} }
