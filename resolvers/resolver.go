// Package resolvers answers the fields of the schema. There are few of them: a
// resolver looks ahead at everything that is selected below it, reads it at once, and
// the records answer the rest by themselves.
package resolvers

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/graph"
	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/act/household"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/book"
	"github.com/oversikt/oversikt/internal/agency/loader"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/search"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/text"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

// Resolver is what all resolvers share.
type Resolver struct {
	Agencies *agency.Registry
	IDs      *model.IDs
	Desk     *letterlogin.Desk
	Solving  *Solving
	Powers   *attorney.Register
	Privacy  *privacy.Service
	Budgets  *household.Store
	Vault    *vault.Vault
	Books    *book.Books

	// Engine carries out Acts.
	Engine *act.Engine
	Acts   *Acts

	Plans *Plans

	// Guard counts what is done too often; all of what staff do to StaffLimits.
	Guard       *throttle.Guard
	StaffLimits StaffLimits
	CheckLimits CheckLimits

	// Clock is the time that links to papers are good until.
	Clock func() time.Time

	// Search finds questions and answers.
	Search *search.Searcher

	// Language is that of texts where a query names none; nil: English.
	Language func(context.Context) text.Language

	// Recorder writes the access log. With nil there is none, and what has to be in it before
	// it is read is not shown.
	Recorder *audit.Recorder
}

// Schema returns the schema with these resolvers and its access rules, which the descriptions tell
// too. A field without a rule is an error. It has no @defer, which gqlgen knows in every schema:
// deferred parts would need another transport.
func (r *Resolver) Schema() (graphql.ExecutableSchema, error) {
	schema := *graph.NewExecutableSchema(graph.Config{}).Schema()
	schema.Directives = maps.Clone(schema.Directives)
	delete(schema.Directives, "defer")
	rules, err := access.NewTable(&schema)
	if err != nil {
		return nil, err
	}
	config := graph.Config{Schema: rules.Describe(&schema), Resolvers: r}
	return guarded{graph.NewExecutableSchema(config), rules}, nil
}

// request is the state of one operation: what several of its fields share.
type request struct {
	viewer sync.Once
	person debt.Person

	loading sync.Once
	nodes   *loader.Nodes

	ofPortal portalNodes
	ofStaff  staffNodes

	plans once[[]schedule.Schedule]
	files files

	rules *access.Table
	trail trail
}

type requestKey struct{}

// Around returns a context in which an operation can be executed.
func (r *Resolver) Around(ctx context.Context) context.Context {
	ctx = model.WithIDs(ctx, r.IDs)
	if r.Language != nil {
		ctx = model.WithLanguage(ctx, r.Language)
	}
	return context.WithValue(agency.WithShare(ctx), requestKey{}, &request{})
}

func requestOf(ctx context.Context) *request { return ctx.Value(requestKey{}).(*request) }

// readPerson reads what all `viewer` fields of the operation select, once.
func (r *Resolver) readPerson(ctx context.Context, p caller.Principal) debt.Person {
	state := requestOf(ctx)
	state.viewer.Do(func() {
		oc := graphql.GetOperationContext(ctx)
		fields := rootFields(oc.Operation.SelectionSet, oc.Variables, "viewer")
		var want debt.Relations
		for _, f := range fields {
			want |= wanted(f.SelectionSet, oc.Variables)
		}
		plans := r.follow(ctx, p)
		if len(plans) > 0 {
			want |= schedule.Relations
		}
		name := p.SubjectName()
		if name == "" {
			want |= debt.OfDebtors
		}
		scope := p.Scope()
		only, limited := r.agenciesOf(fields, oc.Variables, name == "")
		if limited {
			scope = scope.Within(only)
		}
		parts, errs := r.Agencies.Read(ctx, scope, want)
		schedule.Tell(plans, r.Agencies.Today(), parts)
		state.person = debt.Person{Name: name, Today: r.Agencies.Today(), Parts: parts}
		if limited {
			state.person.Parts = r.among(ctx, p.Scope(), parts)
		}
		state.person.NameFrom(parts)
		for _, part := range parts {
			if want != 0 && part.Status == debt.AgencyOK {
				state.trail.agency(part.Agency.Code)
			}
		}
		for i, err := range errs {
			if err != nil {
				graphql.AddError(missingAt(ctx, nil, fields, r.asking(parts[i].Agency.Code, oc.Variables)), err)
			}
		}
	})
	return state.person
}

// missingAt returns the context of the first field below these that lacks an agency's part;
// the fields stand below parent, nil for the root. about may pass fields over; nil: none.
func missingAt(ctx context.Context, parent *graphql.FieldContext, fields []*ast.Field,
	about func(*ast.Field) bool) context.Context {
	vars := graphql.GetOperationContext(ctx).Variables
	for _, f := range fields {
		if child := firstOfAgencies(f.SelectionSet, vars, about); child != nil {
			return under(ctx, &graphql.FieldContext{Parent: parent, Field: graphql.CollectedField{Field: f}}, child)
		}
	}
	return ctx
}

// under returns the context of a field below a parent, for an error's path.
func under(ctx context.Context, parent *graphql.FieldContext, field *ast.Field) context.Context {
	fc := &graphql.FieldContext{Object: field.ObjectDefinition.Name, Field: graphql.CollectedField{Field: field}}
	ctx = graphql.WithFieldContext(ctx, fc)
	fc.Parent = parent
	return ctx
}

// load returns a function that waits for an object with all that is selected of it.
func (r *Resolver) load(ctx context.Context, p caller.Principal, key debt.Key, selections ast.SelectionSet) func() (any,
	error) {
	state := requestOf(ctx)
	oc := graphql.GetOperationContext(ctx)
	state.loading.Do(func() {
		state.nodes = loader.NewNodes(r.Agencies, p.Scope(), len(expectedNodes(ctx, oc)))
		if plans := r.follow(ctx, p); len(plans) > 0 {
			state.nodes.Whole(schedule.Relations, func(part debt.Part) {
				schedule.Tell(plans, r.Agencies.Today(), []debt.Part{part})
			})
		}
	})
	wait := state.nodes.Load(ctx, loader.Ask{Key: key, Want: wanted(selections, oc.Variables)})
	return func() (any, error) {
		object, err := wait()
		if err == nil {
			state.trail.agency(key.Agency)
		}
		return object, err
	}
}
