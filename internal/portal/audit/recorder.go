package audit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

// Recorder writes what callers look at and do into the log, as who they are. A nil Recorder
// writes nothing, and its errors withhold what would have been shown.
type Recorder struct {
	Log     *Log
	Secret  *portal.Secret
	Now     func() time.Time
	Request func(context.Context) string // the id of the request
	Client  func(context.Context) string // what is said of the client: see ClientName
}

// LoginWithLetter is the act that is recorded when the session begins, of the person whose
// letter it is, or of the case where the agency knows its debtor by no number. Whoever the
// browser was logged in as before has not done it.
const LoginWithLetter = "loginWithLetter"

// refusedBefore stands for the reason of a member of staff who was refused before one was read.
const refusedBefore = "refused before a reason was read"

// ErrNoLog says that the service was set up without an access log.
var ErrNoLog = fault.New(fault.Internal, "there is no access log here")

// Of returns what stands for a person; zero for the zero number, which is nobody's.
func (c *Recorder) Of(person norway.NationalID) Reference {
	if c == nil || person.IsZero() {
		return Reference{}
	}
	return Reference(c.Secret.Reference(person))
}

// OfDebtor returns what stands for whom a look-up found; zero for nobody.
func (c *Recorder) OfDebtor(d caller.Debtor) Reference {
	if c == nil || !d.NationalID.IsZero() || d.IsZero() {
		return c.Of(d.NationalID)
	}
	return Reference(c.Secret.CaseReference(d.Case.Agency, d.Case.ID))
}

// DebtorReferences returns what stands for them in rows of any key, that of new rows first.
func (c *Recorder) DebtorReferences(d caller.Debtor) [][]byte {
	if !d.NationalID.IsZero() {
		return c.Secret.References(d.NationalID)
	}
	return c.Secret.CaseReferences(d.Case.Agency, d.Case.ID)
}

// SubjectOf returns what stands for the person whose data a caller sees: of an attorney, who
// gave the power; of who came in with a letter and is known by no number, their case. It is
// zero for staff, and for who is not logged in.
func SubjectOf(secret *portal.Secret, p caller.Principal) (r Reference) {
	copy(r[:], subjectOf(p, secret.Reference, secret.CaseReference))
	return r
}

// SubjectsOf returns SubjectOf, and what stands for the same in rows of other keys; nil for nobody.
func SubjectsOf(secret *portal.Secret, p caller.Principal) [][]byte {
	return subjectOf(p, secret.References, secret.CaseReferences)
}

func subjectOf[T any](p caller.Principal, person func(norway.NationalID) T, letter func(agency, id string) T) (none T) {
	switch of := p.Scope().NationalID(); {
	case !of.IsZero():
		return person(of)
	case p.Kind == caller.LetterCase && !p.NationalID.IsZero():
		return person(p.NationalID)
	case p.Kind == caller.LetterCase && p.Case.ID != "":
		return letter(p.Case.Agency, p.Case.ID)
	}
	return none
}

// ActorOf returns what stands for a caller; nil for who is not logged in.
func ActorOf(secret *portal.Secret, p caller.Principal) []byte {
	switch {
	case p.Kind == caller.Staff:
		return secret.StaffReference(p.Issuer, p.Subject)
	case !p.NationalID.IsZero():
		return secret.Reference(p.NationalID)
	case p.Kind == caller.LetterCase:
		return secret.CaseReference(p.Case.Agency, p.Case.ID)
	}
	return nil
}

// ActorsOf returns ActorOf, and what stands for the caller in rows of other keys.
func ActorsOf(secret *portal.Secret, p caller.Principal) [][]byte {
	switch {
	case p.Kind == caller.Staff:
		return secret.StaffReferences(p.Issuer, p.Subject)
	case !p.NationalID.IsZero():
		return secret.References(p.NationalID)
	case p.Kind == caller.LetterCase:
		return secret.CaseReferences(p.Case.Agency, p.Case.ID)
	}
	return nil
}

// Record writes looks or an act as the caller's, all or none, each with all of its cases, if need be in
// several entries. Actor, ground and, but for staff, subject follow from who that is.
func (c *Recorder) Record(ctx context.Context, p caller.Principal, looks ...Look) error {
	if c == nil {
		return ErrNoLog
	}
	entries := make([]Entry, 0, len(looks))
	for _, look := range looks {
		for first, rest := true, distinct(look.Cases); first || len(rest) > 0; first = false {
			n := min(len(rest), MaxCases)
			look.Cases, rest = rest[:n], rest[n:]
			entry, err := c.Entry(ctx, p, look)
			if err != nil {
				return err
			}
			entries = append(entries, entry)
		}
	}
	return c.Log.Record(ctx, entries...)
}

// Entry returns what Record writes, for a transaction that it belongs to.
func (c *Recorder) Entry(ctx context.Context, p caller.Principal, look Look) (Entry, error) {
	if c == nil {
		return Entry{}, ErrNoLog
	}
	look.Actor = Actor{Reference: Reference(ActorOf(c.Secret, p))}
	if p.Kind != caller.Staff {
		look.Subject = SubjectOf(c.Secret, p)
	}
	authority, attorney := p.Authority()
	switch {
	case attorney:
		look.Actor.Kind = Attorney
		look.Ground = Ground{Basis: PowerOfAttorney, Attorney: authority.ID}
	case p.Kind == caller.LetterCase:
		look.Actor.Kind, look.Ground.Basis = CaseLogin, ByCaseLogin
	case p.Kind == caller.Staff:
		look.Actor.Kind, look.Actor.Agency = Kind(p.Role), p.Agency
		if look.Ground.Reason == "" {
			look.Ground = Ground{Basis: Staff, Reason: refusedBefore}
		}
	default:
		look.Actor.Kind, look.Ground.Basis = Person, Own
	}
	return c.finish(ctx, look)
}

