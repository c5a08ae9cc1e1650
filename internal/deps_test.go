// Package internal holds no code: its test keeps the packages below apart.
package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	"internal/debt/money":  {nil, "arithmetic"},
	"internal/debt/norway": {nil, "calendar and numbers of the country"},
	"internal/page":        {[]string{"internal/fault"}, "cuts lists, whatever is in them"},
	"internal/debt/statute": {[]string{"internal/debt/money", "internal/debt/norway"},
		"the law knows no case"},
	"internal/debt": {[]string{"internal/debt/statute", "internal/fault", "internal/debt/money",
		"internal/debt/norway", "internal/page"}, "the domain knows no database, no GraphQL and no clock"},
	"internal/wayout/solver": {[]string{"internal/debt", "internal/fault", "internal/debt/money",
		"internal/debt/norway"}, "a plan is arithmetic: no clock, no database, no GraphQL"},
	"internal/wayout/schedule": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway"},
		"what was agreed held against records: no database, no GraphQL, no clock"},
	"internal/wayout/offer": {[]string{"internal/debt", "internal/debt/statute", "internal/fault",
		"internal/debt/money", "internal/debt/norway", "internal/wayout/schedule",
		"internal/wayout/solver"}, "records to plans and back: no database, no GraphQL, no clock"},
	"internal/caller/access": {[]string{"internal/fault", "internal/caller"},
		"rules of the schema, whatever it is about"},
	"internal/caller": {[]string{"internal/fault", "internal/debt/norway"},
		"who calls is decided before anything is read"},
	"internal/portal": {[]string{"internal/debt/norway"}, "our own database knows of no agency"},
	"internal/act/attorney": {[]string{"internal/agency", "internal/debt", "internal/fault",
		"internal/caller", "internal/debt/norway",
		"internal/portal"}, "a register, and telling agencies; no GraphQL, no HTTP"},
	"internal/caller/session": {[]string{"internal/fault", "internal/caller", "internal/debt/norway",
		"internal/portal"}, "who a browser is, and no more; it knows no GraphQL"},
	"internal/portal/throttle": {[]string{"internal/fault", "internal/portal"}, "it counts, whatever it is"},
	"internal/caller/letterlogin": {[]string{"internal/agency", "internal/debt", "internal/fault",
		"internal/caller", "internal/debt/norway", "internal/caller/session",
		"internal/portal/throttle"}, "passwords are checked here and nowhere else; no GraphQL"},
	"internal/portal/audit": {[]string{"internal/debt", "internal/fault", "internal/debt/norway",
		"internal/page"}, "it writes down what others have read; of the portal it knows its own table"},
	"internal/agency/spec": {[]string{"internal/debt"}, "the contract as data: it reads nothing"},
	"internal/agency/core": {[]string{"internal/agency/spec", "internal/debt", "internal/fault", "internal/caller",
		"internal/debt/money", "internal/debt/norway"}, "SQL of one agency; of identity the scope alone"},
	"internal/agency/check": {[]string{"internal/agency/core", "internal/agency/spec", "internal/debt/money",
		"internal/debt/norway"}, "a database held against the contract: it sees counts, never a person"},
	"internal/agency/wrapper":   {[]string{"internal/agency/spec"}, "SQL from the contract, for any core"},
	"internal/agency/reference": {[]string{"internal/agency/spec"}, "a core like any other"},
	"internal/agency/manual": {[]string{"internal/agency/check", "internal/agency/spec"},
		"a page from the contract and its check"},
	"internal/agency": {[]string{"internal/agency/core", "internal/agency/spec", "internal/debt", "internal/fault",
		"internal/caller", "internal/debt/norway"}, "many agencies, no GraphQL"},
	"internal/act/solution": {[]string{"internal/agency", "internal/debt", "internal/fault",
		"internal/caller", "internal/debt/norway",
		"internal/portal"}, "agencies and our own database are brought to agree; no GraphQL"},
	"internal/agency/loader": {[]string{"internal/agency", "internal/debt", "internal/fault",
		"internal/caller"}, "batches, but neither SQL nor GraphQL"},
	"graph/model": {[]string{"internal/act/attorney", "internal/portal/audit", "internal/debt",
		"internal/fault", "internal/caller", "internal/debt/money", "internal/debt/norway", "internal/wayout/offer",
		"internal/page", "internal/privacy/personaldata", "internal/wayout/schedule",
		"internal/wayout/solver"}, "the few types that GraphQL adds"},
	"resolvers": {[]string{"graph", "graph/model", "internal/act/solution",
		"internal/caller/access", "internal/agency", "internal/act/attorney", "internal/portal/audit", "internal/debt",
		"internal/fault", "internal/caller", "internal/caller/letterlogin", "internal/agency/loader", "internal/debt/norway",
		"internal/wayout/offer", "internal/page", "internal/privacy/personaldata", "internal/portal", "internal/privacy",
		"internal/wayout/schedule", "internal/portal/throttle"}, "thin: no SQL, no HTTP"},
	"internal/server":             {[]string{"internal/fault"}, "HTTP for any schema"},
	"internal/workshop/pgcluster": {nil, "a PostgreSQL for anybody"},
	"graph": {[]string{"graph/lean", "graph/model", "internal/act/attorney",
		"internal/portal/audit", "internal/debt", "internal/caller", "internal/debt/money", "internal/debt/norway",
		"internal/wayout/offer", "internal/page", "internal/privacy/personaldata", "internal/wayout/schedule",
		"internal/wayout/solver"}, "generated: it marshals records and reads nothing"},
	"internal/privacy/personaldata": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway"},
		"records to a register and files: no database, no GraphQL, no clock"},
	"internal/privacy": {[]string{"internal/act/solution", "internal/agency", "internal/act/attorney",
		"internal/debt", "internal/fault", "internal/caller", "internal/debt/norway", "internal/privacy/personaldata",
		"internal/portal",
		"internal/wayout/schedule"}, "what agencies and the portal have on one person; no GraphQL, no HTTP"},
	"internal/portal/retention": {[]string{"internal/debt/norway"},
		"rules are the database's: it knows no table"},
	"graph/lean":                 {nil, "helpers of generated code, whatever the schema"},
	"internal":                   {nil, "this test"},
	"internal/workshop/leaktest": {nil, "for the tests of anybody"},
	"internal/workshop/generate": {[]string{"internal/caller/access"},
		"writes code, and so runs when what it writes does not compile"},
	"internal/workshop/demo": {[]string{"internal/agency", "internal/agency/reference", "internal/agency/spec",
		"internal/workshop/demo/legacy", "internal/workshop/demo/line", "internal/workshop/demo/people",
		"internal/debt/norway", "internal/workshop/pgcluster",
		"internal/portal"}, "databases with people in them; no HTTP, no GraphQL"},
	"cmd/oversikt": {[]string{"graph/model", "internal/act/solution", "internal/agency",
		"internal/act/attorney", "internal/portal/audit", "internal/agency/check", "internal/agency/manual",
		"internal/agency/reference", "internal/agency/wrapper", "internal/debt",
		"internal/workshop/demo", "internal/workshop/demo/issuer", "internal/workshop/demo/line",
		"internal/workshop/demo/people", "internal/workshop/demo/post", "internal/fault", "internal/caller",
		"internal/caller/letterlogin", "internal/debt/norway", "internal/wayout/offer", "internal/portal", "internal/privacy",
		"internal/portal/retention", "internal/server", "internal/server/playground", "internal/caller/session",
		"internal/wayout/solver", "internal/portal/throttle",
		"resolvers"}, "the one place that wires; it decides nothing of the domain"},
	"bench": {[]string{"bench/peer", "graph/model", "internal/agency",
		"internal/act/attorney", "internal/portal/audit", "internal/agency/reference", "internal/agency/spec",
		"internal/workshop/demo",
		"internal/workshop/demo/issuer", "internal/workshop/demo/people", "internal/caller", "internal/debt/norway",
		"internal/workshop/pgcluster", "internal/portal", "internal/server", "internal/caller/session",
		"resolvers"}, "wires too, to measure"},
	"bench/peer": {[]string{"graph/model", "internal/agency", "internal/agency/core",
		"internal/debt", "internal/caller", "internal/debt/money",
		"internal/debt/norway"}, "the same reads, without GraphQL"},
	"internal/workshop/pgcluster/pgtest": {[]string{"internal/workshop/pgcluster"}, "a database for any test"},
	"internal/agency/reference/referencetest": {[]string{"internal/agency/reference",
		"internal/workshop/pgcluster/pgtest"}, "a core for any test"},
	"internal/agency/contracttest": {[]string{"internal/agency/core", "internal/agency/spec", "internal/debt",
		"internal/workshop/demo/people", "internal/caller", "internal/debt/money", "internal/debt/norway",
		"internal/workshop/pgcluster/pgtest"}, "what every core must do, whoever made it"},
	"internal/server/playground":  {nil, "a page, for any schema"},
	"internal/workshop/demo/line": {nil, "a wire"},
	"internal/workshop/demo/people": {[]string{"internal/debt", "internal/debt/statute", "internal/debt/money",
		"internal/debt/norway"}, "invented records; the loaders know tables, not the contract"},
	"internal/workshop/demo/legacy": {nil, "an agency's database, which we do not know from inside"},
	"internal/workshop/demo/post": {[]string{"internal/workshop/demo/people"},
		"the agencies' own work: it knows their tables, and nothing of the service"},
	"internal/workshop/demo/issuer": {[]string{"internal/caller", "internal/debt/norway"},
		"an issuer; of identity the configuration that accepts it"},
}

