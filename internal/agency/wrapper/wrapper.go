// Package wrapper writes the functions of the contract that take a key, for any core: they
// keep keys, digests and answers, and call the agency's own rules.
package wrapper

import (
	"embed"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/template"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

//go:generate go test -count=1 -run ^TestCoresAreCurrent$ . -write

//go:embed wrapper.sql.tmpl
var files embed.FS

// Options says what is written; the zero value serves.
type Options struct {
	Schema string // that Oversikt reads, spec.Schema unless given
	Role   string // that Oversikt connects as, spec.DefaultRole unless given
}

var identifier = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,55}$`)

// Write writes SQL that makes the function of each act that the database has a rule for, and
// the table of keys. It can be run again when there are more rules.
func Write(w io.Writer, o Options) error {
	if o.Schema == "" {
		o.Schema = spec.Schema
	}
	if o.Role == "" {
		o.Role = spec.DefaultRole
	}
	for _, name := range []string{o.Schema, o.Role} {
		if !identifier.MatchString(name) {
			return fmt.Errorf("write wrappers: %q is no name of a schema or role: use a-z, 0-9 and _", name)
		}
	}
	t, err := template.New("wrapper.sql.tmpl").ParseFS(files, "wrapper.sql.tmpl")
	if err != nil {
		return fmt.Errorf("write wrappers: %w", err)
	}
	var acts []act
	for _, f := range spec.Functions {
		if f.Step == spec.Whole || f.Step == spec.Propose {
			acts = append(acts, act{Options: o, Rules: o.Schema + "_rules", Name: f.Name, Function: f})
		}
	}
	if err := t.Execute(w, map[string]any{"Schema": o.Schema, "Rules": o.Schema + "_rules", "Role": o.Role,
		"Acts": acts}); err != nil {
		return fmt.Errorf("write wrappers: %w", err)
	}
	return nil
}

type act struct {
	Options
	Rules, Name string
	Function    spec.Function
}

// Whole says that the act is one call.
func (a act) Whole() bool { return a.Function.Step == spec.Whole }

// Of is what is proposed: solution for propose_solution.
func (a act) Of() string { return strings.TrimPrefix(a.Name, "propose_") }
