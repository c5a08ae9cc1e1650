package resolvers

import (
	"context"
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

// perform carries an act out for the caller and returns its payload, with what is selected of
// the person and the cases anew.
func perform[P ~struct {
	model.Outcome
	UserErrors []E
}, E ~struct{ model.UserError }, In act.Input](ctx context.Context, r *Resolver, a *act.Of[In], in In) (P, error) {
	p, err := caller.Require(ctx)
	if err != nil {
		return P{}, err
	}
	return performAs[P](ctx, r, a, p, in)
}

// performAs is perform as somebody else than the caller: the zero Principal is nobody.
func performAs[P ~struct {
	model.Outcome
	UserErrors []E
}, E ~struct{ model.UserError }, In act.Input](ctx context.Context, r *Resolver, a *act.Of[In], p caller.Principal,
	in In) (P, error) {
	record, err := a.Perform(ctx, r.Engine, act.By{Principal: p, Network: clientOf(ctx).network}, in)
	var wrong act.Faults
	if err != nil && !errors.As(err, &wrong) {
		return P{}, err
	}
	payload := struct {
		model.Outcome
		UserErrors []E
	}{UserErrors: []E{}}
	for _, f := range wrong {
		payload.UserErrors = append(payload.UserErrors, E(struct{ model.UserError }{
			model.NewUserError(a.Name.Mutation(), f),
		}))
	}
	t := &requestOf(ctx).trail
	switch alias := graphql.GetFieldContext(ctx).Field.Alias; {
	case record == nil:
		t.refuse(alias)
	case record.New():
		t.recorded(alias)
	default:
		t.repeat(alias)
	}
	if record != nil {
		payload.Outcome = r.outcome(ctx, p, record)
	}
	return P(payload), nil
}

// outcome reads what is selected below a payload, once from each agency, and shows it. After an
// act in one case, other agencies are asked only where something is selected of the person. An
// agency that does not answer now costs what is selected of it; a schedule says itself that it is
// not complete.
func (r *Resolver) outcome(ctx context.Context, p caller.Principal, record *act.Record) model.Outcome {
	fc := graphql.GetFieldContext(ctx)
	vars := graphql.GetOperationContext(ctx).Variables
	out := model.Outcome{Record: record}
	want := wanted(fc.Field.Selections, vars)
	var plans []schedule.Schedule
	r.Plans.forget(p)
	if asksWhatNext(fc.Field.Selections, vars) {
		if plans = r.plansOf(ctx, p); len(plans) > 0 {
			want |= schedule.Relations
		}
	}
	var errs []error
	whole := r.shownTo(p, record)
	scope := whole
	only, limited := r.agenciesOf(rootFields(fc.Field.Selections, vars, "viewer"), vars, p.SubjectName() == "")
	if limited = limited && record.Reach == act.One; limited {
		for _, a := range record.Agencies {
			only = append(only, a.Code)
		}
		scope = scope.Within(only)
	}
	out.Parts, errs = r.Agencies.Read(ctx, scope, want) // nobody is asked for nothing
	schedule.Tell(plans, r.Agencies.Today(), out.Parts)
	missing := firstOfAgencies(fc.Field.Selections, vars, func(f *ast.Field) bool { return f.Name != "acceptance" })
	for _, err := range errs {
		if err != nil && missing != nil {
			graphql.AddError(under(ctx, fc, missing), err)
		}
	}
	for _, part := range out.Parts {
		if want != 0 && part.Status == debt.AgencyOK {
			requestOf(ctx).trail.agency(part.Agency.Code)
		}
	}
	if limited {
		out.Parts = r.among(ctx, whole, out.Parts)
	}
	out.Act = new(r.showAct(record, out.Parts))
	out.Cases = casesOf(record, out.Parts)
	out.Viewer = &debt.Person{Name: p.SubjectName(), Today: r.Agencies.Today(), Parts: out.Parts}
	out.Viewer.NameFrom(out.Parts)
	return out
}

// shownTo is what a caller is shown after an act: of a case worker's, the case that was decided in,
// whose debtor the decision is recorded for. Repeated, it is no look at anybody.
func (r *Resolver) shownTo(p caller.Principal, record *act.Record) caller.Scope {
	right, err := p.Lookup()
	if err != nil || !record.New() || len(record.Cases) != 1 {
		return p.Scope()
	}
	return right.Scope(caller.Debtor{Case: caller.CaseKey{Agency: record.Cases[0].Agency, ID: record.Cases[0].ID}})
}

// casesOf returns the cases that an act is about; nil where the agency of one has not answered.
func casesOf(record *act.Record, parts []debt.Part) []*debt.Case {
	cases := []*debt.Case{}
	for _, key := range record.Cases {
		found := caseIn(parts, key)
		if found == nil {
			return nil
		}
		cases = append(cases, found)
	}
	return cases
}

func caseIn(parts []debt.Part, key debt.Key) *debt.Case {
	for _, part := range parts {
		if part.Agency.Code != key.Agency {
			continue
		}
		if i := slices.IndexFunc(part.Cases, func(c *debt.Case) bool { return c.ID == key }); i >= 0 {
			return part.Cases[i]
		}
	}
	return nil
}

// showAct returns an act as a person sees it, with what was read of cases and agencies.
func (r *Resolver) showAct(record *act.Record, parts []debt.Part) model.Act {
	shown := model.Act{
		ID: record.Key(), Name: record.Name, Status: record.Status, SubmittedAt: record.CreatedAt, EndedAt: record.EndedAt,
		Cases: casesOf(record, parts), Agencies: []model.ActAgency{},
	}
	if record.By != "" {
		shown.By = &record.By
	}
	for _, a := range record.Agencies {
		shown.Agencies = append(shown.Agencies, model.ActAgency{
			Agency: r.agencyAt(parts, a.Code), Status: a.State, Code: a.Reason, ChangedAt: a.ChangedAt,
		})
	}
	return shown
}

// agencyAt returns an agency as it was read, or what is known of it without its database.
func (r *Resolver) agencyAt(parts []debt.Part, code string) debt.Agency {
	if read := agencyOf(parts, code); read != nil {
		return *read
	}
	known, _ := r.Agencies.Describe(context.Background(), 0) // asks nobody
	if named := agencyOf(known, code); named != nil {
		return *named
	}
	// It has left.
	return debt.Agency{ID: debt.Key{Kind: debt.KindAgency, Agency: code}, Code: code, Name: code}
}

// available says what the caller can do in a case.
func (r *Resolver) available(ctx context.Context, c *debt.Case) []model.AvailableAct {
	p, _ := caller.FromContext(ctx)
	who := access.CallerOf(p)
	all := []model.AvailableAct{}
	for _, a := range r.Engine.Acts {
		if a.Of == nil || !a.Offered(r.Agencies, c.ID.Agency) {
			continue
		}
		one := model.AvailableAct{Name: a.Name}
		one.Allowed, one.Code, one.Until = a.Can(c, who)
		all = append(all, one)
	}
	return all
}
