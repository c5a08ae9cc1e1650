// Package line puts a line of settable quality between a program and a PostgreSQL
// server: bytes pass through a real socket, late or not at all. The demo uses it to
// show what happens when an agency is slow or down.
package line

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Quality is how good the line is.
type Quality struct {
	Latency time.Duration // of one direction, added to every piece of data
	Down    bool          // connections are cut and new ones refused
	Silent  bool          // whatever is sent is lost, an end too: nobody is told. Such a connection stays so.
}

// Line listens on a unix socket and passes everything on to another one.
type Line struct {
	dir    string
	target string

	mu       sync.Mutex
	quality  Quality
	fuse     int // pieces of data until it falls silent; 0: it does not
	listener net.Listener
	down     chan struct{} // closed when the listener is
	conns    map[net.Conn]bool
	running  sync.WaitGroup
}

const socket = ".s.PGSQL.5432"

// Open starts a line to the PostgreSQL server whose unix socket is target.
func Open(target string) (*Line, error) {
	var failed error
	for _, parent := range []string{os.TempDir(), "/tmp"} { // the path of a socket must be short
		dir, err := os.MkdirTemp(parent, "oversikt-line-") // 0700: nobody else may connect
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("create folder of the line: %w", err))
			continue
		}
		l := &Line{dir: dir, target: target, conns: map[net.Conn]bool{}}
		if err = l.listen(); err == nil {
			return l, nil
		}
		failed = errors.Join(failed, err, os.RemoveAll(dir))
	}
	return nil, failed
}

// Dir returns the folder to give as host in a connection string, with port 5432.
func (l *Line) Dir() string { return l.dir }

// Quality returns how good the line is now.
func (l *Line) Quality() Quality {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.quality
}

// Set changes the line while it runs: also for connections that are open.
func (l *Line) Set(q Quality) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.quality, l.fuse = q, 0
	switch {
	case q.Down && l.listener != nil:
		l.cut()
	case !q.Down && l.listener == nil:
		return l.listen()
	}
	return nil
}

// SilenceAfter lets so many more pieces of data through, of either direction, and then none.
func (l *Line) SilenceAfter(pieces int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fuse, l.quality.Silent = pieces, pieces == 0
}

// carries says whether a piece of data gets through.
func (l *Line) carries() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	silent := l.quality.Silent
	if l.fuse > 0 {
		l.fuse--
		l.quality.Silent = silent || l.fuse == 0
	}
	return !silent
}

// Close cuts the line for good.
func (l *Line) Close() error {
	err := l.Set(Quality{Down: true})
	l.running.Wait()
	return errors.Join(err, os.RemoveAll(l.dir))
}

// listen begins to accept; it is called with mu held, or before anybody else knows l.
func (l *Line) listen() error {
	listener, err := net.Listen("unix", filepath.Join(l.dir, socket))
	if err != nil {
		return fmt.Errorf("open line: %w", err)
	}
	down := make(chan struct{})
	l.listener, l.down = listener, down
	l.running.Go(func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			l.running.Go(func() { l.connect(in, down) })
		}
	})
	return nil
}

// cut ends everything that runs; it is called with mu held.
func (l *Line) cut() {
	_ = l.listener.Close()
	l.listener = nil
	close(l.down)
	for c := range l.conns {
		_ = c.Close()
	}
}

func (l *Line) connect(in net.Conn, down <-chan struct{}) {
	defer in.Close()
	if l.Quality().Silent {
		if l.keep(down, in) {
			<-down
			l.forget(in)
		}
		return
	}
	var d net.Dialer
	out, err := d.DialContext(context.Background(), "unix", l.target)
	if err != nil {
		return
	}
	defer out.Close()
	defer l.forget(in, out)
	if !l.keep(down, in, out) {
		return
	}
	ends := make(chan struct{}, 2)
	go func() { l.pass(out, in, down); ends <- struct{}{} }()
	go func() { l.pass(in, out, down); ends <- struct{}{} }()
	<-ends
	_, _ = in.Close(), out.Close()
	<-ends
}

// keep notes what is to be cut, unless it has been cut already.
func (l *Line) keep(down <-chan struct{}, conns ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-down:
		return false
	default:
	}
	for _, c := range conns {
		l.conns[c] = true
	}
	return true
}

func (l *Line) forget(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		delete(l.conns, c)
	}
}

// pass copies until either end closes. A piece of data waits for half a round trip.
func (l *Line) pass(dst io.Writer, src io.Reader, down <-chan struct{}) {
	buf := make([]byte, 64<<10)
	for {
		n, err := src.Read(buf)
		if !l.carries() {
			<-down
			return
		}
		if n > 0 {
			if wait := l.Quality().Latency; wait > 0 {
				select {
				case <-time.After(wait):
				case <-down:
					return
				}
			}
			if _, err := dst.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
