package retention_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/portal/retention"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// noon is a fixed time of today: rules count from the database's own clock backwards.
var noon = time.Now().UTC().Truncate(24 * time.Hour).Add(-12 * time.Hour)

func ago(days int) time.Time { return noon.AddDate(0, 0, -days) }

// bundle is a migrated portal database, its owner's connection and a job of the service.
type bundle struct {
	db    *pgtest.DB
	owner *pgx.Conn
	job   *retention.Job
}

func setup(t *testing.T) *bundle {
	t.Helper()
	db := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	b := &bundle{db: db, owner: db.Conn()}
	b.job = b.replica(t)
	return b
}

func (b *bundle) replica(t *testing.T) *retention.Job {
	t.Helper()
	pool, err := portal.Open(b.db.RoleDSN(portal.Role), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return &retention.Job{Portal: pool, Clock: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler)}
}

func (b *bundle) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := b.owner.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (b *bundle) strings(t *testing.T, sql string, args ...any) []string {
	t.Helper()
	rows, err := b.owner.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// request stores a privacy request; answered is zero for one that waits.
func (b *bundle) request(t *testing.T, name string, answered time.Time) {
	t.Helper()
	status, at, reply := "RECEIVED", any(nil), any(nil)
	if !answered.IsZero() {
		status, at, reply = "ANSWERED", answered, []byte("x")
	}
	b.exec(t,
		`insert into portal.privacy_request (id, subject, kind, text, submitted_at, answer_by, status, answered_at, reply)
		values (gen_random_uuid(), sha256($1::text::bytea), 'QUESTION', $1::text::bytea, $2, $2::timestamptz::date, $3, $4, $5)`,
		name, ago(5000), status, at, reply)
}

func (b *bundle) requests(t *testing.T) []string {
	t.Helper()
	return b.strings(t, `select convert_from(text, 'UTF8') from portal.privacy_request order by 1`)
}

func TestSchedule(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.request(t, "waits since long", time.Time{})
	b.request(t, "answered long ago", ago(1096))
	b.request(t, "answered just too long ago", ago(1095).Add(-time.Second))
	b.request(t, "answered on the limit", ago(1095))
	b.request(t, "answered today", noon)
	b.exec(t, `insert into portal.retention_run values ($1, 'old', 1), ($2, 'young', 1)`, ago(1096), ago(1094))
	b.others(t)
	done, ran, err := b.job.Now(t.Context())
	if err != nil || !ran {
		t.Fatal(ran, err)
	}
	if diff := cmp.Diff([]string{"answered on the limit", "answered today", "waits since long"},
		b.requests(t)); diff != "" {
		t.Errorf("kept (-want +got)\n%s", diff)
	}
	want := []retention.Deleted{{"access_log", 0}, {"access_log_check", 0}, {"access_log_link", 0}, {acceptances, 2}, {"budget", 0},
		{"claim", 0}, {"document", 0}, {"event", 1}, {"power_of_attorney", 1},
		{"privacy_request", 2}, {"retention_run", 1}, {"session", 1}, {"staff_lookup", 1}, {"throttle", 1}}
	if diff := cmp.Diff(want, done); diff != "" {
		t.Errorf("deleted (-want +got)\n%s", diff)
	}
	noted := b.strings(t, `select rule || ' ' || deleted from portal.retention_run where ran_at = $1 order by 1`, noon)
	if diff := cmp.Diff([]string{"access_log 0", "access_log_check 0", "access_log_link 0", acceptances + " 2",
		"budget 0", "claim 0", "document 0", "event 1", "power_of_attorney 1", "privacy_request 2",
		"retention_run 1", "session 1", "staff_lookup 1", "throttle 1"}, noted); diff != "" {
		t.Errorf("noted (-want +got)\n%s", diff)
	}
	left := b.strings(t,
		`select 'acceptance ' || agency from portal.act_agency union all select 'power ' || agencies[1] from portal.power_of_attorney
		union all select 'power was given' from portal.power_of_attorney_act
		union all select 'session ' || acr from portal.session union all select 'throttle' from portal.throttle
		union all select 'look-up ' || agency from portal.staff_lookup
		union all select 'event ' || name from portal.event where name <> 'ACCEPT_PAYMENT_SOLUTION' order by 1`)
	if diff := cmp.Diff([]string{"acceptance pending", "acceptance running", "acceptance young", "event YOUNG", "look-up young", "power was given",
		"power young", "session young", "throttle"}, left); diff != "" {
		t.Errorf("kept of the others (-want +got)\n%s", diff)
	}
}

// acceptances is the rule of accepted solutions, which their migration has made.
const acceptances = "act_accept_payment_solution"

// others fills the tables of sessions, look-ups, acts, events, powers of attorney and throttles: of
// each one row that is too old, with what hangs on it, and one that is not.
func (b *bundle) others(t *testing.T) {
	t.Helper()
	b.exec(t, `insert into portal.session (key, kind, person, holder, acr, issuer, created_at, seen_at, expires_at)
		select sha256(acr::bytea), 'PERSON', sha256('p'), 'x', acr, 'i', at, at, at from (values ('old', $1::timestamptz), ('young', $2)) v (acr, at)`, ago(2), ago(0))
	b.exec(t, `insert into portal.staff_lookup (actor, agency, subject, person, reason, at)
		select sha256('w'), name, sha256('p'), 'x', 'r', at from (values ('old', $1::timestamptz), ('young', $2)) v (name, at)`, ago(2), ago(0))
	b.exec(t, `insert into portal.throttle (bucket, empty_at, locked_until)
		select sha256(name::bytea), at, at from (values ('old', $1::timestamptz), ('young', $2)) v (name, at)`, ago(2), ago(0))
	b.exec(t, `insert into portal.event (at, act, name, status, subject)
		select at, gen_random_uuid(), name, 'DONE', 'x' from (values ('OLD', $1::timestamptz), ('YOUNG', $2)) v (name, at)`, ago(31), ago(29))
	b.exec(t, `with a as (
		insert into portal.act (id, subject, key, name, reach, whose, summary, cases, status, decision, decided_at, created_at, decide_by, until, ended_at, rests)
		select gen_random_uuid(), sha256(name::bytea), gen_random_uuid(), 'ACCEPT_PAYMENT_SOLUTION', 'ALL', case when at is null then 'x'::bytea end, to_jsonb(name), '{}',
			case when at is null then 'PENDING' else 'DONE' end, case when at is not null then 'CONFIRM' end, at, $1, $1, $1, at, last
		from (values ('old', $1::timestamptz, null::date), ('young', $2, null), ('pending', null, null),
			('paid off', $1, $1::timestamptz::date), ('running', $1, $2::timestamptz::date)) v (name, at, last) returning id, summary)
		insert into portal.act_agency (act, position, agency, key, state, changed_at)
		select id, 1, summary #>> '{}', gen_random_uuid(), 'PENDING', $1 from a`, ago(1096), ago(1094))
	b.exec(t, `insert into portal.power_of_attorney (id, grantor, attorney, sealed, agencies, covers_all, may_act, valid_from, valid_until, signed, issuer, acr, created_at)
		select gen_random_uuid(), sha256('g'), sha256('a'), 'x', array[name], false, false, day, day, 'BANKID', 'i', 'high', $1
		from (values ('old', $1::timestamptz::date), ('young', $2::timestamptz::date)) v (name, day)`, ago(1097), ago(1094))
	b.exec(t, `insert into portal.power_of_attorney_act (power, act)
		select p.id, (select id from portal.act where summary = '"running"') from portal.power_of_attorney p`)
}

// TestManyRows needs several transactions.
func TestManyRows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t,
		`insert into portal.retention_run select $1::timestamptz - n * interval '1 second', 'old', 0 from generate_series(1, 12001) n`, ago(1096))
	var log strings.Builder
	b.job.Log = slog.New(slog.NewTextHandler(&log, nil))
	done, _, err := b.job.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, " removed.retention_run=12001\n") ||
		!strings.Contains(said, fmt.Sprintf(" rules=%d ", len(done))) {
		t.Errorf("not one line with what was removed: %s", said)
	}
	if left := b.strings(t, `select count(*)::text from portal.retention_run where rule = 'old'`); left[0] != "0" ||
		!slices.Contains(done, retention.Deleted{Rule: "retention_run", N: 12001}) {
		t.Errorf("%s rows are left, %v", left, done)
	}
}

