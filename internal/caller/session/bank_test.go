package session_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/oversikt/oversikt/internal/caller/token"
)

const (
	kari    = "12812199631" // month + 80: never issued
	level   = "urn:bankid:bid;LOA=4"
	client  = "oversikt-web"
	secret  = "s3cret-of-the-client"
	issuers = "/realms/test"
)

var bankKey = sync.OnceValue(newKey)

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

// bank is an issuer behind real HTTP that gives what it is told to, wrong tokens too. That
// a login works with an issuer that is not made for these tests is shown in cmd/oversikt.
type bank struct {
	t         testing.TB
	url       string
	clock     *clock
	client    *http.Client
	down      atomic.Bool
	exchanges atomic.Int32

	mu     sync.Mutex
	grants map[string]grant // by code
}

type grant struct {
	asked  url.Values
	tokens func(claims map[string]any) map[string]any // the token response; nil: a good one
	status int                                        // of the token response, 0: 200
}

func newBank(t testing.TB, c *clock) *bank {
	t.Helper()
	b := &bank{t: t, clock: c, grants: map[string]grant{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+issuers+"/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		b.reply(w, http.StatusOK, map[string]any{
			"issuer": b.url, "jwks_uri": b.url + "/keys", "authorization_endpoint": b.url + "/authorize",
			"token_endpoint":       b.url + "/token",
			"end_session_endpoint": b.url + "/end", "token_endpoint_auth_methods_supported": []string{"client_secret_basic",
				"client_secret_post"},
		})
	})
	mux.HandleFunc("GET "+issuers+"/keys", func(w http.ResponseWriter, _ *http.Request) {
		b.reply(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: bankKey().Public(), KeyID: "a",
			Use: "sig"}}})
	})
	mux.HandleFunc("POST "+issuers+"/token", b.token)
	server := httptest.NewServer(mux)
	b.url, b.client = server.URL+issuers, server.Client()
	t.Cleanup(func() {
		b.client.CloseIdleConnections()
		server.Close()
	})
	return b
}

func (b *bank) reply(w http.ResponseWriter, status int, body any) {
	if b.down.Load() {
		status, body = http.StatusServiceUnavailable, "maintenance"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// token is the token endpoint: each code once, to the client that has it, with PKCE.
func (b *bank) token(w http.ResponseWriter, r *http.Request) {
	b.exchanges.Add(1)
	b.mu.Lock()
	code := r.FormValue("code")
	g, ok := b.grants[code]
	delete(b.grants, code)
	b.mu.Unlock()
	id, given, _ := r.BasicAuth()
	challenge := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	switch {
	case id != client || given != secret:
		b.reply(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
	case !ok || r.FormValue("redirect_uri") != g.asked.Get("redirect_uri") ||
		r.FormValue("grant_type") != "authorization_code" ||
		g.asked.Get("code_challenge_method") != "S256" ||
		base64.RawURLEncoding.EncodeToString(challenge[:]) != g.asked.Get("code_challenge"):
		b.reply(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "about " + kari})
	case g.status != 0:
		b.reply(w, g.status, map[string]string{"error": "server_error"})
	default:
		claims := b.claims(kari, "Kari Nordmann")
		claims["nonce"] = g.asked.Get("nonce")
		if g.tokens == nil {
			g.tokens = func(claims map[string]any) map[string]any { return b.response(b.sign(claims)) }
		}
		b.reply(w, http.StatusOK, g.tokens(claims))
	}
}

func (b *bank) claims(number, name string) map[string]any {
	now := b.clock.now()
	return map[string]any{
		"iss": b.url, "aud": client, "azp": client, "sub": "subject-of-" + name[:3], "name": name, "nin": number,
		"acr": level, "sid": "sid-1",
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}
}

func (b *bank) response(idToken string) map[string]any {
	return map[string]any{"access_token": "the-access-token", "token_type": "Bearer", "expires_in": 300,
		"id_token": idToken}
}

// changed is a token response whose ID token differs in some claims; nil leaves one out.
func (b *bank) changed(changes map[string]any) func(map[string]any) map[string]any {
	return func(claims map[string]any) map[string]any {
		maps.Copy(claims, changes)
		for name, value := range claims {
			if value == nil {
				delete(claims, name)
			}
		}
		return b.response(b.sign(claims))
	}
}

func (b *bank) sign(claims map[string]any) string {
	return signWith(b.t, jose.ES256, bankKey(), claims)
}

func signWith(t testing.TB, alg jose.SignatureAlgorithm, key any, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key},
		(&jose.SignerOptions{}).WithHeader("kid", "a"))
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// grant takes a person's consent: the code for what the browser was sent to ask for.
func (b *bank) grant(asked url.Values, g grant) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	code := rand.Text()
	g.asked = asked
	b.grants[code] = g
	return code
}

func (b *bank) accepts() token.Config {
	return token.Config{Issuer: b.url, Audience: "oversikt", NationalIDClaim: "nin", AcceptedACR: []string{level},
		SyntheticOnly: true}
}

// clock is set by hand, so that a test of expiry takes no time.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }
