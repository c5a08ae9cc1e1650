package demo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
)

// made are the files and folders that a demo, or the program around it, has made in its folder.
var made = []string{"access-log", "born", "client.key", "documents", "id.key",
	"issuer.pem", "layout", "portal.key", "postgresql",
	"staff.pem"}

// Remove deletes the demo in a folder. It deletes nothing while the demo runs, and then nothing
// that is not the demo's: what is left is named in the error.
func Remove(dir string) error {
	if err := pgcluster.Remove(filepath.Join(dir, "postgresql")); err != nil {
		return err
	}
	for _, name := range made {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("delete the demo: %w", err)
		}
	}
	left, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("delete the demo: %w", err)
	case len(left) > 0:
		return fmt.Errorf("delete the demo: %s is none of its files, and is left", filepath.Join(dir, left[0].Name()))
	}
	return os.Remove(dir)
}
