package token_test

import (
	"errors"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/oversikt/oversikt/internal/caller"
)

// FuzzVerify: whatever is sent, it is refused in the one way there is. The seeds
// are all refused too, so only a forged token could be accepted.
func FuzzVerify(f *testing.F) {
	i := newIssuer(f, false)
	i.publish("a", rsaKey(), jose.RS256)
	v := newVerifier(f, newClock(), i)
	good := i.token(f, nil)
	for _, seed := range []string{"", "..", "a.b.c", good[:len(good)-1], good[1:],
		unsigned(f, map[string]any{"alg": "none"}, i.claims(nil), "")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := v.Verify(t.Context(), token); !errors.Is(err, caller.ErrUnauthenticated) {
			t.Errorf("%q: %v", token, err)
		}
	})
}
