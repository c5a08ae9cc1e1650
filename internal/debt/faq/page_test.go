package faq_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/faq"
)

// TestPage: the page has every entry, with what it explains.
func TestPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/faq.md")
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	for _, e := range faq.Of(debt.English, nil) {
		var phases []string
		for _, p := range e.Phases {
			phases = append(phases, string(p))
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s | %s |\n", e.Key, e.Question, strings.Join(e.Acts, ", "),
			strings.Join(phases, ", "), strings.Join(e.Law, ", "))
	}
	before, after, ok := strings.Cut(string(page), "| --- | --- | --- | --- | --- |\n")
	if !ok || after != table.String() {
		if os.Getenv("UPDATE_GOLDEN") == "" {
			t.Fatal("docs/faq.md is not current: UPDATE_GOLDEN=1 go test ./internal/debt/faq -run TestPage")
		}
		whole := before + "| --- | --- | --- | --- | --- |\n" + table.String()
		if err := os.WriteFile("../../../docs/faq.md", []byte(whole), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
