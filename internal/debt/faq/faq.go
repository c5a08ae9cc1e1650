// Package faq is what people ask about debt collection, in bokmål, nynorsk and English, with the law
// that the answers rest on. What an agency answers in its own words goes before it.
package faq

import (
	_ "embed"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/oversikt/oversikt/internal/debt"
)

//go:embed faq.yaml
var file []byte

// Entry is a question with its answer, in one language.
type Entry struct {
	Key      string
	Language debt.Language
	Question string
	Answer   string
	Acts     []string // by their names in the schema
	Phases   []debt.Phase
	Law      []string // the paragraphs that the answer rests on
	Own      bool     // the agency's own words
}

// said is a text in each language.
type said struct {
	NB string `yaml:"nb"`
	NN string `yaml:"nn"`
	EN string `yaml:"en"`
}

func (s said) in(l debt.Language) string {
	switch l {
	case debt.Nynorsk:
		return s.NN
	case debt.English:
		return s.EN
	default:
		return s.NB
	}
}

type written struct {
	Key      string       `yaml:"key"`
	Acts     []string     `yaml:"acts"`
	Phases   []debt.Phase `yaml:"phases"`
	Law      []string     `yaml:"law"`
	Question said         `yaml:"question"`
	Answer   said         `yaml:"answer"`
}

var ours = sync.OnceValue(func() (all []written) {
	if err := yaml.Unmarshal(file, &all); err != nil {
		panic(err) // it is embedded, and a test reads it
	}
	return all
})

// Of returns the entries of a language: ours, each with the agency's own words where it has some for
// the same key, and then what the agency answers besides.
func Of(l debt.Language, agency []debt.FAQ) []Entry {
	own := map[string]debt.FAQ{}
	for _, q := range agency {
		if q.Language == l {
			own[q.Key] = q
		}
	}
	entries := make([]Entry, 0, len(ours())+len(own))
	for _, w := range ours() {
		e := Entry{w.Key, l, w.Question.in(l), w.Answer.in(l), w.Acts, w.Phases, w.Law, false}
		if q, ok := own[w.Key]; ok {
			e.Question, e.Answer, e.Law, e.Own = q.Question, q.Answer, nil, true
			delete(own, w.Key)
		}
		entries = append(entries, e)
	}
	for _, q := range agency { // in the agency's order
		if q.Language != l || own[q.Key] != q {
			continue
		}
		entries = append(entries, Entry{Key: q.Key, Language: l, Question: q.Question, Answer: q.Answer, Own: true})
		delete(own, q.Key)
	}
	return entries
}

// About returns the entries that explain an act and a phase; an empty one chooses all.
func About(entries []Entry, act string, phase debt.Phase) []Entry {
	return slices.DeleteFunc(entries, func(e Entry) bool {
		return act != "" && !slices.Contains(e.Acts, act) || phase != "" && !slices.Contains(e.Phases, phase)
	})
}
