package core

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

var (
	caseLoginSQL        = spec.FunctionNamed("case_login").Call()
	loginSucceededSQL   = spec.FunctionNamed("case_login_succeeded").Call()
	orderCredentialsSQL = spec.FunctionNamed("order_new_credentials").Call()
	correctContactSQL   = spec.FunctionNamed("correct_contact").Call()
	givePowerSQL        = spec.FunctionNamed("give_power_of_attorney").Call()
	revokePowerSQL      = spec.FunctionNamed("revoke_power_of_attorney").Call()
)

// CaseLogin begins a login with the number of a case and the mark of a password, see
// [debt.PasswordMark]. It takes no scope: who asks is what the password will show. Every call
// is an attempt.
func CaseLogin(ctx context.Context, conn Querier, caseNumber string, mark byte) (login debt.CaseLogin, err error) {
	var caseID, nationalID, hash *string
	var attempt *uuid.UUID
	var wait int
	err = act(ctx, conn, "case login", caseLoginSQL, []any{caseNumber, int(mark)}, &caseID, &nationalID, &hash, &attempt,
		&wait)
	if err != nil {
		return login, err
	}
	login.Wait = time.Duration(wait) * time.Second
	if login.Wait > 0 {
		return login, nil
	}
	if hash == nil || attempt == nil {
		return login, mismatch(fmt.Errorf("case login: %w", misfit{"case_login.password_hash", "hash of an attempt"}))
	}
	login.Hash, login.Attempt = debt.NewPasswordHash(*hash), *attempt
	if caseID != nil {
		login.CaseID = *caseID
	}
	if nationalID != nil {
		if login.NationalID, err = norway.ParseNationalID(*nationalID); err != nil {
			return debt.CaseLogin{}, mismatch(fmt.Errorf("case login: %w",
				misfit{"case_login.national_id", "national identity number"}))
		}
	}
	return login, nil
}

// CaseLoginSucceeded says that the password of an attempt was right.
func CaseLoginSucceeded(ctx context.Context, conn Querier, attempt uuid.UUID) (status debt.ActStatus, err error) {
	err = act(ctx, conn, "case login succeeded", loginSucceededSQL, []any{attempt}, actStatus(&status))
	return status, err
}

// OrderCredentials orders a new password for a case. The zero scope is somebody who has
// not logged in.
func OrderCredentials(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID,
	caseNumber string) (order debt.CredentialOrder, err error) {
	args := []any{key, caseNumber, callerOf(scope)}
	err = act(ctx, conn, "order credentials", orderCredentialsSQL, args, actStatus(&order.Status), sentBy(&order.Channel))
	return order, err
}

// CorrectContact corrects what the agency knows of the debtor.
func CorrectContact(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID,
	c debt.ContactChange) (answer debt.ActAnswer, err error) {
	args := []any{key, callerOf(scope), c.Email, c.Phone, c.StreetAddress, c.PostalCode, c.City, (*string)(c.Language)}
	err = act(ctx, conn, "correct contact", correctContactSQL, args, actStatus(&answer.Status), actReason(&answer.Reason))
	return answer, err
}

// GivePowerOfAttorney gives a power of attorney and returns its key.
func GivePowerOfAttorney(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID,
	p debt.NewPowerOfAttorney) (answer debt.PowerOfAttorneyAnswer, err error) {
	args := []any{
		key, callerOf(scope), null(p.AttorneyID.Reveal()), null(p.AttorneyOrgNumber), p.AttorneyName,
		p.MayAct, p.Cases, null(p.ValidFrom.String()), null(p.ValidUntil.String()),
	}
	var id *string
	err = act(ctx, conn, "give power of attorney", givePowerSQL, args, &id, actStatus(&answer.Status),
		actReason(&answer.Reason))
	if id != nil {
		answer.ID = *id
	}
	return answer, err
}

// RevokePowerOfAttorney ends a power of attorney that the debtor has given.
func RevokePowerOfAttorney(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID,
	id string) (answer debt.ActAnswer, err error) {
	args := []any{key, callerOf(scope), id}
	err = act(ctx, conn, "revoke power of attorney", revokePowerSQL, args, actStatus(&answer.Status),
		actReason(&answer.Reason))
	return answer, err
}

// callerOf is null for the zero scope: a core may hold empty numbers.
func callerOf(scope caller.Scope) *string { return null(scope.NationalID().Reveal()) }

// null passes an empty text as null.
func null(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// act calls a function and scans its one row.
func act(ctx context.Context, conn Querier, what, sql string, args []any, results ...any) error {
	if err := conn.QueryRow(ctx, sql, args...).Scan(results...); err != nil {
		return mismatch(fmt.Errorf("%s: %w", what, hushed(err)))
	}
	return nil
}
