package issuer

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Mint signs an access token for p without a running issuer, for the command
// line. It is valid from now for lifetime, or Options.TokenLifetime when that is
// zero. The key is made if there is none yet. A person without a synthetic
// number is refused; whether p is in the demo is for the caller to know.
func Mint(o Options, p Person, lifetime time.Duration, now time.Time) (string, error) {
	o, err := o.normal()
	if err != nil {
		return "", fmt.Errorf("mint a token: %w", err)
	}
	if err := p.check(); err != nil {
		return "", fmt.Errorf("mint a token: %w", err)
	}
	if lifetime < 0 {
		return "", errors.New("mint a token: negative lifetime")
	}
	if lifetime > 0 {
		o.TokenLifetime = lifetime
	}
	key, err := openKey(o.KeyFile)
	if err != nil {
		return "", err
	}
	return o.accessToken(key, p, "demo", now)
}

// accessToken signs what Oversikt accepts as a bearer token (RFC 9068), with the
// claims that BankID has.
func (o Options) accessToken(key *signingKey, p Person, clientID string, now time.Time) (string, error) {
	claims := map[string]any{
		"iss":       o.IssuerURL,
		"sub":       key.subject(p),
		"aud":       o.Audience,
		"client_id": clientID,
		"jti":       rand.Text(),
		"iat":       now.Unix(),
		"nbf":       now.Unix(),
		"exp":       now.Add(o.TokenLifetime).Unix(),
		"acr":       ACR,
		"amr":       []string{amr},
	}
	for name, value := range o.personClaims(p) {
		claims[name] = value
	}
	return key.token(claims)
}

// token signs claims as an access token.
func (k *signingKey) token(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("sign an access token: %w", err)
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: k.key, KeyID: k.id}},
		(&jose.SignerOptions{}).WithType("at+jwt"))
	if err != nil {
		return "", fmt.Errorf("sign an access token: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign an access token: %w", err)
	}
	return signed.CompactSerialize()
}

func (o Options) personClaims(p Person) map[string]string {
	return map[string]string{
		o.NationalIDClaim: p.NationalID,
		"name":            p.Name,
		"given_name":      p.givenName(),
		"family_name":     p.familyName(),
		"birthdate":       p.birthdate(),
	}
}
