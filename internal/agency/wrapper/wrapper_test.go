package wrapper_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/agency/wrapper"
)

var writeGolden = flag.Bool("write", false, "write the demo cores' wrappers anew")

// TestCoresAreCurrent: each demo core is installed with what an agency would be given.
func TestCoresAreCurrent(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"../reference/sql/7_wrappers.sql", "../../workshop/demo/journal/wrappers.sql",
		"../../workshop/demo/legacy/wrappers.sql"} {
		var want bytes.Buffer
		if err := wrapper.Write(&want, wrapper.Options{}); err != nil {
			t.Fatal(err)
		}
		if *writeGolden {
			if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), string(have)); diff != "" {
			t.Errorf("%s is not what is written: run go generate ./internal/agency/wrapper\n%s", path, diff)
		}
	}
}
