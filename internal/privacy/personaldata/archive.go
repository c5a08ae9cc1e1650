package personaldata

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/oversikt/oversikt/internal/debt"
)

// The files of an archive.
const (
	JSONFile = "personal-data.json"
	PDFFile  = "personal-data.pdf"
)

// Archive returns a ZIP archive of everything in the register: as JSON for machines and
// as PDF to read, in a language, by default the one that an agency writes to the person in.
func (r *Register) Archive(p Person, l *debt.Language) ([]byte, error) {
	d := r.document(p, l)
	machine, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write personal data: %w", err)
	}
	human, err := d.pdf()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, file := range []struct {
		name    string
		content []byte
	}{{JSONFile, machine}, {PDFFile, human}} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: r.GeneratedAt})
		if err != nil {
			return nil, fmt.Errorf("pack personal data: %w", err)
		}
		if _, err := w.Write(file.content); err != nil {
			return nil, fmt.Errorf("pack personal data: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack personal data: %w", err)
	}
	return out.Bytes(), nil
}
