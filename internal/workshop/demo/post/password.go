package post

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"

	"golang.org/x/crypto/argon2"
)

// alphabet has nothing that looks like another on paper, and no vowels, so that no word
// comes out: 24 characters, so that twelve of them have 55 bits. docs/login.md asks for 40.
const alphabet = "23456789bcdfghjkmnprtvwx"

const groups, groupSize = 3, 4

// newPassword returns a password such as k7mp-4xwt-9brd.
func newPassword() string {
	var b strings.Builder
	for i := range groups * groupSize {
		if i > 0 && i%groupSize == 0 {
			b.WriteByte('-')
		}
		n, _ := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet)))) // never fails
		b.WriteByte(alphabet[n.Int64()])
	}
	return b.String()
}

// plain returns the form of which mark and hash are made (docs/contract.md, case_login).
func plain(password string) []byte { return []byte(strings.ReplaceAll(password, "-", "")) }

// mark tells the passwords of a case apart.
func mark(password string) int { return int(sha256.Sum256(plain(password))[0]) }

// hash returns the PHC string that the contract asks for.
func hash(password string) string {
	const memory, passes, threads, size = 19456, 2, 1, 32 // KiB and bytes
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	key := argon2.IDKey(plain(password), salt, passes, memory, threads, size)
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, threads, text(salt),
		text(key))
}
