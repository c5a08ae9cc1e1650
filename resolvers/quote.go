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

// quoteChange says what changing an instalment plan would come to.
func (r *Resolver) quoteChange(ctx context.Context, input plan.Different) (model.InstalmentPlanChangeQuote, error) {
	out := model.InstalmentPlanChangeQuote{AsOf: r.Agencies.Today(), UserErrors: []model.ChangeInstalmentPlanError{}}
	p, err := caller.Require(ctx)
	if err != nil {
		return out, err
	}
	q, err := plan.LookChange(ctx, r.Agencies, act.By{Principal: p, Today: out.AsOf}, input)
	if err != nil {
		return out, err
	}
	if len(q.Wrong) == 0 {
		requestOf(ctx).trail.agency(input.AgreementID.Agency)
		done, err := r.Solving.begin(ctx, r.Solving.Question)
		if err != nil {
			return out, err
		}
		aside.Do(q.Reckon)
		done()
	}
	if out.Current, out.Plan = q.Current, q.Plan; q.Plan != nil {
		out.Dearer, out.UsesSkip = new(q.Plan.Total-q.Current.Total), &q.UsesSkip
	}
	for _, f := range q.Wrong {
		out.UserErrors = append(out.UserErrors, model.ChangeInstalmentPlanError{
			UserError: model.NewUserError(r.Acts.ChangeInstalmentPlan.Name.Mutation(), f),
		})
	}
	return out, nil
}
