package throttle

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/oversikt/oversikt/internal/fault"
)

// Limits says how often one may do something: so many times at once, and then as many again
// spread over a minute and over a day.
type Limits struct {
	PerMinute int `yaml:"perMinute" validate:"min=1,max=10000"`
	PerDay    int `yaml:"perDay" validate:"min=1,max=1000000,gtefield=PerMinute"`
}

// buckets are what is counted of who does it.
func (l Limits) buckets(what, who string) []Bucket {
	l.PerMinute, l.PerDay = max(l.PerMinute, 1), max(l.PerDay, 1)
	return []Bucket{
		{what + " a minute", who, Policy{Free: l.PerMinute, Forget: time.Minute / time.Duration(l.PerMinute)}},
		{what + " a day", who, Policy{Free: l.PerDay, Forget: 24 * time.Hour / time.Duration(l.PerDay)}},
	}
}

// Guard refuses what is done too often, and raises the alarm. It is safe for concurrent use.
type Guard struct {
	throttle *Throttle
	log      *slog.Logger

	mu      sync.Mutex
	refused map[string]int64
	said    map[string]time.Time // when there was a line
}

// mostSaid bounds what is remembered of lines: beyond it, each has one more.
const mostSaid = 10_000

// NewGuard returns a guard that counts with t.
func NewGuard(t *Throttle, log *slog.Logger) *Guard {
	return &Guard{throttle: t, log: log, refused: map[string]int64{}, said: map[string]time.Time{}}
}

// Pass counts that somebody does something once more. Beyond the limits it is RATE_LIMITED, which
// says how long to wait, and nothing is counted. Of each who, a line a minute goes into the log,
// with the attributes but without the name. The error may be ErrUnavailable too.
func (g *Guard) Pass(ctx context.Context, what, who string, l Limits, attributes ...slog.Attr) error {
	wait, err := g.throttle.Take(ctx, l.buckets(what, who)...)
	if err != nil || wait <= 0 {
		return err
	}
	if g.count(what, who) {
		g.log.LogAttrs(ctx, slog.LevelWarn, "somebody has reached a limit",
			append(attributes, slog.String("what", what), slog.Duration("wait", wait.Round(time.Second)))...)
	}
	return fault.New(fault.RateLimited, "this has been done too often: wait as long as retryAfterSeconds says").
		Wait(wait).Saying("error.TOO_OFTEN", "wait", wait)
}

// count counts a refusal, and says whether it is time for a line.
func (g *Guard) count(what, who string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refused[what]++
	now, key := g.throttle.now(), what+" "+who
	if last, ok := g.said[key]; ok && now.Sub(last) < time.Minute {
		return false
	}
	if len(g.said) >= mostSaid {
		clear(g.said)
	}
	g.said[key] = now
	return true
}

// Refused returns how often each thing was refused on this replica, for a counter.
func (g *Guard) Refused() map[string]int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return maps.Clone(g.refused)
}
