package spec

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// debtConstants reads the string constants of packages debt and text by type from their
// source, so that a constant that is in no list of Go's is found too.
func debtConstants(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("../../debt/*.go")
	if err != nil {
		t.Fatal(err)
	}
	constants := map[string][]string{}
	for _, path := range files { // whose Language is that of debt
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Type == nil || len(spec.Values) != 1 {
				return true
			}
			typ, _ := spec.Type.(*ast.Ident)
			value, _ := spec.Values[0].(*ast.BasicLit)
			if typ != nil && value != nil && value.Kind == token.STRING {
				s, err := strconv.Unquote(value.Value)
				if err != nil {
					t.Fatal(err)
				}
				constants[typ.Name] = append(constants[typ.Name], s)
			}
			return true
		})
	}
	return constants
}

func TestCodesAreThoseOfDebt(t *testing.T) {
	t.Parallel()
	constants := debtConstants(t)
	for _, list := range CodeLists() {
		if list.Type == "" {
			continue // reasons to refuse: each act has its own
		}
		if diff := cmp.Diff(list.Values(), constants[list.Type]); diff != "" {
			t.Errorf("%s (-spec +debt.%s):\n%s", list.Name, list.Type, diff)
		}
		if other := list.Has("OTHER"); other != (list.Unlisted == asOther) {
			t.Errorf("%s: OTHER is listed: %v, but a value that is not listed is %s", list.Name, other, list.Unlisted)
		}
	}
}

func TestSpecIsSound(t *testing.T) {
	t.Parallel()
	for _, r := range Relations {
		if r.Norwegian == "" || !strings.HasSuffix(r.About, ".") {
			t.Errorf("%s is not described", r.Name)
		}
		if !r.OneRow && len(r.Unique) == 0 && r.Name != "hold" && r.Name != "scheduled_cost" {
			t.Errorf("%s has no key", r.Name)
		}
		for _, key := range r.Unique {
			for _, column := range key {
				if r.Column(column).Name == "" {
					t.Errorf("%s: no column %s of the key", r.Name, column)
				}
			}
		}
		for i, c := range r.Columns {
			name := r.Name + "." + c.Name
			if !strings.HasSuffix(c.About, ".") {
				t.Errorf("%s is not described by a sentence", name)
			}
			if _, target := Find(c.Refers); c.Refers != "" && !target.IsKey() {
				t.Errorf("%s refers to %s, which is no key", name, c.Refers)
			}
			if strings.HasSuffix(c.Name, "_ore") != c.IsAmount() {
				t.Errorf("%s: names of amounts, and no others, end in _ore", name)
			}
			if slices.ContainsFunc(r.Columns[:i], func(o Column) bool { return o.Name == c.Name }) {
				t.Errorf("%s is there twice", name)
			}
		}
	}
	for _, f := range Functions {
		if f.Norwegian == "" || !strings.HasSuffix(f.About, ".") {
			t.Errorf("%s is not described", f.Name)
		}
		for _, c := range slices.Concat(f.Arguments, f.Results) {
			if !strings.HasSuffix(c.About, ".") {
				t.Errorf("%s: %s is not described by a sentence", f.Name, c.Name)
			}
		}
	}
}
