package token_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

const (
	synthetic = "12812199631" // month + 80: never issued
	broker    = "nin"
	level     = "urn:bankid:bid;LOA=4"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// keyOnce keeps the suite quick: a key of 2048 bits takes a while under the race detector.
var (
	rsaKey      = sync.OnceValue(newRSA)
	otherRSAKey = sync.OnceValue(newRSA)
	ecKey       = sync.OnceValue(func() *ecdsa.PrivateKey {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		return key
	})
)

func newRSA() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// clock is set by hand, so that a test of expiry takes no time.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(start.UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

// localIssuer is an issuer behind real HTTP, with real keys.
type localIssuer struct {
	url                     string
	client                  *http.Client
	discoveries, keyFetches atomic.Int32
	down                    atomic.Bool
	staff                   bool          // its tokens are staff's
	hold                    chan struct{} // when set, key fetches wait for it

	mu    sync.Mutex
	keys  []jose.JSONWebKey
	names string // the issuer that the discovery document names
}

func newIssuer(t testing.TB, tls bool) *localIssuer {
	t.Helper()
	i := &localIssuer{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.discoveries.Add(1)
		i.mu.Lock()
		defer i.mu.Unlock()
		i.reply(w, map[string]any{"issuer": i.names, "jwks_uri": i.url + "/keys"})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		i.keyFetches.Add(1)
		if i.hold != nil {
			<-i.hold
		}
		i.mu.Lock()
		defer i.mu.Unlock()
		i.reply(w, jose.JSONWebKeySet{Keys: i.keys})
	})
	server := httptest.NewUnstartedServer(mux)
	if tls {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(func() {
		server.Client().CloseIdleConnections()
		server.Close()
	})
	i.url, i.names, i.client = server.URL, server.URL, server.Client()
	return i
}

func (i *localIssuer) reply(w http.ResponseWriter, body any) {
	if i.down.Load() {
		http.Error(w, "maintenance", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

func (i *localIssuer) publish(kid string, key crypto.Signer, alg jose.SignatureAlgorithm) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append(i.keys, jose.JSONWebKey{Key: key.Public(), KeyID: kid, Algorithm: string(alg), Use: "sig"})
}

func (i *localIssuer) withdrawAll() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = nil
}

func (i *localIssuer) config() token.Config {
	c := token.Config{
		Issuer: i.url, Audience: "oversikt", NationalIDClaim: broker,
		AcceptedACR: []string{level}, SyntheticOnly: strings.HasPrefix(i.url, "http:"),
	}
	if i.staff {
		c.NationalIDClaim = ""
		c.Staff = &token.StaffConfig{
			RoleClaim: "role", AgencyClaim: "agency", Agencies: []string{"fjord", "lita"},
			Roles: map[string]caller.Role{"saksbehandler": caller.CaseWorker, "leder": caller.Supervisor,
				"revisor": caller.Auditor},
		}
	}
	return c
}

// claims are good ones, changed by each change; a nil value removes the claim.
func (i *localIssuer) claims(changes map[string]any) map[string]any {
	c := map[string]any{
		"iss": i.url, "aud": []string{"oversikt", "other"}, "sub": "9578-6000-4-1", "name": "Kari Nordmann",
		broker: synthetic, "acr": level,
		"iat": start.Unix(), "nbf": start.Unix(), "exp": start.Add(time.Hour).Unix(),
	}
	if i.staff {
		delete(c, broker)
		c["role"], c["agency"] = "saksbehandler", "fjord"
	}
	maps.Copy(c, changes)
	for name, value := range c {
		if value == nil {
			delete(c, name)
		}
	}
	return c
}

// sign returns a token with any header and any key; no library would sign the bad ones.
func sign(t testing.TB, alg jose.SignatureAlgorithm, key any, header, claims map[string]any) string {
	t.Helper()
	options := &jose.SignerOptions{}
	for name, value := range header {
		options.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
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

func (i *localIssuer) token(t testing.TB, changes map[string]any) string {
	t.Helper()
	return sign(t, jose.RS256, rsaKey(), map[string]any{"kid": "a", "typ": "JWT"}, i.claims(changes))
}

// unsigned returns header.claims.tail, each in base64url.
func unsigned(t testing.TB, header, claims map[string]any, tail string) string {
	t.Helper()
	part := func(v any) string {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	return part(header) + "." + part(claims) + "." + tail
}

func newVerifier(t testing.TB, c *clock, i *localIssuer, configs ...token.Config) *token.Verifier {
	t.Helper()
	if len(configs) == 0 {
		configs = []token.Config{i.config()}
	}
	v, err := token.NewVerifier(configs, c.now, i.client)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
