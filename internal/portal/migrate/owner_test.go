package migrate_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestPlainOwner: whoever migrates needs to own the database, and no more where the service's role
// is there. Who does not own it is told what its owner must do.
func TestPlainOwner(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	role, admin := "o_"+db.Name(), db.Conn()
	exec := func(sql string) {
		t.Helper()
		sql = strings.NewReplacer("ROLE", role, "DATABASE", db.Name()).Replace(sql)
		if _, err := admin.Exec(context.Background(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec("create role ROLE login; grant create on database DATABASE to ROLE; grant create on schema public to ROLE")
	t.Cleanup(func() { exec("reassign owned by ROLE to postgres; drop owned by ROLE; drop role ROLE") })
	// Another test may not have made the service's role yet.
	if _, err := migrate.Up(t.Context(), pgtest.New(t, pgtest.Template{}).DSN()); err != nil {
		t.Fatal(err)
	}
	_, err := migrate.Up(t.Context(), db.RoleDSN(role))
	if err == nil || !strings.Contains(err.Error(), "revoke temporary") {
		t.Errorf("temporary objects: %v", err)
	}
	exec("alter database DATABASE owner to ROLE")
	if n, err := migrate.Up(t.Context(), db.RoleDSN(role)); err != nil || n != 0 {
		t.Errorf("%d migrations: %v", n, err)
	}
	service, err := pgx.Connect(t.Context(), db.RoleDSN(portal.Role))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close(t.Context())
	var n int64
	if err := service.QueryRow(t.Context(), "select portal.retain('session', now(), 1)").Scan(&n); err != nil {
		t.Error(err)
	}
}
