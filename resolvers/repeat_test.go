package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// marker stands for what somebody types in the wrong field: a number of theirs among it.
const (
	marker       = "zq28889920825qz"
	markerDigits = "28889920825"
)

// TestNoInputComesBack puts a text, and a number, that must not come back into every place of
// every input of the schema, as a variable and in the document: no answer and no line of any log
// repeats it.
func TestNoInputComesBack(t *testing.T) {
	t.Parallel()
	p, s := typing(t)
	every := func(*ast.Definition) bool { return true }
	tried := 0
	for _, row := range rows() {
		for _, asked := range row.field.Arguments {
			for _, place := range placesIn(asked.Type, asked.Name, nil, every) {
				for _, value := range []any{marker, marker + " kr", 28889920825, map[string]any{marker: marker},
					[]any{marker}, strings.Repeat(marker, 500)} {
					tried++
					said := p.everythingSaid(s, row, asked, place, value)
					if strings.Contains(said, marker) || strings.Contains(said, markerDigits) {
						t.Errorf("%s(%s) with %.40v: %.700s", row.name(), place, value, said)
					}
				}
			}
		}
	}
	if log := p.alarms.String(); strings.Contains(log, marker) || strings.Contains(log, markerDigits) {
		at := strings.Index(log, markerDigits)
		t.Errorf("the log has it: %s", log[max(0, at-300):min(len(log), at+100)])
	}
	if tried < 500 {
		t.Errorf("only %d values: the places are not found", tried)
	}
}

// everythingSaid returns the answers to a value at one place of an argument: as a variable, and
// where it can be written as a literal in the document; with the messages in each language.
func (p *portal) everythingSaid(s *subject, row coordinate, asked *ast.ArgumentDefinition, place string,
	value any) string {
	const messages = "userErrors { field message nb: message(language: NB) nn: message(language: NN) }"
	as, who := s.mayAsk(row)
	query, variables := s.withVariables(route(row, as), asked, place, value, s.arguments())
	query = strings.ReplaceAll(query, "userErrors { field }", messages)
	said := p.askAs(who, query, variables).Raw
	var written string
	switch v := value.(type) {
	case string:
		written = fmt.Sprintf("%q", v)
	case int:
		written = fmt.Sprint(v)
	default:
		return said
	}
	if place != asked.Name {
		return said
	}
	given := s.arguments()
	given[row.name()] = "(" + asked.Name + ": " + written + ")"
	way, document, end := route(row, as), "", ""
	for _, step := range way {
		document += "{ " + s.call(step, given)
		end += " }"
	}
	if way[0].of.Name == "Mutation" {
		document = "mutation " + document
	}
	return said + p.askAs(who, document+end, nil).Raw
}
