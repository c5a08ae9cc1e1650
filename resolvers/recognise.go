package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/genuine"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/throttle"
)

// CheckLimits say how often one may ask whether something is genuine.
type CheckLimits struct {
	Address throttle.Limits // of all who are not logged in at one address
	Person  throttle.Limits // of each who is
}

// DefaultCheckLimits are more than somebody needs who holds a letter, and too few to try numbers.
var DefaultCheckLimits = CheckLimits{
	Address: throttle.Limits{PerMinute: 10, PerDay: 1000},
	Person:  throttle.Limits{PerMinute: 30, PerDay: 1000},
}

// recognise tells whether something that was received is genuine. Nobody's cases are read unless
// they are the caller's: whatever a stranger asks, only what agencies say of themselves is looked
// at, so that neither the answer nor the time that it takes depends on a debt.
func (r *Resolver) recognise(ctx context.Context, input genuine.Input) (model.GenuineCheck, error) {
	if err := input.Check(); err != nil {
		return model.GenuineCheck{}, err
	}
	p, ok := caller.FromContext(ctx)
	ok = ok && !p.Scope().IsZero()
	who, limits := clientOf(ctx).network, r.CheckLimits.Address
	if ok {
		who, limits = string(p.Kind)+" "+string(audit.ActorOf(r.Recorder.Secret, p)), r.CheckLimits.Person
	}
	if err := r.Guard.Pass(ctx, "check whether genuine", who, limits); err != nil {
		return model.GenuineCheck{}, err
	}
	known := genuine.Known{LoggedIn: ok}
	facts, errs := r.Agencies.Describe(ctx, debt.OfAgency)
	for _, part := range facts {
		known.Agencies = append(known.Agencies, part.Agency)
	}
	if ok {
		var missing []error
		known.Cases, missing = r.ownCases(ctx, p.Scope())
		errs = append(errs, missing...)
	}
	complete, told := true, map[string]bool{}
	for _, err := range errs {
		if err != nil && !told[err.Error()] {
			graphql.AddError(ctx, err)
			told[err.Error()] = true
		}
		complete = complete && err == nil
	}
	return model.NewGenuineCheck(genuine.Of(input, known), complete, ok), nil
}

// ownCases reads the caller's cases with what is selected of them.
func (r *Resolver) ownCases(ctx context.Context, scope caller.Scope) (cases []*debt.Case, errs []error) {
	fc := graphql.GetFieldContext(ctx)
	want := wanted(fc.Field.Selections, graphql.GetOperationContext(ctx).Variables) | genuine.Relations
	parts, errs := r.Agencies.Read(ctx, scope, want)
	for _, part := range parts {
		if part.Status == debt.AgencyOK {
			requestOf(ctx).trail.agency(part.Agency.Code)
			cases = append(cases, part.Cases...)
		}
	}
	return cases, errs
}
