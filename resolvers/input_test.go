package resolvers_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

func TestBadInput(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	seen := p.get(kari(),
		`{ viewer { debtors { id } cases(first: 1) { pageInfo { endCursor } nodes { id letters(first: 1) { pageInfo { endCursor } } } } } }`, nil)
	cursor := at(seen, "viewer", "cases", "pageInfo", "endCursor")
	letterCursor := at(seen, "viewer", "cases", "nodes", 0, "letters", "pageInfo", "endCursor")
	caseID := at(seen, "viewer", "cases", "nodes", 0, "id")
	tampered := flip(caseID.(string))
	const open = `{ viewer { cases(first: 1, filter: {status: OPEN}) { nodes { id } } } }`
	const simulate = `query($id: ID!, $amount: Decimal!, $on: Date!) { viewer { simulate(input: {payments: [{caseId: $id, amount: $amount, on: $on}]}) { asOf } } }`
	openID := at(p.get(kari(), open, nil), "viewer", "cases", "nodes", 0, "id")
	foreignID := at(p.get(people.DemoPeople(today)[1].NationalID, open, nil), "viewer", "cases", "nodes", 0, "id")
	cases := map[string]struct {
		reason, query string
		variables     map[string]any
		status        int
		code, field   string
	}{
		"malformed": {"no GraphQL at all", `{ viewer { `, nil, 400, "GRAPHQL_PARSE_FAILED", ""},
		"unknown field": {"a field that the schema lacks", `{ viewer { salary } }`, nil, 400,
			"GRAPHQL_VALIDATION_FAILED", ""},
		"wrong type": {"a string for a number", `query($n: Int) { viewer { cases(first: $n) { totalCount } } }`,
			map[string]any{"n": "three"}, 400, "BAD_USER_INPUT", "n"},
		"page of zero": {"an empty page is a mistake", `{ viewer { cases(first: 0) { totalCount } } }`, nil, 200,
			"BAD_USER_INPUT", "first"},
		"negative page": {"so is a negative one", `{ viewer { cases(last: -1) { totalCount } } }`, nil, 200,
			"BAD_USER_INPUT", "last"},
		"page of 101": {"a page has at most 100", `{ viewer { cases(first: 101) { totalCount } } }`, nil, 200,
			"BAD_USER_INPUT", "first"},
		"first and last": {"they contradict", `{ viewer { cases(first: 1, last: 1) { totalCount } } }`, nil, 200,
			"BAD_USER_INPUT", "last"},
		"letters of zero": {"the same holds below a case",
			`{ viewer { cases { nodes { letters(first: 0) { totalCount } } } } }`, nil, 200, "BAD_USER_INPUT", "first"},
		"letters' cursor": {"a cursor of letters does not fit cases",
			`query($c: String) { viewer { cases(after: $c) { totalCount } } }`, map[string]any{"c": letterCursor}, 200,
			"BAD_USER_INPUT", "after"},
		"other order": {"nor one of another order",
			`query($c: String) { viewer { cases(after: $c, orderBy: {field: TOTAL, direction: ASC}) { totalCount } } }`,
			map[string]any{"c": cursor}, 200, "BAD_USER_INPUT", "after"},
		"garbage cursor": {"nor something else", `{ viewer { cases(before: "12867521028") { totalCount } } }`, nil, 200,
			"BAD_USER_INPUT", "before"},
		"no date": {"30 February", `{ viewer { overview(asOf: "2026-02-30") { complete } } }`, nil, 200,
			"BAD_USER_INPUT", "asOf"},
		"late date": {"more than two years ahead",
			`{ viewer { cases { nodes { balance(asOf: "2028-03-03") { total { amount } } } } } }`, nil, 200, "BAD_USER_INPUT",
			"asOf"},
		"garbage id": {"not one of ours", `{ node(id: "12867521028") { id } }`, nil, 200, "BAD_USER_INPUT", "id"},
		"tampered id": {"one character off", `query($id: ID!) { node(id: $id) { id } }`,
			map[string]any{"id": tampered}, 200, "BAD_USER_INPUT", "id"},
		"id of another type": {"a case is no creditor",
			`query($id: ID!) { viewer { cases(filter: {creditors: [$id]}) { totalCount } } }`, map[string]any{"id": caseID}, 200,
			"BAD_USER_INPUT", "filter.creditors"},
		"too many ids": {"a hundred at a time", `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`,
			map[string]any{"ids": repeat(caseID, 101)}, 200, "BAD_USER_INPUT", "ids"},
		"nothing to pay": {"a simulation without payments", `{ viewer { simulate(input: {payments: []}) { asOf } } }`,
			nil, 200, "BAD_USER_INPUT", "input.payments"},
		"negative payment": {"no money goes the other way", simulate,
			map[string]any{"id": openID, "amount": "-1.00", "on": "2026-03-10"}, 200, "BAD_USER_INPUT",
			"input.payments[0].amount"},
		"no amount": {"three decimals", simulate, map[string]any{"id": openID, "amount": "1.234",
			"on": "2026-03-10"}, 200, "BAD_USER_INPUT", "input.payments[0].amount"},
		"paid yesterday": {"the past cannot be changed", simulate,
			map[string]any{"id": openID, "amount": "1.00", "on": "2026-03-01"}, 200, "BAD_USER_INPUT", "input.payments[0].on"},
		"another's case": {"told as one that was never there", simulate,
			map[string]any{"id": foreignID, "amount": "1.00", "on": "2026-03-10"}, 200, "BAD_USER_INPUT",
			"input.payments[0].caseId"},
		"no case": {"an id that was never sealed here", simulate,
			map[string]any{"id": "12867521028", "amount": "1.00", "on": "2026-03-10"}, 200, "BAD_USER_INPUT",
			"input.payments[0].caseId"},
		"unknown enum": {"no such phase", `{ viewer { cases(filter: {phases: [NEVER]}) { totalCount } } }`, nil, 400,
			"BAD_USER_INPUT", "filter.phases[0]"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := p.ask(kari(), c.query, c.variables)
			if a.Status != c.status || len(a.Errors) == 0 || a.Errors[0].Extensions.Code != c.code {
				t.Fatalf("%s: status %d, %+v", c.reason, a.Status, a.Errors)
			}
			if got := a.Errors[0].Extensions.Field; got != c.field {
				t.Errorf("%s: field %q, want %q", c.reason, got, c.field)
			}
			if strings.Contains(a.Errors[0].Message, "12867521028") {
				t.Errorf("the message repeats the value: %s", a.Errors[0].Message)
			}
		})
	}
}

