package core

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

var (
	caseLoginSQL      = sqlOf("case_login")
	loginSucceededSQL = sqlOf("case_login_succeeded")
)

// sqlOf is the call of a function that is one of the contract's.
func sqlOf(name string) string {
	f, ok := spec.FunctionNamed(name)
	if !ok {
		panic("the contract has no function " + name)
	}
	return f.Call()
}

// CaseLogin begins a login with the number of a case and the mark of a password, see
// [debt.Password]. It takes no scope: who asks is what the password will show. Every call
// is an attempt.
func CaseLogin(ctx context.Context, conn Querier, caseNumber string, mark byte) (login debt.CaseLogin, err error) {
	var caseID, nationalID, hash *string
	var attempt *uuid.UUID
	var wait int
	err = call(ctx, conn, "case login", caseLoginSQL, []any{caseNumber, int(mark)}, &caseID, &nationalID, &hash, &attempt,
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
	err = call(ctx, conn, "case login succeeded", loginSucceededSQL, []any{attempt}, actStatus(&status))
	return status, err
}

// call calls a function and scans its one row.
func call(ctx context.Context, conn Querier, what, sql string, args []any, results ...any) error {
	if err := conn.QueryRow(ctx, sql, args...).Scan(results...); err != nil {
		return mismatch(fmt.Errorf("%s: %w", what, Hushed(err)))
	}
	return nil
}
