package session

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

var (
	//go:embed sql/read.sql
	readSQL string
	//go:embed sql/holds.sql
	holdsSQL string
	//go:embed sql/touch.sql
	touchSQL string
	//go:embed sql/insert.sql
	insertSQL string
	//go:embed sql/crowd.sql
	crowdSQL string
	//go:embed sql/end_letter.sql
	endLetterSQL string
	//go:embed sql/end_letters.sql
	endLettersSQL string
	//go:embed sql/end.sql
	endSQL string
	//go:embed sql/end_sid.sql
	endSIDSQL string
	//go:embed sql/held.sql
	heldSQL string
	//go:embed sql/end_held.sql
	endHeldSQL string
	//go:embed sql/clean.sql
	cleanSQL string
)

// ErrPortalUnavailable says that sessions can neither be read nor started now.
var ErrPortalUnavailable = fault.New(fault.PortalUnavailable, "sessions cannot be checked now")

// errUnknown says that no session of this key holds: it never did, has ended, or has lapsed.
var errUnknown = errors.New("no such session")

// store keeps sessions in the portal database.
type store struct {
	db     *portal.DB
	secret *portal.Secret
	limits Limits
}

// sealedHolder is what is sealed of a holder; the rest stands in columns.
type sealedHolder struct {
	NationalID string `json:"nationalId,omitempty"`
	Name       string `json:"name,omitempty"`
	Subject    string `json:"subject,omitempty"`
	Agency     string `json:"agency,omitempty"`
	CaseID     string `json:"caseId,omitempty"`
}

// read returns the session of the key, or errUnknown.
func (s *store) read(ctx context.Context, k key, now time.Time) (Session, error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	var found Session
	var sealed []byte
	row := s.db.QueryRow(ctx, readSQL, k[:], now, s.idleSince(now))
	err := row.Scan(&found.Kind, &sealed, &found.ACR, &found.Issuer, &found.CreatedAt, &found.SeenAt, &found.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return Session{}, errUnknown
	}
	if err != nil {
		return Session{}, unavailable("read session", err)
	}
	return found, s.open(&found.Holder, k, sealed)
}

// holds returns when the session of the key was last used, or errUnknown.
func (s *store) holds(ctx context.Context, k key, now time.Time) (seenAt time.Time, err error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	err = s.db.QueryRow(ctx, holdsSQL, k[:], now, s.idleSince(now)).Scan(&seenAt)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return time.Time{}, errUnknown
	case err != nil:
		return time.Time{}, unavailable("check session", err)
	}
	return seenAt, nil
}

// open fills in what is sealed of a holder, or is errUnknown.
func (s *store) open(into *Holder, k key, sealed []byte) error {
	plain, err := s.secret.Unseal(sealed, holderOf(k))
	if err != nil { // the key of the service was changed: all sessions are over
		return fmt.Errorf("%w: %w", errUnknown, err)
	}
	var h sealedHolder
	if err := json.Unmarshal(plain, &h); err != nil {
		return fmt.Errorf("%w: its holder cannot be read", errUnknown)
	}
	if h.NationalID != "" {
		if into.NationalID, err = norway.ParseNationalID(h.NationalID); err != nil {
			return fmt.Errorf("%w: its holder has no such number", errUnknown)
		}
	}
	into.Name, into.Subject, into.Agency, into.CaseID = h.Name, h.Subject, h.Agency, h.CaseID
	if err := into.check(); err != nil {
		return fmt.Errorf("%w: %w", errUnknown, err)
	}
	return nil
}

// touch notes that the session was used.
func (s *store) touch(ctx context.Context, k key, now time.Time) error {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	if _, err := s.db.Exec(ctx, touchSQL, pgx.NamedArgs{"key": k[:], "now": now}); err != nil {
		return unavailable("note use of session", err)
	}
	return nil
}

