package text_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/text"
)

// TestKeysInCode: no code names a text that there is not.
func TestKeysInCode(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`^(act|input|reason|error|enum)\.([A-Za-z]+\.)?[A-Z][A-Z0-9_]+$`)
	found := 0
	look := func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if said, err := strconv.Unquote(literal.Value); err == nil && key.MatchString(said) {
					if found++; !text.Has(said) {
						t.Errorf("%s: there is no text %s", path, said)
					}
				}
			}
			return true
		})
		return nil
	}
	for _, room := range []string{"../../internal", "../../resolvers", "../../graph/model", "../../cmd"} {
		if err := filepath.WalkDir(room, look); err != nil {
			t.Fatal(err)
		}
	}
	if found < 15 {
		t.Errorf("%d keys were found", found)
	}
}
