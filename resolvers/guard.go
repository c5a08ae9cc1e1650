package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
)

// guarded is the schema with its access rules. Whatever transport executes it, an operation that
// selects a closed field, or logs in twice, is refused whole, before any of it runs.
type guarded struct {
	graphql.ExecutableSchema
	rules *access.Table
}

// Exec refuses the operation, or executes it.
func (g guarded) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	p, _ := caller.FromContext(ctx)
	requestOf(ctx).rules = g.rules
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

// Early says that an operation only reads what belongs to the caller: it changes no throttle,
// and writes no entry of the access log before the answer. It may begin before it is certain
// that the caller's credentials are valid. A new field of the root waits, until it is named
// here.
func Early(op *graphql.OperationContext) bool {
	reads := op.Operation.Operation == ast.Query
	access.Walk(op.Operation.SelectionSet, op.Variables, func(f *ast.Field) bool {
		switch f.Name {
		case "viewer", "node", "nodes", "agencies", "__typename":
		default:
			reads = false
		}
		return false
	})
	return reads
}
