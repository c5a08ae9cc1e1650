package fault_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/fault"
)

func TestOf(t *testing.T) {
	t.Parallel()
	known := fault.New(fault.NotFound, "there is no such %s", "object")
	cases := map[string]struct {
		reason  string
		err     error
		code    fault.Code
		message string
	}{
		"fault": {"itself", known, fault.NotFound, "there is no such object"},
		"wrapped": {"whatever is put around it", fmt.Errorf("read case: %w", known), fault.NotFound,
			"there is no such object"},
		"joined":     {"one of several", errors.Join(io.EOF, known), fault.NotFound, "there is no such object"},
		"with cause": {"the cause is for the log", known.Because(io.EOF), fault.NotFound, "there is no such object"},
		"fault of fault": {"the outer one says what it means here",
			fault.New(fault.AgencyUnavailable, "no answer").Because(known), fault.AgencyUnavailable, "no answer"},
		"any other error": {"its text may hold anything", errors.New("secret"), fault.Internal,
			"something went wrong here; it has been logged"},
		"invalid": {"a field", fault.Invalid("first", "first must be between %d and %d", 1, 100), fault.BadUserInput,
			"first must be between 1 and 100"},
	}
	for name, tc := range cases {
		f := fault.Of(tc.err)
		if f.Code != tc.code || f.Message != tc.message {
			t.Errorf("%s: %s %q, want %s %q: %s", name, f.Code, f.Message, tc.code, tc.message, tc.reason)
		}
		if f.Code == fault.Internal && !errors.Is(f, tc.err) {
			t.Errorf("%s: the cause is lost", name)
		}
	}
}

func TestIs(t *testing.T) {
	t.Parallel()
	down := fault.New(fault.AgencyUnavailable, "no answer").At("lita").Because(io.EOF)
	cases := map[string]struct {
		reason string
		target error
		want   bool
	}{
		"same code":     {"message, agency and cause do not matter", fault.New(fault.AgencyUnavailable, ""), true},
		"other code":    {"another failure", fault.New(fault.SchemaMismatch, "no answer"), false},
		"cause":         {"the chain goes on", io.EOF, true},
		"another error": {"none in the chain", io.ErrClosedPipe, false},
	}
	for name, tc := range cases {
		if got := errors.Is(fmt.Errorf("read: %w", down), tc.target); got != tc.want {
			t.Errorf("%s: %t: %s", name, got, tc.reason)
		}
	}
}

// TestCopies: a fault may be a variable that many requests share.
func TestCopies(t *testing.T) {
	t.Parallel()
	base := fault.New(fault.AgencyUnavailable, "no answer")
	at, because := base.At("lita"), base.Because(io.EOF)
	if base.Agency != "" || base.Cause != nil || at.Agency != "lita" || !errors.Is(because.Cause, io.EOF) {
		t.Errorf("%+v, %+v, %+v", base, at, because)
	}
	if text, want := at.Because(io.EOF).Error(), "AGENCY_UNAVAILABLE lita: no answer: EOF"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
	if text, want := fault.Invalid("first", "too many").Error(), "BAD_USER_INPUT first: too many"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	seen := map[fault.Code]bool{}
	for _, e := range fault.Catalogue {
		if seen[e.Code] {
			t.Errorf("%s is there twice", e.Code)
		}
		seen[e.Code] = true
		if !regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`).MatchString(string(e.Code)) {
			t.Errorf("%s is no name like the others", e.Code)
		}
		if !strings.HasSuffix(e.Meaning, ".") || !strings.HasSuffix(e.Remedy, ".") ||
			strings.Contains(e.Meaning+e.Remedy, "\n") {
			t.Errorf("%s is not described in sentences of one line", e.Code)
		}
		if http.StatusText(e.Status) == "" || e.Code.Status() != e.Status {
			t.Errorf("%s has the status %d", e.Code, e.Status)
		}
	}
	for _, code := range constants(t) {
		if !seen[code] {
			t.Errorf("%s is missing", code)
		}
	}
	if fault.Code("NEW").Status() != http.StatusInternalServerError {
		t.Error("a code without an entry is a fault of ours")
	}
}

// constants reads the codes from the source.
func constants(t *testing.T) (codes []fault.Code) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if typed, ok := v.Type.(*ast.Ident); ok && typed.Name == "Code" {
				codes = append(codes, fault.Code(strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`)))
			}
		}
		return true
	})
	if len(codes) < 18 {
		t.Fatalf("%d codes were found", len(codes))
	}
	return codes
}

func written(t *testing.T) string {
	t.Helper()
	var page bytes.Buffer
	if err := fault.WriteMarkdown(&page); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

func TestGoldenErrorsPage(t *testing.T) {
	t.Parallel()
	const path = "../../docs/errors.md"
	page := written(t)
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(page, string(have)); diff != "" {
		t.Errorf("docs/errors.md is not current: run make generate\n%s", diff)
	}
}

// TestErrorsPageExamples: what is shown can be copied, and names codes that exist.
func TestErrorsPageExamples(t *testing.T) {
	t.Parallel()
	page := written(t)
	known := map[string]bool{}
	for _, e := range fault.Catalogue {
		known[string(e.Code)] = true
		if strings.Count(page, "\n| `"+string(e.Code)+"` | ") < 1 {
			t.Errorf("%s has no row", e.Code)
		}
	}
	examples := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(page, -1)
	if len(examples) < 4 {
		t.Errorf("%d examples", len(examples))
	}
	for _, example := range examples {
		var answer struct {
			Errors []struct {
				Message    string
				Extensions struct {
					Code      string
					Retryable bool
				}
			}
		}
		if err := json.Unmarshal([]byte(example[1]), &answer); err != nil || len(answer.Errors) == 0 {
			t.Errorf("%v: %s", err, example[1])
		}
		for _, e := range answer.Errors {
			if !known[e.Extensions.Code] || e.Message == "" {
				t.Errorf("an example has the code %s", e.Extensions.Code)
			}
		}
	}
	for _, name := range regexp.MustCompile("`([A-Z]+_[A-Z_]+|INTERNAL)`").FindAllStringSubmatch(page, -1) {
		if !known[name[1]] {
			t.Errorf("the page speaks of %s", name[1])
		}
	}
}

// TestWriteFails: a full disk is told.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	_ = r.CloseWithError(io.ErrShortWrite)
	if err := fault.WriteMarkdown(w); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("%v", err)
	}
}
