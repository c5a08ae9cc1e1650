package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestCheckExits runs the command as a script would, which goes by its exit status.
func TestCheckExits(t *testing.T) {
	t.Parallel()
	oversikt := endtoend.Binary(t, "cmd/oversikt")
	db := referencetest.Filled(t)
	referencetest.Exec(t, db.Conn(), `insert into core.creditor (name, trade)
		select 'Strøm AS', 'OTHER' from generate_series(1, 100500)`)
	broken := referencetest.Filled(t)
	referencetest.Exec(t, broken.Conn(), "update core.fee set kind = 'PURREGEBYR'")
	_, acts := check.Findings{}.Acts()
	whole := fmt.Sprintf("\nreads kept; acts %d of %[1]d\n", acts)
	for name, tc := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"kept as far as seen":   {[]string{db.DSN()}, 0, "seen in part: creditor, the first 100,000 "},
		"strict":                {[]string{db.DSN(), "--strict"}, 3, "reads kept as far as seen; "},
		"full":                  {[]string{db.DSN(), "--strict", "--full"}, 0, whole},
		"breach":                {[]string{broken.DSN(), "--strict"}, 1, "PURREGEBYR"},
		"breach in JSON":        {[]string{broken.DSN(), "--json"}, 1, `"rule": "code"`},
		"no such option":        {[]string{db.DSN(), "--fast"}, 2, ""},
		"no database":           {nil, 2, ""},
		"nobody there":          {[]string{"postgres://localhost:1/x"}, 2, ""},
		"a schema of no server": {[]string{db.DSN(), "--schema", "nowhere"}, 1, "[schema]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command := exec.CommandContext(t.Context(), oversikt, append([]string{"agency", "check"}, tc.args...)...)
			out, err := command.Output()
			if command.ProcessState == nil {
				t.Fatal(err)
			}
			if got := command.ProcessState.ExitCode(); got != tc.status || !strings.Contains(string(out), tc.says) {
				t.Errorf("status %d, want %d: %s", got, tc.status, out)
			}
			if strings.Contains(name, "JSON") {
				var d struct {
					Format   int
					Kept     *bool
					Breaches []struct{ Relation, Rule string }
				}
				if err := json.Unmarshal(out, &d); err != nil || d.Format != 1 || *d.Kept || d.Breaches[0].Relation != "fee" {
					t.Errorf("%v: %s", err, out)
				}
			}
		})
	}
}

// TestScaffold: the draft goes to a file, once, and psql's readers find a whole script.
func TestScaffold(t *testing.T) {
	t.Parallel()
	oversikt := endtoend.Binary(t, "cmd/oversikt")
	db := pgtest.New(t, pgtest.Template{})
	referencetest.Exec(t, db.Conn(), "create table public.debtors (id bigint primary key, nin text unique, name text not null)")
	file := filepath.Join(t.TempDir(), "draft.sql")
	endtoend.Run(t, oversikt, nil, "agency", "scaffold", db.DSN(), "--out", file)
	draft, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(draft), `from "public"."debtors" x;`) || !strings.HasSuffix(string(draft), "commit;\n") {
		t.Fatalf("%v: %s", err, draft)
	}
	referencetest.Exec(t, db.Conn(), string(draft))
	if err := exec.CommandContext(t.Context(), oversikt, "agency", "scaffold", db.DSN(), "--out", file).Run(); err == nil {
		t.Error("a file that is there is written over")
	}
}
