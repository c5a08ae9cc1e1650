package attorney

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

// Options is what a Register needs.
type Options struct {
	Portal   *portal.DB
	Secret   *portal.Secret
	Agencies *agency.Registry
	Logger   *slog.Logger
	// Signing lists the assurance levels that suffice to give a power of attorney, by the
	// issuer of the login. Who comes from another issuer cannot give any.
	Signing map[string][]string
	// Scan returns what is known to be harmful in a document, empty for nothing; an error says that
	// nobody knows now, and the document is not taken. Nil: documents are not scanned.
	Scan func(ctx context.Context, content []byte) (found string, err error)
	// Clock says what time it is; nil: the database does, the same to all replicas.
	Clock func() time.Time
}

// Register is the powers of attorney. It is safe for concurrent use.
type Register struct{ Options }

// New returns the register.
func New(o Options) *Register { return &Register{o} }

var (
	// ErrUnavailable says that the portal database does not answer. Nobody acts for
	// anybody then: what cannot be looked up may have been revoked.
	ErrUnavailable = fault.New(fault.PortalUnavailable, "powers of attorney cannot be looked up now")
	// ErrNotScanned says that no document can be looked through now.
	ErrNotScanned = fault.New(fault.PortalUnavailable, "documents cannot be looked through now: try again later")
	// ErrNotYours says that the caller is none that can give or hold powers of attorney.
	ErrNotYours = fault.New(fault.Forbidden, "this is for a person who is logged in on their own behalf").
			Saying("error.OWN_BEHALF")
	// ErrTooWeak says that the login does not suffice to sign.
	ErrTooWeak = fault.New(fault.Forbidden, "this needs a login of a higher assurance level").
			Saying("error.LOGIN_TOO_WEAK")
)

// Given returns the powers that the caller has given, the newest first, at most 200.
func (r *Register) Given(ctx context.Context, p caller.Principal) ([]Power, error) {
	if !p.OnOwnBehalf() {
		return nil, ErrNotYours
	}
	return r.read(ctx, givenSQL, p, pgx.NamedArgs{"id": nil, "act": nil})
}

// Find returns a power that the caller has given, in force or not; one that is missing or
// another's is NOT_FOUND.
func (r *Register) Find(ctx context.Context, p caller.Principal, id uuid.UUID) (Power, error) {
	return r.one(ctx, p, pgx.NamedArgs{"id": id, "act": nil})
}

// OfAct returns the power that an act of the caller's has given or revoked; NOT_FOUND for any
// other act.
func (r *Register) OfAct(ctx context.Context, p caller.Principal, id uuid.UUID) (Power, error) {
	return r.one(ctx, p, pgx.NamedArgs{"id": nil, "act": id})
}

func (r *Register) one(ctx context.Context, p caller.Principal, args pgx.NamedArgs) (Power, error) {
	if !p.OnOwnBehalf() {
		return Power{}, ErrNotYours
	}
	found, err := r.read(ctx, givenSQL, p, args)
	if err != nil {
		return Power{}, err
	}
	if len(found) == 0 {
		return Power{}, agency.ErrNotFound
	}
	return found[0], nil
}

// Received returns the powers in force that the caller, or the organisation of the caller,
// has received, the newest first, at most 200.
func (r *Register) Received(ctx context.Context, p caller.Principal) ([]Power, error) {
	if !p.OnOwnBehalf() {
		return nil, ErrNotYours
	}
	return r.read(ctx, receivedSQL, p, pgx.NamedArgs{})
}

// Registered returns every power that the caller has given or received as a person, in
// force or not, the newest first: what is kept of them here.
func (r *Register) Registered(ctx context.Context, p caller.Principal) ([]Power, error) {
	if !p.OnOwnBehalf() {
		return nil, ErrNotYours
	}
	return r.read(ctx, registeredSQL, p, pgx.NamedArgs{})
}

// Act returns the caller acting under a power of attorney, in one indexed read of the
// portal database. It is asked anew for every request, so a power that was revoked is of no
// use to the next one. One that is unknown, another's, revoked, over or yet to begin is
// caller.ErrNoAuthority; a database that does not answer is ErrUnavailable.
func (r *Register) Act(ctx context.Context, p caller.Principal, id uuid.UUID) (caller.Principal, error) {
	if !p.OnOwnBehalf() {
		return caller.Principal{}, caller.ErrNoAuthority
	}
	found, err := r.read(ctx, inForceSQL, p, pgx.NamedArgs{"id": id})
	if err != nil {
		return caller.Principal{}, err
	}
	if len(found) == 0 {
		return caller.Principal{}, caller.ErrNoAuthority
	}
	a := found[0]
	authority := caller.Authority{
		ID: a.ID.String(), Grantor: a.Grantor, Attorney: a.Attorney, OrgNumber: a.OrgNumber,
		Agencies: a.Agencies, Cases: a.Cases, MayAct: a.MayAct, From: a.From, To: a.Until,
	}
	if a.CoversAll {
		authority.Agencies = r.Agencies.Codes()
	}
	return p.Under(authority, a.Today)
}
