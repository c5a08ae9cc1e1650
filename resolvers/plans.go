package resolvers

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

// Plans remembers for moments who follows no payment solution, which is almost everybody: their overview
// then asks the portal's database nothing. With nil, nobody follows any.
type Plans struct {
	clock func() time.Time

	mu   sync.Mutex
	none map[string]time.Time // until when, by scope
}

const (
	rememberNone = 5 * time.Second // another process may have accepted one meanwhile
	maxNone      = 10_000
)

// NewPlans returns a memory of nobody.
func NewPlans(clock func() time.Time) *Plans {
	return &Plans{clock: clock, none: map[string]time.Time{}}
}

// nameOf returns a name for whom the caller may read, empty for nobody.
func nameOf(p caller.Principal) string {
	scope, err := p.Scope().Encode()
	if err != nil {
		return ""
	}
	return string(scope)
}

// hasNone says that somebody is known to follow nothing.
func (m *Plans) hasNone(p caller.Principal) bool {
	if m == nil {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.clock().Before(m.none[nameOf(p)])
}

// remember notes that somebody follows nothing.
func (m *Plans) remember(p caller.Principal) {
	name := nameOf(p)
	if name == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.none) >= maxNone {
		clear(m.none)
	}
	m.none[name] = m.clock().Add(rememberNone)
}

// forget is called when they may follow something now.
func (m *Plans) forget(p caller.Principal) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.none, nameOf(p))
}

// whatNext are the fields that say what to pay next, or leave out what is planned.
var whatNext = map[string]string{
	"nextDue": "Overview", "paymentInfo": "", "paymentSolutions": "",
}

// asksWhatNext says whether a selection has one of them.
func asksWhatNext(selections ast.SelectionSet, vars map[string]any) (found bool) {
	access.Walk(selections, vars, func(f *ast.Field) bool {
		of, is := whatNext[f.Name]
		found = found || is && (of == "" || of == f.ObjectDefinition.Name)
		return !found
	})
	return found
}

// follow returns the plans that the person follows, the newest first, when the operation asks what to
// pay next. Where the portal does not answer, the records alone do, and an error says so.
func (r *Resolver) follow(ctx context.Context, p caller.Principal) []schedule.Schedule {
	plans, _ := requestOf(ctx).plans.get(func() ([]schedule.Schedule, error) {
		oc := graphql.GetOperationContext(ctx)
		if !asksWhatNext(oc.Operation.SelectionSet, oc.Variables) || r.Plans.hasNone(p) {
			return nil, nil
		}
		return r.plansOf(ctx, p), nil
	})
	return plans
}

// plansOf asks the portal for the plans that a person follows.
func (r *Resolver) plansOf(ctx context.Context, p caller.Principal) []schedule.Schedule {
	acts, err := r.Engine.List(ctx, p)
	plans, ok := followed(ctx, acts, err)
	if ok && len(plans) == 0 {
		r.Plans.remember(p)
	}
	return plans
}

// followed returns the plans among acts that were listed; ok is false when the portal did not answer.
func followed(ctx context.Context, acts []*act.Record, err error) (plans []schedule.Schedule, ok bool) {
	if err == nil {
		plans, err = solution.Followed(acts)
	}
	if err != nil {
		graphql.AddError(ctx, err)
	}
	return plans, err == nil
}

// readDebtor reads what is wanted of a debtor at the agency of the staff who looked them up. Of the
// plans that the debtor follows, it tells what they ask for in cases of that agency, and nothing else.
func (r *Resolver) readDebtor(ctx context.Context, right caller.Lookup, d caller.Debtor,
	want debt.Relations) (debt.Part, error) {
	var plans []schedule.Schedule
	oc := graphql.GetOperationContext(ctx)
	if r.Plans != nil && !d.IsZero() && asksWhatNext(oc.Operation.SelectionSet, oc.Variables) {
		acts, err := r.Engine.ListOf(ctx, r.Recorder.DebtorReferences(d))
		if plans, _ = followed(ctx, acts, err); len(plans) > 0 {
			want |= schedule.Relations
		}
	}
	part, err := r.Agencies.ReadCases(ctx, right.Agency(), right.Scope(d), want, nil)
	schedule.Tell(plans, r.Agencies.Today(), []debt.Part{part})
	return part, err
}
