package resolvers_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/caller/access"
)

const goldenMatrix = "testdata/access.golden"

const aboutMatrix = `# Who may select what: every field of the schema and every caller, asked for real.
#
#   A  allowed: the answer is about the subject (or public)
#   N  allowed, but nothing of the subject's is in the answer
#   D  denied: the operation is refused whole, with FORBIDDEN or UNAUTHENTICATED
#
# Written by UPDATE_GOLDEN=1 go test ./resolvers -run TestAccessMatrix. Look at each line
# of the change: a letter that turns from D to A opens somebody's records.
#
`

// TestAccessMatrix sends an operation that reaches each field of the schema as each caller,
// and compares what came of it with a table that was reviewed. No answer may show an id of
// the subject's that the caller is not let at.
func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	columns := s.columns(p)
	var out strings.Builder
	out.WriteString(aboutMatrix)
	for _, c := range columns {
		fmt.Fprintf(&out, "# %-13s %s\n", c.name, c.reason)
		if c.caller != nil {
			p.know(c.name, c.caller)
		}
		if c.as&(access.CaseWorker|access.Supervisor) != 0 { // what staff fetch by id, they have looked up
			p.askAs(c.name, lookUp, byPerson(s.id.Reveal(), why))
		}
	}
	s.ask(p)
	fmt.Fprintf(&out, "\n%-34s", "field")
	for _, c := range columns {
		out.WriteString(" " + c.name)
	}
	out.WriteString("\n")
	for _, row := range rows() {
		fmt.Fprintf(&out, "%-34s", row.name())
		for _, c := range columns {
			fmt.Fprintf(&out, " %-*s", len(c.name), s.cell(p, row, c))
		}
		out.WriteString("\n")
	}
	got := trailing.ReplaceAllString(out.String(), "")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(goldenMatrix, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenMatrix)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("who may select what has changed (-reviewed +now): is every new letter meant?\n%s", diff)
	}
}

var trailing = regexp.MustCompile(`(?m) +$`)

// coordinate is a field of a type.
type coordinate struct {
	of    *ast.Definition
	field *ast.FieldDefinition
}

func (c coordinate) name() string { return c.of.Name + "." + c.field.Name }

