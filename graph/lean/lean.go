// Package lean is what generated code calls in place of gqlgen's own helpers where an
// object is read from memory alone: no goroutine, no deferred part, no set of names.
package lean

import (
	"context"
	"errors"
	"io"

	"github.com/99designs/gqlgen/graphql"
)

// Fields collects the values of an object's fields, as graphql.FieldSet does for
// objects with resolvers.
type Fields struct {
	fields   []graphql.CollectedField
	Values   []graphql.Marshaler
	Invalids uint32
}

// NewFields returns room for the values of the fields.
func NewFields(fields []graphql.CollectedField) *Fields {
	return &Fields{fields: fields, Values: make([]graphql.Marshaler, len(fields))}
}

// MarshalGQL writes the object. A name of GraphQL needs no escapes in JSON.
func (f *Fields) MarshalGQL(w io.Writer) {
	var buf [80]byte
	b := append(buf[:0], '{')
	for i := range f.fields {
		b = append(append(append(b, '"'), f.fields[i].Alias...), `":`...)
		_, _ = w.Write(b)
		f.Values[i].MarshalGQL(w)
		b = append(buf[:0], ',')
	}
	if len(f.fields) == 0 {
		_, _ = w.Write(b)
	}
	_, _ = io.WriteString(w, "}")
}

// Slice marshals the elements of a list one after the other. A panic is left to the field
// that the list belongs to, which then is null.
func Slice(ctx context.Context, n int, marshal func(context.Context, int) graphql.Marshaler) graphql.Array {
	list := make(graphql.Array, n)
	contexts, indexes := make([]graphql.FieldContext, n), make([]int, n)
	for i := range n {
		indexes[i] = i
		contexts[i].Index = &indexes[i]
		list[i] = marshal(graphql.WithFieldContext(ctx, &contexts[i]), i)
	}
	return list
}

// ErrLeaf says that a leaf has no fields below it; validation finds that before.
var ErrLeaf = errors.New("a leaf has no fields")
