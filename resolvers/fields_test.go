package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/sync/errgroup"

	"github.com/oversikt/oversikt/graph"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

var schema = graph.NewExecutableSchema(graph.Config{}).Schema()

// rules are the schema's rules of access.
var rules = sync.OnceValue(func() *access.Table {
	table, err := access.NewTable(schema)
	if err != nil {
		panic(err)
	}
	return table
})

// ours are fields that no agency answers: no relation has to be brought for them. What is
// accepted in a test of its own is asked for there. A letter and an invoice know their documents themselves.
var ours = map[string]bool{"Viewer.accessLog": true, "Viewer.paymentSolutionAcceptances": true,
	"Viewer.privacyRequests": true, "Viewer.sessions": true, "Viewer.budget": true, "StaffPerson.budget": true,
	"StaffPerson.powersOfAttorney": true,
	"Case.invoiceCopies":           true, "Case.complaints": true, "Case.proofPack": true, "TimelineEvent.complaint": true,
	"Case.receipts": true, "TimelineEvent.receipt": true, "Objection.files": true, "Complaint.files": true,
	"Letter.document": true, "Letter.documentMissing": true, "ClaimItem.document": true, "ClaimItem.documentMissing": true}

// leaves returns the path of every leaf below a type that a caller may select; a type is
// not entered twice on the way, and below a payment solution, which takes long to compute,
// or the register of personal data, which has everything once more, it is not entered
// twice at all.
func leaves(as access.Caller, t *ast.Definition, above []string) [][]string {
	var found [][]string
	for _, f := range t.Fields {
		if strings.HasPrefix(f.Name, "__") || !rules().May(as, f) {
			continue
		}
		if ours[t.Name+"."+f.Name] {
			continue
		}
		if f.Name == "paymentSolutions" || f.Name == "personalData" {
			found = append(found, leavesOnce(as, f)...)
			continue
		}
		of := schema.Types[f.Type.Name()]
		switch {
		case of.IsLeafType():
			found = append(found, []string{f.Name})
		case !slices.Contains(above, of.Name):
			for _, below := range leaves(as, of, append(slices.Clone(above), of.Name)) {
				found = append(found, append([]string{f.Name}, below...))
			}
		}
	}
	return found
}

// leavesOnce returns the leaves below a field; the first path to a type is the only one.
func leavesOnce(as access.Caller, f *ast.FieldDefinition) [][]string {
	var found [][]string
	entered := map[string]bool{"Viewer": true}
	type place struct {
		path []string
		of   *ast.Definition
	}
	for queue := []place{{[]string{f.Name}, schema.Types[f.Type.Name()]}}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for _, f := range at.of.Fields {
			path, of := append(slices.Clone(at.path), f.Name), schema.Types[f.Type.Name()]
			switch {
			case !rules().May(as, f) || ours[at.of.Name+"."+f.Name]:
			case of.IsLeafType():
				found = append(found, path)
			case !entered[of.Name]:
				entered[of.Name] = true
				queue = append(queue, place{path, of})
			}
		}
	}
	return found
}

// selecting writes the selection set that asks for the paths.
func selecting(paths [][]string) string {
	var names []string
	below := map[string][][]string{}
	for _, p := range paths {
		if _, seen := below[p[0]]; !seen {
			names = append(names, p[0])
		}
		below[p[0]] = append(below[p[0]], p[1:])
	}
	var b strings.Builder
	for _, name := range names {
		b.WriteString(name)
		if len(below[name][0]) > 0 {
			b.WriteString(selecting(below[name]))
		}
		b.WriteString(" ")
	}
	return "{ " + b.String() + "}"
}

// values collects what stands at a path, through lists.
func values(data any, path []string) any {
	if list, ok := data.([]any); ok {
		out := make([]any, len(list))
		for i, item := range list {
			out[i] = values(item, path)
		}
		return out
	}
	if len(path) == 0 || data == nil {
		return data
	}
	return values(at(data, path[0]), path[1:])
}

// TestEachFieldBringsWhatItNeeds asks every leaf of the schema alone and together with
// all others: a field whose relations look-ahead does not know would differ.
func TestEachFieldBringsWhatItNeeds(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.tellAll()
	for _, e := range entries(t, p) {
		t.Run(e.typ, func(t *testing.T) {
			t.Parallel()
			eachField(t, p, e)
		})
	}
}

// TestFieldsAtOnce asks for all fields, in several requests at once.
func TestFieldsAtOnce(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	var questions errgroup.Group
	questions.SetLimit(4) // of one caller
	for _, e := range entries(t, p) {
		for chunk := range slices.Chunk(e.leaves(), 100) {
			questions.Go(func() error {
				if a := p.askAs(e.caller, e.write(chunk), nil); len(a.Errors) > 0 {
					return fmt.Errorf("%s: %+v", e.typ, a.Errors)
				}
				return nil
			})
		}
	}
	if err := questions.Wait(); err != nil {
		t.Error(err)
	}
}