func repeat(v any, n int) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = v
	}
	return all
}

// flip changes a character in the middle of an id.
func flip(id string) string {
	i, c := len(id)/2, byte('A')
	if id[i] == c {
		c = 'B'
	}
	return id[:i] + string(c) + id[i+1:]
}

func TestNobodySeesAnothers(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	ids := map[string]string{}
	collect(p.get(kari(),
		`{ viewer { debtors { __typename id } cases(first: 100) { nodes { __typename id creditor { __typename id }
		fees { __typename id } letters { nodes { __typename id } } payments { nodes { __typename id } } agreement { __typename id } objections { __typename id } } } } }`, nil), ids)
	stranger := people.DemoPeople(today)[1].NationalID
	unknown, ok := norway.CheckNationalID("018199999")
	if !ok {
		t.Fatal("no such number")
	}
	const query = `query($id: ID!) { node(id: $id) { __typename id } }`
	for kind, id := range ids {
		own := p.ask(kari(), query, map[string]any{"id": id})
		if len(own.Errors) > 0 {
			t.Errorf("%s is hidden from its owner: %+v", kind, own.Errors)
		}
		foreign, missing := p.ask(stranger, query, map[string]any{"id": id}), p.ask(unknown, query, map[string]any{"id": id})
		foreign.Extensions.Usage, missing.Extensions.Usage, foreign.Raw, missing.Raw = nil, nil, "", ""
		if foreign.codes() != "[NOT_FOUND]" || string(foreign.Data) != `{"node":null}` {
			t.Errorf("%s is shown to a stranger: %s %+v", kind, foreign.Data, foreign.Errors)
		}
		if diff := cmp.Diff(missing, foreign); diff != "" {
			t.Errorf("a foreign %s answers otherwise than a missing one (-missing +foreign):\n%s", kind, diff)
		}
	}
	if a := p.ask(unknown, `{ viewer { debtors { id } cases { totalCount } overview { openCaseCount } } }`,
		nil); len(a.Errors) > 0 ||
		string(a.Data) != `{"viewer":{"debtors":[],"cases":{"totalCount":0},"overview":{"openCaseCount":0}}}` {
		t.Errorf("somebody whom no agency knows: %s %+v", a.Data, a.Errors)
	}
}

