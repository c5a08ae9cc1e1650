// Package text is the one catalogue of what the service says to people: messages, reasons and
// the labels of enums, in bokmål, nynorsk and English.
//
// The texts stand in catalogue/*.yaml, where a translator reads the three languages of one text
// side by side. A file is named after the first part of its keys:
//
//	act.ACT.CODE, act.CODE   why an act was not carried out: a message of userErrors
//	input.WHAT               what is wrong with one member of an input
//	reason.CODE              why an agency has refused
//	error.CODE               an error of the answer that a person sees
//	enum.ENUM.VALUE          the label of a value of the schema
//	audit.RULE.VERDICT       what the check of a claim has found
//	genuine.WHAT.CODE        whether something that was received is genuine, why, and what to do
//	paper.WHAT               a heading or a label of what people read on paper
//	statement.WHAT           what explains the statement of a case
package text

import (
	"embed"
	"fmt"
	"maps"
	"path"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

//go:embed catalogue/*.yaml
var files embed.FS

// Arg is a value for a placeholder of a text.
type Arg struct {
	name  string
	value any
}

// With returns the value for {name}. Days, amounts and waits are written as the language has
// them, anything else as fmt.Sprint does. What a person has typed is never a value.
func With(name string, value any) Arg { return Arg{name, value} }

func (a Arg) in(l Language) string {
	switch v := a.value.(type) {
	case norway.Date:
		return l.Day(v)
	case money.Øre:
		return l.Kroner(v)
	case time.Duration:
		return l.Wait(v)
	default:
		return fmt.Sprint(v)
	}
}

// Of returns the text of a key, with its placeholders filled. An unknown key gives its last part
// in plain words, so that a person is shown something; tests hold that every key is known.
func Of(l Language, key string, args ...Arg) string {
	found, ok := catalogue()[key]
	if !ok {
		return words(key)
	}
	text := l.pick(found.NB, found.NN, found.EN)
	for _, a := range args {
		text = strings.ReplaceAll(text, "{"+a.name+"}", a.in(l))
	}
	return text
}

// ActMessage returns why an act was not carried out: act is the name of the mutation, code that
// of its user error. An act has a text of its own where the common one of the code would not do.
func ActMessage(l Language, act, code string, args ...Arg) string {
	if own := "act." + act + "." + code; Has(own) {
		return Of(l, own, args...)
	}
	return Of(l, "act."+code, args...)
}

// Label returns what a person is shown for a value of one of the schema's enums.
func Label(l Language, enum, value string) string { return Of(l, "enum."+enum+"."+value) }

// Has says whether there is a text for a key.
func Has(key string) bool {
	_, ok := catalogue()[key]
	return ok
}

// All returns every text of a language by its key. Placeholders are as they stand, in braces.
func All(l Language) map[string]string {
	all := make(map[string]string, len(catalogue()))
	for key, t := range catalogue() {
		all[key] = l.pick(t.NB, t.NN, t.EN)
	}
	return all
}

// Plain says that somebody can have typed s: it has lines and tabs, and no other control
// characters. PostgreSQL takes no NUL in a text, so that one would be an agency's failure.
func Plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r'
	})
}

// words turns CASE_CLOSED into "Case closed".
func words(key string) string {
	last := key[strings.LastIndexByte(key, '.')+1:]
	plain := []rune(strings.ToLower(strings.ReplaceAll(last, "_", " ")))
	if len(plain) > 0 {
		plain[0] = unicode.ToUpper(plain[0])
	}
	return string(plain)
}

// entry is one text in the three languages.
type entry struct{ NB, NN, EN string }

var catalogue = sync.OnceValue(func() map[string]entry {
	all := map[string]entry{}
	names, err := files.ReadDir("catalogue")
	if err != nil {
		panic(err) // it is embedded
	}
	for _, name := range names {
		part, err := read(name.Name())
		if err != nil {
			panic(err) // a test reads the same files
		}
		maps.Copy(all, part)
	}
	return all
})

// read returns the texts of one file.
func read(name string) (map[string]entry, error) {
	content, err := files.ReadFile("catalogue/" + name)
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	var tree map[string]any
	if err := yaml.Unmarshal(content, &tree); err != nil {
		return nil, fmt.Errorf("read texts of %s: %w", name, err)
	}
	texts := map[string]entry{}
	if err := collect(strings.TrimSuffix(name, path.Ext(name)), tree, texts); err != nil {
		return nil, fmt.Errorf("read texts of %s: %w", name, err)
	}
	return texts, nil
}

// collect walks down to the maps that hold a text in each language.
func collect(key string, tree map[string]any, into map[string]entry) error {
	nb, isText := tree["nb"].(string)
	if !isText {
		for name, below := range tree {
			branch, ok := below.(map[string]any)
			if !ok {
				return fmt.Errorf("%s.%s is neither a text nor a group of texts", key, name)
			}
			if err := collect(key+"."+name, branch, into); err != nil {
				return err
			}
		}
		return nil
	}
	nn, _ := tree["nn"].(string)
	en, _ := tree["en"].(string)
	if len(tree) != 3 || nb == "" || nn == "" || en == "" {
		return fmt.Errorf("%s is not there in nb, nn and en, and nothing else", key)
	}
	into[key] = entry{nb, nn, en}
	return nil
}
