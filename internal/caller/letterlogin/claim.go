package letterlogin

import (
	"context"
	"errors"
	"log/slog"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/fault"
)

// Claim is what somebody who has logged in with BankID knows of a case that is not shown to them. It does not
// print itself.
type Claim struct {
	Agency     string  // code, of a known agency
	CaseNumber string  // as [PlainNumber] returns it
	Password   *string // of its letter; nil: there is none
}

// String hides the password, and whose case it is.
func (Claim) String() string { return "[claim]" }

// GoString hides them.
func (c Claim) GoString() string { return c.String() }

// LogValue hides them from structured logs.
func (c Claim) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Prove counts a claim of a case, and checks the password as [Desk.Login] does: it is tried as often. It returns
// the agency's key of the attempt where the password is right, and nil otherwise: whether there is such a case
// nobody is told. The errors are a ThrottledError, AGENCY_UNAVAILABLE and PORTAL_UNAVAILABLE.
func (d *Desk) Prove(ctx context.Context, from string, c Claim) (*uuid.UUID, error) {
	claims := claimBuckets(c.Agency, c.CaseNumber)
	if c.Password == nil {
		return nil, d.take(ctx, claims)
	}
	leave, err := d.passwords.admit()
	if err != nil {
		return nil, err
	}
	defer leave()
	logins := loginBuckets(from, c.Agency)
	if err := d.take(ctx, append(claims, logins...)); err != nil {
		d.refusals.Add(1)
		return nil, err
	}
	opened, tried, err := d.check(ctx, Credentials{c.Agency, c.CaseNumber, *c.Password})
	if err == nil || !tried {
		d.forgive(ctx, logins)
	}
	switch {
	case err == nil:
		return new(uuid.UUID(opened.Attempt)), nil
	case tried && errors.Is(err, ErrFailed):
		d.refusals.Add(1)
		return nil, nil
	case fault.Of(err).Code == fault.NotOffered: // the agency sends no passwords
		return nil, nil
	}
	return nil, err
}
