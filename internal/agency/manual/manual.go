// Package manual writes docs/contract.md: the contract for the DBA who maps it.
package manual

import (
	"embed"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/template"

	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/agency/spec"
)

//go:generate go test -count=1 -run ^TestPageIsCurrent$ . -write

//go:embed contract.md.tmpl sak.sql
var pageFiles embed.FS

// WriteMarkdown writes docs/contract.md: the contract for the DBA who maps it.
func WriteMarkdown(w io.Writer) error {
	example, err := pageFiles.ReadFile("sak.sql")
	if err != nil {
		return fmt.Errorf("write contract page: %w", err)
	}
	t, err := template.New("contract.md.tmpl").Funcs(template.FuncMap{
		"anchor":  anchor,
		"list":    func(columns []string) string { return "`" + strings.Join(columns, "`, `") + "`" },
		"types":   typesInWords,
		"members": membersOf,
	}).ParseFS(pageFiles, "contract.md.tmpl")
	if err != nil {
		return fmt.Errorf("write contract page: %w", err)
	}
	var refusedColumns, optional []string
	for _, r := range spec.Relations {
		if r.Optional {
			optional = append(optional, r.Name)
		}
		for _, c := range r.Columns {
			if c.Codes != nil && c.Codes.Unlisted == spec.Refused {
				refusedColumns = append(refusedColumns, r.Name+"."+c.Name)
			}
		}
	}
	err = t.Execute(w, map[string]any{
		"Relations": spec.Relations,
		"Functions": spec.Functions,
		"Codes":     spec.CodeLists(),
		"Refused":   refusedColumns,
		"Rules":     check.Meanings(),
		"Role":      spec.DefaultRole,
		"Optional":  optional,
		"Required":  len(spec.Relations) - len(optional),
		"Acts":      acts(),
		"Example":   string(example),
		"Sample":    check.Thousands(check.DefaultSample),
		"Timeout":   check.DefaultTimeout,
		"Format":    check.Format,
	})
	if err != nil {
		return fmt.Errorf("write contract page: %w", err)
	}
	return nil
}

func acts() (n int) {
	for _, f := range spec.Functions {
		if f.IsAct() {
			n++
		}
	}
	return n
}

// members is a table of an object's members, with an example.
type members struct {
	Title   string
	Columns []spec.Column
	Example string
}

func membersOf(title string, of []spec.Column) members {
	return members{title, within("", of), spec.Example(of, "")}
}

// within lists members with those of the objects among them, which are named by their path.
func within(path string, of []spec.Column) []spec.Column {
	var all []spec.Column
	for _, c := range of {
		inner := c.Members
		c.Name, c.Members = path+c.Name, nil
		all = append(append(all, c), within(c.Name+"[].", inner)...)
	}
	return all
}

func typesInWords(c spec.Column) string {
	switch {
	case c.IsKey():
		return "key"
	case c.Types[0] == "object[]":
		return "list of objects"
	}
	return strings.NewReplacer("timestamp with time zone", "timestamptz", "character varying",
		"varchar").Replace(strings.Join(c.Types, ", "))
}

var notInAnchor = regexp.MustCompile(`[^\p{L}\p{N} -]`)

// anchor is the fragment that a Markdown heading gets.
func anchor(heading string) string {
	return strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}
