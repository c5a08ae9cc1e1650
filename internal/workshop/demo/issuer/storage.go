package issuer

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const (
	maxLogins     = 1_000 // under way; the oldest gives way
	loginLifetime = 10 * time.Minute
	codeLifetime  = time.Minute
)

var (
	errNoLogin     = errors.New("the login is unknown or has lapsed")
	errNoClient    = errors.New("unknown client")
	errUnsupported = errors.New("not supported by the demo issuer")
)

// storage keeps the logins under way. What was issued is not kept: tokens carry
// all that they mean.
type storage struct {
	options  Options
	key      *signingKey
	clients  map[string]*client
	subjects map[string]Person

	mu     sync.Mutex
	logins *lru.Cache[string, login]
	codes  *lru.Cache[string, code]
}

type code struct {
	login   string
	expires time.Time
}

func newStorage(o Options, key *signingKey, loginPath string) (*storage, error) {
	s := &storage{options: o, key: key, clients: map[string]*client{}, subjects: map[string]Person{}}
	for _, c := range o.Clients {
		s.clients[c.ID] = &client{c, loginPath}
	}
	for _, p := range o.People {
		s.subjects[key.subject(p)] = p
	}
	var errLogins, errCodes error
	s.logins, errLogins = lru.New[string, login](maxLogins)
	s.codes, errCodes = lru.New[string, code](maxLogins)
	return s, errors.Join(errLogins, errCodes)
}

// byID returns the login that is under way under the id.
func (s *storage) byID(id string) (login, bool) {
	l, ok := s.logins.Get(id)
	return l, ok && time.Since(l.started) < loginLifetime
}

// complete says who logged in.
func (s *storage) complete(id string, p Person) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.byID(id)
	if !ok {
		return false
	}
	l.person, l.subject, l.finished = p, s.key.subject(p), time.Now()
	s.logins.Add(id, l)
	return true
}

// takeCode returns the login that the code was given for, once; neither the
// code nor any other code of that login works again.
func (s *storage) takeCode(given string) (login, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.codes.Peek(given)
	if !ok {
		return login{}, false
	}
	s.codes.Remove(given)
	l, ok := s.byID(c.login)
	s.logins.Remove(c.login)
	return l, ok && time.Now().Before(c.expires)
}

// CreateAuthRequest begins a login.
func (s *storage) CreateAuthRequest(_ context.Context, r *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	c, ok := s.clients[r.ClientID]
	// The library compares what is left after unescaping, and redirects to what is not.
	if !ok || !slices.Contains(c.RedirectURIs(), r.RedirectURI) {
		return nil, oidc.ErrInvalidRequestRedirectURI().WithDescription("redirect_uri is not registered")
	}
	if slices.Contains(r.Prompt, oidc.PromptNone) {
		return nil, oidc.ErrLoginRequired()
	}
	if r.CodeChallenge == "" || r.CodeChallengeMethod != oidc.CodeChallengeMethodS256 {
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE with S256 is required")
	}
	l := login{id: rand.Text(), request: *r, started: time.Now()}
	s.logins.Add(l.id, l)
	return l, nil
}

// AuthRequestByID returns the login under way, or an error.
func (s *storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	l, ok := s.byID(id)
	if !ok {
		return nil, errNoLogin
	}
	return l, nil
}

// SaveAuthCode remembers the code of a login.
func (s *storage) SaveAuthCode(_ context.Context, id, given string) error {
	s.codes.Add(given, code{id, time.Now().Add(codeLifetime)})
	return nil
}

// DeleteAuthRequest ends a login.
func (s *storage) DeleteAuthRequest(_ context.Context, id string) error {
	s.logins.Remove(id)
	return nil
}

// GetClientByClientID returns the client, or an error.
func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	c, ok := s.clients[id]
	if !ok {
		return nil, oidc.ErrInvalidClient().WithParent(errNoClient)
	}
	return c, nil
}

// AuthorizeClientIDSecret checks the secret of a confidential client.
func (s *storage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	c, ok := s.clients[id]
	if !ok || c.Secret == "" || subtle.ConstantTimeCompare([]byte(c.Secret), []byte(secret)) != 1 {
		return errNoClient
	}
	return nil
}

// SetUserinfoFromRequest fills in the claims of an ID token.
func (s *storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, r op.IDTokenRequest,
	_ []string) error {
	return s.describe(info, r.GetSubject())
}

// SetUserinfoFromToken fills in the claims of the userinfo endpoint.
func (s *storage) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, _, subject, _ string) error {
	return s.describe(info, subject)
}

func (s *storage) describe(info *oidc.UserInfo, subject string) error {
	p, ok := s.subjects[subject]
	if !ok {
		return oidc.ErrAccessDenied().WithDescription("unknown person")
	}
	info.Subject = subject
	for name, value := range s.options.personClaims(p) {
		info.AppendClaims(name, value)
	}
	return nil
}

// SigningKey returns the key that signs ID tokens.
func (s *storage) SigningKey(context.Context) (op.SigningKey, error) { return s.key, nil }

// SignatureAlgorithms returns RS256.
func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

// KeySet returns the public keys.
func (s *storage) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{publishedKey{s.key}}, nil
}

// Health is always good.
func (s *storage) Health(context.Context) error { return nil }

// TerminateSession has nothing to end: the issuer keeps no sessions.
func (s *storage) TerminateSession(context.Context, string, string) error { return nil }

// SetUserinfoFromScopes does nothing; see SetUserinfoFromRequest.
func (s *storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// The rest serves grants and endpoints that are not offered.

func (s *storage) AuthRequestByCode(context.Context, string) (op.AuthRequest, error) {
	return nil, errUnsupported
}

func (s *storage) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return "", time.Time{}, errUnsupported
}

func (s *storage) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (string, string, time.Time,
	error) {
	return "", "", time.Time{}, errUnsupported
}

func (s *storage) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errUnsupported
}

func (s *storage) RevokeToken(context.Context, string, string, string) *oidc.Error {
	return oidc.ErrServerError().WithParent(errUnsupported)
}

func (s *storage) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

func (s *storage) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string,
	string) error {
	return errUnsupported
}

func (s *storage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, errUnsupported
}

func (s *storage) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errUnsupported
}

func (s *storage) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errUnsupported
}
