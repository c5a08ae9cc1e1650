package audit

// Abandon ends a log as a crash does: nothing is delivered, and the files are let go of.
func (l *Log) Abandon() error {
	l.stop()
	l.running.Wait()
	_, err := l.spool.close()
	return err
}
