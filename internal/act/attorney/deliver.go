package attorney

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

const (
	// lease is how long somebody may take to tell an agency: longer than any deadline.
	lease = 90 * time.Second
	// notKnown is how long an agency that does not know the person is not asked again.
	notKnown  = 24 * time.Hour
	firstWait = 5 * time.Second
	maxWait   = 10 * time.Minute
)

// Run tells agencies what they have not been told, at every tick, until ctx ends. Any
// number of replicas may run it: each row is leased.
func (r *Register) Run(ctx context.Context, ticks <-chan time.Time) {
	for {
		if err := r.Deliver(ctx); err != nil && ctx.Err() == nil {
			r.Logger.WarnContext(ctx, "agencies are told of powers of attorney later", slog.String("cause", err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
	}
}

// Deliver tells agencies once what is due; those that do not answer are due again later.
func (r *Register) Deliver(ctx context.Context) error {
	err := r.within(ctx, "look for new agencies", func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, insertNewAgenciesSQL, pgx.NamedArgs{"codes": r.Agencies.Codes(), "now": r.now()})
		return err
	})
	if err != nil {
		return err
	}
	return r.deliver(ctx, nil)
}

// task is one agency that is to be told of one power.
type task struct {
	Power      uuid.UUID
	Agency     string
	GiveKey    uuid.UUID
	RevokeKey  uuid.UUID
	AgencyKey  *string
	Told       bool
	Refusal    Knowledge
	Attempts   int // before this one
	Sealed     []byte
	OrgNumber  *string
	Agencies   []string
	CoversAll  bool
	MayAct     bool
	ValidFrom  int32
	ValidUntil int32
	Revoked    bool
	Expired    bool
}

// outcome is what came of it.
type outcome struct {
	agencyKey *string
	refusal   Knowledge
	told      bool
	ended     bool
	again     time.Duration // 0: done
}

// deliver tells the agencies at once: of one power, or of all that is due.
func (r *Register) deliver(ctx context.Context, only *uuid.UUID) error {
	tasks, err := r.take(ctx, only)
	if err != nil {
		return err
	}
	faults := make([]error, len(tasks))
	var wg sync.WaitGroup
	for i := range tasks {
		wg.Go(func() { faults[i] = r.settle(ctx, tasks[i]) })
	}
	wg.Wait()
	return errors.Join(faults...)
}

func (r *Register) take(ctx context.Context, only *uuid.UUID) ([]task, error) {
	ctx, cancel := r.Portal.Bounded(ctx)
	defer cancel()
	rows, err := r.Portal.Query(ctx, leaseSQL, pgx.NamedArgs{"id": only, "lease": lease, "now": r.now()})
	if err != nil {
		return nil, unavailable("take what is due", err)
	}
	tasks, err := pgx.CollectRows(rows, pgx.RowToStructByName[task])
	if err != nil {
		return nil, unavailable("take what is due", err)
	}
	return tasks, nil
}

// settle does a task and notes what came of it. A note that fails leaves the lease to end:
// the task is then done again, with the same keys.
func (r *Register) settle(ctx context.Context, t task) error {
	o, err := r.tell(ctx, t)
	if err != nil {
		o = outcome{refusal: t.Refusal, told: t.Told, agencyKey: o.agencyKey,
			again: min(firstWait<<min(t.Attempts, 10), maxWait)}
		err = fmt.Errorf("tell %s of power of attorney %s: %w", t.Agency, t.Power, err)
	}
	var refusal *Knowledge
	if o.refusal != "" {
		refusal = &o.refusal
	}
	var again *time.Duration
	if o.again > 0 {
		again = &o.again
	}
	// What an agency has done is noted also where nobody waits any more.
	noting, cancel := r.Portal.Bounded(context.WithoutCancel(ctx))
	defer cancel()
	_, failed := r.Portal.Exec(noting, settleSQL, pgx.NamedArgs{
		"power": t.Power, "agency": t.Agency, "attempt": t.Attempts + 1, "agency_key": o.agencyKey, "refusal": refusal,
		"told": o.told, "ended": o.ended, "again": again, "now": r.now(),
	})
	if failed != nil {
		failed = unavailable("note what an agency knows", failed)
	}
	return errors.Join(err, failed)
}

// tell does what a task asks for. A power that is revoked while it is not known whether
// the agency has heard of it is given once more, with the same key, for the agency's name
// of it, and revoked at once.
func (r *Register) tell(ctx context.Context, t task) (o outcome, err error) {
	o = outcome{agencyKey: t.AgencyKey, told: t.Told}
	switch {
	case t.Revoked && !t.Told && (t.Attempts == 0 || t.Refusal == NotNeeded):
		o.refusal, o.ended = NotNeeded, true
		return o, nil
	case t.Expired && !t.Told:
		o.refusal = NotNeeded
		return o, nil
	}
	s, err := r.unseal(t.Power, t.Sealed)
	if err != nil {
		return o, err
	}
	grantor, err := norway.ParseNationalID(s.Grantor)
	if err != nil {
		return o, fmt.Errorf("grantor: %w", err)
	}
	scope := caller.Principal{Kind: caller.Person, NationalID: grantor}.Scope()
	if !t.Told {
		if o, err = r.tellGiven(ctx, t, s, scope); err != nil || o.refusal != "" {
			return o, err
		}
	}
	if !t.Revoked || o.agencyKey == nil {
		return o, nil
	}
	answer, err := r.Agencies.RevokePowerOfAttorney(ctx, t.Agency, scope, t.RevokeKey, *o.agencyKey)
	if err != nil {
		return o, err
	}
	if answer.Status != debt.ActDone && answer.Reason != debt.ActNotFound {
		return o, fmt.Errorf("the agency refuses the revocation: %s", answer.Reason)
	}
	o.ended = true
	return o, nil
}

func (r *Register) tellGiven(ctx context.Context, t task, s sealed, scope caller.Scope) (o outcome, err error) {
	p := debt.NewPowerOfAttorney{
		AttorneyName: s.Name, MayAct: t.MayAct, ValidFrom: norway.FromUnixDays(t.ValidFrom),
		ValidUntil: norway.FromUnixDays(t.ValidUntil),
		Cases:      casesAt(t, s),
	}
	if t.OrgNumber != nil {
		p.AttorneyOrgNumber = *t.OrgNumber
	} else if p.AttorneyID, err = norway.ParseNationalID(s.Attorney); err != nil {
		return o, fmt.Errorf("attorney: %w", err)
	}
	answer, err := r.Agencies.GivePowerOfAttorney(ctx, t.Agency, scope, t.GiveKey, p)
	switch {
	case err != nil:
		return o, err
	case answer.Status == debt.ActDone:
		return outcome{agencyKey: &answer.ID, told: true}, nil
	case answer.Reason == debt.ActNotFound && !t.Revoked: // it may come to know the person
		return outcome{refusal: NotNeeded, again: notKnown}, nil
	case answer.Reason == debt.ActNotFound:
		return outcome{refusal: NotNeeded, ended: true}, nil
	default:
		r.Logger.WarnContext(ctx, "an agency refuses a power of attorney", slog.String("agency", t.Agency),
			slog.String("reason", string(answer.Reason)))
		return outcome{refusal: Refused}, nil
	}
}

// casesAt returns the keys of the single cases at an agency; nil where all are covered.
func casesAt(t task, s sealed) []string {
	var keys []string
	for _, c := range s.Cases {
		if c.Agency == t.Agency {
			keys = append(keys, c.ID)
		}
	}
	return keys
}
