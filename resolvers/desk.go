package resolvers

import (
	"context"
	"fmt"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/page"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

const (
	queueShown = "staff.queue"
	// atDesk stands for the reason where a member of staff sees what waits for an answer.
	atDesk = "what was asked for waits for an answer"
)

// queueOf reads a page of what waits at the agency of a case worker, and records whose it is before
// it is shown.
func (r *Resolver) queueOf(ctx context.Context, p caller.Principal, q agency.QueueQuery, hand model.ClaimState,
	args page.Args) (*model.QueueItemConnection, error) {
	right, err := p.Lookup()
	if err != nil {
		return nil, err
	}
	k, err := args.Keyset(fmt.Sprintf("queue %s %s %s %s", right.Agency(), q.Kind, q.AnswerBy, hand))
	if err != nil {
		return nil, err
	}
	claims, err := r.Engine.Claims(ctx, p)
	if err != nil {
		return nil, err
	}
	inHand(&q, hand, claims)
	if q.Rows = k.Rows; k.After != nil {
		q.After, q.AfterID = time.UnixMicro(k.After.Sort), k.After.ID
	}
	found, more, err := r.Agencies.Queue(ctx, right, q)
	if err != nil && found == nil {
		return nil, err
	}
	if err != nil { // some items are left out
		graphql.AddError(ctx, err)
	}
	var waiting []*agency.Waiting
	for i := range found {
		waiting = append(waiting, &found[i])
	}
	cut := page.Cut(k, waiting, func(w *agency.Waiting) page.Position {
		return page.Position{Sort: w.CreatedAt.UnixMicro(), ID: w.ID.ID}
	})
	cut.PageInfo.HasNextPage = more
	if err := r.recordQueue(ctx, p, cut.Nodes); err != nil {
		return nil, err
	}
	return r.withCases(ctx, right, cut, claims)
}

// inHand narrows a query to what is in the hand that is asked for.
func inHand(q *agency.QueueQuery, hand model.ClaimState, claims map[string]act.Claim) {
	items := []string{}
	for id, c := range claims {
		if hand != model.ClaimStateMine || c.Mine {
			items = append(items, id)
		}
	}
	switch hand {
	case model.ClaimStateClaimed, model.ClaimStateMine:
		q.Items = items
	case model.ClaimStateUnclaimed:
		q.Others = items
	}
}

// recordQueue records a look at each person of whom something waits.
func (r *Resolver) recordQueue(ctx context.Context, p caller.Principal, items []*agency.Waiting) error {
	if len(items) == 0 {
		return nil
	}
	looks := make([]audit.Look, len(items))
	for i, item := range items {
		look := audit.Look{Action: audit.Query, What: []string{queueShown}, Outcome: audit.OK}
		if item.CaseID != nil {
			look.Cases = []audit.Case{{Agency: item.CaseID.Agency, ID: item.CaseID.ID}}
		}
		looks[i] = audit.ByStaff(p, look, r.Recorder.OfDebtor(item.Debtor), atDesk)
	}
	return r.Recorder.Record(ctx, p, looks...)
}

// withCases returns the items of a page with what is selected of their cases, read in one round trip.
func (r *Resolver) withCases(ctx context.Context, right caller.Lookup,
	cut *page.Connection[agency.Waiting], claims map[string]act.Claim) (*model.QueueItemConnection, error) {
	want := wanted(graphql.GetFieldContext(ctx).Field.Selections, graphql.GetOperationContext(ctx).Variables)
	of := make([]*debt.Case, len(cut.Nodes))
	if want != 0 && len(of) > 0 {
		scopes := make([]caller.Scope, len(of))
		for i, item := range cut.Nodes {
			if item.CaseID != nil {
				scopes[i] = right.Scope(caller.Debtor{Case: caller.CaseKey{Agency: item.CaseID.Agency, ID: item.CaseID.ID}})
			}
		}
		parts, err := r.Agencies.ReadEach(ctx, right.Agency(), scopes, want)
		if err != nil {
			graphql.AddError(ctx, err)
		}
		for i, part := range parts {
			if len(part.Cases) == 1 {
				of[i] = part.Cases[0]
			}
		}
	}
	out := &model.QueueItemConnection{PageInfo: cut.PageInfo}
	for i, e := range cut.Edges {
		item := model.NewQueueItem(e.Node.QueueItem, of[i])
		item.CaseLink = e.Node.Link
		if c, ok := claims[item.ID.ID]; ok {
			item.Claim = &c
		}
		out.Nodes = append(out.Nodes, item)
		out.Edges = append(out.Edges, model.QueueItemEdge{Node: item, Cursor: e.Cursor})
	}
	return out, nil
}
