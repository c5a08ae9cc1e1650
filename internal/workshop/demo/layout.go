package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/workshop/demo/journal"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
)

// forgetOtherLayout drops the agencies' databases that another version of the program has made:
// what a newer one asks for is not in them, and all people in them can be made again. What was
// done in the portal cannot: its database is migrated.
func (d *Demo) forgetOtherLayout(ctx context.Context, log *slog.Logger) error {
	want := pgcluster.HashFiles(reference.Files(), legacy.Files(), journal.Files())
	file := filepath.Join(d.dir, "layout")
	have, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the layout of the demo's databases: %w", err)
	}
	if string(have) == want {
		return nil
	}
	for _, c := range cores {
		there, err := d.cluster.HasDatabase(ctx, c.code)
		if err != nil {
			return err
		}
		if there {
			log.Warn("another version of the program has made this agency's database: it is made anew, "+
				"and what was changed in it is lost", "database", c.code)
		}
		if err := d.cluster.DropDatabase(ctx, c.code); err != nil {
			return err
		}
	}
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		return fmt.Errorf("write the layout of the demo's databases: %w", err)
	}
	return nil
}
