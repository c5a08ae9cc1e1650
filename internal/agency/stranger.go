package agency

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

const (
	// DefaultGrace is how long an answer waits, when all others have answered, for an agency that
	// had nothing of the person a few minutes ago.
	DefaultGrace = 20 * time.Millisecond

	strangerFor   = 5 * time.Minute // at least; at most twice as long
	mostStrangers = 50_000          // of an agency, in each of the two halves
)

// who stands for a person in this process alone: a hash under a key that lives as long as it does.
type who [sha256.Size]byte

// nothing says what an agency had nothing of.
type nothing uint8

const (
	noCases nothing = 1 << iota
	noDebtor
)

// whole are the relations that a stranger's answer may lack: none of them is about a person who
// has no case. A read of anything else waits for everybody.
const whole = debt.OfAll &^ (debt.OfRequests | debt.OfMessages | debt.OfPowersOfAttorney | debt.OfDocuments |
	debt.OfCaseLinks)

// strangers remembers for some minutes who had nothing at an agency. It is a guess about the next
// answer, never a fact: each read asks the agency all the same.
type strangers struct {
	mu          sync.Mutex
	now, before map[who]nothing
	turned      time.Time
}

// turn forgets the older half when the younger is old or full. The caller holds the lock.
func (s *strangers) turn(at time.Time) {
	if at.Sub(s.turned) < strangerFor && len(s.now) < mostStrangers {
		return
	}
	s.before = s.now
	if at.Sub(s.turned) >= 2*strangerFor {
		s.before = nil
	}
	s.now, s.turned = map[who]nothing{}, at
}

// note remembers what was read of a person.
func (s *strangers) note(is who, want debt.Relations, part *debt.Part, at time.Time) {
	var had nothing
	if len(part.Cases)+len(part.Withheld) == 0 {
		had = noCases
		if want.Has(debt.OfDebtors) && len(part.Debtors) == 0 {
			had |= noDebtor
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn(at)
	if had == 0 {
		delete(s.now, is)
		delete(s.before, is)
		return
	}
	if !want.Has(debt.OfDebtors) {
		had |= s.before[is] | s.now[is]
	}
	s.now[is] = had
}

// knows says that an agency had nothing a few minutes ago of all that is wanted of a person.
func (s *strangers) knows(is who, want debt.Relations, at time.Time) bool {
	if !whole.Has(want) {
		return false
	}
	needed := noCases
	if want.Has(debt.OfDebtors) {
		needed |= noDebtor
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn(at)
	return (s.now[is]|s.before[is])&needed == needed
}

// newKey makes the key of this process.
func newKey() (key [32]byte) {
	rand.Read(key[:]) // never fails
	return key
}

// of returns what stands for the person of a scope; ok is false where the scope is about no
// person with a number.
func (r *Registry) of(scope caller.Scope) (is who, ok bool) {
	number := scope.NationalID().Reveal()
	if number == "" {
		return is, false
	}
	var keyed [sha256.Size + 16]byte
	copy(keyed[:], r.key[:])
	copy(keyed[len(r.key):], number)
	return sha256.Sum256(keyed[:]), true
}

// reading is an agency that is asked beside the others.
type reading struct {
	part debt.Part
	err  error
	done chan struct{}
}

// beside asks an agency for a person who had nothing there, for as long as the agency may take,
// and remembers what it answers, also when nobody waits any more.
func (a *Agency) beside(ctx context.Context, is who, q core.Query, at time.Time) *reading {
	r := &reading{done: make(chan struct{})}
	ctx = context.WithoutCancel(ctx)
	go func() {
		defer close(r.done)
		if r.part, r.err = a.read(ctx, q); r.part.Status == debt.AgencyOK {
			a.strangers.note(is, q.Want, &r.part, at)
		}
	}()
	return r
}

// presumed is the part of an agency that has not answered yet, of a person who had nothing there.
func (a *Agency) presumed() debt.Part {
	is := a.facts
	if known := a.lastFacts.Load(); known != nil {
		is = known.agency
	}
	return debt.Part{Agency: &is, Status: debt.AgencyOK, Presumed: true}
}

// takes returns what an agency that was asked beside the others has answered by the end of the
// grace; else, or where it failed, it counts as it did a few minutes ago.
func (a *Agency) takes(ctx context.Context, r *reading, grace <-chan time.Time) (debt.Part, error) {
	if a.late.Load() {
		select {
		case <-r.done:
		default:
			return a.presumed(), nil
		}
	}
	select {
	case <-r.done:
		if r.part.Status == debt.AgencyOK {
			return r.part, r.err
		}
	case <-grace:
	case <-ctx.Done():
	}
	return a.presumed(), nil
}
