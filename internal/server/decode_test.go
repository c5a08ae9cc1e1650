package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/fault"
)

func decode(text string) (graphql.RawParams, bool, error) {
	var params params
	hasQuery, err := decodeRequest(jsontext.NewDecoder(bytes.NewBufferString(text)), &params)
	if err != nil {
		err = badBody(err)
	}
	return params.RawParams, hasQuery, err
}

func TestDecodeAccepts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body   string
		want   graphql.RawParams
		reason string
	}{
		"query": {`{"query":"{a}"}`, graphql.RawParams{Query: "{a}"}, "the least"},
		"all": {`{"query":"q","operationName":"O","variables":{"a":[1,"x",true,null,{}]},"extensions":{"e":false}}`,
			graphql.RawParams{Query: "q", OperationName: "O", Variables: map[string]any{"a": []any{json.Number("1"), "x", true,
				nil, map[string]any{}}}, Extensions: map[string]any{"e": false}}, "every member"},
		"nulls": {`{"query":"q","operationName":null,"variables":null,"extensions":null}`,
			graphql.RawParams{Query: "q"}, "null is the same as absent, save for query"},
		"exact": {`{"query":"q","variables":{"a":12345678901234567890.10,"b":1e400}}`,
			graphql.RawParams{Query: "q", Variables: map[string]any{"a": json.Number("12345678901234567890.10"),
				"b": json.Number("1e400")}}, "an amount must not pass through a float"},
		"space around": {" \t\r\n{\"query\":\"q\"} \n", graphql.RawParams{Query: "q"}, "white space is no data"},
		"unknown": {`{"id":7,"payload":{"a":[1]},"query":"q"}`, graphql.RawParams{Query: "q"},
			"the specification has other members ignored"},
		"escapes": {`{"qu\u0065ry":"\ud83c\udfc3 \u00e5"}`, graphql.RawParams{Query: "🏃 å"},
			"escapes in names and strings"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, hasQuery, err := decode(tt.body)
			if err != nil || !hasQuery {
				t.Fatalf("decode: %v, %v: %s", hasQuery, err, tt.reason)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", tt.reason, diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ body, reason string }{
		"empty":             {"", "no object"},
		"null":              {"null", "no object"},
		"list":              {`[{"query":"q"}]`, "no batches"},
		"string":            {`"x"`, "no object"},
		"truncated":         {`{"query":"q`, "not JSON"},
		"trailing brace":    {`{"query":"q"}}`, "more than one value"},
		"two objects":       {`{"query":"q"}{"query":"q"}`, "more than one value"},
		"duplicate":         {`{"query":"a","query":"b"}`, "parsers differ in which one counts"},
		"duplicate escaped": {`{"query":"a","qu\u0065ry":"b"}`, "the same name in other spelling"},
		"duplicate deep":    {`{"query":"a","variables":{"a":{"b":1,"b":2}}}`, "at any depth"},
		"duplicate ignored": {`{"query":"a","other":{"b":1,"b":2}}`, "ignored members are JSON too"},
		"query null":        {`{"query":null}`, "query is required"},
		"query number":      {`{"query":1}`, "must be a string"},
		"query list":        {`{"query":["a"]}`, "must be a string"},
		"operation number":  {`{"query":"q","operationName":0}`, "must be a string"},
		"variables list":    {`{"query":"q","variables":[7]}`, "must be an object"},
		"variables string":  {`{"query":"q","variables":"{}"}`, "must be an object"},
		"extensions true":   {`{"query":"q","extensions":true}`, "must be an object"},
		"invalid UTF-8":     {"{\"query\":\"\xff\xfe\"}", "not UTF-8"},
		"overlong UTF-8":    {"{\"query\":\"\xc0\xaf\"}", "not UTF-8"},
		"lone surrogate":    {`{"query":"\ud800"}`, "no character"},
		"raw control":       {"{\"query\":\"a\x00b\"}", "control characters must be escaped"},
		"raw newline":       {"{\"query\":\"a\nb\"}", "control characters must be escaped"},
		"UTF-16":            {"\xff\xfe{\x00\"\x00q\x00", "not UTF-8"},
		"byte order mark":   {"\ufeff{\"query\":\"q\"}", "RFC 8259 does not allow one"},
		"comment":           {`{"query":"q"/*x*/}`, "not JSON"},
		"trailing comma":    {`{"query":"q",}`, "not JSON"},
		"leading zero":      {`{"query":"q","variables":{"a":01}}`, "not JSON"},
		"NaN":               {`{"query":"q","variables":{"a":NaN}}`, "not JSON"},
		"deep variables": {`{"query":"q","variables":{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}}`,
			"too deep"},
		"deep ignored": {`{"query":"q","other":` + strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100) + `}`,
			"too deep"},
		"unbalanced":         {`{"query":"q","variables":{"a":[}}`, "not JSON"},
		"single quotes":      {`{'query':'q'}`, "not JSON"},
		"secret is not told": {`{"query":"q","password":"01010112345`, "the message must not quote"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := decode(tt.body)
			var f *fault.Error
			if !errors.As(err, &f) || f.Code != fault.BadRequest {
				t.Fatalf("decode = %v, want BAD_REQUEST: %s", err, tt.reason)
			}
			if len(f.Message) > maxMessage || strings.Contains(f.Message, "01010112345") {
				t.Errorf("message %q", f.Message)
			}
		})
	}
}

