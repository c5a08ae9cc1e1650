package service

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/metrics"
)

// countEvery is how long a count of acts holds: the metrics may be read by several, and often.
const countEvery = 15 * time.Second

// measure makes a set of metrics tell how the service is doing.
func (s *Service) measure(set *metrics.Set) {
	s.agencies.Observe(set.Question)
	backlog := &backlog{count: s.engine.Backlog}
	set.Use(metrics.Source{
		Health: s.health.Report, Agencies: s.agencies.Stats, Portal: s.portal.Jobs().Stat, Log: s.log.Stats,
		Solving:  s.solving.Load,
		Refusals: func() (letter, browser int64) { return s.desk.Refusals(), s.sessions.Refusals() },
		Backlog:  backlog.latest,
	})
}

const metricsTime = 10 * time.Second

// serveMetrics serves the metrics on an address of their own, until end is called.
func serveMetrics(address string, set *metrics.Set) (end func(), err error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", set.Handler())
	served := &http.Server{Handler: mux, ReadTimeout: metricsTime, WriteTimeout: metricsTime}
	go func() { _ = served.Serve(listener) }() // until it is closed
	return func() { _ = served.Close() }, nil
}

// backlog remembers a count of acts for a moment.
type backlog struct {
	count func(context.Context) (act.Backlog, error)

	mu    sync.Mutex
	at    time.Time
	last  act.Backlog
	known bool
}

func (b *backlog) latest() (act.Backlog, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.at) < countEvery {
		return b.last, b.known
	}
	counted, err := b.count(context.Background()) // it takes as long as a request may wait
	b.at, b.last, b.known = time.Now(), counted, err == nil
	return b.last, b.known
}
