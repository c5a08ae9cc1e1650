package throttle

import (
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
	"golang.org/x/time/rate"
)

// Local limits how often each of many senders may do something on one replica. It is for work
// that only costs this replica. It forgets a sender after ten quiet minutes, and the quietest
// ones when there are very many.
type Local struct {
	every rate.Limit
	burst int
	known *expirable.LRU[string, *rate.Limiter]
}

// NewLocal returns a limit of so many times a minute.
func NewLocal(aMinute int) *Local {
	return &Local{
		every: rate.Every(time.Minute / time.Duration(aMinute)),
		burst: aMinute,
		known: expirable.NewLRU[string, *rate.Limiter](100_000, nil, 10*time.Minute),
	}
}

// Allow says whether the sender with this name, such as a network, may do it now.
func (l *Local) Allow(name string) bool {
	one, ok := l.known.Get(name)
	if !ok {
		one = rate.NewLimiter(l.every, l.burst)
		l.known.Add(name, one)
	}
	return one.Allow()
}
