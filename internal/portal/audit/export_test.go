package audit

import (
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/oversikt/oversikt/internal/portal"
)

// Abandon ends a log as a crash does: nothing is delivered, and the files are let go of.
func (l *Log) Abandon() error {
	l.stop()
	l.running.Wait()
	held := append([]*file{l.spool.active}, l.spool.sealed...)
	// A process that begins just now has inherited the files, and their locks, until it runs: it is
	// waited for, while no other begins.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	_, err := l.spool.close()
	for _, f := range held {
		if f != nil {
			err = errors.Join(err, unlocked(f.path))
		}
	}
	return err
}

func unlocked(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_EX), f.Close())
}

// Marked returns an entry as the service makes it.
func Marked(e Entry, secret *portal.Secret) Entry { return e.marked(secret) }

// Say logs a failure, or its end.
func (c *Chain) Say(err error, said time.Time) time.Time { return c.say(err, said) }
