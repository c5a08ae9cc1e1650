package privacy

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

var (
	//go:embed sql/waiting.sql
	waitingSQL string
	//go:embed sql/by_id.sql
	byIDSQL string
	//go:embed sql/answer.sql
	answerSQL string
)

// Desk is where the operators of the portal answer requests.
type Desk struct {
	store store
	clock func() time.Time
}

// NewDesk returns a desk over the portal database.
func NewDesk(db *portal.DB, secret *portal.Secret, clock func() time.Time) *Desk {
	return &Desk{store{db, secret}, clock}
}

// Case is a request as the desk sees it.
type Case struct {
	personaldata.Request
	// Name and NationalID say who asks, so that an agency can find the person. They are empty
	// for a request to the portal, which nobody needs them for.
	Name       string
	NationalID norway.NationalID
}

// ErrNone says that no request has that number, or none that waits for an answer.
var ErrNone = errors.New("no privacy request of that number waits for an answer")

// Waiting returns the requests that wait for an answer, the most urgent first.
func (d *Desk) Waiting(ctx context.Context) ([]Case, error) {
	ctx, cancel := d.store.db.Bounded(ctx)
	defer cancel()
	return d.cases(d.store.db.Query(ctx, waitingSQL))
}

// Find returns a request, ErrNone where there is none.
func (d *Desk) Find(ctx context.Context, id uuid.UUID) (Case, error) {
	ctx, cancel := d.store.db.Bounded(ctx)
	defer cancel()
	found, err := d.cases(d.store.db.Query(ctx, byIDSQL, pgx.NamedArgs{"id": id}))
	switch {
	case err != nil:
		return Case{}, err
	case len(found) == 0:
		return Case{}, ErrNone
	}
	return found[0], nil
}

func (d *Desk) cases(rows pgx.Rows, err error) ([]Case, error) {
	if err != nil {
		return nil, fmt.Errorf("read privacy requests: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("read privacy requests: %w", err)
	}
	out := make([]Case, len(found))
	for i, r := range found {
		if out[i].Request, err = d.store.open(r); err != nil {
			return nil, err
		}
		if r.Person == nil {
			continue
		}
		var who person
		plain, err := d.store.secret.Unseal(r.Person, boundPerson(r.ID))
		if err == nil {
			err = json.Unmarshal(plain, &who)
		}
		if err == nil {
			out[i].NationalID, err = norway.ParseNationalID(who.NationalID)
		}
		if err != nil {
			return nil, fmt.Errorf("privacy request %s: who it is from: %w", r.ID, err)
		}
		out[i].Name = who.Name
	}
	return out, nil
}

// Answer gives the person the reply, and ends the request.
func (d *Desk) Answer(ctx context.Context, id uuid.UUID, reply string) error {
	return d.reply(ctx, id, reply, personaldata.RequestAnswered)
}

// Extend says why the answer takes up to two months more (GDPR art. 12(3)).
func (d *Desk) Extend(ctx context.Context, id uuid.UUID, why string) error {
	return d.reply(ctx, id, why, personaldata.RequestExtended)
}

func (d *Desk) reply(ctx context.Context, id uuid.UUID, text string, status personaldata.RequestStatus) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return errors.New("the reply is empty")
	}
	c, err := d.Find(ctx, id)
	if err != nil {
		return err
	}
	by := c.AnswerBy
	if status == personaldata.RequestExtended {
		by = personaldata.Extended(norway.DateOf(c.SubmittedAt))
	}
	ctx, cancel := d.store.db.Bounded(ctx)
	defer cancel()
	done, err := d.store.db.Exec(ctx, answerSQL, pgx.NamedArgs{
		"id": id, "status": status, "reply": d.store.secret.Seal([]byte(text), boundReply(id)),
		"answer_by": by.String(), "now": d.clock(),
	})
	if err != nil {
		return fmt.Errorf("answer privacy request: %w", err)
	}
	if done.RowsAffected() == 0 {
		return ErrNone
	}
	return nil
}