func entries(t *testing.T, p *portal) []entry {
	t.Helper()
	p.know("worker", staff(caller.CaseWorker, people.Fjord))
	p.givePowers()
	person := fmt.Sprintf(`person(input: {by: {nationalId: %q}, reason: "asks every field of the schema"})`, kari().Reveal())
	return []entry{
		{access.Debtor, "Viewer", kari().Reveal(), "viewer", "viewer", simulating(t, p),
			[]string{"waivedOn", "endedOn", "withdrawnOn", "creditorStandpoint", "contactWithCreditor", "by", "powerOfAttorneyId"}},
		{access.CaseWorker, "StaffPerson", "worker", "staff person", "staff { " + person, "",
			[]string{"waivedOn", "endedOn", "withdrawnOn", "creditorStandpoint", "contactWithCreditor", "until", "requestedAt", "decidedOn", "reply"}},
	}
}

// entry is where a caller begins.
type entry struct {
	as     access.Caller
	typ    string
	caller string
	path   string   // in the answer
	query  string   // up to the selection
	paying string   // the arguments of simulate
	unseen []string // what no record of hers has
}

func (e entry) leaves() [][]string { return leaves(e.as, schema.Types[e.typ], []string{e.typ}) }

// write returns the query that asks for the paths.
func (e entry) write(paths [][]string) string {
	query := "{ " + e.query + " " + selecting(paths) + strings.Repeat(" }", 1+strings.Count(e.path, " "))
	return strings.NewReplacer("simulate{", "simulate"+e.paying+"{", "acts{", "acts(first: 1){", "paymentSolutions{",
		`paymentSolutions(input: {monthlyBudget: "40000.00", months: 3}){`).Replace(query)
}

func eachField(t *testing.T, p *portal, e entry) {
	paths := e.leaves()
	if len(paths) < 250 {
		t.Fatalf("only %d leaves below %s", len(paths), e.typ)
	}
	whole := map[string]any{}
	ask := func(paths [][]string) any {
		data := any(p.getAs(e.caller, e.write(paths), nil))
		for _, step := range strings.Fields(e.path) {
			data = at(data, step)
		}
		return data
	}
	for _, chunk := range slices.Collect(slices.Chunk(paths, 100)) {
		for name, value := range ask(chunk).(map[string]any) {
			whole[name] = merge(whole[name], value)
		}
	}
	nonNull := map[string]bool{}
	for _, path := range paths {
		got := values(ask([][]string{path}), path)
		grows := path[len(path)-1] == "recordCount" // the access log does, with each question
		if diff := cmp.Diff(values(whole, path), got); diff != "" && !grows {
			t.Errorf("%s alone differs (-together +alone):\n%s", strings.Join(path, "."), diff)
		}
		if somewhere(got) {
			nonNull[path[len(path)-1]] = true
		}
	}
	for _, path := range paths {
		// No creditor has two claims against her that might have been collected together.
		// Every agency's rates are the law's, and every fee of hers is by the law: TestAudit has what can be sent.
		leaf := path[len(path)-1]
		// Nobody has applied for a plan: TestInstalmentPlan shows how one stands.
		if !nonNull[leaf] && leaf != "statutoryRate" && leaf != "disputedAmount" && leaf != "warnedOn" &&
			leaf != "breachOn" && leaf != "skipsLeft" && leaf != "changedOn" &&
			!slices.Contains(e.unseen, leaf) && !slices.Contains(path, "sameCreditor") &&
			!slices.Contains(path, "prefill") && !slices.Contains(path, "missing") {
			t.Errorf("no data shows %s", strings.Join(path, "."))
		}
	}
}

// simulating returns the arguments of a simulation in which a case with a coming cost is paid.
func simulating(t *testing.T, p *portal) string {
	t.Helper()
	for _, c := range at(p.get(kari(), "{ viewer { cases(first: 100) { nodes { id nextCost { on } } } } }", nil), "viewer",
		"cases", "nodes").([]any) {
		if at(c, "nextCost") != nil {
			return fmt.Sprintf(`(input: {payments: [{caseId: %q, amount: "1000000.00", on: %q}]})`, at(c, "id"), today)
		}
	}
	t.Fatal("no cost comes in any case")
	return ""
}

