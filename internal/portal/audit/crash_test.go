package audit_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
)

// childEnv makes this program a service that is there to be killed: its value is the name
// of the child, and what it may do.
const childEnv = "AUDIT_TEST_CHILD"

// child records until it is killed, and says each request that was acknowledged, or with a
// minus before it refused.
func child() {
	name, how, _ := strings.Cut(os.Getenv(childEnv), " ")
	die := func(err error) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if how == "small" { // files end within a line
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: 3000, Max: 3000}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			die(err)
		}
	}
	p, err := portal.Open(os.Getenv("AUDIT_TEST_DSN"), patience)
	if err != nil {
		die(err)
	}
	l, err := audit.Open(audit.Options{Portal: p, Secret: testSecret, Dir: os.Getenv("AUDIT_TEST_DIR"),
		Now: time.Now, Log: slog.New(slog.DiscardHandler), DeliverEvery: time.Millisecond})
	if err != nil {
		die(err)
	}
	for g := range 4 {
		go func() {
			for i := 0; ; i++ {
				look := own(byte(g + 1))
				if i%16 == 15 && how != "small" {
					look = act(byte(g + 1))
				}
				look.Request = fmt.Sprintf("%s.%d.%d", name, g, i)
				e, err := audit.New(look)
				if err != nil {
					die(err)
				}
				sign := ""
				if l.Record(context.Background(), e) != nil {
					sign = "-"
				}
				fmt.Println(sign + look.Request) // one write: it is in the pipe, whatever comes
			}
		}()
	}
	select {}
}

// killed starts a child, kills it after some acknowledgements, and returns all that it
// acknowledged and refused.
func killed(t *testing.T, name, how, dsn, dir string, after int) (acknowledged, refused []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience) // one that acknowledges nothing would run for ever
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+name+" "+how, "AUDIT_TEST_DSN="+dsn, "AUDIT_TEST_DIR="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Error(err)
		return nil, nil
	}
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return nil, nil
	}
	r := bufio.NewReader(out)
	for {
		text, err := r.ReadString('\n')
		if err != nil {
			if err != io.EOF {
				t.Error(err)
			}
			break
		}
		if request, no := strings.CutPrefix(strings.TrimSpace(text), "-"); no {
			refused = append(refused, request)
		} else if acknowledged = append(acknowledged, request); len(acknowledged) == after {
			if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
	}
	_ = cmd.Wait()
	if len(acknowledged) < after {
		t.Errorf("%s gave only %d entries", name, len(acknowledged))
	}
	return acknowledged, refused
}

// TestKill kills services at any moment, two of which share a folder, with the database
// there and away. What was acknowledged is in the table, once.
func TestKill(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	wire, away := db.throughLine()
	check(t, wire.Set(line.Quality{Down: true}))
	dir := t.TempDir()
	var mu sync.Mutex
	acknowledged := map[string]bool{}
	for round := range 25 {
		var wg sync.WaitGroup
		for i, dsn := range []string{db.RoleDSN(portal.Role), away} {
			wg.Go(func() {
				got, _ := killed(t, fmt.Sprintf("c%d.%d", round, i), "", dsn, dir, 1+rand.IntN(120))
				mu.Lock()
				defer mu.Unlock()
				for _, request := range got {
					acknowledged[request] = true
				}
			})
		}
		wg.Wait()
	}
	l := open(t, db.RoleDSN(portal.Role), dir)
	check(t, l.Flush(t.Context()))
	found := db.requests()
	for request := range acknowledged {
		if found[request] != 1 {
			t.Errorf("%s was acknowledged, and is in the table %d times", request, found[request])
		}
	}
	for request, n := range found {
		if n != 1 {
			t.Errorf("%s is in the table %d times", request, n)
		}
	}
	if s := l.Stats(); s.Rejected != 0 || len(files(t, dir)) != 0 {
		t.Errorf("%+v, and %v are left", s, files(t, dir))
	}
	t.Logf("%d acknowledged, %d in the table", len(acknowledged), len(found))
}

// TestDiskFullWithinLine: the disk takes half a line and no more. The look is refused, and
// what was acknowledged before and after is delivered.
func TestDiskFullWithinLine(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	dir := t.TempDir()
	acknowledged, refused := killed(t, "c", "small", "host=/nowhere user=x dbname=x", dir, 20)
	l := open(t, db.RoleDSN(portal.Role), dir)
	check(t, l.Flush(t.Context()))
	found := db.requests()
	for _, request := range acknowledged {
		if found[request] != 1 {
			t.Errorf("%s was acknowledged, and is in the table %d times", request, found[request])
		}
	}
	for _, request := range refused {
		if found[request] != 0 {
			t.Errorf("%s was refused, and is in the table", request)
		}
	}
	if s := l.Stats(); s.Torn > 4 || len(refused) == 0 { // the kill may cut a line of each writer
		t.Errorf("%d were refused, and half of their lines is left: %+v", len(refused), s)
	}
}

