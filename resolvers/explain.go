package resolvers

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/faq"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/search"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/text"
)

// question is what is asked of the questions and answers.
type question struct {
	agency   *string
	language *debt.Language
	search   *string
	act      *act.Name
	phase    *debt.Phase
}

// maxSearch is in characters.
const maxSearch = 200

// searches are what an address may do: each is a statement in our own database.
var searches = throttle.Limits{PerMinute: 30, PerDay: 5000}

// explain returns the entries that a question chooses. Whoever does not search costs no database
// anything: ours are in memory, and an agency's are kept.
func (r *Resolver) explain(ctx context.Context, q question) ([]model.FaqEntry, error) {
	words := ""
	if q.search != nil {
		words = strings.TrimSpace(*q.search)
	}
	if utf8.RuneCountInString(words) > maxSearch || !text.Plain(words) {
		return nil, fault.Invalid("search", "search has at most %d plain characters", maxSearch).
			Saying("input.TEXT_BETWEEN", "min", 0, "max", maxSearch)
	}
	l := model.Spoken(ctx, q.language)
	var own []debt.FAQ
	if q.agency != nil {
		var err error
		if own, err = r.Agencies.FAQ(ctx, *q.agency); err != nil {
			if fault.Of(err).Code == fault.NotFound {
				return nil, err
			}
			graphql.AddError(ctx, err)
		}
	}
	entries := faq.About(faq.Of(l, own), string(of(q.act)), of(q.phase))
	if words != "" {
		var err error
		if entries, err = r.searched(ctx, l, words, entries); err != nil {
			return nil, err
		}
	}
	shown := make([]model.FaqEntry, len(entries))
	for i, e := range entries {
		shown[i] = model.NewFaqEntry(e)
	}
	return shown, nil
}

// of returns what is given, the zero value where nothing is.
func of[T any](given *T) (value T) {
	if given != nil {
		value = *given
	}
	return value
}

// searched returns the entries that have words of a search, the best first.
func (r *Resolver) searched(ctx context.Context, l debt.Language, words string, entries []faq.Entry) ([]faq.Entry,
	error) {
	if err := r.Guard.Pass(ctx, "search in questions and answers", clientOf(ctx).network, searches); err != nil {
		return nil, err
	}
	texts := make([]search.Text, len(entries))
	for i, e := range entries {
		texts[i] = search.Text{Title: e.Question, Body: e.Answer}
	}
	stems := search.Norwegian
	if l == debt.English {
		stems = search.English
	}
	places, err := r.Search.Texts(ctx, stems, words, texts)
	if err != nil {
		return nil, fault.New(fault.PortalUnavailable, "nothing can be searched now: try again in a moment").Because(err)
	}
	found := make([]faq.Entry, len(places))
	for i, place := range places {
		found[i] = entries[place]
	}
	return found, nil
}
