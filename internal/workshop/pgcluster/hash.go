package pgcluster

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
)

// HashFiles returns a hash of all files in all of fsys, names included, by which a database
// that was made from them is known.
// It panics when one can't be read, which embedded files always can.
func HashFiles(fsys ...fs.FS) string {
	h := sha256.New()
	for _, f := range fsys {
		err := fs.WalkDir(f, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(f, path)
			fmt.Fprintf(h, "%q %d ", path, len(text))
			h.Write(text)
			return err
		})
		if err != nil {
			panic("hash files: " + err.Error())
		}
		io.WriteString(h, "|") // which of fsys a file is in counts
	}
	return hex.EncodeToString(h.Sum(nil))
}
