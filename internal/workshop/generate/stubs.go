package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/templates"
)

// noStubs keeps gqlgen from writing resolvers that panic. It would do so for every field that
// has neither a resolver nor a counterpart in the type that its object is bound to, also where
// only the name was mistyped.
type noStubs struct{}

// Name is the plugin's.
func (noStubs) Name() string { return "no stubs" }

// GenerateCode runs before anything of the resolvers is written. Where one is missing it writes
// the rest, which has the resolver's signature, and fails.
func (noStubs) GenerateCode(data *codegen.Data) error {
	written, err := readMethods(data.Config.Resolver.Dir())
	if err != nil {
		return err
	}
	var missing []resolver
	for _, o := range data.Objects {
		for _, f := range o.Fields {
			if !f.IsResolver {
				continue
			}
			r := resolver{
				object: o.Name, field: f.Name, method: f.GoFieldName,
				receiver: templates.LcFirst(o.Name) + templates.UcFirst(data.Config.Resolver.Type),
				schema:   path.Base(f.Position.Src.Name),
			}
			if !o.Root {
				r.bound = path.Base(o.Type.String())
			}
			if !written[r.receiver+"."+r.method] {
				missing = append(missing, r)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if err := codegen.GenerateCode(data); err != nil {
		return err
	}
	return explain(missing, data.Config.Resolver.Dir(), data.Config.Exec.DirName)
}

// resolver is a field that needs one.
type resolver struct {
	object, field    string
	receiver, method string
	schema           string // the field's file
	bound            string // the object's type; empty for a root, which has none
}

// readMethods returns the methods of a folder that do something, as receiver.method.
func readMethods(dir string) (map[string]bool, error) {
	all, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	methods := map[string]bool{}
	for _, name := range all {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return nil, fmt.Errorf("read resolvers: %w", err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || len(f.Recv.List) != 1 || isStub(f.Body) {
				continue
			}
			of := f.Recv.List[0].Type
			if star, ok := of.(*ast.StarExpr); ok {
				of = star.X
			}
			if ident, ok := of.(*ast.Ident); ok {
				methods[ident.Name+"."+f.Name.Name] = true
			}
		}
	}
	return methods, nil
}

// isStub says that a body is what gqlgen writes where it knows nothing.
func isStub(body *ast.BlockStmt) bool {
	stub := false
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name, ok := call.Fun.(*ast.Ident)
		if !ok || name.Name != "panic" {
			return true
		}
		ast.Inspect(call, func(n ast.Node) bool {
			text, ok := n.(*ast.BasicLit)
			stub = stub || ok && strings.Contains(text.Value, "not implemented")
			return true
		})
		return true
	})
	return stub
}

// explain says of each resolver what is to be written where.
func explain(missing []resolver, resolvers, graph string) error {
	files, err := filepath.Glob(filepath.Join(graph, "*.generated.go"))
	if err != nil {
		return err
	}
	var code strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		code.Write(text)
	}
	faults := make([]error, len(missing))
	for i, r := range missing {
		file := filepath.Base(resolvers) + "/" + strings.TrimSuffix(r.schema, ".graphql") + ".go"
		hint := ""
		if r.bound != "" {
			hint = fmt.Sprintf(", or give %s a field or a method %s", r.bound, r.method)
		}
		faults[i] = fmt.Errorf("%s.%s of %s has no resolver: write func (r *%s) %s in %s%s", r.object, r.field,
			r.schema, r.receiver, signature(code.String(), r), file, hint)
	}
	return errors.Join(faults...)
}

// signature finds a resolver's method in the interface that gqlgen has written.
func signature(code string, r resolver) string {
	in := regexp.MustCompile(`(?s)type ` + r.object + `Resolver interface \{\n(.*?)\n\}`).FindStringSubmatch(code)
	if in == nil {
		return r.method
	}
	for line := range strings.Lines(in[1]) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, r.method+"(") {
			return line
		}
	}
	return r.method
}
