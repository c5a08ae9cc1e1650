package migrate

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/oversikt/oversikt/internal/portal"
)

//go:embed river_grants.sql
var riverGrants string

// migrateRiver makes the tables of the job queue with the queue's own migrations, and grants the
// service what it needs. It returns how many migrations ran.
func migrateRiver(ctx context.Context, dsn string) (int, error) {
	pool, err := pgxpool.New(ctx, dsn)
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
	if _, err := pool.Exec(ctx, riverGrants); err != nil {
		return len(done.Versions), fmt.Errorf("grant the job queue: %w", err)
	}
	return len(done.Versions), nil
}
