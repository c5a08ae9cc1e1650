package server

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestValuesOfVariables(t *testing.T) {
	t.Parallel()
	const (
		find    = `query($v: [Filter]) { findAny(filters: $v) }`
		hello   = `query($v: Int) { hello(count: $v) }`
		pick    = `query($v: Pick) { pick(pick: $v) }`
		within  = `query($v: Filter) { find(filter: $v) }`
		list    = `query($v: [Pick!]) { pick(list: $v) }`
		ids     = `query($v: [ID]) { many(ids: $v) }`
		oneOnly = "must have exactly one member, and not null"
	)
	tests := map[string]struct {
		reason, query, value string
		field, message       string // empty: it is taken
	}{
		"enum":               {"as in the schema", find, `[{"status":"OPEN","inner":{"status":"CLOSED","inner":{}}},null]`, "", ""},
		"no enum":            {"it may be null", find, `{"status":null,"inner":null}`, "", ""},
		"enum in lower case": {"gqlparser takes it", find, `[{"status":"OPEN"},{"inner":{"status":"closed"}}]`, "v[1].inner.status", "is not a valid Status"},
		"enum in title case": {"gqlparser takes it", find, `{"status":"Open"}`, "v[0].status", "is not a valid Status"},

		"int":                 {"a number", hello, `5`, "", ""},
		"int as text":         {"gqlparser takes it", hello, `"5"`, "v", "cannot use string as Int"},
		"int as text within":  {"gqlparser takes it", within, `{"limit":"5"}`, "v.limit", "cannot use string as Int"},
		"int with a point":    {"the specification takes it", hello, `5.0`, "", ""},
		"int with a power":    {"the specification takes it", within, `{"inner":{"limit":5e1}}`, "", ""},
		"int with a fraction": {"it would lose something", hello, `5.5`, "v", "is out of range of its type"},
		"int beyond 32 bits":  {"the specification's Int", hello, `2147483648`, "v", "is out of range of its type"},
		"the largest int":     {"32 bits", hello, `2147483647`, "", ""},
		"the least int":       {"32 bits", hello, `-2147483648`, "", ""},
		"below 32 bits":       {"the specification's Int", within, `{"limit":-2147483649}`, "v.limit", "is out of range of its type"},
		"object as int":       {"map is Go's word", hello, `{}`, "v", "cannot use object as Int"},
		"list as int":         {"slice is Go's word", hello, `[1]`, "v", "cannot use list as Int"},
		"object as text":      {"the same", within, `{"tags":[{}]}`, "v.tags[0]", "cannot use object as String"},
		"list as id":          {"the same", ids, `[[]]`, "v[0]", "cannot use list as ID"},
		"truth as float":      {"bool is Go's word", `query($v: Float) { many(share: $v) }`, `true`, "v", "cannot use boolean as Float"},
		"object as truth":     {"the same", `query($v: Boolean) { many(yes: $v) }`, `{}`, "v", "is neither true nor false"},
		"object as enum":      {"ints are no values of one", find, `{"status":{}}`, "v[0].status", "is no value of its enum"},
		"number as object":    {"it is no string", within, `3`, "v", "must be a Filter"},
		"huge int":            {"no float is that exact", hello, `1e300`, "v", "is out of range of its type"},

		"text":              {"a string", within, `{"tags":["5"]}`, "", ""},
		"number as text":    {"gqlparser takes it", within, `{"tags":["a",5]}`, "v.tags[1]", "cannot use a number as String"},
		"point as text":     {"the same", within, `{"inner":{"tags":[5.5]}}`, "v.inner.tags[0]", "cannot use a number as String"},
		"truth as text":     {"gqlparser refuses it", within, `{"tags":[true]}`, "v.tags[0]", "cannot use boolean as String"},
		"ints in a list":    {"the second", `query($v: [Int!]) { many(counts: $v) }`, `[1.0,"2"]`, "v[1]", "cannot use string as Int"},
		"id":                {"a string", ids, `"a"`, "", ""},
		"number as id":      {"the specification takes it", ids, `[5,5.0,-1]`, "", ""},
		"fraction as id":    {"none of the specification", ids, `["a",5.5]`, "v[1]", "cannot use a number with a fraction as ID"},
		"truth as id":       {"no id", ids, `[true]`, "v[0]", "cannot use boolean as ID"},
		"float":             {"any number", `query($v: Float) { many(share: $v) }`, `5`, "", ""},
		"text as float":     {"gqlparser takes it", `query($v: Float) { many(share: $v) }`, `"5.5"`, "v", "cannot use string as Float"},
		"text as truth":     {"no truth", `query($v: Boolean) { many(yes: $v) }`, `"true"`, "v", "is neither true nor false"},
		"number as truth":   {"no truth", `query($v: Boolean) { many(yes: $v) }`, `1`, "v", "is neither true nor false"},
		"truth as int":      {"no number", hello, `true`, "v", "cannot use boolean as Int"},
		"power as int":      {"the specification takes it", hello, `1E1`, "", ""},
		"empty text as int": {"no zero", hello, `""`, "v", "cannot use string as Int"},

		"one member":            {"exactly one", pick, `{"name":"a"}`, "", ""},
		"none chosen":           {"the argument may be null", pick, `null`, "", ""},
		"two members":           {"gqlparser takes them", pick, `{"name":"a","number":1}`, "v", oneOnly},
		"one and a null":        {"two members all the same", pick, `{"name":"a","number":null}`, "v", oneOnly},
		"no member":             {"gqlparser takes it", pick, `{}`, "v", oneOnly},
		"a null member":         {"gqlparser takes it", pick, `{"name":null}`, "v", oneOnly},
		"two, within one":       {"at any depth", pick, `{"pick":{"name":"a","number":1}}`, "v.pick", oneOnly},
		"none, within an input": {"at any depth", within, `{"inner":{"pick":{}}}`, "v.inner.pick", oneOnly},
		"good, within an input": {"at any depth", within, `{"inner":{"pick":{"number":1}}}`, "", ""},
		"two, in a list":        {"the third", list, `[{"name":"a"},{"number":1},{"name":"a","number":1}]`, "v[2]", oneOnly},
		"null, in inner list":   {"at any depth", list, `[{"picks":[{"name":"a"},{"name":null}]}]`, "v[0].picks[1]", oneOnly},
		"one for a list":        {"one item stands for a list", list, `{"name":"a","number":1}`, "v[0]", oneOnly},
		"typed text":            {"lines and tabs", within, `{"tags":["a\r\n\tb"]}`, "", ""},
		"odd text": {"nobody has typed it", within, `{"inner":{"tags":["a","b\u0000"]}}`, "v.inner.tags[1]",
			"has control characters other than tabs and line breaks"},
		"unknown member": {"no member of the type", within, `{"salary":1}`, "v.salary", "is no field of its type"},
	}
	b := setup(t, nil, Options{})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := parse(t, b.do(request(`{"query":"`+tt.query+`","variables":{"v":`+tt.value+`}}`)))
			if tt.message == "" {
				if len(a.Errors) > 0 {
					t.Errorf("%+v: %s", a.Errors, tt.reason)
				}
				return
			}
			if len(a.Errors) != 1 || a.Data != nil || a.code() != "BAD_USER_INPUT" ||
				a.Errors[0].Extensions.Field != tt.field || a.Errors[0].Message != "Variable $"+tt.field+" "+tt.message {
				t.Errorf("%+v, want %s at %s: %s", a.Errors, tt.message, tt.field, tt.reason)
			}
		})
	}
}

