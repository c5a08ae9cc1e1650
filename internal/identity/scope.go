package identity

import (
	"log/slog"

	"github.com/oversikt/oversikt/internal/norway"
)

// Scope says which records a caller may read: today, the debtor records of one
// national identity number at every agency. Only a Principal gives one; every
// read of an agency takes one. The zero Scope selects nothing.
type Scope struct {
	nationalID norway.NationalID
}

// NationalID returns the number whose debtor records are in scope. It is zero
// in the zero Scope, and no debtor record has that number.
func (s Scope) NationalID() norway.NationalID { return s.nationalID }

// IsZero says that nothing is in scope.
func (s Scope) IsZero() bool { return s.nationalID.IsZero() }

// String hides the number: fmt would not ask an unexported field how it prints.
func (s Scope) String() string { return "[scope]" }

// GoString hides the number.
func (s Scope) GoString() string { return s.String() }

// LogValue hides the number from structured logs.
func (s Scope) LogValue() slog.Value { return slog.StringValue(s.String()) }
