package resolvers_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// objects selects the ids of everything that is below a case.
const objects = `{ __typename id caseNumber agency { code } debtor { id } creditor { id } fees { id } letters(first: 100) { nodes { id } } payments(first: 100) { nodes { id } }
	objections { id } agreement { id } status balance { total { amount } } }`

// TestScopes looks at one person's records as callers who may see some of them: what they
// may not see is nowhere, and answers as if it had never been.
func TestScopes(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	whole := at(p.get(s.id, `{ viewer { cases(first: 100) { nodes `+objects+` } } }`, nil), "viewer", "cases",
		"nodes").([]any)
	of := func(code string) (numbers []string) {
		for _, c := range whole {
			if at(c, "agency", "code") == code {
				numbers = append(numbers, at(c, "caseNumber").(string))
			}
		}
		return numbers
	}
	atLita := of(people.Lita)[0]
	cases := map[string]struct {
		reason   string
		caller   func() (caller.Principal, error)
		agencies []string
		numbers  []string
	}{
		"letter": {"one case", s.letter, []string{s.code}, []string{s.caseNumber}},
		"agency": {"all cases at one agency", s.attorney(func(*caller.Authority) {}), []string{s.code}, of(s.code)},
		"agencies": {"all cases at two", s.attorney(func(a *caller.Authority) {
			a.Agencies = []string{people.Lita,
				people.Tradisjon}
		}), []string{people.Tradisjon, people.Lita}, append(of(people.Tradisjon), of(people.Lita)...)},
		"cases": {"a case at each of two agencies", s.attorney(func(a *caller.Authority) {
			a.Agencies, a.Cases = nil, []caller.CaseKey{{Agency: s.code, ID: s.caseKey},
				{Agency: people.Lita, ID: caseKey(t, p, people.Lita, atLita)}}
		}), []string{s.code, people.Lita}, []string{s.caseNumber, atLita}},
	}
	for name, tc := range cases {
		p.know(name, tc.caller)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			view := narrow{t, p, s, name, tc.agencies, tc.numbers, whole}
			view.lists()
			view.ids()
			view.simulations()
		})
	}
}

// narrow is a caller's view of the subject's records.
type narrow struct {
	*testing.T
	p        *portal
	s        *subject
	caller   string
	agencies []string
	numbers  []string
	whole    []any // her cases as she sees them
}

func (n narrow) sees(c any) bool {
	return slices.Contains(n.numbers, at(c, "caseNumber").(string)) &&
		slices.Contains(n.agencies, at(c, "agency", "code").(string))
}

