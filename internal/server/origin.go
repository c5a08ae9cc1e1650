package server

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/rs/cors"

	"github.com/oversikt/oversikt/internal/fault"
)

// origins keeps pages of other sites away from /graphql: by CORS, which tells
// browsers what they may read, and by refusing what they send all the same.
type origins struct {
	protection *http.CrossOriginProtection
	cors       *cors.Cors
}

func newOrigins(allowed []string) (*origins, error) {
	o := &origins{protection: http.NewCrossOriginProtection()}
	for _, origin := range allowed {
		if strings.ContainsAny(origin, "*@") {
			return nil, fmt.Errorf("allowed origin %q: wildcards are not allowed", origin)
		}
		if err := o.protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("allowed origin: %w", err)
		}
	}
	// rs/cors takes an empty list for "every origin".
	if len(allowed) == 0 {
		return o, nil
	}
	o.cors = cors.New(cors.Options{
		AllowedOrigins: allowed,
		AllowedMethods: []string{http.MethodPost},
		AllowedHeaders: []string{"Authorization", "Content-Type", "Accept", "Accept-Language", "X-Request-Id",
			"Traceparent", "Tracestate", "GraphQL-Require-Preflight", "Apollo-Require-Preflight",
			"Apollographql-Client-Name", "Apollographql-Client-Version", "X-Oversikt-Acting-For"},
		ExposedHeaders: []string{"Content-Disposition", "Retry-After", "WWW-Authenticate", "X-Request-Id"},
		MaxAge:         600,
	})
	return o, nil
}

func (o *origins) wrap(next http.Handler) http.Handler {
	guarded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.protection.Check(r) != nil {
			w.(*exchange).refuse(http.StatusForbidden, fault.CrossOrigin, "requests from pages of this origin are not allowed")
			return
		}
		next.ServeHTTP(w, r)
	})
	if o.cors == nil {
		return guarded
	}
	return o.cors.Handler(guarded)
}

// byScript says whether a GET was sent by a script that may read the answer: no
// link, form, image or script tag can set these headers, and a fetch from
// another site says cross-site.
func byScript(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return false
	}
	switch r.Header.Get("Sec-Fetch-Mode") {
	case "cors", "same-origin":
		return true
	case "":
		return r.Header.Get("GraphQL-Require-Preflight") != "" || r.Header.Get("Apollo-Require-Preflight") != ""
	}
	return false
}