// merge puts two answers of different parts of one selection together.
func merge(a, b any) any {
	switch b := b.(type) {
	case map[string]any:
		out := map[string]any{}
		if am, ok := a.(map[string]any); ok {
			for k, v := range am {
				out[k] = v
			}
		}
		for k, v := range b {
			out[k] = merge(out[k], v)
		}
		return out
	case []any:
		al, _ := a.([]any)
		out := make([]any, len(b))
		for i := range b {
			if i < len(al) {
				out[i] = merge(al[i], b[i])
			} else {
				out[i] = b[i]
			}
		}
		return out
	default:
		return b
	}
}

func somewhere(v any) bool {
	list, ok := v.([]any)
	if !ok {
		return v != nil
	}
	return slices.ContainsFunc(list, somewhere)
}

// TestNodeServesEveryType refetches an object of each type that implements Node.
func TestNodeServesEveryType(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	data := p.get(kari(),
		`{ viewer { debtors { __typename id agency { __typename id } } cases(first: 100) { nodes { __typename id
		creditor { __typename id } fees { __typename id } letters { nodes { __typename id } } payments { nodes { __typename id } }
		agreement { __typename id } objections { __typename id } } } } }`, nil)
	ids := map[string]string{}
	collect(data, ids)
	collect(p.get(kari(), `mutation { submitPrivacyRequest(input: {idempotencyKey: "7d9f2a52-7a59-4b3c-9d0e-0a4f5f3f7f18",
		kind: QUESTION, text: "Why?"}) { act { __typename id } privacyRequest { __typename id } } }`, nil), ids)
	ids["PowerOfAttorney"] = p.give(kari())
	ids["ReceivedPowerOfAttorney"] = p.give(per(), map[string]any{"attorney": attorneyNamed(kari().Reveal(), "Kari")})
	for _, possible := range schema.GetPossibleTypes(schema.Types["Node"]) {
		if possible.Name == "PaymentSolutionAcceptance" || possible.Name == "StaffPowerOfAttorney" {
			continue // no agency's, and not hers: their own tests ask for them
		}
		id, ok := ids[possible.Name]
		if !ok {
			t.Errorf("the person has no %s", possible.Name)
			continue
		}
		// The statement says again what is below the balance and the timeline; with it, a document is too long.
		paths := slices.DeleteFunc(leaves(access.Debtor, possible, []string{possible.Name}), func(path []string) bool {
			return len(path) > 1 && slices.Contains(path[:len(path)-1], "statement")
		})
		got := p.get(kari(), fmt.Sprintf(`query($id: ID!) { node(id: $id) { __typename ... on %s %s } }`, possible.Name,
			selecting(paths)), map[string]any{"id": id})
		if at(got, "node", "__typename") != possible.Name || at(got, "node", "id") != id {
			t.Errorf("%s is refetched as %v", possible.Name, got)
		}
		for _, path := range paths {
			alone := p.get(kari(), fmt.Sprintf(`query($id: ID!) { node(id: $id) { ... on %s %s } }`, possible.Name,
				selecting([][]string{path})), map[string]any{"id": id})
			if diff := cmp.Diff(values(at(got, "node"), path), values(at(alone, "node"), path)); diff != "" {
				t.Errorf("%s.%s alone differs (-together +alone):\n%s", possible.Name, strings.Join(path, "."), diff)
			}
		}
	}
}

func collect(data any, ids map[string]string) {
	switch d := data.(type) {
	case []any:
		for _, item := range d {
			collect(item, ids)
		}
	case map[string]any:
		if name, ok := d["__typename"].(string); ok {
			ids[name] = d["id"].(string)
		}
		for _, v := range d {
			collect(v, ids)
		}
	}
}

// TestOrderBringsItsOwn: a list is in the same order whether what it is sorted by is selected or not.
func TestOrderBringsItsOwn(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	// A deferral that the agency's own deadline does not follow.
	if _, err := p.databases[people.Fjord].Conn().Exec(t.Context(), `insert into core.hold (case_id, kind, since, until)
		select case_id, 'DEFERRED', date '2026-03-01', date '2027-12-31' from core.case where case_number = '100005'`); err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"DUE_ON", "TOTAL", "OPENED_ON"} {
		list := func(more string) (ids []string) {
			got := p.get(kari(), `{ viewer { cases(first: 100, orderBy: {field: `+field+`, direction: DESC}) { nodes { id `+more+
				` } } } }`, nil)
			for _, c := range at(got, "viewer", "cases", "nodes").([]any) {
				ids = append(ids, at(c, "id").(string))
			}
			return ids
		}
		if diff := cmp.Diff(list("dueOn openedOn paymentInfo { dueOn } balance { total { amount } }"), list("")); diff != "" {
			t.Errorf("by %s (-selected +not)\n%s", field, diff)
		}
	}
}