// rows are all fields of objects and interfaces; those of the root types come first.
func rows() []coordinate {
	var all []coordinate
	for _, name := range slices.Sorted(maps.Keys(schema.Types)) {
		if t := schema.Types[name]; !strings.HasPrefix(name, "__") && (t.Kind == ast.Object || returned(t)) {
			for _, f := range t.Fields {
				if !strings.HasPrefix(f.Name, "__") {
					all = append(all, coordinate{t, f})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b coordinate) int { return rootRank(a.of) - rootRank(b.of) })
	return all
}

func named(way []coordinate) (names []string) {
	for _, c := range way {
		names = append(names, c.name())
	}
	return names
}

// returned says whether a field returns an interface: errors are seen by their types alone.
func returned(t *ast.Definition) bool {
	if t.Kind != ast.Interface {
		return false
	}
	for _, other := range schema.Types {
		if slices.ContainsFunc(other.Fields, func(f *ast.FieldDefinition) bool { return f.Type.Name() == t.Name }) {
			return true
		}
	}
	return false
}

func rootRank(t *ast.Definition) int {
	if i := slices.Index([]*ast.Definition{schema.Query, schema.Mutation, schema.Subscription}, t); i >= 0 {
		return i
	}
	return 3
}

// route returns the shortest way from a root to a coordinate: through fields that the
// caller may select, else through any. A quote is the last resort: whether it can be had depends on the day.
func route(to coordinate, as access.Caller) []coordinate {
	may := func(f *ast.FieldDefinition) bool { return rules().May(as, f) }
	for _, pass := range []func(*ast.FieldDefinition) bool{
		func(f *ast.FieldDefinition) bool { return may(f) && !strings.HasPrefix(f.Name, "quote") },
		may,
		func(*ast.FieldDefinition) bool { return true },
	} {
		for _, root := range []*ast.Definition{schema.Query, schema.Mutation} {
			if root == nil {
				continue
			}
			if found := shortest(root, to, pass); found != nil {
				return found
			}
		}
	}
	return nil
}

func shortest(root *ast.Definition, to coordinate, pass func(*ast.FieldDefinition) bool) []coordinate {
	ways := map[*ast.Definition][]coordinate{root: {}}
	for queue := []*ast.Definition{root}; len(queue) > 0; queue = queue[1:] {
		here := queue[0]
		if here == to.of {
			return append(slices.Clone(ways[here]), to)
		}
		for _, f := range here.Fields {
			next := schema.Types[f.Type.Name()]
			if _, seen := ways[next]; seen || next.IsLeafType() || strings.HasPrefix(f.Name, "__") || !pass(f) {
				continue
			}
			ways[next] = append(slices.Clone(ways[here]), coordinate{here, f})
			queue = append(queue, next)
		}
	}
	return nil
}

// fieldsAtOnce returns the fields that are asked for in one operation with the last of the
// way: it alone, but below a payment solution, which takes long to compute, all of its type
// that the caller may select. One of them that is refused would refuse them all.
func fieldsAtOnce(way []coordinate, as access.Caller) ast.FieldList {
	last := way[len(way)-1]
	costly := slices.ContainsFunc(way[:len(way)-1],
		func(step coordinate) bool { return step.field.Name == "paymentSolutions" })
	if !costly || !rules().May(as, last.field) {
		return ast.FieldList{last.field}
	}
	return slices.DeleteFunc(slices.Clone(last.of.Fields), func(f *ast.FieldDefinition) bool {
		return !rules().May(as,
			f)
	})
}

// write returns the operation that goes the way, to some fields of the last type. Wherever a
// person is passed, it also asks whose records these are.
func (s *subject) write(way []coordinate, fields ast.FieldList) string {
	arguments := s.arguments()
	operation, end := "", ""
	if way[0].of == schema.Mutation {
		operation = "mutation "
	}
	for i, step := range way {
		operation += "{ " + probe(step.of)
		end += " }"
		if i < len(way)-1 {
			operation += s.call(step, arguments)
		}
	}
	for _, f := range fields {
		operation += s.call(coordinate{way[len(way)-1].of, f}, arguments)
		if of := schema.Types[f.Type.Name()]; !of.IsLeafType() {
			operation += "{ __typename " + probe(of) + "} "
		}
	}
	return operation + end
}

// call writes a field with its arguments.
func (s *subject) call(step coordinate, arguments map[string]string) string {
	given := arguments[step.name()]
	for _, a := range step.field.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil && given == "" {
			s.t.Fatalf("%s needs %s: give it arguments in callers_test.go", step.name(), a.Name)
		}
	}
	return step.field.Name + given + " "
}

// probe selects whose records these are, where a person is.
func probe(t *ast.Definition) string {
	switch {
	case t.Name == "Viewer" || t.Name == "StaffPerson":
		return "whose: debtors { id } "
	case t.Fields.ForName("userErrors") != nil:
		return "why: userErrors { field } "
	default:
		return ""
	}
}

// cell asks for a field as a caller, and returns what came of it.
func (s *subject) cell(p *portal, row coordinate, c column) string {
	s.t.Helper()
	way := route(row, c.as)
	if way == nil {
		s.t.Fatalf("no way leads to %s", row.name())
	}
	query := s.write(way, fieldsAtOnce(way, c.as))
	a, asked := s.answers[c.name+query]
	if !asked {
		a = p.askAs(c.name, query, nil)
		s.answers[c.name+query] = a
	}
	for id := range s.everything {
		if !c.sees[id] && strings.Contains(a.Raw, id) {
			s.t.Errorf("%s as %s shows an id that is none of theirs: %s: %s", row.name(), c.name, query, a.Raw)
		}
	}
	if strings.Contains(a.Raw, s.id.Reveal()) && row.name() != "StaffPerson.nationalId" {
		s.t.Errorf("%s as %s shows the national identity number: %s", row.name(), c.name, a.Raw)
	}
	switch codes := a.codes(); codes {
	case "[]":
		return s.whose(p, way, a)
	case "[FORBIDDEN]", "[UNAUTHENTICATED]":
		s.denied(way, c, a)
		return "D"
	case "[NOT_FOUND]":
		return "N"
	case "[BAD_USER_INPUT]": // what it was given is not the caller's
		if strings.HasSuffix(a.Errors[0].Extensions.Field, "Id") {
			return "N"
		}
	}
	s.t.Errorf("%s as %s: %s: %s", row.name(), c.name, query, a.Raw)
	return "?"
}

// whose looks whether an answer is about the subject.
func (s *subject) whose(p *portal, way []coordinate, a answer) string {
	var data any = a.object(p.t)
	for i := 0; i <= len(way); i++ {
		if list, ok := at(data, "whose").([]any); ok {
			for _, debtor := range list {
				if s.everything[at(debtor, "id").(string)] {
					return "A"
				}
			}
			return "N"
		}
		if list, ok := at(data, "why").([]any); ok && len(list) > 0 {
			return "N"
		}
		if i < len(way) {
			data = at(data, way[i].field.Name)
		}
	}
	return "A"
}

// denied holds a refusal to its form: one error that names the field and nothing else.
func (s *subject) denied(way []coordinate, c column, a answer) {
	e := a.Errors[0]
	if a.Data != nil || a.Status != 401 && a.Status != 403 || len(e.Path) > 0 ||
		(e.Extensions.Code == "UNAUTHENTICATED") != (c.caller == nil) {
		s.t.Errorf("%s is refused with status %d: %s", c.name, a.Status, a.Raw)
	}
	if c.as == 0 && c.caller != nil {
		return // refused as a caller, before the operation was read
	}
	first := slices.IndexFunc(way, func(step coordinate) bool { return !rules().May(c.as, step.field) })
	if first < 0 || e.Extensions.Field != way[first].name() || !strings.Contains(e.Message, way[first].name()) {
		s.t.Errorf("%s is refused for %q on the way %s: %s", c.name, e.Extensions.Field, named(way), a.Raw)
	}
}