// start makes a session in place of others, in one round trip and one transaction.
func (s *store) start(ctx context.Context, k key, l Login, now time.Time, replaces ...key) (Session, error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	plain, err := json.Marshal(sealedHolder{l.NationalID.Reveal(), l.Name, l.Subject, l.Agency, l.CaseID})
	if err != nil {
		return Session{}, fmt.Errorf("seal holder of session: %w", err)
	}
	made := Session{Holder: l.Holder, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(s.limits.Absolute)}
	people := s.references(l.Holder)
	var letterCase, letterPassword []byte
	var batch pgx.Batch                            // without a begin it is one transaction all the same
	batch.Queue(portal.LockSQL, "session", people) // so that logins of one person are counted right
	if l.Kind == KindCase {
		cases := s.secret.CaseReferences(l.Agency, l.CaseID)
		passwords := s.secret.Digests("password of a letter", []byte(l.Password.Reveal()))
		batch.Queue(endLetterSQL, pgx.NamedArgs{"letter_cases": cases, "letter_passwords": passwords})
		letterCase, letterPassword = cases[0], passwords[0]
	}
	batch.Queue(endSQL, pgx.NamedArgs{"keys": bytesOf(replaces)})
	batch.Queue(insertSQL, pgx.NamedArgs{
		"key": k[:], "kind": l.Kind, "person": people[0], "holder": s.secret.Seal(plain, holderOf(k)), "acr": l.ACR,
		"issuer": l.Issuer, "sid": l.SID, "letter_case": letterCase, "letter_password": letterPassword, "now": now,
		"expires_at": made.ExpiresAt,
	})
	batch.Queue(crowdSQL, pgx.NamedArgs{
		"people": people, "kind": l.Kind, "key": k[:], "now": now, "idle_since": s.idleSince(now),
		"others": s.limits.PerPerson - 1,
	})
	if err := s.db.SendBatch(ctx, &batch).Close(); err != nil {
		return Session{}, unavailable("start session", err)
	}
	return made, nil
}

// references are what stands for a holder: the case of one who is known by no number.
func (s *store) references(h Holder) [][]byte {
	if h.NationalID.IsZero() {
		return s.secret.CaseReferences(h.Agency, h.CaseID)
	}
	return s.secret.References(h.NationalID)
}

// end ends a session and returns whose it was; nobody's for one that has ended already, or
// that cannot be read any more.
func (s *store) end(ctx context.Context, k key) (h Holder, err error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	var sealed []byte
	err = s.db.QueryRow(ctx, endSQL, pgx.NamedArgs{"keys": bytesOf([]key{k})}).Scan(&h.Kind, &sealed, &h.Issuer, &h.ACR)
	if errors.Is(err, pgx.ErrNoRows) {
		return Holder{}, nil
	}
	if err != nil {
		return Holder{}, unavailable("end session", err)
	}
	if s.open(&h, k, sealed) != nil {
		return Holder{}, nil
	}
	return h, nil
}

// EndLetters ends, within a transaction of the portal database, the sessions that began with
// letters of a person: all but their own, with BankID.
func EndLetters(ctx context.Context, tx pgx.Tx, secret *portal.Secret, person norway.NationalID) error {
	_, err := tx.Exec(ctx, endLettersSQL, pgx.NamedArgs{"people": secret.References(person), "kind": KindCase})
	if err != nil {
		return unavailable("end sessions from letters", err)
	}
	return nil
}

// endSID ends the sessions that came of one session of the issuer, and returns their number.
func (s *store) endSID(ctx context.Context, issuer, sid string) (int64, error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	tag, err := s.db.Exec(ctx, endSIDSQL, pgx.NamedArgs{"issuer": issuer, "sid": sid})
	if err != nil {
		return 0, unavailable("end sessions of the issuer's session", err)
	}
	return tag.RowsAffected(), nil
}

// clean deletes what has lapsed, and returns whose it was; nobody's of what cannot be read
// any more.
func (s *store) clean(ctx context.Context, now time.Time) ([]Holder, error) {
	ctx, cancel := s.db.Bounded(ctx)
	defer cancel()
	rows, err := s.db.Query(ctx, cleanSQL, pgx.NamedArgs{"now": now, "idle_since": s.idleSince(now)})
	if err != nil {
		return nil, fmt.Errorf("delete lapsed sessions: %w", err)
	}
	lapsed, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (h Holder, err error) {
		var id, sealed []byte
		if err := row.Scan(&id, &h.Kind, &sealed, &h.Issuer, &h.ACR); err != nil {
			return Holder{}, err
		}
		if len(id) != len(key{}) || s.open(&h, key(id), sealed) != nil {
			return Holder{}, nil
		}
		return h, nil
	})
	if err != nil {
		return nil, fmt.Errorf("delete lapsed sessions: %w", err)
	}
	return lapsed, nil
}

func (s *store) idleSince(now time.Time) time.Time { return now.Add(-s.limits.Idle) }

func unavailable(doing string, err error) error {
	return ErrPortalUnavailable.Because(fmt.Errorf("%s: %w", doing, err))
}

// holderOf binds what is sealed to its row.
func holderOf(k key) string { return "session holder " + k.String() }

func bytesOf(keys []key) [][]byte {
	all := make([][]byte, len(keys))
	for i := range keys {
		all[i] = keys[i][:]
	}
	return all
}

// UnderKey says where sessions have references and sealed values.
func UnderKey() []portal.Keyed {
	return []portal.Keyed{{
		Table: "portal.session", Key: []string{"key"}, References: []string{"person", "letter_case", "letter_password"},
		Sealed: []portal.Sealed{{Column: "holder", Bound: "'session holder ' || encode(key, 'hex')"}},
	}}
}
