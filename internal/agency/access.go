package agency

import (
	"context"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// Errors of these acts are those of Propose. Those with a key can be asked again.

// CaseLogin begins a login with the number of a case and a password from a letter, which
// the caller checks against the hash that it returns, whether there is such a case or not.
// Every call is an attempt that counts as failed until CaseLoginSucceeded.
func (r *Registry) CaseLogin(ctx context.Context, code, caseNumber string, mark byte) (debt.CaseLogin, error) {
	return one(ctx, r, code, func(ctx context.Context, q core.Querier) (debt.CaseLogin, error) {
		return core.CaseLogin(ctx, q, caseNumber, mark)
	})
}

// CaseLoginSucceeded says that the password of an attempt was right. It is refused when
// the attempt is unknown or old; saying it again does nothing.
func (r *Registry) CaseLoginSucceeded(ctx context.Context, code string, attempt uuid.UUID) (debt.ActStatus, error) {
	return one(ctx, r, code, func(ctx context.Context, q core.Querier) (debt.ActStatus, error) {
		return core.CaseLoginSucceeded(ctx, q, attempt)
	})
}

// OrderCredentials orders a new password for a case; the zero scope is somebody who has
// not logged in. The answer does not tell whether there is such a case.
func (r *Registry) OrderCredentials(ctx context.Context, code string, scope caller.Scope, key uuid.UUID,
	caseNumber string) (debt.CredentialOrder, error) {
	return one(ctx, r, code, func(ctx context.Context, q core.Querier) (debt.CredentialOrder, error) {
		return core.OrderCredentials(ctx, q, scope, key, caseNumber)
	})
}

// CorrectContact corrects what an agency knows of the caller.
func (r *Registry) CorrectContact(ctx context.Context, code string, scope caller.Scope, key uuid.UUID,
	c debt.ContactChange) (debt.ActAnswer, error) {
	return within(ctx, r, code, scope, func(ctx context.Context, q core.Querier) (debt.ActAnswer, error) {
		return core.CorrectContact(ctx, q, scope, key, c)
	})
}

// GivePowerOfAttorney gives somebody a power of attorney for the caller's cases.
func (r *Registry) GivePowerOfAttorney(ctx context.Context, code string, scope caller.Scope, key uuid.UUID,
	p debt.NewPowerOfAttorney) (debt.PowerOfAttorneyAnswer, error) {
	return within(ctx, r, code, scope, func(ctx context.Context, q core.Querier) (debt.PowerOfAttorneyAnswer, error) {
		return core.GivePowerOfAttorney(ctx, q, scope, key, p)
	})
}

// RevokePowerOfAttorney ends a power of attorney that the caller has given.
func (r *Registry) RevokePowerOfAttorney(ctx context.Context, code string, scope caller.Scope, key uuid.UUID,
	id string) (debt.ActAnswer, error) {
	return within(ctx, r, code, scope, func(ctx context.Context, q core.Querier) (debt.ActAnswer, error) {
		return core.RevokePowerOfAttorney(ctx, q, scope, key, id)
	})
}