// lists asks what is summed and listed: the sums are those of the cases in scope, and
// nobody else is asked.
func (n narrow) lists() {
	a := n.p.askAs(n.caller,
		`{ viewer { name debtors { id agency { code } } overview { complete openCaseCount total { amount } agencies { agency { code } openCaseCount } nextDue { case { caseNumber } } nextCost { case { caseNumber } } }
		cases(first: 100) { totalCount nodes { caseNumber agency { code } debtor { name } agreement { cases { caseNumber } } } } } agencies { code } }`, nil)
	if len(a.Errors) > 0 {
		n.Fatalf("%+v", a.Errors)
	}
	data := a.object(n)
	if all := at(data, "agencies").([]any); len(all) != 3 {
		n.Errorf("the agencies are public, and there are %d", len(all))
	}
	viewer := at(data, "viewer")
	if at(viewer, "name") != "Kari Solheim Nordvik" {
		n.Errorf("whose cases are they? %v", at(viewer, "name"))
	}
	var asked, shown, debtors []string
	for _, u := range a.Extensions.Usage {
		asked = append(asked, u.Agency)
	}
	for _, x := range at(viewer, "overview", "agencies").([]any) {
		shown = append(shown, at(x, "agency", "code").(string))
	}
	for _, x := range at(viewer, "debtors").([]any) {
		debtors = append(debtors, at(x, "agency", "code").(string))
	}
	slices.Sort(asked)
	if diff := cmp.Diff(n.agencies, shown) + cmp.Diff(n.agencies,
		debtors) + cmp.Diff(slices.Sorted(slices.Values(n.agencies)), asked); diff != "" {
		n.Errorf("agencies that are shown, know the person, were asked:\n%s", diff)
	}
	var numbers []string
	for _, c := range at(viewer, "cases", "nodes").([]any) {
		numbers = append(numbers, at(c, "caseNumber").(string))
		joined, _ := at(c, "agreement", "cases").([]any)
		for _, j := range joined {
			if !slices.Contains(n.numbers, at(j, "caseNumber").(string)) {
				n.Errorf("an agreement shows case %v", at(j, "caseNumber"))
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(n.numbers)), slices.Sorted(slices.Values(numbers))); diff != "" ||
		int(at(viewer, "cases", "totalCount").(float64)) != len(n.numbers) {
		n.Errorf("cases (-in scope +shown):\n%s", diff)
	}
	var total money.Øre
	open := 0
	for _, c := range n.whole {
		if n.sees(c) && at(c, "status") == "OPEN" {
			total += amount(n, at(c, "balance", "total"))
			open++
		}
	}
	if got := amount(n, at(viewer, "overview", "total")); got != total ||
		int(at(viewer, "overview", "openCaseCount").(float64)) != open || open == 0 ||
		at(viewer, "overview", "complete") != true {
		n.Errorf("%s is owed in %v cases; in scope are %s in %d", got, at(viewer, "overview", "openCaseCount"), total, open)
	}
	for _, next := range []string{"nextDue", "nextCost"} {
		if number, ok := at(viewer, "overview", next, "case", "caseNumber").(string); ok &&
			!slices.Contains(n.numbers, number) {
			n.Errorf("%s is of case %s", next, number)
		}
	}
}

// ids fetches every object of the person's by its id.
func (n narrow) ids() {
	in, all := map[string]bool{}, map[string]bool{}
	for _, c := range n.whole {
		everyID(c, all)
		if n.sees(c) {
			everyID(c, in)
		}
	}
	if len(in) < 6 || len(all) <= len(in) {
		n.Fatalf("%d of %d objects are in scope: too few to prove anything", len(in), len(all))
	}
	ids := slices.Sorted(maps.Keys(all))
	for chunk := range slices.Chunk(ids, 100) {
		got := at(n.p.askAs(n.caller, `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`,
			map[string]any{"ids": chunk}).object(n), "nodes").([]any)
		for i, id := range chunk {
			if shown := at(got, i, "id") == id; shown != in[id] || !shown && got[i] != nil {
				n.Errorf("%s: in scope %v, shown %v", id, in[id], got[i])
			}
		}
	}
	const query = `query($id: ID!) { node(id: $id) { __typename id } }`
	missing := map[string]any{"id": sealed(n, debt.Key{Kind: debt.KindCase, Agency: n.s.code, ID: "999999999"})}
	want := n.p.askAs(n.caller, query, missing)
	if want.codes() != "[NOT_FOUND]" {
		n.Fatalf("a missing id: %s", want.Raw)
	}
	for _, id := range ids {
		if in[id] {
			continue
		}
		got := n.p.askAs(n.caller, query, map[string]any{"id": id})
		if diff := cmp.Diff(want.Errors, got.Errors); diff != "" || string(got.Data) != string(want.Data) {
			n.Fatalf("%s answers otherwise than a missing id: %s", id, got.Raw)
		}
	}
}

// simulations pays on every case of the person's, and on one that does not exist.
func (n narrow) simulations() {
	const query = `query($id: ID!, $on: Date!) { viewer { simulate(input: {payments: [{caseId: $id, amount: "1.00", on: $on}]}) { total { amount } } } }`
	pay := func(id any) answer {
		a := n.p.askAs(n.caller, query, map[string]any{"id": id, "on": fmt.Sprint(today)})
		a.Raw, a.Extensions.Usage = "", nil
		return a
	}
	want := pay(sealed(n, debt.Key{Kind: debt.KindCase, Agency: n.s.code, ID: "999999999"}))
	if want.codes() != "[BAD_USER_INPUT]" {
		n.Fatalf("a missing case: %+v", want.Errors)
	}
	if diff := cmp.Diff(want, pay(sealed(n, debt.Key{Kind: debt.KindCase, Agency: "nowhere", ID: "1"}))); diff != "" {
		n.Errorf("a case of no agency (-missing +got):\n%s", diff)
	}
	for _, c := range n.whole {
		if at(c, "status") != "OPEN" {
			continue
		}
		got := pay(at(c, "id"))
		if n.sees(c) {
			if len(got.Errors) > 0 {
				n.Errorf("case %v: %+v", at(c, "caseNumber"), got.Errors)
			}
		} else if diff := cmp.Diff(want, got); diff != "" {
			n.Errorf("case %v is refused otherwise than a missing one:\n%s", at(c, "caseNumber"), diff)
		}
	}
}

// sealed returns an id as the portal makes them.
func sealed(t testing.TB, k debt.Key) string {
	t.Helper()
	ids, err := model.NewIDs(bytes.Repeat([]byte{7}, model.IDKeySize))
	if err != nil {
		t.Fatal(err)
	}
	return ids.Seal(k)
}

// caseKey returns an agency's own key of a case.
func caseKey(t *testing.T, p *portal, code, number string) (key string) {
	t.Helper()
	if err := p.databases[code].Conn().QueryRow(t.Context(),
		"select case_id::text from oversikt.case where case_number = $1", number).Scan(&key); err != nil {
		t.Fatal(err)
	}
	return key
}

// TestLetterOfAnothersCase: a case that is not, or no longer, the person's opens nothing of
// the person's either.
func TestLetterOfAnothersCase(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	other := at(p.get(people.DemoPeople(today)[1].NationalID, `{ viewer { cases { nodes { caseNumber } } } }`, nil),
		"viewer", "cases", "nodes", 0, "caseNumber").(string)
	s.caseKey = caseKey(t, p, s.code, other)
	p.know("letter", s.letter)
	a := p.askAs("letter",
		`{ viewer { debtors { id } cases { totalCount } overview { openCaseCount agencies { openCaseCount } } } }`, nil)
	if string(a.Data) != `{"viewer":{"debtors":[],"cases":{"totalCount":0},"overview":{"openCaseCount":0,"agencies":[{"openCaseCount":0}]}}}` {
		t.Errorf("it opens %s", a.Raw)
	}
}
