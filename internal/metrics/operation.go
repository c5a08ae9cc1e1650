package metrics

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/oversikt/oversikt/internal/server"
)

const (
	mostOperations = 100 // names of operations: each costs some twenty time series
	mostDigits     = 4   // in a row in a name: more could be anybody's number
	other          = "other"
	anonymous      = "anonymous"
)

// operations counts requests by the name of the operation. Clients choose that name, so it is shown
// for the first hundred names that somebody who is logged in has used with success, and everything else
// is other.
type operations struct {
	total *prometheus.CounterVec
	took  *prometheus.HistogramVec

	mu    sync.RWMutex
	known map[string]*operation
}

// operation is one name.
type operation struct {
	total map[server.Outcome]prometheus.Counter
	took  prometheus.Observer
}

func newOperations(registry prometheus.Registerer) *operations {
	o := &operations{
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "oversikt_requests_total",
			Help: "Requests to /graphql, by the operation's name and by what became of them.",
		}, []string{"operation", "outcome"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "oversikt_request_duration_seconds", Buckets: seconds,
			Help: "How long requests to /graphql took, by the operation's name.",
		}, []string{"operation"}),
		known: map[string]*operation{},
	}
	registry.MustRegister(o.total, o.took)
	o.add(other)
	o.add(anonymous)
	return o
}

func (o *operations) add(name string) *operation {
	added := &operation{total: map[server.Outcome]prometheus.Counter{}, took: o.took.WithLabelValues(name)}
	for _, outcome := range server.Outcomes {
		added.total[outcome] = o.total.WithLabelValues(name, string(outcome))
	}
	o.known[name] = added
	return added
}

func (o *operations) count(r server.Observed) {
	of := o.of(r)
	of.took.Observe(r.Took.Seconds())
	if counter := of.total[r.Outcome]; counter != nil {
		counter.Inc()
	}
}

// of returns what a request counts as.
func (o *operations) of(r server.Observed) *operation {
	name := r.Operation
	if name == "" {
		name = anonymous
	}
	o.mu.RLock()
	of := o.known[name]
	o.mu.RUnlock()
	switch {
	case of != nil:
		return of
	case !r.Known || r.Outcome != server.Answered || !plain(name):
		name = other
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if of = o.known[name]; of == nil && len(o.known) < mostOperations+2 {
		return o.add(name)
	} else if of != nil {
		return of
	}
	return o.known[other]
}

// plain says that a name neither can be a number of somebody nor had one, which the server has left out.
func plain(name string) bool {
	digits := 0
	for i := range len(name) {
		if name[i] == '#' {
			return false
		} else if name[i] < '0' || name[i] > '9' {
			digits = 0
		} else if digits++; digits > mostDigits {
			return false
		}
	}
	return true
}
