package resolvers_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
)

// longestDescription is in characters: more than that belongs to docs, or to the member that it is about.
const longestDescription = 300

// awkward has what a reader stumbles over, with a way to say it in place.
var awkward = map[string]*regexp.Regexp{
	"after these payments":     regexp.MustCompile(`\bif so (was|is)\b`),
	"this agency, your agency": regexp.MustCompile(`\bthe own\b`),
	"name what it is":          regexp.MustCompile(`\bthat of the other\b`),
	"newest first":             regexp.MustCompile(`\bthe (latest|newest) first\b`),
	"on hold":                  regexp.MustCompile(`\bstands? still\b`),
	"right after it":           regexp.MustCompile(`\b(begins|ends) (behind|before) it\b`),
	"tell the user":            regexp.MustCompile(`\bsay so to\b`),
	"add up to":                regexp.MustCompile(`\bsums? to\b`),
	"the day when":             regexp.MustCompile(`\b[Tt]he day on which\b`),
	"somebody who":             regexp.MustCompile(`\bfor who\b`),
	"in Apollo Client set":     regexp.MustCompile(`\btell Apollo\b`),
	"how far it has come":      regexp.MustCompile(`\bHow far it (goes|is)\b`),
}

func TestSchemaIsDescribed(t *testing.T) {
	t.Parallel()
	described := 0
	for what, text := range descriptions() {
		described++
		switch n := utf8.RuneCountInString(text); {
		case n < 5 || !strings.HasSuffix(strings.TrimSuffix(text, `"`), "."):
			t.Errorf("%s: no description in whole sentences: %q", what, text)
		case n > longestDescription:
			t.Errorf("%s: the description has %d characters, of %d at most", what, n, longestDescription)
		}
		for better, pattern := range awkward {
			if found := pattern.FindString(text); found != "" {
				t.Errorf("%s: %q is hard to read; rather %q", what, found, better)
			}
		}
	}
	if described < 800 {
		t.Errorf("found %d descriptions: the walk has lost some", described)
	}
}

// descriptions returns those of all types, fields, arguments, enum values and directives, by their names.
func descriptions() map[string]string {
	out := map[string]string{}
	arguments := func(of string, list ast.ArgumentDefinitionList) {
		for _, a := range list {
			out[of+"("+a.Name+")"] = a.Description
		}
	}
	for name, def := range schema.Types {
		if def.BuiltIn || strings.HasPrefix(name, "__") {
			continue
		}
		out[name] = def.Description
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			out[name+"."+f.Name] = f.Description
			arguments(name+"."+f.Name, f.Arguments)
		}
		for _, v := range def.EnumValues {
			out[name+"."+v.Name] = v.Description
		}
	}
	for name, d := range schema.Directives {
		if !d.Position.Src.BuiltIn {
			out["@"+name] = d.Description
			arguments("@"+name, d.Arguments)
		}
	}
	return out
}
