package health_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/health"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
	"github.com/oversikt/oversikt/internal/workshop/testlog"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// migrated is a portal database, as its owner sees it.
func migrated(t *testing.T) *pgtest.DB {
	t.Helper()
	db := pgtest.New(t, pgtest.Template{Name: "health_portal", Hash: fmt.Sprint(migrate.Newest()),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			_, err := migrate.Up(ctx, conn.Config().ConnString())
			return err
		}})
	return db
}

// watch watches a portal database and one agency.
func watch(t *testing.T, portalDSN, agencyDSN string) (*health.Watch, *testlog.Log) {
	t.Helper()
	log := &testlog.Log{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	own, err := portal.Open(portalDSN, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(own.Close)
	conf := agency.Config{Code: "fjord", Name: "Fjord", DSN: agencyDSN, Deadline: 20 * time.Second}
	agencies, err := agency.Open([]agency.Config{conf}, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(agencies.Close)
	return health.New(health.Options{Portal: own, Needs: migrate.Newest(), Agencies: agencies, Log: logger,
		Clock: time.Now}), log
}

// TestLook: what is the matter is found, said once in the log, and nothing of it tells a stranger
// where the databases are.
func TestLook(t *testing.T) {
	t.Parallel()
	const lost = "postgres://nobody:hunter2@127.0.0.1:1/none"
	for name, tt := range map[string]struct {
		portal, agency func(*testing.T, *pgtest.DB) string // nil: as it should be
		ownState       health.State
		own            []health.Code
		state          health.State
		codes          []health.Code
		reason         string
	}{
		"well": {nil, nil, health.OK, nil, health.OK, nil, "nothing is the matter"},
		"lost": {portal: func(*testing.T, *pgtest.DB) string { return lost },
			agency:   func(*testing.T, *pgtest.DB) string { return lost },
			ownState: health.Down, own: []health.Code{health.Unreachable},
			state: health.Down, codes: []health.Code{health.Unreachable}, reason: "nobody listens there"},
		"no such database": {portal: otherName, agency: otherName,
			ownState: health.Down, own: []health.Code{health.NoSuchDatabase},
			state: health.Down, codes: []health.Code{health.NoSuchDatabase}, reason: "a wrong name in the DSN"},
		"no such role": {portal: asRole("health_nobody"), agency: asRole("health_nobody"),
			ownState: health.Down, own: []health.Code{health.LoginRefused},
			state: health.Down, codes: []health.Code{health.LoginRefused}, reason: "a wrong user in the DSN"},
		"superusers": {portal: (func(_ *testing.T, db *pgtest.DB) string { return db.DSN() }),
			agency:   func(_ *testing.T, db *pgtest.DB) string { return db.DSN() },
			ownState: health.Wrong, own: []health.Code{health.RoleTooPowerful},
			state: health.Wrong, codes: []health.Code{health.RoleTooPowerful}, reason: "it serves, and may do anything"},
		"empty": {portal: empty, agency: empty,
			ownState: health.Down, own: []health.Code{health.NotMigrated},
			state: health.Down, codes: []health.Code{health.ContractBreach, health.ContractBroken},
			reason: "a database with nothing in it"},
		"no encoding": {portal: ascii, agency: ascii,
			ownState: health.Down, own: []health.Code{health.Encoding, health.NotMigrated},
			state: health.Down, codes: []health.Code{health.ContractBreach, health.ContractBroken, health.Encoding},
			reason: "nobody knows what bytes mean there"},
		"half migrated": {portal: after("delete from public.oversikt_migration where version_id > 20", portal.Role),
			ownState: health.Down, own: []health.Code{health.NotMigrated}, state: health.OK, reason: "an old portal"},
		"no rights": {portal: after("revoke select, insert, update on portal.act from oversikt_portal", portal.Role),
			ownState: health.Down, own: []health.Code{health.NoRights}, state: health.OK,
			reason: "restored without its grants"},
		"writes": {agency: after("grant insert on core.fee to oversikt_app", spec.DefaultRole), ownState: health.OK,
			state: health.Wrong, codes: []health.Code{health.RoleTooPowerful}, reason: "the role could change the core"},
		"column": {agency: after("alter view oversikt.fee rename column amount_ore to amount", spec.DefaultRole),
			ownState: health.OK, state: health.Down, codes: []health.Code{health.ContractBreach, health.ContractBroken},
			reason: "nobody can be read"},
		"unread": {agency: after("revoke select on oversikt.fee from oversikt_app", spec.DefaultRole),
			ownState: health.OK, state: health.Down, codes: []health.Code{health.ContractBreach, health.ContractBroken},
			reason: "nobody can be read"},
		"function": {agency: after(`create function oversikt.case_login(x int) returns int language sql as 'select 1'`,
			spec.DefaultRole), ownState: health.OK, state: health.Wrong, codes: []health.Code{health.ContractBreach},
			reason: "reads are kept"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own, core := migrated(t), referencetest.Filled(t)
			portalDSN, agencyDSN := own.RoleDSN(portal.Role), core.RoleDSN(spec.DefaultRole)
			if tt.portal != nil {
				portalDSN = tt.portal(t, own)
			}
			if tt.agency != nil {
				agencyDSN = tt.agency(t, core)
			}
			w, log := watch(t, portalDSN, agencyDSN)
			if r := w.Report(); r.Ready() || r.Portal.State != health.Unknown {
				t.Errorf("it knows before it looks: %+v", r)
			}
			r := w.Look(t.Context())
			for _, p := range []struct {
				part  health.Part
				state health.State
				codes []health.Code
			}{{r.Portal, tt.ownState, tt.own}, {r.Agencies[0], tt.state, tt.codes}} {
				if p.part.State != p.state || !slices.Equal(p.part.Codes, p.codes) {
					t.Errorf("%s: %+v, %q, not %s %v", tt.reason, p.part, p.part.What(), p.state, p.codes)
				}
			}
			if want := tt.ownState != health.Down || tt.state != health.Down; r.Ready() != want {
				t.Errorf("ready: %v", r.Ready())
			}
			if n := strings.Count(log.String(), "\n"); n != 2 || strings.Contains(log.String(), "hunter2") {
				t.Errorf("%d lines:\n%s", n, log)
			}
			if w.Look(t.Context()); strings.Count(log.String(), "\n") != 2 {
				t.Errorf("what has not changed is said again:\n%s", log)
			}
			body, err := json.Marshal(r)
			if err != nil || strings.Contains(string(body), "127.0.0.1") || strings.Contains(string(body), "nobody") ||
				strings.Contains(string(body), own.Name()) || strings.Contains(string(body), core.Name()) {
				t.Errorf("%v: strangers read %s", err, body)
			}
		})
	}
}

func otherName(_ *testing.T, db *pgtest.DB) string {
	return strings.ReplaceAll(db.DSN(), db.Name(), "no_such_database")
}

func asRole(role string) func(*testing.T, *pgtest.DB) string {
	return func(_ *testing.T, db *pgtest.DB) string { return db.RoleDSN(role) }
}

// ascii makes an empty database whose texts have no encoding.
func ascii(t *testing.T, db *pgtest.DB) string {
	t.Helper()
	name, admin := db.Name()+"_ascii", db.Conn()
	if _, err := admin.Exec(t.Context(), "create database "+name+
		" template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = admin.Exec(context.Background(), "drop database "+name+" with (force)") })
	return strings.ReplaceAll(db.RoleDSN(spec.DefaultRole), db.Name(), name)
}

func empty(t *testing.T, db *pgtest.DB) string {
	bare := pgtest.New(t, pgtest.Template{})
	role := spec.DefaultRole
	if db.Conn().QueryRow(t.Context(), "select 1 from pg_namespace where nspname = 'portal'").Scan(new(int)) == nil {
		role = portal.Role
	}
	return bare.RoleDSN(role)
}

// after changes the database as its owner.
func after(sql, role string) func(*testing.T, *pgtest.DB) string {
	return func(t *testing.T, db *pgtest.DB) string {
		referencetest.Exec(t, db.Conn(), sql)
		return db.RoleDSN(role)
	}
}

// TestCodes: the page for operators says what to do about each code.
func TestCodes(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range health.Codes {
		if !strings.Contains(string(page), "| `"+string(code)+"` |") {
			t.Errorf("docs/operations.md does not say what to do about %s", code)
		}
	}
}

// TestRun: a part that ceases to answer, and one that answers again, is noticed without waiting
// for the next look, and said once each time.
func TestRun(t *testing.T) {
	t.Parallel()
	own, core := migrated(t), referencetest.Filled(t)
	w, log := watch(t, own.RoleDSN(portal.Role), core.RoleDSN(spec.DefaultRole))
	w.Hurry(20 * time.Millisecond)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); w.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	becomes := func(what string, ok func(health.Report) bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !ok(w.Report()); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("not %s: %+v\n%s", what, w.Report(), log)
			}
		}
	}
	becomes("well", health.Report.Well)
	admin := pgtest.New(t, pgtest.Template{}).Conn()
	set := func(allow bool) {
		t.Helper()
		referencetest.Exec(t, admin, fmt.Sprintf(`alter database %q with allow_connections %v`, own.Name(), allow))
		referencetest.Exec(t, admin, fmt.Sprintf(
			`select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s' and pid <> pg_backend_pid()`, own.Name()))
	}
	since := w.Report().Portal.Since
	set(false)
	becomes("down", func(r health.Report) bool { return r.Portal.State == health.Down })
	if r := w.Report(); !r.Ready() || r.Well() || r.Portal.Since.Before(since) {
		t.Errorf("the agency serves: %+v", r)
	}
	set(true)
	becomes("back", health.Report.Well)
	if n := strings.Count(log.String(), `msg="portal database`); n != 3 {
		t.Errorf("%d lines on the portal database, for well, down, well:\n%s", n, log)
	}
}
