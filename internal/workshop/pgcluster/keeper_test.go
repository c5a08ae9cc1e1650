package pgcluster

import (
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/workshop/testlog"
)

// TestKeeper: a server that is killed alone is started again, with what was committed, as often as
// that happens, and it is said.
func TestKeeper(t *testing.T) {
	t.Parallel()
	log := &testlog.Log{}
	o := fast(tempDir(t))
	o.Log = slog.New(slog.NewTextHandler(log, nil))
	c := open(t, o)
	p := placeOf(t, o.Dir)
	execDSN(t, c.DSN(""), "create table public.kept as select 1 as n")
	for range 2 {
		before := p.running()
		check(t, syscall.Kill(before, syscall.SIGKILL))
		for end := time.Now().Add(startPatience); ; time.Sleep(20 * time.Millisecond) {
			if now := p.running(); now != 0 && now != before {
				if conn, err := pgx.Connect(t.Context(), c.DSN("")); err == nil {
					_ = conn.Close(t.Context())
					break
				}
			}
			if time.Now().After(end) {
				t.Fatalf("it is not started again:\n%s", log)
			}
		}
		if got := askDSN(t, c.DSN(""), "select n::text from public.kept"); got != "1" {
			t.Errorf("what was committed is %q", got)
		}
	}
	if !log.Has("level=WARN msg=\"PostgreSQL has ended") || !log.Has("PostgreSQL runs again") {
		t.Errorf("it is not said:\n%s", log)
	}
	last := p.running()
	check(t, c.Close())
	if isPostmaster(last, p.data) || p.running() != 0 {
		t.Error("it runs on after Close")
	}
}

func execDSN(t *testing.T, dsn, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	check(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), sql)
	check(t, err)
}