// never are modules that a package must not see, directly or through others.
var never = map[string][]string{
	"internal/debt":                 {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/wayout/solver":        {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/wayout/schedule":      {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/wayout/offer":         {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/portal/audit":         {"github.com/99designs/gqlgen", "net/http"},
	"internal/agency/spec":          {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http"},
	"internal/agency/core":          {"github.com/99designs/gqlgen"},
	"internal/agency":               {"github.com/99designs/gqlgen"},
	"internal/agency/loader":        {"github.com/99designs/gqlgen"},
	"internal/caller":               {"github.com/jackc/pgx", "github.com/99designs/gqlgen"},
	"internal/caller/session":       {"github.com/99designs/gqlgen"},
	"internal/portal/throttle":      {"github.com/99designs/gqlgen", "net/http"},
	"internal/caller/letterlogin":   {"github.com/99designs/gqlgen"},
	"internal/server":               {"github.com/jackc/pgx"},
	"internal/privacy/personaldata": {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http"},
}

func TestLayers(t *testing.T) {
	t.Parallel()
	imports, deps := list(t, "Imports"), list(t, "Deps")
	for name := range imports {
		if _, ok := layers[name]; !ok {
			t.Errorf("%s has no row in the table of layers", name)
		}
	}
	for name, layer := range layers {
		if _, ok := imports[name]; !ok {
			t.Errorf("there is no package %s", name)
		}
		for _, imported := range imports[name] {
			ours, ok := strings.CutPrefix(imported, module)
			if ok && !slices.Contains(layer.may, ours) {
				t.Errorf("%s imports %s: %s", name, ours, layer.why)
			}
		}
	}
	for name, modules := range never {
		for _, imported := range deps[name] {
			if slices.ContainsFunc(modules, func(m string) bool { return strings.HasPrefix(imported, m) }) {
				t.Errorf("%s depends on %s", name, imported)
			}
		}
	}
}

// list returns a list that go list has for every package of ours.
func list(t *testing.T, field string) map[string][]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .`+field+` " "}}`, module+
		"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		all[strings.TrimPrefix(words[0], module)] = words[1:]
	}
	return all
}

// TestNoClock: what these packages compute depends on the day that they are given.
func TestNoClock(t *testing.T) {
	t.Parallel()
	clock := regexp.MustCompile(`\btime\.(Now|Since|Until|Sleep|After|AfterFunc|Tick|NewTimer|NewTicker)\b`)
	for _, name := range []string{"debt", "debt/money", "debt/norway", "debt/statute", "page", "wayout/offer",
		"wayout/schedule"} {
		files, err := filepath.Glob(name + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", name, len(files), err)
		}
		for _, file := range files {
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if found := clock.FindString(string(code)); found != "" && !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%s calls %s: take the day or the time as a parameter", file, found)
			}
		}
	}
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
		case d.IsDir() && (d.Name() == "node_modules" || path == "../graph" || strings.HasPrefix(d.Name(), ".") &&
			path != ".."):
			if path == "../graph" {
				return nil
			}
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".generated.go") ||
			strings.HasSuffix(path, "_gen.go"):
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
