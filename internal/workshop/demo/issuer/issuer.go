// Package issuer is the demo's own OpenID Connect provider: a BankID where one
// logs in by choosing one of the demo's people. It is real in all but that, so
// that the demo goes through the same checks as production: discovery, a key
// set, authorization code with PKCE, and signed access tokens. It vouches for
// anybody and must never be mounted outside the demo.
//
// Browsers log in as [Client]s of it do: the demo is registered as one. The
// playground gets its tokens at /dev/bankid/token, and `oversikt-demo token` makes
// them by [Mint].
package issuer

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const (
	// ACR is the assurance level of every login, as BankID names its highest.
	ACR = "urn:bankid:bid;LOA=4"
	amr = "BID"

	defaultAudience = "oversikt"
	defaultClaim    = "nnin_altsub"
	defaultLifetime = 12 * time.Hour
)

// Options describe an issuer. IssuerURL and KeyFile are required.
type Options struct {
	// IssuerURL is where Handler is mounted, such as
	// http://127.0.0.1:8080/dev/bankid, without a slash at the end.
	IssuerURL string
	// KeyFile holds the signing key; it is made with mode 0600 if it is not
	// there. Tokens outlive a restart as long as the file does.
	KeyFile string
	// Audience of access tokens; "oversikt" when empty.
	Audience string
	// NationalIDClaim carries the number; "nnin_altsub" when empty.
	NationalIDClaim string
	// TokenLifetime of access tokens; 12 h when zero.
	TokenLifetime time.Duration
	// People who can log in, in the order in which they are listed.
	People []Person
	// Clients that may send people here to log in.
	Clients []Client
	// Logger gets the protocol's faults; nothing is logged when nil.
	Logger *slog.Logger
}

// Client is a web application that may send people here to log in.
type Client struct {
	ID string
	// Secret authenticates the client at the token endpoint; a client without
	// one is public. PKCE is asked of both.
	Secret string
	// RedirectURIs are http or https URLs, compared to the letter.
	RedirectURIs           []string
	PostLogoutRedirectURIs []string
}

// Accept returns the configuration of a verifier that takes this issuer's tokens.
func (o Options) Accept() token.Config {
	o = o.filled()
	return token.Config{
		Issuer:          o.IssuerURL,
		Audience:        o.Audience,
		NationalIDClaim: o.NationalIDClaim,
		NameClaim:       "name",
		AcceptedACR:     []string{ACR},
		Algorithms:      []string{"RS256"},
		SyntheticOnly:   true,
	}
}

