// Package leaktest runs the tests of a package and fails when they leave goroutines behind.
package leaktest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long a goroutine may take to end after the last test: goleak's own is less
// than a second, and the machine may be busy.
const patience = 30 * time.Second

// Main is for TestMain. It ends the process.
func Main(m *testing.M) {
	code := m.Run()
	if code == 0 {
		if err := settled(patience); err != nil {
			fmt.Fprintln(os.Stderr, "goroutines are left:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// settled waits until no goroutine of a test is left.
func settled(wait time.Duration) (err error) {
	for end := time.Now().Add(wait); ; {
		if err = goleak.Find(); err == nil || time.Now().After(end) {
			return err
		}
	}
}
