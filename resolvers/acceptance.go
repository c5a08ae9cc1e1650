package resolvers

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/wayout/offer"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

// maxAcceptances is how many a list shows.
const maxAcceptances = 20

func acceptanceOf(all []model.Acceptance, key debt.Key) *model.Acceptance {
	i := slices.IndexFunc(all, func(a model.Acceptance) bool { return a.ID == key })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// accepted returns the acceptance that an act has stored. Others may have been accepted after
// it, when the act is repeated.
func (r *Resolver) accepted(ctx context.Context, done model.Outcome) (*model.Acceptance, error) {
	if done.Record == nil {
		return nil, nil
	}
	p, err := caller.Require(ctx)
	if err != nil {
		return nil, err
	}
	records, err := r.Engine.List(ctx, p)
	if err != nil {
		return nil, err
	}
	all, err := r.acceptances(ctx, records, done.Parts)
	if err != nil {
		return nil, err
	}
	return acceptanceOf(all, acceptanceKey(done.Record)), nil
}

func acceptanceKey(a *act.Record) debt.Key {
	return debt.Key{Kind: debt.KindAcceptance, ID: a.ID.String()}
}

// ofCases says whether what is selected of acts is read of the person's cases.
func ofCases(selections ast.SelectionSet, vars map[string]any) (found bool) {
	access.Walk(selections, vars, func(f *ast.Field) bool {
		found = found || f.ObjectDefinition.Name == "PaymentSolutionAcceptance" && f.Name == "schedule" ||
			f.ObjectDefinition.Name == "Act" && f.Name == "cases"
		return !found
	})
	return found
}

// readBelow reads what is selected of agencies below acts; where cases or a schedule are, the
// person's cases too, in the same round trip. errs says why an agency's are missing.
func (r *Resolver) readBelow(ctx context.Context, scope caller.Scope,
	selections ast.SelectionSet) (parts []debt.Part, errs []error) {
	vars := graphql.GetOperationContext(ctx).Variables
	want := wanted(selections, vars)
	if !ofCases(selections, vars) {
		parts, _ = r.Agencies.Describe(ctx, want&debt.OfAgency)
		return parts, nil
	}
	parts, errs = r.Agencies.Read(ctx, scope, want)
	for _, part := range parts {
		if part.Status == debt.AgencyOK {
			requestOf(ctx).trail.agency(part.Agency.Code)
		}
	}
	return parts, errs
}

// acceptances returns the accepted solutions among acts, the latest first. parts is what was
// read for what is selected of them.
func (r *Resolver) acceptances(ctx context.Context, records []*act.Record, parts []debt.Part) ([]model.Acceptance,
	error) {
	scheduled := ofCases(graphql.GetFieldContext(ctx).Field.Selections, graphql.GetOperationContext(ctx).Variables)
	later := map[debt.Key]bool{} // cases of those that were accepted after the one at hand
	shown := []model.Acceptance{}
	for _, a := range records {
		if a.Name != solution.Name {
			continue
		}
		s, err := offer.ReadSummary(a.Summary)
		if err != nil {
			return nil, fmt.Errorf("summary of an acceptance: %w", err)
		}
		newer := later
		if a.Decision == act.Confirm {
			later = maps.Clone(later)
			for _, k := range s.Cases {
				later[k] = true
			}
		}
		standing, err := r.standing(a, scheduled, parts, newer)
		if err != nil {
			return nil, err
		}
		is := model.Acceptance{
			ID: acceptanceKey(a), Act: r.showAct(a, parts), Status: acceptanceStatus(a.Status),
			Reason: shownReason(a.Reason), AcceptedAt: a.CreatedAt, EndedAt: a.EndedAt,
			Kinds: s.Kinds, TotalPaid: s.TotalPaid, Cost: s.Cost, LastDay: s.LastDay, Schedule: standing,
		}
		for _, x := range a.Agencies {
			is.Agencies = append(is.Agencies, model.AgencyAcceptance{
				Agency: r.agencyAt(parts, x.Code), Status: agencyStatus(x.State), Reason: shownReason(x.Reason),
				ChangedAt: x.ChangedAt,
			})
		}
		shown = append(shown, is)
	}
	return shown, nil
}

// acceptanceStatus is an act's status in the words of an acceptance.
func acceptanceStatus(s act.Status) model.PaymentSolutionAcceptanceStatus {
	if s == act.Done {
		return model.PaymentSolutionAcceptanceStatusConfirmed
	}
	return model.PaymentSolutionAcceptanceStatus(s)
}

func agencyStatus(s act.State) model.AgencyAcceptanceStatus {
	if s == act.PartDone {
		return model.AgencyAcceptanceStatusConfirmed
	}
	return model.AgencyAcceptanceStatus(s)
}

// standing returns how the schedule of an acceptance stands, nil where there is none to show.
func (r *Resolver) standing(a *act.Record, selected bool, parts []debt.Part,
	later map[debt.Key]bool) (*schedule.Standing, error) {
	if !selected || a.Kept == nil || a.Decision != act.Confirm {
		return nil, nil
	}
	agreed, err := schedule.Decode(a.Kept)
	if err != nil {
		return nil, fmt.Errorf("schedule of an acceptance: %w", err)
	}
	return new(agreed.On(r.Agencies.Today(), parts, func(k debt.Key) bool { return later[k] })), nil
}

func shownReason(reason act.Code) *model.AcceptanceReason {
	if reason == "" {
		return nil
	}
	if shown := model.AcceptanceReason(reason); shown.IsValid() {
		return &shown
	}
	return new(model.AcceptanceReasonOther)
}
