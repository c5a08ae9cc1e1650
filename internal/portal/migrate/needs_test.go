package migrate_test

import (
	"testing"

	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestNewest: the number that the service asks for is the one that Up leaves.
func TestNewest(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	var newest int64
	err := db.Conn().QueryRow(t.Context(), "select max(version_id) from public.oversikt_migration").Scan(&newest)
	if err != nil || newest != migrate.Newest() || newest == 0 {
		t.Errorf("%d, not %d: %v", newest, migrate.Newest(), err)
	}
}
