package attorney

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// The names of the acts that the service does by itself. They are not in the schema.
const (
	introduceName act.Name = "INTRODUCE_POWER_OF_ATTORNEY"
	recallName    act.Name = "RECALL_POWER_OF_ATTORNEY"
)

// Late is what one agency is told of a power after the acts of its giver.
type Late struct {
	act.Keyed
	Power  uuid.UUID
	Agency string
	Before *uuid.UUID // see act.Part
}

// Introduce is the act of telling an agency of a power that was given before: it was connected
// later, or did not know the person then. [Register.Run] does it.
func Introduce(r *Register) *act.Of[Late] {
	return &act.Of[Late]{
		Act: act.Act{Name: introduceName, Reach: act.Each, Hidden: true, Function: giveFunction, Keep: kept,
			Ready: r.unlessEnded},
		Plan: r.planIntroduce,
	}
}

// Recall is the act of telling an agency of a revocation that passed it by: it was told of
// the power meanwhile, or could not take the revocation. [Register.Run] does it.
func Recall(r *Register) *act.Of[Late] {
	return &act.Of[Late]{
		Act: act.Act{Name: recallName, Reach: act.Each, Hidden: true, Function: revokeFunction, Keep: kept,
			Ready: r.onceTold},
		Plan: r.planRecall,
	}
}

// Hidden are the acts of this package that the service does by itself.
func Hidden(r *Register) []*act.Act {
	return []*act.Act{Introduce(r).Declared(), Recall(r).Declared()}
}

// errOver says that there is nothing to tell any more.
var errOver = act.Faults{{Code: act.NotFound}}

func (r *Register) planIntroduce(ctx context.Context, by act.By, in Late) (act.Plan, error) {
	p, err := r.Find(ctx, by.Principal, in.Power)
	if err != nil {
		return act.Plan{}, err
	}
	return act.Plan{
		Parts: []act.Part{{Agency: in.Agency, Input: termsAt(p, in.Agency), Before: in.Before}},
		Until: new(endOf(p.Until)), Rests: &p.Until,
		Store: func(ctx context.Context, tx pgx.Tx) error {
			var inForce bool
			err := tx.QueryRow(ctx, lockPowerSQL, pgx.NamedArgs{"id": p.ID, "now": by.Now}).Scan(&inForce)
			if err != nil {
				return err
			}
			if !inForce && in.Before == nil {
				return errOver
			}
			return about(ctx, tx, p.ID, by.ID)
		},
	}, nil
}

func (r *Register) planRecall(ctx context.Context, by act.By, in Late) (act.Plan, error) {
	p, err := r.Find(ctx, by.Principal, in.Power)
	if err != nil {
		return act.Plan{}, err
	}
	return act.Plan{
		Parts: []act.Part{{Agency: in.Agency, Input: result{}, Before: in.Before}},
		Until: new(endOf(p.Until)), Rests: &p.Until,
		Store: func(ctx context.Context, tx pgx.Tx) error { return about(ctx, tx, p.ID, by.ID) },
	}, nil
}

// Run tells agencies what passed them by, at every tick, until ctx ends. Any number of
// replicas may run it.
func (r *Register) Run(ctx context.Context, e *act.Engine, ticks <-chan time.Time) {
	for {
		if err := r.Deliver(ctx, e); err != nil && ctx.Err() == nil {
			r.Logger.WarnContext(ctx, "agencies are told of powers of attorney later", slog.String("cause", err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
	}
}

// due is one agency that is to be told of one power, or of its end.
type due struct {
	ID      uuid.UUID
	Sealed  []byte
	Agency  string
	Recalls bool
	Before  *uuid.UUID
}

// Deliver begins, once, what agencies are still to be told and no act under way tells them.
func (r *Register) Deliver(ctx context.Context, e *act.Engine) error {
	var codes []string
	for _, code := range r.Agencies.Codes() {
		if r.takes(code) {
			codes = append(codes, code)
		}
	}
	all, err := r.due(ctx, codes)
	if err != nil {
		return err
	}
	introduce, recall := Introduce(r), Recall(r)
	var telling errgroup.Group
	telling.SetLimit(atOnce)
	for _, d := range all {
		telling.Go(func() error {
			by, err := r.grantorOf(d)
			if err != nil {
				return err
			}
			tell := introduce
			if d.Recalls {
				tell = recall
			}
			_, err = tell.Perform(ctx, e, by, d.late(tell.Name, norway.DateOf(e.Clock())))
			if err != nil && !errors.As(err, new(act.Faults)) {
				return fmt.Errorf("tell %s of power of attorney %s: %w", d.Agency, d.ID, err)
			}
			return nil
		})
	}
	return telling.Wait()
}

// atOnce is how many agencies are told at once, of one power each.
const atOnce = 8

func (r *Register) due(ctx context.Context, codes []string) ([]due, error) {
	ctx, cancel := r.Portal.Bounded(ctx)
	defer cancel()
	rows, err := r.Portal.Query(ctx, dueSQL, pgx.NamedArgs{"codes": codes, "now": r.now()})
	if err != nil {
		return nil, unavailable("look whom to tell of powers of attorney", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[due])
	if err != nil {
		return nil, unavailable("look whom to tell of powers of attorney", err)
	}
	return all, nil
}

// grantorOf returns whose act it is: that of who has given the power.
func (r *Register) grantorOf(d due) (act.By, error) {
	s, err := r.unseal(d.ID, d.Sealed)
	if err != nil {
		return act.By{}, err
	}
	id, err := norway.ParseNationalID(s.Grantor)
	if err != nil {
		return act.By{}, fmt.Errorf("grantor of power of attorney %s: %w", d.ID, err)
	}
	return act.By{Principal: caller.Principal{Kind: caller.Person, NationalID: id}}, nil
}

// late has the same key on every replica, and another one tomorrow.
func (d due) late(name act.Name, today norway.Date) Late {
	key := uuid.NewSHA1(d.ID, []byte(string(name)+" "+d.Agency+" "+today.String()))
	return Late{Keyed: act.Keyed{IdempotencyKey: key}, Power: d.ID, Agency: d.Agency, Before: d.Before}
}

// endOf returns when a day is over in Norway.
func endOf(d norway.Date) time.Time {
	day := d.AddDays(1).Time()
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, norway.Oslo)
}
