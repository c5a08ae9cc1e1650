package issuer

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-jose/go-jose/v4"
)

const (
	keyBits = 2048
	pemType = "PRIVATE KEY"
)

// signingKey is the issuer's RSA key; it is what op asks of a signing and of a published key.
type signingKey struct {
	id  string
	key *rsa.PrivateKey
}

func (k *signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k *signingKey) Key() any                                    { return k.key }
func (k *signingKey) ID() string                                  { return k.id }

type publishedKey struct{ *signingKey }

func (k publishedKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k publishedKey) Use() string                        { return "sig" }
func (k publishedKey) Key() any                           { return &k.key.PublicKey }

// subject returns the issuer's own name for a person: the same at each login,
// and nothing that gives the number away.
func (k *signingKey) subject(p Person) string {
	mac := hmac.New(sha256.New, k.key.D.Bytes())
	mac.Write([]byte("subject " + p.NationalID))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// openKey reads the key in file. Where there is none it makes one, readable by
// its owner alone; of several processes that do so at once, one wins and all use its key.
func openKey(file string) (*signingKey, error) {
	key, err := readKey(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = createKey(file); err == nil || errors.Is(err, fs.ErrExist) {
			key, err = readKey(file)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("key of the demo issuer: %w", err)
	}
	thumbprint, err := (&jose.JSONWebKey{Key: key.Public()}).Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("key of the demo issuer: %w", err)
	}
	return &signingKey{base64.RawURLEncoding.EncodeToString(thumbprint), key}, nil
}

func readKey(file string) (*rsa.PrivateKey, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: others than its owner can read or write it (mode %o)", file, info.Mode().Perm())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pemType {
		return nil, fmt.Errorf("%s: not a private key in PEM", file)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok || key.N.BitLen() < keyBits {
		return nil, fmt.Errorf("%s: not an RSA key of %d bits", file, keyBits)
	}
	return key, nil
}

// createKey writes a new key beside file and links it into place: readers see
// all of it or nothing, and a file that is there is never replaced.
func createKey(file string) (err error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(file), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	err = pem.Encode(draft, &pem.Block{Type: pemType, Bytes: der})
	if err == nil {
		err = draft.Sync()
	}
	if err := errors.Join(err, draft.Close()); err != nil {
		return err
	}
	return os.Link(draft.Name(), file)
}
