package migrate_test

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// How many migrations there are: our own, and with the job queue's.
var (
	own = func() int {
		files, err := filepath.Glob("sql/*.sql")
		if err != nil || len(files) == 0 {
			panic("no migrations")
		}
		return len(files)
	}()
	all = own + 8
)

func TestMigrateTwice(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	for i, want := range []int{all, 0} {
		if n, err := migrate.Up(t.Context(), db.DSN()); err != nil || n != want {
			t.Errorf("run %d: %d migrations, want %d: %v", i+1, n, want, err)
		}
	}
	var versions int
	if err := db.Conn().QueryRow(t.Context(),
		"select count(*) from public.oversikt_migration where version_id > 0").Scan(&versions); err != nil || versions != own {
		t.Errorf("%d migrations are noted: %v", versions, err)
	}
}

// TestMigrateAtOnce: several replicas may start together. Each succeeds, and nothing is
// done twice.
func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	counts := make([]int, 4)
	var wg sync.WaitGroup
	for i := range counts {
		wg.Go(func() {
			var err error
			if counts[i], err = migrate.Up(t.Context(), db.DSN()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	sum := 0
	for _, n := range counts {
		sum += n
	}
	if n, err := migrate.Up(t.Context(), db.DSN()); err != nil || n+sum != all {
		t.Errorf("%v and then %d migrations: %v", counts, n, err)
	}
}

func TestMigrateFails(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	_, err := db.Conn().Exec(t.Context(),
		`do $$ begin create role portal_nobody login; exception when duplicate_object or unique_violation then null; end $$`)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct{ reason, dsn, says string }{
		"no right":      {"the role may not create tables", db.RoleDSN("portal_nobody"), "permission denied"},
		"no role":       {"nobody of that name", db.RoleDSN("portal_missing"), "portal_missing"},
		"no server":     {"nobody listens", "host=/nowhere user=x dbname=x", "connect"},
		"broken string": {"a port is a number", "postgres://u:hunter2@h:port/d", "port"},
	}
	for name, tc := range cases {
		n, err := migrate.Up(t.Context(), tc.dsn)
		if err == nil || n != 0 {
			t.Errorf("%s (%s): %d migrations", name, tc.reason, n)
			continue
		}
		if text := err.Error(); !strings.Contains(text, tc.says) || strings.Contains(text, "hunter2") {
			t.Errorf("%s (%s): %s", name, tc.reason, text)
		}
	}
}
