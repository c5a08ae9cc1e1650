package migrate

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/oversikt/oversikt/internal/portal"
)

// migrateRiver makes the tables of the job queue with the queue's own migrations. It returns how
// many ran.
func migrateRiver(ctx context.Context, conn *pgx.ConnConfig) (int, error) {
	config, err := pgxpool.ParseConfig(conn.ConnString())
	if err != nil {
		return 0, fmt.Errorf("open portal database: %w", err)
	}
	config.ConnConfig = conn.Copy()
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return 0, fmt.Errorf("open portal database: %w", err)
	}
	defer pool.Close()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: portal.Schema,
		Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return 0, fmt.Errorf("migrations of the job queue: %w", err)
	}
	done, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return 0, fmt.Errorf("migrate the job queue: %w", err)
	}
	return len(done.Versions), nil
}
