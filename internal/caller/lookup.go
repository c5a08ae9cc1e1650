package caller

import (
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// Lookup is the right of a caller to look people up at the agency where they work. Only a
// Principal makes one. The zero Lookup finds nobody.
type Lookup struct{ agency string }

// ErrNoLookup says that the caller may not look people up.
var ErrNoLookup = fault.New(fault.Forbidden, "you may not look people up")

// Lookup returns the caller's right to look people up, or ErrNoLookup.
func (p Principal) Lookup() (Lookup, error) {
	if p.Kind != Staff || p.Agency == "" || p.Role != CaseWorker && p.Role != Supervisor {
		return Lookup{}, ErrNoLookup
	}
	return Lookup{p.Agency}, nil
}

// Agency returns the code of the one agency where the person is looked up.
func (l Lookup) Agency() string { return l.agency }

// Scope returns what may be read about a person: everything, at the worker's agency only.
func (l Lookup) Scope(id norway.NationalID) Scope {
	if l.agency == "" {
		return Scope{}
	}
	return limited(id, map[string][]string{l.agency: nil})
}
