package audit_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// sqlState returns the code of an error of the database, empty without one.
func sqlState(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

// partitions returns the months that the table has.
func (db *database) partitions() []string {
	db.t.Helper()
	rows, err := db.Conn().Query(db.t.Context(),
		"select inhrelid::regclass::text from pg_inherits where inhparent = 'portal.access_log'::regclass order by 1")
	check(db.t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(db.t, err)
	return names
}

// TestAppendOnly: the service may add and read; nobody changes what is written, in the
// table or in the table of its month.
func TestAppendOnly(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	check(t, l.Record(t.Context(), numbered(t, "kept", act(1))))
	month := fmt.Sprintf("portal.access_log_%s", time.Now().UTC().Format("2006_01"))
	const denied, owner, service = "42501", "owner", portal.Role
	dsn := map[string]string{owner: db.DSN(), service: db.RoleDSN(portal.Role)}
	cases := map[string]struct{ reason, who, sql string }{
		"update":            {"no grant", service, "update portal.access_log set reason = null"},
		"update of nothing": {"no grant", service, "update portal.access_log set reason = null where false"},
		"delete":            {"no grant", service, "delete from portal.access_log"},
		"truncate":          {"no grant", service, "truncate portal.access_log"},
		"upsert": {"no grant", service,
			"insert into portal.access_log select * from portal.access_log on conflict (at, id) do update set client = ''"},
		"month, read": {"nor on its partitions", service, "select from " + month},
		"month, insert": {"nor on its partitions", service, "insert into " + month +
			" select * from portal.access_log"},
		"month, delete": {"nor on its partitions", service, "delete from " + month},
		"trigger":       {"it owns nothing", service, "drop trigger append_only on portal.access_log"},
		"retention":     {"it is for operators", service, "select portal.drop_access_log_before('2020-01-01')"},
		"table":         {"it owns nothing", service, "drop table portal.access_log"},
		"owner, update": {"the trigger", owner, "update portal.access_log set reason = null"},
		"owner, delete": {"the trigger", owner, "delete from portal.access_log"},
		"owner, merge": {"the trigger", owner,
			"merge into portal.access_log l using (select 1) x on true when matched then delete"},
		"owner, truncate":        {"the trigger", owner, "truncate portal.access_log"},
		"owner, month, update":   {"the trigger of the month", owner, "update " + month + " set reason = null"},
		"owner, month, delete":   {"the trigger of the month", owner, "delete from " + month},
		"owner, month, truncate": {"the trigger of the month", owner, "truncate " + month},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			conn, err := pgx.Connect(t.Context(), dsn[tc.who])
			check(t, err)
			defer conn.Close(t.Context())
			_, err = conn.Exec(t.Context(), tc.sql)
			byTrigger := err != nil && strings.Contains(err.Error(), "append-only")
			if sqlState(err) != denied || byTrigger != (tc.who == owner) {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
	if diff := cmp.Diff(map[string]int{"kept": 1}, db.requests()); diff != "" {
		t.Error(diff)
	}
}

// TestTableChecks: what slips past New is refused by the table.
func TestTableChecks(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	conn := db.Conn()
	insert := func(column, value string) error {
		values := map[string]string{"at": "now()", "id": "gen_random_uuid()", "request": "'r'", "actor_kind": "'PERSON'",
			"actor":  "decode(repeat('01', 32), 'hex')",
			"ground": "'OWN'", "action": "'query'", "what": "'{}'", "agencies": "'{}'", "cases": "'{}'", "cases_cut": "false",
			"client": "''", "outcome": "'OK'"}
		values[column] = value
		var names, list []string
		for name, v := range values {
			names, list = append(names, name), append(list, v)
		}
		_, err := conn.Exec(t.Context(), fmt.Sprintf("insert into portal.access_log (%s) values (%s)",
			strings.Join(names, ", "), strings.Join(list, ", ")))
		return err
	}
	check(t, insert("request", "'whole'"))
	cases := map[string]struct{ reason, column, value string }{
		"national identity number": {"a person in clear text is no keyed hash", "subject", "'17912099997'"},
		"number in the reason":     {"eleven digits", "reason", "'gjelder 17912099997'"},
		"reason of a debtor":       {"debtors need none", "reason", "'fordi'"},
		"kind":                     {"a closed set", "actor_kind", "'GUEST'"},
		"ground":                   {"a closed set", "ground", "'CURIOSITY'"},
		"attorney":                 {"the power of attorney is named", "ground", "'POWER_OF_ATTORNEY'"},
		"nobody":                   {"only the system has no reference", "actor", "null"},
		"outcome":                  {"a closed set", "outcome", "'MAYBE'"},
		"client":                   {"a name, no user agent", "client", "repeat('x', 65)"},
	}
	for name, tc := range cases {
		if err := insert(tc.column, tc.value); sqlState(err) != "23514" {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
	}
}

// TestMonths: partitions are there before they are needed, and are made when they are not.
func TestMonths(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	name := func(at time.Time) string { return "portal.access_log_" + at.UTC().Format("2006_01") }
	first := func(n int) time.Time {
		y, m, _ := time.Now().UTC().Date()
		return time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	}
	if diff := cmp.Diff([]string{name(first(0)), name(first(1))}, db.partitions()); diff != "" {
		t.Errorf("after migration\n%s", diff)
	}
	// A clock a month ahead stands for a service that has run for a month.
	later := func() time.Time { return first(1) }
	l := open(t, db.RoleDSN(portal.Role), t.TempDir(), func(o *audit.Options) {
		o.Now, o.DeliverEvery = later,
			time.Millisecond
	})
	eventually(t, "the month after the next", func() bool { return len(db.partitions()) == 3 })

	for i, at := range []time.Time{first(-5), first(-5).Add(-time.Microsecond), first(-3)} {
		look := act(1)
		if look.At = at; i == 2 {
			look.Action = audit.Query
		}
		check(t, l.Record(t.Context(), numbered(t, fmt.Sprint("r", i), look)))
	}
	check(t, l.Flush(t.Context()))
	if diff := cmp.Diff(map[string]int{"r0": 1, "r1": 1, "r2": 1}, db.requests()); diff != "" {
		t.Errorf("entries that have waited for months\n%s", diff)
	}
	if diff := cmp.Diff([]string{name(first(-6)), name(first(-5)), name(first(-3)), name(first(0)), name(first(1)),
		name(first(2))}, db.partitions()); diff != "" {
		t.Error(diff)
	}
}

// TestMonthsAtOnce: replicas begin a month together.
func TestMonthsAtOnce(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	var wg sync.WaitGroup
	for i := range 6 {
		l := open(t, db.RoleDSN(portal.Role), t.TempDir())
		wg.Go(func() {
			look := act(1)
			look.At = time.Now().AddDate(0, -2, 0)
			if err := l.Record(t.Context(), numbered(t, fmt.Sprint("r", i), look)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if found := db.requests(); len(found) != 6 {
		t.Error(found)
	}
}

// TestPutAside: an entry that the database will never take, here of a broken clock, stops
// neither those before it nor those behind it.
func TestPutAside(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	dir := t.TempDir()
	l := open(t, db.RoleDSN(portal.Role), dir)
	want := map[string]int{}
	for i := range 9 {
		name := fmt.Sprint("r", i)
		look := own(1)
		if i == 4 {
			look.At = time.Now().AddDate(1, 0, 0)
			name = "early"
		} else {
			want[name] = 1
		}
		check(t, l.Record(t.Context(), numbered(t, name, look)))
	}
	check(t, l.Flush(t.Context()))
	if diff := cmp.Diff(want, db.requests()); diff != "" {
		t.Error(diff)
	}
	text, err := os.ReadFile(filepath.Join(dir, "rejected"))
	if err != nil || strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), `"early"`) {
		t.Errorf("%s, %v", text, err)
	}
	if s := l.Stats(); s.Rejected != 1 || s.Delivered != 8 || s.Pending != 0 {
		t.Errorf("%+v", s)
	}
}

// TestRetention drops months that are over, and no others.
func TestRetention(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	now := time.Now().UTC()
	month := func(n int) time.Time {
		return time.Date(now.Year(), now.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	}
	for _, n := range []int{-4, -3, -2, 0} {
		look := act(1)
		look.At = month(n).Add(time.Second)
		check(t, l.Record(t.Context(), numbered(t, fmt.Sprint("m", n), look)))
	}
	cases := []struct {
		reason string
		day    time.Time
		want   int
	}{
		{"the month is not over", month(-3).AddDate(0, 0, -1), 0},
		{"the first day after a month", month(-3), 1},
		{"again", month(-3), 0},
		{"in the midst of a month", month(-1).AddDate(0, 0, -2), 1},
		{"this day", now, 1},
	}
	for _, tc := range cases {
		rows, err := db.Conn().Query(t.Context(), "select portal.drop_access_log_before($1::date)",
			tc.day.Format(time.DateOnly))
		check(t, err)
		dropped, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || len(dropped) != tc.want {
			t.Errorf("%s: %v dropped, %v", tc.reason, dropped, err)
		}
	}
	if _, err := db.Conn().Exec(t.Context(),
		"select portal.drop_access_log_before(current_date + 2)"); sqlState(err) != "22023" {
		t.Errorf("the future: %v", err)
	}
	if diff := cmp.Diff(map[string]int{"m0": 1}, db.requests()); diff != "" {
		t.Error(diff)
	}
}
