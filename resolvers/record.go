package resolvers

import (
	"context"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// trail is what an operation has come by.
type trail struct {
	mu       sync.Mutex
	agencies []string
	cases    []audit.Case
	known    map[audit.Case]bool // those of cases
	refused  []string            // acts that did nothing, by the keys of the answer
	stored   []string            // acts that were recorded when they were stored
	repeated []string            // acts that had been done before
}

func (t *trail) refuse(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refused = append(t.refused, key)
}

func (t *trail) repeat(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.repeated = append(t.repeated, key)
}

func (t *trail) recorded(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stored = append(t.stored, key)
}

func (t *trail) agency(code string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if code != "" && !slices.Contains(t.agencies, code) {
		t.agencies = append(t.agencies, code)
	}
}

// reached notes cases, each once: an entry names so many, and none is to push others out.
func (t *trail) reached(cases []audit.Case) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range cases {
		if !t.known[c] {
			t.cases = append(t.cases, c)
		}
		if t.known == nil {
			t.known = map[audit.Case]bool{}
		}
		t.known[c] = true
	}
}

// reachedBy returns the cases that somebody reads who has asked for an object by its id, and for
// all this of it: its own, and those of joint agreements where their cases are selected.
func reachedBy(object any, selections ast.SelectionSet, vars map[string]any) (reached []audit.Case) {
	joint := false
	access.Walk(selections, vars, func(f *ast.Field) bool {
		joint = joint || f.ObjectDefinition.Name == "Agreement" && f.Name == "cases"
		return !joint
	})
	for _, c := range casesIn(object) {
		reached = append(reached, audit.Case{Agency: c.ID.Agency, ID: c.ID.ID})
		for _, a := range c.Agreements {
			for _, other := range a.Cases {
				if joint {
					reached = append(reached, audit.Case{Agency: other.ID.Agency, ID: other.ID.ID})
				}
			}
		}
	}
	return reached
}

// casesIn returns the cases that an object is part of.
func casesIn(object any) []*debt.Case {
	switch o := object.(type) {
	case *debt.Case:
		return []*debt.Case{o}
	case *debt.Fee:
		return []*debt.Case{o.Case}
	case *debt.Letter:
		return []*debt.Case{o.Case}
	case *debt.Payment:
		return []*debt.Case{o.Case}
	case *debt.Objection:
		return []*debt.Case{o.Case}
	case *debt.Agreement:
		return o.Cases
	case *model.Act:
		return o.Cases
	case *model.Acceptance:
		return o.Act.Cases
	}
	return nil
}

// simulated notes the cases that the operation has simulated payments in.
func (r *Resolver) simulated(ctx context.Context, oc *graphql.OperationContext) {
	state := requestOf(ctx)
	for _, viewer := range rootFields(oc.Operation.SelectionSet, oc.Variables, "viewer") {
		access.Walk(viewer.SelectionSet, oc.Variables, func(f *ast.Field) bool {
			if f.Name != "simulate" || f.ObjectDefinition.Name != "Viewer" {
				return false
			}
			input, _ := f.ArgumentMap(oc.Variables)["input"].(map[string]any)
			payments, _ := input["payments"].([]any)
			for _, payment := range payments {
				one, _ := payment.(map[string]any)
				key, err := model.UnmarshalID(ctx, one["caseId"])
				if err == nil && caseIn(state.person.Parts, key) != nil {
					state.trail.reached([]audit.Case{{Agency: key.Agency, ID: key.ID}})
				}
			}
			return false
		})
	}
}

// Release records an operation before its answer is sent. A member of staff's look at a
// person has been recorded already, with its reason, before anything of it was read.
func (r *Resolver) Release(ctx context.Context, failures gqlerror.List) error {
	p, ok := caller.FromContext(ctx)
	if r.Recorder == nil || !ok {
		return nil
	}
	oc := graphql.GetOperationContext(ctx)
	t := &requestOf(ctx).trail
	if oc.Operation.Operation == ast.Mutation {
		return r.releaseActs(ctx, p, acts(oc), failures)
	}
	r.simulated(ctx, oc)
	look := audit.Look{
		What: coordinates(oc.Operation.SelectionSet, oc.Variables), Agencies: t.agencies, Cases: t.cases,
		Outcome: outcomeOf(failures), Action: audit.Query,
	}
	if len(look.What) == 0 || p.Kind == caller.Staff && look.Outcome != audit.Denied {
		return nil
	}
	return r.Recorder.Record(ctx, p, look)
}

