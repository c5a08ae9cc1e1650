package session

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

const (
	touchEvery = time.Minute
	cleanEvery = 5 * time.Minute
)

// Options are what a [Manager] needs. Pool, Secret and Limits are required.
type Options struct {
	Portal *portal.DB // as portal.Role
	Secret *portal.Secret
	Limits Limits

	// Login is the OpenID Connect client; without it /auth/login is not served.
	Login *Config
	// Issuers are those that bearer tokens are accepted from; Login names one of them.
	Issuers []token.Config
	// Allow says whether whoever sends the request may go on logging in; nil lets all.
	Allow func(*http.Request) bool
	// AllowAny says whether whoever sends the request may call anything below /auth; nil lets all.
	AllowAny func(*http.Request) bool
	// Record writes into the access log that a person logs in or out, or that their session has
	// lapsed. Its error refuses a login, but never a logout. Nil records nothing.
	Record func(context.Context, caller.Principal, Action) error
	// Client talks to the issuer; nil is one that follows no redirect and waits 5 s.
	Client *http.Client

	Clock  func() time.Time // nil: the system's
	Logger *slog.Logger     // nil: [slog.Default]
}

// Action is what becomes of a session, by the name that the access log has for it.
type Action string

// The actions.
const (
	LogIn           Action = "login"           // with an OpenID Connect issuer
	LogInWithLetter Action = "loginWithLetter" // as the mutation is called
	LogOut          Action = "logout"
	Lapse           Action = "sessionLapsed" // nobody did it
)

// Manager starts, knows and ends the sessions of browsers. It is safe for concurrent use,
// and any number of replicas may share a database.
type Manager struct {
	store      store
	login      *login // nil: nobody logs in with OpenID Connect here
	holders    *holders
	protection *http.CrossOriginProtection
	any        func(*http.Request) bool // nil: all
	record     func(context.Context, caller.Principal, Action) error
	clock      func() time.Time
	log        *slog.Logger
	refusals   atomic.Int64
}

// Refusals returns how many logins of browsers this process has refused.
func (m *Manager) Refusals() int64 { return m.refusals.Load() }

// New returns a Manager. Its error names every fault of the configuration; it asks neither
// the database nor the issuer for anything.
func New(o Options) (*Manager, error) {
	m := &Manager{
		store: store{o.Portal, o.Secret, o.Limits}, holders: newHolders(), protection: http.NewCrossOriginProtection(),
		clock: o.Clock, log: o.Logger, record: o.Record, any: o.AllowAny,
	}
	if m.record == nil {
		m.record = func(context.Context, caller.Principal, Action) error { return nil }
	}
	if m.clock == nil {
		m.clock = time.Now
	}
	if m.log == nil {
		m.log = slog.Default()
	}
	if o.Login == nil {
		return m, nil
	}
	var err error
	m.login, err = newLogin(o, m.clock)
	return m, err
}

// now has the precision of the database, so that what was written is what is read.
func (m *Manager) now() time.Time { return m.clock().UTC().Truncate(time.Microsecond) }

// Handlers returns what is served below /auth, by pattern of [http.ServeMux].
func (m *Manager) Handlers() map[string]http.Handler {
	all := map[string]http.HandlerFunc{
		"/auth/":             m.serveNothing,
		"GET " + sessionPath: m.serveSession,
		"POST " + logoutPath: m.serveLogout,
	}
	if m.login != nil {
		all["GET "+loginPath] = m.serveLogin
		all["GET "+callbackPath] = m.serveCallback
		all["GET "+frontChannelPath] = m.serveFrontChannel
	}
	handlers := make(map[string]http.Handler, len(all))
	for pattern, handler := range all {
		handlers[pattern] = secured(m.bounded(handler))
	}
	return handlers
}

// bounded refuses who calls too often, before anything is looked up.
func (m *Manager) bounded(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if m.any != nil && !m.any(r) {
			m.fail(w, r, errTooOften)
			return
		}
		next(w, r)
	}
}

var (
	errTooOften = fault.New(fault.RateLimited, "too many requests come from here: wait a minute")
	errNothing  = fault.New(fault.NotFound, "there is nothing at this address, or not with this method")
)

// serveNothing answers what is none of the others: other methods too.
func (m *Manager) serveNothing(w http.ResponseWriter, _ *http.Request) {
	writeFault(w, http.StatusNotFound, errNothing)
}

// secured keeps what is below /auth out of caches and frames.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// Authenticate returns a context that knows the session of the request: [FromContext] gives it,
// and [caller.FromContext] the caller that it makes. header is that of the answer. A request
// without a session cookie is anonymous, which is not an error.
//
// The errors are faults: AMBIGUOUS_CREDENTIALS, CROSS_ORIGIN, CLIENT_HEADER_REQUIRED,
// UNAUTHENTICATED for a session that is not valid, whose cookie is then cleared, and
// PORTAL_UNAVAILABLE.
func (m *Manager) Authenticate(ctx context.Context, header http.Header, r *http.Request) (context.Context, error) {
	q := &Request{manager: m, header: header, request: r}
	ctx = context.WithValue(ctx, contextKey{}, q)
	id, present, err := m.sent(r)
	if err != nil || !present {
		return ctx, err
	}
	return q.authenticate(ctx, id)
}

// sent returns the id of the session that a request comes with.
func (m *Manager) sent(r *http.Request) (id string, present bool, err error) {
	id, present, err = cookieOf(r, sessionCookie)
	if err == nil && present {
		err = m.checkSender(r)
	}
	return id, present, err
}

