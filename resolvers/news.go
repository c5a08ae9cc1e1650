package resolvers

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

const (
	maxChanges   = 200
	withoutVisit = 30 * 24 * time.Hour // as far back as somebody sees who was never here
)

// changes returns what is new to a person since an instant, or since they were last here.
func (r *Resolver) changes(ctx context.Context, of *debt.Person, asked *time.Time) (news model.Changes, err error) {
	p, err := caller.Require(ctx)
	if err != nil {
		return news, err
	}
	now := r.Agencies.Now()
	since := now.Add(-withoutVisit)
	switch {
	case asked != nil && asked.After(now):
		return news, fault.Invalid("since", "since is not in the future").
			Saying("input.DAY_LATEST", "until", norway.DateOf(now))
	case asked != nil:
		since = *asked
	default:
		last, err := r.Recorder.LastVisit(ctx, p, now)
		if err != nil {
			return news, err
		}
		if !last.IsZero() {
			since = last
		}
	}
	records, err := r.Engine.List(ctx, p)
	if err != nil {
		return news, err
	}
	news = model.Changes{Since: since, Complete: true, Items: r.ended(records, of, since)}
	for _, part := range of.Parts {
		news.Complete = news.Complete && part.Status == debt.AgencyOK && len(part.WithheldCases()) == 0
	}
	for _, c := range of.Changes(since, now) {
		news.Items = append(news.Items, model.Change{Change: c})
	}
	slices.SortStableFunc(news.Items, func(a, b model.Change) int { return cmp.Compare(b.On, a.On) })
	news.More = len(news.Items) > maxChanges
	news.Items = news.Items[:min(len(news.Items), maxChanges)]
	return news, nil
}

// ended returns the acts that have ended since.
func (r *Resolver) ended(records []*act.Record, of *debt.Person, since time.Time) (news []model.Change) {
	for _, record := range records {
		if record.EndedAt == nil || !record.EndedAt.After(since) {
			continue
		}
		shown := r.showAct(record, of.Parts)
		change := model.Change{Act: &shown, Change: debt.Change{Kind: debt.ChangeAct, On: norway.DateOf(*record.EndedAt)}}
		if len(shown.Agencies) == 1 {
			change.Agency = &shown.Agencies[0].Agency
		}
		if len(shown.Cases) == 1 {
			change.Case = shown.Cases[0]
		}
		news = append(news, change)
	}
	return news
}