// finish adds what is the request's.
func (c *Recorder) finish(ctx context.Context, look Look) (Entry, error) {
	look.At, look.Request, look.Client = c.Now(), c.Request(ctx), c.Client(ctx)
	entry, err := New(look)
	if err != nil {
		return Entry{}, err
	}
	return entry.marked(c.Secret), nil
}

func (c *Recorder) write(ctx context.Context, look Look) error {
	entry, err := c.finish(ctx, look)
	if err != nil {
		return err
	}
	return c.Log.Record(ctx, entry)
}

// Act records what a caller does elsewhere than in a resolver, such as an export or a login.
func (c *Recorder) Act(ctx context.Context, p caller.Principal, action string, agencies []string) error {
	return c.act(ctx, p, action, agencies, OK)
}

// Denied records that a caller was refused what is not for them, elsewhere than in a resolver.
func (c *Recorder) Denied(ctx context.Context, p caller.Principal, action string) error {
	return c.act(ctx, p, action, nil, Denied)
}

func (c *Recorder) act(ctx context.Context, p caller.Principal, action string, agencies []string,
	outcome Outcome) error {
	look := Look{Action: action, Agencies: agencies, Outcome: outcome}
	if p.Kind == caller.LetterCase {
		look.Agencies, look.Cases = append(agencies, p.Case.Agency), []Case{Case(p.Case)}
	}
	return c.Record(ctx, p, look)
}

// Lapsed records what came to an end of a person's by itself, such as a session.
func (c *Recorder) Lapsed(ctx context.Context, p caller.Principal, action string) error {
	look := Look{Action: action, Outcome: OK}
	if p.Kind == caller.LetterCase {
		look.Agencies, look.Cases = []string{p.Case.Agency}, []Case{Case(p.Case)}
	}
	entry, err := c.Own(ctx, p, look)
	if err != nil {
		return err
	}
	return c.Log.Record(ctx, entry)
}

// Own returns the entry of what the service did of itself for a person, for a transaction
// that it belongs to.
func (c *Recorder) Own(ctx context.Context, p caller.Principal, look Look) (Entry, error) {
	if c == nil {
		return Entry{}, ErrNoLog
	}
	look.Actor, look.Subject, look.Ground = Actor{Kind: System}, SubjectOf(c.Secret, p), Ground{Basis: Own}
	if p.Kind == caller.LetterCase {
		look.Ground.Basis = ByCaseLogin
	}
	return c.finish(ctx, look)
}

// Refused records that somebody tried to log in with the letter of a case and did not know
// its password. debtor is zero where the agency does not know it.
func (c *Recorder) Refused(ctx context.Context, at caller.CaseKey, debtor norway.NationalID) error {
	look := ofLetter(c.Secret, LoginWithLetter, at, debtor)
	look.Outcome = Denied
	return c.write(ctx, look)
}

// Stranger is what is known of somebody who asks for something without being known, when they ask.
type Stranger struct {
	At      time.Time `json:"at"`
	Request string    `json:"request"`
	Client  string    `json:"client"`
}

// Stranger returns what is known of who asks now.
func (c *Recorder) Stranger(ctx context.Context) Stranger {
	return Stranger{c.Now(), c.Request(ctx), c.Client(ctx)}
}

// ByStranger records what a stranger has asked for in a case, under the id of their act: recorded
// again, it stays one entry. debtor is zero where the agency does not know it.
func (c *Recorder) ByStranger(ctx context.Context, who Stranger, act uuid.UUID, action string, at caller.CaseKey,
	debtor norway.NationalID) error {
	if c == nil {
		return ErrNoLog
	}
	look := ofLetter(c.Secret, action, at, debtor)
	look.At, look.Request, look.Client, look.Outcome = who.At, who.Request, who.Client, OK
	entry, err := New(look)
	if err != nil {
		return err
	}
	entry.id = act
	return c.Log.Record(ctx, entry.marked(c.Secret))
}

// ofLetter is what somebody unknown does with the letter of a case, or the number on it.
func ofLetter(secret *portal.Secret, action string, at caller.CaseKey, debtor norway.NationalID) Look {
	whose := caller.Principal{Kind: caller.LetterCase, NationalID: debtor, Case: at}
	return Look{Actor: Actor{Kind: Unknown}, Subject: SubjectOf(secret, whose), Ground: Ground{Basis: ByCaseLogin},
		Action: action, Agencies: []string{at.Agency}, Cases: []Case{Case(at)}}
}

// ByStaff returns a look of a member of staff at a person, and why.
func ByStaff(p caller.Principal, look Look, of Reference, reason string) Look {
	look.Agencies, look.Subject, look.Ground = []string{p.Agency}, of, Ground{Basis: Staff, Reason: reason}
	return look
}

// File records that a caller is about to get a file of a person's, or was refused it. A member
// of staff gives a reason for it.
func (c *Recorder) File(ctx context.Context, p caller.Principal, action string, of norway.NationalID, reason string,
	outcome Outcome) error {
	look := Look{Action: action, Outcome: outcome}
	if p.Kind == caller.Staff {
		look = ByStaff(p, look, c.Of(of), reason)
	}
	return c.Record(ctx, p, look)
}

// Shown records what of the schema a member of staff is about to see, of whom and why, before
// it is shown. of is zero where it is nobody's in particular.
func (c *Recorder) Shown(ctx context.Context, p caller.Principal, what string, of Reference, reason string,
	outcome Outcome) error {
	look := Look{Action: Query, What: []string{what}, Outcome: outcome}
	return c.Record(ctx, p, ByStaff(p, look, of, reason))
}
