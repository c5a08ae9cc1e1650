package access_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/caller/access"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: directives + `
interface Named { "A name." name: String }
type Query { "Mine." mine: Thing @access(to: [DEBTOR, AUDITOR]) "All." all: [Named!]! @public }
type Thing implements Named @access(to: [DEBTOR]) { "A name." name: String "Of staff." note: String @access(to: [AUDITOR]) }
extend interface Named @public
`})
	rules, err := access.NewTable(schema)
	if err != nil {
		t.Fatal(err)
	}
	described := rules.Describe(schema)
	for coordinate, want := range map[string]string{
		"Query.mine": "Mine.\n\nOpen to DEBTOR, AUDITOR.",
		"Query.all":  "All.\n\nOpen to everybody, without a login too.",
		"Thing.note": "Of staff.\n\nOpen to AUDITOR.",
		"Named.name": "A name.\n\nOpen to DEBTOR.",
	} {
		of, name, _ := strings.Cut(coordinate, ".")
		field := described.Types[of].Fields.ForName(name)
		if field.Description != want {
			t.Errorf("%s: got %q, want %q", coordinate, field.Description, want)
		}
		if old := schema.Types[of].Fields.ForName(name); strings.Contains(old.Description, "Open to") {
			t.Errorf("%s: the schema that was read has changed", coordinate)
		}
	}
	if described.Query != described.Types["Query"] || described.PossibleTypes["Named"][0] != described.Types["Thing"] {
		t.Error("a type is there twice")
	}
	field := described.Types["Thing"].Fields.ForName("note")
	if rules.May(access.Debtor, field) || !rules.May(access.Auditor, field) {
		t.Error("the rules do not hold for what is described")
	}
}
