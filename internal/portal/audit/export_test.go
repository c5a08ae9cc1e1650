package audit

import (
	"time"

	"github.com/oversikt/oversikt/internal/portal"
)

// Abandon ends a log as a crash does: nothing is delivered, and the files are let go of.
func (l *Log) Abandon() error {
	l.stop()
	l.running.Wait()
	_, err := l.spool.close()
	return err
}

// Marked returns an entry as the service makes it.
func Marked(e Entry, secret *portal.Secret) Entry { return e.marked(secret) }

// Say logs a failure, or its end.
func (c *Chain) Say(err error, said time.Time) time.Time { return c.say(err, said) }
