package debt

import (
	"crypto/sha256"
	"log/slog"
	"strings"
	"unicode"
)

// Password is the password of a letter in the one form of which its mark and its hash are made,
// however somebody typed it. It does not print itself.
type Password struct{ plain string }

// Mark tells the passwords of one case apart. With it, an agency hands out one hash even when a
// new password and the one before are both valid. It is eight bits of the password, which is not
// enough to get in.
func (p Password) Mark() byte { return sha256.Sum256([]byte(p.plain))[0] }

// Bytes returns what is hashed.
func (p Password) Bytes() []byte { return []byte(p.plain) }

// String hides the password.
func (Password) String() string { return "[password]" }

// GoString hides the password.
func (p Password) GoString() string { return p.String() }

// LogValue hides the password from structured logs.
func (p Password) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText hides the password from JSON and the like.
func (p Password) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// PasswordForm is how an agency prints passwords that it has hashed as they are printed, such as
// "AAAA-AAAA-AAAA": A stands for a character in upper case, a for one in lower case, * for one as
// it is, and everything else for itself. The zero form is that of the contract.
type PasswordForm string

// Of returns the password that somebody typed. The contract's form is without blanks, dashes and
// what cannot be seen, in lower case. A password with as many characters as the agency's form has
// places gets that one: an agency that changes over has old ones and new ones.
func (f PasswordForm) Of(typed string) Password {
	bare := strings.Map(func(r rune) rune {
		if r == '\u2212' || unicode.In(r, unicode.White_Space, unicode.Pd, unicode.Cf) { // U+2212 is the minus
			return -1
		}
		return r
	}, typed)
	left := []rune(bare)
	if n := f.places(); n == 0 || n != len(left) {
		return Password{strings.ToLower(bare)}
	}
	var printed strings.Builder
	for _, r := range f {
		to, place := places[r]
		if place {
			r, left = to(left[0]), left[1:]
		}
		printed.WriteRune(r)
	}
	return Password{printed.String()}
}

var places = map[rune]func(rune) rune{
	'A': unicode.ToUpper, 'a': unicode.ToLower, '*': func(r rune) rune { return r },
}

func (f PasswordForm) places() (n int) {
	for _, r := range f {
		if _, place := places[r]; place {
			n++
		}
	}
	return n
}

// PasswordHash is an argon2id hash in PHC form. It does not print itself.
type PasswordHash struct{ phc string }

// NewPasswordHash wraps a PHC string.
func NewPasswordHash(phc string) PasswordHash { return PasswordHash{phc} }

// Reveal returns the PHC string.
func (h PasswordHash) Reveal() string { return h.phc }

// String hides the hash.
func (PasswordHash) String() string { return "[password hash]" }

// GoString hides the hash.
func (h PasswordHash) GoString() string { return h.String() }

// LogValue hides the hash from structured logs.
func (h PasswordHash) LogValue() slog.Value { return slog.StringValue(h.String()) }

// MarshalText hides the hash from JSON and the like.
func (h PasswordHash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }
