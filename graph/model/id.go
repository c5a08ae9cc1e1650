package model

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/miscreant/miscreant.go"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

// IDs turns keys into global ids and back. An id is the key, sealed with AES-SIV (RFC 5297). The
// same key always gives the same id, nobody else can make one, and nothing can be read from it,
// neither the agency nor how many cases it has.
type IDs struct{ keys []*sync.Pool } // of *sealer; the first seals, and all of them open

// sealer is a cipher, which one goroutine uses at a time, with room for what it seals.
type sealer struct {
	*miscreant.Cipher
	plain, sealed []byte
}

// IDKeySize is the length of the secret that ids are sealed with, in bytes.
const IDKeySize = 64

const (
	idVersion = "1"
	commonID  = 64 // bytes: an id with its quotes is seldom longer
)

var idLabel = []byte(idVersion)

// NewIDs returns ids sealed with the first of secrets of IDKeySize bytes. All replicas share them;
// ids that clients hold from a secret that is not among them are no longer known.
func NewIDs(secrets ...[]byte) (*IDs, error) {
	if len(secrets) == 0 {
		return nil, errors.New("set up global ids: there is no secret")
	}
	ids := &IDs{}
	for _, secret := range secrets {
		if len(secret) != IDKeySize {
			return nil, fmt.Errorf("set up global ids: the secret has %d bytes in place of %d", len(secret), IDKeySize)
		}
		secret = bytes.Clone(secret)
		ids.keys = append(ids.keys, &sync.Pool{New: func() any {
			cipher, err := miscreant.NewAESCMACSIV(secret)
			if err != nil {
				panic(err) // the length is right
			}
			return &sealer{Cipher: cipher}
		}})
	}
	return ids, nil
}

// Seal returns the global id of a key.
func (ids *IDs) Seal(k debt.Key) string { return string(ids.appendID(nil, k)) }

// appendID appends the global id of a key.
func (ids *IDs) appendID(b []byte, k debt.Key) []byte {
	s := ids.keys[0].Get().(*sealer)
	defer ids.keys[0].Put(s)
	s.plain = append(s.plain[:0], byte(k.Kind))
	s.plain = append(s.plain, k.Agency...)
	s.plain = append(s.plain, 0)
	s.plain = append(s.plain, k.ID...)
	return s.appendSealed(b, s.plain, idLabel)
}

// appendSealed encrypts a text; label keeps one use of the secret from another.
func (s *sealer) appendSealed(b, plain, label []byte) []byte {
	sealed, err := s.Seal(s.sealed[:0], plain, label)
	if err != nil {
		panic(err) // only too many labels fail
	}
	s.sealed = sealed
	return base64.RawURLEncoding.AppendEncode(append(b, idVersion...), sealed)
}

// open returns what seal was given, if the text was made here.
func (ids *IDs) open(sealed string, label []byte) ([]byte, bool) {
	text, ok := strings.CutPrefix(sealed, idVersion)
	if !ok || len(text) > maxSealed || strings.ContainsAny(text, "\r\n") { // which base64 passes over
		return nil, false
	}
	ciphertext, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, false
	}
	for _, key := range ids.keys {
		s := key.Get().(*sealer)
		plain, err := s.Cipher.Open(nil, ciphertext, label)
		key.Put(s)
		if err == nil {
			return plain, true
		}
	}
	return nil, false
}

// maxSealed is longer than any id or offer.
const maxSealed = 4000

// Open returns the key of a global id; a text that was not sealed here is BAD_USER_INPUT.
func (ids *IDs) Open(id string) (debt.Key, error) {
	plain, ok := ids.open(id, idLabel)
	if !ok || len(plain) < 2 {
		return debt.Key{}, fault.Invalid("id", "the id is not one of this service")
	}
	agency, key, _ := strings.Cut(string(plain[1:]), "\x00")
	return debt.Key{Kind: debt.Kind(plain[0]), Agency: agency, ID: key}, nil
}

type idsKey struct{}

// WithIDs returns a context in which the scalar ID is sealed and opened by ids.
func WithIDs(ctx context.Context, ids *IDs) context.Context {
	return context.WithValue(ctx, idsKey{}, ids)
}

// MarshalID writes a key as the scalar ID.
func MarshalID(k debt.Key) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		ids := ctx.Value(idsKey{}).(*IDs)
		b := append(make([]byte, 0, commonID), '"')
		_, err := w.Write(append(ids.appendID(b, k), '"'))
		return err
	})
}

// UnmarshalID reads the scalar ID.
func UnmarshalID(ctx context.Context, v any) (debt.Key, error) {
	id, ok := v.(string)
	if !ok {
		return debt.Key{}, fault.Invalid("id", "an id is a string")
	}
	return ctx.Value(idsKey{}).(*IDs).Open(id)
}
