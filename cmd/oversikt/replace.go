package main

import (
	"errors"
	"os"
	"path/filepath"
)

// replace writes a file of which others see the old content or the new, whole. Only its owner reads
// it. What is no ordinary file, such as /dev/stdout, is written to as it is.
func replace(file string, content []byte) error {
	if info, err := os.Lstat(file); err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(file, content, 0o600)
	}
	draft, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*.new")
	if err != nil {
		return err
	}
	_, err = draft.Write(content)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), file)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(draft.Name()))
	}
	return err
}