func TestWithoutLogin(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	number := at(p.get(kari(), `{ viewer { cases(first: 1) { nodes { caseNumber agency { code } } } } }`, nil), "viewer",
		"cases", "nodes", 0)
	id := at(p.get(kari(), `{ viewer { debtors { id } } }`, nil), "viewer", "debtors", 0, "id")
	for _, query := range []string{`query($id: ID!) { viewer { name debtors { id } } n: __typename @skip(if: true) ...F } fragment F on Query { node(id: $id) { id } }`, `query($id: ID!) { nodes(ids: [$id]) { id } }`} {
		a := p.ask(norway.NationalID{}, query, map[string]any{"id": id})
		if !strings.Contains(a.codes(), "UNAUTHENTICATED") || strings.Contains(string(a.Data), "id") {
			t.Errorf("%s: %s %s", query, a.Data, a.codes())
		}
	}
	agencies := at(p.get(norway.NationalID{}, `{ agencies { code name orgNumber website } }`, nil), "agencies").([]any)
	if len(agencies) != 3 || at(agencies, 0, "orgNumber") == nil {
		t.Errorf("agencies: %v", agencies)
	}
	const query = `query($a: String!, $n: String!) { caseStatus(agency: $a, caseNumber: $n) }`
	ask := func(agency, number any) any {
		return at(p.get(norway.NationalID{}, query, map[string]any{"a": agency, "n": number}), "caseStatus")
	}
	if got := ask(at(number, "agency", "code"), at(number, "caseNumber")); got != "OPEN" && got != "CLOSED" {
		t.Errorf("an existing case is %v", got)
	}
	if a, b := ask("fjord", "nothing"), ask("nobody", at(number, "caseNumber")); a != "UNKNOWN" || b != "UNKNOWN" {
		t.Errorf("unknown number and agency: %v, %v", a, b)
	}
	if a := p.ask(norway.NationalID{}, query, map[string]any{"a": "fjord",
		"n": "\x00"}); a.codes() != "[BAD_USER_INPUT]" || a.Errors[0].Extensions.Field != "n" {
		t.Errorf("what no database takes: %s", a.Raw)
	}
	many := "{"
	for i := range 8 {
		many += fmt.Sprintf(` a%d: caseStatus(agency: "fjord", caseNumber: "%[1]d")`, i)
	}
	if limited := p.ask(norway.NationalID{}, many+" }", nil); limited.codes() != "[RATE_LIMITED]" {
		t.Errorf("of eleven questions of an address these are not answered: %s", limited.codes())
	}
}

func TestExamplesFitTheSchema(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../internal/server/playground/examples/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, errs := gqlparser.LoadQueryWithRules(schema, string(text), nil); len(errs) > 0 {
			t.Errorf("%s: %v", file, errs)
		}
	}
}

func TestMoneyIsWrittenAsSelected(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	a := p.ask(kari(),
		`query($yes: Boolean!) { viewer { overview { total { kroner: amount ...F __typename what: __typename amount @skip(if: $yes) } } } }
		fragment F on Money { currency ... on Money { currency } }`, map[string]any{"yes": true})
	if len(a.Errors) > 0 {
		t.Fatalf("%+v", a.Errors)
	}
	var got struct {
		Viewer struct {
			Overview struct{ Total json.RawMessage }
		}
	}
	if err := json.Unmarshal(a.Data, &got); err != nil {
		t.Fatal(err)
	}
	text := string(got.Viewer.Overview.Total)
	if !strings.HasPrefix(text, `{"kroner":"`) || !strings.HasSuffix(text,
		`","currency":"NOK","__typename":"Money","what":"Money"}`) {
		t.Errorf("got %s", text)
	}
}

// TestBadScalars: what a scalar cannot hold is told by the scalar's name, at its place, and
// never by its value.
func TestBadScalars(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	id := at(p.get(kari(), `{ viewer { cases(first: 1) { nodes { id } } } }`, nil), "viewer", "cases", "nodes", 0, "id")
	cases := map[string]struct{ query, field, message string }{
		"date": {`query($v: Date) { viewer { overview(asOf: $v) { complete } } }`, "asOf",
			"the value is no Date; the schema says how one is written"},
		"in list": {`query($v: Date!, $id: ID!) { viewer { simulate(input: {payments: [{caseId: $id, amount: "1.00", on: $v}]}) { asOf } } }`, "input.payments[0].on", "the value is no Date; the schema says how one is written"},
		"below": {`query($v: Date!) { viewer { simulate(input: {payments: [], asOf: $v}) { asOf } } }`, "input.asOf",
			"the value is no Date; the schema says how one is written"},
		"uuid": {`mutation($v: UUID!) { acceptPaymentSolution(input: {idempotencyKey: $v, offerId: "x"}) { userErrors { code } } }`, "input.idempotencyKey", "input.idempotencyKey is not a valid UUID"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := p.ask(kari(), c.query, map[string]any{"v": "12867521028", "id": id})
			if len(a.Errors) != 1 || a.Errors[0].Message != c.message || a.Errors[0].Extensions.Field != c.field {
				t.Errorf("got %+v", a.Errors)
			}
		})
	}
}
