// Package internal holds no code: its test keeps the packages below apart.
package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/oversikt/oversikt/"

// layers says which packages of ours each package may import, and why no others.
var layers = map[string]struct {
	may []string
	why string
}{
	"internal/fault":       {nil, "everything may fail, so everything imports it"},
	"internal/money":       {nil, "arithmetic"},
	"internal/norway":      {nil, "calendar and numbers of the country"},
	"internal/page":        {[]string{"internal/fault"}, "cuts lists, whatever is in them"},
	"internal/debt":        {[]string{"internal/fault", "internal/money", "internal/norway", "internal/page"}, "the domain knows no database, no GraphQL and no clock"},
	"internal/solution":    {[]string{"internal/debt", "internal/fault", "internal/money", "internal/norway"}, "a plan is arithmetic: no clock, no database, no GraphQL"},
	"internal/identity":    {[]string{"internal/fault", "internal/norway"}, "who calls is decided before anything is read"},
	"internal/portal":      {nil, "our own database knows of no agency"},
	"internal/contract":    {[]string{"internal/debt", "internal/fault", "internal/identity", "internal/money", "internal/norway"}, "SQL of one agency; of identity the scope alone"},
	"internal/agency":      {[]string{"internal/contract", "internal/debt", "internal/fault", "internal/identity", "internal/norway"}, "many agencies, no GraphQL"},
	"internal/loader":      {[]string{"internal/agency", "internal/debt", "internal/fault", "internal/identity"}, "batches, but neither SQL nor GraphQL"},
	"graph/model":          {[]string{"internal/debt", "internal/fault", "internal/money", "internal/page"}, "the few types that GraphQL adds"},
	"resolvers":            {[]string{"graph", "graph/model", "internal/agency", "internal/debt", "internal/fault", "internal/identity", "internal/loader", "internal/page"}, "thin: no SQL, no HTTP"},
	"internal/server":      {[]string{"internal/fault"}, "HTTP for any schema"},
	"internal/pgcluster":   {nil, "a PostgreSQL for anybody"},
	"internal/demo/line":   {nil, "a wire"},
	"internal/demo/people": {[]string{"internal/debt", "internal/money", "internal/norway"}, "invented records; the loaders know tables, not the contract"},
	"internal/demo/legacy": {nil, "an agency's database, which we do not know from inside"},
	"internal/demo/issuer": {[]string{"internal/identity", "internal/norway"}, "an issuer; of identity the configuration that accepts it"},
}

// never are modules that a package must not see, directly or through others.
var never = map[string][]string{
	"internal/debt":     {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/solution": {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/contract": {"github.com/99designs/gqlgen"},
	"internal/agency":   {"github.com/99designs/gqlgen"},
	"internal/loader":   {"github.com/99designs/gqlgen"},
	"internal/identity": {"github.com/jackc/pgx", "github.com/99designs/gqlgen"},
	"internal/server":   {"github.com/jackc/pgx"},
}

func TestLayers(t *testing.T) {
	t.Parallel()
	for name, layer := range layers {
		for _, imported := range list(t, "{{join .Imports \"\\n\"}}", name) {
			ours, ok := strings.CutPrefix(imported, module)
			if ok && !slices.Contains(layer.may, ours) {
				t.Errorf("%s imports %s: %s", name, ours, layer.why)
			}
		}
	}
	for name, modules := range never {
		for _, imported := range list(t, "{{join .Deps \"\\n\"}}", name) {
			if slices.ContainsFunc(modules, func(m string) bool { return strings.HasPrefix(imported, m) }) {
				t.Errorf("%s depends on %s", name, imported)
			}
		}
	}
}

func list(t *testing.T, format, name string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", format, module+name).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", name, err)
	}
	return strings.Fields(string(out))
}

// TestPackagesSayWhatTheyAre finds packages without a doc comment, and files that have
// grown beyond what can be read in one sitting.
func TestPackagesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || path == "../graph" || strings.HasPrefix(d.Name(), ".") && path != ".."):
			if path == "../graph" {
				return nil
			}
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".generated.go") || strings.HasSuffix(path, "_gen.go"):
			return nil
		}
		file := token.NewFileSet()
		parsed, err := parser.ParseFile(file, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		limit := 600
		if strings.HasSuffix(path, "_test.go") {
			limit = 800
		}
		if lines := file.File(parsed.Pos()).LineCount(); lines > limit {
			t.Errorf("%s has %d lines: split it by subject", path, lines)
		}
		if !strings.HasSuffix(path, "_test.go") {
			dir := filepath.Dir(path)
			documented[dir] = documented[dir] || parsed.Doc != nil
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment", dir)
		}
	}
}
