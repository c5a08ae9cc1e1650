// Package resolvers answers the fields of the schema. There are few of them: a
// resolver looks ahead at everything that is selected below it, reads it at once, and
// the records answer the rest by themselves.
package resolvers

import (
	"context"
	"maps"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/graph"
	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/loader"
)

// Resolver is what all resolvers share.
type Resolver struct {
	Agencies *agency.Registry
	IDs      *model.IDs
	Limit    *PerClient // of Query.caseStatus
}

// Schema returns the schema with these resolvers. It has no @defer, which gqlgen knows
// in every schema: what comes later would need another transport.
func (r *Resolver) Schema() graphql.ExecutableSchema {
	schema := *graph.NewExecutableSchema(graph.Config{}).Schema()
	schema.Directives = maps.Clone(schema.Directives)
	delete(schema.Directives, "defer")
	return graph.NewExecutableSchema(graph.Config{Schema: &schema, Resolvers: r})
}

// request is the state of one operation: what several of its fields share.
type request struct {
	viewer sync.Once
	person debt.Person

	loading sync.Once
	nodes   *loader.Nodes
}

type requestKey struct{}

// Around returns a context in which an operation can be executed.
func (r *Resolver) Around(ctx context.Context) context.Context {
	return context.WithValue(model.WithIDs(ctx, r.IDs), requestKey{}, &request{})
}

func requestOf(ctx context.Context) *request { return ctx.Value(requestKey{}).(*request) }

func caller(ctx context.Context) (identity.Principal, error) {
	p, ok := identity.FromContext(ctx)
	if !ok {
		return p, fault.New(fault.Unauthenticated, "log in first: this needs a token")
	}
	return p, nil
}

// readPerson reads what all `viewer` fields of the operation select, once.
func (r *Resolver) readPerson(ctx context.Context, p identity.Principal) debt.Person {
	state := requestOf(ctx)
	state.viewer.Do(func() {
		oc := graphql.GetOperationContext(ctx)
		var want debt.Relations
		fields := rootFields(oc.Operation.SelectionSet, oc.Variables, "viewer")
		for _, f := range fields {
			want |= wanted(f.SelectionSet, oc.Variables)
		}
		if p.Name == "" {
			want |= debt.OfDebtors
		}
		state.person = debt.Person{Name: p.Name, Today: r.Agencies.Today()}
		if want == 0 {
			return
		}
		var errs []error
		state.person.Parts, errs = r.Agencies.Read(ctx, p.Scope(), want)
		reportMissing(ctx, errs)
		state.person.NameFrom(state.person.Parts)
	})
	return state.person
}

// reportMissing adds an error for each agency that is missing, at the first field that
// lacks its part.
func reportMissing(ctx context.Context, errs []error) {
	for _, err := range errs {
		if err == nil {
			continue
		}
		fc := graphql.GetFieldContext(ctx)
		at := firstOfAgencies(fc.Field.Selections, graphql.GetOperationContext(ctx).Variables)
		if at != nil {
			child := &graphql.FieldContext{Object: at.ObjectDefinition.Name, Field: graphql.CollectedField{Field: at, Selections: at.SelectionSet}}
			graphql.AddError(graphql.WithFieldContext(ctx, child), err)
		} else {
			graphql.AddError(ctx, err)
		}
	}
}

// load returns a function that waits for an object with all that is selected of it.
func (r *Resolver) load(ctx context.Context, p identity.Principal, key debt.Key, selections ast.SelectionSet) func() (any, error) {
	state := requestOf(ctx)
	oc := graphql.GetOperationContext(ctx)
	state.loading.Do(func() {
		state.nodes = loader.NewNodes(r.Agencies, p.Scope(), expectedNodes(oc.Operation, oc.Variables))
	})
	return state.nodes.Load(ctx, loader.Ask{Key: key, Want: wanted(selections, oc.Variables)})
}