func (o Options) filled() Options {
	if o.Audience == "" {
		o.Audience = defaultAudience
	}
	if o.NationalIDClaim == "" {
		o.NationalIDClaim = defaultClaim
	}
	if o.TokenLifetime == 0 {
		o.TokenLifetime = defaultLifetime
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// normal fills in defaults and reports every fault.
func (o Options) normal() (Options, error) {
	var faults []error
	if u, err := url.Parse(o.IssuerURL); err != nil || !isWeb(u) || u.RawQuery != "" || u.Fragment != "" ||
		strings.HasSuffix(o.IssuerURL, "/") {
		faults = append(faults, fmt.Errorf("issuer URL %q: not a plain http(s) URL without a slash at the end", o.IssuerURL))
	}
	if o.KeyFile == "" {
		faults = append(faults, errors.New("no key file"))
	}
	if o.TokenLifetime < 0 {
		faults = append(faults, errors.New("negative token lifetime"))
	}
	seen := map[string]bool{}
	for i, p := range o.People {
		if err := p.check(); err != nil {
			faults = append(faults, fmt.Errorf("person %d: %w", i, err))
		} else if seen[p.NationalID] {
			faults = append(faults, fmt.Errorf("person %d: %s: the national identity number is another's too", i, p.Name))
		}
		seen[p.NationalID] = true
	}
	for _, c := range o.Clients {
		if c.ID == "" || len(c.RedirectURIs) == 0 {
			faults = append(faults, fmt.Errorf("client %q: no id or no redirect URI", c.ID))
		}
		for _, uri := range slices.Concat(c.RedirectURIs, c.PostLogoutRedirectURIs) {
			if u, err := url.Parse(uri); err != nil || !isWeb(u) || u.Fragment != "" {
				faults = append(faults, fmt.Errorf("client %q: redirect URI %q: not an http(s) URL", c.ID, uri))
			}
		}
	}
	return o.filled(), errors.Join(faults...)
}

// isWeb also refuses hosts that would end a directive of the content security policy.
func isWeb(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && !strings.ContainsAny(u.Host, ";, '\"")
}

// Issuer is a running provider. It keeps the logins under way in memory and is
// safe for concurrent use.
type Issuer struct {
	options Options
	base    string // the path of the issuer's URL
	key     *signingKey
	store   *storage
	handler http.Handler
}

// New checks the options and opens or makes the signing key.
func New(options Options) (*Issuer, error) {
	o, err := options.normal()
	if err != nil {
		return nil, fmt.Errorf("demo issuer: %w", err)
	}
	key, err := openKey(o.KeyFile)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(o.IssuerURL)
	if err != nil {
		return nil, err
	}
	i := &Issuer{options: o, base: u.Path, key: key}
	if i.store, err = newStorage(o, key, i.base+loginPath); err != nil {
		return nil, err
	}
	protocol, err := i.newProvider()
	if err != nil {
		return nil, fmt.Errorf("demo issuer: %w", err)
	}

	mux := http.NewServeMux()
	mux.Handle("/", protocol)
	mux.HandleFunc("GET "+loginPath, i.showLogin)
	mux.HandleFunc("POST "+loginPath, i.login)
	mux.HandleFunc("GET "+loggedOutPath, i.loggedOut)
	mux.HandleFunc("GET "+stylePath, i.style)
	mux.HandleFunc("GET /people", i.people)
	mux.HandleFunc("POST /token", i.token)

	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusForbidden, "a page of another origin may not do this")
	}))
	i.handler = http.StripPrefix(i.base, headers(guard.Handler(mux)))
	return i, nil
}

// Handler serves the issuer. Mount it at the path of the issuer's URL, with a
// slash behind it; the path is not to be stripped.
func (i *Issuer) Handler() http.Handler { return i.handler }

func (i *Issuer) newProvider() (http.Handler, error) {
	config := &op.Config{
		DefaultLogoutRedirectURI: i.options.IssuerURL + loggedOutPath,
		CodeMethodS256:           true,
		AuthMethodPost:           true,
		SupportedScopes:          []string{"openid", "profile", i.options.NationalIDClaim},
		SupportedClaims: []string{
			"sub", "aud", "exp", "iat", "iss", "acr", "amr", "nonce", "auth_time", i.options.NationalIDClaim,
			"name", "given_name", "family_name", "birthdate",
		},
	}
	rand.Read(config.CryptoKey[:])
	insecure := []op.Option{op.WithLogger(i.options.Logger), op.WithCORSOptions(nil)}
	if strings.HasPrefix(i.options.IssuerURL, "http:") {
		insecure = append(insecure, op.WithAllowInsecure())
	}
	provider, err := op.NewProvider(config, i.store, op.StaticIssuer(i.options.IssuerURL), insecure...)
	if err != nil {
		return nil, err
	}
	legacy := op.NewLegacyServer(provider, op.Endpoints{
		Authorization: op.NewEndpoint("/authorize"),
		Token:         op.NewEndpoint("/oauth/token"),
		Userinfo:      op.NewEndpoint("/userinfo"),
		EndSession:    op.NewEndpoint("/end_session"),
		JwksURI:       op.NewEndpoint("/keys"),
	})
	return op.RegisterLegacyServer(&server{legacy, i}, op.AuthorizeCallbackHandler(provider),
		op.WithServerCORSOptions(nil), op.WithFallbackLogger(i.options.Logger)), nil
}

// headers keeps every answer out of caches and frames.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		// Not no-referrer: forms would then come from the origin "null" and be refused.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Content-Security-Policy", policy(""))
		next.ServeHTTP(w, r)
	})
}

// policy allows a page its own style and forms, which may lead on to target.
func policy(target string) string {
	return strings.TrimSpace("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' " + target)
}
