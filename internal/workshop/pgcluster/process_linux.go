package pgcluster

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// dieWithParent makes the kernel shut the server down, in the fast way, when
// the thread that started it ends. The caller must keep that thread.
func dieWithParent(attr *syscall.SysProcAttr) {
	attr.Pdeathsig = syscall.SIGINT
}

// isPostmaster reports whether pid is a live postgres on this data folder. It
// reads the command line, which root may do for any user even in a container
// without ptrace rights; a zombie has an empty one.
func isPostmaster(pid int, data string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return false
	}
	args := bytes.Split(line, []byte{0})
	named := filepath.Base(string(args[0]))
	i := slices.IndexFunc(args, func(a []byte) bool { return string(a) == "-D" })
	return (named == "postgres" || named == "postmaster") &&
		i > 0 && i+1 < len(args) && string(args[i+1]) == data
}
