package audit

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/oversikt/oversikt/internal/fault"
)

// Reference stands for a person: the keyed hash that portal.Secret makes.
type Reference [32]byte

// IsZero says that the reference stands for nobody.
func (r Reference) IsZero() bool { return r == Reference{} }

// Kind says as what somebody acts.
type Kind string

// The kinds of actors.
const (
	Person     Kind = "PERSON"      // a debtor, logged in with BankID
	CaseLogin  Kind = "CASE_LOGIN"  // a debtor, logged in with the number and password of a letter
	Attorney   Kind = "ATTORNEY"    // somebody with a power of attorney
	CaseWorker Kind = "CASE_WORKER" // staff of an agency
	Supervisor Kind = "SUPERVISOR"  // staff
	Auditor    Kind = "AUDITOR"     // staff
	System     Kind = "SYSTEM"      // the service itself: a job
	Unknown    Kind = "UNKNOWN"     // somebody who tried a wrong password of a letter, or ordered a new one
)

// Actor is the one who looks or acts.
type Actor struct {
	Kind      Kind
	Reference Reference // zero for System and Unknown alone
	Agency    string    // the code of the agency where a member of staff works
}

// Basis is the kind of a Ground.
type Basis string

// The grounds on which somebody may look.
const (
	Own             Basis = "OWN"
	ByCaseLogin     Basis = "CASE_LOGIN"
	PowerOfAttorney Basis = "POWER_OF_ATTORNEY"
	Staff           Basis = "STAFF"
)

// Ground is why somebody may look.
type Ground struct {
	Basis    Basis
	Attorney string // the id of the power of attorney, with that basis
	Reason   string // what a member of staff gave as the reason, which the debtor may read
}

// Outcome says how it went.
type Outcome string

// The outcomes.
const (
	OK     Outcome = "OK"     // data left, or the act was done
	Denied Outcome = "DENIED" // nothing left: the actor may not see or do it
	Failed Outcome = "FAILED" // nothing left, or not all: something did not work
)

// Case is the key of one case.
type Case struct{ Agency, ID string }

// Query is the Action of everything that is not a mutation.
const Query = "query"

// Look is what happened: who looked at or did what, for whom, on which ground and when.
type Look struct {
	At       time.Time
	Request  string // the id of the request, as in the service's own log
	Actor    Actor
	Subject  Reference // the person whose data it is; zero where staff or the system asks about nobody in particular
	Ground   Ground
	Action   string   // Query, or the name of the mutation
	What     []string // coordinates of the schema, such as viewer.cases and node
	Agencies []string // codes of the agencies whose data came
	Cases    []Case   // what came of single cases; of more than MaxCases the first
	Client   string   // see ClientName
	Outcome  Outcome
}

// MaxCases bounds how many cases an entry names: as many as a page may have.
const MaxCases = 100

const (
	maxWhat     = 32
	maxAgencies = 64
)

// Entry is a Look that has been checked and may be recorded. Recorded again, it stays one.
type Entry struct {
	id   [16]byte
	look Look
	cut  bool
	mark []byte // shows that the service has made the entry; nil: see Recorder
}

// New checks a look. A national identity number in what comes from elsewhere (the id of a
// request or of a case) is left out. Everything else that does not belong in the log is an
// error. For a reason, which a person has written, the error is a fault at the field "reason".
func New(l Look) (Entry, error) {
	if err := errors.Join(l.checkTime(), l.checkWho(), l.checkGround(), l.checkWhat()); err != nil {
		return Entry{}, fmt.Errorf("access log: %w", err)
	}
	l.Cases = distinct(l.Cases)
	e := Entry{look: l, cut: len(l.Cases) > MaxCases}
	if _, err := rand.Read(e.id[:]); err != nil {
		return Entry{}, fmt.Errorf("access log: id of an entry: %w", err)
	}
	e.id[6], e.id[8] = e.id[6]&0x0f|0x40, e.id[8]&0x3f|0x80 // a UUID of version 4
	e.look.At = l.At.UTC().Truncate(time.Microsecond)       // as exact as the table is
	e.look.Request = token(l.Request)
	e.look.Client = token(l.Client)
	return e, nil
}

