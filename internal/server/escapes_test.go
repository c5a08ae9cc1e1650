package server

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/oversikt/oversikt/internal/fault"
)

// TestEscapes: what a string of a document says, as the parser then reads it.
func TestEscapes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ reason, literal, want string }{
		"pair":       {"one character", `"a\ud83d\ude00b"`, "a😀b"},
		"upper case": {"digits of either case", `"\uD83D\uDE00"`, "😀"},
		"two":        {"one after the other", `"\ud83d\ude00\ud83c\udfc3"`, "😀🏃"},
		"braces":     {"the specification of 2025", `"\u{1F600}\u{e5}\u{000041}"`, "😀åA"},
		"quotation":  {"it does not end the string", `"a\u{22}b\u0022c\u005cd\u{a}e"`, "a\"b\"c\\d\ne"},
		"last":       {"the last that there is", `"\udbff\udfff"`, "\U0010FFFF"},
		"plain":      {"one of the first 65,536", `"bl\u00e5b\u00e6r"`, "blåbær"},
		"escaped":    {"no escape at all", `"\\ud83d\\ude00"`, `\ud83d\ude00`},
		"after":      {"a backslash before it", `"\\\ud83d\ude00"`, `\😀`},
		"block":      {"a block string has no such escapes", `"""\ud83d\ude00 \ud83d"""`, `\ud83d\ude00 \ud83d`},
		"in a block": {"nor behind what looks like its end", `"""a \""" \ud83d"""`, `a """ \ud83d`},
		"empty":      {"its end is found", `"" , "\ud83d\ude00"`, ""},
		"itself":     {"written as it is", `"😀 \u00e5"`, "😀 å"},
	} {
		document, at := unescaped("{ # \" \\ud83d\n a(b: [" + tc.literal + "]) \n}")
		if at >= 0 {
			t.Errorf("%s (%s): refused", name, tc.reason)
			continue
		}
		parsed, err := parser.ParseQuery(&ast.Source{Input: document})
		if err != nil {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
			continue
		}
		got := parsed.Operations[0].SelectionSet[0].(*ast.Field).Arguments[0].Value.Children[0].Value.Raw
		if got != tc.want {
			t.Errorf("%s (%s): %q", name, tc.reason, got)
		}
	}
	for _, literal := range []string{`"\ud800"`, `"a\udc00b"`, `"\ude00\ud83d"`, `"\ud83d\ud83d"`, `"\ud83dx\ude00"`, `"\ud83d`,
		`"\ud83d\u`, `"\ud83d\ude0"`, `"\u{d83d}\u{de00}"`, `"\ud83d\u{de00}"`, `"\u{110000}"`, `"\u{}"`, `"\u{1F600"`,
		`"\u{ffffffffff}"`, `"\u12"`, `"\uzzzz"`, `"\u+123"`, `"\u{-1}"`, `"""a""" "\ud83d"`, `"\"\ud83d"`} {
		if got, at := unescaped("{ a(b: " + literal + ") }"); at < 0 {
			t.Errorf("%s is taken as %s", literal, got)
		}
	}
}

// TestHalfACharacter: the answer says where, and repeats nothing, whether a document or a variable
// has it.
func TestHalfACharacter(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Options{})
	a := parse(t, b.do(request(`{"query":"{\n hello(name: \"hemmelig\\ud83d\") }"}`)))
	if a.code() != string(fault.ParseFailed) || a.Data != nil || strings.Contains(a.Errors[0].Message, "hemmelig") ||
		len(a.Errors[0].Locations) != 1 || a.Errors[0].Locations[0].Line != 2 || a.Errors[0].Locations[0].Column != 23 {
		t.Errorf("%+v", a)
	}
	a = parse(t, b.do(request(`{"query":"query($v: Filter) { find(filter: $v) }","variables":{"v":{"tags":["hemmelig\ud83d"]}}}`)))
	if a.code() != "BAD_REQUEST" || strings.Contains(a.Errors[0].Message, "hemmelig") {
		t.Errorf("%+v", a)
	}
}

// TestNoCharacter: the answer says what is wrong with an escape.
func TestNoCharacter(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Options{})
	for escape, want := range map[string]string{
		`\\u{110000}`: "the last one is", `\\u{ffffff}`: "the last one is", `\\u{fffffffffffffffffffff}`: "the last one is",
		`\\ud83d`: "comes in a pair", `\\u{d83d}`: "comes in a pair", `\\udc00\\ud83d`: "comes in a pair", `\\u12`: "without the digits",
		`\\u{}`: "without the digits", `\\u{1F600`: "without the digits", `\\u{-1}`: "without the digits", `\\uzzzz`: "without the digits",
	} {
		a := parse(t, b.do(request(`{"query":"{ hello(name: \"`+escape+`\") }"}`)))
		if a.code() != string(fault.ParseFailed) || !strings.Contains(a.Errors[0].Message, want) {
			t.Errorf("%s: %+v, want %q", escape, a.Errors, want)
		}
	}
}

// FuzzEscapes: a document is either refused or has the tokens that it had, and no string of it is
// half a character.
func FuzzEscapes(f *testing.F) {
	for _, seed := range []string{`{a(b:"\ud83d\ude00")}`, `"""\ud83d""" "\u{1F600}"`, `# "\ud83d` + "\n{a}", `"\`, `"\u`, `"""\"""`,
		`{a(b:"\u0022}")}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		if !utf8.ValidString(document) { // it is refused before
			return
		}
		got, at := unescaped(document)
		if at >= 0 {
			if !strings.HasPrefix(document[at:], `\u`) {
				t.Fatalf("%q is refused at %d", document, at)
			}
			return
		}
		before, after := lexer.New(&ast.Source{Input: document}), lexer.New(&ast.Source{Input: got})
		for {
			x, wrong := before.ReadToken()
			if wrong != nil && strings.Contains(document, `\u{`) {
				return
			}
			y, err := after.ReadToken()
			if (wrong == nil) != (err == nil) || x.Kind != y.Kind {
				t.Fatalf("%q became %q: %v, %v", document, got, wrong, err)
			}
			if err != nil || x.Kind == lexer.EOF {
				return
			}
			if strings.ContainsRune(y.Value, utf8.RuneError) && !strings.ContainsRune(document, utf8.RuneError) &&
				!strings.Contains(strings.ToLower(document), `\ufffd`) {
				t.Fatalf("%q has half a character: %q", document, y.Value)
			}
		}
	})
}