func TestDepthLimitIsExact(t *testing.T) {
	t.Parallel()
	nested := func(n int) string {
		return `{"query":"q","variables":{"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}}`
	}
	if _, _, err := decode(nested(maxDepth - 2)); err != nil {
		t.Errorf("depth %d: %v", maxDepth, err)
	}
	if _, _, err := decode(nested(maxDepth - 1)); err == nil {
		t.Errorf("depth %d is accepted", maxDepth+1)
	}
}

func TestReadURL(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		query  string
		ok     bool
		reason string
	}{
		"query":           {"query={a}", true, "the least"},
		"all":             {`query={a}&operationName=O&variables={"a":1}&extensions=null`, true, "every parameter"},
		"twice":           {"query={a}&query={b}", false, "ambiguous"},
		"variables list":  {"query={a}&variables=[1]", false, "must be an object"},
		"broken":          {"query={a}&variables={", false, "not JSON"},
		"trailing":        {"query={a}&variables={}{}", false, "more than one value"},
		"semicolon":       {"query={a};variables={}", false, "parsers differ on it"},
		"unknown ignored": {"query={a}&x=1", true, "as in bodies"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var params params
			hasQuery, err := readURL(&url.URL{RawQuery: tt.query}, &params)
			if (err == nil) != tt.ok || tt.ok && !hasQuery {
				t.Errorf("readURL = %v, %v, want ok %v: %s", hasQuery, err, tt.ok, tt.reason)
			}
		})
	}
}

// FuzzDecode holds the decoder against encoding/json: what it accepts, that one
// accepts with the same values; what it calls broken is broken or not UTF-8.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"query":"{a}","variables":{"a":[1,-0,1e5,"\u00e5",{"b":null}]}}`,
		`{"query":"a","x":{}}`, `{"query":"a"} x`, `{"query":"\ud800"}`, `[]`, "{\"query\":\"\xff\"}",
		`{"query":"a","query":"b"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, _, err := decode(text)
		if err != nil {
			broken := strings.Contains(err.Error(), "not JSON in UTF-8") || strings.Contains(err.Error(), "not a complete")
			if broken && json.Valid([]byte(text)) && utf8.ValidString(text) && !strings.Contains(text, `\u`) {
				t.Fatalf("%q is valid JSON, but: %v", text, err)
			}
			return
		}
		if !json.Valid([]byte(text)) || !utf8.ValidString(text) {
			t.Fatalf("%q is not valid, but accepted", text)
		}
		var members map[string]any
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		if err := dec.Decode(&members); err != nil {
			t.Fatalf("%q: encoding/json: %v", text, err)
		}
		query, _ := members["query"].(string)
		variables, _ := members["variables"].(map[string]any)
		if diff := cmp.Diff(graphql.RawParams{Query: query, Variables: variables},
			graphql.RawParams{Query: got.Query, Variables: got.Variables}); diff != "" {
			t.Fatalf("%q: -encoding/json +ours\n%s", text, diff)
		}
	})
}
