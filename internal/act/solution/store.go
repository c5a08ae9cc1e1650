package solution

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

var (
	//go:embed sql/read.sql
	readSQL string
	//go:embed sql/insert.sql
	insertSQL string
	//go:embed sql/insert_agency.sql
	insertAgencySQL string
	//go:embed sql/update.sql
	updateSQL string
	//go:embed sql/update_agency.sql
	updateAgencySQL string
)

// saga is an acceptance with what is needed to drive it.
type saga struct {
	Acceptance
	subject, digest []byte
	key             uuid.UUID   // the caller's
	person          []byte      // sealed
	lastDay         norway.Date // zero: no payment is known, or it was read
	parts           []part      // one for each of Agencies
}

type part struct {
	key      uuid.UUID // the agency's
	proposal []byte    // sealed
	expects  []byte
}

// row is what read.sql gives.
type row struct {
	ID                  uuid.UUID
	Subject             []byte
	Key                 uuid.UUID
	Digest, Person      []byte
	Summary             json.RawMessage
	Status              Status
	Decision            Decision
	Reason              Reason
	CreatedAt, DecideBy time.Time
	DecidedAt, EndedAt  *time.Time
	Schedule            []byte
	Agency              string
	AgencyKey           uuid.UUID
	Proposal, Expects   []byte
	State               State
	AgencyReason        Reason
	ChangedAt           time.Time
}

type queryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// read returns the acceptance with an id and those of a subject, the newest first.
func read(ctx context.Context, db queryer, id uuid.UUID, subject []byte) ([]saga, error) {
	rows, err := db.Query(ctx, readSQL, pgx.NamedArgs{"id": id, "subject": subject})
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, err
	}
	var found []saga
	for _, r := range all {
		if len(found) == 0 || found[len(found)-1].ID != r.ID {
			found = append(found, saga{
				Acceptance: Acceptance{
					ID: r.ID, Status: r.Status, Decision: r.Decision, Reason: r.Reason, Summary: r.Summary,
					CreatedAt: r.CreatedAt, DecideBy: r.DecideBy, DecidedAt: r.DecidedAt, EndedAt: r.EndedAt, Schedule: r.Schedule,
				},
				subject: r.Subject, digest: r.Digest, key: r.Key, person: r.Person,
			})
		}
		s := &found[len(found)-1]
		s.Agencies = append(s.Agencies, Agency{r.Agency, r.State, r.AgencyReason, r.ChangedAt})
		s.parts = append(s.parts, part{r.AgencyKey, r.Proposal, r.Expects})
	}
	return found, nil
}

// store writes a plan and its job, or returns what the same key and plan have led to.
func (e *Engine) store(ctx context.Context, key uuid.UUID, plan Plan) (saga, error) {
	s, err := e.begin(key, plan)
	if err != nil {
		return saga{}, err
	}
	// Who was in the way may be gone when one looks who it was: then there is room.
	for range 5 {
		var stored bool
		err := pgx.BeginFunc(ctx, e.Portal, func(tx pgx.Tx) (err error) {
			stored, err = e.insert(ctx, tx, s)
			return err
		})
		if err != nil {
			return saga{}, fmt.Errorf("store: %w", err)
		}
		if stored {
			return s, nil
		}
		others, err := read(ctx, e.Portal, uuid.Nil, s.subject)
		if err != nil {
			return saga{}, fmt.Errorf("find what is there: %w", err)
		}
		if i := slices.IndexFunc(others, func(o saga) bool { return o.key == key }); i >= 0 {
			if !bytes.Equal(others[i].digest, s.digest) {
				return saga{}, fault.ErrKeyReused
			}
			return others[i], nil
		}
		if i := slices.IndexFunc(others, func(o saga) bool { return o.Status == Pending && o.Decision != Withdraw }); i >= 0 {
			return saga{}, &PendingError{others[i].ID}
		}
	}
	return saga{}, errors.New("too many acceptances at once")
}

// begin makes the saga of a plan. The keys for the agencies are chosen here, before the
// first of them is asked.
func (e *Engine) begin(key uuid.UUID, plan Plan) (saga, error) {
	now := e.now()
	sum, err := plan.digest()
	if err != nil {
		return saga{}, err
	}
	s := saga{
		Acceptance: Acceptance{ID: uuid.New(), Status: Pending, Summary: plan.Summary, CreatedAt: now,
			DecideBy: now.Add(decideWithin)},
		subject: e.Secret.Reference(plan.Scope.NationalID()), digest: sum, key: key, lastDay: plan.LastDay,
	}
	if plan.Schedule != nil {
		s.Schedule = e.Secret.Seal(plan.Schedule, boundSchedule(s.ID))
	}
	if s.Summary == nil {
		s.Summary = json.RawMessage("{}")
	}
	scope, err := plan.Scope.Encode()
	if err != nil {
		return saga{}, err
	}
	s.person = e.Secret.Seal(scope, boundTo(s.ID, ""))
	for _, a := range plan.Agencies {
		text, err := json.Marshal(a.Proposal)
		if err != nil {
			return saga{}, fmt.Errorf("encode proposal: %w", err)
		}
		s.Agencies = append(s.Agencies, Agency{Code: a.Agency, State: AgencyPending, ChangedAt: now})
		s.parts = append(s.parts, part{uuid.New(), e.Secret.Seal(text, boundTo(s.ID, a.Agency)), a.Expects})
	}
	return s, nil
}

