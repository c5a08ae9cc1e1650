package contracttest_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/workshop/demo/journal"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
)

// TestPrintIsOne: every core prints letters by the same SQL; with UPDATE_GOLDEN in the environment, those of
// the demo get that of the reference.
func TestPrintIsOne(t *testing.T) {
	t.Parallel()
	read := func(files fs.FS, name string) string {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	of := read(reference.Files(), "4_print.sql")
	for name, files := range map[string]fs.FS{"legacy": legacy.Files(), "journal": journal.Files()} {
		want := strings.ReplaceAll(of, "core.", map[string]string{"legacy": "inkasso.", "journal": "journal."}[name])
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile("../../workshop/demo/"+name+"/print.sql", []byte(want), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(want, read(files, "print.sql")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
