package token_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
)

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}

func TestUnknownKeysCauseNoStorm(t *testing.T) {
	i, c := newIssuer(t, false), newClock()
	i.publish("a", rsaKey(), jose.RS256)
	v := newVerifier(t, c, i)
	if _, err := v.Verify(t.Context(), i.token(t, nil)); err != nil {
		t.Fatal(err)
	}
	stranger := sign(t, jose.RS256, otherRSAKey(), map[string]any{"kid": "z"}, i.claims(nil))
	for second := range 25 {
		for range 20 {
			if _, err := v.Verify(t.Context(), stranger); !errors.Is(err, caller.ErrUnauthenticated) {
				t.Fatalf("second %d: got %v", second, err)
			}
		}
		c.advance(time.Second)
	}
	if k := i.keyFetches.Load(); k != 3 {
		t.Errorf("%d key fetches in 25 s, want 3: at the start, after 10 s and after 20 s", k)
	}
	if d := i.discoveries.Load(); d != 1 {
		t.Errorf("%d discoveries, want 1", d)
	}
}

func TestOneFetchForManyCallers(t *testing.T) {
	i := newIssuer(t, false)
	i.hold = make(chan struct{})
	i.publish("a", rsaKey(), jose.RS256)
	v := newVerifier(t, newClock(), i)
	token := i.token(t, nil)

	impatient, cancel := context.WithCancel(t.Context())
	gaveUp := make(chan error)
	go func() {
		_, err := v.Verify(impatient, token)
		gaveUp <- err
	}()
	waitFor(t, func() bool { return i.keyFetches.Load() == 1 })
	cancel()
	if err := <-gaveUp; !errors.Is(err, context.Canceled) || !errors.Is(err, caller.ErrIssuerUnavailable) {
		t.Errorf("a caller that left got %v", err)
	}

	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := v.Verify(t.Context(), token); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	close(i.hold)
	wg.Wait()
	if k := i.keyFetches.Load(); k != 1 {
		t.Errorf("%d key fetches for 50 callers at once, want 1: the one who left must not take it along", k)
	}
}

// TestKeyReplacedUnderItsID: a token that the key of its id does not fit makes the issuer be asked
// again, whatever kind the new key is, and no more often than every ten seconds.
func TestKeyReplacedUnderItsID(t *testing.T) {
	id := map[string]any{"kid": "a"}
	for name, replace := range map[string]func(*localIssuer) string{
		"another key": func(i *localIssuer) string {
			i.publish("a", otherRSAKey(), jose.RS256)
			return sign(t, jose.RS256, otherRSAKey(), id, i.claims(nil))
		},
		"another kind": func(i *localIssuer) string {
			i.publish("a", ecKey(), jose.ES256)
			return sign(t, jose.ES256, ecKey(), id, i.claims(nil))
		},
		"another kind, no algorithm": func(i *localIssuer) string {
			i.publish("a", ecKey(), "")
			return sign(t, jose.ES256, ecKey(), id, i.claims(nil))
		},
	} {
		i, c := newIssuer(t, false), newClock()
		i.publish("a", rsaKey(), jose.RS256)
		v := newVerifier(t, c, i)
		if _, err := v.Verify(t.Context(), i.token(t, nil)); err != nil {
			t.Fatal(err)
		}
		c.advance(time.Minute)
		i.withdrawAll()
		renewed := replace(i)
		if _, err := v.Verify(t.Context(), renewed); err != nil {
			t.Errorf("%s: the new key's token: %v", name, err)
		}
		other := map[string]any{"jti": "2"} // no token that was accepted before
		if _, err := v.Verify(t.Context(), i.token(t, other)); !errors.Is(err, caller.ErrUnauthenticated) {
			t.Errorf("%s: the old key's token: %v", name, err)
		}
		if k := i.keyFetches.Load(); k != 2 {
			t.Errorf("%s: %d key fetches, want 2", name, k)
		}
	}
}

// TestForgedSignaturesCauseNoStorm: they cost the issuer a fetch in ten seconds, and while it is
// down what is known of its keys holds.
func TestForgedSignaturesCauseNoStorm(t *testing.T) {
	i, c := newIssuer(t, false), newClock()
	i.publish("a", rsaKey(), jose.RS256)
	v := newVerifier(t, c, i)
	forged := sign(t, jose.RS256, otherRSAKey(), map[string]any{"kid": "a"}, i.claims(nil))
	for second := range 25 {
		i.down.Store(second > 15)
		for range 20 {
			if _, err := v.Verify(t.Context(), forged); !errors.Is(err, caller.ErrUnauthenticated) {
				t.Fatalf("second %d: got %v", second, err)
			}
		}
		good := i.token(t, map[string]any{"jti": fmt.Sprint(second)})
		if _, err := v.Verify(t.Context(), good); err != nil {
			t.Errorf("second %d: %v", second, err)
		}
		c.advance(time.Second)
	}
	if k := i.keyFetches.Load(); k != 3 {
		t.Errorf("%d key fetches in 25 s, want 3: at the start, after 10 s and after 20 s", k)
	}
}

