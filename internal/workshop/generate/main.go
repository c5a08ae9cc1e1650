// Command generate runs gqlgen on gqlgen.yml and then makes the generated code lean.
//
// Before that it lists the codes that agencies send (internal/debt), binds the values of enums
// to constants, and refuses a field that nobody has written anything for. Without a constant
// gqlgen ends with a nil pointer, and without a resolver it writes one that panics.
//
// gqlgen's templates cannot be replaced, and they prepare every object for resolvers,
// goroutines and @defer. Nearly all objects here are read from memory: for those, the
// code is cut down to what they need. A pattern that no longer occurs, after an upgrade
// of gqlgen, is an error.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
	"golang.org/x/tools/imports"

	"github.com/oversikt/oversikt/internal/caller/access"
)

func main() {
	whole := flag.Bool("whole", false, "leave the code as gqlgen writes it")
	flag.Parse()
	if err := run(*whole); err != nil {
		log.Fatal("generate: ", err)
	}
}

func run(whole bool) error {
	if err := writeCodes(); err != nil {
		return fmt.Errorf("codes of agencies:\n%w", err)
	}
	conf, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return fmt.Errorf("read gqlgen.yml: %w", err)
	}
	if err := conf.LoadSchema(); err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	if _, err := access.NewTable(conf.Schema); err != nil {
		return err
	}
	if err := writeCaches(conf.Schema); err != nil {
		return fmt.Errorf("caches of clients: %w", err)
	}
	if err := bindActs(conf); err != nil {
		return fmt.Errorf("acts of the schema: %w", err)
	}
	if err := bindEnums(conf); err != nil {
		return fmt.Errorf("enums of the schema:\n%w", err)
	}
	log.SetOutput(quiet{os.Stderr})
	defer log.SetOutput(os.Stderr)
	if err := api.Generate(conf, api.PrependPlugin(noStubs{})); err != nil {
		return fmt.Errorf("run gqlgen: %w", err)
	}
	if whole {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(conf.Exec.DirName, "*.generated.go"))
	if err != nil {
		return err
	}
	used := make([]int, len(cuts))
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		formatted, err := imports.Process(file, []byte(lean(string(code), used)), nil)
		if err != nil {
			return fmt.Errorf("format %s: %w", file, err)
		}
		if strings.Contains(string(formatted), slowMoney) {
			return fmt.Errorf("%s: %s) is left: an amount is written in a way that no cut knows", file, slowMoney)
		}
		if err := os.WriteFile(file, formatted, 0o644); err != nil {
			return err
		}
	}
	for i, n := range used {
		if n == 0 {
			return fmt.Errorf("%s: the pattern occurs nowhere: gqlgen has changed", cuts[i].what)
		}
	}
	return nil
}

// quiet drops what gqlgen says of each field that has a resolver: noStubs says it of those that
// have none.
type quiet struct{ io.Writer }

func (q quiet) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("adding resolver method for ")) {
		return len(line), nil
	}
	return q.Writer.Write(line)
}

// cut replaces a pattern within one function.
type cut struct {
	what    string
	pattern *regexp.Regexp
	by      string
	only    func(body string, leaves map[string]bool) bool // nil: every function
}

// slowMoney finds the selection of an amount anew; WriteMoney is handed it.
const slowMoney = "model.MarshalMoney("

// remembered are the types whose resolvers look at what was read, and wait for nothing.
var remembered = []string{"Agency", "Case", "Letter"}

var object = regexp.MustCompile(`^func \(ec \*executionContext\) _(\w+)\(`)

