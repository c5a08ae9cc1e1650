package pgcluster

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

// Remove deletes the cluster in a folder, with the data that lies elsewhere because the server's
// user cannot reach the folder. It returns [ErrInUse] where a live process has the cluster open,
// and stops a server that a killed one has left. No cluster is no error.
func Remove(dir string) error {
	return remove(Options{Dir: dir}.withDefaults())
}

func remove(o Options) error {
	if _, err := os.Stat(o.Dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	dir, err := makeDir(o.Dir)
	if err != nil {
		return err
	}
	lock, err := tryLock(dir)
	if err != nil {
		return err
	}
	defer lock.Close() // after the deletion: until then nobody starts here
	p := &place{dir: dir, data: filepath.Join(dir, "data"), log: slog.New(slog.DiscardHandler)}
	elsewhere := p.elsewhere(o.fallback)
	if target, err := os.Readlink(p.data); err == nil && target == filepath.Join(elsewhere, "data") {
		p.data = target
	}
	if err := p.stopPostmaster(); err != nil {
		return err
	}
	if filepath.Dir(p.data) == elsewhere {
		if err := os.RemoveAll(elsewhere); err != nil {
			return fmt.Errorf("delete database folder: %w", err)
		}
		_ = os.Remove(o.fallback) // where it is empty now
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("delete database folder: %w", err)
	}
	return nil
}
