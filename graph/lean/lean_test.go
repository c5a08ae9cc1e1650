package lean_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/graph/lean"
)

func TestFieldsWriteWhatFieldSetWrites(t *testing.T) {
	t.Parallel()
	for name, aliases := range map[string][]string{"none": {}, "one": {"a"},
		"some": {"a", "b_2",
			"aVeryLongAliasThatIsLongerThanTheBufferOnTheStackWhichHasEightyBytesOfRoomForNamesAndPunctuation"}} {
		fields := make([]graphql.CollectedField, len(aliases))
		for i, alias := range aliases {
			fields[i].Field = &ast.Field{Alias: alias}
		}
		got, want := lean.NewFields(fields), graphql.NewFieldSet(fields)
		for i := range aliases {
			got.Values[i], want.Values[i] = graphql.MarshalInt(i), graphql.MarshalInt(i)
		}
		var a, b bytes.Buffer
		got.MarshalGQL(&a)
		want.MarshalGQL(&b)
		if a.String() != b.String() {
			t.Errorf("%s: %s, gqlgen writes %s", name, a.String(), b.String())
		}
	}
}

func TestSlice(t *testing.T) {
	t.Parallel()
	ctx := graphql.WithFieldContext(t.Context(),
		&graphql.FieldContext{Field: graphql.CollectedField{Field: &ast.Field{Alias: "list"}}})
	var paths []string
	list := lean.Slice(ctx, 3, func(ctx context.Context, i int) graphql.Marshaler {
		paths = append(paths, graphql.GetPath(ctx).String())
		return graphql.MarshalInt(i)
	})
	var out bytes.Buffer
	list.MarshalGQL(&out)
	if out.String() != "[0,1,2]" || len(paths) != 3 || paths[2] != "list[2]" {
		t.Errorf("%s at %v", out.String(), paths)
	}
}