// TestRuleIsARow: another rule of the owner needs no code, be it a table or a function.
func TestRuleIsARow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, `create table portal.thing (name text, at timestamptz, done boolean)`)
	b.exec(t,
		`insert into portal.thing values ('old', $1, true), ('old, not done', $1, false), ('young', $2, true), ('named day', $1, null)`, ago(11), ago(9))
	b.exec(t, `create function portal.drop_named(day date) returns setof text language sql as $$
		delete from portal.thing where name = 'named day' and at < day returning name $$`)
	b.exec(t, `insert into portal.retention_rule values
		('thing', 'portal.thing', 'at', 'done', null, 10, 'a test'), ('named', null, null, 'true', 'portal.drop_named', 10, 'a test')`)
	if _, _, err := b.job.Now(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"old, not done", "young"}, b.strings(t,
		`select name from portal.thing order by 1`)); diff != "" {
		t.Errorf("kept (-want +got)\n%s", diff)
	}
}

// TestRights: the service's role enforces the schedule, and can do nothing beside it.
func TestRights(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.request(t, "answered yesterday", ago(1))
	cases := map[string]struct{ reason, sql, says string }{
		"delete":   {"what is answered stays for its time", `delete from portal.privacy_request`, "permission denied"},
		"truncate": {"the same", `truncate portal.privacy_request`, "permission denied"},
		"rewrite": {"what was asked stays as it was", `update portal.privacy_request set text = ''`,
			"permission denied"},
		"shorter": {"the schedule is the owner's", `update portal.retention_rule set days = 1`, "permission denied"},
		"another table": {"so is what it is about",
			`insert into portal.retention_rule values ('x', 'portal.privacy_request', 'submitted_at', 'true', null, 1, '')`,
			"permission denied"},
		"unnote":     {"a run that was made stays noted", `delete from portal.retention_run`, "permission denied"},
		"no rule":    {"nothing is deleted without one", `select portal.retain('nothing', now(), 1)`, "no rows"},
		"no instant": {"null is no time", `select portal.retain('privacy_request', null, 1)`, "instant"},
		"no number":  {"without bound", `select portal.retain('privacy_request', now(), null)`, "number of rows"},
		"minus one":  {"the same", `select portal.retain('privacy_request', now(), -1)`, "number of rows"},
	}
	role := b.db.Conn(func(c *pgx.ConnConfig) { c.User = portal.Role })
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := role.Exec(t.Context(), tc.sql); err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
	var n int
	if err := role.QueryRow(t.Context(),
		`select portal.retain('privacy_request', now() + interval '10 years', 1)`).Scan(&n); err != nil || n != 0 {
		t.Errorf("an instant ahead of the clock deletes %d: %v", n, err)
	}
	if got := b.requests(t); len(got) != 1 {
		t.Errorf("left: %q", got)
	}
}

