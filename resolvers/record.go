package resolvers

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// Recorder writes what callers look at and do into the access log.
type Recorder struct {
	Log     *audit.Log
	Secret  *portal.Secret
	Now     func() time.Time
	Request func(context.Context) string // the id of the request
}

// trail is what an operation has come by.
type trail struct {
	mu       sync.Mutex
	agencies []string
	cases    []audit.Case
	refused  []string // acts that did nothing, by the keys of the answer
}

func (t *trail) refuse(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refused = append(t.refused, key)
}

func (t *trail) agency(code string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if code != "" && !slices.Contains(t.agencies, code) {
		t.agencies = append(t.agencies, code)
	}
}

func (t *trail) object(k debt.Key) {
	t.agency(k.Agency)
	if k.Kind != debt.KindCase {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cases = append(t.cases, audit.Case{Agency: k.Agency, ID: k.ID})
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
	look := audit.Look{
		What: coordinates(oc.Operation.SelectionSet, oc.Variables), Agencies: t.agencies, Cases: t.cases,
		Outcome: outcomeOf(failures), Action: audit.Query,
	}
	if len(look.What) == 0 || p.Kind == caller.Staff && look.Outcome != audit.Denied {
		return nil
	}
	return r.Recorder.record(ctx, p, look)
}

// releaseActs records each act of an operation with its outcome. The mutations that staff may
// use are those that anybody may use without a login.
func (r *Resolver) releaseActs(ctx context.Context, p caller.Principal, all []*ast.Field,
	failures gqlerror.List) error {
	t := &requestOf(ctx).trail
	for _, act := range all {
		look := audit.Look{Agencies: t.agencies, Cases: t.cases, Outcome: outcomeOf(failuresOf(act, failures)),
			Action: act.Name}
		if look.Outcome == audit.OK && slices.Contains(t.refused, act.Alias) {
			look.Outcome = audit.Failed
		}
		if p.Kind == caller.Staff && look.Outcome != audit.Denied || act.Name == actOfLetter {
			continue
		}
		if err := r.Recorder.record(ctx, p, look); err != nil {
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

// Act records what a caller does elsewhere than in a resolver, such as an export or a login.
func (c *Recorder) Act(ctx context.Context, p caller.Principal, action string, agencies []string) error {
	return c.act(ctx, p, action, agencies, audit.OK)
}

// Denied records that a caller was refused what is not for them, elsewhere than in a resolver.
func (c *Recorder) Denied(ctx context.Context, p caller.Principal, action string) error {
	return c.act(ctx, p, action, nil, audit.Denied)
}

// Lapsed records what came to an end of a person's by itself, such as a session.
func (c *Recorder) Lapsed(ctx context.Context, p caller.Principal, action string) error {
	look := audit.Look{
		Actor: audit.Actor{Kind: audit.System}, Subject: c.of(p.NationalID), Ground: audit.Ground{Basis: audit.Own},
		Action: action, Outcome: audit.OK,
	}
	if p.Kind == caller.LetterCase {
		look.Ground.Basis = audit.ByCaseLogin
		look.Agencies, look.Cases = []string{p.Case.Agency}, []audit.Case{audit.Case(p.Case)}
	}
	return c.write(ctx, look)
}

func (c *Recorder) act(ctx context.Context, p caller.Principal, action string, agencies []string,
	outcome audit.Outcome) error {
	look := audit.Look{Action: action, Agencies: agencies, Outcome: outcome}
	if p.Kind == caller.LetterCase {
		look.Agencies, look.Cases = append(agencies, p.Case.Agency), []audit.Case{audit.Case(p.Case)}
	}
	return c.record(ctx, p, look)
}

// read records that a caller is about to get a file about a person, or was refused it. A member
// of staff gives a reason.
func (c *Recorder) read(ctx context.Context, p caller.Principal, action string, of norway.NationalID, reason string,
	outcome audit.Outcome) error {
	look := audit.Look{Action: action, Outcome: outcome}
	if p.Kind == caller.Staff {
		look = staffLook(p, look, c.of(of), reason)
	}
	return c.record(ctx, p, look)
}

// shown records what a member of staff is about to see, about whom and why, before it is shown.
// of is zero when it is about nobody in particular.
func (c *Recorder) shown(ctx context.Context, p caller.Principal, what string, of audit.Reference, reason string,
	outcome audit.Outcome) error {
	look := audit.Look{Action: audit.Query, What: []string{what}, Outcome: outcome}
	return c.record(ctx, p, staffLook(p, look, of, reason))
}

func staffLook(p caller.Principal, look audit.Look, of audit.Reference, reason string) audit.Look {
	look.Agencies, look.Subject, look.Ground = []string{p.Agency}, of, audit.Ground{Basis: audit.Staff, Reason: reason}
	return look
}

// of returns what stands for a person; zero for the zero number, which is nobody's.
func (c *Recorder) of(person norway.NationalID) audit.Reference {
	if c == nil || person.IsZero() {
		return audit.Reference{}
	}
	return audit.Reference(c.Secret.Reference(person))
}

// Refused records that somebody tried to log in with the letter of a case and a wrong password.
func (c *Recorder) Refused(ctx context.Context, at caller.CaseKey, debtor norway.NationalID) error {
	return c.write(ctx, audit.Look{
		Actor: audit.Actor{Kind: audit.Unknown}, Subject: c.of(debtor), Ground: audit.Ground{Basis: audit.ByCaseLogin},
		Action: actOfLetter, Agencies: []string{at.Agency}, Cases: []audit.Case{audit.Case(at)}, Outcome: audit.Denied,
	})
}

// actOfLetter is the mutation that is recorded when the session begins, for the person whose
// letter it is. The person that the browser was logged in as before has not done it.
const actOfLetter = "loginWithLetter"

// refusedBefore stands for the reason of a member of staff who was refused before one was read.
const refusedBefore = "refused before a reason was read"

// record writes an entry as the caller.
func (c *Recorder) record(ctx context.Context, p caller.Principal, look audit.Look) error {
	if c == nil {
		return errNoLog
	}
	self := audit.Reference{}
	if p.Kind == caller.Staff {
		self = audit.Reference(c.Secret.StaffReference(p.Issuer, p.Subject))
	} else {
		self = c.of(p.NationalID)
		look.Subject = self
	}
	look.Actor = audit.Actor{Reference: self}
	authority, attorney := p.Authority()
	switch {
	case attorney:
		look.Actor.Kind = audit.Attorney
		look.Subject = c.of(p.Scope().NationalID())
		look.Ground = audit.Ground{Basis: audit.PowerOfAttorney, Attorney: authority.ID}
	case p.Kind == caller.LetterCase:
		look.Actor.Kind, look.Ground.Basis = audit.CaseLogin, audit.ByCaseLogin
	case p.Kind == caller.Staff:
		look.Actor.Kind, look.Actor.Agency = audit.Kind(p.Role), p.Agency
		if look.Ground.Reason == "" {
			look.Ground = audit.Ground{Basis: audit.Staff, Reason: refusedBefore}
		}
	default:
		look.Actor.Kind, look.Ground.Basis = audit.Person, audit.Own
	}
	return c.write(ctx, look)
}

func (c *Recorder) write(ctx context.Context, look audit.Look) error {
	look.At, look.Request, look.Client = c.Now(), c.Request(ctx), clientOf(ctx).program
	entry, err := audit.New(look)
	if err != nil {
		return err
	}
	return c.Log.Record(ctx, entry)
}

// errNoLog says that the service was set up without an access log.
var errNoLog = fault.New(fault.Internal, "there is no access log here")

// filter returns the chosen entries; what is at another agency is chosen by nothing.
func (c *Recorder) filter(f *model.AccessLogFilter, agency string) (chosen audit.Filter, err error) {
	if f == nil {
		return chosen, nil
	}
	if f.From != nil {
		chosen.From = *f.From
	}
	if f.To != nil {
		chosen.To = *f.To
	}
	if f.NationalID != nil {
		chosen.Subject = c.of(*f.NationalID)
	}
	if f.Actor != nil {
		var ok bool
		if chosen.Actor, ok = audit.ParseReference(*f.Actor); !ok {
			return chosen, fault.Invalid("filter.actor", "actor is a reference from an entry")
		}
	}
	if k := f.Case; k != nil {
		if k.Kind != debt.KindCase || k.Agency != agency {
			return chosen, fault.Invalid("filter.case", "case takes the id of a case at your agency")
		}
		chosen.Case = k.ID
	}
	return chosen, nil
}
