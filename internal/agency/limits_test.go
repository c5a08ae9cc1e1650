package agency

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
)

// TestLimits: of the service's limit and the DBA's, the smaller holds.
func TestLimits(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sql               string
		statement, locked string // settings afterwards
		idle              string
	}{
		"none":            {"", "1400ms", "750ms", "5s"},
		"the role's":      {"alter role ROLE set statement_timeout = '300ms'; alter role ROLE set lock_timeout = '20ms'", "300ms", "20ms", "5s"},
		"the database's":  {"alter database DB set idle_in_transaction_session_timeout = '2s'", "1400ms", "750ms", "2s"},
		"larger":          {"alter database DB set statement_timeout = '1min'; alter database DB set lock_timeout = '1h'", "1400ms", "750ms", "5s"},
		"no limit at all": {"alter database DB set statement_timeout = 0", "1400ms", "750ms", "5s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := referencetest.Empty(t)
			owner, role := db.Conn(), "limited_"+db.Name()
			referencetest.Exec(t, owner, "create role "+pgx.Identifier{role}.Sanitize()+" login;"+
				strings.NewReplacer("ROLE", pgx.Identifier{role}.Sanitize(), "DB",
					pgx.Identifier{db.Name()}.Sanitize()).Replace(tc.sql))
			t.Cleanup(func() {
				_, _ = owner.Exec(context.Background(), "drop role "+pgx.Identifier{role}.Sanitize())
			})
			limits(t, referencetest.ConnectAs(t, db, role), tc.statement, tc.locked, tc.idle)
		})
	}
}

func limits(t *testing.T, conn *pgx.Conn, statement, locked, idle string) {
	t.Helper()
	a := &Agency{deadline: 1500 * time.Millisecond}
	if err := a.limit(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	var got [3]string
	begun := false
	err := a.within(t.Context(), conn, func() { begun = true }, func(ctx context.Context, _ *Agency,
		tx pgx.Tx) (bool, error) {
		return false, tx.QueryRow(ctx, `select current_setting('statement_timeout'), current_setting('lock_timeout'),
			current_setting('idle_in_transaction_session_timeout')`).Scan(&got[0], &got[1], &got[2])
	})
	if err != nil || !begun || conn.PgConn().TxStatus() != 'I' {
		t.Fatal(err, begun)
	}
	if want := [3]string{statement, locked, idle}; got != want {
		t.Errorf("%v, want %v", got, want)
	}
}