// releaseActs records each act of an operation that was not stored now, with what came of it:
// what was stored was recorded with it. What staff may do is
// what anybody may, without a login.
func (r *Resolver) releaseActs(ctx context.Context, p caller.Principal, all []*ast.Field,
	failures gqlerror.List) error {
	t := &requestOf(ctx).trail
	for _, act := range all {
		look := audit.Look{Agencies: t.agencies, Cases: t.cases, Outcome: outcomeOf(failuresOf(act, failures)),
			Action: act.Name}
		switch {
		case slices.Contains(t.repeated, act.Alias):
			look.Outcome = audit.OK // whatever could not be read after it
		case look.Outcome == audit.OK && slices.Contains(t.refused, act.Alias):
			look.Outcome = audit.Failed
		}
		if p.Kind == caller.Staff && look.Outcome != audit.Denied || act.Name == audit.LoginWithLetter ||
			slices.Contains(t.stored, act.Alias) {
			continue
		}
		if err := r.Recorder.Record(ctx, p, look); err != nil {
			return err
		}
	}
	return nil
}

// failuresOf returns the errors of one act, and those of the whole operation.
func failuresOf(act *ast.Field, all gqlerror.List) (own gqlerror.List) {
	for _, f := range all {
		if len(f.Path) == 0 || f.Path[0] == ast.PathName(act.Alias) {
			own = append(own, f)
		}
	}
	return own
}

// acts returns the mutations of an operation in their order, one for each key of the answer. The
// same mutation may occur several times.
func acts(oc *graphql.OperationContext) (all []*ast.Field) {
	access.Walk(oc.Operation.SelectionSet, oc.Variables, func(f *ast.Field) bool {
		known := slices.ContainsFunc(all, func(a *ast.Field) bool { return a.Alias == f.Alias })
		if !known && f.Name != "__typename" {
			all = append(all, f)
		}
		return false
	})
	return all
}

// maxWhat is how many coordinates an entry names at most.
const maxWhat = 32

// coordinates lists the selected fields that are not public: fields of the root, and for the
// viewer and the staff the fields below.
func coordinates(selections ast.SelectionSet, vars map[string]any) (found []string) {
	add := func(name string) {
		if len(found) < maxWhat && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	access.Walk(selections, vars, func(f *ast.Field) bool {
		switch {
		case f.Name == "checkGenuine": // it reads the cases of who is logged in
			add(f.Name)
		case f.Definition == nil || f.Definition.Directives.ForName("public") != nil || f.Name == "__typename":
		case f.Name == "viewer" || f.Name == "staff":
			access.Walk(f.SelectionSet, vars, func(below *ast.Field) bool {
				if below.Name != "__typename" {
					add(f.Name + "." + below.Name)
				}
				return false
			})
		default:
			add(f.Name)
		}
		return false
	})
	return found
}

func outcomeOf(failures gqlerror.List) audit.Outcome {
	for _, f := range failures {
		if f.Extensions["code"] == fault.Forbidden {
			return audit.Denied
		}
	}
	if len(failures) > 0 {
		return audit.Failed
	}
	return audit.OK
}

// filter returns the chosen entries; what is at another agency is chosen by nothing.
func (r *Resolver) filter(f *model.AccessLogFilter, agency string) (chosen audit.Filter, err error) {
	if f == nil {
		return chosen, nil
	}
	chosen.From, chosen.To = of(f.From), of(f.To)
	if f.NationalID != nil {
		chosen.Subject = r.Recorder.Secret.References(*f.NationalID)
	}
	if f.Actor != nil {
		actor, ok := audit.ParseReference(*f.Actor)
		if !ok {
			return chosen, fault.Invalid("filter.actor", "actor is a reference from an entry")
		}
		chosen.Actor = r.Recorder.Secret.Equivalent(actor[:])
	}
	if k := f.Case; k != nil {
		if k.Kind != debt.KindCase || k.Agency != agency {
			return chosen, fault.Invalid("filter.case", "case takes the id of a case at your agency")
		}
		chosen.Case = k.ID
	}
	return chosen, nil
}
