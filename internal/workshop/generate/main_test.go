package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const generated = `package graph

import (
	"context"
)

func (ec *executionContext) _Thing_name(ctx context.Context, field graphql.CollectedField, obj *debt.Thing) (ret graphql.Marshaler) {
	return graphql.ResolveField(
		ctx,
		ec.OperationContext,
		field,
		func(ctx context.Context, field graphql.CollectedField) (*graphql.FieldContext, error) {
			return ec.fieldContext_Thing_name(ctx, field)
		},
		func(ctx context.Context) (any, error) {
			return RESULT
		},
		nil,
		func(ctx context.Context, selections ast.SelectionSet, v string) graphql.Marshaler {
			return ec.marshalNString2string(ctx, selections, v)
		},
		true,
		true,
	)
}
func (ec *executionContext) fieldContext_Thing_name(_ context.Context, field graphql.CollectedField) (fc *graphql.FieldContext, err error) {
	return graphql.NewScalarFieldContext("Thing", field, false, false, errors.New("field of type String does not have child fields"))
}
`

func TestLean(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, result, want string
	}{
		"field": {"a struct field cannot fail", "obj.Name, nil",
			"return ec.marshalNString2string(ctx, field.Selections, obj.Name)"},
		"method": {"nor a method without an error", "obj.Name(), nil",
			"return ec.marshalNString2string(ctx, field.Selections, obj.Name())"},
		"may fail": {"an error needs its path", "obj.Name()", "return graphql.ResolveField("},
		"arguments": {"arguments are read from the field's context", `obj.Name(fc.Args["a"].(int)), nil`,
			"return graphql.ResolveField("},
		"a resolver": {"a resolver reads elsewhere", "ec.Resolvers.Thing().Name(ctx, obj)", "return graphql.ResolveField("},
	}
	for name, c := range cases {
		got := lean(strings.Replace(generated, "RESULT", c.result, 1), make([]int, len(cuts)))
		if !strings.Contains(got, c.want) {
			t.Errorf("%s (%s):\n%s", name, c.reason, got)
		}
		if !strings.Contains(got, "lean.ErrLeaf") || !strings.Contains(got, `/graph/lean"`) {
			t.Errorf("%s: the error is made anew, or its package is not imported", name)
		}
	}
}

func TestOnly(t *testing.T) {
	t.Parallel()
	const head = "func (ec *executionContext) _Thing_name(ctx context.Context, field graphql.CollectedField, obj *debt.Thing) (ret graphql.Marshaler) {\n"
	leaves := map[string]bool{"Thing_name": true}
	cases := map[string]struct {
		reason string
		cut    int
		body   string
		leaves map[string]bool
		want   bool
	}{
		"leaf":      {"has no selection, and so no path of its own", 1, head, leaves, true},
		"object":    {"errors below it need its path", 1, head, nil, false},
		"amount":    {"an object, but one that cannot fail", 1, head + "return ec.marshalNMoney2", nil, true},
		"in memory": {"nothing to wait for", 2, "func x() {\n\tout.Dispatch(ctx)\n}\n", nil, true},
		"concurrent": {"resolvers run at once", 2, "func x() {\n\tout.Concurrently(i, f)\n\tout.Dispatch(ctx)\n}\n", nil,
			false},
		"a case":   {"its resolvers answer from memory", 0, "func (ec *executionContext) _Case(", nil, true},
		"a person": {"its resolvers wait", 0, "func (ec *executionContext) _Viewer(", nil, false},
	}
	for name, c := range cases {
		if got := cuts[c.cut].only(c.body, c.leaves); got != c.want {
			t.Errorf("%s (%s): %v", name, c.reason, got)
		}
	}
}

// TestRemembered: a resolver more, of whatever form, brings none of these types its goroutines back.
func TestRemembered(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../graph/*.generated.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, name := range remembered {
		_, body, _ := strings.Cut(all.String(), "func (ec *executionContext) _"+name+"(")
		body, _, _ = strings.Cut(body, "\nfunc ")
		if !strings.Contains(body, "lean.NewFields(") {
			t.Errorf("%s is not read from memory alone", name)
		}
	}
}