// TestValuesOfDocuments: what stands in the document itself is told by the argument.
func TestValuesOfDocuments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ reason, query, field, message string }{
		"two members": {"@oneOf", `{ pick(pick: {name: "a", number: 1}) }`, "pick",
			`OneOf Input Object "Pick" must specify exactly one key.`},
		"no member": {"@oneOf", `{ pick(list: [{name: "a"}, {}]) }`, "list[1]",
			`OneOf Input Object "Pick" must specify exactly one key.`},
		"a null member": {"@oneOf", `{ pick(pick: {name: null}) }`, "pick.name", `Field "Pick.name" must be non-null.`},
		"two, within": {"@oneOf", `{ find(filter: {inner: {pick: {picks: [{name: "a", number: 1}]}}}) }`,
			"filter.inner.pick.picks[0]", `OneOf Input Object "Pick" must specify exactly one key.`},
		"a variable that may be null": {"@oneOf", `query($n: String) { pick(pick: {name: $n}) }`, "",
			`Variable "$n" is of type "String" but must be non-nullable to be used for OneOf Input Object "Pick".`},
		"unknown member": {"no member of the type", `{ find(filter: {inner: {salary: 1}}) }`, "filter.inner.salary",
			`Field "salary" is not defined by type "Filter".`},
		"another type": {"a text for a number", `{ a: hello(count: 1) b: hello(count: "x") }`, "count",
			"Int cannot represent non-integer value."},
		"odd text": {"nobody has typed it", `{ hello(name: "a\u0000b") }`, "name",
			"The text has control characters other than tabs and line breaks."},
		"odd text in a block": {"nobody has typed it", "query { find(filter: {tags: [\"\"\"a\u0085\"\"\"]}) }",
			"filter.tags[0]", "The text has control characters other than tabs and line breaks."},
		"beyond 32 bits": {"the specification's Int", `{ hello(count: 2147483648) }`, "count",
			"Int cannot represent non 32-bit signed integer value."},
		"below 32 bits": {"the specification's Int", `mutation { act(input: {inner: {limit: -2147483649}}) }`,
			"input.inner.limit", "Int cannot represent non 32-bit signed integer value."},
		"beyond 64 bits": {"gqlparser refuses it", `{ hello(count: 99999999999999999999) }`, "count",
			"Int cannot represent non 32-bit signed integer value."},
		"in a fragment": {"wherever it stands", `{ ...F } fragment F on Query { ... { hello(count: true) } }`, "count",
			"Int cannot represent non-integer value."},
	}
	for name, tt := range tests {
		a := parse(t, setup(t, nil, Options{}).do(request(document(tt.query))))
		want := "BAD_USER_INPUT"
		if tt.field == "" {
			want = "GRAPHQL_VALIDATION_FAILED" // of the document, whatever the value
		}
		if len(a.Errors) == 0 || a.Data != nil || a.code() != want || a.Errors[0].Extensions.Field != tt.field ||
			a.Errors[0].Message != tt.message || len(a.Errors[0].Locations) == 0 {
			t.Errorf("%s: %+v, want %q at %s: %s", name, a.Errors, tt.message, tt.field, tt.reason)
		}
	}
}

