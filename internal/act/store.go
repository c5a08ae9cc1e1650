package act

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

var (
	//go:embed sql/read.sql
	readSQL string
	//go:embed sql/insert.sql
	insertSQL string
	//go:embed sql/insert_agency.sql
	insertAgencySQL string
	//go:embed sql/take.sql
	takeSQL string
	//go:embed sql/release.sql
	releaseSQL string
	//go:embed sql/update.sql
	updateSQL string
	//go:embed sql/update_agency.sql
	updateAgencySQL string
)

// database keeps acts in the portal database.
type database struct {
	*portal.DB
	secret *portal.Secret
	river  *river.Client[pgx.Tx]
}

// ErrUnavailable says that the portal's own database does not answer: whether the act was
// stored is not known.
var ErrUnavailable = fault.New(fault.PortalUnavailable, "this is not possible now: try again later, with the same key")

func unavailable(doing string, err error) error {
	if _, ok := mendable(err); ok {
		return err
	}
	if known := (*fault.Error)(nil); errors.As(err, &known) {
		return err
	}
	return ErrUnavailable.Because(fmt.Errorf("%s: %w", doing, err))
}

func (d *database) insert(ctx context.Context, s *saga, with stored) (ok bool, err error) {
	ctx, cancel := d.Bounded(ctx)
	defer cancel()
	for again := false; ; again = true {
		err = pgx.BeginFunc(ctx, d.DB, func(tx pgx.Tx) (err error) {
			ok, err = d.write(ctx, tx, s, with)
			return err
		})
		if err == nil || again || !audit.NoMonth(err) {
			break
		}
		if err = with.entry.MakeMonth(ctx, d.DB); err != nil {
			break
		}
	}
	if err != nil {
		return false, unavailable("store act", err)
	}
	return ok, nil
}

// write is all that is stored of an act, in one transaction.
func (d *database) write(ctx context.Context, tx pgx.Tx, s *saga, with stored) (bool, error) {
	args := pgx.NamedArgs{
		"id": s.ID, "subject": s.subject, "key": s.key, "name": s.Name, "reach": s.Reach, "digest": s.digest,
		"actor": s.actor, "by_name": nil, "whose": s.whose, "summary": s.Summary, "kept": s.kept,
		"cases": encodeCases(s.Cases),
		"alone": with.alone, "status": s.Status, "decision": nullDecision(s.Decision),
		"decided_at": s.DecidedAt, "reason": s.Reason, "now": s.CreatedAt, "decide_by": nil, "until": s.Until,
		"ended_at": s.EndedAt, "rests": nil, "driver": nil, "lease": with.lease, "sealed_as": s.sealedAs,
		"others": s.subjects[1:],
	}
	if len(s.subjects) > 1 { // what stands in the way may be there under another key's reference
		if _, err := tx.Exec(ctx, portal.LockSQL, "act", s.subjects); err != nil {
			return false, err
		}
	}
	if s.By != "" {
		args["by_name"] = d.secret.Seal([]byte(s.By), boundBy(s))
	}
	if !s.DecideBy.IsZero() {
		args["decide_by"] = s.DecideBy
	}
	if s.rests != nil {
		args["rests"] = s.rests.String()
	}
	if s.EndedAt == nil {
		args["driver"] = with.driver
	} else {
		args["whose"] = nil
	}
	tag, err := tx.Exec(ctx, insertSQL, args)
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	batch := &pgx.Batch{}
	for i, a := range s.Agencies {
		batch.Queue(insertAgencySQL, pgx.NamedArgs{
			"id": s.ID, "position": i, "agency": a.Code, "key": s.parts[i].key, "input": s.parts[i].input,
			"expects": s.parts[i].expects, "sent": s.parts[i].sent, "now": a.ChangedAt,
		})
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return false, err
	}
	if with.own != nil {
		if err := with.own(ctx, tx); err != nil {
			return false, err
		}
	}
	if err := with.entry.InsertTx(ctx, tx); err != nil {
		return false, err
	}
	if s.EndedAt != nil {
		return true, nil
	}
	_, err = d.river.InsertTx(ctx, tx, resume{s.ID}, &river.InsertOpts{ScheduledAt: with.again})
	return err == nil, err
}

func (d *database) byKey(ctx context.Context, subjects [][]byte, key uuid.UUID) (*saga, error) {
	return d.first(ctx, pgx.NamedArgs{"subjects": subjects, "key": key})
}

func (d *database) pending(ctx context.Context, subjects [][]byte, name Name) (*saga, error) {
	return d.first(ctx, pgx.NamedArgs{"subjects": subjects, "name": name, "pending": true})
}

func (d *database) list(ctx context.Context, subjects [][]byte) ([]*saga, error) {
	return d.read(ctx, pgx.NamedArgs{"subjects": subjects})
}

func (d *database) first(ctx context.Context, args pgx.NamedArgs) (*saga, error) {
	all, err := d.read(ctx, args)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

func (d *database) take(ctx context.Context, id, driver uuid.UUID, lease time.Duration) (*saga, error) {
	waiting, cancel := d.Bounded(ctx)
	defer cancel()
	var taken bool
	args := pgx.NamedArgs{"id": id, "driver": driver, "lease": lease}
	if err := d.DB.QueryRow(waiting, takeSQL, args).Scan(&taken); err != nil {
		return nil, unavailable("take act", err)
	}
	s, err := d.first(ctx, pgx.NamedArgs{"id": id})
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return nil, agency.ErrNotFound
	case !taken && s.EndedAt == nil:
		return s, errBusy
	}
	s.driver = driver
	return s, nil
}

