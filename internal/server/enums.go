package server

import (
	"context"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// enums is gqlgen's extension that refuses a value of an enum, in a variable, that is not
// written as in the schema: gqlparser takes it in any case, and generated code then reads it
// as the empty value, such as a filter that finds nothing.
type enums struct{ types map[string]*ast.Definition }

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = &enums{}

// ExtensionName implements [graphql.HandlerExtension].
func (*enums) ExtensionName() string { return "Enums" }

// Validate implements [graphql.HandlerExtension].
func (e *enums) Validate(schema graphql.ExecutableSchema) error {
	e.types = schema.Schema().Types
	return nil
}

// MutateOperationContext implements [graphql.OperationContextMutator].
func (e *enums) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	for _, v := range op.Operation.VariableDefinitions {
		path := ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)}
		if err := e.check(op.Variables[v.Variable], v.Type, path); err != nil {
			return err
		}
	}
	return nil
}

func (e *enums) check(value any, t *ast.Type, at ast.Path) *gqlerror.Error {
	if t.Elem != nil {
		list := reflect.ValueOf(value) // of any, or of what one item was that stood for a list
		for i := 0; list.Kind() == reflect.Slice && i < list.Len(); i++ {
			if err := e.check(list.Index(i).Interface(), t.Elem, append(at, ast.PathIndex(i))); err != nil {
				return err
			}
		}
		return nil
	}
	def := e.types[t.NamedType]
	switch def.Kind {
	case ast.Enum:
		if text, ok := value.(string); ok && def.EnumValues.ForName(text) == nil {
			return gqlerror.ErrorPathf(at, "%s is not a valid %s", text, def.Name)
		}
	case ast.InputObject:
		members, _ := value.(map[string]any)
		for _, f := range def.Fields {
			if member, given := members[f.Name]; given {
				if err := e.check(member, f.Type, append(at, ast.PathName(f.Name))); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
