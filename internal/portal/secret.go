package portal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// SecretSize is the length of the key of a Secret in bytes.
const SecretSize = 32

// Secret keeps people out of the portal database: a keyed hash refers to a person, and what a
// job needs to know about them is sealed.
type Secret struct {
	reference []byte
	seal      cipher.AEAD
}

// NewSecret derives the keys from one key of SecretSize bytes, the same on all replicas. With
// another key, every reference and everything that is sealed is lost.
func NewSecret(key []byte) (*Secret, error) {
	if len(key) != SecretSize {
		return nil, fmt.Errorf("the portal's key has %d bytes, not %d", len(key), SecretSize)
	}
	reference, err := hkdf.Key(sha256.New, key, nil, "oversikt person reference", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	sealing, err := hkdf.Key(sha256.New, key, nil, "oversikt seal", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Secret{reference, aead}, nil
}

// Reference returns the reference that stands for a person in every table: 32 bytes, the same
// for the same number. Without the key, nobody can find the number from it.
func (s *Secret) Reference(person norway.NationalID) []byte {
	mac := hmac.New(sha256.New, s.reference)
	mac.Write([]byte(person.Reveal()))
	return mac.Sum(nil)
}

// CaseReference returns what stands for a caller who is known by one case at one agency alone,
// where Reference would stand for a person.
func (s *Secret) CaseReference(agency, caseID string) []byte {
	mac := hmac.New(sha256.New, s.reference)
	// No number of a person has a colon in it, and no code of an agency.
	mac.Write([]byte("case:" + agency + ":" + caseID))
	return mac.Sum(nil)
}

// Seal encrypts a value; bound is what it belongs to, such as the key of its row, and must
// be the same when it is opened.
func (s *Secret) Seal(plain []byte, bound string) []byte {
	return s.seal.Seal(nil, nil, plain, []byte(bound))
}

// ErrSealed says that a sealed value was made with another key, for something else, or was changed.
var ErrSealed = errors.New("the sealed value cannot be opened")

// Unseal returns what Seal was given, or ErrSealed.
func (s *Secret) Unseal(sealed []byte, bound string) ([]byte, error) {
	plain, err := s.seal.Open(nil, nil, sealed, []byte(bound))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}
