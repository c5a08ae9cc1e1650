package offer

import (
	"github.com/oversikt/oversikt/internal/debt"
)

// Proposals returns what each agency would have to agree to, by its code. It leaves out an
// agency that is only paid, and a case that is deferred already.
func (s *Solution) Proposals() map[string]debt.Proposal {
	all := map[string]debt.Proposal{}
	for _, a := range s.Agreements {
		p := all[a.Agency.Code]
		one := debt.ProposedAgreement{Instalments: a.Instalments}
		for _, c := range a.Cases {
			one.Cases = append(one.Cases, c.ID.ID)
		}
		p.Agreements = append(p.Agreements, one)
		all[a.Agency.Code] = p
	}
	for _, d := range s.Deferrals {
		code := d.Case.ID.Agency
		p := all[code]
		p.Deferrals = append(p.Deferrals, debt.ProposedDeferral{Case: d.Case.ID.ID, Until: d.Until, Days: d.Days, Fee: d.Fee})
		all[code] = p
	}
	for _, c := range s.Closings {
		if p, ok := all[c.Case.ID.Agency]; ok && !deferred(c.Case) {
			p.Cases = append(p.Cases, c.Case.ID.ID)
			all[c.Case.ID.Agency] = p
		}
	}
	return all
}
