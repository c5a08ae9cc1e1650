package access

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	accessDirective = "access"
	publicDirective = "public"

	node = "Node"
)

// rule says who may select a field.
type rule struct {
	public bool
	to     Caller
}

func (r rule) allows(c Caller) bool { return r.public || r.to&c != 0 }

func (r rule) and(other rule) rule {
	switch {
	case r.public:
		return other
	case other.public:
		return r
	default:
		return rule{to: r.to & other.to}
	}
}

// Table holds the rule of every field of a schema. A field that is not in it is refused.
type Table struct {
	fields map[*ast.FieldDefinition]rule
	ids    map[string]rule // of the field id, by its type
}

// NewTable reads the directives of a schema: those of a field, else those of its type. A field
// of an interface is open to a caller if it is open to them in every type that implements the
// interface. Only Node goes by its own rule, as its objects are asked for by id alone: whoever
// returns one asks Sees first. The error names every field without a rule, and every rule that
// makes no sense.
//
// The types that operations begin with have no rule for all their fields: each new field needs a
// decision.
func NewTable(schema *ast.Schema) (*Table, error) {
	t := &Table{fields: map[*ast.FieldDefinition]rule{}, ids: map[string]rule{}}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(schema.Types)) {
		of := schema.Types[name]
		if of.Kind != ast.Object && of.Kind != ast.Interface || strings.HasPrefix(name, "__") {
			continue
		}
		isRoot := of == schema.Query || of == schema.Mutation || of == schema.Subscription
		whole, given, err := ruleOf(of.Directives)
		if err == nil && given && isRoot {
			err = errors.New("each field of a root type has a rule of its own")
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
		}
		for _, f := range of.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			own, has, err := ruleOf(f.Directives)
			switch {
			case err != nil:
				faults = append(faults, fmt.Errorf("%s.%s: %w", name, f.Name, err))
			case has:
				t.fields[f] = own
			case given && !isRoot:
				t.fields[f] = whole
			default:
				faults = append(faults,
					fmt.Errorf("%s.%s: who may select it? neither the field nor its type has @access or @public", name, f.Name))
			}
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	t.narrow(schema)
	return t, nil
}

// narrow closes a field of an interface to callers who may not select it in some type: nobody
// knows before reading which type the answer has.
func (t *Table) narrow(schema *ast.Schema) {
	for _, of := range schema.Types {
		if id := of.Fields.ForName("id"); id != nil && of.Kind == ast.Object {
			t.ids[of.Name] = t.fields[id]
		}
		if of.Kind != ast.Interface || of.Name == node {
			continue
		}
		for _, f := range of.Fields {
			for _, possible := range schema.GetPossibleTypes(of) {
				if same := possible.Fields.ForName(f.Name); same != nil {
					t.fields[f] = t.fields[f].and(t.fields[same])
				}
			}
		}
	}
}

// ruleOf reads the rule of a type or field; given is false where there is none.
func ruleOf(directives ast.DirectiveList) (r rule, given bool, err error) {
	public, to := directives.ForName(publicDirective), directives.ForName(accessDirective)
	switch {
	case public != nil && to != nil:
		return r, false, errors.New("it has both @access and @public")
	case public != nil:
		return rule{public: true}, true, nil
	case to == nil:
		return r, false, nil
	}
	list := to.Arguments.ForName("to")
	if list == nil || list.Value.Kind != ast.ListValue || len(list.Value.Children) == 0 {
		return r, false, errors.New("@access names nobody")
	}
	for _, child := range list.Value.Children {
		caller, known := byName[child.Value.Raw]
		if !known {
			return r, false, fmt.Errorf("@access names %s, which is not a kind of caller", child.Value.Raw)
		}
		r.to |= caller
	}
	return r, true, nil
}
