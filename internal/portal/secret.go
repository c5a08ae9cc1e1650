package portal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
)

// SecretSize is the length of a key of a Secret in bytes.
const SecretSize = 32

// Secret keeps people out of the portal database: a reference stands for a person, and what a
// job needs to know about them is sealed. Its first key writes, and all of them read.
type Secret struct {
	keys  []*secretKey
	older atomic.Pointer[[]olderReferences] // what Guard has found in the database
}

// secretKey is what is derived from one key.
type secretKey struct {
	check  []byte          // tells the key apart, and says nothing of it
	hash   []byte          // of references from before they could change their key
	rounds [4]cipher.Block // of references
	line   []byte          // marks the lines of the access log's spool
	seal   cipher.AEAD
}

// NewSecret derives what is needed from keys of SecretSize bytes each, the same on all replicas.
// What was written with a key that is not among them is lost.
func NewSecret(keys ...[]byte) (*Secret, error) {
	if len(keys) == 0 {
		return nil, errors.New("the portal has no key")
	}
	s := &Secret{}
	for _, key := range keys {
		if len(key) != SecretSize {
			return nil, fmt.Errorf("the portal's key has %d bytes, not %d", len(key), SecretSize)
		}
		derived, err := derive(key)
		if err != nil {
			return nil, err
		}
		s.keys = append(s.keys, derived)
	}
	return s, nil
}

func derive(key []byte) (*secretKey, error) {
	var of [8][]byte
	for i, purpose := range []string{
		checkPurpose, "oversikt person reference", "oversikt spool", "oversikt seal",
		"oversikt reference 1", "oversikt reference 2", "oversikt reference 3", "oversikt reference 4",
	} {
		var err error
		if of[i], err = hkdf.Key(sha256.New, key, nil, purpose, sha256.Size); err != nil {
			return nil, fmt.Errorf("derive key: %w", err)
		}
	}
	k := &secretKey{check: of[0], hash: of[1], line: of[2]}
	sealing, err := aes.NewCipher(of[3])
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if k.seal, err = cipher.NewGCMWithRandomNonce(sealing); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	for i := range k.rounds {
		if k.rounds[i], err = aes.NewCipher(of[4+i]); err != nil {
			return nil, fmt.Errorf("references: %w", err)
		}
	}
	return k, nil
}

// Seal encrypts a value; bound is what it belongs to, such as the key of its row, and must
// be the same when it is opened.
func (s *Secret) Seal(plain []byte, bound string) []byte {
	return s.keys[0].seal.Seal(nil, nil, plain, []byte(bound))
}

// ErrSealed says that a sealed value was made with another key, for something else, or was changed.
var ErrSealed = errors.New("the sealed value cannot be opened")

// Unseal returns what Seal was given, or ErrSealed.
func (s *Secret) Unseal(sealed []byte, bound string) ([]byte, error) {
	for _, k := range s.keys {
		if plain, err := k.seal.Open(nil, nil, sealed, []byte(bound)); err == nil {
			return plain, nil
		}
	}
	return nil, ErrSealed
}

// Reseal returns a sealed value as the first key writes it, and whether another one had written
// it; or ErrSealed.
func (s *Secret) Reseal(sealed []byte, bound string) (renewed []byte, changed bool, err error) {
	if _, err := s.keys[0].seal.Open(nil, nil, sealed, []byte(bound)); err == nil {
		return sealed, false, nil
	}
	plain, err := s.Unseal(sealed, bound)
	if err != nil {
		return nil, false, err
	}
	return s.Seal(plain, bound), true, nil
}

// MarkSize is the length of a mark in bytes.
const MarkSize = 16

// Mark returns what shows later that a line of the access log's spool was written here.
func (s *Secret) Mark(line []byte) [MarkSize]byte { return s.keys[0].mark(line) }

// Marked returns the place of the key that has marked a line, -1 where it was none of them.
func (s *Secret) Marked(line []byte, mark [MarkSize]byte) int {
	return slices.IndexFunc(s.keys, func(k *secretKey) bool {
		is := k.mark(line)
		return hmac.Equal(is[:], mark[:])
	})
}

func (k *secretKey) mark(line []byte) [MarkSize]byte {
	mac := hmac.New(sha256.New, k.line)
	mac.Write(line)
	var sum [sha256.Size]byte
	return [MarkSize]byte(mac.Sum(sum[:0]))
}
