package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/codegen/config"
	gql "github.com/vektah/gqlparser/v2/ast"
)

// module is the import path of what is below the folder that generate runs in.
const module = "github.com/oversikt/oversikt/"

// unlisted marks a constant that the schema does not have: it stands in its comment.
const unlisted = "not in the schema"

// bindEnums completes the configuration: each value of an enum that is bound to a type of ours
// is the constant of that type that has the value as its text. gqlgen.yml says it where it is
// another. The error names every value without a constant, and every constant without a value
// that is not marked as one.
func bindEnums(conf *config.Config) error {
	packages := map[string]*constants{}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(conf.Schema.Types)) {
		def, entry := conf.Schema.Types[name], conf.Models[name]
		if def.Kind != gql.Enum || len(entry.Model) != 1 {
			continue
		}
		pkg, typeName := splitType(entry.Model[0])
		if !strings.HasPrefix(pkg, module) {
			continue
		}
		found, ok := packages[pkg]
		if !ok {
			var err error
			if found, err = readConstants(strings.TrimPrefix(pkg, module)); err != nil {
				return err
			}
			packages[pkg] = found
		}
		if found.writesItself(typeName) {
			continue // its values are declared where they belong, and a test compares them
		}
		values, err := found.bind(def, pkg, typeName, entry.EnumValues)
		faults = append(faults, err)
		entry.EnumValues = values
		conf.Models[name] = entry
	}
	return errors.Join(faults...)
}

func splitType(name string) (pkg, typeName string) {
	i := strings.LastIndexByte(name, '.')
	return name[:i], name[i+1:]
}

// constants are the typed constants of a package.
type constants struct {
	dir    string
	own    map[string]bool    // types with a method MarshalGQL
	types  map[string][]named // by the name of the type, in the order of the files
	files  map[string]string  // where a type is declared
	listed []string           // the types whose constants are listed in Go, in order
}

type named struct {
	name, value string
	meaning     string // the comment, or the one above it
}

func (c *constants) writesItself(typeName string) bool { return c.own[typeName] }

// writers returns the types that have a method MarshalGQL.
func writers(files []*ast.File) map[string]bool {
	found := map[string]bool{}
	for _, file := range files {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != "MarshalGQL" {
				continue
			}
			if of, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
				found[of.Name] = true
			}
		}
	}
	return found
}

// readConstants reads the constants of a package as far as they need no other: what generate
// is about to write may be what other packages do not compile without.
func readConstants(dir string) (*constants, error) {
	set := token.NewFileSet()
	all, err := filepath.Glob(filepath.Join(filepath.FromSlash(dir), "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range all {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_gen.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("read constants: %w", err)
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("read constants of %s: %w", dir, fs.ErrNotExist)
	}
	comments, listed := readComments(files)
	check := types.Config{IgnoreFuncBodies: true, Importer: noImports{}, Error: func(error) {}}
	info := types.Info{Defs: map[*ast.Ident]types.Object{}}
	_, _ = check.Check(dir, set, files, &info) // what it imports is missing, and not needed
	found := &constants{dir: dir, own: writers(files), types: map[string][]named{}, files: map[string]string{},
		listed: listed}
	defined := slices.SortedFunc(maps.Keys(info.Defs), func(a, b *ast.Ident) int { return int(a.Pos() - b.Pos()) })
	for _, ident := range defined {
		switch object := info.Defs[ident].(type) {
		case *types.TypeName:
			found.files[object.Name()] = filepath.ToSlash(set.Position(object.Pos()).Filename)
		case *types.Const:
			of, ok := object.Type().(*types.Named)
			if !ok || object.Val().Kind() != constant.String {
				continue
			}
			t := of.Obj().Name()
			found.types[t] = append(found.types[t], named{object.Name(), constant.StringVal(object.Val()), comments[ident]})
		}
	}
	return found, nil
}

// readComments returns what is said of constants, and the types that are to be listed.
func readComments(files []*ast.File) (comments map[*ast.Ident]string, listed []string) {
	comments = map[*ast.Ident]string{}
	for _, file := range files {
		for _, d := range file.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						comments[name] = strings.Join(strings.Fields(spec.Doc.Text()+" "+spec.Comment.Text()), " ")
					}
				case *ast.TypeSpec:
					if asksForList(decl.Doc) || asksForList(spec.Doc) {
						listed = append(listed, spec.Name.Name)
					}
				}
			}
		}
	}
	return comments, listed
}

// noImports has no package.
type noImports struct{}

// Import is the importer's only method.
func (noImports) Import(path string) (*types.Package, error) { return nil, fmt.Errorf("no %s", path) }

// bind returns the constants of an enum's values. Those that are given stay.
func (c *constants) bind(def *gql.Definition, pkg, typeName string,
	given map[string]config.EnumValue) (map[string]config.EnumValue, error) {
	short := path.Base(pkg) + "." + typeName
	file, ok := c.files[typeName]
	if !ok {
		return given, fmt.Errorf("enum %s: %s has no type %s", def.Name, c.dir, typeName)
	}
	values, used := map[string]config.EnumValue{}, map[string]bool{}
	for _, value := range given {
		_, name := splitType(value.Value)
		used[name] = true
	}
	var faults []error
	for _, value := range def.EnumValues {
		if v, ok := given[value.Name]; ok {
			values[value.Name] = v
			continue
		}
		name, err := c.one(typeName, value.Name)
		if err != nil {
			faults = append(faults, fmt.Errorf("enum %s, value %s: %w: add a constant of type %s with the value %q to %s",
				def.Name, value.Name, err, short, value.Name, file))
			continue
		}
		used[name] = true
		values[value.Name] = config.EnumValue{Value: pkg + "." + name}
	}
	for _, k := range c.types[typeName] {
		if !used[k.name] && !strings.Contains(k.meaning, unlisted) {
			faults = append(faults, fmt.Errorf("enum %s: the constant %s.%s (%q) in %s is none of its values: "+
				"add the value to %s, or write %q in the constant's comment", def.Name, path.Base(pkg), k.name, k.value, file,
				def.Position.Src.Name, unlisted))
		}
	}
	return values, errors.Join(faults...)
}

// one returns the name of the constant of a type that has a text.
func (c *constants) one(typeName, text string) (string, error) {
	var names []string
	for _, k := range c.types[typeName] {
		if k.value == text {
			names = append(names, k.name)
		}
	}
	switch len(names) {
	case 0:
		return "", errors.New("no constant has it")
	case 1:
		return names[0], nil
	default:
		return "", fmt.Errorf("%s have it", strings.Join(names, " and "))
	}
}
