package act_test

import (
	"cmp"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
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
	_, err := conn.Exec(t.Context(), "update portal.retention_rule set days = days + 10 where name = $1", longer.Rule())
	if err != nil {
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
	if diff := gocmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(left))); diff != "" {
		t.Errorf("kept (-want +got)\n%s", diff)
	}
}

var writeKeep = flag.Bool("write-keep", false, "write how long acts are kept into docs/privacy.md")

// TestKeepIsDocumented: docs/privacy.md says how long each act is kept.
func TestKeepIsDocumented(t *testing.T) {
	t.Parallel()
	const file, begin, end = "../../docs/privacy.md", "<!-- acts -->\n", "<!-- /acts -->"
	acts := registered()
	slices.SortFunc(acts, func(a, b *act.Act) int { return cmp.Compare(a.Name, b.Name) })
	var table strings.Builder
	table.WriteString("| Rule | What, counted from | Days | Why |\n|---|---|---|---|\n")
	for _, r := range act.Rules(acts) {
		fmt.Fprintf(&table, "| %s | %s, %s | %d | %s |\n", r.Name, r.Relation, r.Age, r.Days, r.Reason)
		if r.Days < 30 || r.Reason == "" {
			t.Errorf("%s is kept %d days, as %q", r.Name, r.Days, r.Reason)
		}
	}
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), begin)
	now, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the acts", file)
	}
	if *writeKeep {
		if err := os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if now != table.String() {
		t.Errorf("run go test ./internal/act -run Documented -write-keep (-want +got)\n%s", gocmp.Diff(table.String(), now))
	}
}