func TestKeyRotation(t *testing.T) {
	i, c := newIssuer(t, false), newClock()
	i.publish("a", rsaKey(), jose.RS256)
	v := newVerifier(t, c, i)
	if _, err := v.Verify(t.Context(), i.token(t, nil)); err != nil {
		t.Fatal(err)
	}
	c.advance(time.Minute)
	i.publish("b", otherRSAKey(), jose.RS256)
	renewed := sign(t, jose.RS256, otherRSAKey(), map[string]any{"kid": "b"}, i.claims(nil))
	if _, err := v.Verify(t.Context(), renewed); err != nil {
		t.Errorf("a token of the new key: %v", err)
	}
	if _, err := v.Verify(t.Context(), i.token(t, map[string]any{"jti": "2"})); err != nil {
		t.Errorf("a token of the old key, still published: %v", err)
	}
	if k := i.keyFetches.Load(); k != 2 {
		t.Errorf("%d key fetches, want 2", k)
	}

	i.withdrawAll()
	i.publish("b", otherRSAKey(), jose.RS256)
	c.advance(time.Hour + time.Second)
	late := map[string]any{"exp": c.now().Add(time.Hour).Unix()}
	if _, err := v.Verify(t.Context(), i.token(t, late)); err != nil {
		t.Errorf("nobody waits for the hourly look at the keys: %v", err)
	}
	waitFor(t, func() bool { return i.keyFetches.Load() == 3 })
	others := 0
	waitFor(t, func() bool { // until what was fetched is stored
		others++
		late["jti"] = fmt.Sprint("other ", others) // no token that was accepted before
		_, err := v.Verify(t.Context(), i.token(t, late))
		return errors.Is(err, caller.ErrUnauthenticated)
	})
}

func TestIssuerDownThenUp(t *testing.T) {
	i, c := newIssuer(t, false), newClock()
	i.publish("a", rsaKey(), jose.RS256)
	i.down.Store(true)
	v := newVerifier(t, c, i)
	token := i.token(t, nil)

	unavailable := func() {
		t.Helper()
		_, err := v.Verify(t.Context(), token)
		if !errors.Is(err, caller.ErrIssuerUnavailable) || fault.Of(err).Code != fault.LoginUnavailable {
			t.Fatalf("got %v, want the issuer to be unavailable and no blame on the caller", err)
		}
		hides(t, err, token)
	}
	for range 100 {
		unavailable()
	}
	if d := i.discoveries.Load(); d != 1 {
		t.Errorf("%d discoveries within one moment of an outage, want 1", d)
	}
	for range 60 {
		c.advance(500 * time.Millisecond)
		unavailable()
	}
	if d := i.discoveries.Load(); d < 4 || d > 8 {
		t.Errorf("%d discoveries in 30 s of an outage; want a back-off", d)
	}

	i.down.Store(false)
	c.advance(10 * time.Second)
	if _, err := v.Verify(t.Context(), token); err != nil {
		t.Errorf("after the outage: %v", err)
	}

	i.down.Store(true)
	c.advance(23 * time.Hour)
	late := map[string]any{"iat": c.now().Unix(), "exp": c.now().Add(2 * time.Hour).Unix()}
	if _, err := v.Verify(t.Context(), i.token(t, late)); err != nil {
		t.Errorf("keys that were had bridge an outage: %v", err)
	}
	waitFor(t, func() bool { return i.keyFetches.Load() == 2 })
	c.advance(61 * time.Minute)
	late["jti"] = "2"
	if _, err := v.Verify(t.Context(), i.token(t, late)); !errors.Is(err, caller.ErrIssuerUnavailable) {
		t.Errorf("keys a day old: got %v", err)
	}
}

func TestUnreachableIssuer(t *testing.T) {
	i := newIssuer(t, false)
	config := i.config()
	config.Issuer = "http://127.0.0.1:1"
	v := newVerifier(t, newClock(), i, config)
	if _, err := v.Verify(t.Context(), i.token(t, map[string]any{"iss": config.Issuer})); !errors.Is(err,
		caller.ErrIssuerUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestDiscoveryOfAnotherIssuer(t *testing.T) {
	i := newIssuer(t, false)
	i.publish("a", rsaKey(), jose.RS256)
	i.names = "https://evil.example"
	v := newVerifier(t, newClock(), i)
	if _, err := v.Verify(t.Context(), i.token(t, nil)); !errors.Is(err, caller.ErrIssuerUnavailable) {
		t.Errorf("got %v; want a discovery document that names another issuer to be unusable", err)
	}
	if k := i.keyFetches.Load(); k != 0 {
		t.Errorf("%d key fetches after a bad discovery", k)
	}
}

func TestOddKeysArePassedOver(t *testing.T) {
	i := newIssuer(t, false)
	i.keys = []jose.JSONWebKey{
		{Key: []byte("a shared secret of thirty-two bytes"), KeyID: "a"},
		{Key: otherRSAKey().Public(), KeyID: "a", Use: "enc"},
	}
	i.publish("a", rsaKey(), jose.RS256)
	v := newVerifier(t, newClock(), i)
	if _, err := v.Verify(t.Context(), i.token(t, nil)); err != nil {
		t.Error(err)
	}
}
