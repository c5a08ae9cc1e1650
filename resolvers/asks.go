package resolvers

import (
	"reflect"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/graph"
)

// dear is what a field counts that asks several databases, or takes a core for long.
const dear = 4

// asks are the fields that count otherwise than Asks says. What is read once however often it is
// selected counts nothing: all viewers of an operation, all objects by their ids, and the agencies'
// public facts, which are kept.
var asks = map[string]int{
	"Query.viewer": 0, "Query.node": 0, "Query.nodes": 0, "Query.agencies": 0, "Query.staff": 0, "Query.faq": 1,
	"Viewer.login": 0, "Viewer.actingFor": 0,
	"Viewer.accessLog": 2, "Viewer.changes": 2, "Staff.accessLog": 2,
	"Viewer.paymentSolutions": dear, "Staff.person": dear, "StaffPerson.paymentSolutions": dear,
}

// Asks says what each field asks of databases, or of a core, each time that it is selected, for
// [server.Options.Asks]: one for a statement in our own database, which is what a field with a
// resolver costs below the viewer and the staff, and dear for fields of the root.
func Asks(schema *ast.Schema) map[string]int {
	all := map[string]int{}
	for _, of := range []struct {
		name  string
		with  reflect.Type
		count int
	}{
		{"Query", reflect.TypeFor[graph.QueryResolver](), dear},
		{"Mutation", reflect.TypeFor[graph.MutationResolver](), dear},
		{"Viewer", reflect.TypeFor[graph.ViewerResolver](), 1},
		{"Staff", reflect.TypeFor[graph.StaffResolver](), 1},
		{"StaffPerson", reflect.TypeFor[graph.StaffPersonResolver](), 1},
	} {
		for _, f := range schema.Types[of.name].Fields {
			for m := range of.with.Methods() {
				if strings.EqualFold(m.Name, f.Name) {
					all[of.name+"."+f.Name] = of.count
				}
			}
		}
	}
	for field, count := range asks {
		all[field] = count
	}
	return all
}
