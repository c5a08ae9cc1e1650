package act_test

import (
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/portal/retention"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
	"github.com/oversikt/oversikt/resolvers"
)

// registered are all acts that there are.
func registered() []*act.Act {
	return append(resolvers.NewActs(resolvers.ActDeps{}).All(), attorney.Hidden(nil)...)
}

// TestKeptAsDeclared: every act has its rule in the retention schedule, which deletes the old
// ones with all that hangs on them and keeps the others. Days that the owner has given stay.
func TestKeptAsDeclared(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	acts := registered()
	if len(acts) < 8 {
		t.Fatalf("%d acts", len(acts))
	}
	if _, err := migrate.Up(t.Context(), db.DSN(), act.Rules(acts)...); err != nil {
		t.Fatal(err)
	}
	conn := db.Conn()
	read := func(query string, args ...any) []string {
		t.Helper()
		rows, err := conn.Query(t.Context(), query, args...)
		if err != nil {
			t.Fatal(err)
		}
		all, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	longer := acts[0]
	if _, err := conn.Exec(t.Context(), "update portal.retention_rule set days = days + 10 where name = $1", longer.Rule()); err != nil {
		t.Fatal(err)
	}
	if _, err := migrate.Up(t.Context(), db.DSN(), act.Rules(acts)...); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	var want []string
	for _, a := range acts {
		days := a.Keep.Days
		if a == longer {
			days += 10
		}
		rule := fmt.Sprintf("portal.act kept_from %d %s", days, a.Keep.Why)
		if got := read(`select concat_ws(' ', relation, age, days, reason) from portal.retention_rule where name = $1`,
			a.Rule()); len(got) != 1 || got[0] != rule {
			t.Errorf("%s: %q, want %q", a.Name, got, rule)
		}
		for name, age := range map[string]int{"old": days + 1, "young": days - 1} {
			_, err := conn.Exec(t.Context(), `with a as (
				insert into portal.act (id, subject, key, name, reach, cases, status, created_at, until, ended_at, decision, decided_at, decide_by)
				select gen_random_uuid(), sha256('p'), gen_random_uuid(), $1, $2, '{}', 'DONE', $3, $3, $3,
					case $2 when 'ALL' then 'CONFIRM' end, case $2 when 'ALL' then $3::timestamptz end, case $2 when 'ALL' then $3::timestamptz end
				returning id)
				insert into portal.act_agency (act, position, agency, key, state, changed_at)
				select id, 0, $4, gen_random_uuid(), 'DONE', $3 from a`, a.Name, a.Reach, now.AddDate(0, 0, -age), name)
			if err != nil {
				t.Fatal(err)
			}
		}
		want = append(want, string(a.Name)+" young")
	}
	pool, err := portal.Open(db.RoleDSN(portal.Role), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	job := &retention.Job{Portal: pool, Clock: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
	if _, ran, err := job.Now(t.Context()); err != nil || !ran {
		t.Fatal(ran, err)
	}
	left := read(`select format('%s %s', a.name, x.agency) from portal.act_agency x join portal.act a on a.id = x.act order by 1`)
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(left))); diff != "" {
		t.Errorf("kept (-want +got)\n%s", diff)
	}
}

// TestKeepIsDocumented: docs/privacy.md says how long each act is kept.
func TestKeepIsDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range registered() {
		row := fmt.Sprintf("| %s | portal.act, kept_from | %d | %s |\n", a.Rule(), a.Keep.Days, a.Keep.Why)
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/privacy.md lacks: %s", row)
		}
		if a.Keep.Days < 30 || a.Keep.Why == "" {
			t.Errorf("%s is kept %d days, as %q", a.Name, a.Keep.Days, a.Keep.Why)
		}
	}
}
