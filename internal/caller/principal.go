package caller

import (
	"context"
	"log/slog"
	"time"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// Kind is how a caller has proved who they are. The zero Kind has proved nothing, and so has no
// scope.
type Kind string

// The kinds of caller.
const (
	Person     Kind = "PERSON"     // logged in with BankID: the debtor
	LetterCase Kind = "CASE_LOGIN" // logged in with a letter: one case at one agency
	Staff      Kind = "STAFF"      // works at an agency
)

// Role is what a member of an agency's staff does there.
type Role string

// The roles.
const (
	CaseWorker Role = "CASE_WORKER" // looks people up and handles their cases (saksbehandler)
	Supervisor Role = "SUPERVISOR"  // the same, and answers for others' work (leder)
	Auditor    Role = "AUDITOR"     // looks at what the others did, never at people (revisor)
)

// CaseKey names a case: the agency's code in the configuration, and its key there as text.
type CaseKey struct{ Agency, ID string }

// Principal is a caller that has proved who it is.
type Principal struct {
	Kind       Kind
	NationalID norway.NationalID // the person; of LetterCase the debtor, zero if not known; zero for Staff
	OrgNumber  string            // of Person: the organisation that the issuer says they represent; empty for none
	Case       CaseKey           // of LetterCase: the one case
	Agency     string            // of Staff: the code of the agency that they work at
	Role       Role              // of Staff
	Name       string            // as the issuer has it; empty when the token has none
	Issuer     string            // the URL of the issuer that vouches for the rest
	Subject    string            // the issuer's own name for the person
	ACR        string            // the assurance level that was reached
	ExpiresAt  time.Time         // when the proof lapses: the token's exp

	acting *acting // nil: on their own behalf
}

// Scope returns what the caller may read: for a Person everything about themselves, for a
// LetterCase the one case, for an attorney what the power of attorney gives. Staff have no scope
// of their own (see Lookup), and neither has the zero Principal.
func (p Principal) Scope() Scope {
	switch {
	case p.acting != nil:
		return p.acting.scope
	case p.Kind == Person:
		return Scope{nationalID: p.NationalID}
	case p.Kind == LetterCase:
		return ofCase(p.Case, p.NationalID)
	default:
		return Scope{}
	}
}

// SubjectName returns the name of the person that Scope is about, empty when only the agencies
// know it.
func (p Principal) SubjectName() string {
	if p.acting != nil || p.Kind != Person {
		return ""
	}
	return p.Name
}

// LogValue puts only the issuer, the assurance level and the kind into logs: the subject may be
// the national identity number itself.
func (p Principal) LogValue() slog.Value {
	return slog.GroupValue(slog.String("issuer", p.Issuer), slog.String("acr", p.ACR), slog.String("kind", string(p.Kind)))
}

// String hides the person, for the same reason.
func (p Principal) String() string { return "a caller known to " + p.Issuer }

type contextKey struct{}

// NewContext returns a context that carries p.
func NewContext(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// FromContext returns the caller; ok is false where nobody is logged in.
func FromContext(ctx context.Context) (p Principal, ok bool) {
	p, ok = ctx.Value(contextKey{}).(Principal)
	return p, ok
}

// Require returns the caller; where nobody is logged in it is UNAUTHENTICATED.
func Require(ctx context.Context) (Principal, error) {
	p, ok := FromContext(ctx)
	if !ok {
		return p, fault.New(fault.Unauthenticated, "log in first: this needs a login")
	}
	return p, nil
}
