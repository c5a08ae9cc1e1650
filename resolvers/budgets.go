package resolvers

import (
	"context"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/wayout/budget"
	"github.com/oversikt/oversikt/internal/wayout/offer"
)

// ownBudget returns the caller's household budget, nil where none is saved.
func (r *Resolver) ownBudget(ctx context.Context) (*budget.Budget, error) {
	p, err := caller.Require(ctx)
	if err != nil || !p.OnOwnBehalf() {
		return nil, err
	}
	return r.Budgets.Of(ctx, p.NationalID, r.Agencies.Today())
}

// sharedBudget returns the budget that a person shares with the agency of the member of staff who has
// looked them up, nil where they do not. It is recorded before it is shown.
func (r *Resolver) sharedBudget(ctx context.Context, of *model.StaffPerson) (*budget.Budget, error) {
	p, err := caller.Require(ctx)
	if err != nil {
		return nil, err
	}
	b, err := r.Budgets.Of(ctx, of.Subject.NationalID, r.Agencies.Today())
	if err != nil || b == nil || !b.SharedWith(p.Agency) {
		return nil, err
	}
	b.Shared = []string{p.Agency} // with whom else is none of their business
	err = r.Recorder.Shown(ctx, p, personShown+".budget", r.Recorder.OfDebtor(of.Subject), of.Reason, audit.OK)
	if err != nil {
		return nil, err
	}
	return b, nil
}

// sharedWith names the agencies that may see a budget.
func (r *Resolver) sharedWith(ctx context.Context, b *budget.Budget) []debt.Agency {
	known, _ := r.Agencies.Describe(ctx, 0) // asks nobody
	shared := []debt.Agency{}
	for _, part := range known {
		if b.SharedWith(part.Agency.Code) {
			shared = append(shared, *part.Agency)
		}
	}
	return shared
}

// budgeted puts what a household budget can afford into an input that asks for it.
func budgeted(in offer.Input, read func() (*budget.Budget, error)) (offer.Input, error) {
	if in.UseBudget == nil || !*in.UseBudget {
		return in, nil
	}
	if in.MonthlyBudget != nil || in.PayDayBudgets != nil {
		return in, fault.Invalid("input.useBudget", "useBudget and an amount are given").Saying("input.BUDGET_TWICE")
	}
	b, err := read()
	switch {
	case err != nil:
		return in, err
	case b == nil:
		return in, fault.Invalid("input.useBudget", "no budget is saved").Saying("input.NO_BUDGET")
	case b.Affordable == 0:
		return in, fault.Invalid("input.useBudget", "the budget has nothing left").Saying("input.BUDGET_EMPTY")
	}
	in.MonthlyBudget, in.UseBudget = &b.Affordable, nil
	return in, nil
}