// TestDefaults: a default is a value like another.
func TestDefaults(t *testing.T) {
	t.Parallel()
	for of, taken := range map[string]bool{`Int = 5) { hello(count: $v)`: true, `Int = "5") { hello(count: $v)`: false,
		`Int = 5.5) { hello(count: $v)`: false, `[Int!] = ["5"]) { many(counts: $v)`: false, `ID = 5) { many(ids: [$v])`: true,
		`ID = 5.5) { many(ids: [$v])`: false, `Int = 2147483648) { hello(count: $v)`: false,
		`Int = 2147483647) { hello(count: $v)`: true, `Int = -2147483649) { hello(count: $v)`: false, `Boolean = "true") { many(yes: $v)`: false, `Float = "1") { many(share: $v)`: false,
		`Float = 1) { many(share: $v)`: true, `String = 5) { hello(name: $v)`: false,
		`Filter = {inner: {limit: "5"}}) { find(filter: $v)`: false} {
		a := parse(t, setup(t, nil, Options{}).do(request(document(`query($v: `+of+` }`))))
		if refused := a.Data == nil && a.code() == "BAD_USER_INPUT"; refused == taken {
			t.Errorf("%s: %+v", of, a.Errors)
		}
	}
}

// TestScalarsOfMutations: one that a program has built wrongly refuses the whole mutation.
func TestScalarsOfMutations(t *testing.T) {
	t.Parallel()
	even := func(value any) error {
		if n, ok := value.(string); !ok || !strings.ContainsAny(n[len(n)-1:], "02468") {
			return errors.New(secret)
		}
		return nil
	}
	tests := map[string]struct {
		reason, query string
		variables     map[string]any
		field         string // empty: it is taken
	}{
		"good":      {"as it should be", `mutation { choose(pick: {even: "2"}, even: "4") }`, nil, ""},
		"null":      {"there is none", `mutation { choose(pick: {name: "a"}, even: null) }`, nil, ""},
		"argument":  {"in the document", `mutation { choose(pick: {name: "a"}, even: "` + secret + `") }`, nil, "even"},
		"within":    {"at any depth", `mutation { choose(pick: {picks: [{even: "2"}, {even: "3"}]}) }`, nil, "pick.picks[1].even"},
		"the later": {"nothing is done before", `mutation { a: act(input: {}) choose(pick: {even: "3"}) }`, nil, "pick.even"},
		"variable": {"told by the argument", `mutation($e: Even) { choose(pick: {name: "a"}, even: $e) }`,
			map[string]any{"e": secret}, "even"},
		"whole variable": {"told by the argument", `mutation($p: Pick!) { ...F } fragment F on Mutation { choose(pick: $p) }`,
			map[string]any{"p": map[string]any{"even": "3"}}, "pick.even"},
		"odd text": {"the mutation answers by a user error", `mutation { act(input: {tags: ["a\u0000b"]}) }`, nil, ""},
		"query":    {"costs its field alone", `query { pick(pick: {even: "3"}) }`, nil, ""},
	}
	for name, tt := range tests {
		body, err := json.Marshal(map[string]any{"query": tt.query, "variables": tt.variables})
		if err != nil {
			t.Fatal(err)
		}
		b := setup(t, nil, Options{Scalars: map[string]func(any) error{"Even": even}})
		w := b.do(request(string(body)))
		a := parse(t, w)
		if tt.field == "" {
			if len(a.Errors) > 0 {
				t.Errorf("%s: %+v: %s", name, a.Errors, tt.reason)
			}
			continue
		}
		if len(a.Errors) != 1 || a.Data != nil || a.code() != "BAD_USER_INPUT" ||
			a.Errors[0].Extensions.Field != tt.field || a.Errors[0].Message != tt.field+" is not a valid Even" ||
			strings.Contains(w.Body.String()+b.log.String(), secret) {
			t.Errorf("%s: %s, want the field %s: %s", name, w.Body, tt.field, tt.reason)
		}
	}
}
