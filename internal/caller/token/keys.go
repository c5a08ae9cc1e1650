package token

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/oversikt/oversikt/internal/caller"
)

const (
	fetchTimeout = 5 * time.Second
	// refetchEvery spaces fetches: tokens with made-up key ids or signatures cost the issuer one
	// request in ten seconds, however many come.
	refetchEvery = 10 * time.Second
	firstBackoff = 500 * time.Millisecond // doubles up to refetchEvery, until keys were had once
	refreshAfter = time.Hour              // so a key that the issuer withdrew is forgotten
	staleAfter   = 24 * time.Hour         // how long an outage of the issuer is bridged
	maxDocument  = 1 << 20                // bytes of a discovery document or key set
	minRSABits   = 2048
)

// keySource holds the keys of one issuer. It asks the network only when a key is needed that it does
// not have, when a token does not fit the one that it has, or in the background when that has grown
// old, and never more than once at a time.
type keySource struct {
	issuer string
	clock  func() time.Time
	client *http.Client

	url string // of the key set; empty until discovered; touched only by the running fetch

	mu        sync.Mutex
	keys      map[string]jose.JSONWebKey // by key id
	loadedAt  time.Time                  // when keys came; zero before
	notBefore time.Time                  // no fetch starts earlier
	failures  int                        // since the last success
	err       error                      // of the last fetch
	running   chan struct{}              // closed when the running fetch ends; nil when none runs
}

func newKeySource(issuer string, clock func() time.Time, client *http.Client) *keySource {
	return &keySource{issuer: issuer, clock: clock, client: guarded(client)}
}

// find returns the key with the id. If the issuer has to be asked and cannot be reached, the
// error is ErrIssuerUnavailable. A key that it does not publish is a refusal.
func (k *keySource) find(ctx context.Context, id string) (jose.JSONWebKey, error) {
	k.mu.Lock()
	key, ok := k.lookup(id)
	if ok {
		if k.clock().Sub(k.loadedAt) > refreshAfter {
			k.refresh()
		}
		k.mu.Unlock()
		return key, nil
	}
	running := k.refresh()
	k.mu.Unlock()
	if err := await(ctx, running); err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("%w: %w", caller.ErrIssuerUnavailable, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, ok := k.lookup(id); ok {
		return key, nil
	}
	if k.err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("%w: %w", caller.ErrIssuerUnavailable, k.err)
	}
	return jose.JSONWebKey{}, refuse(reasonUnknownKey)
}

// replaced returns the key that the issuer now publishes under the id of one that a token does not
// fit. ok is false where it is the same, or the issuer cannot be asked now.
func (k *keySource) replaced(ctx context.Context, old jose.JSONWebKey) (key jose.JSONWebKey, ok bool) {
	k.mu.Lock()
	running := k.refresh()
	k.mu.Unlock()
	if await(ctx, running) != nil {
		return key, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok = k.lookup(old.KeyID)
	return key, ok && !reflect.DeepEqual(key, old)
}

// await waits for the end of a fetch, if one runs.
func await(ctx context.Context, running <-chan struct{}) error {
	if running == nil {
		return nil
	}
	select {
	case <-running:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *keySource) lookup(id string) (jose.JSONWebKey, bool) {
	if k.clock().Sub(k.loadedAt) > staleAfter {
		return jose.JSONWebKey{}, false
	}
	key, ok := k.keys[id]
	return key, ok
}

// refresh starts a fetch if none runs and it is not too soon. It returns a channel that is
// closed when the running fetch ends, nil when none runs. The lock is held.
func (k *keySource) refresh() <-chan struct{} {
	if k.running == nil && !k.clock().Before(k.notBefore) {
		k.running = make(chan struct{})
		// Detached from the request that happens to need it first: others wait too.
		go k.fetch()
	}
	return k.running
}

func (k *keySource) fetch() {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	keys, err := k.load(ctx)

	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.clock()
	wait := refetchEvery
	if err == nil {
		k.keys, k.loadedAt, k.failures = keys, now, 0
	} else {
		k.failures++
		if k.loadedAt.IsZero() {
			wait = min(firstBackoff<<min(k.failures-1, 10), refetchEvery)
		}
	}
	k.err, k.notBefore = err, now.Add(wait)
	close(k.running)
	k.running = nil
}

func (k *keySource) load(ctx context.Context) (map[string]jose.JSONWebKey, error) {
	if k.url == "" {
		provider, err := oidc.NewProvider(oidc.ClientContext(ctx, k.client), k.issuer)
		if err != nil {
			return nil, fmt.Errorf("discover %s: %s", k.issuer, brief(err))
		}
		var document struct {
			KeysURL string `json:"jwks_uri"`
		}
		if err := provider.Claims(&document); err != nil {
			return nil, fmt.Errorf("discover %s: %w", k.issuer, err)
		}
		if strings.HasPrefix(k.issuer, "https:") && !strings.HasPrefix(document.KeysURL, "https:") {
			return nil, fmt.Errorf("discover %s: the keys are not behind https", k.issuer)
		}
		k.url = document.KeysURL
	}
	keys, err := k.loadKeys(ctx)
	if err != nil {
		k.url = "" // it may have moved
		return nil, fmt.Errorf("fetch the keys of %s: %w", k.issuer, err)
	}
	return keys, nil
}

func (k *keySource) loadKeys(ctx context.Context) (map[string]jose.JSONWebKey, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, nil)
	if err != nil {
		return nil, err
	}
	response, err := k.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		return nil, fmt.Errorf("not a key set: %w", err)
	}
	keys := make(map[string]jose.JSONWebKey, len(set.Keys))
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		// RFC 7517 section 5: a key that is not understood is passed over.
		if json.Unmarshal(raw, &key) != nil || !usable(key) {
			continue
		}
		if _, taken := keys[key.KeyID]; !taken {
			keys[key.KeyID] = key
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("no usable key in the set")
	}
	return keys, nil
}

func usable(key jose.JSONWebKey) bool {
	if key.KeyID == "" || key.Use != "" && key.Use != "sig" {
		return false
	}
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		return public.N.BitLen() >= minRSABits
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return true
	default:
		return false // private or symmetric: it should not have been published
	}
}

// brief cuts an error that may quote a whole page of the issuer.
func brief(err error) string {
	const limit = 200
	text := err.Error()
	if len(text) > limit {
		text = text[:limit] + "..."
	}
	return strings.ToValidUTF8(text, "?")
}

// guarded returns a copy of client that follows no redirect (discovery allows
// none), reads no more than maxDocument and gives up after fetchTimeout.
func guarded(client *http.Client) *http.Client {
	c := http.Client{Timeout: fetchTimeout}
	if client != nil {
		c = *client
	}
	if c.Timeout == 0 || c.Timeout > fetchTimeout {
		c.Timeout = fetchTimeout
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	c.Transport = bounded{c.Transport}
	return &c
}

type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body := response.Body
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(body, maxDocument), body}
	return response, nil
}
