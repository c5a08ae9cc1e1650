// Package aside computes what takes a core for long so that everybody else goes first.
package aside

import "runtime"

// Do runs compute on a thread of its own that has less priority than all others, and returns when
// it has. Whatever wakes up on its core goes first, in this program or in a database beside it:
// a system would else let it wait for milliseconds, at each of a request's many steps. A panic of
// compute is one of the caller's. It costs as much as the start of a thread.
func Do(compute func()) {
	var broken any
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { broken = recover() }()
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		yield()
		compute()
	}()
	<-done
	if broken != nil {
		panic(broken)
	}
}
