package audit_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oversikt/oversikt/internal/portal/audit"
)

// TestSay: a failure that lasts is a line at its begin and one at its end, with few between them.
func TestSay(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	for name, tt := range map[string]struct {
		reason string
		seen   []error // a second apart
		lasts  int     // seconds that the last of them goes on
		want   string  // E: it fails, I: it is well again
	}{
		"well":     {"nothing is said while nothing changes", []error{nil, nil, nil}, 3600, ""},
		"once":     {"begin and end", []error{nil, down, nil}, 60, "EI"},
		"a minute": {"the database restarts", []error{down}, 60, "E"},
		"an hour":  {"whoever reads the log now must see it", []error{down}, 3599, "EEEE"},
		"twice":    {"another failure is told anew", []error{down, nil, down, down, nil}, 5, "EIEI"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				c := &audit.Chain{Log: slog.New(slog.NewTextHandler(&log, nil))}
				var said time.Time
				for i := range len(tt.seen) + tt.lasts {
					said = c.Say(tt.seen[min(i, len(tt.seen)-1)], said)
					time.Sleep(time.Second)
				}
				got := ""
				for line := range strings.Lines(log.String()) {
					_, level, _ := strings.Cut(line, "level=")
					got += level[:1]
				}
				if got != tt.want {
					t.Errorf("%s: %q, not %q\n%s", tt.reason, got, tt.want, log.String())
				}
			})
		})
	}
}
