package act

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const page = "../../docs/acts.md"

// TestMachineIsDocumented: the page shows the machine as it is.
func TestMachineIsDocumented(t *testing.T) {
	t.Parallel()
	text := read(t, page)
	begin := strings.Index(text, "<!-- machine:")
	begin += strings.Index(text[begin:], "\n") + 1
	end := strings.Index(text, "<!-- end of machine -->")
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		text = text[:begin] + machine() + text[end:]
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(machine(), text[begin:end]); diff != "" {
		t.Errorf("%s is not current: run UPDATE_GOLDEN=1 go test ./internal/act -run Documented\n%s", page, diff)
	}
}

// machine is the tables of the machine in Markdown.
func machine() string {
	var b strings.Builder
	b.WriteString("\nAn agency's part. What is asked is in the first column; a part that is not named stays as it is.\n\n")
	b.WriteString("| Asked | Part | The agency says | Part then | |\n| --- | --- | --- | --- | --- |\n")
	for _, st := range []step{doing, proposing, confirming, withdrawing} {
		for _, h := range slices.Sorted(maps.Keys(st.moves)) {
			m := st.moves[h]
			to, wrong := "as it was", ""
			if m.to != "" {
				to = code(string(m.to))
			}
			if m.wrong {
				wrong = "wrong"
			}
			var from []string
			for _, s := range st.from {
				from = append(from, code(string(s)))
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", st.name, strings.Join(from, ", "), h, to, wrong)
		}
	}
	b.WriteString("\nThe decision of an act of all agencies, once they have been asked to propose. The first row that holds counts.\n\n")
	b.WriteString("| When | Decision |\n| --- | --- |\n")
	rows(&b, deciding)
	for _, one := range []struct {
		title string
		table []line[Status]
	}{
		{"An act of one agency, or of each for itself, once they have been asked:", singly},
		{"An act of all agencies whose decision is `CONFIRM`, once they have been asked:", confirmed},
		{"An act of all agencies whose decision is `WITHDRAW`, once they have been asked:", withdrawn},
	} {
		fmt.Fprintf(&b, "\n%s\n\n| When | Status |\n| --- | --- |\n", one.title)
		rows(&b, one.table)
	}
	b.WriteString("\n")
	return b.String()
}

func rows[To ~string](b *strings.Builder, table []line[To]) {
	for _, l := range table {
		to := "as it was"
		if l.to != "" {
			to = code(string(l.to))
		}
		fmt.Fprintf(b, "| %s | %s |\n", l.when, to)
	}
}

func code(s string) string { return "`" + s + "`" }

// TestInvariantsAreTested: whatever the simulation looks at is on the page, and every test
// that the page names is there.
func TestInvariantsAreTested(t *testing.T) {
	t.Parallel()
	text := read(t, page)
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var source string
	for _, f := range append(files, "acttest/examples/examples_test.go", "../../cmd/internal/service/acts_test.go") {
		source += read(t, f)
	}
	looked := regexp.MustCompile(`(?:violated\(|invariant :?= )"([^"]+)"`).FindAllStringSubmatch(source, -1)
	if len(looked) < 20 {
		t.Errorf("the simulation looks at %d things", len(looked))
	}
	for _, l := range looked {
		if !strings.Contains(text, "| "+l[1]+" |") {
			t.Errorf("%q is not on the page", l[1])
		}
	}
	for _, name := range regexp.MustCompile(`\bTest\w+`).FindAllString(text, -1) {
		if !strings.Contains(source, "func "+name+"(") {
			t.Errorf("there is no %s", name)
		}
	}
	for bug, means := range bugs {
		if !strings.Contains(text, "| "+bug+" | "+means+" |") {
			t.Errorf("the bug %q is not on the page", bug)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
