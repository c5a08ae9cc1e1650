package pgcluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/workshop/leaktest"
)

// helperEnv makes the test binary act as another process of ours: its value is
// the name of a helper, the arguments are the helper's.
const helperEnv = "PGCLUSTER_TEST_HELPER"

func TestMain(m *testing.M) {
	if name := os.Getenv(helperEnv); name != "" {
		if err := helpers[name](os.Args[1]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	leaktest.Main(m)
}

// helpers say one line when they are ready; "hold" and "share" then keep what
// they opened until their input ends or they are killed.
var helpers = map[string]func(dir string) error{
	"hold": func(dir string) error {
		c, err := Open(context.Background(), fast(dir))
		if err != nil {
			return err
		}
		if err := exec1(c, "CREATE TABLE public.kept AS SELECT 1 AS n"); err != nil {
			return err
		}
		fmt.Println("ready", c.keeper.server.pid)
		_, err = io.Copy(io.Discard, os.Stdin)
		return errors.Join(err, c.Close())
	},
	"share": func(dir string) error {
		c, err := Share(context.Background(), Options{Dir: dir}, linger)
		if err != nil {
			return err
		}
		fmt.Println("ready", startTime(c))
		_, err = io.Copy(io.Discard, os.Stdin)
		return errors.Join(err, c.Close())
	},
	"cycle": func(dir string) error {
		for range 2 { // the second on the data of the first
			c, err := Open(context.Background(), fast(dir))
			if err != nil {
				return err
			}
			if err := errors.Join(exec1(c, "SELECT 1"), c.Close()); err != nil {
				return err
			}
		}
		fmt.Println("ready")
		return nil
	},
}

// process is a running helper.
type process struct {
	cmd   *exec.Cmd
	stdin io.Closer
	said  string // its line, without "ready"
}

// startHelper runs a helper, as the user cred unless that is nil, and waits for
// its line.
func startHelper(t *testing.T, name, dir string, cred *syscall.Credential) *process {
	t.Helper()
	p := &process{cmd: exec.Command(testBinary(t, cred != nil), dir)}
	p.cmd.Env = append(os.Environ(), helperEnv+"="+name)
	p.cmd.Dir = "/"
	p.cmd.Stderr = os.Stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	stdin, err := p.cmd.StdinPipe()
	check(t, err)
	p.stdin = stdin
	stdout, err := p.cmd.StdoutPipe()
	check(t, err)
	check(t, p.cmd.Start())
	t.Cleanup(func() { p.cmd.Process.Kill(); p.cmd.Wait() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ready") {
		t.Fatalf("helper %s: %q, %v", name, line, err)
	}
	p.said = strings.TrimSpace(strings.TrimPrefix(line, "ready"))
	return p
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	check(t, p.cmd.Process.Signal(syscall.SIGKILL))
	p.cmd.Wait()
}

func (p *process) finish(t *testing.T) {
	t.Helper()
	p.stdin.Close()
	check(t, p.cmd.Wait())
}

// testBinary returns the path of this program, copied to where every user may
// run it when another user is to do so.
func testBinary(t *testing.T, forOthers bool) string {
	t.Helper()
	self, err := os.Executable()
	check(t, err)
	if !forOthers {
		return self
	}
	text, err := os.ReadFile(self)
	check(t, err)
	path := filepath.Join(tempDir(t), "helper")
	writeProgram(t, path, text)
	return path
}

// writeProgram writes a file that can be run at once. A process that another
// test starts meanwhile would hold the file open for writing until its own
// exec, and running it would fail with "text file busy": none may start.
func writeProgram(t *testing.T, path string, text []byte) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	check(t, os.WriteFile(path, text, 0o755))
	check(t, os.Chmod(path, 0o755)) // whatever the umask
}

// nobody returns the credentials of an ordinary user, or nil for "this one"
// when only root could change to another.
func nobody(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("nobody")
	check(t, err)
	cred, err := credential(u)
	check(t, err)
	return cred
}

// tempDir is t.TempDir with a parent that the server's user can enter.
func tempDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	check(t, os.Chmod(filepath.Dir(dir), 0o755))
	check(t, os.Chmod(dir, 0o755)) // whatever the umask
	t.Cleanup(func() {             // the socket of a cluster that nobody closed
		left, _ := filepath.Glob(filepath.Join(os.TempDir(), "oversikt-*-"+hash(dir)))
		for _, path := range left {
			os.RemoveAll(path)
		}
	})
	return dir
}

// linger is short, so that a test can wait for the end of a shared cluster.
const linger = 400 * time.Millisecond

// fast survives the end of any process, which is what is tested, but not of the
// machine.
func fast(dir string) Options {
	return Options{Dir: dir, Settings: map[string]string{"fsync": "off"}}
}

// open opens a cluster that is closed at the end of the test.
func open(t *testing.T, o Options) *Cluster {
	t.Helper()
	c, err := Open(t.Context(), o)
	check(t, err)
	t.Cleanup(func() { check(t, c.Close()) })
	return c
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func exec1(c *Cluster, sql string) error {
	ctx := context.Background()
	return c.maintain(ctx, sql, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, sql)
		return err
	})
}

// ask returns the one text that a query gives, or the error's text.
func ask(c *Cluster, sql string) string {
	ctx := context.Background()
	var answer string
	err := c.maintain(ctx, sql, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, sql).Scan(&answer)
	})
	if err != nil {
		return err.Error()
	}
	return answer
}

func startTime(c *Cluster) string {
	return ask(c, "SELECT pg_catalog.pg_postmaster_start_time()::text")
}

// eventually waits for what another process does.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for until := time.Now().Add(startPatience); !cond(); time.Sleep(tick) {
		if time.Now().After(until) {
			t.Fatalf("not in time: %s", what)
		}
	}
}
