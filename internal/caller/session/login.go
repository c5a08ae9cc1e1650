package session

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/token"
)

const (
	attemptLifetime = 10 * time.Minute
	issuerTimeout   = 5 * time.Second
	attemptBound    = "session login attempt"
)

// login is this service as a client of an OpenID Connect issuer.
type login struct {
	config   Config
	verifier *token.Verifier // of ID tokens
	client   *http.Client
	allow    func(*http.Request) bool

	fetch singleflight.Group
	found atomic.Pointer[provider] // nil until the issuer was asked
}

// provider is what the issuer's discovery document tells.
type provider struct {
	endpoint   oauth2.Endpoint
	endSession string
}

func newLogin(o Options, clock func() time.Time) (*login, error) {
	issuer, err := o.Login.check(o.Issuers)
	if err != nil {
		return nil, fmt.Errorf("configuration of login: %w", err)
	}
	l := &login{config: *o.Login, client: o.Client, allow: o.Allow}
	if l.client == nil {
		l.client = &http.Client{
			Timeout:       issuerTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	if l.allow == nil {
		l.allow = func(*http.Request) bool { return true }
	}
	l.verifier, err = token.NewVerifier([]token.Config{issuer}, clock, o.Client)
	return l, err
}

// provider asks the issuer once, however many log in.
func (l *login) provider(ctx context.Context) (*provider, error) {
	if p := l.found.Load(); p != nil {
		return p, nil
	}
	found, err, _ := l.fetch.Do("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), issuerTimeout) // others wait for it
		defer cancel()
		return l.discover(ctx)
	})
	if err != nil {
		return nil, caller.ErrIssuerUnavailable.Because(err)
	}
	return found.(*provider), nil
}

func (l *login) discover(ctx context.Context) (*provider, error) {
	discovered, err := oidc.NewProvider(oidc.ClientContext(ctx, l.client), l.config.Issuer)
	if err != nil {
		return nil, fmt.Errorf("discover the issuer: %w", err)
	}
	var more struct {
		EndSession string   `json:"end_session_endpoint"`
		Methods    []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := discovered.Claims(&more); err != nil {
		return nil, fmt.Errorf("discover the issuer: %w", err)
	}
	p := &provider{discovered.Endpoint(), more.EndSession}
	// Left to try, the library would spend the code on the wrong method.
	p.endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if joined := strings.Join(more.Methods, " "); joined != "" && !strings.Contains(joined, "client_secret_basic") {
		p.endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	for _, address := range []string{p.endpoint.AuthURL, p.endpoint.TokenURL, p.endSession} {
		if !strings.HasPrefix(address, "https:") && strings.HasPrefix(l.config.Issuer, "https:") && address != "" {
			return nil, errors.New("discover the issuer: an endpoint is not behind https")
		}
	}
	l.found.Store(p)
	return p, nil
}

func (l *login) oauth(p *provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: l.config.ClientID, ClientSecret: l.config.ClientSecret, Endpoint: p.endpoint,
		RedirectURL: l.config.RedirectURL, Scopes: l.config.Scopes,
	}
}

// attempt is a login under way. It is sealed in a cookie of the browser that began it. No other
// browser has it, so a callback that somebody else made is refused.
type attempt struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	ReturnTo string    `json:"returnTo"`
	Until    time.Time `json:"until"`
	// Replaces is the session that the browser had. The callback cannot tell: it comes from the
	// issuer's site, and so without the session's cookie.
	Replaces []byte `json:"replaces,omitempty"`
}

func (m *Manager) sealAttempt(a attempt) (string, error) {
	plain, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("seal the login: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(m.store.secret.Seal(plain, attemptBound)), nil
}

var errNoAttempt = errors.New("no login is under way in this browser")

// attemptOf returns the login that the browser began, if the state is that of it.
func (m *Manager) attemptOf(r *http.Request, state []string) (attempt, error) {
	value, present, err := cookieOf(r, loginCookie)
	if err != nil || !present {
		return attempt{}, errNoAttempt
	}
	sealed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return attempt{}, errNoAttempt
	}
	plain, err := m.store.secret.Unseal(sealed, attemptBound)
	if err != nil {
		return attempt{}, errNoAttempt
	}
	var a attempt
	if err := json.Unmarshal(plain, &a); err != nil {
		return attempt{}, errNoAttempt
	}
	if len(state) != 1 || subtle.ConstantTimeCompare([]byte(state[0]), []byte(a.State)) != 1 {
		return attempt{}, errors.New("the state is not that of the login under way")
	}
	if !m.now().Before(a.Until) {
		return attempt{}, errors.New("the login took too long")
	}
	return a, nil
}

// claims are those of an ID token that identity does not look at.
type claims struct {
	Nonce    string           `json:"nonce"`
	AZP      string           `json:"azp"`
	Audience jwt.Audience     `json:"aud"`
	IssuedAt *jwt.NumericDate `json:"iat"`
	SID      string           `json:"sid"`
}

// exchange exchanges the code at the issuer and returns who logged in. The ID token is checked
// as OpenID Connect Core 3.1.7 says. Everything else from the issuer, such as an access token,
// is dropped.
func (l *login) exchange(ctx context.Context, a attempt, code string) (Login, error) {
	p, err := l.provider(ctx)
	if err != nil {
		return Login{}, err
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, l.client)
	tokens, err := l.oauth(p).Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError:
		return Login{}, fmt.Errorf("the issuer does not exchange the code: status %d", refused.Response.StatusCode)
	case err != nil:
		l.found.Store(nil) // its endpoints may have moved
		return Login{}, caller.ErrIssuerUnavailable.Because(errors.New("the code could not be exchanged"))
	}
	raw, _ := tokens.Extra("id_token").(string)
	if raw == "" {
		return Login{}, errors.New("the issuer gave no ID token")
	}
	who, err := l.verifier.Verify(ctx, raw)
	if err != nil {
		return Login{}, err
	}
	c, err := claimsOf(raw)
	if err != nil {
		return Login{}, err
	}
	if err := c.check(l.config.ClientID, a.Nonce); err != nil {
		return Login{}, err
	}
	return Login{
		Holder: Holder{Kind: KindPerson, NationalID: who.NationalID, Name: who.Name, Issuer: who.Issuer, Subject: who.Subject,
			ACR: who.ACR},
		SID: c.SID,
	}, nil
}

