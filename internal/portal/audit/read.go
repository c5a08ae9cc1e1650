package audit

import (
	"context"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/page"
)

var (
	//go:embed sql/of_subject.sql
	ofSubjectSQL string
	//go:embed sql/of_agency.sql
	ofAgencySQL string
)

// A case has few entries, but the planner does not know that. So all of them are read before the
// newest are chosen.
var ofCaseSQL = strings.Replace(ofAgencySQL, "from portal.access_log l",
	"from (select * from portal.access_log where cases @> array[@agency || '/' || @case::text] offset 0) l", 1)

// Seen is an entry as the person whose data it is about may read it. It never says who a member
// of staff is, only where they work.
type Seen struct {
	At          time.Time
	ID          [16]byte
	Kind        Kind
	StaffAgency string // empty when the actor is no staff
	Own         bool   // the person's own look or act
	Ground      Basis
	Attorney    string // the id of the power of attorney
	Reason      string // what staff gave as the reason
	Action      string
	What        []string
	Agencies    []string
	Cases       []Case
	CasesCut    bool // there were more than MaxCases
	Client      string
	Outcome     Outcome
}

// PowerOfAttorney is the global id of the power of attorney, nil on other grounds.
func (s *Seen) PowerOfAttorney() *debt.Key {
	if s.Attorney == "" {
		return nil
	}
	return &debt.Key{Kind: debt.KindPowerOfAttorney, ID: s.Attorney}
}

// CaseIDs are the global ids of the single cases, those that the log has.
func (s *Seen) CaseIDs() []debt.Key {
	ids := make([]debt.Key, len(s.Cases))
	for i, c := range s.Cases {
		ids[i] = debt.Key{Kind: debt.KindCase, Agency: c.Agency, ID: c.ID}
	}
	return ids
}

// StaffCode is the code of the agency where a member of staff works, nil for others.
func (s *Seen) StaffCode() *string { return orNil(s.StaffAgency) }

// GivenReason is what a member of staff gave as the reason, nil for others.
func (s *Seen) GivenReason() *string { return orNil(s.Reason) }

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *Seen) position() page.Position {
	return page.Position{Sort: s.At.UnixMicro(), ID: hex.EncodeToString(s.ID[:])}
}

// SeenByAgency is an entry as an auditor of an agency may read it. Agencies and Cases only have
// that agency's part.
type SeenByAgency struct {
	Seen
	Actor   Reference // zero: the service itself
	Subject Reference // zero: nobody in particular
	Request string
}

// Who is the actor's reference in hexadecimal digits, nil for the service itself.
func (s *SeenByAgency) Who() *string { return orNil(s.Actor.text()) }

// Whose is the subject's reference in hexadecimal digits, nil for nobody in particular.
func (s *SeenByAgency) Whose() *string { return orNil(s.Subject.text()) }

// ParseReference reads what Who and Whose return.
func ParseReference(text string) (r Reference, ok bool) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(r) {
		return r, false
	}
	return Reference(b), true
}

// Filter narrows what an auditor reads; a zero field does not.
type Filter struct {
	From, To time.Time // from the one, up to and without the other
	Subject  [][]byte  // what stands for the person in rows of any key
	Actor    [][]byte  // likewise
	Case     string    // the agency's key of a case
}

// Of is what stands for the person; zero where all are read.
func (f Filter) Of() (r Reference) {
	if f.Subject != nil {
		copy(r[:], f.Subject[0])
	}
	return r
}

// OfSubject returns a page of who has looked at a person's data, newest first. subjects is what
// stands for the person in rows of any key. When own is true it has only what that person did,
// when false only the rest, when nil both. It lacks what is still in the spool. Faults are those
// of the page, and PORTAL_UNAVAILABLE.
func (l *Log) OfSubject(ctx context.Context, subjects [][]byte, own *bool, args page.Args) (*page.Connection[Seen],
	error) {
	names := lists("access %x", subjects)
	for i := range names {
		if own != nil {
			names[i] += fmt.Sprintf(" own %t", *own)
		}
	}
	k, err := args.Keyset(names[0], names[1:]...)
	if err != nil {
		return nil, err
	}
	rows, err := read[Seen](ctx, l, ofSubjectSQL, k, pgx.QueryExecModeCacheStatement,
		pgx.NamedArgs{"subjects": subjects, "own": own})
	if err != nil {
		return nil, err
	}
	return page.Cut(k, rows, (*Seen).position), nil
}

