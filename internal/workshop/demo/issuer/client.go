package issuer

import (
	"net/url"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// client is a Client as the library asks for one.
type client struct {
	Client
	loginPath string
}

func (c *client) GetID() string                    { return c.ID }
func (c *client) RedirectURIs() []string           { return c.Client.RedirectURIs }
func (c *client) PostLogoutRedirectURIs() []string { return c.Client.PostLogoutRedirectURIs }
func (c *client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c *client) GrantTypes() []oidc.GrantType { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c *client) AccessTokenType() op.AccessTokenType {
	return op.AccessTokenTypeJWT
}
func (c *client) IDTokenLifetime() time.Duration       { return idTokenLifetime }
func (c *client) IsScopeAllowed(string) bool           { return true }
func (c *client) IDTokenUserinfoClaimsAssertion() bool { return true }
func (c *client) ClockSkew() time.Duration             { return 0 }

// DevMode allows redirects to http, which is what the demo's clients have.
func (c *client) DevMode() bool { return true }

func (c *client) ApplicationType() op.ApplicationType {
	if c.Secret == "" {
		return op.ApplicationTypeUserAgent
	}
	return op.ApplicationTypeWeb
}

func (c *client) AuthMethod() oidc.AuthMethod {
	if c.Secret == "" {
		return oidc.AuthMethodNone
	}
	return oidc.AuthMethodBasic
}

func (c *client) LoginURL(id string) string {
	return c.loginPath + "?" + url.Values{"login": {id}}.Encode()
}

func (c *client) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return slices.Clone[[]string]
}
func (c *client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return slices.Clone[[]string]
}

// login is an authorization request and, once finished is set, who answered it.
// It is a value: what the library holds does not change under it.
type login struct {
	id       string
	request  oidc.AuthRequest
	started  time.Time
	person   Person
	subject  string
	finished time.Time
}

func (l login) GetID() string                      { return l.id }
func (l login) GetACR() string                     { return ACR }
func (l login) GetAMR() []string                   { return []string{amr} }
func (l login) GetAudience() []string              { return []string{l.request.ClientID} }
func (l login) GetAuthTime() time.Time             { return l.finished }
func (l login) GetClientID() string                { return l.request.ClientID }
func (l login) GetNonce() string                   { return l.request.Nonce }
func (l login) GetRedirectURI() string             { return l.request.RedirectURI }
func (l login) GetResponseType() oidc.ResponseType { return l.request.ResponseType }
func (l login) GetResponseMode() oidc.ResponseMode { return l.request.ResponseMode }
func (l login) GetScopes() []string                { return l.request.Scopes }
func (l login) GetState() string                   { return l.request.State }
func (l login) GetSubject() string                 { return l.subject }
func (l login) Done() bool                         { return !l.finished.IsZero() }
func (l login) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: l.request.CodeChallenge, Method: l.request.CodeChallengeMethod}
}
