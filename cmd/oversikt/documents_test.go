package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/oversikt/oversikt/internal/server"
)

// TestDocuments: what the command writes is what the service reads.
func TestDocuments(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	texts := map[string]string{"a.graphql": "{ viewer { name } }\n", "below/b.graphql": `{ text(is: "<å>") }`, "note.txt": "no"}
	for name, text := range texts {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := writeManifest(&out, []string{dir}); err != nil {
		t.Fatal(err)
	}
	read, err := server.ReadManifest(out.Bytes())
	if err != nil || len(read) != 2 {
		t.Fatalf("%v, %v", read, err)
	}
	for _, name := range []string{"a.graphql", "below/b.graphql"} {
		if read[server.DocumentID(texts[name])] != texts[name] {
			t.Errorf("%s is not there: %v", name, read)
		}
	}
	if err := writeManifest(&out, []string{filepath.Join(dir, "nothing")}); err == nil {
		t.Error("a file that is not there")
	}
}
