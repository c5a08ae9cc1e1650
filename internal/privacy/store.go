package privacy

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

var (
	//go:embed sql/insert.sql
	insertSQL string
	//go:embed sql/by_key.sql
	byKeySQL string
	//go:embed sql/requests.sql
	requestsSQL string
	//go:embed sql/schedule.sql
	scheduleSQL string
	//go:embed sql/session.sql
	sessionSQL string
	//go:embed sql/acceptance.sql
	acceptanceSQL string
	//go:embed sql/access_log.sql
	accessLogSQL string
)

// store keeps requests in the portal database, and finds what else it has on a person.
type store struct {
	db     *portal.DB
	secret *portal.Secret
}

// unavailable is what a caller is told when the portal database fails.
func unavailable(what string, err error) error {
	return fault.New(fault.PortalUnavailable, "this cannot be looked up now: try again later").Because(fmt.Errorf("%s: %w",
		what, err))
}

// row is a request as it is stored.
type row struct {
	ID          uuid.UUID
	Kind        personaldata.RequestKind
	Agency      *string
	Text        []byte
	Person      []byte
	SubmittedAt time.Time
	AnswerBy    time.Time
	Status      personaldata.RequestStatus
	AnsweredAt  *time.Time
	Reply       []byte
}

// What a sealed value is bound to, so that none can be put in another's place.
func boundText(id uuid.UUID) string   { return "privacy request text " + id.String() }
func boundReply(id uuid.UUID) string  { return "privacy request reply " + id.String() }
func boundPerson(id uuid.UUID) string { return "privacy request person " + id.String() }

func (s store) open(r row) (personaldata.Request, error) {
	q := personaldata.Request{
		ID: r.ID, Kind: r.Kind, AgencyCode: r.Agency, SubmittedAt: r.SubmittedAt,
		AnswerBy: norway.FromUnixDays(int32(r.AnswerBy.Unix() / 86400)), Status: r.Status, AnsweredAt: r.AnsweredAt,
	}
	text, err := s.secret.Unseal(r.Text, boundText(r.ID))
	if err != nil {
		return q, fmt.Errorf("privacy request %s: %w", r.ID, err)
	}
	q.Text = string(text)
	if r.Reply != nil {
		reply, err := s.secret.Unseal(r.Reply, boundReply(r.ID))
		if err != nil {
			return q, fmt.Errorf("reply to privacy request %s: %w", r.ID, err)
		}
		q.Reply = new(string(reply))
	}
	return q, nil
}

func (s store) openAll(rows pgx.Rows, err error) ([]personaldata.Request, error) {
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, err
	}
	out := make([]personaldata.Request, len(found))
	for i, r := range found {
		if out[i], err = s.open(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// requests returns a person's requests, newest first.
func (s store) requests(ctx context.Context, subject []byte) ([]personaldata.Request, error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	out, err := s.openAll(s.db.Query(ctx, requestsSQL, pgx.NamedArgs{"subject": subject}))
	if err != nil {
		return nil, unavailable("read privacy requests", err)
	}
	return out, nil
}

// person is what is sealed of whom a request to an agency is from: it must find them.
type person struct {
	NationalID string `json:"nationalId"`
	Name       string `json:"name"`
}

// add stores a request, unless there is one with the same key, and returns the stored one. It
// returns none when too many wait already.
func (s store) add(ctx context.Context, p caller.Principal, in Input, at time.Time) (*personaldata.Request, error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	id, subject := uuid.New(), s.secret.Reference(p.NationalID)
	args := pgx.NamedArgs{
		"id": id, "subject": subject, "key": in.Key, "kind": in.Kind, "agency": in.Agency, "person": nil,
		"text": s.secret.Seal([]byte(in.Text), boundText(id)), "submitted_at": at,
		"answer_by": personaldata.AnswerBy(norway.DateOf(at)).String(), "most": mostWaiting,
	}
	if in.Agency != nil {
		who, err := json.Marshal(person{p.NationalID.Reveal(), p.Name})
		if err != nil {
			return nil, fmt.Errorf("privacy request: %w", err)
		}
		args["person"] = s.secret.Seal(who, boundPerson(id))
	}
	if _, err := s.db.Exec(ctx, insertSQL, args); err != nil {
		return nil, unavailable("store privacy request", err)
	}
	found, err := s.openAll(s.db.Query(ctx, byKeySQL, pgx.NamedArgs{"subject": subject, "key": in.Key}))
	if err != nil {
		return nil, unavailable("read privacy request", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

// rules are the retention rules of the categories.
var rules = map[string]personaldata.Code{
	"privacy_request":   personaldata.PrivacyRequests,
	"session":           personaldata.Logins,
	"acceptance":        personaldata.SolutionAcceptances,
	"power_of_attorney": personaldata.PowersOfAttorney,
	"access_log":        personaldata.AccessLog,
}

// everything returns all that the portal has on a person.
func (s store) everything(ctx context.Context, subject []byte) (*personaldata.Portal, error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	out := &personaldata.Portal{Days: map[personaldata.Code]int{}}
	var err error
	if out.Requests, err = s.requests(ctx, subject); err != nil {
		return nil, err
	}
	if err := s.others(ctx, subject, out); err != nil {
		return nil, unavailable("read what the portal has on a person", err)
	}
	return out, nil
}

func (s store) others(ctx context.Context, subject []byte, out *personaldata.Portal) error {
	days, err := collect[struct {
		Name string
		Days int
	}](ctx, s.db, scheduleSQL, nil)
	if err != nil {
		return err
	}
	for _, rule := range days {
		if code, ok := rules[rule.Name]; ok {
			out.Days[code] = rule.Days
		}
	}
	args := pgx.NamedArgs{"subject": subject}
	if out.Logins, err = collect[personaldata.Login](ctx, s.db, sessionSQL, args); err != nil {
		return err
	}
	if out.Acceptances, err = s.acceptances(ctx, args); err != nil {
		return err
	}
	out.AccessLog, err = collect[personaldata.Access](ctx, s.db, accessLogSQL, args)
	return err
}

// acceptances returns what a person has accepted, with what to pay and when.
func (s store) acceptances(ctx context.Context, args pgx.NamedArgs) ([]personaldata.Acceptance, error) {
	found, err := collect[struct {
		ID         uuid.UUID
		AcceptedAt time.Time
		Status     personaldata.PaymentSolutionAcceptanceStatus
		EndedAt    *time.Time
		Reason     *string
		Schedule   []byte
		Agencies   []string
	}](ctx, s.db, acceptanceSQL, args)
	if err != nil {
		return nil, err
	}
	out := make([]personaldata.Acceptance, len(found))
	for i, a := range found {
		out[i] = personaldata.Acceptance{AcceptedAt: a.AcceptedAt, Status: a.Status, EndedAt: a.EndedAt, Reason: a.Reason,
			Agencies: a.Agencies}
		if a.Schedule == nil {
			continue
		}
	}
	return out, nil
}

func collect[T any](ctx context.Context, db *portal.DB, sql string, args pgx.NamedArgs) ([]T, error) {
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}
