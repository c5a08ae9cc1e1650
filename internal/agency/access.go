package agency

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// Password returns what somebody typed as the password of a letter of an agency, in the form of
// which the agency's marks and hashes are made. An agency that does not exist has the contract's.
func (r *Registry) Password(code, typed string) debt.Password {
	var form debt.PasswordForm
	if a := r.byCode[code]; a != nil {
		form = a.printed
	}
	return form.Of(typed)
}

// CaseLogin begins a login with the number of a case and a password from a letter, which
// the caller checks against the hash that it returns, whether there is such a case or not.
// Every call is an attempt that counts as failed until CaseLoginSucceeded. An agency without
// logins of this kind is NOT_OFFERED.
func (r *Registry) CaseLogin(ctx context.Context, code, caseNumber string, p debt.Password) (debt.CaseLogin, error) {
	var login debt.CaseLogin
	err := r.act(ctx, code, caller.Scope{}, 1, func(ctx context.Context, a *Agency, tx pgx.Tx) (keep bool, err error) {
		kept, err := a.keeps(ctx, tx, "case_login")
		if err != nil {
			return false, err
		}
		if !kept.Offers("case_login") {
			return false, errNotOffered
		}
		login, err = core.CaseLogin(ctx, tx, caseNumber, p.Mark())
		return true, err
	})
	if err != nil {
		return debt.CaseLogin{}, err
	}
	return login, nil
}

// CaseLoginSucceeded says that the password of an attempt was right. It is refused when
// the attempt is unknown or old; saying it again does nothing.
func (r *Registry) CaseLoginSucceeded(ctx context.Context, code string, attempt uuid.UUID) (debt.ActStatus, error) {
	var status debt.ActStatus
	err := r.act(ctx, code, caller.Scope{}, 1, func(ctx context.Context, _ *Agency, tx pgx.Tx) (keep bool, err error) {
		status, err = core.CaseLoginSucceeded(ctx, tx, attempt)
		return true, err
	})
	if err != nil {
		return "", err
	}
	return status, nil
}
