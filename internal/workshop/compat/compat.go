// Package compat finds what a change of the schema breaks for clients that were written against
// an earlier one.
package compat

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/caller/access"
)

// Breaking names every place in which an operation that was valid under the old schema may no
// longer be, or may get an answer that its client does not expect: Type, Type.field,
// Type.field(argument) or @directive, and what has become of it.
//
// A new value of an enum or member of a union is none: clients are told to expect them. Nor is a
// changed default.
func Breaking(old, changed *ast.Schema) ([]string, error) {
	d := difference{}
	for _, name := range slices.Sorted(maps.Keys(old.Types)) {
		if was := old.Types[name]; !was.BuiltIn {
			d.types(was, changed.Types[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(old.Directives)) {
		was, is := old.Directives[name], changed.Directives[name]
		switch {
		case is == nil:
			d.say("@"+name, "is gone")
		case was.IsRepeatable && !is.IsRepeatable:
			d.say("@"+name, "is not repeatable any more")
		default:
			d.arguments("@"+name, was.Arguments, is.Arguments)
		}
	}
	return d.found, d.callers(old, changed)
}

type difference struct{ found []string }

func (d *difference) say(where, format string, args ...any) {
	d.found = append(d.found, where+" "+fmt.Sprintf(format, args...))
}

func (d *difference) types(was, is *ast.Definition) {
	switch {
	case is == nil:
		d.say(was.Name, "is gone")
		return
	case is.Kind != was.Kind:
		d.say(was.Name, "was a %s and is a %s", strings.ToLower(string(was.Kind)), strings.ToLower(string(is.Kind)))
		return
	}
	for _, v := range was.EnumValues {
		if is.EnumValues.ForName(v.Name) == nil {
			d.say(was.Name+"."+v.Name, "is gone")
		}
	}
	for _, member := range was.Types {
		if !slices.Contains(is.Types, member) {
			d.say(was.Name, "has no %s any more", member)
		}
	}
	for _, name := range was.Interfaces {
		if !slices.Contains(is.Interfaces, name) {
			d.say(was.Name, "does not implement %s any more", name)
		}
	}
	if was.Kind == ast.InputObject {
		d.input(was, is)
		return
	}
	for _, f := range was.Fields {
		where, now := was.Name+"."+f.Name, is.Fields.ForName(f.Name)
		if now == nil {
			d.say(where, "is gone")
			continue
		}
		if !takes(f.Type, now.Type) {
			d.say(where, "was %s and is %s", f.Type, now.Type)
		}
		d.arguments(where, f.Arguments, now.Arguments)
	}
}

func (d *difference) input(was, is *ast.Definition) {
	const oneOf = "oneOf"
	if was.Directives.ForName(oneOf) == nil && is.Directives.ForName(oneOf) != nil {
		d.say(was.Name, "takes one of its members alone")
	}
	for _, f := range was.Fields {
		if now := is.Fields.ForName(f.Name); now == nil {
			d.say(was.Name+"."+f.Name, "is gone")
		} else if !takes(now.Type, f.Type) {
			d.say(was.Name+"."+f.Name, "was %s and is %s", f.Type, now.Type)
		}
	}
	for _, f := range is.Fields {
		if was.Fields.ForName(f.Name) == nil && f.Type.NonNull && f.DefaultValue == nil {
			d.say(was.Name+"."+f.Name, "is new and has to be given")
		}
	}
}

func (d *difference) arguments(where string, was, is ast.ArgumentDefinitionList) {
	for _, a := range was {
		if now := is.ForName(a.Name); now == nil {
			d.say(where+"("+a.Name+")", "is gone")
		} else if !takes(now.Type, a.Type) && (now.DefaultValue == nil || !takes(nullable(now.Type), a.Type)) {
			d.say(where+"("+a.Name+")", "was %s and is %s", a.Type, now.Type)
		}
	}
	for _, a := range is {
		if was.ForName(a.Name) == nil && a.Type.NonNull && a.DefaultValue == nil {
			d.say(where+"("+a.Name+")", "is new and has to be given")
		}
	}
}

func nullable(t *ast.Type) *ast.Type {
	free := *t
	free.NonNull = false
	return &free
}

// takes says whether every value of one type is a value of a wider one.
func takes(wide, narrow *ast.Type) bool {
	switch {
	case wide.NonNull && !narrow.NonNull, (wide.Elem == nil) != (narrow.Elem == nil):
		return false
	case wide.Elem != nil:
		return takes(wide.Elem, narrow.Elem)
	default:
		return wide.NamedType == narrow.NamedType
	}
}

// callers names the fields that some kind of caller could select, and cannot any more.
func (d *difference) callers(old, changed *ast.Schema) error {
	before, err := access.NewTable(old)
	if err != nil {
		return fmt.Errorf("the old schema: %w", err)
	}
	now, err := access.NewTable(changed)
	if err != nil {
		return fmt.Errorf("the changed schema: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(old.Types)) {
		was, is := old.Types[name], changed.Types[name]
		if is == nil || was.BuiltIn || was.Kind != ast.Object && was.Kind != ast.Interface {
			continue
		}
		for _, f := range was.Fields {
			field := is.Fields.ForName(f.Name)
			for _, c := range callersOf(old) {
				if field != nil && before.May(c.kind, f) && !now.May(c.kind, field) {
					d.say(name+"."+f.Name, "is closed to %s", c.name)
				}
			}
		}
	}
	return nil
}

type callerKind struct {
	name string
	kind access.Caller
}

// callersOf returns the kinds of caller that a schema names, and nobody.
func callersOf(s *ast.Schema) []callerKind {
	all := []callerKind{{name: "callers without a login"}}
	if named := s.Types["Caller"]; named != nil {
		for _, v := range named.EnumValues {
			all = append(all, callerKind{v.Name, access.Named(v.Name)})
		}
	}
	return all
}
