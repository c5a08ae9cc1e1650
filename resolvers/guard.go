package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/internal/access"
	"github.com/oversikt/oversikt/internal/identity"
)

// guarded is the schema with its rules of access. Whatever transport executes it, an
// operation that selects what the caller may not, or logs in twice, is refused whole, before
// any of it runs.
type guarded struct {
	graphql.ExecutableSchema
	rules *access.Table
}

// Exec refuses the operation, or executes it.
func (g guarded) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	p, _ := identity.FromContext(ctx)
	err := g.rules.Check(op.Operation, op.Variables, access.CallerOf(p))
	if err == nil {
		err = checkOnce(op.Operation, op.Variables)
	}
	if err != nil {
		graphql.AddError(ctx, err)
		return nil // the executor answers with the error alone
	}
	return g.ExecutableSchema.Exec(ctx)
}
