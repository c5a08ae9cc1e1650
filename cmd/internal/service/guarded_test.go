package service

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/server"
)

// TestGuardedConfig: what cannot be is said by its key, and never by its value.
func TestGuardedConfig(t *testing.T) {
	t.Parallel()
	manifest := filepath.Join(t.TempDir(), "manifest.json")
	if err := os.WriteFile(manifest, []byte(`{"secret": ""}`), 0o600); err != nil {
		t.Fatal(err)
	}
	list := DocumentsConfig{Mode: server.DocumentsSafelist}
	for name, tc := range map[string]struct {
		conf Config
		says string // empty: it is good
	}{
		"nothing":     {Config{}, ""},
		"two ways":    {Config{PersistedQueries: true, Documents: list}, "persistedQueries"},
		"scan":        {Config{Scan: &ScanConfig{Clamd: "secret"}}, "scan.clamd"},
		"scan well":   {Config{Scan: &ScanConfig{Clamd: "unix:///run/clamd.ctl"}}, ""},
		"expired":     {Config{Security: &server.Security{Contact: []string{"tel:1"}, Expires: time.Now()}}, "security.expires"},
		"empty list":  {Config{Documents: list}, "documents: safelist"},
		"no file":     {Config{Documents: DocumentsConfig{Files: []string{"/nowhere"}}}, "documents.files[0]"},
		"no manifest": {Config{Documents: DocumentsConfig{Files: []string{manifest}}}, "documents: manifest 1"},
	} {
		err := tc.conf.checkGuarded()
		if err == nil {
			err = tc.conf.guard(&server.Options{})
		}
		if (err == nil) != (tc.says == "") || err != nil && (!strings.Contains(err.Error(), tc.says) ||
			strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
