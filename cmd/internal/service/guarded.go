package service

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/server"
)

// DocumentsConfig says which documents of GraphQL run: see docs/documents.md.
type DocumentsConfig struct {
	Mode  server.DocumentMode `yaml:"mode" validate:"omitempty,oneof=open log safelist"`
	Files []string            `yaml:"files"` // manifests
}

// ScanConfig says who looks through what people hand in.
type ScanConfig struct {
	Clamd   string        `yaml:"clamd" validate:"required"`
	Timeout time.Duration `yaml:"timeout" validate:"min=0,max=30s"` // 0 is 10 seconds
}

const scanTimeout = 10 * time.Second

// checkGuarded looks at what validation by tags cannot.
func (c Config) checkGuarded() error {
	var faults []error
	if c.PersistedQueries && c.Documents.Mode != "" && c.Documents.Mode != server.DocumentsOpen {
		faults = append(faults, errors.New("persistedQueries lets anybody who is logged in register a document: "+
			"turn it off with documents.mode log or safelist"))
	}
	if _, err := c.scanner(); err != nil {
		faults = append(faults, err)
	}
	if c.Security != nil {
		faults = append(faults, c.Security.Check(time.Now()))
	}
	return errors.Join(faults...)
}

// documents reads the manifests.
func (c Config) documents() (*server.Documents, error) {
	var manifests [][]byte
	for i, file := range c.Documents.Files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("documents.files[%d]: %w", i, err)
		}
		manifests = append(manifests, text)
	}
	d, err := server.NewDocuments(c.Documents.Mode, manifests...)
	if err != nil {
		return nil, fmt.Errorf("documents: %w", err)
	}
	return d, nil
}

// scanner is nil where none is configured.
func (c Config) scanner() (*attorney.Scanner, error) {
	if c.Scan == nil {
		return nil, nil
	}
	timeout := c.Scan.Timeout
	if timeout == 0 {
		timeout = scanTimeout
	}
	s, err := attorney.NewScanner(c.Scan.Clamd, timeout)
	if err != nil {
		return nil, fmt.Errorf("scan.clamd %w", err)
	}
	return s, nil
}

// guard puts into the options of the server what the configuration says about its safety.
func (c Config) guard(opts *server.Options) (err error) {
	opts.Security, opts.HSTS = c.Security, c.HSTS
	opts.Documents, err = c.documents()
	return err
}
