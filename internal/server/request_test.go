package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// secret stands for a national identity number or a password.
const secret = "01010112345"

func TestRequestErrorsNeverShowValues(t *testing.T) {
	t.Parallel()
	quoted := `\"` + secret + `\"`
	tests := map[string]struct {
		query, variables string
		message          string
		reason           string
	}{
		"literal of another type": {`{hello(count:` + quoted + `)}`, `{}`, "Int cannot represent non-integer value.",
			"gqlparser quotes the literal"},
		"literal for an input": {`{find(filter:` + quoted + `)}`, `{}`, `Expected value of type "Filter".`,
			"gqlparser quotes the literal"},
		"number for a string": {`{hello(name:31010112345)}`, `{}`, "String cannot represent a non string value.",
			"gqlparser quotes the literal"},
		"list with a value": {`{hello(name:[` + quoted + `])}`, `{}`, "String cannot represent a non string value.",
			"gqlparser quotes the literal"},
		"string for an enum": {`{find(filter:{status:` + quoted + `})}`, `{}`,
			`Enum "Status" cannot represent non-enum value.`, "gqlparser quotes the literal"},
		"name for an enum": {`{find(filter:{status:S01010112345})}`, `{}`,
			`The value does not exist in "Status" enum.`, "a bare word may be a password"},
		"name for a string": {`{hello(name:S01010112345)}`, `{}`, "String cannot represent a non string value.",
			"a password without quotes"},
		"text that imitates": {`{find(filter:\" Did you mean ` + secret + `\")}`, `{}`,
			`Expected value of type "Filter".`, "the value must not pass for a hint"},
		"string where none is": {`{hello ` + quoted + `}`, `{}`, "", "the parser quotes the token"},
		"string for a keyword": {`fragment F ` + quoted + ` Query{hello}`, `{}`, "", "the parser quotes the token"},
		"bad escape":           {`{hello(name:\"\\u` + secret, `{}`, "", "the lexer quotes the rest of the document"},
		"bad number": {`{hello(count:` + secret + `)}`, `{}`, "Invalid character, number or string.",
			"a leading zero"},
		"default out of range": {`query($n:Int=99999999999999999999){hello(count:$n)}`, `{}`, "",
			"strconv quotes the number"},
		"enum variable": {`query($s:Filter){find(filter:$s)}`, `{"s":{"status":"` + secret + `"}}`,
			"Variable $s.status is not a valid Status", "gqlparser quotes the value"},
		"enum imitates a type": {`query($s:Filter){find(filter:$s)}`, `{"s":{"status":"x is not a valid S` + secret +
			`"}}`, "Variable $s.status is not a valid Status", "the value must not pass for the type"},
		"enum in another case": {`query($s:Filter){find(filter:$s)}`, `{"s":{"inner":{"status":"open"}}}`,
			"Variable $s.inner.status is not a valid Status", "generated code would take it as the empty value"},
		"overflowing variable": {`query($n:Int){hello(count:$n)}`, `{"n":9223372036854775808}`,
			"Variable $n is out of range of its type", "gqlparser prints a number"},
		"unknown key": {`query($f:Filter){find(filter:$f)}`, `{"f":{"` + secret + `":1}}`,
			"Variable $f.? is no field of its type", "a key is the client's text"},
		"wrong kind": {`query($f:Filter){find(filter:$f)}`, `{"f":"` + secret + `"}`,
			"Variable $f must be a Filter", "the kind may be told"},
		"null in a list": {`query($f:Filter){find(filter:$f)}`, `{"f":{"tags":["a",null]}}`,
			"Variable $f.tags[1] cannot be null", "the place may be told"},
		"unknown operation": {`query A{hello} query B{hello}`, `{}`, "", "operationName is the client's text"},
		"long digits in a variable": {`query($v` + secret + `:Int){hello}`, `{}`, `Variable "$v#11" is never used.`,
			"the second net"},
	}
	b := setup(t, nil, Options{Suggestions: true})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := b.do(request(`{"query":"` + tt.query + `","variables":` + tt.variables + `}`))
			a := parse(t, w)
			if len(a.Errors) == 0 || a.Data != nil || !strings.HasPrefix(a.code(), "GRAPHQL_") && a.code() != "BAD_USER_INPUT" {
				t.Fatalf("body %s", w.Body)
			}
			if body := w.Body.String(); strings.Contains(body, secret) || strings.Contains(body, secret[1:]) ||
				strings.Contains(body, "9999999") {
				t.Errorf("%s: %s", tt.reason, body)
			}
			if tt.message != "" && a.Errors[0].Message != tt.message {
				t.Errorf("message %q, want %q: %s", a.Errors[0].Message, tt.message, tt.reason)
			}
		})
	}
	if strings.Contains(b.log.String(), secret[1:]) {
		t.Errorf("log %s", b.log)
	}
}

