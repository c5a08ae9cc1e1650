// Package service wires the parts into the one thing that answers requests, for the
// programs of this folder: it decides nothing of the domain.
package service

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"sync"
	"time"

	"gocloud.dev/blob"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/act/household"
	"github.com/oversikt/oversikt/internal/act/receipt"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/book"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/health"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/portal/retention"
	"github.com/oversikt/oversikt/internal/portal/search"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/resolvers"
)

// Service is everything that answers requests.
type Service struct {
	agencies *agency.Registry
	portal   *portal.DB
	secret   *portal.Secret
	bucket   *blob.Bucket // what people hand in; nil: nothing is served
	server   *server.Server
	log      *audit.Log
	health   *health.Watch
	engine   *act.Engine
	desk     *letterlogin.Desk
	sessions *session.Manager
	solving  *resolvers.Solving
	clock    func() time.Time
	jobs     []func(context.Context) // that run beside the server
	stop     func()                  // ends them
}

// Close ends what runs beside the server, hands over what the access log still has, and
// closes the databases.
func (s *Service) Close() {
	s.stop()
	if s.log != nil {
		ctx, cancel := context.WithTimeout(context.Background(), deliverTime)
		defer cancel()
		_ = s.log.Close(ctx) // it has said what is left in the spool
	}
	s.agencies.Close()
	s.portal.Close()
	if s.bucket != nil {
		_ = s.bucket.Close()
	}
}

// tellEvery is how often it is looked whether an agency is to be told of a power of attorney that
// was given before.
const tellEvery = time.Minute

// deliverTime is how long the end waits for the access log's last entries to be delivered.
const deliverTime = 3 * time.Second

// loginsAMinute is how often one address may call /auth/login and /auth/callback; a login takes
// two calls. Many people can share an address.
const loginsAMinute = 60

// callsAMinute is how often one address may call anything below /auth: a page asks for its session
// every minute.
const callsAMinute = 600

// archivesAMinute is how often a person may have an archive of their data made.
const archivesAMinute = 3

// New makes the service that a configuration describes. opts says what the configuration does
// not: what the service logs to, and what is mounted beside it. It does not wait for any
// database; the error is about the configuration.
func New(conf Config, opts server.Options, log *slog.Logger) (*Service, error) {
	return newAt(time.Now, conf, opts, log)
}

