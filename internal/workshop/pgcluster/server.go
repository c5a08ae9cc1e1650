package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	// patience is how long a server may take for one orderly step.
	patience = 10 * time.Second
	// startPatience also covers the recovery after a crash, and a machine that is busy.
	startPatience = 2 * time.Minute
	// tick is how often a state is looked at that nobody reports.
	tick = 5 * time.Millisecond
)

// serverArgs are the arguments of postgres. Settings go here and not into
// postgresql.conf, so that the next start may have others.
func (p *place) serverArgs() []string {
	args := []string{
		"-D", p.data,
		"-c", "listen_addresses=",
		"-c", "port=" + port,
		"-c", `unix_socket_directories="` + p.socket + `"`,
		"-c", "unix_socket_permissions=0700",
	}
	for _, name := range slices.Sorted(maps.Keys(p.settings)) {
		args = append(args, "-c", name+"="+p.settings[name])
	}
	return args
}

// server is a postmaster that is our child.
type server struct {
	pid  int
	done chan struct{} // closed when it has ended
}

// start starts the server as a child that ends with this process, and returns
// when it accepts connections.
func (p *place) start(ctx context.Context) (*server, error) {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for retry := time.Now().Add(patience); ; {
		srv, err := p.launch()
		if err != nil {
			return nil, err
		}
		err = p.waitReady(ctx, srv.pid, srv.ended)
		if err == nil {
			return srv, nil
		}
		_ = srv.stop() // it is of no use; err says why
		// After a kill -9 of the postmaster its last processes may need a
		// moment to notice; PostgreSQL rightly refuses until they are gone.
		if time.Now().After(retry) || !strings.Contains(err.Error(), "still in use") {
			return nil, err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// launch forks the server from a thread that lives until the server has ended:
// the kernel's death signal is tied to the thread, not to the process.
func (p *place) launch() (*server, error) {
	logFile, err := p.openLog()
	if err != nil {
		return nil, err
	}
	defer logFile.Close()
	cmd := p.command(context.Background(), "postgres", p.serverArgs()...)
	cmd.Stdout, cmd.Stderr = logFile, logFile
	dieWithParent(cmd.SysProcAttr)

	srv := &server{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // its log says how it ended
		}
		close(srv.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	srv.pid = cmd.Process.Pid
	return srv, nil
}

// openLog opens the server's log; the log of the last run is kept beside it.
func (p *place) openLog() (*os.File, error) {
	path := p.logPath()
	if err := os.Rename(path, path+".old"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keep old server log: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open server log: %w", err)
	}
	return f, nil
}

func (p *place) logPath() string { return filepath.Join(p.dir, "server.log") }

// waitReady returns when the postmaster has written that it is ready. A pid of
// 0 stands for whichever postmaster runs on the data folder.
func (p *place) waitReady(ctx context.Context, pid int, ended func() bool) error {
	for {
		file := p.readPidFile()
		if file.ready && (pid == 0 || file.pid == pid) {
			return nil
		}
		if ended() {
			text, _ := os.ReadFile(p.logPath()) // no log, no reason to show
			return fmt.Errorf("postgres ended at start: %s", lastLines(string(text)))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for postgres to start: %w", ctx.Err())
		case <-time.After(tick):
		}
	}
}

func (s *server) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

func (s *server) stop() error { return stop(s.pid, s.ended) }

// stop ends a postmaster: in order, then at once, then by force. The last two
// lose nothing that was committed; the next start recovers it.
func stop(pid int, ended func() bool) error {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		if ended() {
			return nil
		}
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("signal process %d: %w", pid, err)
		}
		for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(tick) {
			if ended() {
				return nil
			}
		}
	}
	return fmt.Errorf("process %d does not end", pid)
}

// lastLines is the end of a program's output, fit for an error message.
func lastLines(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(lines[max(0, len(lines)-6):], "; ")
}
