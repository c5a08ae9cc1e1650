package demo

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

const few = 12

// folder is one that the server's user can reach, unlike a test's own when that is root's.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "demo-test-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// hook is a log that calls a function for each message.
type hook struct {
	slog.Handler
	said func(string)
}

func (h hook) Enabled(context.Context, slog.Level) bool { return true }

func (h hook) Handle(_ context.Context, r slog.Record) error {
	h.said(r.Message)
	return nil
}

func logger(said func(string)) *slog.Logger { return slog.New(hook{slog.DiscardHandler, said}) }

func start(t *testing.T, dir string, log *slog.Logger) *Demo {
	t.Helper()
	d, err := open(t.Context(), dir, few, log)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *Demo) exec(t *testing.T, database, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.cluster.DSN(database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func (d *Demo) has(t *testing.T, database string) bool {
	t.Helper()
	there, err := d.cluster.HasDatabase(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	return there
}

// checkWhole reads the first of the demo people at all agencies, as the service does.
func checkWhole(t *testing.T, d *Demo) {
	t.Helper()
	configs := d.Agencies()
	for i := range configs {
		configs[i].Deadline = time.Minute // the machine may be busy
	}
	r, err := agency.Open(configs, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	person := people.New(Seed, d.born).Person(0)
	parts, errs := r.Read(t.Context(), caller.Principal{Kind: caller.Person, NationalID: person.NationalID}.Scope(),
		^debt.Relations(0))
	if len(parts) != 4 || errs[3] != nil || parts[3].Agency.Code != people.Journal || len(parts[3].Cases) > 0 {
		t.Fatalf("%d agencies, of which %s knows her: %v", len(parts), parts[len(parts)-1].Agency.Code, errs)
	}
	for i, part := range parts[:3] {
		if errs[i] != nil || part.Agency.Code != person.Agencies[i] || len(part.Cases) != len(person.Debtors[i].Cases) {
			t.Errorf("%s: %d cases, %v", part.Agency.Code, len(part.Cases), errs[i])
		}
	}
	for _, name := range []string{"portal", "fjord", "tradisjon", "lita", "journal"} {
		if !d.has(t, name) || d.has(t, name+"_new") {
			t.Errorf("database %s: there %t, draft %t", name, d.has(t, name), d.has(t, name+"_new"))
		}
	}
}

func closed(t *testing.T, d *Demo) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// TestStartAgain starts on nothing, on whole databases, and on what an interrupted start
// and a broken disk have left.
func TestStartAgain(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	d := start(t, dir, slog.New(slog.DiscardHandler))
	checkWhole(t, d)
	if _, err := open(t.Context(), dir, few, slog.New(slog.DiscardHandler)); !errors.Is(err, pgcluster.ErrInUse) {
		t.Errorf("a second demo on the same folder: %v", err)
	}
	d.exec(t, "fjord", "create table public.kept ()")
	closed(t, d)

	var made atomic.Int32
	count := logger(func(text string) {
		if strings.HasPrefix(text, "making") {
			made.Add(1)
		}
	})
	d = start(t, dir, count)
	if made.Load() != 0 {
		t.Errorf("%d agencies were made again", made.Load())
	}
	checkWhole(t, d)
	d.exec(t, "fjord", "select from public.kept")

	// A process that is killed while it fills leaves drafts only.
	if err := d.cluster.DropDatabase(t.Context(), "lita"); err != nil {
		t.Fatal(err)
	}
	if err := d.cluster.CreateDatabase(t.Context(), "lita_new", ""); err != nil {
		t.Fatal(err)
	}
	d.exec(t, "lita_new", "create schema core; create table core.agency (half text)")
	closed(t, d)
	d = start(t, dir, count)
	defer closed(t, d)
	if made.Load() != 1 {
		t.Errorf("%d agencies were made, not the one that was a draft", made.Load())
	}
	checkWhole(t, d)
	d.exec(t, "fjord", "select from public.kept")
}

// TestInterrupted ends the first start in the middle: nothing that is half stays.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := open(ctx, dir, few, logger(func(text string) {
		if strings.HasPrefix(text, "making") {
			cancel()
		}
	}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	d := start(t, dir, slog.New(slog.DiscardHandler))
	defer closed(t, d)
	checkWhole(t, d)

	conf := d.Agencies()[2]
	if err := d.Line.Set(line.Quality{Down: true}); err != nil {
		t.Fatal(err)
	}
	if conn, err := pgx.Connect(t.Context(), conf.DSN); err == nil {
		_ = conn.Close(t.Context())
		t.Error("the small agency is not behind the line")
	}
	for _, c := range d.Agencies() {
		if !strings.Contains(c.DSN, spec.DefaultRole) || strings.Contains(c.DSN, pgcluster.Superuser+"@") {
			t.Errorf("%s is not reached as the role that can only read: %s", c.Code, c.DSN)
		}
	}
}

// TestOtherLayout starts on databases of another version of the program.
func TestOtherLayout(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	d := start(t, dir, slog.New(slog.DiscardHandler))
	for _, database := range []string{"portal", "fjord"} {
		d.exec(t, database, "create table public.old ()")
	}
	closed(t, d)
	if err := os.WriteFile(filepath.Join(dir, "layout"), []byte("another"), 0o644); err != nil {
		t.Fatal(err)
	}
	var warned atomic.Int32
	d = start(t, dir, logger(func(text string) {
		if strings.Contains(text, "is made anew") {
			warned.Add(1)
		}
	}))
	defer closed(t, d)
	checkWhole(t, d)
	d.exec(t, "fjord", "create table public.old ()") // fails where it is still there
	d.exec(t, "portal", "select from public.old")
	if warned.Load() != 4 {
		t.Errorf("%d of four agencies were said to be made anew", warned.Load())
	}
}

// TestRemove deletes what a demo has made and nothing else, and not while it runs.
func TestRemove(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	d := start(t, dir, slog.New(slog.DiscardHandler))
	if err := Remove(dir); !errors.Is(err, pgcluster.ErrInUse) {
		t.Errorf("while it runs: %v", err)
	}
	checkWhole(t, d)
	closed(t, d)
	mine := filepath.Join(dir, "mine")
	if err := os.WriteFile(mine, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Remove(dir); err == nil || !strings.Contains(err.Error(), mine) {
		t.Errorf("with a file of somebody else: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left is %v, %v", left, err)
	}
	for _, reason := range []string{"whole", "nothing there"} {
		if err := errors.Join(os.RemoveAll(mine), Remove(dir)); err != nil {
			t.Errorf("%s: %v", reason, err)
		}
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestBorn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "folder")
	first, err := Born(dir)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := Born(dir); err != nil || second != first {
		t.Errorf("born on %s and on %s: %v", first, second, err)
	}
	cases := map[string]struct {
		reason, text string
		good         bool
	}{
		"a day":     {"as it is written", "2026-03-02\n", true},
		"no line":   {"somebody has edited it", "2026-03-02", true},
		"nothing":   {"a full disk", "", false},
		"something": {"another file", "yesterday", false},
	}
	for name, tc := range cases {
		if err := os.WriteFile(filepath.Join(dir, "born"), []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if day, err := Born(dir); (err == nil) != tc.good || tc.good && day.String() != "2026-03-02" {
			t.Errorf("%s (%s): %s, %v", name, tc.reason, day, err)
		}
	}
}
