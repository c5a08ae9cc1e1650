package agency

import (
	"context"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
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
	read := a.asking.flight.DoChan("", func() (any, error) { return a.read(context.WithoutCancel(ctx), q) })
	if age < factsKept {
		return known.part(), nil
	}
	select {
	case r := <-read:
		return r.Val.(debt.Part), r.Err
	case <-ctx.Done():
		return debt.Part{Agency: new(a.facts), Status: debt.AgencyTimeout}, a.unavailable().Because(ctx.Err())
	}
}

func (f *facts) part() debt.Part { return debt.Part{Agency: new(f.agency), Status: debt.AgencyOK} }
