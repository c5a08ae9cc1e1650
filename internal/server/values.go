package server

import (
	"context"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// values is gqlgen's extension that looks at input once more before an operation runs, where
// gqlparser takes what the specification does not:
//
//   - a value of an enum in another case, which generated code reads as the empty value;
//   - an Int that is written as a string, or that 32 bits do not hold; and one that is written
//     as 5.0 it does not take, though it should;
//   - an input object with @oneOf, given as a variable, with two members, none, or null.
//
// In the arguments of a mutation it tries the scalars of [Options.Scalars] as well, so that
// nothing of a mutation is done when a program has built one of its inputs wrongly.
type values struct {
	scalars map[string]func(any) error
	schema  *ast.Schema
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
} = &values{}

// ExtensionName implements [graphql.HandlerExtension].
func (*values) ExtensionName() string { return "Values" }

// Validate implements [graphql.HandlerExtension].
func (v *values) Validate(schema graphql.ExecutableSchema) error {
	v.schema = schema.Schema()
	return nil
}

// MutateOperationContext implements [graphql.OperationContextMutator].
func (v *values) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	for _, given := range op.Operation.VariableDefinitions {
		path := ast.Path{ast.PathName("variable"), ast.PathName(given.Variable)}
		if err := v.check(op.Variables[given.Variable], given.Type, path, nil); err != nil {
			return err
		}
	}
	if op.Operation.Operation != ast.Mutation || v.scalars == nil {
		return nil
	}
	for _, field := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{v.schema.Mutation.Name}) {
		arguments := field.ArgumentMap(op.Variables)
		for _, a := range field.Definition.Arguments {
			path := ast.Path{ast.PathName("argument"), ast.PathName(a.Name)}
			if err := v.check(arguments[a.Name], a.Type, path, v.scalars); err != nil {
				err.Locations = []gqlerror.Location{{Line: field.Position.Line, Column: field.Position.Column}}
				return err
			}
		}
	}
	return nil
}

// check returns what is wrong with a value of a type, and of scalars those that are named.
func (v *values) check(value any, t *ast.Type, at ast.Path, scalars map[string]func(any) error) *gqlerror.Error {
	if value == nil {
		return nil // gqlparser knows where null may be
	}
	if t.Elem != nil {
		list := reflect.ValueOf(value) // of any, or of what one item was that stood for a list
		for i := 0; list.Kind() == reflect.Slice && i < list.Len(); i++ {
			if err := v.check(list.Index(i).Interface(), t.Elem, append(at, ast.PathIndex(i)), scalars); err != nil {
				return err
			}
		}
		return nil
	}
	switch def := v.schema.Types[t.NamedType]; def.Kind {
	case ast.Enum:
		if text, ok := value.(string); ok && def.EnumValues.ForName(text) == nil {
			return gqlerror.ErrorPathf(at, "%s is not a valid %s", text, def.Name)
		}
	case ast.Scalar:
		return scalar(value, def.Name, at, scalars[def.Name])
	case ast.InputObject:
		return v.members(value, def, at, scalars)
	}
	return nil
}

func scalar(value any, name string, at ast.Path, fits func(any) error) *gqlerror.Error {
	if name == "Int" {
		if _, isText := value.(string); isText {
			return gqlerror.ErrorPathf(at, "cannot use string as Int")
		}
		if n, isNumber := whole(value); isNumber && (n < math.MinInt32 || n > math.MaxInt32) {
			return gqlerror.ErrorPathf(at, "cannot use value ")
		}
	}
	if fits != nil && fits(value) != nil {
		return gqlerror.ErrorPathf(at, " is not a valid %s", name)
	}
	return nil
}

func whole(value any) (int64, bool) {
	switch n := value.(type) {
	case int64:
		return n, true
	case json.Number:
		i, err := n.Int64()
		return i, err == nil
	}
	return 0, false
}

func (v *values) members(value any, def *ast.Definition, at ast.Path,
	scalars map[string]func(any) error) *gqlerror.Error {
	members, _ := value.(map[string]any)
	if def.Directives.ForName("oneOf") != nil && !one(members) {
		return gqlerror.ErrorPathf(at, oneMember)
	}
	for _, f := range def.Fields {
		if err := v.check(members[f.Name], f.Type, append(at, ast.PathName(f.Name)), scalars); err != nil {
			return err
		}
	}
	return nil
}

const oneMember = "must have exactly one member, and not null"

// one says that there is exactly one member, which is not null.
func one(members map[string]any) bool {
	for _, value := range members {
		return len(members) == 1 && value != nil
	}
	return false
}

// MutateOperationParameters implements [graphql.OperationParameterMutator]: a number without a
// fraction is an Int however it is written, which gqlparser does not know.
func (*values) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	for name, value := range params.Variables {
		params.Variables[name] = wholeNumbers(value)
	}
	return nil
}

// wholeNumbers writes the numbers in a value, in place, that have no fraction as digits alone:
// 5.0 and 5e0 are 5.
func wholeNumbers(value any) any {
	switch v := value.(type) {
	case json.Number:
		return wholeNumber(v)
	case []any:
		for i := range v {
			v[i] = wholeNumbers(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = wholeNumbers(v[name])
		}
	}
	return value
}

func wholeNumber(n json.Number) json.Number {
	const exact = 1 << 53 // beyond it a float has no digits of its own
	if strings.ContainsAny(string(n), ".eE") {
		if f, err := n.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) <= exact {
			return json.Number(strconv.FormatInt(int64(f), 10))
		}
	}
	return n
}