// TestDaily: of many replicas one makes the day's run, and the next day's is made again.
func TestDaily(t *testing.T) {
	t.Parallel()
	b := setup(t)
	clock := noon
	var mu sync.Mutex
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return clock }
	count := func() int {
		var wg sync.WaitGroup
		runs := make([]bool, 4)
		for i := range runs {
			job := b.replica(t)
			job.Clock = now
			wg.Go(func() {
				var err error
				if _, runs[i], err = job.Daily(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		n := 0
		for _, ran := range runs {
			if ran {
				n++
			}
		}
		return n
	}
	for _, step := range []struct {
		reason string
		at     time.Time
		want   int
	}{
		{"nobody has yet", noon, 1},
		{"once a day is enough", noon, 0},
		{"the same day in Norway", noon.Add(6 * time.Hour), 0},
		{"the next day", noon.AddDate(0, 0, 1), 1},
	} {
		mu.Lock()
		clock = step.at
		mu.Unlock()
		if n := count(); n != step.want {
			t.Errorf("%s: %d runs, want %d", step.reason, n, step.want)
		}
	}
}

func TestLock(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, `select pg_catalog.pg_advisory_lock(pg_catalog.hashtext('portal.retention'))`)
	if _, ran, err := b.job.Now(t.Context()); ran || err != nil {
		t.Errorf("while another replica is at it: %v, %v", ran, err)
	}
	b.exec(t, `select pg_catalog.pg_advisory_unlock_all()`)
	for range 2 { // the lock is given back
		if _, ran, err := b.job.Now(t.Context()); !ran || err != nil {
			t.Errorf("after it: %v, %v", ran, err)
		}
		b.job.Clock = func() time.Time { return noon.Add(time.Second) }
	}
}

// TestBrokenRule: a rule that cannot be kept holds no other up, and is not noted as kept.
func TestBrokenRule(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.request(t, "old", ago(2000))
	b.exec(t,
		`insert into portal.retention_rule values ('a_broken_one', 'portal.privacy_request', 'no_such', 'true', null, 10, 'a test')`)
	_, ran, err := b.job.Daily(t.Context())
	if err == nil || ran || !strings.Contains(err.Error(), "a_broken_one") {
		t.Errorf("%v, %v", ran, err)
	}
	if got := b.requests(t); len(got) > 0 {
		t.Errorf("left: %q", got)
	}
	b.exec(t, `delete from portal.retention_rule where name = 'a_broken_one'`)
	if _, ran, err := b.job.Daily(t.Context()); !ran || err != nil {
		t.Errorf("once it is mended: %v, %v", ran, err)
	}
}

// said tells when a line of a text is logged.
type said struct {
	slog.Handler
	text string
	seen chan struct{}
	once *sync.Once
}

func (s said) Enabled(context.Context, slog.Level) bool { return true }

func (s said) Handle(_ context.Context, r slog.Record) error {
	if r.Message == s.text {
		s.once.Do(func() { close(s.seen) })
	}
	return nil
}

func TestKeep(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ reason, sql, says string }{
		"runs":  {"at the start", "", "retention"},
		"fails": {"and says so", "drop table portal.retention_run", "the retention schedule was not kept"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.exec(t, tc.sql)
			heard := said{slog.DiscardHandler, tc.says, make(chan struct{}), &sync.Once{}}
			b.job.Log = slog.New(heard)
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { b.job.Keep(ctx) })
			select {
			case <-heard.seen:
			case <-time.After(2 * time.Minute):
				t.Errorf("%s: %q is not logged", tc.reason, tc.says)
			}
			stop()
			wg.Wait()
		})
	}
}

// TestDocumented: docs/privacy.md has the schedule as the database has it.
func TestDocumented(t *testing.T) {
	t.Parallel()
	b := setup(t)
	page, err := os.ReadFile("../../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	rules := b.strings(t,
		`select format('| %s | %s | %s | %s |', name, coalesce(relation || ', ' || age, routine), days, reason)
		from portal.retention_rule order by name`)
	for _, rule := range rules {
		if !strings.Contains(string(page), rule) {
			t.Errorf("docs/privacy.md lacks: %s", rule)
		}
	}
	if n := strings.Count(string(page), "\n| "); len(rules) < 5 || n < len(rules) {
		t.Errorf("%d rules, %d rows", len(rules), n)
	}
}
