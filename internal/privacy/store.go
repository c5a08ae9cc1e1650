package privacy

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

var (
	//go:embed sql/insert.sql
	insertSQL string
	//go:embed sql/requests.sql
	requestsSQL string
	//go:embed sql/schedule.sql
	scheduleSQL string
	//go:embed sql/session.sql
	sessionSQL string
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
		Number: r.ID, Kind: r.Kind, AgencyCode: r.Agency, SubmittedAt: r.SubmittedAt,
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
func (s store) requests(ctx context.Context, subjects [][]byte) ([]personaldata.Request, error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	out, err := s.openAll(s.db.Query(ctx, requestsSQL, pgx.NamedArgs{"subjects": subjects}))
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

// seal returns the row of a request that is handed in now.
func (s store) seal(by act.By, in RequestInput) (pgx.NamedArgs, error) {
	row := pgx.NamedArgs{
		"id": by.ID, "subject": s.secret.Reference(by.NationalID), "subjects": s.secret.References(by.NationalID),
		"kind": in.Kind, "agency": nil, "person": nil,
		"text": s.secret.Seal([]byte(in.Text), boundText(by.ID)), "submitted_at": by.Now,
		"answer_by": personaldata.AnswerBy(by.Today).String(), "most": mostWaiting,
	}
	if in.Agency != nil {
		who, err := json.Marshal(person{by.NationalID.Reveal(), by.Name})
		if err != nil {
			return nil, fmt.Errorf("privacy request: %w", err)
		}
		row["agency"], row["person"] = in.Agency.Agency, s.secret.Seal(who, boundPerson(by.ID))
	}
	return row, nil
}

// add stores a request, unless too many wait already.
func add(ctx context.Context, tx pgx.Tx, row pgx.NamedArgs) error {
	if _, err := tx.Exec(ctx, portal.LockSQL, "privacy request", row["subjects"]); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, insertSQL, row)
	if err == nil && tag.RowsAffected() == 0 {
		err = errTooMany
	}
	return err
}

// rules are the retention rules of the categories but that of acts, which has one for each.
var rules = map[string]personaldata.Code{
	"privacy_request":    personaldata.PrivacyRequests,
	"session":            personaldata.Logins,
	solution.Name.Rule(): personaldata.SolutionAcceptances,
	"power_of_attorney":  personaldata.PowersOfAttorney,
	"budget":             personaldata.HouseholdBudget,
	"document":           personaldata.SentFiles,
	"access_log":         personaldata.AccessLog,
}

// everything returns all that the portal has on a person, but acts and powers of attorney.
func (s store) everything(ctx context.Context, subjects [][]byte) (*personaldata.Portal, error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	out := &personaldata.Portal{Days: map[personaldata.Code]int{}}
	var err error
	if out.Requests, err = s.requests(ctx, subjects); err != nil {
		return nil, err
	}
	if err := s.others(ctx, subjects, out); err != nil {
		return nil, unavailable("read what the portal has on a person", err)
	}
	return out, nil
}

func (s store) others(ctx context.Context, subjects [][]byte, out *personaldata.Portal) error {
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
		if strings.HasPrefix(rule.Name, act.RulePrefix) {
			out.Days[personaldata.Acts] = max(out.Days[personaldata.Acts], rule.Days)
		}
	}
	args := pgx.NamedArgs{"subjects": subjects}
	if out.Logins, err = collect[personaldata.Login](ctx, s.db, sessionSQL, args); err != nil {
		return err
	}
	out.AccessLog, err = collect[personaldata.Access](ctx, s.db, accessLogSQL, args)
	return err
}

func collect[T any](ctx context.Context, db *portal.DB, sql string, args pgx.NamedArgs) ([]T, error) {
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// UnderKey says where requests have references and sealed values.
func UnderKey() []portal.Keyed {
	return []portal.Keyed{{
		Table: "portal.privacy_request", Key: []string{"id"}, References: []string{"subject"},
		Sealed: []portal.Sealed{
			{Column: "text", Bound: "'privacy request text ' || id"},
			{Column: "reply", Bound: "'privacy request reply ' || id"},
			{Column: "person", Bound: "'privacy request person ' || id"},
		},
	}}
}
