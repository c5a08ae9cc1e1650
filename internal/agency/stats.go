package agency

import (
	"context"
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

// Trace sets who is told when a question to an agency begins, in its context, and when it has ended.
func (r *Registry) Trace(begins func(ctx context.Context, agency string) (context.Context, func(Outcome))) {
	for _, a := range r.agencies {
		a.counts.begins.Store(&begins)
	}
}

// counts is what has been counted of an agency.
type counts struct {
	trips, statements, away atomic.Int64

	begins atomic.Pointer[func(context.Context, string) (context.Context, func(Outcome))]
	told   atomic.Pointer[func(agency string, outcome Outcome, took time.Duration)]
}

// begin says that a question begins, and returns what says that it has ended.
func (c *counts) begin(ctx context.Context, agency string) (context.Context, func(Outcome)) {
	if begins := c.begins.Load(); begins != nil {
		return (*begins)(ctx, agency)
	}
	return ctx, func(Outcome) {}
}

func (c *counts) asked(agency string, outcome Outcome, took time.Duration) {
	if told := c.told.Load(); told != nil {
		(*told)(agency, outcome, took)
	}
}

// outcomeOf is what became of a question.
func outcomeOf(status debt.AgencyStatus, err error) Outcome {
	switch {
	case status == debt.AgencyTimeout:
		return TimedOut
	case err != nil:
		return Down
	}
	return Answered
}
