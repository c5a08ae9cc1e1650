package resolvers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/wayout/offer"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

// accept carries an offer out: it is computed again from the records of this moment, and
// bound at every agency that has to agree to something.
func (r *Resolver) accept(ctx context.Context, scope caller.Scope,
	input model.AcceptPaymentSolutionInput) (solution.Acceptance, error) {
	if old, ok, err := r.Acceptances.ByKey(ctx, scope, input.IdempotencyKey, []byte(input.OfferID)); err != nil || ok {
		return old, err
	}
	token, err := r.IDs.OpenOffer(input.OfferID)
	if err != nil {
		return solution.Acceptance{}, err
	}
	offered, err := r.again(ctx, scope, token)
	if err != nil {
		// It may have been carried out meanwhile, by the first click of two.
		if old, ok, missed := r.Acceptances.ByKey(ctx, scope, input.IdempotencyKey, []byte(input.OfferID)); missed == nil &&
			ok {
			return old, nil
		}
		return solution.Acceptance{}, err
	}
	plan := solution.Plan{Scope: scope, Input: []byte(input.OfferID)}
	for code, p := range offered.Proposals() {
		requestOf(ctx).trail.agency(code)
		plan.Agencies = append(plan.Agencies, solution.AgencyPlan{Agency: code, Proposal: p, Expects: token.Prints[code]})
	}
	if len(plan.Agencies) == 0 {
		return solution.Acceptance{}, errNothingToAgree
	}
	slices.SortFunc(plan.Agencies, func(a, b solution.AgencyPlan) int { return cmp.Compare(a.Agency, b.Agency) })
	agreed := offered.Agreed()
	if plan.Schedule, err = agreed.Encode(); err != nil {
		return solution.Acceptance{}, fmt.Errorf("accept: %w", err)
	}
	plan.LastDay = offered.LastDay
	if plan.Summary, err = json.Marshal(offered.Summary()); err != nil {
		return solution.Acceptance{}, fmt.Errorf("accept: %w", err)
	}
	return r.Acceptances.Accept(ctx, input.IdempotencyKey, plan)
}

// again computes an offer anew when it is its turn.
func (r *Resolver) again(ctx context.Context, scope caller.Scope, token offer.Token) (*offer.Solution, error) {
	parts, _ := r.Agencies.Read(ctx, scope, offer.Relations) // who did not answer is in the parts
	done, err := r.Solving.begin(ctx, r.Solving.Act)
	if err != nil {
		return nil, err
	}
	defer done()
	return token.Again(ctx, &debt.Person{Today: r.Agencies.Today(), Parts: parts})
}

var errNothingToAgree = errors.New("nothing has to be agreed")

// acceptances returns a function that gives an acceptance of the caller's by its key, or
// NOT_FOUND. However many keys an operation asks for, they are read together.
func (r *Resolver) acceptances(ctx context.Context, scope caller.Scope) func(debt.Key) (any, error) {
	read := sync.OnceValues(func() ([]model.Acceptance, error) {
		state := requestOf(ctx)
		state.accepting.Do(func() {
			if state.accepted, state.notAccepted = r.Acceptances.List(ctx, scope); len(state.accepted) == 0 {
				return
			}
			var errs []error
			state.agreedAt, errs = r.readAgreed(ctx, scope, nodeSelections(graphql.GetOperationContext(ctx)))
			for _, err := range errs {
				if err != nil {
					graphql.AddError(ctx, err)
				}
			}
		})
		if state.notAccepted != nil {
			return nil, state.notAccepted
		}
		return r.show(ctx, scope, state.accepted, state.agreedAt)
	})
	return func(key debt.Key) (any, error) {
		all, err := read()
		if err != nil {
			return nil, err
		}
		if found, err := one(all, key); err == nil {
			return found, nil
		}
		return nil, agency.ErrNotFound
	}
}

func one(all []model.Acceptance, key debt.Key) (*model.Acceptance, error) {
	i := slices.IndexFunc(all, func(a model.Acceptance) bool { return a.ID == key })
	if i < 0 {
		return nil, agency.ErrNotFound
	}
	return &all[i], nil
}

// showOne returns an acceptance after an act. If the act was repeated, others may have been
// accepted since. An agency that does not answer now is not an error, because the act is done:
// the schedule says that it is not complete.
func (r *Resolver) showOne(ctx context.Context, scope caller.Scope, a solution.Acceptance) (*model.Acceptance, error) {
	list, err := r.Acceptances.List(ctx, scope)
	if err != nil {
		return nil, err
	}
	parts, _ := r.readAgreed(ctx, scope, graphql.GetFieldContext(ctx).Field.Selections)
	shown, err := r.show(ctx, scope, list, parts)
	if err != nil {
		return nil, err
	}
	return one(shown, keyOf(a))
}