func (q *Request) authenticate(ctx context.Context, id string) (context.Context, error) {
	now := q.manager.now()
	k, found, err := q.manager.find(ctx, id, now)
	if err != nil {
		return ctx, q.refusal(err)
	}
	q.manager.touch(ctx, k, found.SeenAt, now)
	return q.as(ctx, k, found), nil
}

// as returns a context in which the caller is the holder of a session.
func (q *Request) as(ctx context.Context, k key, s Session) context.Context {
	q.key, q.session = &k, s
	return caller.NewContext(ctx, s.Principal())
}

// refusal is what a request is told whose session was not found to hold.
func (q *Request) refusal(err error) error {
	if errors.Is(err, errUnknown) {
		clearCookie(q.header, sessionCookie)
		return caller.ErrUnauthenticated.Because(err)
	}
	return err
}

// touch notes once a minute that a session is used. The request is none the worse if it cannot.
func (m *Manager) touch(ctx context.Context, k key, seenAt, now time.Time) {
	if now.Sub(seenAt) < touchEvery {
		return
	}
	if err := m.store.touch(ctx, k, now); err != nil {
		m.log.WarnContext(ctx, "session lapses early", "cause", err)
	}
}

func (m *Manager) find(ctx context.Context, id string, now time.Time) (key, Session, error) {
	k, ok := parseID(id)
	if !ok {
		return key{}, Session{}, errUnknown
	}
	s, err := m.store.read(ctx, k, now)
	return k, s, err
}

// Principal returns the caller that a session makes.
func (s Session) Principal() caller.Principal {
	p := s.Holder.principal()
	p.ExpiresAt = s.ExpiresAt
	return p
}

func (h Holder) principal() caller.Principal {
	p := caller.Principal{
		Kind:       caller.Person,
		NationalID: h.NationalID, Name: h.Name, Issuer: h.Issuer, Subject: h.Subject, ACR: h.ACR,
	}
	if h.Kind == KindCase {
		p.Kind, p.Case = caller.LetterCase, caller.CaseKey{Agency: h.Agency, ID: h.CaseID}
	}
	return p
}

// end ends a session and returns its issuer, empty for one that has ended already.
func (m *Manager) end(ctx context.Context, k key) (issuer string, err error) {
	m.holders.forget(k)
	h, err := m.store.end(ctx, k)
	if err != nil || h.Kind == "" {
		return "", err
	}
	if err := m.record(ctx, h.principal(), LogOut); err != nil {
		m.log.ErrorContext(ctx, "a logout is not in the access log", "cause", err)
	}
	return h.Issuer, nil
}

// Run deletes lapsed sessions every five minutes until the context ends.
func (m *Manager) Run(ctx context.Context) {
	ticker := time.NewTicker(cleanEvery)
	defer ticker.Stop()
	for {
		if _, err := m.Clean(ctx); err != nil && ctx.Err() == nil {
			m.log.WarnContext(ctx, "lapsed sessions are left for now", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Clean deletes lapsed sessions and returns their number. Each lapse is recorded once, by the
// replica that deletes it.
func (m *Manager) Clean(ctx context.Context) (int, error) {
	now := m.now()
	m.holders.clean(now)
	lapsed, err := m.store.clean(ctx, now)
	for _, h := range lapsed {
		if h.Kind == "" {
			continue
		}
		if err := m.record(ctx, h.principal(), Lapse); err != nil {
			m.log.ErrorContext(ctx, "the lapse of a session is not in the access log", "cause", err)
		}
	}
	return len(lapsed), err
}

// Request is what can be done with the session of one request. It belongs to that request
// and is not safe for concurrent use: resolvers of mutations, which run one after the other,
// may use it.
type Request struct {
	manager *Manager
	header  http.Header // of the answer
	request *http.Request
	key     *key // nil: no session
	session Session
}

type contextKey struct{}

// FromContext returns the session side of the request; ok is false where no Manager saw it.
func FromContext(ctx context.Context) (q *Request, ok bool) {
	q, ok = ctx.Value(contextKey{}).(*Request)
	return q, ok
}

// Session returns the session of the request; ok is false when there is none.
func (q *Request) Session() (s Session, ok bool) { return q.session, q.key != nil }

// MayStart says whether Start would refuse the request because of its sender. A client gets no
// session if it sends a token, or if it does not name itself and so could not use one. Ask
// before anything that tells whether a password is right. Errors are those of
// [Manager.Authenticate].
func (q *Request) MayStart() error { return q.manager.checkSender(q.request) }

// Start starts a session with a new id. It replaces the session that the request came with, and
// gives the browser its cookie. Call it before the answer's headers are sent. Errors are those
// of MayStart and of Options.Record, and PORTAL_UNAVAILABLE.
func (q *Request) Start(ctx context.Context, l Login) error {
	if err := q.MayStart(); err != nil {
		return err
	}
	var replaced []key
	if q.key != nil {
		replaced = append(replaced, *q.key)
	}
	return q.start(ctx, l, replaced...)
}

func (q *Request) start(ctx context.Context, l Login, replaced ...key) error {
	if err := l.check(); err != nil {
		return err
	}
	id, k := newID()
	s, err := q.manager.store.start(ctx, k, l, q.manager.now(), replaced...)
	if err != nil {
		return err
	}
	action := LogIn
	if l.Kind == KindCase {
		action = LogInWithLetter
	}
	if err := q.manager.record(ctx, s.Principal(), action); err != nil {
		_, _ = q.manager.store.end(ctx, k) // nobody has its id
		return err
	}
	setCookie(q.header, sessionCookie, id, http.SameSiteStrictMode, 0)
	q.key, q.session = &k, s
	q.manager.log.InfoContext(ctx, "session started", "session", l.Holder)
	return nil
}
