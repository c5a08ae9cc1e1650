// Package internal holds no code: its test keeps the packages below apart.
package internal

import (
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
	"internal/fault": {[]string{"internal/text"}, "everything may fail, so everything imports it"},
	"internal/page":  {[]string{"internal/fault"}, "cuts lists, whatever is in them"},
	"internal/text": {[]string{"internal/debt/money", "internal/debt/norway"},
		"what is said to people: it writes amounts and days, and knows no records"},
	"internal/debt": {[]string{"internal/debt/money", "internal/debt/norway", "internal/debt/statute",
		"internal/fault", "internal/page", "internal/text"}, "the domain knows no database, no GraphQL and no clock"},
	"internal/debt/audit": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway",
		"internal/debt/statute", "internal/text"}, "a case held against the law: no database, no GraphQL, no clock"},
	"internal/debt/faq": {[]string{"internal/debt"}, "texts, whoever searches in them"},
	"internal/debt/genuine": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway", "internal/fault"},
		"what is told of a letter comes from records that are handed in"},
	"internal/debt/statement": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway", "internal/paper",
		"internal/text"}, "a case on paper: no database, no GraphQL, no clock"},
	"internal/debt/state":   {[]string{"internal/debt"}, "tables: what leads where"},
	"internal/paper":        {[]string{"internal/text"}, "PDF, whatever is written"},
	"internal/debt/money":   {nil, "arithmetic"},
	"internal/debt/norway":  {nil, "calendar and numbers of the country"},
	"internal/debt/statute": {[]string{"internal/debt/money", "internal/debt/norway"}, "the law knows no case"},
	"internal/wayout/instalment": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway"},
		"records to one plan: no database, no GraphQL, no clock"},
	"internal/wayout/budget": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway",
		"internal/debt/statute", "internal/text"}, "a reckoning: no database, no GraphQL, no clock"},
	"internal/wayout/offer": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway",
		"internal/debt/statute", "internal/fault", "internal/wayout/schedule", "internal/wayout/solver"},
		"records to plans and back: no database, no GraphQL, no clock"},
	"internal/wayout/schedule": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway"},
		"what was agreed held against records: no database, no GraphQL, no clock"},
	"internal/wayout/solver": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway",
		"internal/fault"}, "a plan is arithmetic: no clock, no database, no GraphQL"},
	"internal/caller": {[]string{"internal/debt/norway", "internal/fault"},
		"who calls is decided before anything is read"},
	"internal/caller/access": {[]string{"internal/caller", "internal/fault"},
		"rules of the schema, whatever it is about"},
	"internal/caller/letterlogin": {[]string{"internal/agency", "internal/aside", "internal/caller",
		"internal/caller/session", "internal/debt", "internal/debt/norway", "internal/fault", "internal/portal", "internal/portal/throttle"},
		"passwords are checked here and nowhere else; no GraphQL"},
	"internal/caller/session": {[]string{"internal/caller", "internal/caller/token", "internal/debt",
		"internal/debt/norway", "internal/fault", "internal/portal"}, "who a browser is, and no more; it knows no GraphQL"},
	"internal/caller/token": {[]string{"internal/caller", "internal/debt/norway", "internal/text"},
		"tokens become callers here and nowhere else"},
	"internal/agency": {[]string{"internal/agency/core", "internal/agency/spec", "internal/caller",
		"internal/debt", "internal/debt/norway", "internal/fault", "internal/tcp"}, "many agencies, no GraphQL"},
	"internal/agency/book": {[]string{"internal/agency", "internal/aside", "internal/caller", "internal/debt",
		"internal/debt/audit", "internal/debt/money", "internal/debt/norway", "internal/page"},
		"what the check finds in many cases: no SQL, no GraphQL"},
	"internal/agency/check": {[]string{"internal/agency/core", "internal/agency/spec", "internal/debt",
		"internal/debt/money", "internal/debt/norway"}, "a database held against the contract: it sees counts, never a person"},
	"internal/agency/contracttest": {[]string{"internal/agency/core", "internal/agency/rehearse",
		"internal/agency/spec", "internal/caller", "internal/debt", "internal/debt/audit", "internal/debt/money",
		"internal/debt/norway", "internal/debt/state", "internal/debt/statute", "internal/workshop/demo/people",
		"internal/workshop/pgcluster/pgtest"},
		"what every core must do, whoever made it"},
	"internal/agency/core": {[]string{"internal/agency/spec", "internal/caller", "internal/debt",
		"internal/debt/money", "internal/debt/norway", "internal/fault", "internal/text"}, "SQL of one agency; of identity the scope alone"},
	"internal/agency/loader": {[]string{"internal/agency", "internal/caller", "internal/debt"},
		"batches, but neither SQL nor GraphQL"},
	"internal/agency/manual": {[]string{"internal/agency/check", "internal/agency/spec"},
		"a page from the contract and its check"},
	"internal/agency/preview": {[]string{"internal/agency/sample", "internal/caller", "internal/debt",
		"internal/debt/money", "internal/debt/norway"}, "what serves debtors, on paper: it prints no person"},
	"internal/agency/reference": {[]string{"internal/agency/spec"}, "a core like any other"},
	"internal/agency/reference/referencetest": {[]string{"internal/agency/reference",
		"internal/workshop/pgcluster/pgtest"}, "a core for any test"},
	"internal/agency/rehearse": {[]string{"internal/agency/core", "internal/agency/sample", "internal/agency/spec",
		"internal/caller", "internal/debt", "internal/debt/money", "internal/debt/norway", "internal/debt/statute",
		"internal/fault"},
		"acts of a core held against the contract: it prints no person"},
	"internal/agency/sample": {[]string{"internal/agency/core", "internal/agency/spec", "internal/caller",
		"internal/debt", "internal/debt/norway"}, "a core as the service's role has it, for its DBA"},
	"internal/agency/spec": {[]string{"internal/debt"}, "the contract as data: it reads nothing"},
	"internal/agency/scaffold": {[]string{"internal/agency/spec", "internal/debt", "internal/debt/statute"},
		"a draft from the spec and a database's catalogue"},
	"internal/agency/wrapper": {[]string{"internal/agency/spec"}, "SQL for any core, from the spec alone"},
	"internal/health": {[]string{"internal/agency", "internal/agency/check", "internal/portal"},
		"it looks at databases from the side: it knows no caller, no HTTP"},
	"internal/metrics": {[]string{"internal/act", "internal/agency", "internal/health", "internal/portal/audit",
		"internal/server"}, "it counts what others did, and asks them how they are"},
	"internal/trace": {[]string{"internal/agency", "internal/server"},
		"what took how long, for a collector"},
	"internal/portal": {[]string{"internal/debt/norway", "internal/tcp"}, "our own database knows of no agency"},
	"internal/portal/audit": {[]string{"internal/caller", "internal/debt", "internal/debt/norway",
		"internal/fault", "internal/page", "internal/portal"}, "it writes down what others have read, as who they are"},
	"internal/portal/migrate": {[]string{"internal/portal", "internal/tcp"}, "who serves requests does not link what makes tables"},
	"internal/portal/reseal":  {[]string{"internal/portal"}, "tables are told to it: it knows none"},
	"internal/portal/retention": {[]string{"internal/debt/norway", "internal/portal"},
		"rules are the database's: it knows no table"},
	"internal/portal/search":   {[]string{"internal/portal"}, "it finds texts, whatever they are about"},
	"internal/portal/throttle": {[]string{"internal/fault", "internal/portal"}, "it counts, whatever it is"},
	"internal/act": {[]string{"internal/agency", "internal/caller", "internal/caller/access", "internal/debt",
		"internal/debt/money", "internal/debt/norway", "internal/fault", "internal/portal", "internal/portal/audit",
		"internal/portal/throttle", "internal/text"}, "every act goes the same way: no GraphQL, no HTTP"},
	"internal/act/acttest": {[]string{"internal/act", "internal/agency", "internal/agency/reference",
		"internal/agency/spec", "internal/caller", "internal/caller/access", "internal/debt", "internal/debt/money",
		"internal/debt/norway", "internal/portal", "internal/portal/audit", "internal/portal/migrate", "internal/portal/retention",
		"internal/wayout/offer", "internal/workshop/demo/legacy", "internal/workshop/demo/line",
		"internal/workshop/demo/people", "internal/workshop/pgcluster/pgtest", "internal/workshop/testlog"},
		"the same dozen tests for any act"},
	"internal/act/acttest/examples": {[]string{"internal/act", "internal/act/acttest", "internal/act/attorney",
		"internal/act/breathing", "internal/act/caselink", "internal/act/complaint", "internal/act/contact",
		"internal/act/credentials",
		"internal/act/deferral", "internal/act/invoicecopy", "internal/act/desk", "internal/act/difficulty", "internal/act/household",
		"internal/act/objection", "internal/act/plan", "internal/act/receipt", "internal/act/solution",
		"internal/agency", "internal/debt", "internal/debt/money", "internal/debt/norway",
		"internal/debt/statute", "internal/document", "internal/document/documenttest", "internal/privacy",
		"internal/privacy/personaldata", "internal/wayout/offer", "internal/wayout/solver",
		"internal/workshop/demo/people"}, "what each act is tested from, for any test"},
	"internal/document": {nil, "bytes are looked through, whatever they are handed in for"},
	"internal/document/vault": {[]string{"internal/document", "internal/fault", "internal/portal"},
		"documents in a bucket and their rows, whatever they belong to"},
	"internal/document/vault/vaulttest": {[]string{"internal/document/vault", "internal/portal"}, "a vault, for any test"},
	"internal/document/documenttest":    {[]string{"internal/document"}, "documents and a scanner, for any test"},
	"internal/act/attorney": {[]string{"internal/act", "internal/agency", "internal/caller", "internal/caller/access",
		"internal/debt", "internal/debt/norway", "internal/document", "internal/fault", "internal/portal", "internal/portal/throttle",
		"internal/text"}, "a register, and telling agencies; no GraphQL, no HTTP"},
	"internal/act/breathing": {[]string{"internal/act", "internal/agency", "internal/caller/access",
		"internal/debt", "internal/debt/norway"}, "one act"},
	"internal/act/attachment": {[]string{"internal/act", "internal/agency", "internal/document", "internal/document/vault",
		"internal/fault", "internal/text"}, "files that come with an act, whichever it is"},
	"internal/act/invoicecopy": {[]string{"internal/act", "internal/agency", "internal/caller/access",
		"internal/debt"}, "an order of a copy, and its answer"},
	"internal/act/caselink": {[]string{"internal/act", "internal/agency", "internal/caller/access",
		"internal/debt", "internal/fault", "internal/portal/throttle", "internal/text"},
		"a claim of a case, and the decision on it"},
	"internal/act/complaint": {[]string{"internal/act", "internal/act/attachment", "internal/agency",
		"internal/caller/access", "internal/debt", "internal/document", "internal/document/vault"},
		"a complaint, and its answer"},
	"internal/act/receipt": {[]string{"internal/act", "internal/act/attachment", "internal/agency",
		"internal/caller/access", "internal/debt", "internal/debt/money", "internal/debt/norway", "internal/document",
		"internal/document/vault", "internal/text"}, "proof of a payment, and the decision on it"},
	"internal/act/contact": {[]string{"internal/act", "internal/agency", "internal/caller/access", "internal/debt",
		"internal/portal/throttle", "internal/text"}, "one act"},
	"internal/act/credentials": {[]string{"internal/act", "internal/agency", "internal/caller", "internal/debt",
		"internal/debt/norway", "internal/portal/audit", "internal/portal/throttle", "internal/text"}, "one act"},
	"internal/act/deferral": {[]string{"internal/act", "internal/agency", "internal/caller/access",
		"internal/debt", "internal/debt/norway"}, "one act"},
	"internal/act/desk": {[]string{"internal/act", "internal/agency", "internal/debt"}, "two acts on one thing"},
	"internal/act/difficulty": {[]string{"internal/act", "internal/agency", "internal/caller/access", "internal/debt",
		"internal/debt/norway", "internal/debt/statute", "internal/portal/throttle", "internal/text"}, "an act and the one that takes it back"},
	"internal/act/household": {[]string{"internal/act", "internal/caller/access", "internal/debt", "internal/debt/money",
		"internal/debt/norway", "internal/debt/statute", "internal/fault", "internal/portal", "internal/text",
		"internal/wayout/budget"}, "two acts on one thing, kept here; no GraphQL, no HTTP"},
	"internal/act/objection": {[]string{"internal/act", "internal/act/attachment", "internal/agency",
		"internal/caller/access", "internal/debt", "internal/debt/money", "internal/debt/norway", "internal/debt/statute",
		"internal/document", "internal/document/vault", "internal/fault", "internal/text",
		"internal/wayout/instalment"}, "four acts on one thing; a decision changes the plan that runs"},
	"internal/act/plan": {[]string{"internal/act", "internal/agency", "internal/caller/access", "internal/debt",
		"internal/debt/money", "internal/debt/norway", "internal/fault", "internal/text", "internal/wayout/instalment"},
		"three acts on one thing"},
	"internal/act/solution": {[]string{"internal/act", "internal/agency", "internal/caller", "internal/caller/access",
		"internal/debt", "internal/debt/money", "internal/fault", "internal/text", "internal/wayout/offer",
		"internal/wayout/schedule"},
		"agencies and our own database are brought to agree; no GraphQL"},
	"internal/privacy": {[]string{"internal/act", "internal/act/attorney", "internal/act/household",
		"internal/act/solution", "internal/agency", "internal/caller", "internal/caller/access",
		"internal/debt", "internal/debt/norway", "internal/document/vault", "internal/fault",
		"internal/portal", "internal/privacy/personaldata", "internal/text", "internal/wayout/schedule"}, "what agencies and the portal have on one person; no GraphQL, no HTTP"},
	"internal/privacy/personaldata": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway",
		"internal/paper", "internal/text"}, "records to a register and files: no database, no GraphQL, no clock"},
	"internal/server":            {[]string{"internal/aside", "internal/fault", "internal/text"}, "HTTP for any schema"},
	"internal/server/playground": {nil, "a page, for any schema"},
	"graph": {[]string{"graph/lean", "graph/model", "internal/agency/book", "internal/act", "internal/act/attorney",
		"internal/act/breathing", "internal/act/caselink", "internal/act/complaint", "internal/act/contact", "internal/act/credentials",
		"internal/act/deferral", "internal/act/invoicecopy", "internal/act/desk", "internal/act/difficulty", "internal/act/household",
		"internal/act/objection", "internal/act/plan", "internal/act/receipt", "internal/act/solution",
		"internal/caller", "internal/debt", "internal/debt/audit", "internal/debt/genuine",
		"internal/debt/money", "internal/debt/norway", "internal/debt/statement", "internal/debt/statute",
		"internal/document", "internal/page", "internal/portal/audit", "internal/privacy",
		"internal/privacy/personaldata", "internal/text", "internal/wayout/budget",
		"internal/wayout/instalment", "internal/wayout/offer", "internal/wayout/schedule",
		"internal/wayout/solver"}, "generated: it marshals records and reads nothing"},
	"graph/lean": {nil, "helpers of generated code, whatever the schema"},
	"graph/model": {[]string{"internal/act", "internal/act/attorney", "internal/agency/book", "internal/caller",
		"internal/debt", "internal/debt/audit",
		"internal/debt/faq", "internal/debt/genuine", "internal/debt/money", "internal/debt/norway",
		"internal/document", "internal/document/vault", "internal/fault", "internal/page",
		"internal/portal/audit", "internal/privacy/personaldata", "internal/text",
		"internal/wayout/instalment", "internal/wayout/offer", "internal/wayout/schedule",
		"internal/wayout/solver"}, "the few types that GraphQL adds"},
	"resolvers": {[]string{"graph", "graph/model", "internal/act", "internal/act/attachment", "internal/act/attorney",
		"internal/act/breathing", "internal/act/caselink", "internal/act/complaint", "internal/act/contact",
		"internal/act/credentials",
		"internal/act/deferral", "internal/act/invoicecopy", "internal/act/desk", "internal/act/difficulty", "internal/act/household",
		"internal/act/objection", "internal/act/plan", "internal/act/receipt", "internal/act/solution",
		"internal/agency", "internal/agency/book", "internal/agency/loader", "internal/aside", "internal/caller",
		"internal/caller/access", "internal/caller/letterlogin", "internal/caller/session", "internal/debt",
		"internal/debt/audit", "internal/debt/faq", "internal/debt/genuine", "internal/debt/money", "internal/debt/norway",
		"internal/debt/statement", "internal/document/vault", "internal/fault", "internal/page",
		"internal/portal/audit", "internal/portal/search", "internal/portal/throttle", "internal/privacy",
		"internal/privacy/personaldata", "internal/text", "internal/wayout/budget", "internal/wayout/offer",
		"internal/wayout/schedule", "internal/wayout/solver"}, "thin: no SQL, no HTTP"},
	"cmd/internal/service": {[]string{"graph/model", "internal/act", "internal/act/attachment", "internal/act/attorney",
		"internal/act/household", "internal/agency", "internal/agency/book", "internal/caller",
		"internal/caller/letterlogin", "internal/caller/session", "internal/caller/token", "internal/debt",
		"internal/document", "internal/document/vault", "internal/fault", "internal/health",
		"internal/metrics", "internal/portal", "internal/portal/audit", "internal/portal/migrate",
		"internal/portal/reseal", "internal/portal/retention", "internal/portal/search",
		"internal/portal/throttle", "internal/privacy", "internal/server", "internal/tcp", "internal/trace",
		"resolvers"},
		"the one place that wires; it decides nothing of the domain"},
	"cmd/oversikt": {[]string{"cmd/internal/service", "internal/agency/check", "internal/agency/manual",
		"internal/agency/preview", "internal/agency/reference", "internal/agency/rehearse", "internal/agency/scaffold",
		"internal/agency/wrapper", "internal/debt/norway",
		"internal/fault", "internal/health", "internal/portal", "internal/portal/audit", "internal/portal/migrate",
		"internal/portal/retention", "internal/privacy", "internal/server", "internal/server/playground",
		"internal/tcp", "internal/text", "internal/wayout/solver"},
		"the one place that wires; it decides nothing of the domain"},
	"cmd/oversikt-demo": {[]string{"cmd/internal/service", "graph/model", "internal/agency", "internal/caller",
		"internal/caller/session", "internal/caller/token", "internal/debt/norway", "internal/portal",
		"internal/server", "internal/server/playground", "internal/workshop/demo", "internal/workshop/demo/issuer",
		"internal/workshop/demo/line", "internal/workshop/demo/people", "internal/workshop/demo/post", "resolvers"},
		"the same service, among synthetic people"},
	"bench": {[]string{"bench/peer", "graph/model", "internal/act", "internal/act/attorney", "internal/agency",
		"internal/agency/reference", "internal/agency/spec", "internal/caller", "internal/caller/session",
		"internal/caller/token", "internal/debt/norway", "internal/portal", "internal/portal/audit",
		"internal/portal/migrate", "internal/server", "internal/workshop/demo", "internal/workshop/demo/issuer",
		"internal/workshop/demo/line", "internal/workshop/demo/people", "internal/workshop/pgcluster", "resolvers"},
		"wires too, to measure"},
	"bench/peer": {[]string{"graph/model", "internal/agency", "internal/agency/core", "internal/caller/token",
		"internal/debt", "internal/debt/money", "internal/debt/norway"}, "the same reads, without GraphQL"},
	"internal/workshop/demo": {[]string{"internal/agency", "internal/agency/reference", "internal/agency/spec",
		"internal/debt/norway", "internal/portal", "internal/portal/migrate", "internal/workshop/demo/journal", "internal/workshop/demo/legacy",
		"internal/workshop/demo/line", "internal/workshop/demo/people", "internal/workshop/pgcluster"},
		"databases with people in them; no HTTP, no GraphQL"},
	"internal/workshop/demo/issuer": {[]string{"internal/caller", "internal/caller/token", "internal/debt/norway"},
		"an issuer; of tokens the configuration that accepts it"},
	"internal/workshop/demo/journal": {nil, "an agency's database, which we do not know from inside"},
	"internal/workshop/demo/legacy":  {nil, "an agency's database, which we do not know from inside"},
	"internal/workshop/demo/line":    {nil, "a wire"},
	"internal/workshop/demo/people": {[]string{"internal/debt", "internal/debt/money", "internal/debt/norway",
		"internal/debt/statute"}, "invented records; the loaders know tables, not the contract"},
	"internal/workshop/demo/post": {[]string{"internal/workshop/demo/people"},
		"the agencies' own work: it knows their tables, and nothing of the service"},
	"internal/workshop/endtoend": {[]string{"internal/agency/reference", "internal/agency/spec",
		"internal/debt/norway", "internal/portal", "internal/portal/migrate", "internal/workshop/demo/issuer",
		"internal/workshop/demo/journal", "internal/workshop/demo/legacy", "internal/workshop/demo/people", "internal/workshop/pgcluster/pgtest"},
		"for the tests of whole programs"},
	"internal/workshop/compat": {[]string{"internal/caller/access"}, "two schemas side by side"},
	"internal/workshop/generate": {[]string{"internal/caller/access"},
		"writes code, and so runs when what it writes does not compile"},
	"internal/workshop/licences":         {nil, "reads what others allow"},
	"internal/workshop/leaktest":         {nil, "for the tests of anybody"},
	"internal/workshop/pgcluster":        {nil, "a PostgreSQL for anybody"},
	"internal/workshop/testlog":          {nil, "for the tests of anybody"},
	"internal/workshop/pgcluster/pgtest": {[]string{"internal/workshop/pgcluster"}, "a database for any test"},
	"internal":                           {nil, "this test"},
	"internal/aside":                     {nil, "threads, whatever they compute"},
	"internal/tcp":                       {nil, "lines, whatever they lead to"},
}

