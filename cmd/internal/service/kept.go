package service

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"

	"gocloud.dev/blob"

	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/retention"
)

// bucket opens what files are kept in.
func (c Config) bucket(ctx context.Context) (*blob.Bucket, error) {
	address := c.Files.Store
	if address == "" {
		folder, err := filepath.Abs(filepath.Join(filepath.Dir(filepath.Clean(c.AccessLog)), "documents"))
		if err != nil {
			return nil, fmt.Errorf("files.store: %w", err)
		}
		address = "file://" + folder
	}
	bucket, err := vault.OpenBucket(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("files.store %w", err)
	}
	return bucket, nil
}

// filesWithoutRow is what a run of the retention schedule calls them.
const filesWithoutRow = "file_without_row"

func sweeps(v *vault.Vault) []retention.Sweep {
	return []retention.Sweep{{Name: filesWithoutRow, Run: v.Sweep}}
}

// Sweeps are what a run of the retention schedule takes away beside the rows of the portal database. end is called
// when they are done.
func Sweeps(ctx context.Context, conf Config, db *portal.DB, secret *portal.Secret) (all []retention.Sweep,
	end func(), err error) {
	bucket, err := conf.bucket(ctx)
	if err != nil {
		return nil, nil, err
	}
	v := &vault.Vault{DB: db, Secret: secret, Bucket: bucket, Patience: conf.Files.Timeout,
		Log: slog.New(slog.DiscardHandler)}
	return sweeps(v), func() { _ = bucket.Close() }, nil
}