// distinct returns the cases, each once, in their order.
func distinct(cases []Case) []Case {
	for i, c := range cases {
		if !slices.Contains(cases[:i], c) {
			continue
		}
		once := append(make([]Case, 0, len(cases)-1), cases[:i]...)
		for _, c := range cases[i+1:] {
			if !slices.Contains(once, c) {
				once = append(once, c)
			}
		}
		return once
	}
	return cases
}

func (l Look) checkTime() error {
	if year := l.At.Year(); year < 2020 || year > 2199 {
		return errors.New("the instant is too early or too late for this service")
	}
	return nil
}

func (l Look) checkWho() error {
	a := l.Actor
	if a.Kind.staff() != (a.Agency != "") || a.Agency != "" && !agencyCode(a.Agency) {
		return errors.New("an actor has the code of an agency exactly when it is staff")
	}
	if (a.Kind == System || a.Kind == Unknown) != a.Reference.IsZero() {
		return errors.New("an actor has a reference exactly when it is neither the system nor unknown")
	}
	if l.Subject.IsZero() && !a.Kind.staff() && a.Kind != System {
		return errors.New("the person whose data it is is missing")
	}
	return nil
}

func (k Kind) staff() bool { return k == CaseWorker || k == Supervisor || k == Auditor }

// grounds says on which ground each kind of actor acts. The system acts on the ground of the
// person who asked for it.
var grounds = map[Kind]Basis{
	Person: Own, CaseLogin: ByCaseLogin, Attorney: PowerOfAttorney, CaseWorker: Staff, Supervisor: Staff, Auditor: Staff,
	System:  "",
	Unknown: ByCaseLogin,
}

func (l Look) checkGround() error {
	g := l.Ground
	basis, ok := grounds[l.Actor.Kind]
	switch {
	case !ok:
		return errors.New("the kind of actor is unknown")
	case basis != g.Basis && basis != "" || !g.Basis.known():
		return fmt.Errorf("%s does not act on the ground %.20q", l.Actor.Kind, g.Basis)
	case l.Actor.Kind == Unknown && l.Action == LoginWithLetter && l.Outcome != Denied:
		return errors.New("nobody who has logged in is unknown")
	case (g.Basis == Own || g.Basis == ByCaseLogin) && !l.Actor.Reference.IsZero() && l.Actor.Reference != l.Subject:
		return errors.New("on the ground of own data, the subject is the actor")
	case (g.Basis == PowerOfAttorney) != (g.Attorney != "") || g.Attorney != "" && token(g.Attorney) != g.Attorney:
		return errors.New("the id of the power of attorney is missing, or is none")
	case (g.Basis == Staff) != (g.Reason != ""):
		return fault.Invalid("reason", "a reason is needed for staff, and for nobody else")
	case g.Reason != "":
		return CheckReason(g.Reason)
	}
	return nil
}

func (b Basis) known() bool {
	return b == Own || b == ByCaseLogin || b == PowerOfAttorney || b == Staff
}

func (l Look) checkWhat() error {
	if !coordinate(l.Action) || len(l.Action) > maxToken {
		return errors.New("the action is not a name of the schema")
	}
	if l.Outcome != OK && l.Outcome != Denied && l.Outcome != Failed {
		return errors.New("the outcome is unknown")
	}
	if len(l.What) > maxWhat || len(l.Agencies) > maxAgencies {
		return fmt.Errorf("%d coordinates and %d agencies are too many", len(l.What), len(l.Agencies))
	}
	for _, c := range l.What {
		if !coordinate(c) {
			return errors.New("what was read is not a coordinate of the schema")
		}
	}
	for _, code := range l.Agencies {
		if !agencyCode(code) {
			return errors.New("an agency's code is not valid")
		}
	}
	for _, c := range l.Cases {
		if !agencyCode(c.Agency) || c.ID == "" {
			return errors.New("the key of a case lacks the agency's code or the id")
		}
	}
	return nil
}

// inSpool says that an entry may wait for the database. That is a debtor's look at their own
// data, and what somebody unknown does, which must not take longer when there is such a case.
// Everything else is in the database before the answer leaves.
func (e Entry) inSpool() bool {
	k := e.look.Actor.Kind
	return e.look.Action == Query && (k == Person || k == CaseLogin) || k == Unknown
}
