package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/resolvers"
)

// product is the parts that both servers share.
type product struct {
	setup
	verifier *token.Verifier
	ids      *model.IDs
	clock    func() time.Time
	log      *slog.Logger
}

// open wires what `oversikt serve` wires (cmd/internal/service) as far as a query comes by
// it: sessions and powers of attorney are looked for, and the look is in the access log.
func (p product) open() (*server.Server, error) {
	registry, err := agency.Open(p.Agencies, p.clock, p.log)
	if err != nil {
		return nil, err
	}
	pool, err := portal.Open(p.Portal, patience)
	if err != nil {
		return nil, err
	}
	secret, err := portal.NewSecret(make([]byte, portal.SecretSize))
	if err != nil {
		return nil, err
	}
	sessions, err := session.New(session.Options{Portal: pool, Secret: secret, Limits: session.DefaultLimits,
		Logger: p.log})
	if err != nil {
		return nil, err
	}
	looks, err := audit.Open(audit.Options{Portal: pool, Secret: secret, Dir: p.AccessLog, Now: time.Now, Log: p.log})
	if err != nil {
		return nil, err
	}
	engine, err := act.New(act.Options{Portal: pool, Secret: secret, Agencies: registry, Clock: time.Now, Log: p.log})
	if err != nil {
		return nil, err
	}
	r := &resolvers.Resolver{
		Agencies: registry, IDs: p.ids, Solving: resolvers.NewSolving(),
		Engine: engine, Plans: resolvers.NewPlans(time.Now),
		Powers: attorney.New(attorney.Options{Portal: pool, Secret: secret, Agencies: registry, Logger: p.log}),
		Recorder: &audit.Recorder{Log: looks, Secret: secret, Now: time.Now, Request: server.RequestID,
			Client: resolvers.Program},
	}
	schema, err := r.Schema()
	if err != nil {
		return nil, err
	}
	return server.New(schema, server.Options{
		Logger:       p.log,
		Around:       r.Around,
		Early:        resolvers.Early,
		Release:      r.Release,
		Authenticate: authenticate(p.verifier, sessions, r),
		Caller: func(ctx context.Context) string {
			p, _ := caller.FromContext(ctx)
			return string(p.Kind) + p.NationalID.Reveal() + p.Subject
		},
	})
}

func authenticate(v *token.Verifier, sessions *session.Manager,
	resolver *resolvers.Resolver) func(*http.Request) (context.Context, error) {
	return func(r *http.Request) (context.Context, error) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		ctx := resolvers.WithClient(r.Context(), host, audit.ClientName(r.Header.Get(session.ClientHeader), r.UserAgent()))
		ctx, confirm, err := sessions.AuthenticateEarly(ctx, server.ResponseHeader(ctx), r)
		if err != nil {
			return ctx, err
		}
		ctx = server.Provided(ctx, confirm)
		p, ok, err := v.Authenticate(r)
		if err != nil {
			return ctx, err
		}
		if ok {
			ctx = caller.NewContext(ctx, p)
		}
		return resolver.Acting(ctx, r.Header)
	}
}
