package throttle_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/throttle"
)

// TestGuard: two replicas count together, a day is a limit of its own, and the alarm names nobody.
func TestGuard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	replicas := []*throttle.Guard{throttle.NewGuard(w.replica(), logger), throttle.NewGuard(w.replica(), logger)}
	limits := throttle.Limits{PerMinute: 3, PerDay: 7}
	pass := func(i int) (ok bool) {
		t.Helper()
		err := replicas[i%2].Pass(t.Context(), "look", "ola", limits, slog.String("agency", "fjord"))
		if err != nil && fault.Of(err).Code != fault.RateLimited {
			t.Fatal(err)
		}
		return err == nil
	}
	passed := 0
	for i := range 20 {
		if pass(i) {
			passed++
		}
	}
	if passed != 3 {
		t.Errorf("%d at once, not 3", passed)
	}
	for i := range 30 {
		w.now.Add(int64(time.Minute))
		if pass(i) {
			passed++
		}
	}
	if passed != 7 {
		t.Errorf("%d in half an hour, not 7", passed)
	}
	var f *fault.Error
	if err := replicas[0].Pass(t.Context(), "look", "ola", limits); !errors.As(err, &f) || f.After < 60 {
		t.Errorf("the wait is not said: %v", err)
	}
	if err := replicas[0].Pass(t.Context(), "look", "kari", limits); err != nil {
		t.Errorf("somebody else waits: %v", err)
	}
	// One line each in the first minute, and one for each minute that one of them refuses in.
	if n := strings.Count(log.String(), "somebody has reached a limit"); n != 2+26+1 ||
		!strings.Contains(log.String(), "agency=fjord") || strings.Contains(log.String(), "ola") {
		t.Errorf("%d lines: %s", n, log.String())
	}
	if n := replicas[0].Refused()["look"] + replicas[1].Refused()["look"]; n != 44 {
		t.Errorf("%d are counted as refused, not 44", n)
	}
}
