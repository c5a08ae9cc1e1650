package resolvers

import (
	"errors"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/access"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/letter"
)

func loginOf(kind identity.Kind, expiresAt time.Time) model.Login {
	byLetter := kind == identity.LetterCase
	login := model.Login{Kind: model.LoginKindBankid, LimitedToCase: byLetter, ExpiresAt: expiresAt}
	if byLetter {
		login.Kind = model.LoginKindLetter
	}
	return login
}

// letterErrorOf tells what the person can do about an error; one that nobody foresaw comes
// back as it is.
func letterErrorOf(err error) ([]model.UserError, error) {
	wrong := userErrorOf(err)
	var throttled *letter.ThrottledError
	switch {
	case errors.As(err, &throttled):
		wrong = &model.UserError{Code: model.UserErrorCodeThrottled, Message: err.Error(), RetryAfterSeconds: new(throttled.Seconds())}
	case errors.Is(err, letter.ErrFailed):
		wrong = &model.UserError{Code: model.UserErrorCodeLoginFailed, Message: err.Error()}
	case errors.Is(err, letter.ErrKeyReused):
		wrong = &model.UserError{Code: model.UserErrorCodeKeyReused, Field: new("input.idempotencyKey"), Message: "the key was used with another input: make a new one"}
	}
	if wrong == nil {
		return nil, err
	}
	return []model.UserError{*wrong}, nil
}

// checkOnce refuses an operation with several logins: aliases must not make many guesses of
// one request.
func checkOnce(op *ast.OperationDefinition, vars map[string]any) error {
	logins := 0
	access.Walk(op.SelectionSet, vars, func(f *ast.Field) bool {
		if op.Operation == ast.Mutation && f.Name == "loginWithLetter" {
			logins++
		}
		return false
	})
	if logins > 1 {
		return fault.New(fault.ValidationFailed, "loginWithLetter stands once in a document")
	}
	return nil
}
