package server

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/internal/text"
)

// values is gqlgen's extension that looks at input once more before an operation runs, where
// gqlparser takes what the specification does not:
//
//   - a value of an enum in another case, which generated code reads as the empty value;
//   - an Int that is written as a string, or that 32 bits do not hold; and one that is written
//     as 5.0 it does not take, though it should;
//   - a String that is a number, and an ID that is one with a fraction;
//   - in a query, a text that nobody can have typed, which a database may not take;
//   - an input object with @oneOf, given as a variable, with two members, none, or null.
//
// In the arguments of a mutation it tries the scalars of [Options.Scalars] as well, so that
// nothing of a mutation is done when a program has built one of its inputs wrongly. What people
// type is the mutation's own to look at: it answers by a user error at the field.
type values struct {
	scalars scalars
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
	tried := ofQueries
	if op.Operation.Operation == ast.Mutation {
		tried = ofMutations
	}
	for _, given := range op.Operation.VariableDefinitions {
		path := ast.Path{ast.PathName("variable"), ast.PathName(given.Variable)}
		if err := v.check(op.Variables[given.Variable], given.Type, path, tried); err != nil {
			return err
		}
	}
	if op.Operation.Operation != ast.Mutation {
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
func (v *values) check(value any, t *ast.Type, at ast.Path, tried scalars) *gqlerror.Error {
	if value == nil {
		return nil // gqlparser knows where null may be
	}
	if t.Elem != nil {
		list := reflect.ValueOf(value) // of any, or of what one item was that stood for a list
		for i := 0; list.Kind() == reflect.Slice && i < list.Len(); i++ {
			if err := v.check(list.Index(i).Interface(), t.Elem, append(at, ast.PathIndex(i)), tried); err != nil {
				return err
			}
		}
		return nil
	}
	switch def := v.schema.Types[t.NamedType]; def.Kind {
	case ast.Enum:
		if name, ok := value.(string); ok && def.EnumValues.ForName(name) == nil {
			return gqlerror.ErrorPathf(at, " is not a valid %s", def.Name)
		}
	case ast.Scalar:
		if fits := tried[def.Name]; fits != nil {
			if err := fits(value); err != nil {
				return gqlerror.ErrorPathf(at, "%s", valueFault(err, def.Name))
			}
		}
	case ast.InputObject:
		return v.members(value, def, at, tried)
	}
	return nil
}

// scalars try a value of a scalar, by its name.
type scalars map[string]func(any) error

// What is tried of the variables of any schema.
var (
	ofQueries   = scalars{"Int": isInt, "Float": isFloat, "String": isPlain, "ID": isID}
	ofMutations = scalars{"Int": isInt, "Float": isFloat, "String": isString, "ID": isID}
)

var (
	errText  = errors.New("cannot use string as Int")
	errFloat = errors.New("cannot use string as Float")
	errRange = errors.New(outOfRange)
	errOdd   = errors.New(oddText)
	errDigit = errors.New("cannot use a number as String")
	errPart  = errors.New("cannot use a number with a fraction as ID")
)

const (
	outOfRange = "cannot use value " // as gqlparser begins it
	oddText    = "has control characters other than tabs and line breaks"
)

// valueFault returns what may be told of an error: those of [Options.Scalars] may repeat the value.
func valueFault(err error, name string) string {
	if slices.Contains([]error{errText, errFloat, errRange, errOdd, errDigit, errPart}, err) {
		return err.Error()
	}
	return " is not a valid " + name
}

func isInt(value any) error {
	if _, isText := value.(string); isText {
		return errText
	}
	if n, isNumber := whole(value); isNumber && (n < math.MinInt32 || n > math.MaxInt32) {
		return errRange
	}
	return nil
}

func isPlain(value any) error {
	if s, isText := value.(string); isText && !text.Plain(s) {
		return errOdd
	}
	return isString(value)
}

func isFloat(value any) error {
	if _, isText := value.(string); isText {
		return errFloat
	}
	return nil
}

func isString(value any) error {
	if _, isNumber := value.(json.Number); isNumber {
		return errDigit
	}
	return nil
}

func isID(value any) error {
	n, isNumber := value.(json.Number)
	if _, err := strconv.ParseInt(string(n), 10, 64); isNumber && err != nil {
		return errPart
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
	tried scalars) *gqlerror.Error {
	members, _ := value.(map[string]any)
	if def.Directives.ForName("oneOf") != nil && !one(members) {
		return gqlerror.ErrorPathf(at, oneMember)
	}
	for _, f := range def.Fields {
		if err := v.check(members[f.Name], f.Type, append(at, ast.PathName(f.Name)), tried); err != nil {
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
