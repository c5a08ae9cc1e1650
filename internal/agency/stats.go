package agency

import (
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/debt"
)

// Outcome is what became of a question to an agency.
type Outcome string

// The outcomes. Down is also an answer that does not keep the contract.
const (
	Answered Outcome = "ok"
	TimedOut Outcome = "timeout"
	Down     Outcome = "unavailable"
)

// Outcomes are all outcomes.
var Outcomes = []Outcome{Answered, TimedOut, Down}

// Stats is how one agency is doing in this process.
type Stats struct {
	Agency     string
	Open       bool  // the circuit breaker: nobody is let through
	RoundTrips int64 // of reads, since the start
	Statements int64 // of reads, since the start
	TurnedAway int64 // questions that were not asked as the breaker was open, since the start
	Pool       *pgxpool.Stat
}

// Stats returns how every agency is doing, in the configured order. It asks nobody.
func (r *Registry) Stats() []Stats {
	all := make([]Stats, len(r.agencies))
	for i, a := range r.agencies {
		all[i] = Stats{Agency: a.facts.Code, Open: !a.breaker.IsClosed(), RoundTrips: a.counts.trips.Load(),
			Statements: a.counts.statements.Load(), TurnedAway: a.counts.away.Load(), Pool: a.pool.Stat()}
	}
	return all
}

// Observe sets who is told of every question that was asked of an agency, and how long it took. It is
// replaced by the next one who asks for it.
func (r *Registry) Observe(told func(agency string, outcome Outcome, took time.Duration)) {
	for _, a := range r.agencies {
		a.counts.told.Store(&told)
	}
}

// counts is what has been counted of an agency.
type counts struct {
	trips, statements, away atomic.Int64

	told atomic.Pointer[func(agency string, outcome Outcome, took time.Duration)]
}

func (c *counts) asked(agency string, status debt.AgencyStatus, err error, took time.Duration) {
	told := c.told.Load()
	if told == nil {
		return
	}
	outcome := Answered
	switch {
	case status == debt.AgencyTimeout:
		outcome = TimedOut
	case err != nil:
		outcome = Down
	}
	(*told)(agency, outcome, took)
}
