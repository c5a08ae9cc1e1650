package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/plan"
	"github.com/oversikt/oversikt/internal/aside"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

// quote says what an instalment plan would cost, with what is selected of its cases.
func (r *Resolver) quote(ctx context.Context, input plan.Wanted) (model.InstalmentPlanQuote, error) {
	out := model.InstalmentPlanQuote{AsOf: r.Agencies.Today(), Cases: []*debt.Case{},
		UserErrors: []model.ApplyForInstalmentPlanError{}}
	p, err := caller.Require(ctx)
	if err != nil {
		return out, err
	}
	selections, vars := graphql.GetFieldContext(ctx).Field.Selections, graphql.GetOperationContext(ctx).Variables
	want, plans := wanted(selections, vars), r.follow(ctx, p)
	if len(plans) > 0 {
		want |= schedule.Relations
	}
	q, err := plan.Look(ctx, r.Agencies, act.By{Principal: p, Today: out.AsOf}, input, want)
	if err != nil {
		return out, err
	}
	schedule.Tell(plans, out.AsOf, []debt.Part{q.Part})
	if len(q.Wrong) == 0 {
		done, err := r.Solving.begin(ctx, r.Solving.Question)
		if err != nil {
			return out, err
		}
		aside.Do(q.Reckon)
		done()
	}
	if len(q.Cases) > 0 {
		requestOf(ctx).trail.agency(q.Cases[0].ID.Agency)
		out.Cases = q.Cases
	}
	if out.Plan, out.Allowed = q.Plan, q.Allowed; q.Plan != nil {
		out.Decision = &q.Decision
	}
	for _, f := range q.Wrong {
		out.UserErrors = append(out.UserErrors, model.ApplyForInstalmentPlanError{
			UserError: model.NewUserError(r.Acts.ApplyForInstalmentPlan.Name.Mutation(), f),
		})
	}
	return out, nil
}
