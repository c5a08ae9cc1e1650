package server

import (
	"encoding/json"
	"maps"
	"net/http"

	"github.com/oversikt/oversikt/internal/fault"
)

// Health is whether requests should come here, and why.
type Health struct {
	Ready bool // something can be answered
	Well  bool // nothing is the matter
	// Parts are what stands beside the status, by name, for anybody to read.
	Parts map[string]any

	draining bool
}

// health is how this server is now.
func (s *Server) health() Health {
	h := Health{Ready: true, Well: true}
	if s.opts.Health != nil {
		h = s.opts.Health()
	}
	if s.draining.Load() {
		h.Ready, h.draining = false, true
	}
	return h
}

// alive is that the process lives, whatever else is the matter.
func (s *Server) alive() Health {
	h := Health{Ready: true, Well: true}
	if s.opts.Version != "" {
		h.Parts = map[string]any{"version": s.opts.Version}
	}
	return h
}

// status is one word for how it is.
func (h Health) status() string {
	switch {
	case h.draining:
		return "draining"
	case !h.Ready:
		return "unavailable"
	case !h.Well:
		return "degraded"
	}
	return "ok"
}

// serveHealth answers a probe: a load balancer looks at the status code, and people at the body.
func (s *Server) serveHealth(x *exchange, r *http.Request, h Health) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		x.Header()["Allow"] = []string{"GET, HEAD"}
		x.refuse(http.StatusMethodNotAllowed, fault.MethodNotAllowed, "the method is not allowed here")
		return
	}
	status, told := http.StatusOK, map[string]any{"status": h.status()}
	maps.Copy(told, h.Parts)
	if !h.Ready {
		status = http.StatusServiceUnavailable
	}
	body, err := json.Marshal(told)
	if err != nil {
		x.refuse(http.StatusInternalServerError, fault.Internal, internalMessage)
		return
	}
	x.write(status, contentTypeJSON, body)
}
