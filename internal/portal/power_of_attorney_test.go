package portal_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/pgcluster/pgtest"
	"github.com/oversikt/oversikt/internal/portal"
)

// TestRevokedForGood is what the service's role can do with a power of attorney.
func TestRevokedForGood(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	if _, err := portal.Migrate(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	service, err := pgx.Connect(t.Context(), db.RoleDSN(portal.Role))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close(t.Context())
	steps := []struct {
		reason, sql string
		refused     bool
	}{
		{"the service gives one", `insert into portal.power_of_attorney
			(id, grantor, key, attorney, sealed, covers_all, may_act, valid_from, valid_until, signed, issuer, acr, created_at)
			values (gen_random_uuid(), sha256('a'), gen_random_uuid(), sha256('b'), '', true, false, '2026-01-01', '2026-12-31', 'BANKID', 'i', 'a', now())`, false},
		{"for how long is not the service's to change", `update portal.power_of_attorney set valid_until = '2027-12-31'`, true},
		{"it is revoked", `update portal.power_of_attorney set revoked_at = now(), revocation_key = gen_random_uuid()`, false},
		{"nobody takes that back", `update portal.power_of_attorney set revoked_at = null`, true},
		{"or puts it off", `update portal.power_of_attorney set revoked_at = now() + interval '1 year'`, true},
		{"nor is it deleted", `delete from portal.power_of_attorney`, true},
	}
	for _, s := range steps {
		_, err := service.Exec(t.Context(), s.sql)
		pg, _ := errors.AsType[*pgconn.PgError](err)
		if s.refused && (pg == nil || pg.Code != "42501") || !s.refused && err != nil {
			t.Errorf("%s: %v", s.reason, err)
		}
	}
}
