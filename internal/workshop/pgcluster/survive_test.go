package pgcluster

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func askDSN(t *testing.T, dsn, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	check(t, err)
	defer conn.Close(t.Context())
	var answer string
	check(t, conn.QueryRow(t.Context(), sql).Scan(&answer))
	return answer
}

// placeOf is what Open would find for a folder.
func placeOf(t *testing.T, dir string) *place {
	t.Helper()
	p, err := locate(dir, fast(dir).withDefaults())
	check(t, err)
	return p
}

func TestOpenAfterKill(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		kill   func(t *testing.T, holder *process, server int)
	}{
		"process": {
			"the kernel shuts the server down",
			func(t *testing.T, holder *process, server int) { holder.kill(t) },
		},
		"process and server": {
			"the server recovers what was committed",
			func(t *testing.T, holder *process, server int) {
				check(t, syscall.Kill(server, syscall.SIGKILL))
				holder.kill(t)
			},
		},
		"server": {
			"Close of the holder does not mind, and the folder is free again",
			func(t *testing.T, holder *process, server int) {
				check(t, syscall.Kill(server, syscall.SIGKILL))
				holder.finish(t)
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := tempDir(t)
			holder := startHelper(t, "hold", dir, nil)
			server, err := strconv.Atoi(holder.said)
			check(t, err)
			tc.kill(t, holder, server)
			c := open(t, fast(dir))
			if got := ask(c, "SELECT n::text FROM public.kept"); got != "1" {
				t.Errorf("%s: %s", tc.reason, got)
			}
		})
	}
}

func TestServerDiesWithProcess(t *testing.T) {
	t.Parallel()
	if !deathSignal() {
		t.Log("this system does not tell a child that its parent ended: TestOpenStopsLeftover covers it")
		return
	}
	dir := tempDir(t)
	holder := startHelper(t, "hold", dir, nil)
	p := placeOf(t, dir)
	if p.running() == 0 {
		t.Fatal("the helper's server is not recognised")
	}
	holder.kill(t)
	eventually(t, "server ends with its process", func() bool { return p.running() == 0 })
}

func deathSignal() bool {
	var attr syscall.SysProcAttr
	dieWithParent(&attr)
	return !reflect.ValueOf(attr).IsZero()
}

func TestOpenStopsLeftover(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	c := open(t, fast(dir))
	check(t, exec1(c, "CREATE TABLE public.kept AS SELECT 1 AS n"))
	check(t, c.Close())
	p := placeOf(t, dir)
	check(t, p.detach(t.Context())) // a server whose process is gone
	left := p.running()

	c = open(t, fast(dir))
	if isPostmaster(left, p.data) || p.running() != c.keeper.server.pid {
		t.Errorf("server %d was not replaced", left)
	}
	if got := ask(c, "SELECT n::text FROM public.kept"); got != "1" {
		t.Error(got)
	}
}

func TestOpenStalePidFile(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	c := open(t, fast(dir))
	check(t, c.Close())
	p := placeOf(t, dir)

	cases := map[string]struct{ reason, content string }{
		"of nobody": {"a crashed server leaves one", "4194300\n" + p.data + "\n"},
		"of another": {"the number went to a program that is no server", strconv.Itoa(os.Getpid()) + "\n" + p.data +
			"\n"},
		"of another's user": {"nor is one of the server's own user", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if tc.content == "" {
				cmd := p.command(t.Context(), "postgres")
				cmd.Path, cmd.Args = "/bin/sleep", []string{"sleep", "60"}
				check(t, cmd.Start())
				defer func() { cmd.Process.Kill(); cmd.Wait() }()
				tc.content = strconv.Itoa(cmd.Process.Pid) + "\n" + p.data + "\n1\n5432\n"
			}
			path := filepath.Join(p.data, "postmaster.pid")
			check(t, os.WriteFile(path, []byte(tc.content), 0o600))
			check(t, p.giveToServer(path))
			c, err := Open(t.Context(), fast(dir))
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			check(t, c.Close())
		})
	}
}

