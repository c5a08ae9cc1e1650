package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// BenchmarkVerify shows what remembering accepted tokens saves.
func BenchmarkVerify(b *testing.B) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	for alg, key := range map[jose.SignatureAlgorithm]crypto.Signer{jose.RS256: rsaKey, jose.ES256: ecKey} {
		v, token := benchVerifier(b, alg, key)
		for name, accepted := range map[string]bool{"checked": false, "remembered": true} {
			b.Run(string(alg)+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if !accepted {
						v.accepted.Purge()
					}
					if _, err := v.Verify(b.Context(), token); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func benchVerifier(b *testing.B, alg jose.SignatureAlgorithm, key crypto.Signer) (*Verifier, string) {
	b.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	b.Cleanup(server.Close)
	b.Cleanup(server.Client().CloseIdleConnections)
	reply := func(path string, body any) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(body)
		})
	}
	reply("/.well-known/openid-configuration", map[string]string{"issuer": server.URL, "jwks_uri": server.URL + "/keys"})
	reply("/keys", jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "a"}}})

	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key},
		(&jose.SignerOptions{}).WithHeader("kid", "a"))
	if err != nil {
		b.Fatal(err)
	}
	now := time.Now()
	claims, err := json.Marshal(map[string]any{
		"iss": server.URL, "aud": "oversikt", "sub": "9578-6000-4-1", "name": "Kari Nordmann", "given_name": "Kari",
		"family_name": "Nordmann", "birthdate": "1990-01-01", "acr": "high", "amr": "BID", "nin": "12812199631",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(), "jti": "a", "client_id": "oversikt",
	})
	if err != nil {
		b.Fatal(err)
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		b.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		b.Fatal(err)
	}
	v, err := NewVerifier([]Config{{
		Issuer: server.URL, Audience: "oversikt", NationalIDClaim: "nin", AcceptedACR: []string{"high"}, SyntheticOnly: true,
	}}, nil, server.Client())
	if err != nil {
		b.Fatal(err)
	}
	return v, token
}
