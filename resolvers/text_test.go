package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
)

// TestNoControlCharacters puts control characters, which no database takes or nobody typed,
// into every place of the schema where a text goes in: each is refused by the name of the
// place, and no agency is asked, which would fail and count that as its own fault.
func TestNoControlCharacters(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("worker", staff(caller.CaseWorker, s.code))
	p.know("auditor", staff(caller.Auditor, s.code))
	p.know("debtor", func() (caller.Principal, error) { return p.caller(s.id.Reveal()) })
	arguments := s.arguments()
	places := 0
	for _, row := range rows() {
		for _, asked := range row.field.Arguments {
			for _, place := range textsIn(asked.Type, asked.Name, nil) {
				places++
				for _, odd := range []string{"\x00", "\x1b", "\x7f", "\u0085"} {
					as, who := access.Debtor, "debtor"
					for c, name := range map[access.Caller]string{access.Auditor: "auditor", access.CaseWorker: "worker"} {
						if !rules().May(access.Debtor, row.field) && rules().May(c, row.field) {
							as, who = c, name
						}
					}
					query, variables := s.withVariables(route(row, as), asked, place, "a"+odd+"b", arguments)
					a := p.askAs(who, query, variables)
					if len(a.Errors) == 0 || a.Errors[0].Extensions.Code != "BAD_USER_INPUT" ||
						a.Errors[0].Extensions.Field != place || strings.Contains(a.Raw, odd) {
						t.Errorf("%s(%s) with %q: %s", row.name(), place, odd, a.Raw)
					}
				}
			}
		}
	}
	if places < 25 {
		t.Errorf("only %d places: they are not found", places)
	}
	multiline := fmt.Sprintf(`{idempotencyKey: "7d9f2a52-7a59-4b3c-9d0e-0a4f5f3f7f19", kind: QUESTION, text: %q}`,
		"Hvorfor?\r\n\tOg når?")
	if a := p.askAs("debtor", `mutation { submitPrivacyRequest(input: `+multiline+
		`) { privacyRequest { text } userErrors { code } } }`, nil); len(a.Errors) > 0 ||
		at(a.object(t), "submitPrivacyRequest", "privacyRequest", "text") != "Hvorfor?\r\n\tOg når?" {
		t.Errorf("lines and tabs are text: %s", a.Raw)
	}
}

// textsIn returns the places of an argument where a String goes in, as errors name them.
func textsIn(of *ast.Type, place string, above []string) (places []string) {
	if of.Elem != nil {
		return textsIn(of.Elem, place+"[0]", above)
	}
	switch def := schema.Types[of.NamedType]; {
	case def.Name == "String":
		return []string{place}
	case def.Kind == ast.InputObject:
		for _, f := range def.Fields {
			places = append(places, textsIn(f.Type, place+"."+f.Name, append(above, def.Name))...)
		}
	}
	return places
}

// withVariables writes the operation that goes the way, with a text at one place of an
// argument of the last field, and something at all other places that must have something.
func (s *subject) withVariables(way []coordinate, asked *ast.ArgumentDefinition, place, text string,
	arguments map[string]string) (string, map[string]any) {
	variables := map[string]any{}
	var declared, given []string
	last := way[len(way)-1]
	for _, a := range last.field.Arguments {
		if a == asked || a.Type.NonNull && a.DefaultValue == nil {
			declared, given = append(declared, "$"+a.Name+": "+a.Type.String()), append(given, a.Name+": $"+a.Name)
			variables[a.Name] = s.anything(a.Type, a.Name, place, text)
		}
	}
	operation, end := "query", ""
	if way[0].of == schema.Mutation {
		operation = "mutation"
	}
	operation += "(" + strings.Join(declared, ", ") + ") "
	for _, step := range way[:len(way)-1] {
		operation += "{ " + s.call(step, arguments)
		end += " }"
	}
	operation += "{ " + last.field.Name + "(" + strings.Join(given, ", ") + ")"
	if !schema.Types[last.field.Type.Name()].IsLeafType() {
		operation += " { __typename }"
	}
	return operation + " }" + end, variables
}

// anything returns a value of a type: the text at its place, else what may stand there.
func (s *subject) anything(of *ast.Type, here, place, text string) any {
	if of.Elem != nil {
		return []any{s.anything(of.Elem, here+"[0]", place, text)}
	}
	switch def := schema.Types[of.NamedType]; {
	case here == place:
		return text
	case def.Kind == ast.Enum:
		return def.EnumValues[0].Name
	case def.Kind == ast.InputObject:
		members := map[string]any{}
		for _, f := range def.Fields {
			if below := here + "." + f.Name; f.Type.NonNull || strings.HasPrefix(place, below+".") ||
				strings.HasPrefix(place, below+"[") || place == below {
				members[f.Name] = s.anything(f.Type, below, place, text)
			}
		}
		return members
	default:
		return map[string]any{
			"String": "text", "ID": s.caseID, "Boolean": true, "Int": 1, "UUID": "7d9f2a52-7a59-4b3c-9d0e-0a4f5f3f7f18",
			"Date":     "2026-12-31",
			"DateTime": "2026-12-31T12:00:00Z", "Decimal": "1.00", "NationalId": s.id.Reveal(),
		}[def.Name]
	}
}
