package portal_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
)

func secret(t *testing.T, b byte) *portal.Secret {
	t.Helper()
	s, err := portal.NewSecret(bytes.Repeat([]byte{b}, portal.SecretSize))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReference(t *testing.T) {
	t.Parallel()
	kari, err := norway.ParseNationalID("17912099997")
	if err != nil {
		t.Fatal(err)
	}
	one := secret(t, 1).Reference(kari)
	if len(one) != 32 || bytes.Contains(one, []byte(kari.Reveal())) {
		t.Errorf("%x", one)
	}
	if !bytes.Equal(one, secret(t, 1).Reference(kari)) || bytes.Equal(one, secret(t, 2).Reference(kari)) {
		t.Error("a reference depends on the person and the key, and on nothing else")
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	s := secret(t, 1)
	plain := []byte("who it is about")
	sealed := s.Seal(plain, "row 1")
	if bytes.Contains(sealed, plain) || bytes.Equal(sealed, s.Seal(plain, "row 1")) {
		t.Error("what is sealed can be read or compared")
	}
	if got, err := s.Unseal(sealed, "row 1"); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("%q, %v", got, err)
	}
	broken := bytes.Clone(sealed)
	broken[len(broken)-1] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another row": func() ([]byte, error) { return s.Unseal(sealed, "row 2") },
		"another key": func() ([]byte, error) { return secret(t, 2).Unseal(sealed, "row 1") },
		"changed":     func() ([]byte, error) { return s.Unseal(broken, "row 1") },
		"cut":         func() ([]byte, error) { return s.Unseal(sealed[:5], "row 1") },
		"nothing":     func() ([]byte, error) { return s.Unseal(nil, "row 1") },
	} {
		if got, err := try(); !errors.Is(err, portal.ErrSealed) || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
