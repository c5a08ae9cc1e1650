package resolvers

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/semaphore"

	"github.com/oversikt/oversikt/internal/aside"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/wayout/offer"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// Solving bounds how many payment solutions are computed at once: each takes a core for
// many times what a read does. A caller has one at a time, so that somebody who
// asks for many keeps others waiting for one of them at most.
type Solving struct {
	// How long a question, and an act, wait for their turn; set before the first.
	Question, Act time.Duration

	free   *semaphore.Weighted
	key    [sha256.Size]byte
	solved *lru.Cache[problem, solver.Suggestions]

	waiting, computing atomic.Int64

	mu    sync.Mutex
	turns map[asker]*turn // of callers that compute or wait
}

// asker is the caller that a solution is computed for.
type asker struct {
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

// A core rests as long as it has computed, up to longestRest: solutions that wait in a line would
// else take as much of a small machine as there is, with what is read for them.
const longestRest = 100 * time.Millisecond

// mostSolved is how many answers are kept: a hundred kilobytes each where there are many cases.
const mostSolved = 128

// NewSolving returns a bound of one less than the cores that Go may use, so that there is one for
// everybody else.
func NewSolving() *Solving { return newSolving(max(runtime.GOMAXPROCS(0)-1, 1)) }

func newSolving(atOnce int) *Solving {
	s := &Solving{Question: solvingWait, Act: acceptWait, free: semaphore.NewWeighted(int64(atOnce)),
		turns: map[asker]*turn{}}
	rand.Read(s.key[:]) // never fails
	var err error
	if s.solved, err = lru.New[problem, solver.Suggestions](mostSolved); err != nil {
		panic(err) // the size is a positive constant
	}
	return s
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
	own, leave := s.enter(asker{p.NationalID, p.Case, p.Issuer, p.Subject})
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
	begun := time.Now()
	return func() {
		s.computing.Add(-1)
		time.AfterFunc(min(time.Since(begun), longestRest), func() { s.free.Release(1) })
		next()
	}, nil
}

// Load returns how many solutions are being computed now, and how many wait for their turn.
func (s *Solving) Load() (computing, waiting int64) { return s.computing.Load(), s.waiting.Load() }

var errSolving = fault.New(fault.RateLimited, "too many payment solutions are being computed: try again in a moment")

// enter returns the turn of a caller, which is forgotten when the last user has left.
func (s *Solving) enter(who asker) (own *semaphore.Weighted, leave func()) {
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
	return offer.Solve(func(ctx context.Context, in solver.Instance) (solver.Suggestions, error) {
		return r.Solving.solve(ctx, r.Solving.Question, in)
	}).Suggest(ctx, p, input)
}

// solve computes suggestions in the caller's turn, unless the same problem was solved of late: the
// problem has the day in it and all that the answer depends on, so that none is out of date.
func (s *Solving) solve(ctx context.Context, wait time.Duration, in solver.Instance) (solver.Suggestions, error) {
	is, err := s.digest(&in)
	if err != nil {
		return solver.Suggestions{}, err
	}
	if found, ok := s.solved.Get(is); ok {
		return found, nil
	}
	done, err := s.begin(ctx, wait)
	if err != nil {
		return solver.Suggestions{}, err
	}
	defer done()
	if found, ok := s.solved.Get(is); ok { // by the same caller, who was first in the line
		return found, nil
	}
	var found solver.Suggestions
	aside.Do(func() { found, err = solver.Suggest(ctx, in) })
	if err == nil {
		s.solved.Add(is, found)
	}
	return found, err
}

// problem stands for all of an instance, in this process alone.
type problem [sha256.Size]byte

func (s *Solving) digest(in *solver.Instance) (is problem, err error) {
	text, err := json.Marshal(in)
	if err != nil {
		return is, fmt.Errorf("digest of a problem: %w", err)
	}
	mac := hmac.New(sha256.New, s.key[:])
	mac.Write(text)
	return problem(mac.Sum(nil)), nil
}
