package resolvers

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

func loginOf(p caller.Principal) model.Login {
	letter := p.Kind == caller.LetterCase
	return model.Login{Kind: model.LoginKind(p.Kind), LimitedToCase: letter,
		BankIDShowsMore: letter && !p.NationalID.IsZero(), ExpiresAt: p.ExpiresAt}
}

// checkOnce refuses an operation with several logins: aliases must not turn one request into
// many guesses.
func checkOnce(op *ast.OperationDefinition, vars map[string]any) error {
	logins := 0
	access.Walk(op.SelectionSet, vars, func(f *ast.Field) bool {
		if op.Operation == ast.Mutation && f.Name == audit.LoginWithLetter {
			logins++
		}
		return false
	})
	if logins > 1 {
		return fault.New(fault.ValidationFailed, "a document can have only one loginWithLetter")
	}
	return nil
}
