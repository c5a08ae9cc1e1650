package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"
)

const columns = 120

// TestLinesAreShort: a line ends within its columns, a tab counted as one. Two kinds may go on:
// one that a string makes long, so that no break would help, and the signature of a resolver,
// which gqlgen writes as one line.
func TestLinesAreShort(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if ast.IsGenerated(s.file) {
			continue
		}
		text, err := os.ReadFile("../" + s.path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range longLines(s, string(text)) {
			t.Errorf("%s:%d has more than %d columns", s.path, line, columns)
		}
	}
}

var resolverSignature = regexp.MustCompile(`^func \(r \*\w+Resolver\) .*\{$`)

// longLines returns the numbers of the lines that are too long.
func longLines(s source, text string) (lines []int) {
	inString := make([]bool, len(text)+1)
	ast.Inspect(s.file, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			for at := s.set.Position(l.Pos()).Offset; at < s.set.Position(l.End()).Offset; at++ {
				inString[at] = true
			}
		}
		return true
	})
	offset, number := 0, 0
	for line := range strings.Lines(text) {
		number++
		width, beside := 0, 0 // of the line, and of what is no string in it
		endsInString := false // at the last column that it may have
		for i := range strings.TrimSuffix(line, "\n") {
			if width++; !inString[offset+i] {
				beside++
			}
			if width == columns+1 {
				endsInString = inString[offset+i]
			}
		}
		offset += len(line)
		byString := endsInString || beside <= columns/2
		byGqlgen := strings.HasPrefix(s.path, "resolvers/") && resolverSignature.MatchString(strings.TrimSpace(line))
		if width > columns && !byString && !byGqlgen {
			lines = append(lines, number)
		}
	}
	return lines
}

// TestLongLines: the rule itself.
func TestLongLines(t *testing.T) {
	t.Parallel()
	word, code := strings.Repeat("x", 100), strings.Repeat("a+", 50)
	signature := "func (r *caseResolver) " + strings.Repeat("A", 100) + "() {"
	for name, tc := range map[string]struct {
		reason, path, line string
		long               bool
	}{
		"short":            {"nothing to say", "a.go", "var _ = a", false},
		"just":             {"a column is a letter, not a byte", "a.go", "var æ = " + strings.Repeat("ø", 112), false},
		"one more":         {"it can be broken", "a.go", "var æ = " + strings.Repeat("ø", 113), true},
		"string":           {"it goes on in a string", "a.go", "var _ = " + code + `"` + word + `"`, false},
		"after a string":   {"a break before it would not help", "a.go", `var _ = "` + word + `"` + " + another + yet", false},
		"code and string":  {"a break before the string would do", "a.go", "var _ = " + code + `"x" + some + more`, true},
		"comment":          {"prose can be broken", "a.go", "// " + word + " " + word, true},
		"resolver":         {"gqlgen writes it again", "resolvers/case.go", signature + "}", false},
		"resolver's equal": {"elsewhere nobody does", "a.go", signature + "}", true},
	} {
		text := "package a\n\n" + tc.line + "\n"
		if name == "resolver" || name == "resolver's equal" {
			text = "package a\n\n" + signature + "\n}\n"
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, "a.go", text, parser.ParseComments)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := longLines(source{tc.path, "a", file, set}, text); (len(got) == 1 && got[0] == 3) != tc.long {
			t.Errorf("%s (%s): %v", name, tc.reason, got)
		}
	}
}

// TestPackagesSayWhatTheyAre finds packages without a doc comment, and files that have
// grown beyond what can be read in one sitting.
func TestPackagesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if ast.IsGenerated(s.file) {
			continue
		}
		limit := 600
		if strings.HasSuffix(s.path, "_test.go") {
			limit = 800
		}
		if lines := s.set.File(s.file.Pos()).LineCount(); lines > limit {
			t.Errorf("%s has %d lines: split it by subject", s.path, lines)
		}
		if !strings.HasSuffix(s.path, "_test.go") {
			documented[s.pkg] = documented[s.pkg] || s.file.Doc != nil
		}
	}
	for name, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment", name)
		}
	}
}

// TestExportsAreDocumented: whoever uses something exported need not read how it is done.
func TestExportsAreDocumented(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if ast.IsGenerated(s.file) || strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		for _, d := range undocumented(s.file) {
			t.Errorf("%s: %s has no comment", s.set.Position(d.Pos()), d.Name)
		}
	}
}

// undocumented returns the exported names of a file that nothing is said of. A group of
// constants or variables may be described as one.
func undocumented(file *ast.File) (names []*ast.Ident) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Doc == nil && d.Name.IsExported() && reachable(d.Recv) && !isRoot(d) {
				names = append(names, d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					if spec.Name.IsExported() && spec.Doc == nil && d.Doc == nil {
						names = append(names, spec.Name)
					}
				case *ast.ValueSpec:
					if d.Doc == nil && spec.Doc == nil && spec.Comment == nil && spec.Names[0].IsExported() {
						names = append(names, spec.Names[0])
					}
				}
			}
		}
	}
	return names
}

// isRoot says that a method is one of those that gqlgen writes, and writes without a comment, to
// lead from the Resolver to the resolvers of a type.
func isRoot(d *ast.FuncDecl) bool {
	if d.Recv == nil || d.Type.Results == nil || len(d.Type.Results.List) != 1 {
		return false
	}
	of, ok := d.Type.Results.List[0].Type.(*ast.SelectorExpr)
	return ok && of.Sel.Name == d.Name.Name+"Resolver"
}

// reachable says that a method's type is exported, or that there is none.
func reachable(receiver *ast.FieldList) bool {
	if receiver == nil {
		return true
	}
	of := receiver.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if index, ok := of.(*ast.IndexExpr); ok { // of a generic type
		of = index.X
	}
	ident, ok := of.(*ast.Ident)
	return ok && ident.IsExported()
}
