package access

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Describe returns the schema of the table with a copy of each field whose description ends by
// saying who may select it. The rules hold for the copies, and no longer for the fields that they
// were read from.
func (t *Table) Describe(schema *ast.Schema) *ast.Schema {
	of, fields := map[*ast.Definition]*ast.Definition{}, map[*ast.FieldDefinition]rule{}
	copied := func(d *ast.Definition) *ast.Definition {
		if d != nil && of[d] == nil {
			of[d] = t.describe(d, fields)
		}
		return of[d]
	}
	out := *schema
	out.Types = make(map[string]*ast.Definition, len(schema.Types))
	for name, d := range schema.Types {
		out.Types[name] = copied(d)
	}
	out.Query, out.Mutation, out.Subscription = copied(schema.Query), copied(schema.Mutation), copied(schema.Subscription)
	for _, lists := range []*map[string][]*ast.Definition{&out.PossibleTypes, &out.Implements} {
		old := *lists
		*lists = make(map[string][]*ast.Definition, len(old))
		for name, list := range old {
			for _, d := range list {
				(*lists)[name] = append((*lists)[name], copied(d))
			}
		}
	}
	t.fields = fields
	return &out
}

func (t *Table) describe(d *ast.Definition, rules map[*ast.FieldDefinition]rule) *ast.Definition {
	out := *d
	out.Fields = slices.Clone(d.Fields)
	for i, f := range d.Fields {
		if r, known := t.fields[f]; known {
			with := *f
			with.Description += "\n\n" + r.String()
			rules[&with], out.Fields[i] = r, &with
		}
	}
	return &out
}

// String says in the words of a description who may select a field.
func (r rule) String() string {
	if r.public {
		return "Open to everybody, without a login too."
	}
	names := slices.SortedFunc(maps.Keys(byName), func(a, b string) int { return cmp.Compare(byName[a], byName[b]) })
	names = slices.DeleteFunc(names, func(name string) bool { return byName[name]&r.to == 0 })
	if len(names) == 0 {
		return "Open to nobody by itself: ask for it in a type."
	}
	return "Open to " + strings.Join(names, ", ") + "."
}
