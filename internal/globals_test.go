package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// source is a parsed file and the import path of its package; a test in package x_test
// has that of x.
type source struct {
	path, pkg string
	file      *ast.File
	set       *token.FileSet
}

// sources returns every Go file of the module, parsed once.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsed()
	if err != nil || len(all) == 0 {
		t.Fatalf("%d files: %v", len(all), err)
	}
	return all
}

var parsed = sync.OnceValues(func() (all []source, err error) {
	err = filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != ".." && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		pkg := module + strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), "../")
		all = append(all, source{strings.TrimPrefix(name, "../"), pkg, file, set})
		return nil
	})
	return all, err
})

// TestNothingExportedIsSet: a variable that a package offers holds what its declaration says.
// What somebody may choose is an option. (Whoever sets a variable sets it for everybody, in
// whatever order things start.)
func TestNothingExportedIsSet(t *testing.T) {
	t.Parallel()
	all := sources(t)
	vars := map[string]bool{}
	for _, s := range all {
		for _, name := range exportedVars(s.file) {
			vars[s.pkg+"."+name] = true
		}
	}
	if len(vars) == 0 {
		t.Fatal("no exported variable is found at all")
	}
	for _, s := range all {
		for _, set := range assigned(s) {
			if vars[set.name] {
				t.Errorf("%s sets %s: make it an option or a field", s.set.Position(set.at),
					strings.TrimPrefix(set.name, module))
			}
		}
	}
}

// exportedVars returns the exported variables of a file's package level; errors that are
// compared with (Err...) are left out.
func exportedVars(file *ast.File) (names []string) {
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.VAR {
			continue
		}
		for _, spec := range decl.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				if name.IsExported() && !strings.HasPrefix(name.Name, "Err") {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

type assignment struct {
	name string // import path, a dot and the variable
	at   token.Pos
}

// assigned returns what a file assigns to, increments or takes the address of, as far as it
// may be a variable of a package.
func assigned(s source) (all []assignment) {
	imports := map[string]string{}
	for _, i := range s.file.Imports {
		imported := strings.Trim(i.Path.Value, `"`)
		name := path.Base(imported)
		if i.Name != nil {
			name = i.Name.Name
		}
		imports[name] = imported
	}
	add := func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.Ident:
			all = append(all, assignment{s.pkg + "." + e.Name, e.Pos()})
		case *ast.SelectorExpr:
			if x, ok := e.X.(*ast.Ident); ok && imports[x.Name] != "" {
				all = append(all, assignment{imports[x.Name] + "." + e.Sel.Name, e.Pos()})
			}
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				return true
			}
			for _, left := range n.Lhs {
				add(left)
			}
		case *ast.IncDecStmt:
			add(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				add(n.X)
			}
		}
		return true
	})
	return all
}