func newAt(clock func() time.Time, conf Config, opts server.Options, log *slog.Logger) (*Service, error) {
	s, err := open(clock, conf, log)
	if err != nil {
		return nil, err
	}
	if s.log, err = audit.Open(audit.Options{Portal: s.portal, Secret: s.secret, Dir: conf.AccessLog, Now: clock,
		Log: log}); err == nil {
		s.bucket, err = conf.bucket(context.Background())
	}
	if err == nil {
		err = s.wire(conf, opts, log)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	s.sayFiles(log)
	s.runBeside()
	return s, nil
}

// Check makes the service that a configuration describes, and looks at its databases once. It
// answers nothing, writes nothing, and does nothing else that the service does. The error is
// about the configuration.
func Check(ctx context.Context, conf Config, opts server.Options) (health.Report, error) {
	log := slog.New(slog.DiscardHandler)
	s, err := open(time.Now, conf, log)
	if err != nil {
		return health.Report{}, err
	}
	defer s.Close()
	if err := s.wire(conf, opts, log); err != nil {
		return health.Report{}, err
	}
	return s.health.Look(ctx), nil
}

// open makes what the service stands on.
func open(clock func() time.Time, conf Config, log *slog.Logger) (*Service, error) {
	lawful, err := conf.agencies()
	if err != nil {
		return nil, err
	}
	own, secret, err := OpenPortal(conf)
	if err != nil {
		return nil, err
	}
	agencies, err := agency.Open(lawful, clock, log)
	if err != nil {
		own.Close()
		return nil, err
	}
	return &Service{agencies: agencies, portal: own, secret: secret, stop: func() {},
		health: health.New(health.Options{Portal: own, Needs: migrate.Newest(), Agencies: agencies, Every: conf.HealthEvery,
			Log: log, Clock: clock}), clock: clock,
	}, nil
}

// OpenPortal returns the portal database, which takes the keys of the configuration alone, and the
// secret that they make.
func OpenPortal(conf Config) (*portal.DB, *portal.Secret, error) {
	secret, ids, err := conf.rings()
	if err != nil {
		return nil, nil, err
	}
	db, err := portal.Open(conf.Portal, conf.PortalDeadline)
	if err != nil {
		return nil, nil, err
	}
	db.Guard(secret, UnderKey(), ids)
	return db, secret, nil
}

// CheckKeys says, before requests are answered, whether the portal database takes the keys, and
// whether its texts can be read. The error is portal.ErrKey or portal.ErrEncoding. A database that
// is down is asked again when it is back, by each new connection.
func (s *Service) CheckKeys(ctx context.Context, log *slog.Logger) error {
	uses, err := s.portal.Keys(ctx)
	if errors.Is(err, portal.ErrKey) || errors.Is(err, portal.ErrEncoding) {
		return err
	}
	if err != nil {
		log.Warn("keys: the portal database cannot be asked whether it takes them", "cause", err)
	}
	for _, u := range uses {
		switch {
		case u.Place == 0:
		case u.Needed:
			log.Warn("keys: another key than the first is still needed: run `oversikt reseal`, see docs/keys.md",
				"key", u.Ring, "place", u.Place)
		default:
			log.Info("keys: nothing in the portal database needs a key that is listed", "key", u.Ring, "place", u.Place)
		}
	}
	return nil
}

// Serve answers requests until the context ends.
func (s *Service) Serve(ctx context.Context, listener net.Listener) error {
	return s.server.Serve(ctx, listener)
}

// Health is what /readyz tells.
func (s *Service) Health() server.Health {
	r := s.health.Report()
	return server.Health{Ready: r.Ready(), Well: r.Well(),
		Parts: map[string]any{"portal": r.Portal, "agencies": r.Agencies}}
}

// wire makes the server out of its parts, and what is to run beside it.
func (s *Service) wire(conf Config, opts server.Options, log *slog.Logger) error {
	ids, err := conf.ids()
	if err != nil {
		return err
	}
	trusted, err := parseProxies(conf.TrustedProxies)
	if err != nil {
		return err
	}
	verifier, err := token.NewVerifier(conf.issuers(), s.clock, nil)
	if err != nil {
		return err
	}
	recorder := &audit.Recorder{Log: s.log, Secret: s.secret, Now: s.clock, Request: server.RequestID,
		Client: resolvers.Program}
	sessions, err := s.newSessions(conf, recorder, trusted, log)
	if err != nil {
		return err
	}
	signed := attorney.Options{Portal: s.portal, Secret: s.secret, Agencies: s.agencies, Logger: log,
		Signing: signing(conf.Issuers)}
	if signed.Scan, err = conf.scan(); err != nil {
		return err
	}
	powers := attorney.New(signed)
	counts := throttle.New(s.portal, s.secret, s.clock)
	guard := throttle.NewGuard(counts, log)
	desk := letterlogin.NewDesk(letterlogin.Options{Agencies: s.agencies, Log: log, Refused: recorder.Refused,
		Secret: s.secret, Throttle: counts})
	solving := resolvers.NewSolving()
	var engine *act.Engine
	list := func(ctx context.Context, p caller.Principal) ([]*act.Record, error) { return engine.List(ctx, p) }
	requests := s.privacy(powers, recorder, log, list)
	budgets := &household.Store{DB: s.portal, Secret: s.secret}
	kept := &vault.Vault{DB: s.portal, Secret: s.secret, Bucket: s.bucket, Patience: conf.Files.Timeout, Log: log}
	acts := resolvers.NewActs(resolvers.ActDeps{
		Agencies: s.agencies, OpenOffer: ids.OpenOffer, List: list, Solving: solving, Desk: desk, Powers: powers,
		Privacy: requests, Recorder: recorder, Budgets: budgets,
		Receipts: receipt.Deps{Vault: kept, Scan: signed.Scan, Log: log},
	})
	engine, err = act.New(act.Options{
		Portal: s.portal, Secret: s.secret, Agencies: s.agencies, Recorder: recorder, Clock: s.clock, Log: log,
		Acts: allActs(acts, powers), Allow: resolvers.AllowActs(guard, recorder),
	})
	if err != nil {
		return err
	}
	books := book.New(s.agencies, s.clock, nil, log)
	r := &resolvers.Resolver{
		Books:    books,
		Agencies: s.agencies, IDs: ids, Desk: desk, Solving: solving, Engine: engine, Acts: acts, Powers: powers,
		Privacy: requests, Budgets: budgets, Vault: kept, Recorder: recorder,
		Plans: resolvers.NewPlans(s.clock), Clock: s.clock, Language: server.Language,
		Guard: guard, StaffLimits: conf.Staff, CheckLimits: resolvers.DefaultCheckLimits, Search: search.New(s.portal),
	}
	opts.Authenticate, opts.Caller, opts.Network = authenticate(verifier, sessions, r, trusted), callerName,
		resolvers.Network
	opts.Early, opts.Release, opts.Scalars = resolvers.Early, r.Release, model.Scalars()
	opts.Health, opts.Version, opts.Proxy = s.Health, Version(), trusted.sent
	opts.Strangers = server.StrangersAtOnce()
	opts.Mounts, opts.Downloads = mounts(opts.Mounts, sessions, trusted), downloads(r)
	around := opts.Around
	opts.Around = func(ctx context.Context) context.Context {
		if around != nil {
			ctx = around(ctx)
		}
		return r.Around(ctx)
	}
	schema, err := r.Schema()
	if err != nil {
		return err
	}
	if err := conf.guard(&opts); err != nil {
		return err
	}
	s.engine, s.desk, s.sessions, s.solving = engine, desk, sessions, solving
	opts.Asks = resolvers.Asks(schema.Schema())
	if s.server, err = server.New(schema, opts); err != nil {
		return err
	}
	s.jobs = append(s.jobs,
		sessions.Run, engine.Run, s.health.Run, books.Run,
		(&retention.Job{Portal: s.portal, Clock: s.clock, Log: log, Also: sweeps(kept)}).Keep,
		(&audit.Chain{Portal: s.portal, Secret: s.secret, Now: s.clock, Log: log}).Keep,
		func(ctx context.Context) { powers.Run(ctx, engine, time.Tick(tellEvery)) },
	)
	return nil
}

func (s *Service) newSessions(conf Config, recorder *audit.Recorder, trusted proxies,
	log *slog.Logger) (*session.Manager, error) {
	logins, calls := throttle.NewLocal(loginsAMinute), throttle.NewLocal(callsAMinute)
	return session.New(session.Options{
		Portal: s.portal, Secret: s.secret, Limits: conf.Sessions, Login: conf.Login, Issuers: conf.Issuers, Logger: log,
		Clock:    s.clock,
		Allow:    func(r *http.Request) bool { return logins.Allow(throttle.Network(trusted.client(r))) },
		AllowAny: func(r *http.Request) bool { return calls.Allow(throttle.Network(trusted.client(r))) },
		Record: func(ctx context.Context, p caller.Principal, action session.Action) error {
			if action == session.Lapse {
				return recorder.Lapsed(ctx, p, string(action))
			}
			return recorder.Act(ctx, p, string(action), nil)
		},
	})
}

func (s *Service) privacy(powers *attorney.Register, recorder *audit.Recorder, log *slog.Logger,
	acts func(context.Context, caller.Principal) ([]*act.Record, error)) *privacy.Service {
	archives := throttle.NewLocal(archivesAMinute)
	return privacy.New(privacy.Options{
		Agencies: s.agencies, Portal: s.portal, Secret: s.secret, Powers: powers, Acts: acts, Clock: s.clock,
		Log:   log,
		Allow: func(reference []byte) bool { return archives.Allow(string(reference)) },
		Record: func(ctx context.Context, p caller.Principal, agencies []string) error {
			return recorder.Act(ctx, p, exportOfPersonalData, agencies)
		},
	})
}

// runBeside runs the jobs until the service is closed, which waits for their end.
func (s *Service) runBeside() {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, job := range s.jobs {
		running.Go(func() { job(ctx) })
	}
	s.stop = func() {
		stop()
		running.Wait()
	}
}

// mounts adds what is served below /auth.
func mounts(others map[string]http.Handler, sessions *session.Manager, trusted proxies) map[string]http.Handler {
	all := map[string]http.Handler{}
	maps.Copy(all, others)
	for pattern, handler := range sessions.Handlers() {
		all[pattern] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			handler.ServeHTTP(w, r.WithContext(withClient(r, trusted)))
		})
	}
	return all
}

