package identity

import (
	"context"
	"log/slog"
	"time"

	"github.com/oversikt/oversikt/internal/norway"
)

// Principal is a caller that has proved who it is.
type Principal struct {
	NationalID norway.NationalID
	Name       string    // as the issuer has it; empty when the token has none
	Issuer     string    // the URL of the issuer that vouches for the rest
	Subject    string    // the issuer's own name for the person
	ACR        string    // the assurance level that was reached
	ExpiresAt  time.Time // when the proof lapses: the token's exp
}

// Scope returns what the caller may read. The zero Principal has the zero Scope.
func (p Principal) Scope() Scope { return Scope{nationalID: p.NationalID} }

// LogValue keeps all but the issuer and the assurance level out of logs: the
// subject may be the national identity number itself.
func (p Principal) LogValue() slog.Value {
	return slog.GroupValue(slog.String("issuer", p.Issuer), slog.String("acr", p.ACR))
}

// String hides the person, for the same reason.
func (p Principal) String() string { return "a caller known to " + p.Issuer }

type contextKey struct{}

// NewContext returns a context that carries p.
func NewContext(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// FromContext returns the caller; ok is false where nobody is logged in.
func FromContext(ctx context.Context) (p Principal, ok bool) {
	p, ok = ctx.Value(contextKey{}).(Principal)
	return p, ok
}
