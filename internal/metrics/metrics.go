// Package metrics counts and measures for Prometheus. docs/metrics.md lists all that there is, and
// nothing in it is about a person.
package metrics

import (
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/server"
)

// seconds are the bounds of what is timed: from a read on the same machine to the longest deadline.
var seconds = []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 1.5, 2.5, 5, 10, 30}

// Set is the metrics of one process.
type Set struct {
	registry   *prometheus.Registry
	operations *operations
	responses  *prometheus.CounterVec
	questions  *prometheus.HistogramVec
	reloads    *prometheus.CounterVec
	source     atomic.Pointer[Source]
}

// New returns a set in which nothing has happened. version is the program's.
func New(version string) *Set {
	s := &Set{
		registry: prometheus.NewRegistry(),
		responses: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "oversikt_http_responses_total",
			Help: "Answers by HTTP, by route and status.",
		}, []string{"route", "status"}),
		questions: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "oversikt_agency_question_duration_seconds", Buckets: seconds,
			Help: "How long a question to an agency took, a read or an act, by what became of it.",
		}, []string{"agency", "outcome"}),
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "oversikt_reloads_total", Help: "Reloads of the configuration, by what became of them.",
		}, []string{"outcome"}),
	}
	s.operations = newOperations(s.registry)
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "oversikt_build_info", Help: "1, with the version of the program and of Go.",
	}, []string{"version", "go"})
	info.WithLabelValues(version, runtime.Version()).Set(1)
	s.registry.MustRegister(s.responses, s.questions, s.reloads, info, source{s},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, outcome := range []string{reloaded, refused} {
		s.reloads.WithLabelValues(outcome)
	}
	return s
}

// Handler serves the metrics.
func (s *Set) Handler() http.Handler {
	return promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

// Gather is what the handler serves.
func (s *Set) Gatherer() prometheus.Gatherer { return s.registry }

// Request counts a request that was answered.
func (s *Set) Request(o server.Observed) {
	s.responses.WithLabelValues(o.Route, statuses[o.Status]).Inc()
	if o.Route == "/graphql" {
		s.operations.count(o)
	}
}

// statuses are the statuses of HTTP as texts, so that no request makes one.
var statuses = func() map[int]string {
	texts := map[int]string{0: "none"} // nobody waited for it
	for status := 100; status < 600; status++ {
		texts[status] = string([]byte{byte('0' + status/100), byte('0' + status/10%10), byte('0' + status%10)})
	}
	return texts
}()

// Question counts a question that was asked of an agency.
func (s *Set) Question(code string, outcome agency.Outcome, took time.Duration) {
	s.questions.WithLabelValues(code, string(outcome)).Observe(took.Seconds())
}

const reloaded, refused = "reloaded", "refused"

// Reload counts a reload of the configuration.
func (s *Set) Reload(done bool) {
	outcome := refused
	if done {
		outcome = reloaded
	}
	s.reloads.WithLabelValues(outcome).Inc()
}
