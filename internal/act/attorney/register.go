package attorney

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/text"
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
	return r.read(ctx, givenSQL, p, pgx.NamedArgs{"id": nil, "key": nil})
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

// Give gives a power of attorney, and tells the agencies as far as they answer now; the
// others are told later. The same key with the same input returns what it gave. The error
// is Faults where the person can mend it, [fault.ErrKeyReused], ErrNotYours, ErrTooWeak or ErrUnavailable.
func (r *Register) Give(ctx context.Context, p caller.Principal, in Input) (Power, error) {
	if !p.OnOwnBehalf() {
		return Power{}, ErrNotYours
	}
	if !slices.Contains(r.Signing[p.Issuer], p.ACR) {
		return Power{}, ErrTooWeak
	}
	digest, err := digestOf(in)
	if err != nil {
		return Power{}, err
	}
	if before, found, err := r.repeated(ctx, p, in.IdempotencyKey, digest); err != nil || found {
		return before, err
	}
	now, err := r.situation(ctx, p.NationalID)
	if err != nil {
		return Power{}, err
	}
	checked, err := in.check(p.NationalID, now.today, r.known)
	if err != nil {
		return Power{}, err
	}
	if now.inForce >= maxInForce || now.lastDay >= maxADay {
		args := []text.Arg{text.With("most", maxInForce), text.With("daily", maxADay)}
		return Power{}, Faults{{TooMany, "", "act.givePowerOfAttorney.TOO_MANY", args}}
	}
	if err := r.checkCases(ctx, p, checked); err != nil {
		return Power{}, err
	}
	id := uuid.New()
	if err := r.insert(ctx, p, id, checked, digest); err != nil {
		return Power{}, err
	}
	given, found, err := r.repeated(ctx, p, in.IdempotencyKey, digest)
	if err == nil && !found {
		err = fmt.Errorf("power of attorney %s is not there after it was given", id)
	}
	if err != nil {
		return Power{}, err
	}
	return r.told(ctx, p, given), nil
}

// told tells the agencies of a power now, and returns what they know then.
func (r *Register) told(ctx context.Context, p caller.Principal, power Power) Power {
	if err := r.deliver(ctx, &power.ID); err != nil {
		r.Logger.WarnContext(ctx, "agencies are told of a power of attorney later", "cause", err.Error())
	}
	if again, err := r.read(ctx, givenSQL, p, pgx.NamedArgs{"id": power.ID, "key": nil}); err == nil && len(again) == 1 {
		return again[0]
	}
	return power
}

func (r *Register) known(code string) bool { return slices.Contains(r.Agencies.Codes(), code) }

// checkCases asks the agencies whether the cases are the grantor's.
func (r *Register) checkCases(ctx context.Context, p caller.Principal, checked request) error {
	keys := map[string][]string{}
	for _, c := range checked.cases {
		keys[c.Agency] = append(keys[c.Agency], c.ID)
	}
	var faults Faults
	own := map[caller.CaseKey]bool{}
	for code, wanted := range keys {
		part, err := r.Agencies.ReadCases(ctx, code, p.Scope(), debt.OfCases, wanted)
		if err != nil {
			faults = append(faults, Fault{AgencyUnavailable, "input.cases", "act.AGENCY_UNAVAILABLE", nil})
			continue
		}
		for i := range part.Cases {
			own[caller.CaseKey{Agency: code, ID: part.Cases[i].ID.ID}] = true
		}
	}
	if len(faults) > 0 {
		return faults[:1]
	}
	for i, c := range checked.cases {
		if !own[c] {
			faults = append(faults, invalid(fmt.Sprintf("cases[%d]", i), noCase)...)
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}

// repeated returns what was given with a key before. Another input with it is [fault.ErrKeyReused].
func (r *Register) repeated(ctx context.Context, p caller.Principal, key uuid.UUID, digest [32]byte) (given Power,
	found bool, err error) {
	rows, err := r.rows(ctx, givenSQL, p, pgx.NamedArgs{"id": nil, "key": key})
	if err != nil || len(rows) == 0 {
		return Power{}, false, err
	}
	given, before, err := r.open(rows[0])
	if err != nil {
		return Power{}, false, err
	}
	if before.Digest != digest {
		return Power{}, false, fault.ErrKeyReused
	}
	return given, true, nil
}

// ErrNoSuch says that a power is missing or another's.
var ErrNoSuch = invalid("id", "POWER_OF_ATTORNEY")

// Revoke ends a power that the caller has given, from the next request on, whatever the
// agencies know; they are told. One that has ended stays as it is. Errors are those of
// Give; one that is missing or another's is a Fault of input.id.
func (r *Register) Revoke(ctx context.Context, p caller.Principal, key, id uuid.UUID) (Power, error) {
	if !p.OnOwnBehalf() {
		return Power{}, ErrNotYours
	}
	grantor := r.Secret.Reference(p.NationalID)
	err := r.within(ctx, "revoke power of attorney", func(ctx context.Context, tx pgx.Tx) error {
		var before uuid.UUID
		err := tx.QueryRow(ctx, revocationSQL, pgx.NamedArgs{"grantor": grantor, "key": key}).Scan(&before)
		if err == nil && before != id {
			return fault.ErrKeyReused
		}
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		args := pgx.NamedArgs{"id": id, "grantor": grantor, "key": key, "now": r.now()}
		if _, err := tx.Exec(ctx, revokeSQL, args); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, dueRevocationSQL, args)
		return err
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "23505" { // the same key, for another one, at once
		return Power{}, fault.ErrKeyReused
	}
	if err != nil {
		return Power{}, err
	}
	found, err := r.read(ctx, givenSQL, p, pgx.NamedArgs{"id": id, "key": nil})
	if err != nil {
		return Power{}, err
	}
	if len(found) == 0 {
		return Power{}, ErrNoSuch
	}
	return r.told(ctx, p, found[0]), nil
}

// situation is what limits a new power.
type situation struct {
	today            norway.Date
	inForce, lastDay int
}

func (r *Register) situation(ctx context.Context, grantor norway.NationalID) (s situation, err error) {
	ctx, cancel := r.Portal.Bounded(ctx)
	defer cancel()
	var days int32
	row := r.Portal.QueryRow(ctx, situationSQL, pgx.NamedArgs{"grantor": r.Secret.Reference(grantor), "now": r.now()})
	if err := row.Scan(&days, &s.inForce, &s.lastDay); err != nil {
		return s, unavailable("count powers of attorney", err)
	}
	s.today = norway.FromUnixDays(days)
	return s, nil
}
