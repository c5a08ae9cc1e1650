package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/retention"
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
	stop     func() // what runs beside requests; nil before it was started
}

func (s *service) close() {
	if s.stop != nil {
		s.stop()
	}
	s.agencies.Close()
	s.portal.Close()
}

// caseStatusAMinute is how many case numbers one address may ask for without login.
const caseStatusAMinute = 10

// archivesAMinute is how often a person may have an archive of their data made.
const archivesAMinute = 3

func newService(conf config, opts server.Options, log *slog.Logger) (*service, error) {
	ids, err := conf.ids()
	if err != nil {
		return nil, err
	}
	verifier, err := identity.NewVerifier(conf.Issuers, time.Now, nil)
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
	s := &service{agencies: agencies, portal: pool, secret: secret}
	r := &resolvers.Resolver{Agencies: agencies, IDs: ids, Limit: resolvers.NewPerClient(caseStatusAMinute), Solving: resolvers.NewSolving(runtime.GOMAXPROCS(0))}
	archives := resolvers.NewPerClient(archivesAMinute)
	r.Privacy = privacy.New(privacy.Options{
		Agencies: agencies, Pool: pool, Secret: secret, Clock: time.Now, Log: log,
		Allow: func(ctx context.Context, reference []byte) bool {
			return archives.Allow(resolvers.WithClient(ctx, string(reference)))
		},
	})
	opts.Downloads = map[string]server.Download{"/personal-data": personalData(r.Privacy)}
	opts.Authenticate = authenticate(verifier, trusted)
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
	if s.server, err = server.New(r.Schema(), opts); err != nil {
		s.close()
		return nil, err
	}
	s.keepSchedule(log)
	return s, nil
}

// keepSchedule keeps the retention schedule until the service is closed.
func (s *service) keepSchedule(log *slog.Logger) {
	ctx, cancel := context.WithCancel(context.Background())
	job := retention.Job{Pool: s.portal, Clock: time.Now, Log: log}
	var running sync.WaitGroup
	running.Go(func() { job.Keep(ctx) })
	s.stop = func() {
		cancel()
		running.Wait()
	}
}

// personalData hands a person everything that is registered on them.
func personalData(s *privacy.Service) server.Download {
	return server.Download{Name: "personal-data.zip", MediaType: "application/zip", Make: func(ctx context.Context, query url.Values) ([]byte, error) {
		p, _ := identity.FromContext(ctx)
		var language *debt.Language
		if asked := query["language"]; len(asked) > 0 {
			l := debt.Language(asked[0])
			if len(asked) > 1 || !slices.Contains(debt.Languages, l) {
				return nil, fault.Invalid("language", "language is one of nb, nn, en")
			}
			language = &l
		}
		return s.Archive(ctx, p, language)
	}}
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
