package playground

import (
	"embed"
	"io/fs"
	"strings"
)

// exampleFiles are the operations that the page opens in tabs: examples/NN-name.graphql, in the order of the names, and
// the variables in NN-name.json where an operation takes any.
//
//go:embed examples
var exampleFiles embed.FS

// example is one tab, in the form that GraphiQL takes.
type example struct {
	Query     string `json:"query"`
	Variables string `json:"variables,omitempty"`
}

// examples panics when an embedded file cannot be read: the build would be broken.
func examples() []example {
	names, err := fs.Glob(exampleFiles, "examples/*.graphql")
	if err != nil {
		panic(err)
	}
	tabs := make([]example, 0, len(names))
	for _, name := range names {
		query, err := exampleFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		// Not an error: most operations take no variables.
		variables, _ := exampleFiles.ReadFile(strings.TrimSuffix(name, ".graphql") + ".json")
		tabs = append(tabs, example{Query: string(query), Variables: string(variables)})
	}
	return tabs
}
