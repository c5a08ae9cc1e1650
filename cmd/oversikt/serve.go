package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/acceptance"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/attorney"
	"github.com/oversikt/oversikt/internal/audit"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/letter"
	"github.com/oversikt/oversikt/internal/offer"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/retention"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/server/playground"
	"github.com/oversikt/oversikt/internal/session"
	"github.com/oversikt/oversikt/internal/throttle"
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
	log      *audit.Log
	stop     func() // what runs beside the server
}

func (s *service) close() {
	s.stop()
	if s.log != nil {
		ctx, cancel := context.WithTimeout(context.Background(), deliverTime)
		defer cancel()
		_ = s.log.Close(ctx) // it has said what is left in the spool
	}
	s.agencies.Close()
	s.portal.Close()
}

// tellEvery is how often it is looked whether an agency is to be told of something.
const tellEvery = 5 * time.Second

// deliverTime is how long the end waits for the access log's last entries to be delivered.
const deliverTime = 3 * time.Second

// loginsAMinute is how often one address may come by /auth/login and /auth/callback, which
// is twice for a login. Many people can share an address.
const loginsAMinute = 60

// archivesAMinute is how often a person may have an archive of their data made.
const archivesAMinute = 3

// documentsAMinute is how many documents one caller may have a minute, each of up to 5 MiB.
const documentsAMinute = 30

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
	acceptances, err := acceptance.New(acceptance.Options{
		Portal: pool, Secret: secret, Agencies: agencies, Reads: offer.Relations, Clock: time.Now, Log: log,
		Fingerprint: func(part debt.Part) []byte { return offer.Fingerprint(part, agencies.Today()) },
	})
	if err != nil {
		s.close()
		return nil, err
	}
	if s.log, err = audit.Open(audit.Options{Pool: pool, Dir: conf.AccessLog, Now: time.Now, Log: log}); err != nil {
		s.close()
		return nil, err
	}
	recorder := &resolvers.Recorder{Log: s.log, Secret: secret, Now: time.Now, Request: server.RequestID}
	logins := throttle.NewLocal(loginsAMinute)
	sessions, err := session.New(session.Options{
		Pool: pool, Secret: secret, Limits: conf.Sessions, Login: conf.Login, Issuers: conf.Issuers, Logger: log,
		Allow: func(r *http.Request) bool { return logins.Allow(throttle.Network(trusted.client(r))) },
		Record: func(ctx context.Context, p identity.Principal, action session.Action) error {
			return recorder.Act(ctx, p, string(action), nil)
		},
	})
	if err != nil {
		s.close()
		return nil, err
	}
	powers := attorney.New(attorney.Options{Pool: pool, Secret: secret, Agencies: agencies, Logger: log, Signing: signing(conf.Issuers)})
	r := &resolvers.Resolver{
		Agencies: agencies, IDs: ids, Desk: letter.NewDesk(agencies, throttle.New(pool, secret, time.Now), log),
		Solving: resolvers.NewSolving(runtime.GOMAXPROCS(0)), Acceptances: acceptances, Powers: powers,
	}
	r.Desk.Refused, r.Recorder, opts.Release = recorder.Refused, recorder, r.Release
	opts.Authenticate = acting(r, authenticate(verifier, sessions, trusted))
	opts.Mounts = maps.Clone(opts.Mounts)
	if opts.Mounts == nil {
		opts.Mounts = map[string]http.Handler{}
	}
	for pattern, handler := range sessions.Handlers() {
		opts.Mounts[pattern] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			handler.ServeHTTP(w, r.WithContext(withClient(r, trusted)))
		})
	}
	archives := throttle.NewLocal(archivesAMinute)
	r.Privacy = privacy.New(privacy.Options{
		Agencies: agencies, Pool: pool, Secret: secret, Powers: powers, Clock: time.Now, Log: log,
		Allow: func(reference []byte) bool { return archives.Allow(string(reference)) },
		Record: func(ctx context.Context, p identity.Principal, agencies []string) error {
			return recorder.Act(ctx, p, "personalDataExport", agencies)
		},
	})
	documents := throttle.NewLocal(documentsAMinute)
	opts.Downloads = map[string]server.Download{
		"/personal-data": personalData(r.Privacy),
		"/power-of-attorney-document": powerDocument(r, func(p identity.Principal) bool {
			return documents.Allow(nameOf(p))
		}),
	}
	opts.Caller = func(ctx context.Context) string {
		p, _ := identity.FromContext(ctx)
		return nameOf(p)
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
	var beside sync.WaitGroup
	beside.Go(func() { sessions.Run(ctx) })
	beside.Go(func() { acceptances.Run(ctx) })
	beside.Go(func() { (&retention.Job{Pool: pool, Clock: time.Now, Log: log}).Keep(ctx) })
	beside.Go(func() { powers.Run(ctx, time.Tick(tellEvery)) })
	s.stop = func() {
		stop()
		beside.Wait()
	}
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

// nameOf tells callers apart, where no one reads it: it may be a national identity number.
func nameOf(p identity.Principal) string {
	if p.NationalID.IsZero() {
		return p.Issuer + p.Subject // of staff
	}
	return p.NationalID.Reveal()
}

// authenticate takes a session or a token; the session refuses a request with both.
func authenticate(v *identity.Verifier, sessions *session.Manager, trusted proxies) func(*http.Request) (context.Context, error) {
	return func(r *http.Request) (context.Context, error) {
		ctx := withClient(r, trusted)
		ctx, err := sessions.Authenticate(ctx, server.ResponseHeader(ctx), r)
		if err != nil {
			return ctx, err
		}
		p, ok, err := v.Authenticate(r)
		if err != nil || !ok {
			return ctx, err
		}
		return identity.NewContext(ctx, p), nil
	}
}

func withClient(r *http.Request, trusted proxies) context.Context {
	program := audit.ClientName(r.Header.Get(session.ClientHeader), r.UserAgent())
	return resolvers.WithClient(r.Context(), trusted.client(r), program)
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
