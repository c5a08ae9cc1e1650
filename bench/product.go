package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"time"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/resolvers"
)

// newProduct wires what `oversikt serve` wires (cmd/oversikt/serve.go).
func newProduct(agencies []agency.Config, verifier *identity.Verifier, ids *model.IDs, clock func() time.Time, log *slog.Logger) (*server.Server, error) {
	server.TuneMemory()
	registry, err := agency.Open(agencies, clock, log)
	if err != nil {
		return nil, err
	}
	r := &resolvers.Resolver{Agencies: registry, IDs: ids, Solving: resolvers.NewSolving(runtime.GOMAXPROCS(0))}
	schema, err := r.Schema()
	if err != nil {
		return nil, err
	}
	return server.New(schema, server.Options{
		Logger: log,
		Around: r.Around,
		Authenticate: func(req *http.Request) (context.Context, error) {
			host, _, _ := net.SplitHostPort(req.RemoteAddr)
			ctx := resolvers.WithClient(req.Context(), host, "bench")
			p, ok, err := verifier.Authenticate(req)
			if err != nil || !ok {
				return ctx, err
			}
			return identity.NewContext(ctx, p), nil
		},
		Authenticated: func(ctx context.Context) bool {
			_, ok := identity.FromContext(ctx)
			return ok
		},
	})
}
