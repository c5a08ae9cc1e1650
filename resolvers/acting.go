package resolvers

import (
	"context"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/page"
)

// listActs returns a page of what the person has asked for.
func (r *Resolver) listActs(ctx context.Context, obj *debt.Person, first *int, after *string,
	filter *act.Filter) (*model.ActConnection, error) {
	p, err := caller.Require(ctx)
	if err != nil {
		return nil, err
	}
	all, err := r.Engine.List(ctx, p)
	if err != nil {
		return nil, err
	}
	var chosen []*model.Act
	for _, record := range all {
		if filter.Has(record) {
			chosen = append(chosen, new(r.showAct(record, obj.Parts)))
		}
	}
	found, err := page.Of("acts", chosen, func(a *model.Act) page.Position {
		return page.Position{Sort: -a.SubmittedAt.UnixMicro(), ID: a.ID.ID}
	}, page.Args{First: first, After: after})
	if err != nil {
		return nil, err
	}
	return new(model.NewActConnection(found)), nil
}

// actingFor returns on whose behalf a caller acts; nil on their own.
func actingFor(p caller.Principal, obj *debt.Person) *model.ActingFor {
	a, ok := p.Authority()
	if !ok {
		return nil
	}
	id, err := uuid.Parse(a.ID)
	if err != nil {
		return nil
	}
	shown := &model.ActingFor{Name: obj.Name, PowerOfAttorneyID: attorney.GlobalID(id), MayAct: a.MayAct}
	if !a.To.IsZero() {
		shown.ValidUntil = &a.To
	}
	return shown
}
