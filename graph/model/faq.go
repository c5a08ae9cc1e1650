package model

import (
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/faq"
)

// FaqEntry is a question with its answer.
type FaqEntry struct {
	Key, Question, Answer string
	Language              debt.Language
	Acts                  []act.Name
	Phases                []debt.Phase
	Law                   []string
	FromAgency            bool
}

// NewFaqEntry returns an entry to show.
func NewFaqEntry(e faq.Entry) FaqEntry {
	shown := FaqEntry{Key: e.Key, Question: e.Question, Answer: e.Answer, Language: e.Language, Phases: e.Phases,
		Law: e.Law, FromAgency: e.Own}
	for _, a := range e.Acts {
		shown.Acts = append(shown.Acts, act.Name(a))
	}
	return shown
}
