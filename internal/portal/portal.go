// Package portal is Oversikt's own database: what belongs to the service and to no
// agency. Its schema is made by the migrations in this folder, and by nothing else.
package portal

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	_ "github.com/jackc/pgx/v5/stdlib" // goose speaks database/sql
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the database up to date and returns how many migrations ran.
func Migrate(ctx context.Context, dsn string) (int, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return 0, fmt.Errorf("open portal database: %w", err)
	}
	defer db.Close()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, fmt.Errorf("portal migrations: %w", err)
	}
	// The name is qualified: nothing depends on a search path.
	store, err := database.NewStore(database.DialectPostgres, "public.oversikt_migration")
	if err != nil {
		return 0, fmt.Errorf("portal migrations: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120)) // tries every second: several replicas may start together
	if err != nil {
		return 0, fmt.Errorf("portal migrations: %w", err)
	}
	p, err := goose.NewProvider("", db, files, goose.WithStore(store), goose.WithSessionLocker(locker))
	if err != nil {
		return 0, fmt.Errorf("portal migrations: %w", err)
	}
	done, err := p.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("migrate portal database: %w", err)
	}
	return len(done), nil
}
