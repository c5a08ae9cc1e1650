package pgcluster

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// said is a log that a test reads while others write.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) has(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.text.String(), text)
}

// TestKeeper: a server that is killed alone is started again, with what was committed, as often as
// that happens, and it is said.
func TestKeeper(t *testing.T) {
	t.Parallel()
	log := &said{}
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
				t.Fatalf("it is not started again:\n%s", &log.text)
			}
		}
		if got := askDSN(t, c.DSN(""), "select n::text from public.kept"); got != "1" {
			t.Errorf("what was committed is %q", got)
		}
	}
	if !log.has("level=WARN msg=\"PostgreSQL has ended") || !log.has("PostgreSQL runs again") {
		t.Errorf("it is not said:\n%s", &log.text)
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