// A server that is killed while Open stops it has no time to remove its pid file, and has its
// number until its parent collects it.
func TestOpenAfterUncleanStop(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	check(t, open(t, fast(dir)).Close())
	p := placeOf(t, dir)
	cmd := p.command(t.Context(), "postgres")
	cmd.Path, cmd.Args = "/bin/sh", []string{"postgres", "-c", "read -r never", "-D", p.data}
	in, err := cmd.StdinPipe()
	check(t, err)
	check(t, cmd.Start())
	defer func() { in.Close(); _ = cmd.Wait() }() // not before Open
	eventually(t, "the process is known as a server", func() bool { return isPostmaster(cmd.Process.Pid, p.data) })
	path := filepath.Join(p.data, "postmaster.pid")
	check(t, os.WriteFile(path, fmt.Appendf(nil, "%d\n%s\n1\n5432\n", cmd.Process.Pid, p.data), 0o600))
	check(t, p.giveToServer(path))
	open(t, fast(dir))
}

func TestShare(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	began := time.Now()
	started := make(chan *Cluster)
	for range 2 { // two at once in one process
		go func() {
			c, err := Share(t.Context(), Options{Dir: dir}, linger)
			if err != nil {
				t.Error(err)
			}
			started <- c
		}()
	}
	a, b := <-started, <-started
	t.Logf("shared start %v", time.Since(began))
	if a == nil || b == nil {
		t.FailNow()
	}
	first := startHelper(t, "share", dir, nil)
	second := startHelper(t, "share", dir, nil)
	for _, got := range []string{startTime(b), first.said, second.said} {
		if want := startTime(a); got != want {
			t.Errorf("server started at %s, another at %s", want, got)
		}
	}
	check(t, a.Close())
	check(t, b.Close())
	first.finish(t)

	// The last one is there: nothing stops in well over the linger time.
	time.Sleep(3 * linger)
	p := placeOf(t, dir)
	if p.running() == 0 {
		t.Fatal("the server stopped while a process used it")
	}
	second.kill(t)
	eventually(t, "unused server stops", func() bool { return p.running() == 0 })

	// The next one starts anew, also while the last server shuts down.
	third := startHelper(t, "share", dir, nil)
	third.finish(t)
	eventually(t, "unused server stops again", func() bool { return p.running() == 0 })
}

// A server without a free connection is not replaced: others use it.
func TestShareBusy(t *testing.T) {
	t.Parallel()
	o := Options{Dir: tempDir(t), Settings: map[string]string{"max_connections": "8"}}
	first, err := Share(t.Context(), o, linger)
	check(t, err)
	t.Cleanup(func() { check(t, first.Close()) })
	want := startTime(first)
	var all []*pgx.Conn
	for {
		conn, err := pgx.Connect(t.Context(), first.DSN(""))
		if err != nil {
			break
		}
		all = append(all, conn)
	}
	joined := make(chan error, 1)
	go func() {
		second, err := Share(t.Context(), o, linger)
		if err == nil {
			err = second.Close()
		}
		joined <- err
	}()
	time.Sleep(linger) // it has tried; the outcome does not depend on it
	for _, conn := range all {
		if err := conn.Ping(t.Context()); err != nil {
			t.Errorf("who used the server lost it: %v", err)
		}
		check(t, conn.Close(t.Context()))
	}
	check(t, <-joined)
	if got := startTime(first); got != want {
		t.Errorf("the server was started at %s, and again: %s", want, got)
	}
}

// Joining and leaving at every moment of a server's end must never give a
// cluster that does not answer.
func TestShareAtTheEnd(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	p := placeOf(t, dir)
	for i := range 3 {
		c, err := Share(t.Context(), Options{Dir: dir}, linger)
		check(t, err)
		if got := ask(c, "SELECT 'yes'"); got != "yes" {
			t.Errorf("round %d: %s", i, got)
		}
		check(t, c.Close())
		time.Sleep(linger + time.Duration(i)*150*time.Millisecond)
	}
	eventually(t, "unused server stops", func() bool { return p.running() == 0 })
}
