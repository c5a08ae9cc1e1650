package resolvers

import (
	"context"
	"errors"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt"
)

// browser returns who asks, and what can be done with sessions in this request.
func browser(ctx context.Context) (*session.Request, caller.Principal, error) {
	p, err := caller.Require(ctx)
	if err != nil {
		return nil, p, err
	}
	q, ok := session.FromContext(ctx)
	if !ok {
		return nil, p, errors.New("the request has no sessions")
	}
	return q, p, nil
}

// sessions returns the caller's sessions as they see them.
func sessions(ctx context.Context, q *session.Request, p caller.Principal) ([]model.Session, error) {
	held, err := q.Held(ctx, p)
	all := []model.Session{}
	for _, h := range held {
		all = append(all, model.Session{
			ID: debt.Key{Kind: debt.KindSession, ID: h.ID}, Kind: model.LoginKind(h.Kind),
			StartedAt: h.StartedAt, LastUsedAt: h.UsedAt, ExpiresAt: h.ExpiresAt, Current: h.Current,
		})
	}
	return all, err
}
