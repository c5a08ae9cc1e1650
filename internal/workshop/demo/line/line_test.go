package line_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// echo is a server that sends back what it gets.
func echo(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "echo-") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(dir, "s")
	listener, err := net.Listen("unix", target)
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				_, _ = io.Copy(c, c)
				_ = c.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
		_ = os.RemoveAll(dir)
	})
	return target
}

func open(t *testing.T, target string) *line.Line {
	t.Helper()
	l, err := line.Open(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func dial(t *testing.T, l *line.Line) net.Conn {
	t.Helper()
	c, err := net.Dial("unix", filepath.Join(l.Dir(), ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// ask sends bytes and waits for them to come back.
func ask(c net.Conn, text []byte) error {
	sent := make(chan error, 1)
	go func() {
		_, err := c.Write(text)
		sent <- err
	}()
	back := make([]byte, len(text))
	_, err := io.ReadFull(c, back)
	if err != nil {
		_ = c.Close() // ends the writer
	}
	if err := errors.Join(err, <-sent); err != nil {
		return err
	}
	if !bytes.Equal(text, back) {
		return errors.New("other bytes came back")
	}
	return nil
}

func set(t *testing.T, l *line.Line, q line.Quality) {
	t.Helper()
	if err := l.Set(q); err != nil {
		t.Fatal(err)
	}
	if l.Quality() != q {
		t.Errorf("the quality is %+v, not %+v", l.Quality(), q)
	}
}

func TestPasses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		size   int
	}{
		"a byte":   {"the least", 1},
		"a page":   {"one piece", 4 << 10},
		"pieces":   {"more than the buffer", 200<<10 + 1},
		"megabyte": {"more than all buffers on the way", 1 << 20},
	}
	l := open(t, echo(t))
	for name, tc := range cases {
		text := bytes.Repeat([]byte{1, 2, 3, 0, 255, 7, 8}, tc.size/7+1)[:tc.size]
		if err := ask(dial(t, l), text); err != nil {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
	}
}

// TestLatency holds also for a connection that is open, and both ways.
func TestLatency(t *testing.T) {
	t.Parallel()
	l := open(t, echo(t))
	c := dial(t, l)
	if err := ask(c, []byte("quick")); err != nil {
		t.Fatal(err)
	}
	const latency = 100 * time.Millisecond
	set(t, l, line.Quality{Latency: latency})
	start := time.Now()
	if err := ask(c, []byte("slow")); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took < 2*latency {
		t.Errorf("there and back took %s", took)
	}
	set(t, l, line.Quality{})
	if err := ask(c, []byte("quick again")); err != nil {
		t.Fatal(err)
	}
}

func TestDown(t *testing.T) {
	t.Parallel()
	l := open(t, echo(t))
	c := dial(t, l)
	if err := ask(c, []byte("up")); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		set(t, l, line.Quality{Down: true})
		if err := ask(c, []byte("cut")); err == nil {
			t.Error("a connection lives on over a line that is down")
		}
		if _, err := net.Dial("unix", filepath.Join(l.Dir(), ".s.PGSQL.5432")); err == nil {
			t.Error("a line that is down accepts connections")
		}
		set(t, l, line.Quality{Down: true}) // twice is once
		set(t, l, line.Quality{})
		c = dial(t, l)
		if err := ask(c, []byte("up")); err != nil {
			t.Errorf("after it was mended: %v", err)
		}
	}
}

// TestSilent: what is sent over a line that is silent comes to nothing, and neither end is
// told, not even that the other one is gone. A connection that is made later works.
func TestSilent(t *testing.T) {
	t.Parallel()
	target := echo(t)
	l := open(t, target)
	c := dial(t, l)
	if err := ask(c, []byte("up")); err != nil {
		t.Fatal(err)
	}
	set(t, l, line.Quality{Silent: true})
	for name, c := range map[string]net.Conn{"before": c, "since": dial(t, l)} {
		if _, err := c.Write([]byte("lost")); err != nil {
			t.Errorf("%s: it is told: %v", name, err)
		}
		_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if _, err := c.Read(make([]byte, 4)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: it hears: %v", name, err)
		}
	}
	set(t, l, line.Quality{})
	if err := ask(dial(t, l), []byte("up")); err != nil {
		t.Errorf("after it was mended: %v", err)
	}
	_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if _, err := c.Read(make([]byte, 4)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("what was lost comes after all: %v", err)
	}
}

// TestDownAtOnce cuts what waits on a slow line, and does not wait for it.
func TestDownAtOnce(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*line.Line) error{
		"down":  func(l *line.Line) error { return l.Set(line.Quality{Down: true}) },
		"close": func(l *line.Line) error { return l.Close() },
	} {
		l, err := line.Open(echo(t))
		if err != nil {
			t.Fatal(err)
		}
		c := dial(t, l)
		if err := ask(c, []byte("up")); err != nil {
			t.Fatal(err)
		}
		set(t, l, line.Quality{Latency: time.Hour})
		asked := make(chan error, 1)
		go func() { asked <- ask(c, []byte("late")) }()
		time.Sleep(20 * time.Millisecond) // let it be on its way; the outcome does not depend on it
		if err := end(l); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-asked:
			if err == nil {
				t.Errorf("%s: it came after all", name)
			}
		case <-time.After(2 * time.Minute):
			t.Errorf("%s: it still waits", name)
		}
		if err := l.Close(); err != nil && name != "close" {
			t.Error(err)
		}
	}
}

// TestNobodyThere: the line is up, the server behind it is not.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	l := open(t, "/nowhere/at/all")
	if err := ask(dial(t, l), []byte("hello")); err == nil {
		t.Error("somebody answered")
	}
}

// TestClientLeaves: the server sees it, and the line keeps nothing.
func TestClientLeaves(t *testing.T) {
	t.Parallel()
	l := open(t, echo(t))
	for range 50 {
		c := dial(t, l)
		if err := ask(c, []byte("hello")); err != nil {
			t.Fatal(err)
		}
		_ = c.Close()
	}
}

// TestSetWhileItRuns changes the line under many connections.
func TestSetWhileItRuns(t *testing.T) {
	t.Parallel()
	l := open(t, echo(t))
	stop := make(chan struct{})
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				c, err := net.Dial("unix", filepath.Join(l.Dir(), ".s.PGSQL.5432"))
				if err != nil {
					time.Sleep(time.Millisecond)
					continue
				}
				_ = ask(c, []byte("hello"))
				_ = c.Close()
			}
		})
	}
	for i := range 100 {
		set(t, l, line.Quality{Down: i%2 == 0, Latency: time.Duration(i%3) * time.Millisecond})
		time.Sleep(time.Millisecond)
	}
	set(t, l, line.Quality{})
	close(stop)
	asking.Wait()
	if err := ask(dial(t, l), []byte("hello")); err != nil {
		t.Errorf("in the end: %v", err)
	}
}

// TestLongTemporaryFolder: a socket's path is some hundred bytes long at most.
func TestLongTemporaryFolder(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 120))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	if err := ask(dial(t, open(t, echo(t))), []byte("hello")); err != nil {
		t.Error(err)
	}
}

func TestFolderIsPrivateAndGoes(t *testing.T) {
	t.Parallel()
	l, err := line.Open(echo(t))
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(l.Dir())
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has mode %v: %v", info.Mode(), err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(l.Dir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is left: %v", err)
	}
}
