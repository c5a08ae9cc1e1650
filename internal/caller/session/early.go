package session

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// AuthenticateEarly is [Manager.Authenticate] for a server that can hold back an answer. A
// replica remembers whose a session is once it has seen it to be valid, which never changes. It
// never remembers whether the session is still valid: when AuthenticateEarly returns, the
// database is still being asked, and confirm waits for its answer. The errors are those of
// Authenticate. SeenAt of the session is then as old as the memory.
//
// Call confirm once, from the goroutine that writes the answer's headers, before anything is
// answered and before anything is done that only the holder may do. If the session is not valid,
// the context ends, and with it everything that was started for it. When confirm is nil,
// everything is already certain.
func (m *Manager) AuthenticateEarly(ctx context.Context, header http.Header, r *http.Request) (_ context.Context,
	confirm func() error, err error) {
	q := &Request{manager: m, header: header, request: r}
	ctx = context.WithValue(ctx, contextKey{}, q)
	id, present, err := m.sent(r)
	if err != nil || !present {
		return ctx, nil, err
	}
	now := m.now()
	k, ok := parseID(id)
	s, known := m.holders.of(k, now)
	if !ok || !known {
		ctx, err = q.authenticate(ctx, id)
		if err == nil {
			m.holders.remember(*q.key, q.session)
		}
		return ctx, nil, err
	}
	ctx, end := context.WithCancelCause(ctx)
	outcome := make(chan error, 1) // so that the question ends though nobody waits
	go func() {
		err := m.check(ctx, k, now)
		if err != nil {
			m.holders.forget(k)
			end(err)
		}
		outcome <- err
	}()
	return q.as(ctx, k, s), func() error { return q.refusal(<-outcome) }, nil
}

// check says why a session is not valid, and notes the use of one that is. It turns a panic into
// an error: nobody else would recover in the goroutine that asks.
func (m *Manager) check(ctx context.Context, k key, now time.Time) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("check session: panic: %v\n%s", broken, debug.Stack())
		}
	}()
	seenAt, err := m.store.holds(ctx, k, now)
	if err == nil {
		m.touch(ctx, k, seenAt, now)
	}
	return err
}

// maxHolders bounds the memory: a holder takes half a kilobyte.
const maxHolders = 10_000

// holders remembers whose the sessions are that have been seen to be valid, and when they lapse
// at the latest. It proves nothing.
type holders struct {
	byKey *lru.Cache[key, Session]
}

func newHolders() *holders {
	cache, err := lru.New[key, Session](maxHolders)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return &holders{cache}
}

func (h *holders) of(k key, now time.Time) (s Session, ok bool) {
	s, ok = h.byKey.Get(k)
	return s, ok && now.Before(s.ExpiresAt)
}

func (h *holders) remember(k key, s Session) { h.byKey.Add(k, s) }

func (h *holders) forget(k key) { h.byKey.Remove(k) }

// clean forgets whom nobody can come as any more.
func (h *holders) clean(now time.Time) {
	for _, k := range h.byKey.Keys() {
		if s, ok := h.byKey.Peek(k); ok && !now.Before(s.ExpiresAt) {
			h.forget(k)
		}
	}
}
