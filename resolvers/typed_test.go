package resolvers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
)

// untold are members that a user error does not name, and why.
var untold = map[string]string{
	"Mutation.loginWithLetter(input.agency)":   "nobody learns which of three was wrong",
	"Mutation.loginWithLetter(input.password)": "nobody learns which of three was wrong",
}

// TestWhatPeopleType puts control characters, which no database takes or nobody typed, into
// every place of the schema where a text goes in. A query refuses it by the name of the place;
// a mutation answers by a user error at the member. No agency is asked, which would fail and
// count that as its own fault.
func TestWhatPeopleType(t *testing.T) {
	t.Parallel()
	p, s := typing(t)
	places := 0
	for _, row := range rows() {
		for _, asked := range row.field.Arguments {
			for _, place := range placesIn(asked.Type, asked.Name, nil, isText) {
				places++
				for _, odd := range []string{"\x00", "\x1b", "\x7f", "\u0085"} {
					a := p.typed(s, row, asked, place, "a"+odd+"b")
					name := row.name() + "(" + place + ")"
					if told, repeats := toldAt(a, row, place), strings.Contains(a.Raw, odd); repeats ||
						told == (untold[name] != "") {
						t.Errorf("%s with %q: %s", name, odd, a.Raw)
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

// toldAt says that an answer refuses what was typed at a place, and nothing else.
func toldAt(a answer, row coordinate, place string) bool {
	if row.of != schema.Mutation {
		return len(a.Errors) == 1 && a.Errors[0].Extensions.Code == "BAD_USER_INPUT" &&
			a.Errors[0].Extensions.Field == place
	}
	path, _ := json.Marshal(strings.Split(strings.NewReplacer("[", ".", "]", "").Replace(place), "."))
	return len(a.Errors) == 0 && strings.Contains(string(a.Data), string(path))
}

// TestWhatProgramsBuild puts into every other place of the inputs of mutations what does not fit
// there: the whole request is refused, by the name of the place.
func TestWhatProgramsBuild(t *testing.T) {
	t.Parallel()
	p, s := typing(t)
	wrong := map[string][]any{
		"UUID": {"12867521028", 7}, "Date": {"2026-02-30", "12867521028"}, "Int": {"5", 5.5, 1 << 40},
		"Boolean": {"true", 1},
	}
	seen := map[string]int{}
	for _, row := range rows() {
		if row.of != schema.Mutation {
			continue
		}
		for _, asked := range row.field.Arguments {
			for _, place := range placesIn(asked.Type, asked.Name, nil, isBuilt) {
				def := typeAt(asked, place)
				values := wrong[def.Name]
				switch {
				case def.Kind == ast.Enum:
					values = []any{"NEVER", strings.ToLower(def.EnumValues[0].Name)}
				case def.Directives.ForName("oneOf") != nil:
					values = []any{map[string]any{}, map[string]any{def.Fields[0].Name: nil}, both(s, def), "text",
						map[string]any{"salary": 1}}
				case def.Kind == ast.InputObject:
					values = []any{map[string]any{"salary": 1}, "text"}
				}
				for _, value := range values {
					seen[string(def.Kind)]++
					a := p.typed(s, row, asked, place, value)
					if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "BAD_USER_INPUT" || a.Data != nil ||
						!strings.HasPrefix(a.Errors[0].Extensions.Field, place) || strings.Contains(a.Raw, "12867521028") {
						t.Errorf("%s(%s) with %v: %s", row.name(), place, value, a.Raw)
					}
				}
			}
		}
	}
	if seen["SCALAR"] < 10 || seen["ENUM"] < 6 || seen["INPUT_OBJECT"] < 10 {
		t.Errorf("tried: %v", seen)
	}
}

// both is an input object with the first two members of its type.
func both(s *subject, def *ast.Definition) map[string]any {
	members := map[string]any{}
	for _, f := range def.Fields[:2] {
		members[f.Name] = s.anything(f.Type, f.Name, "", nil)
	}
	return members
}

// typing is a portal that knows somebody of each kind who may give something in.
func typing(t *testing.T) (*portal, *subject) {
	t.Helper()
	p := newPortal(t)
	s := newSubject(t, p)
	s.acts = map[string]string{}
	for _, f := range schema.Mutation.Fields {
		of := f.Arguments[0].Type
		s.acts["Mutation."+f.Name] = "(input: " + literal(of, s.anything(of, "input", "", nil)) + ")"
	}
	p.know("worker", staff(caller.CaseWorker, s.code))
	p.know("auditor", staff(caller.Auditor, s.code))
	p.know("debtor", func() (caller.Principal, error) { return p.caller(s.id.Reveal()) })
	return p, s
}

// typed asks for a field with a value at one place of an argument, as somebody who may.
func (p *portal) typed(s *subject, row coordinate, asked *ast.ArgumentDefinition, place string, value any) answer {
	as, who := s.mayAsk(row)
	query, variables := s.withVariables(route(row, as), asked, place, value, s.arguments())
	return p.askAs(who, query, variables)
}

// mayAsk returns somebody who may select a field.
func (s *subject) mayAsk(row coordinate) (as access.Caller, who string) {
	as, who = access.Debtor, "debtor"
	for c, name := range map[access.Caller]string{access.Auditor: "auditor", access.CaseWorker: "worker"} {
		if !rules().May(access.Debtor, row.field) && rules().May(c, row.field) {
			as, who = c, name
		}
	}
	return as, who
}

func isText(def *ast.Definition) bool { return def.Name == "String" }

// isBuilt says of a type that a program builds its values. An id is told by what it is of.
func isBuilt(def *ast.Definition) bool { return def.Name != "String" && def.Name != "ID" }

// placesIn returns the places of an argument where a value of certain types goes in, as errors
// name them.
func placesIn(of *ast.Type, place string, above []string, wanted func(*ast.Definition) bool) (places []string) {
	if of.Elem != nil {
		return placesIn(of.Elem, place+"[0]", above, wanted)
	}
	def := schema.Types[of.NamedType]
	if wanted(def) {
		places = append(places, place)
	}
	if def.Kind == ast.InputObject && !slices.Contains(above, def.Name) {
		for _, f := range def.Fields {
			places = append(places, placesIn(f.Type, place+"."+f.Name, append(above, def.Name), wanted)...)
		}
	}
	return places
}

// typeAt returns the type of what stands at a place of an argument.
func typeAt(asked *ast.ArgumentDefinition, place string) *ast.Definition {
	def := schema.Types[asked.Type.Name()]
	for _, name := range strings.Split(strings.ReplaceAll(place, "[0]", ""), ".")[1:] {
		def = schema.Types[def.Fields.ForName(name).Type.Name()]
	}
	return def
}

// withVariables writes the operation that goes the way, with a value at one place of an
// argument of the last field, and something at all other places that must have something.
func (s *subject) withVariables(way []coordinate, asked *ast.ArgumentDefinition, place string, value any,
	arguments map[string]string) (string, map[string]any) {
	variables := map[string]any{}
	var declared, given []string
	last := way[len(way)-1]
	for _, a := range last.field.Arguments {
		if a == asked || a.Type.NonNull && a.DefaultValue == nil {
			declared, given = append(declared, "$"+a.Name+": "+a.Type.String()), append(given, a.Name+": $"+a.Name)
			variables[a.Name] = s.anything(a.Type, a.Name, place, value)
		}
	}
	operation, end, selection := "query", "", " { __typename }"
	if way[0].of == schema.Mutation {
		operation, selection = "mutation", " { userErrors { field } }"
	}
	operation += "(" + strings.Join(declared, ", ") + ") "
	for _, step := range way[:len(way)-1] {
		operation += "{ " + s.call(step, arguments)
		end += " }"
	}
	operation += "{ " + last.field.Name + "(" + strings.Join(given, ", ") + ")"
	if !schema.Types[last.field.Type.Name()].IsLeafType() {
		operation += selection
	}
	return operation + " }" + end, variables
}

// anything returns a value of a type: the given one at its place, else what may stand there.
func (s *subject) anything(of *ast.Type, here, place string, value any) any {
	if of.Elem != nil {
		return []any{s.anything(of.Elem, here+"[0]", place, value)}
	}
	switch def := schema.Types[of.NamedType]; {
	case here == place:
		return value
	case def.Kind == ast.Enum:
		return def.EnumValues[0].Name
	case def.Kind == ast.InputObject:
		members := map[string]any{}
		for _, f := range def.Fields {
			below := here + "." + f.Name
			onTheWay := place == below || strings.HasPrefix(place, below+".") || strings.HasPrefix(place, below+"[")
			if f.Type.NonNull || onTheWay {
				members[f.Name] = s.anything(f.Type, below, place, value)
			}
		}
		if f := def.Fields[0]; def.Directives.ForName("oneOf") != nil && len(members) == 0 {
			members[f.Name] = s.anything(f.Type, here+"."+f.Name, place, value)
		}
		return members
	default:
		return map[string]any{
			"String": "text", "ID": s.caseID, "Boolean": true, "Int": 1, "UUID": uuid.NewString(),
			"Date":     "2026-12-31",
			"DateTime": "2026-12-31T12:00:00Z", "Decimal": "1.00", "NationalId": s.id.Reveal(),
		}[def.Name]
	}
}
