package resolvers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/acttest/examples"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// asked returns what a person can ask for of an act, rightly and wrongly; what goes before it is
// done.
func (p *portal) asked(a *act.Act, who people.Person) acttest.Asked {
	p.t.Helper()
	return p.example(a).Asked(p.t, p.site(), acttest.Meet(p.t, p.resolver.Agencies, who))
}

// suiting returns somebody who suits an act, and was not met before, with what they can ask for.
func (p *portal) suiting(a *act.Act) (norway.NationalID, acttest.Asked) {
	p.t.Helper()
	for ; p.met < population; p.met++ {
		who := people.New(1, today).Person(p.met)
		if who.NationalID.IsZero() {
			continue
		}
		if s := acttest.Meet(p.t, p.resolver.Agencies, who); p.example(a).Fits(s) {
			p.met++
			return who.NationalID, p.example(a).Asked(p.t, p.site(), s)
		}
	}
	p.t.Fatalf("nobody suits %s any more", a.Name)
	return norway.NationalID{}, acttest.Asked{}
}

func (p *portal) example(a *act.Act) acttest.Example {
	p.t.Helper()
	return examples.For(p.t, p.resolver.Acts, a)
}

// site is where examples are asked for.
func (p *portal) site() *acttest.Site {
	r := p.resolver
	return &acttest.Site{Agencies: r.Agencies, Engine: r.Engine, Acts: r.Acts, SealOffer: r.IDs.SealOffer}
}

// argument writes an input of an act as the argument of its mutation.
func (p *portal) argument(a *act.Act, key uuid.UUID, in act.Input) string {
	of := schema.Mutation.Fields.ForName(a.Name.Mutation()).Arguments[0].Type
	return "(input: " + literal(of, acttest.Values(acttest.Keyed(in, key), p.resolver.IDs.Seal)) + ")"
}

// literal writes a value of a type as it stands in a document.
func literal(of *ast.Type, value any) string {
	def := schema.Types[of.Name()]
	switch v := value.(type) {
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, literal(of.Elem, item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		var members []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			members = append(members, name+": "+literal(def.Fields.ForName(name).Type, v[name]))
		}
		return "{" + strings.Join(members, ", ") + "}"
	case string:
		if def.Kind == ast.Enum {
			return v
		}
		text, _ := json.Marshal(v) // a string always can be
		return string(text)
	}
	return fmt.Sprint(value)
}
