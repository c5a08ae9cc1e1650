package caller

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Scope says which records a caller may read: the debtor records of one national
// identity number, at every agency or at some, with all cases or with some; or one case at
// one agency, whoever its debtor is. Only a Principal gives one, or the Lookup of one; every
// read of an agency takes one. The zero Scope selects nothing.
type Scope struct {
	nationalID norway.NationalID // of a scope of one case: its debtor, where that is known
	limit      *limit            // nil: every agency and case
	one        CaseKey           // where reads begin; zero: with the person
	desk       string            // the agency whose case worker decides something; it covers no record
}

// limit holds the agencies in scope with the keys of their cases in scope; nil: all of
// them. It is never changed.
type limit struct{ cases map[string][]string }

func limited(id norway.NationalID, cases map[string][]string) Scope {
	if id.IsZero() {
		return Scope{}
	}
	return Scope{nationalID: id, limit: &limit{cases}}
}

// ofCase is the scope of one case, whose debtor may be known by number or not.
func ofCase(key CaseKey, debtor norway.NationalID) Scope {
	if key.Agency == "" || key.ID == "" {
		return Scope{}
	}
	return Scope{nationalID: debtor, one: key}
}

// NationalID returns the number of the person whose records are in scope. It is zero in the
// zero Scope, which no debtor record has, and in the scope of a case whose debtor is not
// known by number.
func (s Scope) NationalID() norway.NationalID { return s.nationalID }

// Case returns the one case where reads begin; ok is false where they begin with a person.
func (s Scope) Case() (key CaseKey, ok bool) { return s.one, s.one != CaseKey{} }

// Desk returns the code of the agency whose case worker decides something there; ok is false for
// everybody else. Such a scope covers no record: nothing can be read with it.
func (s Scope) Desk() (agency string, ok bool) { return s.desk, s.desk != "" }

// IsZero says that nothing is in scope.
func (s Scope) IsZero() bool { return s.nationalID.IsZero() && s.one == CaseKey{} && s.desk == "" }

// Covers says whether anything at an agency is in scope.
func (s Scope) Covers(agency string) bool {
	if one, ok := s.Case(); ok {
		return one.Agency == agency
	}
	if s.limit == nil {
		return !s.nationalID.IsZero()
	}
	_, ok := s.limit.cases[agency]
	return ok
}

// Within narrows the scope to some agencies; it never widens it.
func (s Scope) Within(agencies []string) Scope {
	if one, ok := s.Case(); ok {
		if slices.Contains(agencies, one.Agency) {
			return s
		}
		return Scope{}
	}
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
	var own []string
	if one, ok := s.Case(); ok {
		own = []string{one.ID}
	} else if s.limit != nil {
		own = s.limit.cases[agency]
	}
	if own == nil {
		return wanted
	}
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
	Case       *storedCase         `json:"case,omitempty"`
	Desk       string              `json:"desk,omitempty"`
}

type storedCase struct {
	Agency string `json:"agency"`
	ID     string `json:"id"`
}

// Encode returns the scope for a job that goes on after the caller has left. It names the
// person, so it is stored sealed.
func (s Scope) Encode() ([]byte, error) {
	out := stored{NationalID: s.nationalID.Reveal(), Desk: s.desk}
	if s.limit != nil {
		out.Limited, out.Cases = true, s.limit.cases
	}
	if one, ok := s.Case(); ok {
		out.Case = &storedCase{one.Agency, one.ID}
	}
	return json.Marshal(out)
}

// DecodeScope returns a scope that was proven when it was encoded.
func DecodeScope(text []byte) (Scope, error) {
	var in stored
	if err := json.Unmarshal(text, &in); err != nil {
		return Scope{}, fmt.Errorf("stored scope: it cannot be read")
	}
	if in.Desk != "" {
		return Scope{desk: in.Desk}, nil
	}
	id, err := norway.ParseNationalID(in.NationalID)
	if err != nil && (in.NationalID != "" || in.Case == nil) {
		return Scope{}, fmt.Errorf("stored scope: its person cannot be read")
	}
	if in.Case != nil {
		scope := ofCase(CaseKey(*in.Case), id)
		if scope.IsZero() {
			return Scope{}, fmt.Errorf("stored scope: its case cannot be read")
		}
		return scope, nil
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
