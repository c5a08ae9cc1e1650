package session

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
)

// Held is a session as the person sees it whose it is.
type Held struct {
	ID        string // of no use in a cookie
	Kind      Kind
	StartedAt time.Time
	UsedAt    time.Time // to the minute
	ExpiresAt time.Time // unless it is used before
	Current   bool      // it is that of the request
}

// reach is which sessions a caller may see and end: a person all of their own, also those that
// began with letters of theirs; who came in with a letter only the one of the request, since the
// others may be the debtor's.
type reach struct {
	people [][]byte // what stands for the person in rows of any key
	only   *key
}

func (q *Request) reach(p caller.Principal) (r reach, ok bool) {
	switch {
	case p.Kind == caller.Person && p.OnOwnBehalf():
		return reach{people: q.manager.store.secret.References(p.NationalID)}, true
	case p.Kind == caller.LetterCase && q.key != nil:
		return reach{q.manager.store.references(q.session.Holder), q.key}, true
	}
	return reach{}, false
}

// Held returns the sessions that the caller may see, the newest first. The error is
// PORTAL_UNAVAILABLE.
func (q *Request) Held(ctx context.Context, p caller.Principal) ([]Held, error) {
	r, ok := q.reach(p)
	if !ok {
		return nil, nil
	}
	s, now := &q.manager.store, q.manager.now()
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	rows, err := s.db.Query(ctx, heldSQL, pgx.NamedArgs{"people": r.people, "only": bytesOrNil(r.only), "now": now,
		"idle_since": s.idleSince(now)})
	if err != nil {
		return nil, unavailable("list sessions", err)
	}
	held, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (h Held, err error) {
		var id []byte
		err = row.Scan(&id, &h.Kind, &h.StartedAt, &h.UsedAt, &h.ExpiresAt)
		if idle := h.UsedAt.Add(s.limits.Idle); idle.Before(h.ExpiresAt) {
			h.ExpiresAt = idle
		}
		h.ID, h.Current = hex.EncodeToString(id), q.key != nil && string(id) == string(q.key[:])
		return h, err
	})
	if err != nil {
		return nil, unavailable("list sessions", err)
	}
	return held, nil
}

// End ends a session that the caller may see, by its [Held.ID]; false where there is none. The error
// is PORTAL_UNAVAILABLE.
func (q *Request) End(ctx context.Context, p caller.Principal, id string) (bool, error) {
	raw, err := hex.DecodeString(id)
	r, ok := q.reach(p)
	if err != nil || len(raw) != len(key{}) || !ok || r.only != nil && *r.only != key(raw) {
		return false, nil
	}
	one := key(raw)
	ended, err := q.endHeld(ctx, r.people, &one, nil)
	return ended > 0, err
}

// EndAll ends all sessions that the caller may see, but that of the request where it is to be
// kept, and returns how many. The error is PORTAL_UNAVAILABLE.
func (q *Request) EndAll(ctx context.Context, p caller.Principal, keepCurrent bool) (int, error) {
	r, ok := q.reach(p)
	if !ok || r.only != nil && keepCurrent {
		return 0, nil
	}
	var but *key
	if keepCurrent {
		but = q.key
	}
	return q.endHeld(ctx, r.people, r.only, but)
}

func (q *Request) endHeld(ctx context.Context, people [][]byte, one, but *key) (int, error) {
	s := &q.manager.store
	bounded, cancel := s.db.Bounded(ctx)
	defer cancel()
	rows, err := s.db.Query(bounded, endHeldSQL, pgx.NamedArgs{"people": people, "one": bytesOrNil(one),
		"but": bytesOrNil(but)})
	if err != nil {
		return 0, unavailable("end sessions", err)
	}
	ended, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return 0, unavailable("end sessions", err)
	}
	for _, k := range ended {
		if len(k) != len(key{}) {
			return len(ended), fmt.Errorf("a session has a key of %d bytes", len(k))
		}
		q.manager.holders.forget(key(k))
		if q.key != nil && *q.key == key(k) {
			clearCookie(q.header, sessionCookie)
			q.key = nil
		}
	}
	return len(ended), nil
}

func bytesOrNil(k *key) []byte {
	if k == nil {
		return nil
	}
	return k[:]
}