// signing returns the assurance levels that suffice to sign, by issuer. Staff signs nothing.
func signing(issuers []token.Config) map[string][]string {
	levels := map[string][]string{}
	for _, i := range issuers {
		levels[i.Issuer] = i.SigningACR
		if len(i.SigningACR) == 0 {
			levels[i.Issuer] = i.AcceptedACR
		}
	}
	return levels
}

// callerName tells callers apart, in a place that nobody reads: it may contain a national
// identity number. What one caller uses up, such as requests in flight, is not taken from
// another one.
func callerName(ctx context.Context) string {
	p, ok := caller.FromContext(ctx)
	switch {
	case !ok:
		return ""
	case p.Kind == caller.Staff:
		return "staff " + p.Issuer + " " + p.Subject
	case p.Kind == caller.LetterCase: // somebody else may have the letter
		return "case " + p.Case.Agency + " " + p.Case.ID
	default:
		return "person " + p.NationalID.Reveal()
	}
}

// authenticate takes a session or a token (the session refuses a request with both), and makes
// the caller act under the power of attorney that the request names.
func authenticate(v *token.Verifier, sessions *session.Manager, resolver *resolvers.Resolver,
	trusted proxies) func(*http.Request) (context.Context, error) {
	return func(r *http.Request) (context.Context, error) {
		ctx := withClient(r, trusted)
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

func withClient(r *http.Request, trusted proxies) context.Context {
	program := audit.ClientName(r.Header.Get(session.ClientHeader), r.UserAgent())
	return resolvers.WithClient(r.Context(), trusted.client(r), program)
}
