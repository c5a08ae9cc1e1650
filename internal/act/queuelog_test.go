package act

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

// TestQueueLog: what the queue says of its own parts is for DEBUG, what it says of a job is not.
func TestQueueLog(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		level slog.Level
		say   func(*slog.Logger)
		want  string
	}{
		"a part": {slog.LevelInfo, func(l *slog.Logger) { l.Error("producer: Error fetching jobs") }, ""},
		"another, grouped": {slog.LevelInfo, func(l *slog.Logger) {
			l.With("a", 1).WithGroup("g").Error("leadership.Elector: x")
		}, ""},
		"a part, for DEBUG": {slog.LevelDebug, func(l *slog.Logger) { l.Error("producer: Error fetching jobs") },
			"level=DEBUG"},
		"a job": {slog.LevelInfo, func(l *slog.Logger) {
			l.Error(ofJobs+"JobExecutor: panic recovery", "err", errors.New("x"))
		}, "level=ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			tt.say(slog.New(queueLog{slog.NewTextHandler(&log, &slog.HandlerOptions{Level: tt.level})}))
			if got := log.String(); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("%q, not %q", got, tt.want)
			}
		})
	}
}