func keyOf(a solution.Acceptance) debt.Key {
	return debt.Key{Kind: debt.KindAcceptance, ID: a.ID.String()}
}

// maxAcceptances is how many a list shows.
const maxAcceptances = 20

// nodeSelections returns all that is selected of objects by their ids.
func nodeSelections(oc *graphql.OperationContext) (all ast.SelectionSet) {
	for _, name := range []string{"node", "nodes"} {
		for _, f := range rootFields(oc.Operation.SelectionSet, oc.Variables, name) {
			all = append(all, f.SelectionSet...)
		}
	}
	return all
}

// selectsSchedule says whether the schedule of an acceptance is selected.
func selectsSchedule(selections ast.SelectionSet, vars map[string]any) (found bool) {
	access.Walk(selections, vars, func(f *ast.Field) bool {
		found = found || f.ObjectDefinition.Name == "PaymentSolutionAcceptance" && f.Name == "schedule"
		return !found
	})
	return found
}

// readAgreed reads what is selected of agencies below acceptances; where a schedule is, the
// person's cases too, in the same round trip, and errs says why an agency's are missing.
func (r *Resolver) readAgreed(ctx context.Context, scope caller.Scope, selections ast.SelectionSet) (parts []debt.Part,
	errs []error) {
	vars := graphql.GetOperationContext(ctx).Variables
	want := wanted(selections, vars)
	if !selectsSchedule(selections, vars) {
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

// show returns the acceptances that are entirely inside the scope, newest first. parts is what
// was read for what is selected of them.
func (r *Resolver) show(ctx context.Context, scope caller.Scope, list []solution.Acceptance,
	parts []debt.Part) ([]model.Acceptance, error) {
	scheduled := selectsSchedule(graphql.GetFieldContext(ctx).Field.Selections, graphql.GetOperationContext(ctx).Variables)
	later := map[debt.Key]bool{} // cases of those that were accepted after the one at hand
	agencies := map[string]*debt.Agency{}
	for _, part := range parts {
		agencies[part.Agency.Code] = part.Agency
	}
	shown := []model.Acceptance{}
	for _, a := range list {
		s, err := offer.ReadSummary(a.Summary)
		if err != nil {
			return nil, fmt.Errorf("summary of an acceptance: %w", err)
		}
		newer := later
		if a.Decision == solution.Confirm {
			later = maps.Clone(later)
			for _, k := range s.Cases {
				later[k] = true
			}
		}
		if slices.ContainsFunc(s.Cases, func(k debt.Key) bool { return len(scope.Cases(k.Agency, []string{k.ID})) == 0 }) {
			continue
		}
		standing, err := r.standing(a, scheduled, parts, newer)
		if err != nil {
			return nil, err
		}
		is := model.Acceptance{
			ID: keyOf(a), Status: model.PaymentSolutionAcceptanceStatus(a.Status),
			Reason: shownReason(a.Reason), AcceptedAt: a.CreatedAt, EndedAt: a.EndedAt,
			Kinds: s.Kinds, TotalPaid: s.TotalPaid, Cost: s.Cost, LastDay: s.LastDay, Schedule: standing,
		}
		for _, x := range a.Agencies {
			of := agencies[x.Code]
			if of == nil { // it has left
				of = &debt.Agency{ID: debt.Key{Kind: debt.KindAgency, Agency: x.Code}, Code: x.Code, Name: x.Code}
			}
			is.Agencies = append(is.Agencies, model.AgencyAcceptance{
				Agency: *of, Status: model.AgencyAcceptanceStatus(x.State), Reason: shownReason(x.Reason), ChangedAt: x.ChangedAt,
			})
		}
		shown = append(shown, is)
	}
	return shown, nil
}

// standing returns how the schedule of an acceptance stands, nil where there is none to show.
func (r *Resolver) standing(a solution.Acceptance, selected bool, parts []debt.Part,
	later map[debt.Key]bool) (*schedule.Standing, error) {
	if !selected || a.Schedule == nil || a.Decision != solution.Confirm {
		return nil, nil
	}
	text, err := r.Acceptances.OpenSchedule(a)
	if err != nil {
		return nil, err
	}
	agreed, err := schedule.Decode(text)
	if err != nil {
		return nil, fmt.Errorf("schedule of an acceptance: %w", err)
	}
	return new(agreed.On(r.Agencies.Today(), parts, func(k debt.Key) bool { return later[k] })), nil
}

func shownReason(reason solution.Reason) *model.AcceptanceReason {
	if reason == "" {
		return nil
	}
	if shown := model.AcceptanceReason(reason); shown.IsValid() {
		return &shown
	}
	return new(model.AcceptanceReasonOther)
}
