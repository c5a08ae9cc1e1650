package agency

import (
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
)

// TestOutOfFiles: only what this machine lacks is no fault of an agency's.
func TestOutOfFiles(t *testing.T) {
	t.Parallel()
	for errno, want := range map[syscall.Errno]bool{
		syscall.EMFILE: true, syscall.ENFILE: true, syscall.ECONNREFUSED: false, syscall.ENOENT: false,
	} {
		err := fmt.Errorf("connect: %w", &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", errno)})
		if outOfFiles(err) != want {
			t.Errorf("%v: %t", errno, !want)
		}
	}
}
