// Package endtoend is what the tests of whole programs share: it builds a program and runs it as
// its users do, and makes the databases and the issuer that it is configured with.
package endtoend

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const patience = 5 * time.Minute // a machine may be busy with others

// programs are those that have been built, in a folder of this process.
var programs struct {
	sync.Mutex
	dir   string
	built map[string]string
}

// Main runs the tests of a package, and then removes what Binary has built.
func Main(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(programs.dir) // "" is nothing
	os.Exit(code)
}

// Binary returns the path of a program of this module, such as cmd/oversikt. It is built once.
func Binary(t testing.TB, name string) string {
	t.Helper()
	programs.Lock()
	defer programs.Unlock()
	if file, ok := programs.built[name]; ok {
		return file
	}
	if programs.dir == "" {
		dir, err := os.MkdirTemp("", "oversikt-e2e-")
		if err != nil {
			t.Fatal(err)
		}
		programs.dir, programs.built = dir, map[string]string{}
	}
	file := filepath.Join(programs.dir, path.Base(name))
	build := exec.Command("go", "build", "-buildvcs=false", "-o", file, "./"+name)
	build.Dir = Root(t)
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make build does: what it has compiled is there
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v: %s", name, err, out)
	}
	programs.built[name] = file
	return file
}

// Root returns the folder of the module.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			t.Fatal("the test does not run in the module")
		}
		dir = above
	}
}

// Process is a running program.
type Process struct {
	t    *testing.T
	cmd  *exec.Cmd
	env  []string
	mu   sync.Mutex
	log  bytes.Buffer // all that it wrote
	done chan error
}

// Start runs a program until the end of the test, and waits until it has written a line with
// ready in it.
func Start(t *testing.T, binary string, env []string, ready string, args ...string) *Process {
	t.Helper()
	p := &Process{t: t, cmd: exec.Command(binary, args...), env: env, done: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), env...)
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = in, in
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	seen := make(chan struct{})
	go func() {
		lines := bufio.NewScanner(out)
		found := false
		for lines.Scan() {
			p.wrote(lines.Text())
			if !found && strings.Contains(lines.Text(), ready) {
				found = true
				close(seen)
			}
		}
		if err := lines.Err(); err != nil {
			p.wrote("what follows is not read: " + err.Error())
		}
		p.done <- p.cmd.Wait()
	}()
	t.Cleanup(func() { _ = p.Stop(syscall.SIGTERM) })
	select {
	case <-seen:
	case err := <-p.done:
		p.done <- err
		t.Fatalf("ended early: %v\n%s", err, p.Text())
	case <-time.After(patience):
		t.Fatalf("not ready:\n%s", p.Text())
	}
	return p
}

func (p *Process) wrote(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log.WriteString(line + "\n")
}

// Text returns all that the program has written.
func (p *Process) Text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Signal sends a signal, and does not wait for what comes of it.
func (p *Process) Signal(signal os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
}

// Stop sends a signal and returns how the program ended.
func (p *Process) Stop(signal os.Signal) error {
	_ = p.cmd.Process.Signal(signal)
	err := <-p.done
	p.done <- err
	return err
}

// Run runs the same program with other arguments in the same environment, and returns what it
// prints.
func (p *Process) Run(args ...string) string {
	p.t.Helper()
	return Run(p.t, p.cmd.Path, p.env, args...)
}

// Run runs a program to its end and returns what it prints.
func Run(t *testing.T, binary string, env []string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v: %s%s", args, err, out, stderr.String())
	}
	return string(out)
}

// lastPort is below all ports that a system gives away by itself: one that is free stays so
// until the program takes it.
var lastPort = func() *atomic.Int32 {
	var n atomic.Int32
	n.Store(10_000 + rand.Int32N(15_000))
	return &n
}()

// FreeAddress returns an address that nobody listens on.
func FreeAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		address := fmt.Sprintf("127.0.0.1:%d", lastPort.Add(1))
		l, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		_ = l.Close()
		return address
	}
	t.Fatal("no port is free")
	return ""
}
