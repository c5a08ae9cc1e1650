package server

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// Outcome is what a request to /graphql came to.
type Outcome string

// The outcomes. PARTIAL is data beside errors, such as an agency that did not answer. REFUSED is no
// data, for a reason that lies with the request or the caller, and FAILED for one that lies with us.
const (
	Answered Outcome = "ok"
	Partial  Outcome = "partial"
	Refused  Outcome = "refused"
	Failed   Outcome = "failed"
)

// Outcomes are all outcomes.
var Outcomes = []Outcome{Answered, Partial, Refused, Failed}

// Observed is one request that has been answered. Nothing in it is about a person.
type Observed struct {
	Route     string // one of this server's, "none" for another address
	Operation string // the name that the client gave it: any text of up to 64 bytes
	Known     bool   // the caller is logged in
	Outcome   Outcome
	Status    int // of HTTP
	Took      time.Duration
}

// outcomeOf judges an answer.
func outcomeOf(status int, body *graphql.Response) Outcome {
	switch {
	case len(body.Data) > 0 && len(body.Errors) == 0:
		return Answered
	case len(body.Data) > 0:
		return Partial
	case status >= 500:
		return Failed
	}
	return Refused
}

// observed tells whoever counts requests.
func (x *exchange) observed(ctx context.Context) {
	if x.observe == nil {
		return
	}
	route := x.route
	if route == "" {
		route = "none"
	}
	x.observe(ctx, Observed{Route: route, Operation: x.operation, Known: x.known, Outcome: x.outcome, Status: x.status,
		Took: time.Since(x.started)})
}
