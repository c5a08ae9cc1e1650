package agency_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/tcp"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
)

// TestOneFails breaks one agency in each way: the other one's part stays what it was.
func TestOneFails(t *testing.T) {
	t.Parallel()
	const limit = time.Second
	cases := map[string]struct {
		reason string
		spoil  func(*testing.T, *cell)
		code   fault.Code
		status debt.AgencyStatus
		limit  time.Duration // the deadline; a long one is not waited for
	}{
		"down": {"connections are cut, new ones refused", func(t *testing.T, c *cell) { c.set(t, line.Quality{Down: true}) },
			fault.AgencyUnavailable, debt.AgencyUnavailable, patience},
		"slow": {"answers come after the deadline", func(t *testing.T,
			c *cell) {
			c.set(t, line.Quality{Latency: time.Minute})
		},
			fault.AgencyUnavailable, debt.AgencyTimeout, limit},
		"view dropped": {"the contract is broken", func(t *testing.T, c *cell) { c.exec(t, "drop view oversikt.letter") },
			fault.SchemaMismatch, debt.AgencyUnavailable, patience},
		"bad policy": {"the contract is broken for every case", func(t *testing.T, c *cell) {
			c.exec(t, "update core.policy set imputation = 'RENTER'")
		}, fault.SchemaMismatch, debt.AgencyUnavailable, patience},
		"locked out": {"the role may not connect", func(t *testing.T, c *cell) {
			c.exec(t, "revoke connect on database "+c.db.Name()+" from public")
			c.kill(t)
		}, fault.AgencyUnavailable, debt.AgencyUnavailable, patience},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad, good := newCell(t, "lita", deadline(tc.limit)), newCell(t, "fjord")
			r, _ := open(t, bad, good)
			var before []debt.Part
			eventually(t, "all answer", func() bool {
				parts, errs := r.Read(t.Context(), somebody(), everything)
				before = parts
				return errors(errs) == nil
			})
			tc.spoil(t, bad)
			start := time.Now()
			parts, errs := r.Read(t.Context(), somebody(), everything)
			took := time.Since(start)
			f := fault.Of(errs[0])
			if errs[0] == nil || f.Code != tc.code || f.Agency != "lita" || f.Cause == nil {
				t.Errorf("%s, but the error is %v", tc.reason, errs[0])
			}
			if parts[0].Status != tc.status || len(parts[0].Cases)+len(parts[0].Debtors) > 0 ||
				parts[0].Agency.Name != bad.conf.Name {
				t.Errorf("the part of the agency that failed is %+v", parts[0])
			}
			if took >= patience || tc.limit == limit && took < limit {
				t.Errorf("it took %s; the deadline is %s", took, tc.limit)
			}
			if errs[1] != nil || parts[1].Status != debt.AgencyOK {
				t.Fatalf("the other one: %s, %v", parts[1].Status, errs[1])
			}
			if diff := same(before[1], parts[1]); diff != "" {
				t.Errorf("the other one's part has changed\n%s", diff)
			}
		})
	}
}

// kill ends all connections of the role, as a restart or a failover does.
func (c *cell) kill(t *testing.T) {
	t.Helper()
	c.exec(t,
		"select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where usename = 'oversikt_app' and datname = pg_catalog.current_database()")
}

// TestNextReadAnswers does what kills connections or plans, but not the agency.
func TestNextReadAnswers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		happen func(*testing.T, *cell)
	}{
		"killed": {"a restart or a failover", func(t *testing.T, c *cell) { c.kill(t) }},
		"cut": {"a firewall forgot the connections", func(t *testing.T, c *cell) {
			c.set(t, line.Quality{Down: true})
			c.set(t, line.Quality{})
		}},
		"view made anew": {"a varchar serves as well as a text, but not the old plan", func(t *testing.T, c *cell) {
			c.exec(t, `begin; drop view oversikt.creditor;
				create view oversikt.creditor as select creditor_id, name::varchar(80) as name, org_number, trade from core.creditor;
				grant select on oversikt.creditor to oversikt_app; commit`)
		}},
		"index made anew": {"plans are made anew by PostgreSQL itself",
			func(t *testing.T, c *cell) { c.exec(t, "reindex table core.case; analyze core.case") }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCell(t, "lita")
			r, log := open(t, c)
			before := all(t, r)
			number := before[0].Cases[0].CaseNumber
			for range 3 {
				tc.happen(t, c)
				if diff := same(before[0], all(t, r)[0]); diff != "" {
					t.Errorf("%s\n%s", tc.reason, diff)
				}
				tc.happen(t, c)
				if status := r.CaseStatus(t.Context(), "lita", number); status != before[0].Cases[0].Status {
					t.Errorf("%s: the case's status is %q", tc.reason, status)
				}
			}
			if log.Has(opened) {
				t.Error("the agency was taken out of service")
			}
		})
	}
}

