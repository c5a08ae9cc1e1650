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

// Deciding is the scope of what the worker decides at the agency: nothing can be read with it.
func (l Lookup) Deciding() Scope { return Scope{desk: l.agency} }

// Debtor is whom a look-up finds: a person by their national identity number, or, where the agency
// knows them by none, whoever owes one case. The zero Debtor is nobody.
type Debtor struct {
	NationalID norway.NationalID
	Case       CaseKey // where NationalID is zero
}

// IsZero says that it is nobody.
func (d Debtor) IsZero() bool { return d == Debtor{} }

// String hides the number: fmt would not ask an unexported field how it prints.
func (d Debtor) String() string { return "[debtor]" }

// Scope returns what may be read about a debtor, at the worker's agency only: everything of a person
// with a number, the one case of another.
func (l Lookup) Scope(d Debtor) Scope {
	switch {
	case l.agency == "":
		return Scope{}
	case !d.NationalID.IsZero():
		return limited(d.NationalID, map[string][]string{l.agency: nil})
	case d.Case.Agency == l.agency:
		return ofCase(d.Case, norway.NationalID{})
	}
	return Scope{}
}
