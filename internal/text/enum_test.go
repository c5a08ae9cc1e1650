package text_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/text"
)

// forPrograms are enums without labels, and why nobody is shown their values.
var forPrograms = map[string]string{
	"Caller":                   "it stands in @access, for those who read the schema",
	"PersonalDataCategoryCode": "PersonalDataCategory.name says it in words",
}

// notInSchema are labels of enums that the schema does not have, and who shows them.
var notInSchema = map[string]string{
	"MessageSender":     "the archive of personal data",
	"CaseRequestKind":   "the archive of personal data",
	"CaseRequestStatus": "the archive of personal data",
}

func schema(t *testing.T) *ast.Schema {
	t.Helper()
	names, err := filepath.Glob("../../schema/*.graphql")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files of the schema: %v", len(names), err)
	}
	var sources []*ast.Source
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(content)})
	}
	s, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestEveryErrorHasAMessage: whatever can be wrong with an act is said in words.
func TestEveryErrorHasAMessage(t *testing.T) {
	t.Parallel()
	walked := 0
	for name, enum := range schema(t).Types {
		mutation, ok := strings.CutSuffix(name, "ErrorCode")
		if !ok {
			continue
		}
		mutation = strings.ToLower(mutation[:1]) + mutation[1:]
		for _, value := range enum.EnumValues {
			walked++
			if key := "act." + mutation + "." + value.Name; !text.Has(key) && !text.Has("act."+value.Name) &&
				value.Name != "INVALID" { // the member at fault has its own
				t.Errorf("%s has no text, and act.%s has none", key, value.Name)
			}
		}
	}
	if walked < 50 {
		t.Errorf("%d codes were walked", walked)
	}
}

// TestEveryEnumHasLabels: a frontend can show each value that an answer may have, and the
// catalogue has no labels of values that are gone.
func TestEveryEnumHasLabels(t *testing.T) {
	t.Parallel()
	left := map[string]bool{}
	for key := range text.All(text.NB) {
		if value, ok := strings.CutPrefix(key, "enum."); ok {
			left[value] = true
		}
	}
	s, walked := schema(t), 0
	for _, name := range slices.Sorted(maps.Keys(s.Types)) {
		enum := s.Types[name]
		if enum.Kind != ast.Enum || enum.BuiltIn {
			continue
		}
		_, exempt := forPrograms[name]
		exempt = exempt || strings.HasSuffix(name, "ErrorCode") // message says these in words
		for _, value := range enum.EnumValues {
			key := name + "." + value.Name
			if left[key] == exempt {
				t.Errorf("%s: it has a label: %t; it is for programs: %t", key, left[key], exempt)
			}
			delete(left, key)
			walked++
		}
		if why, ok := notInSchema[name]; ok {
			t.Errorf("%s is in the schema: take it out of notInSchema (%s)", name, why)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(left)) {
		if name, _, _ := strings.Cut(key, "."); notInSchema[name] == "" {
			t.Errorf("there is no value %s", key)
		}
	}
	for name := range forPrograms {
		if s.Types[name] == nil {
			t.Errorf("there is no enum %s", name)
		}
	}
	if walked < 200 {
		t.Errorf("%d values were walked", walked)
	}
}
