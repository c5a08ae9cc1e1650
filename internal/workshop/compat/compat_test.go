package compat_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/oversikt/oversikt/internal/workshop/compat"
)

// released is the whole schema as clients were last given it. `make release` writes it.
const released = "../../../schema/released/schema.graphql"

func load(t *testing.T, pattern string) *ast.Schema {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no schema at %s: %v", pattern, err)
	}
	sources := make([]*ast.Source, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources[i] = &ast.Source{Name: filepath.Base(file), Input: string(text)}
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestReleasedSchemaHolds: an operation that was valid under the released schema still is.
func TestReleasedSchemaHolds(t *testing.T) {
	t.Parallel()
	now := load(t, "../../../schema/*.graphql")
	if os.Getenv("RELEASE_SCHEMA") != "" {
		var text strings.Builder
		text.WriteString("# The schema as clients were last given it. `make release` writes it; nothing else reads it but the\n" +
			"# test of breaking changes.\n\n")
		formatter.NewFormatter(&text, formatter.WithIndent("  "), formatter.WithoutDescription()).FormatSchema(now)
		if err := os.WriteFile(released, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	broken, err := compat.Breaking(load(t, released), now)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range broken {
		t.Errorf("%s: clients break. Deprecate what there is and add beside it; or run make release and say so in CHANGELOG.md",
			b)
	}
}

const before = `
	directive @access(to: [Caller!]!) on OBJECT | INTERFACE | FIELD_DEFINITION
	directive @public on OBJECT | INTERFACE | FIELD_DEFINITION
	directive @marked(by: String!) repeatable on OBJECT
	enum Caller { DEBTOR CASE_WORKER }
	scalar Date
	type Query { viewer(at: Date): Viewer @access(to: [DEBTOR]) agency: Agency! @public found(by: By!): Found @public }
	type Viewer implements Named @access(to: [DEBTOR, CASE_WORKER]) {
		name: String! alias: String letters(kind: Kind = POST, first: Int): [[Letter!]!]!
	}
	type Agency implements Named @public { name: String! }
	type Letter @access(to: [DEBTOR]) { kind: Kind! }
	interface Named @public { name: String! }
	union Found = Viewer | Agency
	enum Kind { POST EMAIL }
	input By { name: String! kinds: [Kind!] alias: String = "x" }`

func TestBreaking(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ old, changed, want string }{
		"nothing":                   {"", "", ""},
		"a type is gone":            {"union Found = Viewer | Agency", "union Found = Viewer", "Found has no Agency any more"},
		"a field is gone":           {"alias: String letters", "letters", "Viewer.alias is gone"},
		"a field is renamed":        {"alias: String letters", "nick: String letters", "Viewer.alias is gone"},
		"a value is gone":           {"POST EMAIL", "POST", "Kind.EMAIL is gone"},
		"an argument is gone":       {", first: Int)", ")", "Viewer.letters(first) is gone"},
		"may be null":               {"kind: Kind! }", "kind: Kind }", "Letter.kind was Kind! and is Kind"},
		"may be null, deep":         {"[[Letter!]!]!", "[[Letter]!]!", "Viewer.letters was [[Letter!]!]! and is [[Letter]!]!"},
		"another type":              {"alias: String letters", "alias: Int letters", "Viewer.alias was String and is Int"},
		"a list":                    {"alias: String letters", "alias: [String] letters", "Viewer.alias was String and is [String]"},
		"another kind":              {"scalar Date", "enum Date { TODAY }", "Date was a scalar and is a enum"},
		"an interface is gone":      {"Viewer implements Named", "Viewer", "Viewer does not implement Named any more"},
		"an argument has to be":     {"first: Int)", "first: Int!)", "Viewer.letters(first) was Int and is Int!"},
		"a new one has to be":       {"first: Int)", "first: Int, last: Int!)", "Viewer.letters(last) is new and has to be given"},
		"an input has to be":        {"kinds: [Kind!]", "kinds: [Kind!]!", "By.kinds was [Kind!] and is [Kind!]!"},
		"a new input has to be":     {"kinds: [Kind!]", "kinds: [Kind!] day: Date!", "By.day is new and has to be given"},
		"an input is gone":          {`alias: String = "x"`, "", "By.alias is gone"},
		"one input alone":           {"input By { name: String! kinds: [Kind!] alias: String = \"x\" }", "input By @oneOf { name: String kinds: [Kind!] alias: String }", "By takes one of its members alone"},
		"a directive once":          {"repeatable on", "on", "@marked is not repeatable any more"},
		"a directive's argument":    {"@marked(by: String!)", "@marked", "@marked(by) is gone"},
		"closed to one":             {"Viewer implements Named @access(to: [DEBTOR, CASE_WORKER])", "Viewer implements Named @access(to: [DEBTOR])", "Named.name is closed to CASE_WORKER"},
		"closed to nobody":          {"agency: Agency! @public", "agency: Agency! @access(to: [DEBTOR, CASE_WORKER])", "Query.agency is closed to callers without a login"},
		"never null":                {"alias: String letters", "alias: String! letters", ""},
		"a field more":              {"alias: String letters", "alias: String nick: String letters", ""},
		"a value more":              {"POST EMAIL", "POST EMAIL SMS", ""},
		"a member more":             {"union Found = Viewer | Agency", "union Found = Viewer | Agency | Letter", ""},
		"an argument more":          {"first: Int)", "first: Int, last: Int)", ""},
		"one with a default":        {"first: Int)", "first: Int, last: Int! = 3)", ""},
		"an argument has a default": {"first: Int)", "first: Int! = 3)", ""},
		"an input may be left out":  {"name: String! kinds", "name: String kinds", ""},
		"another default":           {"kind: Kind = POST", "kind: Kind = EMAIL", ""},
		"deprecated":                {"alias: String letters", "alias: String @deprecated(reason: \"x\") letters", ""},
		"open to one more":          {"type Letter @access(to: [DEBTOR])", "type Letter @access(to: [DEBTOR, CASE_WORKER])", ""},
	}
	parse := func(text string) *ast.Schema {
		return gqlparser.MustLoadSchema(&ast.Source{Input: text})
	}
	for name, tc := range cases {
		changed := strings.Replace(before, tc.old, tc.changed, 1)
		if changed == before && tc.old != tc.changed {
			t.Fatalf("%s: the schema has no %s", name, tc.old)
		}
		found, err := compat.Breaking(parse(before), parse(changed))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := ""
		if len(found) > 0 {
			got = found[0]
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %v", name, found)
		}
	}
}