// boundTo names the row that a sealed value belongs to.
func boundTo(id uuid.UUID, agency string) string { return "acceptance " + id.String() + " " + agency }

func boundSchedule(id uuid.UUID) string { return "acceptance schedule " + id.String() }

// OpenSchedule returns the schedule of the acceptance with an id.
func OpenSchedule(secret *portal.Secret, id uuid.UUID, sealed []byte) ([]byte, error) {
	plain, err := secret.Unseal(sealed, boundSchedule(id))
	if err != nil {
		return nil, fmt.Errorf("schedule of acceptance %s: %w", id, err)
	}
	return plain, nil
}

// OpenSchedule returns the schedule of an acceptance that has one.
func (e *Engine) OpenSchedule(a Acceptance) ([]byte, error) {
	return OpenSchedule(e.Secret, a.ID, a.Schedule)
}

// digest tells plans apart.
func (p Plan) digest() ([]byte, error) {
	if p.Input != nil {
		return digest(p.Input), nil
	}
	text, err := json.Marshal(p.Agencies)
	if err != nil {
		return nil, fmt.Errorf("encode plan: %w", err)
	}
	return digest(text), nil
}

func digest(text []byte) []byte {
	sum := sha256.Sum256(text)
	return sum[:]
}

func (e *Engine) insert(ctx context.Context, tx pgx.Tx, s saga) (stored bool, err error) {
	args := pgx.NamedArgs{
		"id": s.ID, "subject": s.subject, "key": s.key, "digest": s.digest, "person": s.person,
		"summary": s.Summary, "now": s.CreatedAt, "decide_by": s.DecideBy, "schedule": s.Schedule, "last_day": nil,
	}
	if !s.lastDay.IsZero() {
		args["last_day"] = s.lastDay.String()
	}
	tag, err := tx.Exec(ctx, insertSQL, args)
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	batch := &pgx.Batch{}
	for i, a := range s.Agencies {
		batch.Queue(insertAgencySQL, pgx.NamedArgs{
			"id": s.ID, "position": i, "agency": a.Code, "key": s.parts[i].key,
			"proposal": s.parts[i].proposal, "expects": s.parts[i].expects, "now": a.ChangedAt,
		})
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return false, err
	}
	return true, e.enqueue(ctx, tx, s)
}

// save writes where a saga is. It is called on the connection that holds the lock: whoever
// has lost the lock has lost the connection too.
func save(ctx context.Context, conn *pgxpool.Conn, s *saga) error {
	batch := &pgx.Batch{} // one transaction
	batch.Queue(updateSQL, pgx.NamedArgs{
		"id": s.ID, "status": s.Status, "decision": s.Decision, "reason": s.Reason, "decided_at": s.DecidedAt,
		"ended_at": s.EndedAt,
	})
	for _, a := range s.Agencies {
		batch.Queue(updateAgencySQL, pgx.NamedArgs{
			"id": s.ID, "agency": a.Code, "state": a.State, "reason": a.Reason, "changed_at": a.ChangedAt, "ended_at": s.EndedAt,
		})
	}
	return conn.SendBatch(ctx, batch).Close()
}

// scope returns whose cases they are.
func (e *Engine) scope(s *saga) (caller.Scope, error) {
	plain, err := e.Secret.Unseal(s.person, boundTo(s.ID, ""))
	if err != nil {
		return caller.Scope{}, err
	}
	return caller.DecodeScope(plain)
}

// proposal returns what agency i is asked.
func (e *Engine) proposal(s *saga, i int) (p debt.Proposal, err error) {
	plain, err := e.Secret.Unseal(s.parts[i].proposal, boundTo(s.ID, s.Agencies[i].Code))
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(plain, &p)
}

// lock makes the caller the only driver, as long as the connection lives or until unlock.
func lock(ctx context.Context, conn *pgxpool.Conn, id uuid.UUID) (unlock func(), err error) {
	number := int64(binary.BigEndian.Uint64(id[:8])) // random bits
	var ok bool
	if err := conn.QueryRow(ctx, "select pg_catalog.pg_try_advisory_lock($1)", number).Scan(&ok); err != nil {
		return nil, err
	}
	if !ok {
		return func() {}, ErrBusy
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockTime)
		defer cancel()
		if _, err := conn.Exec(ctx, "select pg_catalog.pg_advisory_unlock($1)", number); err != nil {
			_ = conn.Conn().Close(ctx) // which unlocks it
		}
	}, nil
}