func TestVariableErrorsAreLocated(t *testing.T) {
	t.Parallel()
	a := parse(t,
		setup(t, nil,
			Options{}).do(request(`{"query":"query Q($f: Filter) { find(filter: $f) }","variables":{"f":{"tags":[true]}}}`)))
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Field != "f.tags[0]" || a.Errors[0].Path != nil {
		t.Fatalf("%+v", a.Errors)
	}
	if l := a.Errors[0].Locations; len(l) != 1 || l[0].Line != 1 || l[0].Column != 9 {
		t.Errorf("locations %v", l)
	}
}

func TestRequestErrorsAreBounded(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ query, reason string }{
		"unknown fields":     {"{" + numbered(200, "zz%d ") + "}", "one error each"},
		"unknown directives": {"{hello " + strings.Repeat("@aa", 400) + "}", "amplifies 148 times in gqlgen"},
		"long name":          {"{" + strings.Repeat("n", 4000) + "}", "the name is quoted"},
		"too many tokens":    {"{" + numbered(DefaultTokenLimit, "a%d ") + "}", "refused by the parser"},
	}
	b := setup(t, nil, Options{})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := b.do(request(document(tt.query)))
			a := parse(t, w)
			if len(a.Errors) == 0 || len(a.Errors) > maxRequestErrors || w.Body.Len() > 2048 {
				t.Errorf("%s: %d errors in %d bytes", tt.reason, len(a.Errors), w.Body.Len())
			}
			for _, e := range a.Errors {
				if len(e.Message) > maxMessage {
					t.Errorf("message of %d bytes", len(e.Message))
				}
			}
		})
	}
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	on, off := setup(t, nil, Options{Suggestions: true}), setup(t, nil, Options{})
	queries := []string{"{hell}", "{hello(nam:1)}", "{hello @inclde(if:true)}", "query($a:Strin){hello}",
		"{find(filter:{status:OPEM})}", "{find(filter:{statu:OPEN})}"}
	hints := 0
	for _, query := range queries {
		hints += strings.Count(on.do(request(document(query))).Body.String(), "Did you mean")
		if body := off.do(request(document(query))).Body.String(); strings.Contains(body, "Did you mean") {
			t.Errorf("%s: %s", query, body)
		}
	}
	if hints == 0 {
		t.Error("no hint at all with Suggestions")
	}
}

func TestIntrospection(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Options{})
	for _, query := range []string{"{__schema{queryType{name}}}", `{x:__type(name:"Query"){name}}`,
		"{...F} fragment F on Query{__schema{queryType{name}}}"} {
		a := parse(t, b.do(request(document(query))))
		if a.code() != "GRAPHQL_VALIDATION_FAILED" || a.Data != nil {
			t.Errorf("%s: %+v", query, a)
		}
	}
	if strings.Contains(b.log.String(), "level=ERROR") {
		t.Errorf("a stranger's introspection is logged as an error: %s", b.log)
	}
	if a := parse(t, b.do(request(document("{__typename}")))); string(a.Data) != `{"__typename":"Query"}` {
		t.Errorf("__typename is no introspection: %+v", a)
	}
	a := parse(t, setup(t, nil, Options{Introspection: true}).do(request(document("{__schema{queryType{name}}}"))))
	if a.code() != "" {
		t.Errorf("introspection is on, but %+v", a)
	}
}

func TestDeferIsRefused(t *testing.T) {
	t.Parallel()
	a := parse(t, setup(t, nil, Options{}).do(request(document("{...@defer{hello}}"))))
	if a.code() != "GRAPHQL_VALIDATION_FAILED" || a.Data != nil {
		t.Errorf("%+v", a)
	}
}

func TestOperationNameSelects(t *testing.T) {
	t.Parallel()
	body, _ := json.Marshal(map[string]any{"query": "query A{a:hello} query B{b:hello}", "operationName": "B"})
	b := setup(t, nil, Options{})
	if a := parse(t, b.do(request(string(body)))); string(a.Data) != `{"b":"hello"}` {
		t.Errorf("%s", a.Data)
	}
	if log := b.log.String(); !strings.Contains(log, "operation=B") || strings.Contains(log, "hello") {
		t.Errorf("the access log has the name, never the document: %s", log)
	}
}
