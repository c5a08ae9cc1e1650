package main

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/oversikt/oversikt/internal/server"
)

type documentsCommand struct {
	Paths []string `arg:"" type:"path" help:"Files of one document each, or folders of .graphql files."`
}

// Run prints the manifest of documents: an object of their ids and texts.
func (c *documentsCommand) Run() error { return writeManifest(os.Stdout, c.Paths) }

func writeManifest(w io.Writer, paths []string) error {
	manifest := map[string]string{}
	for _, path := range paths {
		err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || file != path && !strings.HasSuffix(file, ".graphql") {
				return err
			}
			text, err := os.ReadFile(file)
			if err == nil {
				manifest[server.DocumentID(string(text))] = string(text)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("documents: %w", err)
		}
	}
	to := json.NewEncoder(w)
	to.SetEscapeHTML(false)
	to.SetIndent("", "  ")
	return to.Encode(manifest)
}
