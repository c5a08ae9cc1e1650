//go:build !linux

package pgcluster

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent does nothing: only Linux tells a child that its parent ended.
// The next Open stops what was left.
func dieWithParent(*syscall.SysProcAttr) {}

// isPostmaster reports whether pid is a live postgres on this data folder.
func isPostmaster(pid int, data string) bool {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "postgres -D "+data+" ")
}
