package act

import (
	"context"
	"log/slog"
	"strings"
)

// queueLog is a log for the job queue. While the database is down, the queue's own parts say so twice a second, each in
// its words; who looks at the database says it once. So theirs is for DEBUG, but what is said of a job keeps its level.
type queueLog struct{ slog.Handler }

const ofJobs = "jobexecutor." // begins what the queue says of a job

// Handle implements [slog.Handler].
func (l queueLog) Handle(ctx context.Context, r slog.Record) error {
	if !strings.HasPrefix(r.Message, ofJobs) {
		if r.Level = slog.LevelDebug; !l.Enabled(ctx, r.Level) {
			return nil
		}
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (l queueLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return queueLog{l.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (l queueLog) WithGroup(name string) slog.Handler { return queueLog{l.Handler.WithGroup(name)} }
