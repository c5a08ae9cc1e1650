package resolvers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// atHand stands for the reason where a member of staff sees an act or a power of attorney at
// their own agency without having looked up whose it is.
const atHand = "an act or a power of attorney at the agency, by its id"

// staffNodes are what a member of staff asks for by ids in one operation.
type staffNodes struct {
	people once[[]*lookedUp]

	mu       sync.Mutex
	recorded map[recordedLook]bool
}

// recordedLook is what an entry of the access log says: one is enough in an operation.
type recordedLook struct {
	of    audit.Reference
	cases string
}

// record records a look before anything is shown.
func (n *staffNodes) record(ctx context.Context, r *Resolver, p caller.Principal, look audit.Look) error {
	is := recordedLook{of: look.Subject, cases: fmt.Sprint(look.Cases)}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.recorded[is] {
		return nil
	}
	if err := r.Recorder.Record(ctx, p, look); err != nil {
		return err
	}
	if n.recorded == nil {
		n.recorded = map[recordedLook]bool{}
	}
	n.recorded[is] = true
	return nil
}

// lookedUp is a person whom the same member of staff has looked up of late.
type lookedUp struct {
	audit.LookedUp
	part once[debt.Part]
}

// recent returns whom the member of staff has looked up of late.
func (n *staffNodes) recent(ctx context.Context, r *Resolver, p caller.Principal) ([]*lookedUp, error) {
	return n.people.get(func() (people []*lookedUp, err error) {
		found, err := r.Recorder.LookedUp(ctx, p)
		for _, l := range found {
			people = append(people, &lookedUp{LookedUp: l})
		}
		return people, err
	})
}

// read reads what the operation asks for of the person, at the agency, once.
func (l *lookedUp) read(ctx context.Context, r *Resolver, right caller.Lookup) (debt.Part, error) {
	return l.part.get(func() (debt.Part, error) {
		oc := graphql.GetOperationContext(ctx)
		want := wanted(nodeSelections(oc), oc.Variables)
		for ask := range expectedNodes(ctx, oc) {
			want |= ask.Key.Kind.Relation()
		}
		return r.readDebtor(ctx, right, l.Debtor, want)
	})
}

// staffNode returns an act or a power of attorney at the agency where a member of staff works,
// or what belongs there to a person whom they have looked up in the last 30 minutes. It is
// recorded before it is shown; everything else is NOT_FOUND.
func (r *Resolver) staffNode(ctx context.Context, p caller.Principal, key debt.Key) (any, error) {
	right, err := p.Lookup()
	if err != nil {
		return nil, err
	}
	oc := graphql.GetOperationContext(ctx)
	if key.Kind == debt.KindAgency && key.Agency == right.Agency() {
		own, err := r.Agencies.Agency(ctx, key.Agency, wanted(nodeSelections(oc), oc.Variables))
		return &own, err
	}
	people, err := requestOf(ctx).ofStaff.recent(ctx, r, p)
	if err != nil {
		return nil, err
	}
	var object any
	var of audit.Reference
	why := atHand
	switch key.Kind {
	case debt.KindAct:
		object, of, err = r.actAtAgency(ctx, right, key, people)
	case debt.KindPowerOfAttorney:
		object, of, err = r.powerAtAgency(ctx, right, key)
	default:
		object, of, err = r.ofLookedUp(ctx, right, key, people)
	}
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(people, func(l *lookedUp) bool { return l.Is(of) }); i >= 0 {
		why = people[i].Reason
	}
	look := audit.ByStaff(p, audit.Look{Action: audit.Query, What: []string{"node"}, Outcome: audit.OK}, of, why)
	look.Cases = reachedBy(object, graphql.GetFieldContext(ctx).Field.Selections, oc.Variables)
	if err := requestOf(ctx).ofStaff.record(ctx, r, p, look); err != nil {
		return nil, err
	}
	return object, nil
}

// ofLookedUp finds an object among what belongs to people who were looked up.
func (r *Resolver) ofLookedUp(ctx context.Context, right caller.Lookup, key debt.Key, people []*lookedUp) (any,
	audit.Reference, error) {
	var missing error
	if key.Agency != right.Agency() {
		people = nil
	}
	for _, l := range people {
		part, err := l.read(ctx, r, right)
		if found := part.Find(key); found != nil {
			return found, l.Subject, nil
		}
		missing = cmp.Or(missing, err)
	}
	return nil, audit.Reference{}, cmp.Or[error](missing, agency.ErrNotFound)
}

// actAtAgency returns the agency's part of an act, with its cases where the person was looked up.
func (r *Resolver) actAtAgency(ctx context.Context, right caller.Lookup, key debt.Key, people []*lookedUp) (any,
	audit.Reference, error) {
	id, err := uuid.Parse(key.ID)
	if err != nil || key.Agency != "" {
		return nil, audit.Reference{}, agency.ErrNotFound
	}
	record, of, err := r.Engine.AtAgency(ctx, right, id)
	if err != nil {
		return nil, of, err
	}
	oc := graphql.GetOperationContext(ctx)
	selected := nodeSelections(oc)
	var parts []debt.Part
	i := slices.IndexFunc(people, func(l *lookedUp) bool { return l.Is(of) })
	if i >= 0 && ofCases(selected, oc.Variables) {
		part, err := people[i].read(ctx, r, right)
		if err != nil {
			graphql.AddError(ctx, err)
		}
		parts = append(parts, part)
	} else if own, err := r.Agencies.Agency(ctx, right.Agency(), wanted(selected, oc.Variables)); err == nil {
		parts = append(parts, debt.Part{Agency: &own, Status: debt.AgencyOK})
	}
	return new(r.showAct(record, parts)), of, nil
}

// powerAtAgency returns the agency's part of a power of attorney.
func (r *Resolver) powerAtAgency(ctx context.Context, right caller.Lookup, key debt.Key) (any, audit.Reference, error) {
	id, ok := attorney.OfGlobalID(key)
	if !ok {
		return nil, audit.Reference{}, agency.ErrNotFound
	}
	power, err := r.Powers.FindAtAgency(ctx, right, id)
	if err != nil {
		return nil, audit.Reference{}, err
	}
	return new(model.NewStaffPowerOfAttorney(power)), r.Recorder.Of(power.Grantor), nil
}