// OfAgency returns a page of the looks at an agency's data and of those by its staff, newest
// first. Faults are those of the page, and PORTAL_UNAVAILABLE.
func (l *Log) OfAgency(ctx context.Context, agency string, f Filter, args page.Args) (*page.Connection[SeenByAgency],
	error) {
	var names []string
	for _, name := range lists("access "+agency+" %x", f.Subject) {
		name += fmt.Sprintf(" %d %d %s ", f.From.UnixMicro(), f.To.UnixMicro(), f.Case)
		names = append(names, lists(strings.ReplaceAll(name, "%", "%%")+"%x", f.Actor)...)
	}
	k, err := args.Keyset(names[0], names[1:]...)
	if err != nil {
		return nil, err
	}
	named := pgx.NamedArgs{"agency": agency, "from": orNull(f.From, f.From.IsZero()), "to": orNull(f.To, f.To.IsZero()),
		"subjects": f.Subject, "actors": f.Actor}
	sql := ofAgencySQL
	if f.Case != "" {
		sql, named["case"] = ofCaseSQL, caseID(f.Case)
	}
	// Planned anew each time: how rare an agency is decides which index serves.
	rows, err := read[SeenByAgency](ctx, l, sql, k, pgx.QueryExecModeCacheDescribe, named)
	if err != nil {
		return nil, err
	}
	return page.Cut(k, rows, func(s *SeenByAgency) page.Position { return s.position() }), nil
}

// lists returns what a list is called with each of the references, the first of them first.
func lists(format string, refs [][]byte) []string {
	if len(refs) == 0 {
		refs = [][]byte{nil}
	}
	names := make([]string, len(refs))
	for i, ref := range refs {
		names[i] = fmt.Sprintf(format, ref)
	}
	return names
}

func orNull(v any, null bool) any {
	if null {
		return nil
	}
	return v
}

// ScanText implements pgtype.TextScanner.
func (c *Case) ScanText(t pgtype.Text) error {
	c.Agency, c.ID, _ = strings.Cut(t.String, "/")
	return nil
}

// ScanBytes implements pgtype.BytesScanner.
func (r *Reference) ScanBytes(b []byte) error {
	*r = Reference{}
	copy(r[:], b)
	return nil
}

// read runs a statement between the positions of a page.
func read[R any](ctx context.Context, l *Log, sql string, k page.Keyset, mode pgx.QueryExecMode,
	named pgx.NamedArgs) ([]*R, error) {
	if k.Backward {
		sql = strings.ReplaceAll(sql, " desc", "")
	}
	named["rows"] = k.Rows
	for name, end := range map[string]struct {
		at   *page.Position
		none pgtype.InfinityModifier
	}{"after": {k.After, pgtype.Infinity}, "before": {k.Before, pgtype.NegativeInfinity}} {
		at := pgtype.Timestamptz{InfinityModifier: end.none, Valid: true}
		var id [16]byte
		if end.at != nil {
			at = pgtype.Timestamptz{Time: time.UnixMicro(end.at.Sort), Valid: true}
			text, err := hex.DecodeString(end.at.ID)
			if err != nil || copy(id[:], text) != len(text) || len(text) != len(id) {
				return nil, fault.Invalid(name, "%s is not a cursor from this service", name)
			}
		}
		named[name+"_at"], named[name+"_id"] = at, id
	}
	rows, err := l.store.db.Query(ctx, sql, mode, named)
	var all []*R
	if err == nil {
		all, err = pgx.CollectRows(rows, pgx.RowToAddrOfStructByName[R])
	}
	if err != nil {
		return nil, errLookups.Because(fmt.Errorf("read access log: %w", err))
	}
	return all, nil
}
