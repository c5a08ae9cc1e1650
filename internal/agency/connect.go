package agency

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/semaphore"
)

const (
	shareOfUnknown = 4 // the part of the connections that callers who are not logged in may use: a fourth
	shareOfRequest = 2 // how many connections to one agency a request has at once, whatever it asks for
)

var errBusy = errors.New("all connections to the agency are in use")

// connect returns a connection. Callers who are not known, as they are not logged in, never hold
// more than their part of the connections, and a request never more than its few.
func (a *Agency) connect(ctx context.Context, known bool) (conn *pgxpool.Conn, release func(), err error) {
	places := make([]*semaphore.Weighted, 0, 2)
	leave := func() {
		for _, p := range places {
			p.Release(1)
		}
	}
	enter := func(p *semaphore.Weighted) error {
		if err := p.Acquire(ctx, 1); err != nil {
			return fmt.Errorf("connect: %w", errors.Join(errBusy, err))
		}
		places = append(places, p)
		return nil
	}
	if s, ok := ctx.Value(shareKey{}).(*share); ok {
		err = enter(s.of(a))
	}
	if err == nil && !known {
		err = enter(a.unknown)
	}
	if err == nil {
		conn, err = a.acquire(ctx)
	}
	if err != nil {
		leave()
		return nil, nil, err
	}
	return conn, func() { conn.Release(); leave() }, nil
}

func (a *Agency) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	crowded := a.crowded() // those who were before may give up a moment sooner than this one
	conn, err := a.pool.Acquire(ctx)
	if err == nil {
		return conn, nil
	}
	if crowded && ctx.Err() != nil || a.crowded() {
		err = errors.Join(errBusy, err)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("connect: no connection within %d ms: %w", a.deadline.Milliseconds(), err)
	}
	return nil, fmt.Errorf("connect: %w", err)
}

// outOfFiles says that this process, or this machine, can open nothing more: no fault of an agency's.
func outOfFiles(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// crowded says that all connections are in use.
func (a *Agency) crowded() bool {
	s := a.pool.Stat()
	return s.AcquiredConns() >= s.MaxConns()
}

// share is what one request may have of each agency's connections at once.
type share struct {
	mu     sync.Mutex
	places map[*Agency]*semaphore.Weighted
}

type shareKey struct{}

// WithShare returns the context of a request, which has a few connections to an agency at once at
// most: one that asks for many things waits for itself, and not others for it.
func WithShare(ctx context.Context) context.Context {
	return context.WithValue(ctx, shareKey{}, &share{})
}

func (s *share) of(a *Agency) *semaphore.Weighted {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.places == nil {
		s.places = map[*Agency]*semaphore.Weighted{}
	}
	if s.places[a] == nil {
		s.places[a] = semaphore.NewWeighted(shareOfRequest)
	}
	return s.places[a]
}
