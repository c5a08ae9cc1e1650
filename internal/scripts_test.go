package internal

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestOldTools runs make, and what make asks first, with tools that are too old, or not there: one
// line says what is needed.
func TestOldTools(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		run    []string
		tools  map[string]string // what each prints as its version
		want   string            // "" where the tools are good
	}{
		"Go of Debian 12":       {"it cannot read go.mod", []string{"make", "build"}, map[string]string{"go": "go1.19.8"}, "go1.19.8"},
		"Go of last year":       {"it may not fetch a newer one", []string{"scripts/need-go"}, map[string]string{"go": "go1.25.9"}, "go1.25.9"},
		"no Go":                 {"what to get, and where", []string{"scripts/need-go"}, nil, "https://go.dev"},
		"Go of go.mod":          {"to the letter", []string{"scripts/need-go"}, map[string]string{"go": "go1.26.0"}, ""},
		"Go of next year":       {"newer", []string{"scripts/need-go"}, map[string]string{"go": "go1.27rc1"}, ""},
		"Go with an experiment": {"more is behind the number", []string{"scripts/need-go"}, map[string]string{"go": "go1.26.3 X:synctest"}, ""},
		"Node of Debian 12":     {"Playwright says it in ten lines", []string{"scripts/need-node"}, map[string]string{"node": "v18.20.4", "npm": ""}, "v18.20.4"},
		"no npm":                {"Debian has it in a package of its own", []string{"scripts/need-node"}, map[string]string{"node": "v22.1.0"}, "https://nodejs.org"},
		"Node":                  {"of the number itself", []string{"scripts/need-node"}, map[string]string{"node": "v20.0.0", "npm": ""}, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := t.TempDir()
			for _, tool := range []string{"sh", "make", "sed", "awk", "dirname", "git", "cat"} {
				real, err := exec.LookPath(tool)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(real, filepath.Join(path, tool)); err != nil {
					t.Fatal(err)
				}
			}
			for tool, version := range tc.tools {
				program(t, filepath.Join(path, tool), "echo '"+version+"'")
			}
			cmd := exec.CommandContext(t.Context(), filepath.Join("..", tc.run[0]), tc.run[1:]...)
			if tc.run[0] == "make" {
				cmd = exec.CommandContext(t.Context(), "make", append([]string{"-s", "-C", ".."}, tc.run[1:]...)...)
			}
			cmd.Env = []string{"PATH=" + path}
			out, err := cmd.CombinedOutput()
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			if tc.want == "" && (err != nil || len(out) > 0) ||
				tc.want != "" && (err == nil || !strings.Contains(lines[0], tc.want)) ||
				len(lines) > 1 && !strings.HasPrefix(lines[1], "make: ***") {
				t.Errorf("%s: %v: %s", tc.reason, err, out)
			}
		})
	}
}

// program writes a program that runs a command. Nothing is started meanwhile: a process that has the
// file open for writing, if only until it becomes another program, keeps it from being run.
func program(t *testing.T, path, command string) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+command+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// TestUntrustedClone: where git refuses to tell of a clone, go build is not to ask it.
func TestUntrustedClone(t *testing.T) {
	t.Parallel()
	for says, want := range map[string]bool{"exit 128": true, "exit 0": false} {
		path := t.TempDir()
		program(t, filepath.Join(path, "git"), says)
		cmd := exec.CommandContext(t.Context(), "make", "-s", "-C", "..", "--eval", "said: ; @echo $$GOFLAGS", "said")
		cmd.Env = append(os.Environ(), "PATH="+path+":"+os.Getenv("PATH"), "GOENV=off", "GOFLAGS=-mod=mod")
		out, err := cmd.CombinedOutput()
		if got := strings.Contains(string(out), "-buildvcs=false"); err != nil || got != want ||
			!strings.Contains(string(out), "-mod=mod") {
			t.Errorf("git: %s: %v: %s", says, err, out)
		}
	}
}
