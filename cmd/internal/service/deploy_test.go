package service

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestDeployed: the configurations that deploy/ has are read as they stand, with secrets of the
// lengths that make-secrets gives them.
func TestDeployed(t *testing.T) {
	t.Setenv("OVERSIKT_LISTEN", "")
	secrets := t.TempDir()
	for name, size := range map[string]int{"portal-password": 24, "portal-key": 32, "id-key": 64, "fjord-password": 8} {
		text := hex.EncodeToString(make([]byte, size))
		if err := os.WriteFile(filepath.Join(secrets, name), []byte(text), 0o400); err != nil {
			t.Fatal(err)
		}
	}
	compose, err := os.ReadFile("../../../deploy/oversikt.yaml")
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile("../../../deploy/kubernetes/config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var kubernetes struct{ Data map[string]string }
	if err := yaml.Unmarshal(manifest, &kubernetes); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"compose": string(compose), "kubernetes": kubernetes.Data["oversikt.yaml"],
	} {
		text = strings.NewReplacer("/run/secrets/oversikt", secrets, "/run/secrets", secrets).Replace(text)
		file := filepath.Join(t.TempDir(), "oversikt.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := Read(file); err != nil || len(c.Agencies) != 1 || c.Metrics == "" ||
			strings.Contains(c.Agencies[0].DSN, "${") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
