package tcp

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// control bounds how long sent data may stay unacknowledged: keepalive probes wait for it.
func control(network, _ string, conn syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var failed error
	err := conn.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(unanswered.Milliseconds()))
	})
	if err != nil {
		return err
	}
	return failed
}
