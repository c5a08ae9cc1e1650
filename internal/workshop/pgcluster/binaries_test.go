package pgcluster

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFindBinaries(t *testing.T) {
	t.Parallel()
	dir, err := Ensure(t.Context(), nil)
	check(t, err)
	found, err := FindBinaries()
	check(t, err)
	if diff := cmp.Diff(dir, found); diff != "" {
		t.Error(diff)
	}
	for _, program := range []string{"initdb", "postgres"} {
		_, err := os.Stat(filepath.Join(dir, program))
		check(t, err)
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	install := func(name, version string, programs ...string) string {
		dir := filepath.Join(t.TempDir(), name)
		check(t, os.Mkdir(dir, 0o755))
		for _, program := range programs {
			script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
			writeProgram(t, filepath.Join(dir, program), []byte(script))
		}
		return dir
	}
	old := install("old", "13.4", "initdb", "postgres")
	middle := install("middle", "15.20 (Debian 15.20-0+deb12u1)", "initdb", "postgres")
	newest := install("newest", "19beta1", "initdb", "postgres")
	client := install("client", "18.1", "pg_config")
	half := install("half", "18.1", "initdb")
	twice := middle

	want := []binaries{{newest, 19}, {middle, 15}}
	got := inspect([]string{old, middle, newest, client, half, twice, "/nonexistent"})
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(binaries{})); diff != "" {
		t.Error(diff)
	}
}

func TestAdvice(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, has, want string }{
		"apt-get": {"Debian and Ubuntu", "apt-get", "sudo apt-get install postgresql"},
		"dnf":     {"the server has a package of its own", "dnf", "sudo dnf install postgresql-server"},
		"brew":    {"Homebrew runs without root", "brew", "brew install postgresql"},
		"none": {"no command is better than a wrong one", "",
			"your system's package manager to install the PostgreSQL server"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := advice(func(program string) (string, error) {
				if program == tc.has {
					return program, nil
				}
				return "", errors.New("not found")
			})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n%s", tc.reason, diff)
			}
			if strings.Contains(got, "\n") {
				t.Error("the error should be one line")
			}
		})
	}
}

func TestMajor(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, version string
		want            int
	}{
		"release": {"the usual form", "15.20 (Debian 15.20-0+deb12u1)", 15},
		"beta":    {"no dot", "19beta1", 19},
		"bare":    {"PG_VERSION", "16", 16},
		"nothing": {"not a version", "devel", 0},
		"empty":   {"no answer", "", 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := major(tc.version); got != tc.want {
				t.Errorf("%s: major(%q) = %d, want %d", tc.reason, tc.version, got, tc.want)
			}
		})
	}
}
