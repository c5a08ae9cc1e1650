// Package session lets browsers log in without ever holding a token: the session is a row
// of the portal database, and the browser has its id in a cookie that no script can read
// (RFC 10017, "backend for frontend").
//
// A Manager starts and ends sessions, tells whose a request's session is, and serves
// /auth, where a person logs in with OpenID Connect. Other ways of logging in start a
// session with [Request.Start].
package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Kind is what a session gives access to.
type Kind string

const (
	// KindPerson is a person who proved who they are, and sees what is theirs.
	KindPerson Kind = "PERSON"
	// KindCase is a login that sees one case of one agency only.
	KindCase Kind = "CASE_LOGIN"
)

// Holder is whose a session is. It does not print what it knows of a person.
type Holder struct {
	Kind       Kind
	NationalID norway.NationalID // of a case its debtor's, zero where the agency does not know it
	Name       string            // empty when whoever vouches does not tell
	Issuer     string            // the issuer that vouches, or another name of the way of logging in
	Subject    string            // the issuer's own name for the person
	ACR        string            // the assurance level that was reached
	Agency     string            // code of the agency; of a case alone
	CaseID     string            // the agency's key of the case; of a case alone
}

func (h Holder) check() error {
	switch {
	case h.Kind == KindPerson && h.Agency == "" && h.CaseID == "" && !h.NationalID.IsZero():
		return nil
	case h.Kind == KindCase && h.Agency != "" && h.CaseID != "":
		return nil
	}
	return fmt.Errorf("a session of kind %q of nobody, with a case it must not have, or without the case it must have",
		h.Kind)
}

// LogValue tells the kind and the assurance level, and not who it is.
func (h Holder) LogValue() slog.Value {
	return slog.GroupValue(slog.String("kind", string(h.Kind)), slog.String("acr", h.ACR))
}

// String hides the person.
func (h Holder) String() string { return "a session of kind " + string(h.Kind) }

// GoString hides the person.
func (h Holder) GoString() string { return h.String() }

// Login is what a session starts with.
type Login struct {
	Holder
	SID string // the issuer's name of its own session; empty when it has none
	// Password is that of the letter, for a case alone. Sessions of the case that began with
	// another one end, as the agency has ended that password.
	Password debt.PasswordHash
}

// Session is a login that holds.
type Session struct {
	Holder
	CreatedAt time.Time
	SeenAt    time.Time // to the minute
	ExpiresAt time.Time // however much it is used
}

// key is what the database knows a session by: the SHA-256 of its id.
type key [sha256.Size]byte

const idBytes = 32

// newID returns a random id for the cookie, and its key.
func newID() (string, key) {
	var random [idBytes]byte
	_, _ = rand.Read(random[:]) // never fails
	id := base64.RawURLEncoding.EncodeToString(random[:])
	return id, sha256.Sum256([]byte(id))
}

// parseID returns the key of what a cookie has; ok is false for what newID never made.
func parseID(id string) (k key, ok bool) {
	random, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil || len(random) != idBytes {
		return key{}, false
	}
	return sha256.Sum256([]byte(id)), true
}

func (k key) String() string { return hex.EncodeToString(k[:]) }
