package resolvers

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/book"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/page"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

const (
	auditQueueShown = "staff.auditQueue"
	// atCheck stands for the reason where a member of staff sees what the check of the book has found.
	atCheck = "the check of the book against the law found something in the case"
)

// bookFilter reads which cases are asked for.
func bookFilter(in *model.AuditQueueFilter) (f book.Filter, err error) {
	if in == nil {
		return f, nil
	}
	if in.Rule != nil {
		f.Rule = *in.Rule
	}
	if in.Verdict != nil {
		f.Verdict = *in.Verdict
	}
	if in.MinCount != nil {
		f.Count = *in.MinCount
	}
	if in.MinAmount != nil {
		if f.Least, err = money.ParseTyped(*in.MinAmount); err != nil {
			return f, fault.Invalid("filter.minAmount", "it is no amount in kroner").Saying("input.AMOUNT")
		}
	}
	return f, nil
}

// auditQueueOf returns a page of the cases in which the check of a case worker's book has found something.
// They are read anew, in two round trips: whose they are, which is recorded, and what is the matter with
// them now. Where that is nothing any more, they leave the list.
func (r *Resolver) auditQueueOf(ctx context.Context, p caller.Principal, f book.Filter, order book.Order,
	args page.Args) (*model.AuditQueue, error) {
	right, err := p.Lookup()
	if err != nil {
		return nil, err
	}
	k, err := args.Keyset(fmt.Sprintf("audit %s %s %v", right.Agency(), order, f))
	if err != nil {
		return nil, err
	}
	kept := r.Books.Of(right)
	found, total := kept.Page(f, order, k.After, k.Rows)
	cut := page.Cut(k, found, order.At)
	out := &model.AuditQueue{PageInfo: cut.PageInfo, TotalCount: total, Sweep: kept.Sweep()}
	cases, err := r.readFound(ctx, p, right, cut.Nodes)
	if err != nil {
		return nil, err
	}
	for _, e := range cut.Edges {
		var now *book.Found
		c, read := cases[e.Node.ID]
		if c != nil {
			now = book.Of(c)
		}
		if read {
			kept.Put(e.Node.ID, now)
		}
		if now != nil && f.Takes(now) {
			item := &model.AuditQueueItem{Found: *now, Case: c}
			out.Nodes = append(out.Nodes, item)
			out.Edges = append(out.Edges, model.AuditQueueEdge{Node: item, Cursor: e.Cursor})
		}
	}
	return out, nil
}

// readFound records a look at whoever has the cases, and reads these; nil is for a case that is gone. What
// is withheld is in the error beside the rest.
func (r *Resolver) readFound(ctx context.Context, p caller.Principal, right caller.Lookup,
	found []*book.Found) (map[debt.Key]*debt.Case, error) {
	cases := map[debt.Key]*debt.Case{}
	if len(found) == 0 {
		return cases, nil
	}
	var numbers []string
	for _, f := range found {
		numbers = append(numbers, f.Number)
		cases[f.ID] = nil
	}
	owned, err := r.Agencies.Owners(ctx, right, numbers)
	if err != nil {
		return nil, err
	}
	if err := r.recordFound(ctx, p, owned); err != nil {
		return nil, err
	}
	scopes := make([]caller.Scope, len(owned))
	for i, o := range owned {
		scopes[i] = right.Scope(o.Debtor)
	}
	want := brings["AuditQueueItem"]["case"] |
		wanted(graphql.GetFieldContext(ctx).Field.Selections, graphql.GetOperationContext(ctx).Variables)
	parts, err := r.Agencies.ReadEach(ctx, right.Agency(), scopes, want)
	if err != nil && parts == nil {
		return nil, err
	}
	if err != nil { // some are withheld: nobody knows what is the matter with them
		graphql.AddError(ctx, err)
	}
	for i, part := range parts {
		for _, w := range part.Withheld {
			if w.ID != nil {
				delete(cases, *w.ID)
			}
		}
		if c, ok := part.Find(owned[i].ID).(*debt.Case); ok {
			cases[c.ID] = c
		}
	}
	return cases, nil
}

// recordFound records a look at each person in whose case something was found.
func (r *Resolver) recordFound(ctx context.Context, p caller.Principal, owned []agency.Owed) error {
	if len(owned) == 0 {
		return nil
	}
	looks := make([]audit.Look, len(owned))
	for i, o := range owned {
		look := audit.Look{Action: audit.Query, What: []string{auditQueueShown}, Outcome: audit.OK,
			Cases: []audit.Case{{Agency: o.ID.Agency, ID: o.ID.ID}}}
		looks[i] = audit.ByStaff(p, look, r.Recorder.OfDebtor(o.Debtor), atCheck)
	}
	return r.Recorder.Record(ctx, p, looks...)
}
