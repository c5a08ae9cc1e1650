package pgtest

import (
	"os"
	"syscall"
)

const (
	memory  = "/dev/shm"
	isTmpfs = 0x01021994 // statfs(2)
	enough  = 4 << 30    // bytes: what all tests have at once is a tenth of that
)

// parent is where the shared server's folder lies: in memory where there is plenty, for a copy of
// a template is some 450 files, which takes a disk three times as long. TMPDIR decides otherwise.
func parent() string {
	var fs syscall.Statfs_t
	if os.Getenv("TMPDIR") == "" && syscall.Statfs(memory, &fs) == nil && fs.Type == isTmpfs &&
		fs.Bavail*uint64(fs.Bsize) >= enough {
		return memory
	}
	return os.TempDir()
}
