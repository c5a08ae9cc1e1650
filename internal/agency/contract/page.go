package contract

import (
	"embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

//go:generate go test -count=1 -run ^TestPageIsCurrent$ . -write

//go:embed page
var pageFiles embed.FS

// WriteMarkdown writes docs/contract.md: the contract for the DBA who maps it.
func WriteMarkdown(w io.Writer) error {
	example, err := pageFiles.ReadFile("page/sak.sql")
	if err != nil {
		return fmt.Errorf("write contract page: %w", err)
	}
	t, err := template.New("contract.md.tmpl").Funcs(template.FuncMap{
		"anchor": anchor,
		"list":   func(columns []string) string { return "`" + strings.Join(columns, "`, `") + "`" },
		"types":  typesInWords,
	}).ParseFS(pageFiles, "page/contract.md.tmpl")
	if err != nil {
		return fmt.Errorf("write contract page: %w", err)
	}
	var refusedColumns []string
	for _, r := range Relations {
		for _, c := range r.Columns {
			if c.Codes != nil && c.Codes.Unlisted == refused {
				refusedColumns = append(refusedColumns, r.Name+"."+c.Name)
			}
		}
	}
	err = t.Execute(w, map[string]any{
		"Relations": Relations,
		"Functions": Functions,
		"Codes":     codeLists(),
		"Refused":   refusedColumns,
		"Rules":     ruleMeanings,
		"Role":      DefaultRole,
		"Example":   string(example),
		"Sample":    thousands(defaultSample),
		"Timeout":   defaultTimeout,
	})
	if err != nil {
		return fmt.Errorf("write contract page: %w", err)
	}
	return nil
}

// codeLists returns the lists that the contract uses, each once.
func codeLists() []*CodeList {
	var all []Column
	for _, r := range Relations {
		all = append(all, r.Columns...)
	}
	for _, f := range Functions {
		all = append(append(all, f.Arguments...), f.Results...)
	}
	var lists []*CodeList
	for _, c := range all {
		if c.Codes != nil && !slices.Contains(lists, c.Codes) {
			lists = append(lists, c.Codes)
		}
	}
	return lists
}

func typesInWords(c Column) string {
	if c.isKey() {
		return "key"
	}
	return strings.NewReplacer("timestamp with time zone", "timestamptz", "character varying",
		"varchar").Replace(strings.Join(c.Types, ", "))
}

var notInAnchor = regexp.MustCompile(`[^\p{L}\p{N} -]`)

// anchor is the fragment that a Markdown heading gets.
func anchor(heading string) string {
	return strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}
