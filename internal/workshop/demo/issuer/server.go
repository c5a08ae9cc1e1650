package issuer

import (
	"context"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const idTokenLifetime = 5 * time.Minute // it only has to reach the client

// server is the library's, with the code exchange stricter than it has it: the
// client must be the one that asked, and PKCE holds for all.
type server struct {
	*op.LegacyServer
	issuer *Issuer
}

func (s *server) CodeExchange(ctx context.Context, r *op.ClientRequest[oidc.AccessTokenRequest]) (*op.Response, error) {
	login, ok := s.issuer.store.takeCode(r.Data.Code)
	if !ok || login.GetClientID() != r.Client.GetID() {
		return nil, oidc.ErrInvalidGrant().WithDescription("invalid code")
	}
	if login.GetRedirectURI() != r.Data.RedirectURI {
		return nil, oidc.ErrInvalidGrant().WithDescription("redirect_uri does not correspond")
	}
	if err := op.AuthorizeCodeChallenge(r.Data.CodeVerifier, login.GetCodeChallenge()); err != nil {
		return nil, err
	}
	// The library would give both tokens one audience, and the ID token would
	// then be a credential for Oversikt. So the access token is made here.
	options := s.issuer.options
	access, err := options.accessToken(s.issuer.key, login.person, r.Client.GetID(), time.Now())
	if err != nil {
		return nil, err
	}
	idToken, err := op.CreateIDToken(ctx, options.IssuerURL, login, idTokenLifetime, access, "", s.issuer.store, r.Client)
	if err != nil {
		return nil, err
	}
	return op.NewResponse(&oidc.AccessTokenResponse{
		AccessToken: access,
		TokenType:   oidc.BearerToken,
		ExpiresIn:   uint64(options.TokenLifetime.Seconds()),
		IDToken:     idToken,
		Scope:       login.GetScopes(),
	}), nil
}

// VerifyAuthRequest calls a missing redirect_uri the caller's fault; the library
// takes it for its own.
func (s *server) VerifyAuthRequest(ctx context.Context,
	r *op.Request[oidc.AuthRequest]) (*op.ClientRequest[oidc.AuthRequest], error) {
	if r.Data.RedirectURI == "" {
		return nil, oidc.ErrInvalidRequestRedirectURI().WithDescription("redirect_uri is missing")
	}
	return s.LegacyServer.VerifyAuthRequest(ctx, r)
}

// Discovery names only what this issuer does; the library names all that it could.
func (s *server) Discovery(ctx context.Context, r *op.Request[struct{}]) (*op.Response, error) {
	response, err := s.LegacyServer.Discovery(ctx, r)
	if err != nil {
		return nil, err
	}
	if document, ok := response.Data.(*oidc.DiscoveryConfiguration); ok {
		document.GrantTypesSupported = []oidc.GrantType{oidc.GrantTypeCode}
		document.ResponseTypesSupported = []string{string(oidc.ResponseTypeCode)}
		document.ACRValuesSupported = []string{ACR}
	}
	return response, nil
}
