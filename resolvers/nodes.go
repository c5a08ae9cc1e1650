package resolvers

import (
	"context"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/loader"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

// node returns a function that waits for an object by its id. One that is missing, another's or
// of a type that is closed to the caller is NOT_FOUND.
func (r *Resolver) node(ctx context.Context, p caller.Principal, key debt.Key) func() (model.Node, error) {
	find := r.find(ctx, p, key)
	selections, vars := graphql.GetFieldContext(ctx).Field.Selections, graphql.GetOperationContext(ctx).Variables
	return func() (model.Node, error) {
		object, err := find()
		if err != nil {
			return nil, err
		}
		if !requestOf(ctx).rules.Sees(access.CallerOf(p), typeOf(object)) {
			return nil, agency.ErrNotFound
		}
		requestOf(ctx).trail.reached(reachedBy(object, selections, vars))
		return object, nil
	}
}

// find returns a function that waits for an object. However many ids an operation asks for,
// those of an agency are read together, and so are those of each kind that the portal keeps.
func (r *Resolver) find(ctx context.Context, p caller.Principal, key debt.Key) func() (any, error) {
	portal := &requestOf(ctx).ofPortal
	switch {
	case p.Kind == caller.Staff:
		return func() (any, error) { return r.staffNode(ctx, p, key) }
	case key.Kind == debt.KindAct || key.Kind == debt.KindAcceptance:
		return func() (any, error) { return portal.act(ctx, r, p, key) }
	case key.Kind == debt.KindPowerOfAttorney:
		return func() (any, error) { return portal.power(ctx, r, p, key) }
	case key.Kind == debt.KindPrivacyRequest:
		return func() (any, error) { return portal.request(ctx, r, p, key) }
	}
	return r.load(ctx, p, key, graphql.GetFieldContext(ctx).Field.Selections)
}

// typeOf names the type of the schema that an object is; empty where it is none.
func typeOf(object any) string {
	switch object.(type) {
	case *debt.Agency:
		return "Agency"
	case *debt.Creditor:
		return "Creditor"
	case *debt.Debtor:
		return "Debtor"
	case *debt.Case:
		return "Case"
	case *debt.Fee:
		return "Fee"
	case *debt.Letter:
		return "Letter"
	case *debt.Payment:
		return "Payment"
	case *debt.Agreement:
		return "Agreement"
	case *debt.Objection:
		return "Objection"
	case *model.Acceptance:
		return "PaymentSolutionAcceptance"
	case *model.Act:
		return "Act"
	case *model.PowerOfAttorney:
		return "PowerOfAttorney"
	case *model.ReceivedPowerOfAttorney:
		return "ReceivedPowerOfAttorney"
	case *model.StaffPowerOfAttorney:
		return "StaffPowerOfAttorney"
	case *personaldata.Request:
		return "PrivacyRequest"
	}
	return ""
}

// once is what an operation reads at most once.
type once[T any] struct {
	reading sync.Once
	value   T
	err     error
}

func (o *once[T]) get(read func() (T, error)) (T, error) {
	o.reading.Do(func() { o.value, o.err = read() })
	return o.value, o.err
}

// portalNodes are what an operation asks for by ids of the portal's.
type portalNodes struct {
	acts            once[[]*act.Record]
	given, received once[[]attorney.Power]
	requests        once[[]personaldata.Request]
	parts           once[[]debt.Part] // what is selected of cases and agencies below all these
}

// below reads what is selected below objects of the portal's. Where an agency does not answer,
// that is missing.
func (n *portalNodes) below(ctx context.Context, r *Resolver, p caller.Principal) []debt.Part {
	parts, _ := n.parts.get(func() ([]debt.Part, error) {
		read, errs := r.readBelow(ctx, p.Scope(), nodeSelections(graphql.GetOperationContext(ctx)))
		for _, err := range errs {
			if err != nil {
				graphql.AddError(ctx, err)
			}
		}
		return read, nil
	})
	return parts
}

// act returns an act of the caller's, or an acceptance.
func (n *portalNodes) act(ctx context.Context, r *Resolver, p caller.Principal, key debt.Key) (any, error) {
	acts, err := n.acts.get(func() ([]*act.Record, error) { return r.Engine.List(ctx, p) })
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(acts, func(a *act.Record) bool { return a.Key() == key || acceptanceKey(a) == key })
	if i < 0 {
		return nil, agency.ErrNotFound
	}
	if key.Kind == debt.KindAct {
		return new(r.showAct(acts[i], n.below(ctx, r, p))), nil
	}
	all, err := r.acceptances(ctx, acts, n.below(ctx, r, p))
	if err != nil {
		return nil, err
	}
	if found := acceptanceOf(all, key); found != nil {
		return found, nil
	}
	return nil, agency.ErrNotFound
}

// power returns a power of attorney that the caller has given, or that they hold.
func (n *portalNodes) power(ctx context.Context, r *Resolver, p caller.Principal, key debt.Key) (any, error) {
	id, ok := attorney.OfGlobalID(key)
	if !ok || !p.OnOwnBehalf() {
		return nil, agency.ErrNotFound
	}
	is := func(a attorney.Power) bool { return a.ID == id }
	given, err := n.given.get(func() ([]attorney.Power, error) { return r.Powers.Given(ctx, p) })
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(given, is); i >= 0 {
		return new(model.NewPowerOfAttorney(given[i], n.below(ctx, r, p))), nil
	}
	received, err := n.received.get(func() ([]attorney.Power, error) { return r.Powers.Received(ctx, p) })
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(received, is); i >= 0 {
		return new(model.NewReceivedPowerOfAttorney(received[i], n.below(ctx, r, p))), nil
	}
	return nil, agency.ErrNotFound
}

// request returns a request about personal data that the caller has handed in.
func (n *portalNodes) request(ctx context.Context, r *Resolver, p caller.Principal, key debt.Key) (any, error) {
	if !p.OnOwnBehalf() {
		return nil, agency.ErrNotFound
	}
	requests, err := n.requests.get(func() ([]personaldata.Request, error) { return r.Privacy.Requests(ctx, p) })
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(requests, func(q personaldata.Request) bool { return q.ID() == key })
	if i < 0 {
		return nil, agency.ErrNotFound
	}
	found := requests[i]
	addressed(&found, n.below(ctx, r, p))
	return &found, nil
}

// nodeSelections returns all that is selected of objects by their ids.
func nodeSelections(oc *graphql.OperationContext) (all ast.SelectionSet) {
	for _, name := range []string{"node", "nodes"} {
		for _, f := range rootFields(oc.Operation.SelectionSet, oc.Variables, name) {
			all = append(all, f.SelectionSet...)
		}
	}
	return all
}

// expectedNodes returns what the operation will ask agencies for by ids, each once. What is no id
// is told elsewhere.
func expectedNodes(ctx context.Context, oc *graphql.OperationContext) map[loader.Ask]bool {
	asks := map[loader.Ask]bool{}
	add := func(f *ast.Field, id any) {
		key, err := model.UnmarshalID(ctx, id)
		if err == nil && !key.Kind.OfPortal() {
			asks[loader.Ask{Key: key, Want: wanted(f.SelectionSet, oc.Variables)}] = true
		}
	}
	for _, f := range rootFields(oc.Operation.SelectionSet, oc.Variables, "node") {
		add(f, f.ArgumentMap(oc.Variables)["id"])
	}
	for _, f := range rootFields(oc.Operation.SelectionSet, oc.Variables, "nodes") {
		ids, _ := f.ArgumentMap(oc.Variables)["ids"].([]any)
		for _, id := range ids {
			add(f, id)
		}
	}
	return asks
}