var cuts = []cut{
	{
		what: "what a case, a letter or an agency can be asked for is told from memory: it needs no goroutine",
		pattern: regexp.MustCompile(`(?s)\t\t\tfield := field\n\n\t\t\tinnerFunc := func\(ctx context\.Context, fs \*graphql\.FieldSet\) \(res graphql\.Marshaler\) \{\n` +
			`[^}]*\}[^}]*\}\(\)\n\t\t\t\tres = (ec\.[^\n]+)\n\t\t\t\tif res == graphql\.(\w+) \{\n\t\t\t\t\tatomic\.AddUint32\(&fs\.Invalids, 1\)\n` +
			`.*?\t\t\tout\.Concurrently\(i, [^\n]+\n`),
		by: "\t\t\tout.Values[i] = $1\n\t\t\tif out.Values[i] == graphql.$2 {\n\t\t\t\tout.Invalids++\n\t\t\t}\n",
		only: func(body string, _ map[string]bool) bool {
			m := object.FindStringSubmatch(body)
			return m != nil && slices.Contains(remembered, m[1])
		},
	},
	{
		what: "a leaf or an amount that cannot fail is marshalled at once",
		pattern: regexp.MustCompile(`(?s)\treturn graphql\.ResolveField\(\n\t\tctx,\n\t\tec\.OperationContext,\n\t\tfield,\n` +
			`\t\tfunc\(ctx context\.Context, field graphql\.CollectedField\) \(\*graphql\.FieldContext, error\) \{\n\t\t\treturn ec\.fieldContext_\w+\(ctx, field\)\n\t\t\},\n` +
			`\t\tfunc\(ctx context\.Context\) \(any, error\) \{\n\t\t\treturn (obj\.[\w.]+(?:\(\))?), nil\n\t\t\},\n\t\tnil,\n` +
			`\t\tfunc\(ctx context\.Context, selections ast\.SelectionSet, v [^\n]+\) graphql\.Marshaler \{\n\t\t\treturn (ec\.marshal[^(]+)\(ctx, selections, v\)\n\t\t\},\n` +
			`\t\ttrue,\n\t\t(?:true|false),\n\t\)\n`),
		by: "\treturn $2(ctx, field.Selections, $1)\n",
		only: func(body string, leaves map[string]bool) bool {
			return leaves[fieldOf(body)] || amount.MatchString(body)
		},
	},
	{
		what:    "an object without resolvers needs no deferred part",
		pattern: regexp.MustCompile(`(?s)\tout := graphql\.NewFieldSet\(fields\)\n\tdeferredFieldSet := .*?\n\tdeferLabelToView := .*?\n(.*?)\tout\.Dispatch\(ctx\)\n(.*?)\n\tatomic\.AddInt32\(&ec\.Deferred.*?\}\)\n`),
		by:      "\tout := lean.NewFields(fields)\n$1$2",
		only:    func(body string, _ map[string]bool) bool { return !strings.Contains(body, "out.Concurrently(") },
	},
	{
		what:    "a list is marshalled in order",
		pattern: regexp.MustCompile(`graphql\.MarshalSliceConcurrently\(ctx, len\(v\), \d+, (?:true|false), `),
		by:      "lean.Slice(ctx, len(v), ",
	},
	{
		what:    "an amount is written by the selection that is at hand",
		pattern: regexp.MustCompile(`(?s)\t_ = sel\n(?:\t_ = ctx\n)?\tres := model\.MarshalMoney\((\*?v)\)\n.*?\treturn graphql\.WrapContextMarshaler\(ctx, res\)\n`),
		by:      "\treturn model.WriteMoney(ec.OperationContext, sel, $1)\n",
	},
	{
		what:    "an error that is never shown is not made anew for every field",
		pattern: regexp.MustCompile(`errors\.New\("field of type \w+ does not have child fields"\)`),
		by:      "lean.ErrLeaf",
	},
}

var function = regexp.MustCompile(`(?m)^func .*\{$`)

// lean cuts a file down, function by function.
func lean(code string, used []int) string {
	starts := function.FindAllStringIndex(code, -1)
	if starts == nil {
		return code
	}
	leaves := leafFields(code)
	var out strings.Builder
	out.WriteString(code[:starts[0][0]])
	for i, start := range starts {
		end := len(code)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		body := code[start[0]:end]
		for j, c := range cuts {
			if c.only != nil && !c.only(body, leaves) {
				continue
			}
			used[j] += len(c.pattern.FindAllStringIndex(body, -1))
			body = c.pattern.ReplaceAllString(body, c.by)
		}
		out.WriteString(body)
	}
	text := out.String()
	if strings.Contains(text, "lean.") && !strings.Contains(text, `/graph/lean"`) {
		text = strings.Replace(text, "import (\n", "import (\n\t\"github.com/oversikt/oversikt/graph/lean\"\n", 1)
	}
	return text
}

var (
	amount      = regexp.MustCompile(`return ec\.marshal[NO]Money2`)
	leafContext = regexp.MustCompile(`func \(ec \*executionContext\) fieldContext_(\w+)\([^\n]*\n\treturn graphql\.NewScalarFieldContext`)
	fieldFunc   = regexp.MustCompile(`^func \(ec \*executionContext\) _(\w+)\(ctx context\.Context, field graphql\.CollectedField, obj `)
)

// leafFields names the fields, as Type_field, that have no selection of their own.
func leafFields(code string) map[string]bool {
	leaves := map[string]bool{}
	for _, m := range leafContext.FindAllStringSubmatch(code, -1) {
		leaves[m[1]] = true
	}
	return leaves
}

func fieldOf(body string) string {
	if m := fieldFunc.FindStringSubmatch(body); m != nil {
		return m[1]
	}
	return ""
}
