package aside

import (
	"runtime"
	"syscall"
	"testing"
)

// TestDo: what is computed has less priority, and nobody else.
func TestDo(t *testing.T) {
	t.Parallel()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	priority := func() int {
		now, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
		if err != nil {
			t.Error(err)
		}
		return now // 20 less what nice says
	}
	usual, inside, started := priority(), 0, 0
	want := max(usual-less, 1)
	Do(func() {
		inside = priority()
		done := make(chan struct{})
		go func() {
			runtime.LockOSThread() // it needs a thread, which may have been made just now
			defer runtime.UnlockOSThread()
			started = priority()
			close(done)
		}()
		<-done
	})
	if inside != want || started != usual || priority() != usual {
		t.Errorf("priority %d inside, %d of what it starts and %d afterwards; want %d, and %d", inside, started, priority(),
			want, usual)
	}
}

// TestPanic: a panic is the caller's, who may recover.
func TestPanic(t *testing.T) {
	t.Parallel()
	defer func() {
		if broken := recover(); broken != "broken" {
			t.Errorf("recovered %v", broken)
		}
	}()
	Do(func() { panic("broken") })
	t.Error("it went on")
}
