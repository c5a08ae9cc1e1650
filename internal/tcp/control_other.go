//go:build !linux

package tcp

import "syscall"

// control leaves it at keepalive: the option is Linux's.
func control(string, string, syscall.RawConn) error { return nil }