// never are modules that a package must not see, directly or through others.
var never = map[string][]string{
	"internal/debt":            {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/debt/audit":      {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/debt/statement":  {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/wayout/offer":    {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/wayout/schedule": {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/wayout/solver":   {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http", "database/sql"},
	"internal/caller": {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http",
		"github.com/go-jose/go-jose", "github.com/coreos/go-oidc"},
	"internal/caller/letterlogin": {"github.com/99designs/gqlgen"},
	"internal/caller/session":     {"github.com/99designs/gqlgen", "github.com/pressly/goose"},
	"internal/caller/token":       {"github.com/jackc/pgx", "github.com/99designs/gqlgen"},
	"internal/agency": {"github.com/99designs/gqlgen", "github.com/go-jose/go-jose", "github.com/coreos/go-oidc",
		"golang.org/x/oauth2"},
	"internal/agency/core":          {"github.com/99designs/gqlgen"},
	"internal/agency/loader":        {"github.com/99designs/gqlgen"},
	"internal/agency/spec":          {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http"},
	"internal/portal":               {"github.com/pressly/goose", "github.com/riverqueue/river", "github.com/jackc/pgx/v5/stdlib"},
	"internal/portal/audit":         {"github.com/99designs/gqlgen", "net/http", "github.com/pressly/goose"},
	"internal/portal/retention":     {"github.com/99designs/gqlgen", "net/http", "github.com/pressly/goose"},
	"internal/portal/search":        {"github.com/99designs/gqlgen", "net/http", "github.com/pressly/goose"},
	"internal/portal/throttle":      {"github.com/99designs/gqlgen", "net/http", "github.com/pressly/goose"},
	"internal/act/attorney":         {"github.com/99designs/gqlgen", "github.com/pressly/goose"},
	"internal/act/solution":         {"github.com/99designs/gqlgen", "github.com/pressly/goose"},
	"internal/privacy":              {"github.com/99designs/gqlgen", "github.com/pressly/goose"},
	"internal/privacy/personaldata": {"github.com/jackc/pgx", "github.com/99designs/gqlgen", "net/http"},
	"internal/server":               {"github.com/jackc/pgx"},
	"resolvers":                     {"github.com/pressly/goose"},
	"cmd/oversikt":                  {"internal/workshop", "github.com/zitadel", "github.com/schollz/progressbar"},
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
	for _, name := range []string{"debt", "debt/audit", "debt/money", "debt/norway", "debt/statute", "page", "wayout/budget", "wayout/offer",
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
