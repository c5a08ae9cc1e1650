package server

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/sync/semaphore"

	"github.com/oversikt/oversikt/internal/fault"
)

const (
	// strangersWait is how long somebody without a login waits for a place.
	strangersWait = 250 * time.Millisecond
	// longestStay is how long a place is held: whoever takes longer waits for
	// a database, which has its own bounds, and not for a core.
	longestStay = 50 * time.Millisecond
	// shortAct is how many bytes the document of an act may have that is judged at the places for acts.
	shortAct = 2 << 10
)

// StrangersAtOnce is the share of those who are not logged in: a fourth of the cores that Go may use.
func StrangersAtOnce() int { return max(runtime.GOMAXPROCS(0)/4, 1) }

var errStrangers = fault.New(fault.RateLimited,
	"too much is being asked without a login: log in, or try again in a moment")

// strangers are the places in which operations without a login are parsed, validated and executed,
// so that however much anybody asks, whoever is logged in has the other cores. A place rests twice as
// long as it was busy.
type strangers struct {
	// Acts, a login above all, have places of their own until they are known to be acts: what they
	// take then has its own bounds. Otherwise nobody could log in while others ask for much.
	acts, queries *semaphore.Weighted
}

// newStrangers returns so many places of each kind; none for 0, which is no bound.
func newStrangers(atOnce int) *strangers {
	if atOnce == 0 {
		return nil
	}
	return &strangers{semaphore.NewWeighted(int64(atOnce)), semaphore.NewWeighted(int64(atOnce))}
}

// stay is one operation's use of a place; nil where it needs none.
type stay struct {
	of    *strangers
	act   bool // perhaps
	leave func()
}

// enter waits for a place to judge a document in. The error is errStrangers, or that of the context.
func (s *strangers) enter(ctx context.Context, document string) (*stay, error) {
	if s == nil {
		return nil, nil
	}
	act := len(document) <= shortAct && strings.Contains(document, "mutation")
	places := s.queries
	if act {
		places = s.acts
	}
	leave, err := occupy(ctx, places)
	return &stay{s, act, leave}, err
}

// goOn is called before the operation is executed.
func (s *stay) goOn(ctx context.Context, kind ast.Operation) (err error) {
	if s == nil || !s.act {
		return nil
	}
	s.leave()
	s.leave = func() {}
	if kind != ast.Mutation {
		s.leave, err = occupy(ctx, s.of.queries)
	}
	return err
}

func (s *stay) end() {
	if s != nil {
		s.leave()
	}
}

func occupy(ctx context.Context, places *semaphore.Weighted) (leave func(), err error) {
	waiting, cancel := context.WithTimeout(ctx, strangersWait)
	defer cancel()
	if places.Acquire(waiting, 1) != nil {
		if err := ctx.Err(); err != nil {
			return func() {}, err
		}
		return func() {}, errStrangers
	}
	begun, free := time.Now(), sync.OnceFunc(func() { places.Release(1) })
	long := time.AfterFunc(longestStay, free)
	return func() {
		long.Stop()
		time.AfterFunc(2*min(time.Since(begun), longestStay), free)
	}, nil
}
