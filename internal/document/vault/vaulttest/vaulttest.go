// Package vaulttest has a vault in a folder of the test's own.
package vaulttest

import (
	"log/slog"
	"testing"

	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/portal"
)

// New returns a vault, and its folder.
func New(t testing.TB, db *portal.DB, secret *portal.Secret) (v *vault.Vault, folder string) {
	t.Helper()
	folder = t.TempDir()
	bucket, err := vault.OpenBucket(t.Context(), "file://"+folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() })
	return &vault.Vault{DB: db, Secret: secret, Bucket: bucket, Log: slog.New(slog.DiscardHandler)}, folder
}