// TestTorn: what a crash leaves of a line, and what a bad disk makes of one, costs that
// line alone.
func TestTorn(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		change func(lines []string) string
		want   []string
		torn   int64
	}{
		"nothing": {"all lines are whole", func(l []string) string { return strings.Join(l, "") },
			[]string{"a", "b", "c"}, 0},
		"half a line": {"the process was killed in the write",
			func(l []string) string { return l[0] + l[1] + l[2][:len(l[2])/2] }, []string{"a", "b"}, 1},
		"no end": {"whether more was to come cannot be known",
			func(l []string) string { return l[0] + l[1] + strings.TrimSpace(l[2]) }, []string{"a", "b"}, 1},
		"one byte": {"the shortest", func(l []string) string { return l[0] + "0" }, []string{"a"}, 1},
		"changed": {"the sum shows it", func(l []string) string {
			return l[0] + strings.Replace(l[1], "OWN", "0WN",
				1) + l[2]
		}, []string{"a", "c"}, 1},
		"zeros": {"a file system after a loss of power",
			func(l []string) string { return l[0] + strings.Repeat("\x00", 4096) }, []string{"a"}, 1},
		"empty lines": {"an editor was here", func(l []string) string { return l[0] + "\n\n" + l[1] }, []string{"a", "b"},
			2},
		"twice": {"one entry is one entry", func(l []string) string { return l[0] + l[0] + l[1] },
			[]string{"a", "b"}, 0},
		"only a torn one": {"the file is ended all the same", func(l []string) string { return l[0][:30] }, nil, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newDatabase(t)
			dir := t.TempDir()
			first := open(t, "host=/nowhere user=x dbname=x", dir)
			for _, request := range []string{"a", "b", "c"} {
				check(t, first.Record(t.Context(), numbered(t, request, own(1))))
			}
			check(t, first.Abandon())
			path := filepath.Join(dir, files(t, dir)[0])
			text, err := os.ReadFile(path)
			check(t, err)
			check(t, os.WriteFile(path, []byte(tc.change(strings.SplitAfter(string(text), "\n"))), 0o600))
			l := open(t, db.RoleDSN(portal.Role), dir)
			check(t, l.Flush(t.Context()))
			want := map[string]int{}
			for _, request := range tc.want {
				want[request] = 1
			}
			if diff := cmp.Diff(want, db.requests()); diff != "" {
				t.Errorf("%s\n%s", tc.reason, diff)
			}
			if got := l.Stats().Torn; got != tc.torn || len(files(t, dir)) != 0 {
				t.Errorf("%d torn, want %d; %v are left", got, tc.torn, files(t, dir))
			}
		})
	}
}

// TestAnyOrder: whatever happens in whatever order, the table has what was acknowledged,
// once, and nothing else.
func TestAnyOrder(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	wire, dsn := db.throughLine()
	shared := pool(t, dsn)
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		check(t, wire.Set(line.Quality{}))
		dir := t.TempDir()
		start := func() *audit.Log {
			return open(t, dsn, dir, func(o *audit.Options) { o.Portal, o.MaxBytes = shared, 4000 })
		}
		l := start()
		acknowledged := map[string]int{}
		n := 0
		record := func(look audit.Look) {
			request := fmt.Sprintf("%d.%d", runs, n)
			n++
			if l.Record(t.Context(), numbered(t, request, look)) == nil {
				acknowledged[request] = 1
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"own":     func(*rapid.T) { record(own(1)) },
			"act":     func(*rapid.T) { record(act(1)) },
			"deliver": func(*rapid.T) { _ = l.Flush(t.Context()) },
			"line":    func(rt *rapid.T) { check(t, wire.Set(line.Quality{Down: rapid.Bool().Draw(rt, "down")})) },
			"crash": func(rt *rapid.T) {
				check(t, l.Abandon())
				if names := files(t, dir); len(names) > 0 && rapid.Bool().Draw(rt, "torn") {
					f, err := os.OpenFile(filepath.Join(dir, names[0]), os.O_APPEND|os.O_WRONLY, 0)
					check(t, err)
					_, err = f.WriteString(`1a2b3c4d {"at":"2026-`)
					check(t, err)
					check(t, f.Close())
				}
				l = start()
			},
		})
		check(t, wire.Set(line.Quality{}))
		check(t, l.Flush(t.Context()))
		found := db.requests()
		maps.DeleteFunc(found, func(request string, _ int) bool { return !strings.HasPrefix(request, fmt.Sprint(runs, ".")) })
		if diff := cmp.Diff(acknowledged, found); diff != "" {
			rt.Fatal(diff)
		}
		check(t, l.Abandon())
	})
}
