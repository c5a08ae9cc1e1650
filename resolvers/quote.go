package resolvers

import (
	"context"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/plan"
	"github.com/oversikt/oversikt/internal/aside"
	"github.com/oversikt/oversikt/internal/caller"
)

// quote says what an instalment plan would cost.
func (r *Resolver) quote(ctx context.Context, input plan.Wanted) (model.InstalmentPlanQuote, error) {
	out := model.InstalmentPlanQuote{AsOf: r.Agencies.Today(), UserErrors: []model.ApplyForInstalmentPlanError{}}
	p, err := caller.Require(ctx)
	if err != nil {
		return out, err
	}
	q, err := plan.Look(ctx, r.Agencies, act.By{Principal: p, Today: out.AsOf}, input)
	if err != nil {
		return out, err
	}
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
