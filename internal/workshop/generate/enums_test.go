package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/codegen/config"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"
)

const letters = `package post

import "example.com/not/there"

type Kind string

const (
	Invoice  Kind = "INVOICE"
	Reminder Kind = "REMINDER"
	Hidden   Kind = "HIDDEN" // not in the schema
	Other         = Kind("OTHER")
)

const Loose = "LOOSE"

type Size int

func f() { there.Undefined() }
`

// TestBindEnums: a value of an enum is the constant of its type with that text, and whatever
// has no counterpart is named with the place where it belongs.
func TestBindEnums(t *testing.T) {
	const pkg = module + "internal/post."
	known := map[string]string{"INVOICE": pkg + "Invoice", "REMINDER": pkg + "Reminder", "OTHER": pkg + "Other"}
	cases := map[string]struct {
		reason, schema, code string
		model                string
		given, want          map[string]string
		says                 []string
	}{
		"by their text": {"names differ, texts do not", "enum Kind { OTHER INVOICE REMINDER }", letters, pkg + "Kind", nil,
			known, nil},
		"a value without a constant": {"it is named, with the type and the file",
			"enum Kind { INVOICE REMINDER OTHER SMS }", letters, pkg + "Kind", nil, known,
			[]string{"enum Kind, value SMS: no constant has it", `type post.Kind with the value "SMS"`,
				"internal/post/post.go"}},
		"a text is no name": {"the name of a constant says nothing", "enum Kind { INVOICE REMINDER OTHER Hidden }", letters,
			pkg + "Kind", nil, known, []string{"value Hidden"}},
		"an untyped constant": {"it is of no enum", "enum Kind { INVOICE REMINDER OTHER LOOSE }", letters, pkg + "Kind", nil,
			known, []string{"value LOOSE"}},
		"a constant without a value": {"it would be an answer that no client knows", "enum Kind { INVOICE OTHER }", letters,
			pkg + "Kind", nil, map[string]string{"INVOICE": pkg + "Invoice", "OTHER": pkg + "Other"},
			[]string{`the constant post.Reminder ("REMINDER") in internal/post/post.go`, "schema/post.graphql"}},
		"given": {"what gqlgen.yml says stays, and counts as used", "enum Kind { INVOICE MAHNUNG OTHER }", letters,
			pkg + "Kind", map[string]string{"MAHNUNG": pkg + "Reminder"},
			map[string]string{"INVOICE": pkg + "Invoice", "OTHER": pkg + "Other", "MAHNUNG": pkg + "Reminder"}, nil},
		"two of one text": {"which is meant is a guess", "enum Kind { INVOICE REMINDER OTHER }",
			letters + "const Bill Kind = \"INVOICE\"\n", pkg + "Kind", nil,
			map[string]string{"REMINDER": pkg + "Reminder", "OTHER": pkg + "Other"},
			[]string{"value INVOICE: Invoice and Bill have it"}},
		"no such type": {"a typing error in gqlgen.yml", "enum Kind { INVOICE }", letters, pkg + "Sort", nil, nil,
			[]string{"enum Kind: internal/post has no type Sort"}},
		"not ours":  {"gqlgen binds it by itself", "enum Kind { INVOICE }", letters, "example.com/x.Kind", nil, nil, nil},
		"not bound": {"gqlgen makes the type", "enum Kind { INVOICE }", letters, "", nil, nil, nil},
		"no package": {"a typing error, too", "enum Kind { INVOICE }", letters, module + "internal/none.Kind", nil, nil,
			[]string{"read constants of internal/none"}},
		"no Go": {"the compiler says more about it", "enum Kind { INVOICE }", "package post func", pkg + "Kind", nil, nil,
			[]string{"internal/post/post.go:1"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.MkdirAll(filepath.Join("internal", "post"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join("internal", "post", "post.go"), []byte(tc.code), 0o644); err != nil {
				t.Fatal(err)
			}
			conf := &config.Config{Models: config.TypeMap{}, Schema: gqlparser.MustLoadSchema(&gql.Source{
				Name: "schema/post.graphql", Input: "type Query { kind: Kind }\n" + tc.schema,
			})}
			if tc.model != "" {
				conf.Models["Kind"] = config.TypeMapEntry{Model: config.StringList{tc.model}, EnumValues: values(tc.given)}
			}
			err := bindEnums(conf)
			if (err != nil) != (len(tc.says) > 0) {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			for _, part := range tc.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%s: %q is not in: %v", tc.reason, part, err)
				}
			}
			if diff := cmp.Diff(values(tc.want), conf.Models["Kind"].EnumValues); diff != "" {
				t.Errorf("%s: %s", tc.reason, diff)
			}
		})
	}
}

func values(of map[string]string) map[string]config.EnumValue {
	if of == nil {
		return nil
	}
	all := map[string]config.EnumValue{}
	for name, value := range of {
		all[name] = config.EnumValue{Value: value}
	}
	return all
}
