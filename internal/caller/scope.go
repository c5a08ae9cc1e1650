package caller

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Scope says which records a caller may read: the debtor records of one national
// identity number, at every agency or at some, with all cases or with some. Only a
// Principal or its Lookup makes one, and every read of an agency takes one. The zero Scope
// selects nothing.
type Scope struct {
	nationalID norway.NationalID
	limit      *limit // nil: every agency and case
}

// limit holds the agencies in scope with the keys of their cases in scope; nil: all of
// them. It is never changed.
type limit struct{ cases map[string][]string }

func limited(id norway.NationalID, cases map[string][]string) Scope {
	if id.IsZero() {
		return Scope{}
	}
	return Scope{id, &limit{cases}}
}

// NationalID returns the number whose debtor records are in scope. It is zero
// in the zero Scope, and no debtor record has that number.
func (s Scope) NationalID() norway.NationalID { return s.nationalID }

// IsZero says that nothing is in scope.
func (s Scope) IsZero() bool { return s.nationalID.IsZero() }

// Covers says whether anything at an agency is in scope.
func (s Scope) Covers(agency string) bool {
	if s.limit == nil {
		return !s.IsZero()
	}
	_, ok := s.limit.cases[agency]
	return ok
}

// Within narrows the scope to some agencies; it never widens it.
func (s Scope) Within(agencies []string) Scope {
	cases := map[string][]string{}
	for _, code := range agencies {
		if s.Covers(code) {
			cases[code] = s.Cases(code, nil)
		}
	}
	return limited(s.nationalID, cases)
}

// Cases narrows the wanted case keys at an agency to those in scope; nil wants all. The result
// is nil only when every case of the person is in scope and wanted.
func (s Scope) Cases(agency string, wanted []string) []string {
	if !s.Covers(agency) {
		return []string{}
	}
	if s.limit == nil || s.limit.cases[agency] == nil {
		return wanted
	}
	own := s.limit.cases[agency]
	if wanted == nil {
		return slices.Clone(own)
	}
	both := []string{}
	for _, key := range wanted {
		if slices.Contains(own, key) {
			both = append(both, key)
		}
	}
	return both
}

// stored is a scope at rest.
type stored struct {
	NationalID string              `json:"nationalId"`
	Limited    bool                `json:"limited"`
	Cases      map[string][]string `json:"cases"` // of a limited scope
}

// Encode returns the scope for a job that goes on after the caller has left. It names the
// person, so it is stored sealed.
func (s Scope) Encode() ([]byte, error) {
	out := stored{NationalID: s.nationalID.Reveal()}
	if s.limit != nil {
		out.Limited, out.Cases = true, s.limit.cases
	}
	return json.Marshal(out)
}

// DecodeScope returns a scope that was proven when it was encoded.
func DecodeScope(text []byte) (Scope, error) {
	var in stored
	if err := json.Unmarshal(text, &in); err != nil {
		return Scope{}, fmt.Errorf("stored scope: it cannot be read")
	}
	id, err := norway.ParseNationalID(in.NationalID)
	if err != nil {
		return Scope{}, fmt.Errorf("stored scope: its person cannot be read")
	}
	if in.Limited {
		return limited(id, in.Cases), nil
	}
	return Scope{nationalID: id}, nil
}

// String hides the number: fmt would not ask an unexported field how it prints.
func (s Scope) String() string { return "[scope]" }

// GoString hides the number.
func (s Scope) GoString() string { return s.String() }

// LogValue hides the number from structured logs.
func (s Scope) LogValue() slog.Value { return slog.StringValue(s.String()) }
