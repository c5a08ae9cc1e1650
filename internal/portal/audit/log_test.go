package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/testlog"
)

// TestRecord: what waits for delivery, and what is in the database when Record returns.
func TestRecord(t *testing.T) {
	t.Parallel()
	caseLogin, attorney, denied, system := own(1), own(1), byStaff(8, 1, "fjord"), act(1)
	caseLogin.Actor.Kind, caseLogin.Ground.Basis = audit.CaseLogin, audit.ByCaseLogin
	attorney.Actor, attorney.Ground = audit.Actor{Kind: audit.Attorney, Reference: person(2)},
		audit.Ground{Basis: audit.PowerOfAttorney, Attorney: "4711-a"}
	denied.Outcome, denied.Agencies, denied.Cases = audit.Denied, nil, nil
	system.Actor = audit.Actor{Kind: audit.System}
	cases := map[string]struct {
		reason string
		looks  []audit.Look
		waits  bool
	}{
		"own": {"the flagship query does not wait for the database", []audit.Look{own(1)}, true},
		"own, denied": {"nobody else is concerned",
			[]audit.Look{func() audit.Look { l := own(1); l.Outcome = audit.Denied; return l }()}, true},
		"case login":      {"own data too", []audit.Look{caseLogin}, true},
		"own act":         {"an act is never done without its entry", []audit.Look{act(1)}, false},
		"attorney":        {"somebody else's data", []audit.Look{attorney}, false},
		"staff":           {"somebody else's data", []audit.Look{byStaff(8, 1, "fjord")}, false},
		"staff, denied":   {"a try is a look", []audit.Look{denied}, false},
		"a login refused": {"as fast as at a case that is not there", []audit.Look{tried(1)}, true},
		"system":          {"a job acts", []audit.Look{system}, false},
		"a queue": {"staff see a list of several people", []audit.Look{byStaff(8, 1, "fjord"),
			byStaff(8, 2, "fjord")}, false},
		"own and another": {"the strictest way is that of all", []audit.Look{own(1), byStaff(8, 2, "fjord")}, false},
		"nothing":         {"an answer without personal data", nil, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			l := open(t, db.RoleDSN(portal.Role), t.TempDir())
			var entries []audit.Entry
			want := map[string]int{}
			for i, look := range tc.looks {
				entries = append(entries, numbered(t, fmt.Sprint("r", i), look))
				want[fmt.Sprint("r", i)] = 1
			}
			check(t, l.Record(t.Context(), entries...))
			if spooled := l.Stats().Spooled == int64(len(entries)); spooled != tc.waits {
				t.Errorf("in the spool: %t: %s", spooled, tc.reason)
			}
			if diff := cmp.Diff(want, db.requests()); diff != "" && !tc.waits {
				t.Errorf("before delivery: %s\n%s", tc.reason, diff)
			}
			check(t, l.Record(t.Context(), entries...)) // again
			check(t, l.Flush(t.Context()))
			if diff := cmp.Diff(want, db.requests()); diff != "" {
				t.Errorf("after delivery: each is there once\n%s", diff)
			}
			if s := l.Stats(); s.Pending != 0 || s.Refused != 0 || s.Rejected != 0 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestNotRecorded: without an entry nothing leaves, and the fault says so and no more.
func TestNotRecorded(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		look   audit.Look
		spool  bool // works
		down   bool // the database
		want   bool // recorded
	}{
		"own":                   {"the spool waits for the database", own(1), true, true, true},
		"own, no spool":         {"the database directly", own(1), false, false, true},
		"own, nothing":          {"fails closed", own(1), false, true, false},
		"act, database down":    {"is not kept for later", act(1), true, true, false},
		"staff, database down":  {"is not kept for later", byStaff(8, 1, "fjord"), true, true, false},
		"staff, spool broken":   {"does not need it", byStaff(8, 1, "fjord"), false, false, true},
		"act, not even a spool": {"fails closed", act(1), false, true, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			wire, dsn := db.throughLine()
			dir := filepath.Join(t.TempDir(), "spool")
			l := open(t, dsn, dir)
			if !tc.spool {
				check(t, os.Remove(dir))
				check(t, os.WriteFile(dir, nil, 0o600)) // for root, too, no folder
			}
			check(t, wire.Set(line.Quality{Down: tc.down}))
			err := l.Record(t.Context(), entry(t, tc.look))
			if (err == nil) != tc.want {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if err != nil {
				f := fault.Of(err)
				if f.Code != fault.AccessNotRecorded || f.Cause == nil || f.Code.Status() != 503 {
					t.Errorf("%+v", f)
				}
				if text := err.Error(); strings.Contains(text, hexOf(person(1))) || strings.Contains(text, "100005") {
					t.Errorf("the entry is in the error: %s", text)
				}
			}
			if !tc.spool {
				check(t, os.Remove(dir)) // or the end of the test would complain
				check(t, os.Mkdir(dir, 0o700))
			}
			check(t, wire.Set(line.Quality{}))
			check(t, l.Flush(t.Context()))
			found := len(db.requests()) == 1
			if found != tc.want {
				t.Errorf("in the table: %t, acknowledged: %t", found, tc.want)
			}
		})
	}
}

// TestRecordGone: a client that has gone away does not take the entry of its act with it.
func TestRecordGone(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	check(t, l.Record(gone, numbered(t, "gone", act(1))))
	if db.requests()["gone"] != 1 {
		t.Error("the act is not in the log")
	}
}

// TestRecordUnmade: an entry that nothing has checked is refused.
func TestRecordUnmade(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	if err := l.Record(t.Context(), entry(t, own(1)), audit.Entry{}); !errors.Is(err,
		fault.New(fault.AccessNotRecorded, "")) {
		t.Error(err)
	}
}

// TestFullSpool: over the limit own looks go to the database, and back when there is room.
func TestFullSpool(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	dir := t.TempDir()
	l := open(t, db.RoleDSN(portal.Role), dir, func(o *audit.Options) { o.MaxBytes = 2500 })
	want := map[string]int{}
	record := func(n int) {
		t.Helper()
		for range n {
			name := fmt.Sprint("r", len(want))
			check(t, l.Record(t.Context(), numbered(t, name, own(1))))
			want[name] = 1
		}
	}
	record(20)
	full := l.Stats()
	if full.Spooled < 2 || full.Direct < 10 || full.Spooled+full.Direct != 20 || full.Pending > 2500 {
		t.Errorf("%+v", full)
	}
	check(t, l.Flush(t.Context()))
	record(1)
	if s := l.Stats(); s.Spooled != full.Spooled+1 || s.Direct != full.Direct {
		t.Errorf("there is room again, %+v", s)
	}
	check(t, l.Flush(t.Context()))
	if diff := cmp.Diff(want, db.requests()); diff != "" {
		t.Error(diff)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
}

// TestDownAndBack: while the database is away own looks are answered; when it is back
// delivery goes on by itself.
func TestDownAndBack(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	wire, dsn := db.throughLine()
	said := &testlog.Log{}
	l := open(t, dsn, t.TempDir(), func(o *audit.Options) {
		o.DeliverEvery, o.Log = time.Millisecond, slog.New(slog.NewTextHandler(said, nil))
	})
	want := map[string]int{}
	for round := range 3 {
		check(t, wire.Set(line.Quality{Down: true}))
		for i := range 20 {
			name := fmt.Sprintf("r%d.%d", round, i)
			check(t, l.Record(t.Context(), numbered(t, name, own(byte(i+1)))))
			want[name] = 1
		}
		eventually(t, "operators hear of it", func() bool { return strings.Count(said.String(), "delivery waits") > round })
		check(t, wire.Set(line.Quality{}))
		eventually(t, "delivery", func() bool { return l.Stats().Pending == 0 })
	}
	if diff := cmp.Diff(want, db.requests()); diff != "" {
		t.Error(diff)
	}
	if text := said.String(); strings.Contains(text, hexOf(person(1))) || strings.Contains(text, "100005") {
		t.Error("an entry is in the log for operators")
	}
}

// TestAtOnce: many requests at once, while files are sealed, delivered and synced.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	dir := t.TempDir()
	l := open(t, db.RoleDSN(portal.Role), dir, func(o *audit.Options) { o.DeliverEvery = time.Millisecond })
	var wg sync.WaitGroup
	const each = 100
	for g := range 8 {
		wg.Go(func() {
			for i := range each {
				look := own(byte(g + 1))
				if i%20 == 0 {
					look = byStaff(99, byte(g+1), "fjord")
				}
				if err := l.Record(t.Context(), numbered(t, fmt.Sprintf("r%d.%d", g, i), look)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	check(t, l.Flush(t.Context()))
	found := db.requests()
	for name, n := range found {
		if n != 1 {
			t.Errorf("%s is there %d times", name, n)
		}
	}
	if s := l.Stats(); len(found) != 8*each || s.Spooled != 8*95 || s.Direct != 8*5 || s.Delivered != s.Spooled {
		t.Errorf("%d entries, %+v", len(found), s)
	}
}

// TestTwoProcesses: two logs on one folder keep out of each other's files, and what one
// leaves the other, or the next, takes over.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	wire, dsn := db.throughLine()
	dir := t.TempDir()
	first, second := open(t, dsn, dir), open(t, dsn, dir)
	check(t, first.Record(t.Context(), numbered(t, "first", own(1))))
	check(t, second.Record(t.Context(), numbered(t, "second", own(1))))
	if names := files(t, dir); len(names) != 2 {
		t.Errorf("%v: each has a file of its own", names)
	}
	third := open(t, dsn, dir)
	check(t, third.Flush(t.Context()))
	if found := db.requests(); len(found) != 0 {
		t.Errorf("%v were taken from processes that run", found)
	}
	check(t, wire.Set(line.Quality{Down: true}))
	check(t, first.Close(t.Context())) // it cannot deliver
	check(t, wire.Set(line.Quality{}))
	fourth := open(t, dsn, dir)
	check(t, fourth.Flush(t.Context()))
	if diff := cmp.Diff(map[string]int{"first": 1}, db.requests()); diff != "" {
		t.Errorf("the file of the one that ended is an orphan, the other is not\n%s", diff)
	}
	check(t, second.Flush(t.Context()))
	if diff := cmp.Diff(map[string]int{"first": 1, "second": 1}, db.requests()); diff != "" {
		t.Error(diff)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
}
