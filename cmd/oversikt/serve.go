package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/attorney"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/server/playground"
	"github.com/oversikt/oversikt/resolvers"
)

type serveCommand struct {
	Config string `required:"" type:"existingfile" help:"The configuration file." env:"OVERSIKT_CONFIG"`
}

// Run serves until the context ends.
func (c *serveCommand) Run(ctx context.Context) error {
	conf, err := readConfig(c.Config)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	slog.SetDefault(log)
	opts := server.Options{
		Introspection: conf.Introspection, AllowedOrigins: conf.AllowedOrigins, PersistedQueries: conf.PersistedQueries,
		DrainDelay: conf.DrainDelay, Logger: log,
	}
	if conf.Playground {
		opts.Playground = playground.Handler(playground.Config{})
	}
	s, err := newService(conf, opts, log)
	if err != nil {
		return err
	}
	defer s.close()
	listener, err := net.Listen("tcp", conf.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	log.Info("serving", "address", "http://"+listener.Addr().String())
	return s.server.Serve(ctx, listener)
}

// service is everything that answers requests.
type service struct {
	agencies *agency.Registry
	portal   *pgxpool.Pool
	secret   *portal.Secret
	server   *server.Server

	stop       func()
	background sync.WaitGroup
}

func (s *service) close() {
	s.stop()
	s.background.Wait()
	s.agencies.Close()
	s.portal.Close()
}

// tellEvery is how often it is looked whether an agency is to be told of something.
const tellEvery = 5 * time.Second

// caseStatusAMinute is how many case numbers one address may ask for without login.
const caseStatusAMinute = 10

func newService(conf config, opts server.Options, log *slog.Logger) (*service, error) {
	ids, err := conf.ids()
	if err != nil {
		return nil, err
	}
	verifier, err := identity.NewVerifier(conf.issuers(), time.Now, nil)
	if err != nil {
		return nil, err
	}
	trusted, err := parseProxies(conf.TrustedProxies)
	if err != nil {
		return nil, err
	}
	secret, err := conf.secret()
	if err != nil {
		return nil, err
	}
	pool, err := portal.Open(conf.Portal)
	if err != nil {
		return nil, err
	}
	agencies, err := agency.Open(conf.Agencies, time.Now, log)
	if err != nil {
		pool.Close()
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &service{agencies: agencies, portal: pool, secret: secret, stop: stop}
	powers := attorney.New(attorney.Options{Pool: pool, Secret: secret, Agencies: agencies, Logger: log, Signing: signing(conf.Issuers)})
	r := &resolvers.Resolver{
		Agencies: agencies, IDs: ids, Limit: resolvers.NewPerClient(caseStatusAMinute),
		Solving: resolvers.NewSolving(runtime.GOMAXPROCS(0)), Powers: powers,
	}
	opts.Authenticate = acting(r, authenticate(verifier, trusted))
	opts.Authenticated = func(ctx context.Context) bool {
		_, ok := identity.FromContext(ctx)
		return ok
	}
	around := opts.Around
	opts.Around = func(ctx context.Context) context.Context {
		if around != nil {
			ctx = around(ctx)
		}
		return r.Around(ctx)
	}
	schema, err := r.Schema()
	if err == nil {
		s.server, err = server.New(schema, opts)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	s.background.Go(func() { powers.Run(ctx, time.Tick(tellEvery)) })
	return s, nil
}

// signing returns the assurance levels that suffice to sign, by issuer. Staff signs nothing.
func signing(issuers []identity.Config) map[string][]string {
	levels := map[string][]string{}
	for _, i := range issuers {
		levels[i.Issuer] = i.SigningACR
		if len(i.SigningACR) == 0 {
			levels[i.Issuer] = i.AcceptedACR
		}
	}
	return levels
}

func authenticate(v *identity.Verifier, trusted proxies) func(*http.Request) (context.Context, error) {
	return func(r *http.Request) (context.Context, error) {
		ctx := resolvers.WithClient(r.Context(), trusted.client(r))
		p, ok, err := v.Authenticate(r)
		if err != nil || !ok {
			return ctx, err
		}
		return identity.NewContext(ctx, p), nil
	}
}

// acting makes callers act under the power of attorney that they name. Who names none waits
// for nothing.
func acting(resolver *resolvers.Resolver, authenticate func(*http.Request) (context.Context, error)) func(*http.Request) (context.Context, error) {
	return func(r *http.Request) (context.Context, error) {
		ctx, err := authenticate(r)
		named := r.Header[attorney.Header]
		if err != nil || named == nil {
			return ctx, err
		}
		p, _ := identity.FromContext(ctx)
		if p, err = resolver.ActingFor(ctx, p, named); err != nil {
			return ctx, err
		}
		return identity.NewContext(ctx, p), nil
	}
}
