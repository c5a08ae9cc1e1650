package solution

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

const (
	decideWithin = 2 * time.Minute // from the acceptance to the decision
	patience     = 5 * time.Second // what a caller of Accept waits at most
	unlockTime   = time.Second
)

// Options is what an engine works with. All but Patience and Step is required.
type Options struct {
	Portal   *portal.DB
	Secret   *portal.Secret
	Agencies *agency.Registry

	// Fingerprint tells records apart by what an offer is computed from, and Reads is the
	// relations that it looks at. It sees an agency's records while they are locked.
	Fingerprint func(debt.Part) []byte
	Reads       debt.Relations

	Clock func() time.Time
	Log   *slog.Logger

	// Patience is how long a caller of Accept waits at most; 0 is 5 seconds.
	Patience time.Duration

	// Step is called before and after everything that is written or asked, such as "propose
	// fjord" and "propose fjord done", in the goroutine that drives. Tests end it there.
	Step func(name string)
}

// Engine accepts plans and brings what was accepted to its end. Any number of them may
// work on one portal database.
type Engine struct {
	Options
	river *river.Client[pgx.Tx]
}

// New returns an engine that accepts and reads. Run makes it take up what others left.
func New(o Options) (*Engine, error) {
	if o.Step == nil {
		o.Step = func(string) {}
	}
	e := &Engine{Options: o}
	var err error
	e.river, err = newRiver(e)
	return e, err
}

// now is the time as PostgreSQL keeps it.
func (e *Engine) now() time.Time { return e.Clock().Truncate(time.Microsecond) }

// Accept stores a plan for good and tries to carry it out at once. What it returns is
// PENDING when that takes longer than a few seconds; then it goes on by itself, whatever
// becomes of this process. The key makes it safe to repeat: the same person's same key and
// Input (or plan) give the same acceptance as it is now; with another it is [fault.ErrKeyReused].
// While another acceptance of the person is undecided or being confirmed, it is a
// *PendingError. After any other error nobody knows whether the plan was stored.
func (e *Engine) Accept(ctx context.Context, key uuid.UUID, plan Plan) (Acceptance, error) {
	if err := plan.check(); err != nil {
		return Acceptance{}, fmt.Errorf("accept: %w", err)
	}
	e.Step("store")
	s, err := e.store(ctx, key, plan)
	if err != nil {
		return Acceptance{}, fmt.Errorf("accept: %w", err)
	}
	e.Step("store done")
	if s.Status != Pending {
		return s.Acceptance, nil
	}
	// A caller who goes away does not stop it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cmp.Or(e.Patience, patience))
	defer cancel()
	driven, err := e.Resume(ctx, s.ID)
	if err != nil && !errors.Is(err, ErrBusy) {
		e.Log.Warn("an acceptance is left to its job", "acceptance", s.ID, "cause", err)
	}
	if driven.ID == s.ID {
		return driven, nil
	}
	return s.Acceptance, nil
}

// ByKey returns what the person's key and input have led to, as it is now; false when
// Accept has not been called with the key. It spares a repetition the making of a plan,
// which may be impossible by now. Another input is [fault.ErrKeyReused].
func (e *Engine) ByKey(ctx context.Context, scope caller.Scope, key uuid.UUID, input []byte) (Acceptance, bool, error) {
	if scope.IsZero() {
		return Acceptance{}, false, nil
	}
	all, err := read(ctx, e.Portal, uuid.Nil, e.Secret.Reference(scope.NationalID()))
	if err != nil {
		return Acceptance{}, false, fmt.Errorf("find acceptance: %w", err)
	}
	for _, s := range all {
		switch {
		case s.key != key:
		case !bytes.Equal(s.digest, digest(input)):
			return Acceptance{}, false, fault.ErrKeyReused
		default:
			return s.Acceptance, true, nil
		}
	}
	return Acceptance{}, false, nil
}

func (p Plan) check() error {
	if p.Scope.IsZero() || len(p.Agencies) == 0 {
		return errors.New("a plan is somebody's, at some agency")
	}
	codes := make([]string, len(p.Agencies))
	for i, a := range p.Agencies {
		codes[i] = a.Agency
	}
	slices.Sort(codes)
	if len(slices.Compact(codes)) < len(p.Agencies) {
		return errors.New("an agency is in the plan twice")
	}
	return nil
}

// List returns the subject's acceptances, the newest first.
func (e *Engine) List(ctx context.Context, scope caller.Scope) ([]Acceptance, error) {
	if scope.IsZero() {
		return nil, nil
	}
	found, err := read(ctx, e.Portal, uuid.Nil, e.Secret.Reference(scope.NationalID()))
	if err != nil {
		return nil, fmt.Errorf("list acceptances: %w", err)
	}
	all := make([]Acceptance, len(found))
	for i, s := range found {
		all[i] = s.Acceptance
	}
	return all, nil
}

// ErrBusy says that another engine or caller is driving the acceptance now.
var ErrBusy = errors.New("the acceptance is being driven")

// Resume goes on with an acceptance as far as it comes now: once to every agency for what
// is next, and once more when that led to a decision. It returns how far it is, which with
// ErrBusy is as far as somebody else has come; agency.ErrNotFound for one that does not exist.
func (e *Engine) Resume(ctx context.Context, id uuid.UUID) (Acceptance, error) {
	conn, err := e.Portal.Acquire(ctx)
	if err != nil {
		return Acceptance{}, fmt.Errorf("resume acceptance: %w", err)
	}
	defer conn.Release()
	unlock, err := lock(ctx, conn, id)
	busy := errors.Is(err, ErrBusy)
	if err != nil && !busy {
		return Acceptance{}, fmt.Errorf("resume acceptance: %w", err)
	}
	defer unlock()
	found, err := read(ctx, conn, id, nil)
	switch {
	case err != nil:
		return Acceptance{}, fmt.Errorf("resume acceptance: %w", err)
	case len(found) == 0:
		return Acceptance{}, agency.ErrNotFound
	case busy:
		return found[0].Acceptance, ErrBusy
	}
	s := &found[0]
	if err := e.drive(ctx, conn, s); err != nil {
		return Acceptance{}, fmt.Errorf("resume acceptance: %w", err) // nobody knows what of s is stored
	}
	return s.Acceptance, nil
}
