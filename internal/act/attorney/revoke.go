package attorney

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/portal/throttle"
)

// RevokeInput says which power of attorney is revoked.
type RevokeInput struct {
	act.Keyed
	ID debt.Key `json:"id"` // its global id
}

// Revoke is the act of revoking a power of attorney. It has ended for the next request,
// whatever the agencies know; those that have heard of it are told until they answer. One
// that has ended stays as it is. One that is missing or another's is NOT_FOUND.
func Revoke(r *Register) *act.Of[RevokeInput] {
	return &act.Of[RevokeInput]{
		Act: act.Act{
			Name: RevokeName, Reach: act.Each, Who: access.Debtor, Function: revokeFunction, Holds: true, Keep: kept,
			Ready: r.onceTold,
			Often: throttle.Limits{PerMinute: maxADay, PerDay: 4 * maxADay}, // nobody waits with it
		},
		Plan: r.planRevoke,
	}
}

func (r *Register) planRevoke(ctx context.Context, by act.By, in RevokeInput) (act.Plan, error) {
	if !by.OnOwnBehalf() {
		return act.Plan{}, ErrNotYours
	}
	id, ok := OfGlobalID(in.ID)
	if !ok {
		return act.Plan{}, errNoSuch
	}
	power, err := r.Find(ctx, by.Principal, id)
	if errors.Is(err, agency.ErrNotFound) {
		return act.Plan{}, errNoSuch
	}
	if err != nil {
		return act.Plan{}, err
	}
	plan := act.Plan{}
	if power.RevokedAt == nil {
		if plan, err = r.ending(ctx, power, by.Now); err != nil {
			return act.Plan{}, err
		}
	}
	plan.Store = func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, revokeSQL, pgx.NamedArgs{
			"id": id, "act": by.ID, "people": r.Secret.References(by.NationalID), "now": by.Now,
		})
		if err != nil {
			return err
		}
		return about(ctx, tx, id, by.ID)
	}
	return plan, nil
}

var errNoSuch = act.Faults{{Code: act.NotFound, Field: []string{"input", "id"}, Text: "input.POWER_OF_ATTORNEY"}}

// leastTelling is how long agencies are told at least of the end of a power that is over soon.
const leastTelling = 3 * 24 * time.Hour

// ending asks every agency that has been asked to take the power up.
func (r *Register) ending(ctx context.Context, p Power, now time.Time) (plan act.Plan, err error) {
	ctx, cancel := r.Portal.Bounded(ctx)
	defer cancel()
	rows, err := r.Portal.Query(ctx, agenciesSQL, pgx.NamedArgs{"id": p.ID})
	if err != nil {
		return plan, unavailable("read who was told of a power of attorney", err)
	}
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return plan, unavailable("read who was told of a power of attorney", err)
	}
	for _, code := range codes {
		plan.Parts = append(plan.Parts, act.Part{Agency: code, Input: result{}})
	}
	plan.Until = new(endOf(p.Until))
	if least := now.Add(leastTelling); plan.Until.Before(least) {
		plan.Until = &least
	}
	return plan, nil
}

// result is what an agency answers to a power: its own name for it, by which it is revoked.
type result struct {
	ID string `json:"power_of_attorney_id"`
}

// told is what an agency has been told of a power by one act.
type told struct {
	ID       uuid.UUID
	SealedAs string
	State    act.State
	Result   []byte
	Perhaps  bool // it may have heard of it, or be hearing of it now
}

// onceTold returns the agency's own name of a power, and waits for it while the agency may be
// hearing of the power. One that has not heard of it never will.
func (r *Register) onceTold(ctx context.Context, id uuid.UUID, code string, _ json.RawMessage) (json.RawMessage,
	act.Readiness, error) {
	ctx, cancel := r.Portal.Bounded(ctx)
	defer cancel()
	rows, err := r.Portal.Query(ctx, toldSQL, pgx.NamedArgs{"act": id, "agency": code})
	if err != nil {
		return nil, act.Later, unavailable("read what an agency was told", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[told])
	if err != nil {
		return nil, act.Later, unavailable("read what an agency was told", err)
	}
	ready := act.Spared
	for _, t := range all {
		switch {
		case t.State == act.PartDone:
			named, err := r.named(t, code)
			return named, act.Ask, err
		case t.State == act.Asked && t.Perhaps:
			ready = act.Later
		}
	}
	return nil, ready, nil
}

func (r *Register) named(t told, code string) (json.RawMessage, error) {
	text, err := act.OpenResult(r.Secret, t.SealedAs, t.ID, code, t.Result)
	if err != nil {
		return nil, err
	}
	var answered result
	if err := json.Unmarshal(text, &answered); err != nil || answered.ID == "" {
		return nil, fmt.Errorf("%s has not named the power of attorney of act %s: %w", code, t.ID, err)
	}
	return json.Marshal(answered)
}
