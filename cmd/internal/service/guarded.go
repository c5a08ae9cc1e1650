package service

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/server"
)

// DocumentsConfig says which documents of GraphQL run: see docs/documents.md.
type DocumentsConfig struct {
	Mode  server.DocumentMode `yaml:"mode" validate:"omitempty,oneof=open log safelist"`
	Files []string            `yaml:"files"` // manifests
}

// ScanConfig says who looks through what people hand in.
type ScanConfig struct {
	Clamd   string        `yaml:"clamd" validate:"required_without=Nobody"`
	Timeout time.Duration `yaml:"timeout" validate:"min=0,max=30s"` // 0 is 10 seconds
	Nobody  bool          `yaml:"nobody"`                           // everything is taken for harmless: for a demo alone
}

// FilesConfig says where the files are kept that people hand in.
type FilesConfig struct {
	Store   string        `yaml:"store"`                            // URL of a bucket; empty: a folder beside accessLog
	Timeout time.Duration `yaml:"timeout" validate:"min=0,max=30s"` // for one file; 0 is vault.DefaultPatience
}

const scanTimeout = 10 * time.Second

// checkGuarded looks at what validation by tags cannot.
func (c Config) checkGuarded() error {
	var faults []error
	if c.PersistedQueries && c.Documents.Mode != "" && c.Documents.Mode != server.DocumentsOpen {
		faults = append(faults, errors.New("persistedQueries lets anybody who is logged in register a document: "+
			"turn it off with documents.mode log or safelist"))
	}
	if _, err := c.scan(); err != nil {
		faults = append(faults, err)
	}
	if c.Files.Store != "" {
		if err := vault.CheckAddress(c.Files.Store); err != nil {
			faults = append(faults, fmt.Errorf("files.store %w", err))
		}
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

// scan looks through a document; nil where nobody does.
func (c Config) scan() (func(ctx context.Context, content []byte) (found string, err error), error) {
	switch {
	case c.Scan == nil:
		return nil, nil
	case c.Scan.Nobody && c.Scan.Clamd != "":
		return nil, errors.New("scan.nobody stands beside scan.clamd: take one of them out")
	case c.Scan.Nobody:
		return func(context.Context, []byte) (string, error) { return "", nil }, nil
	}
	timeout := c.Scan.Timeout
	if timeout == 0 {
		timeout = scanTimeout
	}
	s, err := document.NewScanner(c.Scan.Clamd, timeout)
	if err != nil {
		return nil, fmt.Errorf("scan.clamd %w", err)
	}
	return s.Scan, nil
}

// guard puts into the options of the server what the configuration says about its safety.
func (c Config) guard(opts *server.Options) (err error) {
	opts.Security, opts.HSTS = c.Security, c.HSTS
	opts.Documents, err = c.documents()
	return err
}
