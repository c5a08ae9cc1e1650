// Package search finds texts by the stems of their words, as PostgreSQL knows them in Norwegian and
// English. The texts are handed in: few and short, they need no table that has to follow them.
package search

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
)

//go:embed search.sql
var searchSQL string

// Text is one of those that are searched. What stands in the title counts for more.
type Text struct{ Title, Body string }

// Language is whose stems count.
type Language string

// The languages. PostgreSQL has one for bokmål and nynorsk.
const (
	Norwegian Language = "pg_catalog.norwegian"
	English   Language = "pg_catalog.english"
)

// Searcher searches in the portal database. It is safe for concurrent use.
type Searcher struct{ db *portal.DB }

// New returns a Searcher in the portal database.
func New(db *portal.DB) *Searcher { return &Searcher{db} }

// Texts returns the places of the texts that have words of a search, the best first.
func (s *Searcher) Texts(ctx context.Context, in Language, search string, texts []Text) ([]int, error) {
	titles, bodies := make([]string, len(texts)), make([]string, len(texts))
	for i, t := range texts {
		titles[i], bodies[i] = t.Title, t.Body
	}
	rows, err := s.db.Query(ctx, searchSQL, pgx.NamedArgs{"titles": titles, "bodies": bodies, "config": string(in),
		"search": search})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	places, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return places, nil
}
