package resolvers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/acceptance"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/offer"
)

// accept carries an offer out: it is computed again from the records of this moment, and
// bound at every agency that has to agree to something.
func (r *Resolver) accept(ctx context.Context, scope identity.Scope, input model.AcceptPaymentSolutionInput) (acceptance.Acceptance, error) {
	if old, ok, err := r.Acceptances.ByKey(ctx, scope, input.IdempotencyKey, []byte(input.OfferID)); err != nil || ok {
		return old, err
	}
	token, err := r.IDs.OpenOffer(input.OfferID)
	if err != nil {
		return acceptance.Acceptance{}, err
	}
	solution, err := r.again(ctx, scope, token)
	if err != nil {
		// It may have been carried out meanwhile, by the first click of two.
		if old, ok, missed := r.Acceptances.ByKey(ctx, scope, input.IdempotencyKey, []byte(input.OfferID)); missed == nil && ok {
			return old, nil
		}
		return acceptance.Acceptance{}, err
	}
	plan := acceptance.Plan{Scope: scope, Input: []byte(input.OfferID)}
	for code, p := range solution.Proposals() {
		requestOf(ctx).trail.agency(code)
		plan.Agencies = append(plan.Agencies, acceptance.AgencyPlan{Agency: code, Proposal: p, Expects: token.Prints[code]})
	}
	if len(plan.Agencies) == 0 {
		return acceptance.Acceptance{}, errNothingToAgree
	}
	slices.SortFunc(plan.Agencies, func(a, b acceptance.AgencyPlan) int { return cmp.Compare(a.Agency, b.Agency) })
	if plan.Summary, err = json.Marshal(solution.Summary()); err != nil {
		return acceptance.Acceptance{}, fmt.Errorf("accept: %w", err)
	}
	return r.Acceptances.Accept(ctx, input.IdempotencyKey, plan)
}

// again computes an offer anew when it is its turn.
func (r *Resolver) again(ctx context.Context, scope identity.Scope, token offer.Token) (*offer.Solution, error) {
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
// NOT_FOUND. However many keys a field asks for, they are read together.
func (r *Resolver) acceptances(ctx context.Context, scope identity.Scope) func(debt.Key) (any, error) {
	read := sync.OnceValues(func() ([]model.Acceptance, error) {
		state := requestOf(ctx)
		state.accepting.Do(func() { state.accepted, state.notAccepted = r.Acceptances.List(ctx, scope) })
		if state.notAccepted != nil {
			return nil, state.notAccepted
		}
		return r.show(ctx, scope, state.accepted)
	})
	return func(key debt.Key) (any, error) {
		all, err := read()
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(a model.Acceptance) bool { return a.ID == key })
		if i < 0 {
			return nil, agency.ErrNotFound
		}
		return &all[i], nil
	}
}

// maxAcceptances is how many a list shows.
const maxAcceptances = 20

// show returns those of the acceptances that are about nothing outside the scope, with
// the agencies as far as they are selected.
func (r *Resolver) show(ctx context.Context, scope identity.Scope, list []acceptance.Acceptance) ([]model.Acceptance, error) {
	want := wanted(graphql.GetFieldContext(ctx).Field.Selections, graphql.GetOperationContext(ctx).Variables)
	parts, _ := r.Agencies.Describe(ctx, want&debt.OfAgency)
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
		if slices.ContainsFunc(s.Cases, func(k debt.Key) bool { return len(scope.Cases(k.Agency, []string{k.ID})) == 0 }) {
			continue
		}
		one := model.Acceptance{
			ID: debt.Key{Kind: debt.KindAcceptance, ID: a.ID.String()}, Status: model.PaymentSolutionAcceptanceStatus(a.Status),
			Reason: shownReason(a.Reason), AcceptedAt: a.CreatedAt, EndedAt: a.EndedAt,
			Kinds: s.Kinds, TotalPaid: s.TotalPaid, Cost: s.Cost, LastDay: s.LastDay,
		}
		for _, x := range a.Agencies {
			of := agencies[x.Code]
			if of == nil { // it has left
				of = &debt.Agency{ID: debt.Key{Kind: debt.KindAgency, Agency: x.Code}, Code: x.Code, Name: x.Code}
			}
			one.Agencies = append(one.Agencies, model.AgencyAcceptance{
				Agency: *of, Status: model.AgencyAcceptanceStatus(x.State), Reason: shownReason(x.Reason), ChangedAt: x.ChangedAt,
			})
		}
		shown = append(shown, one)
	}
	return shown, nil
}

func shownReason(reason acceptance.Reason) *model.AcceptanceReason {
	if reason == "" {
		return nil
	}
	if shown := model.AcceptanceReason(reason); shown.IsValid() {
		return &shown
	}
	return new(model.AcceptanceReasonOther)
}
