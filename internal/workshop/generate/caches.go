package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/vektah/gqlparser/v2/ast"
)

// cachesDir has what clients' caches have to know of the schema, for frontends to copy.
const cachesDir = "clients/cache"

// cached is how a client's cache keeps the objects of a type: by their ids when it has nothing else to say.
type cached struct {
	Single   []string // one object for each caller, such as the viewer
	Embedded []string // part of what it is read from
	// Lists are the fields of each type that are lists of embedded objects: a newer answer replaces
	// such a list, since nobody knows which element is which.
	Lists map[string][]string
}

var caches = map[string]*template.Template{
	"apollo.js": template.Must(template.New("").Parse(`// Generated from the schema: type policies of Apollo Client's InMemoryCache. What has an id is kept by it.
// What has none is part of the object that it was read from, and is merged there; a list of such is replaced.
const lists = (...fields) => Object.fromEntries(fields.map((field) => [field, { merge: false }]));

export const typePolicies = {
{{- $lists := .Lists}}
{{- range .Single}}
  {{.}}: { keyFields: []{{template "lists" index $lists .}} },
{{- end}}
{{- range .Embedded}}
  {{.}}: { keyFields: false, merge: true{{template "lists" index $lists .}} },
{{- end}}
{{- range .Kept}}
  {{.}}: { {{template "replaced" index $lists .}} },
{{- end}}
{{- define "lists"}}{{if .}}, {{template "replaced" .}}{{end}}{{end}}
{{- define "replaced"}}fields: lists({{range $i, $name := .}}{{if $i}}, {{end}}'{{$name}}'{{end}}){{end}}
};
`)),
	"urql.js": template.Must(template.New("").Parse(`// Generated from the schema: keys of urql's cacheExchange (Graphcache). What has an id is kept by it.
// What has none is part of the object that it was read from.
const one = () => 'one';
const none = () => null;

export const keys = {
{{- range .Single}}
  {{.}}: one,
{{- end}}
{{- range .Embedded}}
  {{.}}: none,
{{- end}}
};
`)),
}

// writeCaches writes the files of caches.
func writeCaches(schema *ast.Schema) error {
	of := cachedTypes(schema)
	for name, file := range caches {
		var out bytes.Buffer
		if err := file.Execute(&out, of); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(filepath.FromSlash(cachesDir), name), out.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func cachedTypes(schema *ast.Schema) cached {
	c := cached{Lists: map[string][]string{}}
	for _, name := range slices.Sorted(maps.Keys(schema.Types)) {
		of := schema.Types[name]
		if of.Kind != ast.Object || strings.HasPrefix(name, "__") ||
			of == schema.Query || of == schema.Mutation || of == schema.Subscription {
			continue
		}
		if lists := embeddedLists(schema, of); len(lists) > 0 {
			c.Lists[name] = lists
		}
		switch {
		case !embedded(of):
		case ofCaller(schema, of):
			c.Single = append(c.Single, name)
		default:
			c.Embedded = append(c.Embedded, name)
		}
	}
	return c
}

// Kept are the types with an id that have such lists.
func (c cached) Kept() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(c.Lists)) {
		if !slices.Contains(c.Single, name) && !slices.Contains(c.Embedded, name) {
			names = append(names, name)
		}
	}
	return names
}

func embedded(of *ast.Definition) bool {
	return of.Kind == ast.Object && of.Fields.ForName("id") == nil
}

// ofCaller says that a type is what a query finds without saying which.
func ofCaller(schema *ast.Schema, of *ast.Definition) bool {
	return slices.ContainsFunc(schema.Query.Fields, func(f *ast.FieldDefinition) bool {
		return f.Type.Elem == nil && len(f.Arguments) == 0 && f.Type.Name() == of.Name
	})
}

func embeddedLists(schema *ast.Schema, of *ast.Definition) (names []string) {
	for _, f := range of.Fields {
		if f.Type.Elem != nil && embedded(schema.Types[f.Type.Name()]) {
			names = append(names, f.Name)
		}
	}
	return names
}
