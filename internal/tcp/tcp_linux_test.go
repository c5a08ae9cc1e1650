package tcp_test

import (
	"net"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/oversikt/oversikt/internal/tcp"
)

// TestDial: the kernel itself gives up on a line that is dead.
func TestDial(t *testing.T) {
	t.Parallel()
	conn, err := tcp.Dial(t.Context(), "tcp", listen(t, "tcp", "127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	options := map[string]struct {
		reason            string
		level, name, want int
	}{
		"user timeout": {"what was sent is acknowledged or the line is dead", unix.IPPROTO_TCP,
			unix.TCP_USER_TIMEOUT, 10_000},
		"keepalive": {"a line on which nothing is sent is asked", unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
		"idle":      {"seconds until the first question", unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 5},
		"interval":  {"seconds between two", unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 2},
		"count":     {"unanswered questions", unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 3},
	}
	for name, o := range options {
		err := raw.Control(func(fd uintptr) {
			if got, err := unix.GetsockoptInt(int(fd), o.level, o.name); err != nil || got != o.want {
				t.Errorf("%s (%s): %d, want %d: %v", name, o.reason, got, o.want, err)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestDialUnix: a socket of the machine has no line that could die.
func TestDialUnix(t *testing.T) {
	t.Parallel()
	conn, err := tcp.Dial(t.Context(), "unix", listen(t, "unix", filepath.Join(t.TempDir(), "s")))
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
}

func listen(t *testing.T, network, address string) string {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}
