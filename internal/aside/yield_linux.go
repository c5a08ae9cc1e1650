package aside

import "syscall"

// less is a tenth of what a thread gets that wants the same core. Least of all, 19, would let the
// collector wait where other programs have the core: it cannot begin before this thread has stopped.
const less = 10

// yield gives this thread less priority, which holds for a thread alone on Linux.
func yield() {
	if now, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0); err == nil {
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, min(20-now+less, 19))
	}
}
