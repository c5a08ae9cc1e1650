package fault

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
	"text/template"

	"github.com/oversikt/oversikt/internal/text"
)

//go:embed errors.md.tmpl
var page string

// WriteMarkdown writes docs/errors.md: errors for people who write frontends, with a table of
// Catalogue.
func WriteMarkdown(w io.Writer) error {
	cells := template.FuncMap{
		"cell": func(s string) string { return strings.ReplaceAll(s, "|", `\|`) },
		"languages": func(c Code) string {
			if text.Has("error." + string(c)) {
				return "nb, nn, en"
			}
			return "en"
		},
	}
	t, err := template.New("errors.md").Funcs(cells).Parse(page)
	if err != nil {
		return fmt.Errorf("write errors page: %w", err)
	}
	if err := t.Execute(w, Catalogue); err != nil {
		return fmt.Errorf("write errors page: %w", err)
	}
	return nil
}