func (d *database) release(ctx context.Context, id, driver uuid.UUID) {
	ctx, cancel := d.Bounded(context.WithoutCancel(ctx))
	defer cancel()
	// Where this fails, the lease ends by itself.
	_, _ = d.DB.Exec(ctx, releaseSQL, pgx.NamedArgs{"id": id, "driver": driver})
}

func (d *database) save(ctx context.Context, s *saga, driver uuid.UUID, lease time.Duration,
	own []func(context.Context, pgx.Tx) error) error {
	ctx, cancel := d.Bounded(ctx)
	defer cancel()
	err := pgx.BeginFunc(ctx, d.DB, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, updateSQL, pgx.NamedArgs{
			"id": s.ID, "driver": driver, "lease": lease, "status": s.Status, "decision": nullDecision(s.Decision),
			"reason": s.Reason, "decided_at": s.DecidedAt, "ended_at": s.EndedAt,
		})
		if err == nil && tag.RowsAffected() == 0 {
			err = errLost
		}
		if err != nil {
			return err
		}
		batch := &pgx.Batch{}
		for i, a := range s.Agencies {
			args := pgx.NamedArgs{
				"id": s.ID, "agency": a.Code, "state": a.State, "reason": a.Reason, "changed_at": a.ChangedAt,
				"sent": s.parts[i].sent, "ended_at": s.EndedAt, "result": nil,
			}
			if a.Result != nil {
				args["result"] = d.secret.Seal(a.Result, boundResult(s.sealedAs, s.ID, a.Code))
			}
			batch.Queue(updateAgencySQL, args)
		}
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		for _, write := range own {
			if err := write(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return unavailable("write how far an act is", err)
	}
	return nil
}

func nullDecision(d Decision) *Decision {
	if d == "" {
		return nil
	}
	return &d
}

// row is what read.sql gives.
type row struct {
	ID                    uuid.UUID
	Subject               []byte
	Key                   uuid.UUID
	Name                  Name
	Reach                 Reach
	Digest, Actor, ByName []byte
	Whose                 []byte
	Summary               json.RawMessage
	Kept                  []byte
	Cases                 []string
	Status                Status
	Decision              Decision
	Reason                Code
	CreatedAt             time.Time
	DecideBy, DecidedAt   *time.Time
	Until                 time.Time
	EndedAt               *time.Time
	SealedAs              string
	Agency                string
	AgencyKey             *uuid.UUID
	Input, Expects        []byte
	State                 State
	AgencyReason          Code
	Sent                  *bool
	Result                []byte
	ChangedAt             time.Time
}

// read returns the acts that the arguments name, the newest first.
func (d *database) read(ctx context.Context, args pgx.NamedArgs) ([]*saga, error) {
	ctx, cancel := d.Bounded(ctx)
	defer cancel()
	all := pgx.NamedArgs{"id": nil, "subjects": nil, "key": nil, "name": nil, "pending": false}
	for name, value := range args {
		all[name] = value
	}
	rows, err := d.DB.Query(ctx, readSQL, all)
	if err != nil {
		return nil, unavailable("read acts", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, unavailable("read acts", err)
	}
	var out []*saga
	for _, r := range found {
		if len(out) == 0 || out[len(out)-1].ID != r.ID {
			s, err := d.open(r)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
		if r.AgencyKey == nil {
			continue
		}
		s := out[len(out)-1]
		a := Agency{Code: r.Agency, State: r.State, Reason: r.AgencyReason, ChangedAt: r.ChangedAt}
		if r.Result != nil {
			if a.Result, err = OpenResult(d.secret, s.sealedAs, s.ID, r.Agency, r.Result); err != nil {
				return nil, err
			}
		}
		s.Agencies = append(s.Agencies, a)
		s.parts = append(s.parts, part{*r.AgencyKey, r.Input, r.Expects, r.Sent != nil && *r.Sent})
	}
	return out, nil
}

func (d *database) open(r row) (*saga, error) {
	s := &saga{
		Record: Record{
			ID: r.ID, Name: r.Name, Reach: r.Reach, Status: r.Status, Decision: r.Decision, Reason: r.Reason,
			CreatedAt: r.CreatedAt,
			DecidedAt: r.DecidedAt, Until: r.Until, EndedAt: r.EndedAt, Cases: decodeCases(r.Cases), Summary: r.Summary,
		},
		subject: r.Subject, digest: r.Digest, key: r.Key, sealedAs: r.SealedAs, whose: r.Whose, kept: r.Kept, actor: r.Actor,
	}
	if r.DecideBy != nil {
		s.DecideBy = *r.DecideBy
	}
	var err error
	if r.Kept != nil {
		if s.Kept, err = d.secret.Unseal(r.Kept, boundKept(s)); err != nil {
			return nil, fmt.Errorf("what is kept of act %s: %w", s.ID, err)
		}
	}
	if r.ByName != nil {
		by, err := d.secret.Unseal(r.ByName, boundBy(s))
		if err != nil {
			return nil, fmt.Errorf("who did act %s: %w", s.ID, err)
		}
		s.By = string(by)
	}
	return s, nil
}

// A case is stored as in the access log: the agency's code, a slash, the agency's key.
func encodeCases(keys []debt.Key) []string {
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = k.Agency + "/" + k.ID
	}
	return all
}

func decodeCases(texts []string) []debt.Key {
	var keys []debt.Key
	for _, t := range texts {
		for i := range len(t) {
			if t[i] == '/' {
				keys = append(keys, debt.Key{Kind: debt.KindCase, Agency: t[:i], ID: t[i+1:]})
				break
			}
		}
	}
	return keys
}