// claimsOf reads a token whose signature was checked.
func claimsOf(raw string) (c claims, err error) {
	_, rest, _ := strings.Cut(raw, ".")
	payload, _, _ := strings.Cut(rest, ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		return claims{}, errors.New("the ID token's claims are broken")
	}
	return c, nil
}

func (c claims) check(clientID, nonce string) error {
	switch {
	case subtle.ConstantTimeCompare([]byte(c.Nonce), []byte(nonce)) != 1:
		return errors.New("the ID token is of another login: its nonce differs")
	case len(c.Audience) != 1:
		return errors.New("the ID token is for others too")
	case c.AZP != "" && c.AZP != clientID:
		return errors.New("the ID token was given to another client")
	case c.IssuedAt == nil:
		return errors.New("the ID token does not tell when it was issued")
	}
	return nil
}

// authorizationURL is where the browser goes to log in.
func (l *login) authorizationURL(p *provider, a attempt) string {
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(a.Verifier), oidc.Nonce(a.Nonce)}
	if len(l.config.ACRValues) > 0 {
		options = append(options, oauth2.SetAuthURLParam("acr_values", strings.Join(l.config.ACRValues, " ")))
	}
	return l.oauth(p).AuthCodeURL(a.State, options...)
}

// logoutURL is where the browser goes to end the issuer's session too, if the ended session came
// from there (OpenID Connect RP-Initiated Logout 1.0). It has nothing about the person:
// addresses stay in histories and logs.
func (l *login) logoutURL(ctx context.Context, issuer string) string {
	after := l.config.AfterLogoutURL
	if after == "" {
		after = "/"
	}
	p, err := l.provider(ctx)
	if err != nil || p.endSession == "" || issuer != l.config.Issuer {
		return after
	}
	u, err := url.Parse(p.endSession)
	if err != nil {
		return after
	}
	query := u.Query()
	query.Set("client_id", l.config.ClientID)
	if l.config.AfterLogoutURL != "" {
		query.Set("post_logout_redirect_uri", l.config.AfterLogoutURL)
	}
	u.RawQuery = query.Encode()
	return u.String()
}
