package caller

import (
	"maps"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// Authority is a power of attorney (fullmakt): whom it is from and to, and how far it goes.
type Authority struct {
	ID        string            // the register's own name for it
	Grantor   norway.NationalID // whose cases they are (fullmaktsgiver)
	Attorney  norway.NationalID // who may see them (fullmektig); zero where it is an organisation
	OrgNumber string            // of the organisation whose people may see them; empty where it is a person
	Agencies  []string          // codes of the agencies where it covers all cases
	Cases     []CaseKey         // further cases that it covers
	MayAct    bool              // whether it covers acts, or sight alone
	From      norway.Date       // first day
	To        norway.Date       // last day; zero: without end
}

// ErrNoAuthority says that the caller has no such power of attorney in force today. It does not
// tell why: never given, somebody else's, lapsed or revoked.
var ErrNoAuthority = fault.New(fault.Forbidden, "you have no such power of attorney in force").
	Saying("error.NO_POWER_OF_ATTORNEY")

// acting is on whose behalf a Principal acts.
type acting struct {
	authority Authority
	scope     Scope
}

// Under returns the caller as the attorney under the authority: the scope is the giver's, as far
// as the authority goes. Only a Person on their own behalf can be an attorney. Otherwise, and
// for an authority that is somebody else's, covers nothing or is not in force today, the error
// is ErrNoAuthority. Pass an authority that has not been revoked, and that was read again for
// this request.
func (p Principal) Under(a Authority, today norway.Date) (Principal, error) {
	inForce := a.From <= today && (a.To.IsZero() || today <= a.To)
	to := p.NationalID == a.Attorney || a.OrgNumber != "" && p.OrgNumber == a.OrgNumber
	cases := a.covered()
	if !inForce || !p.OnOwnBehalf() || !to || a.Grantor.IsZero() || len(cases) == 0 {
		return Principal{}, ErrNoAuthority
	}
	a.Agencies, a.Cases = slices.Clone(a.Agencies), slices.Clone(a.Cases)
	p.acting = &acting{a, limited(a.Grantor, cases)}
	return p, nil
}

// covered returns the limit of the scope. An entry without a name covers nothing: an empty list
// must never be taken for everything.
func (a Authority) covered() map[string][]string {
	cases := map[string][]string{}
	for _, c := range a.Cases {
		if c.Agency != "" && c.ID != "" {
			cases[c.Agency] = append(cases[c.Agency], c.ID)
		}
	}
	for _, agency := range a.Agencies {
		cases[agency] = nil
	}
	maps.DeleteFunc(cases, func(agency string, _ []string) bool { return agency == "" })
	return cases
}

// OnOwnBehalf says that the caller is a person who logged in with BankID and acts under no
// power of attorney.
func (p Principal) OnOwnBehalf() bool {
	return p.Kind == Person && p.acting == nil && !p.NationalID.IsZero()
}

// Authority returns the power of attorney that the caller acts under; ok is false for
// a caller who acts on their own behalf.
func (p Principal) Authority() (a Authority, ok bool) {
	if p.acting == nil {
		return Authority{}, false
	}
	return p.acting.authority, true
}
