package main

import (
	"context"
	"os"
	"testing"
	"time"
)

// TestMain lets this program be the servers too, as they are children of it.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == childArgument {
		serveAsChild()
		return
	}
	os.Exit(m.Run())
}

// TestRun measures for a moment: the peer still answers with the product's bytes, whatever
// has come to the contract and the schema meanwhile.
func TestRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	for _, agencies := range []string{"one", "demo"} {
		o := options{dir: folder(t), agencies: agencies, debtors: 300, people: 100, rounds: 1, seconds: 0.2}
		if err := run(ctx, o); err != nil {
			t.Errorf("%s: %v", agencies, err)
		}
	}
}

// folder is one that the database's user may enter, too.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bench-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
