package access

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/fault"
)

// Check refuses an operation that selects a field which is closed to the caller: with
// UNAUTHENTICATED when nobody is logged in, else with FORBIDDEN. The error names the first such
// field in the document as Type.field, and nothing else. It ignores what @skip and @include
// leave out, and introspection, which has a switch of its own.
//
// The operation has been validated against the schema of the table.
func (t *Table) Check(op *ast.OperationDefinition, vars map[string]any, caller Caller) error {
	field := t.firstDenied(op.SelectionSet, vars, caller)
	if field == nil {
		return nil
	}
	coordinate := field.Name
	if field.ObjectDefinition != nil {
		coordinate = field.ObjectDefinition.Name + "." + field.Name
	}
	denied := fault.New(fault.Forbidden, "%s is not open to this login", coordinate)
	if caller == nobody {
		denied = fault.New(fault.Unauthenticated, "log in first: %s needs a login", coordinate)
	}
	denied.Field = coordinate
	return denied
}

func (t *Table) firstDenied(selections ast.SelectionSet, vars map[string]any, caller Caller) (denied *ast.Field) {
	Walk(selections, vars, func(f *ast.Field) bool {
		if denied != nil || len(f.Name) > 1 && f.Name[:2] == "__" {
			return false
		}
		if r, known := t.fields[f.Definition]; !known || !r.allows(caller) {
			denied = f
		}
		return denied == nil
	})
	return denied
}

// Walk calls visit for every field that is part of the answer, in the order of the document, and
// goes on below the fields for which it returns true. A fragment is walked where it is first
// spread, and never again: in a short document, fragments can spread each other so often that
// going through all of them would never end.
func Walk(selections ast.SelectionSet, vars map[string]any, visit func(*ast.Field) bool) {
	w := walk{vars: vars, visit: visit}
	w.below(selections)
}

type walk struct {
	vars  map[string]any
	visit func(*ast.Field) bool
	seen  []*ast.FragmentDefinition
}

func (w *walk) below(selections ast.SelectionSet) {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			if included(s.Directives, w.vars) && w.visit(s) {
				w.below(s.SelectionSet)
			}
		case *ast.InlineFragment:
			if included(s.Directives, w.vars) {
				w.below(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if included(s.Directives, w.vars) && !slices.Contains(w.seen, s.Definition) {
				w.seen = append(w.seen, s.Definition)
				w.below(s.Definition.SelectionSet)
			}
		}
	}
}

// included says whether a selection with these directives is part of the answer: @skip and
// @include, read as gqlgen does.
func included(directives ast.DirectiveList, vars map[string]any) bool {
	for _, d := range directives {
		if d.Name == "skip" && d.ArgumentMap(vars)["if"] == true {
			return false
		}
		if d.Name == "include" && d.ArgumentMap(vars)["if"] == false {
			return false
		}
	}
	return true
}

// May says whether a caller may select a field of a type.
func (t *Table) May(caller Caller, field *ast.FieldDefinition) bool {
	r, known := t.fields[field]
	return known && r.allows(caller)
}

// Sees says whether a caller may have a Node of a type: whether its id is open to them. Nobody
// sees an object of a type that has no id, or that is not in the schema.
func (t *Table) Sees(caller Caller, typeName string) bool {
	return t.ids[typeName].allows(caller)
}
