package resolvers

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/wayout/offer"
)

// Solving bounds how many payment solutions are computed at once: each takes a core for
// many times what a read does. A caller has one at a time, so that somebody who
// asks for many keeps others waiting for one of them at most.
type Solving struct {
	// How long a question, and an act, wait for their turn; set before the first.
	Question, Act time.Duration

	free *semaphore.Weighted

	waiting, computing atomic.Int64

	mu    sync.Mutex
	turns map[solver]*turn // of callers that compute or wait
}

// solver is the caller that a solution is computed for.
type solver struct {
	id              norway.NationalID
	letter          caller.CaseKey
	issuer, subject string
}

type turn struct {
	free  *semaphore.Weighted
	users int
}

// How long a request waits for its turn. A question is easily asked again, but an act should
// rarely be refused for lack of a turn.
const (
	solvingWait = 3 * time.Second
	acceptWait  = 15 * time.Second
)

// NewSolving returns a bound of so many at once.
func NewSolving(atOnce int) *Solving {
	return &Solving{Question: solvingWait, Act: acceptWait, free: semaphore.NewWeighted(int64(atOnce)),
		turns: map[solver]*turn{}}
}

func (s *Solving) begin(ctx context.Context, wait time.Duration) (done func(), err error) {
	p, err := caller.Require(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	s.waiting.Add(1)
	defer s.waiting.Add(-1)
	own, leave := s.enter(solver{p.NationalID, p.Case, p.Issuer, p.Subject})
	if err := own.Acquire(ctx, 1); err != nil {
		leave()
		return nil, errSolving
	}
	next := func() {
		own.Release(1)
		leave()
	}
	if err := s.free.Acquire(ctx, 1); err != nil {
		next()
		return nil, errSolving
	}
	s.computing.Add(1)
	return func() {
		s.computing.Add(-1)
		s.free.Release(1)
		next()
	}, nil
}

// Load returns how many solutions are being computed now, and how many wait for their turn.
func (s *Solving) Load() (computing, waiting int64) { return s.computing.Load(), s.waiting.Load() }

var errSolving = fault.New(fault.RateLimited, "too many payment solutions are being computed: try again in a moment")

// enter returns the turn of a caller, which is forgotten when the last user has left.
func (s *Solving) enter(who solver) (own *semaphore.Weighted, leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.turns[who]
	if t == nil {
		t = &turn{free: semaphore.NewWeighted(1)}
		s.turns[who] = t
	}
	t.users++
	return t.free, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if t.users--; t.users == 0 {
			delete(s.turns, who)
		}
	}
}

// suggest computes payment solutions when it is their turn.
func (r *Resolver) suggest(ctx context.Context, p *debt.Person, input offer.Input) (*offer.Solutions, error) {
	done, err := r.Solving.begin(ctx, r.Solving.Question)
	if err != nil {
		return nil, err
	}
	defer done()
	return offer.Suggest(ctx, p, input)
}