// TestOpenBroken: a connection string with a fault is told without its password, however
// the two are mixed up.
func TestOpenBroken(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, dsn string }{
		"port":              {"not a number", "postgres://u:hunter2@host:notaport/db"},
		"port as a word":    {"not a number", "password=hunter2 port=abc"},
		"space":             {"libpq allows it around =", "password = hunter2 port=abc"},
		"space before":      {"the same", "host=a,b port=1,2,3 password =hunter2"},
		"quote":             {"it never ends", "host=a password='x hunter2"},
		"quote inside":      {"the password goes on", `host=a user=b password=it\'s hunter2`},
		"escaped space":     {"the same", `host=a password=ab\ hunter2 port=x`},
		"two @":             {"one should be %40", "postgres://u:p@hunter2@h:x/d"},
		"slash":             {"it should be %2F", "postgres://u:x/hunter2@h:99999/d"},
		"space in a URL":    {"it should be %20", "postgres://u:x hunter2/y@h/d"},
		"percent":           {"it should be %25", "postgres://u:hun%zzter2@h/d"},
		"other key":         {"it is password", "user=a passwd=hunter2 port=x"},
		"no scheme":         {"forgotten", "u:hunter2@h/d"},
		"other scheme":      {"another database", "mysql://u:hunter2@h/d"},
		"parameter":         {"a password may be one", "postgres://h/d?password=hunter2&sslmode=what"},
		"pool":              {"its settings are in the string too", "postgres://u:hunter2@h/d?pool_max_conns=x"},
		"password alone":    {"pasted into the wrong field", "hunter2"},
		"password in quote": {"pasted with its quotes", "'hunter2'"},
	}
	for name, tc := range cases {
		good := agency.Config{Code: "good", Name: "Good", DSN: "host=/nowhere"}
		r, err := agency.Open([]agency.Config{good, {Code: "lita", Name: "Lita", DSN: tc.dsn}}, clock,
			slog.New(slog.DiscardHandler))
		if err == nil {
			r.Close()
			t.Errorf("%s (%s): no error", name, tc.reason)
			continue
		}
		if text := err.Error(); !strings.HasPrefix(text, "agency lita: connection string: ") ||
			strings.Contains(text, "hunter") || strings.Contains(text, "ter2") {
			t.Errorf("%s (%s): %s", name, tc.reason, text)
		}
	}
}

// TestOpenPlain: an agency whose rows might cross the net in plain text is named, and its string is
// not repeated.
func TestOpenPlain(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"prefer", "allow"} {
		r, err := agency.Open([]agency.Config{{Code: "lita", Name: "Lita",
			DSN: "postgres://u:hunter2@core.internal/d?sslmode=" + mode}}, clock, slog.New(slog.DiscardHandler))
		if err == nil {
			r.Close()
			t.Errorf("%s: no error", mode)
			continue
		}
		if text := err.Error(); !strings.HasSuffix(text, tcp.ErrPlain.Error()) || !strings.HasPrefix(text, "agency lita: dsn: ") ||
			strings.Contains(text, "hunter") || strings.Contains(text, "core.internal") {
			t.Errorf("%s: %s", mode, text)
		}
	}
}

// TestOpenWithoutAnybody: the service starts while agencies are down.
func TestOpenWithoutAnybody(t *testing.T) {
	t.Parallel()
	r, err := agency.Open([]agency.Config{{Code: "lita", Name: "Lita", DSN: "host=/nowhere user=u dbname=d"}}, clock,
		slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	parts, errs := r.Read(t.Context(), somebody(), everything)
	if fault.Of(errs[0]).Code != fault.AgencyUnavailable || parts[0].Status != debt.AgencyUnavailable ||
		parts[0].Agency.Name != "Lita" {
		t.Errorf("%+v, %v", parts[0], errs[0])
	}
	if r.Today() != today {
		t.Errorf("today is %s", r.Today())
	}
}
