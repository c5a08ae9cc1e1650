package session

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/oversikt/oversikt/internal/caller/token"
)

const (
	loginPath        = "/auth/login"
	callbackPath     = "/auth/callback"
	sessionPath      = "/auth/session"
	logoutPath       = "/auth/logout"
	frontChannelPath = "/auth/frontchannel-logout"
)

// Limits say how long sessions last, and how many a person has.
type Limits struct {
	// Idle is how long a session lasts that is not used.
	Idle time.Duration `yaml:"idle" validate:"min=1m,max=4h"`
	// Absolute is how long it lasts at most.
	Absolute time.Duration `yaml:"absolute" validate:"min=1m,max=24h,gtefield=Idle"`
	// PerPerson is how many sessions a person has at once: one more ends the oldest.
	PerPerson int `yaml:"perPerson" validate:"min=1,max=100"`
}

// DefaultLimits are what ID-porten has (30 minutes, 120 at most), and ten browsers.
var DefaultLimits = Limits{Idle: 30 * time.Minute, Absolute: 120 * time.Minute, PerPerson: 10}

// Config is this service as a client of the issuer where people log in.
type Config struct {
	// Issuer is one of the issuers whose tokens are accepted. A login must meet the same demands
	// as its tokens (algorithms, assurance level, claims).
	Issuer string `yaml:"issuer" validate:"required,url"`
	// ClientID and ClientSecret are what the issuer knows this service by.
	ClientID     string `yaml:"clientId" validate:"required"`
	ClientSecret string `yaml:"clientSecret" validate:"required"`
	// RedirectURL is the public address of /auth/callback, as registered at the issuer.
	RedirectURL string `yaml:"redirectUrl" validate:"required,url"`
	// AfterLogoutURL is where the issuer sends the browser after logout, as registered
	// there. Empty leaves the browser with the issuer.
	AfterLogoutURL string `yaml:"afterLogoutUrl" validate:"omitempty,url"`
	// Scopes to ask for: openid, and what brings the claims with number and name.
	Scopes []string `yaml:"scopes" validate:"required,min=1,dive,required"`
	// ACRValues to ask for, in order of preference. When empty, the issuer decides. Which levels
	// are accepted is in another list, acceptedAcr of the issuer.
	ACRValues []string `yaml:"acrValues" validate:"dive,required"`
}

// check returns the configuration of the issuer with this client as its audience, or every
// fault.
func (c Config) check(issuers []token.Config) (token.Config, error) {
	var faults []error
	at := slices.IndexFunc(issuers, func(i token.Config) bool { return i.Issuer == c.Issuer })
	if at < 0 {
		return token.Config{}, fmt.Errorf("login.issuer %q is none of issuers", c.Issuer)
	}
	issuer := issuers[at]
	issuer.Audience = c.ClientID // OpenID Connect Core section 2
	if !slices.Contains(c.Scopes, oidc.ScopeOpenID) {
		faults = append(faults, errors.New("login.scopes lacks openid"))
	}
	check := func(name, address string) *url.URL {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
			faults = append(faults, fmt.Errorf("login.%s is not a plain URL", name))
			return &url.URL{}
		}
		if u.Scheme != "https" && (u.Scheme != "http" || !issuer.SyntheticOnly) {
			faults = append(faults, fmt.Errorf("login.%s: https is required, except with syntheticOnly", name))
		}
		return u
	}
	if u := check("redirectUrl", c.RedirectURL); u.Path != callbackPath || u.RawQuery != "" {
		faults = append(faults, fmt.Errorf("login.redirectUrl does not end in %s", callbackPath))
	}
	if c.AfterLogoutURL != "" {
		check("afterLogoutUrl", c.AfterLogoutURL)
	}
	return issuer, errors.Join(faults...)
}
