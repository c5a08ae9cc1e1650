package agency_test

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// tap passes everything on and counts what a client asks of PostgreSQL, by the protocol
// itself and so independently of what is counted in package agency.
type tap struct {
	dir, target string
	listener    net.Listener
	running     sync.WaitGroup
	mu          sync.Mutex
	conns       map[net.Conn]bool

	accepts, syncs, executes, parses, turns atomic.Int64
}

// counts is what a tap has seen.
type counts struct {
	Accepts, Syncs, Executes, Parses int64
	Turns                            int64 // messages of the client that make the server answer: a Sync, a Flush, a Query
}

func newTap(t *testing.T, target string) *tap {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "tap-") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	p := &tap{dir: dir, target: target, conns: map[net.Conn]bool{}}
	if p.listener, err = net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432")); err != nil {
		t.Fatal(err)
	}
	p.running.Go(p.accept)
	t.Cleanup(func() {
		_ = p.listener.Close()
		p.mu.Lock()
		for c := range p.conns {
			_ = c.Close()
		}
		p.mu.Unlock()
		p.running.Wait()
		_ = os.RemoveAll(dir)
	})
	return p
}

func (p *tap) counts() counts {
	return counts{p.accepts.Load(), p.syncs.Load(), p.executes.Load(), p.parses.Load(), p.turns.Load()}
}

func (c counts) since(before counts) counts {
	return counts{c.Accepts - before.Accepts, c.Syncs - before.Syncs, c.Executes - before.Executes,
		c.Parses - before.Parses, c.Turns - before.Turns}
}

func (p *tap) accept() {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.accepts.Add(1)
		p.running.Go(func() { p.connect(in) })
	}
}

func (p *tap) connect(in net.Conn) {
	defer in.Close()
	out, err := net.Dial("unix", p.target)
	if err != nil {
		return
	}
	defer out.Close()
	p.mu.Lock()
	p.conns[in] = true
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() {
		defer in.Close()
		defer out.Close()
		p.upstream(in, out)
	})
	both.Go(func() {
		defer in.Close()
		defer out.Close()
		_, _ = io.Copy(in, out)
	})
	both.Wait()
	p.mu.Lock()
	delete(p.conns, in)
	p.mu.Unlock()
}

// upstream reads message by message: the first has no type.
func (p *tap) upstream(in io.Reader, out io.Writer) {
	head := make([]byte, 5)
	for first := true; ; first = false {
		h := head
		if first {
			h = head[1:]
		}
		if _, err := io.ReadFull(in, h); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head[1:])-4)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		if !first {
			switch head[0] {
			case 'S':
				p.syncs.Add(1)
				p.turns.Add(1)
			case 'H', 'Q':
				p.turns.Add(1)
			case 'E':
				p.executes.Add(1)
			case 'P':
				p.parses.Add(1)
			}
		}
		if _, err := out.Write(append(h[:len(h):len(h)], body...)); err != nil {
			return
		}
	}
}
