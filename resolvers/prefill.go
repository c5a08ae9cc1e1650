package resolvers

import (
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/audit"
)

// prefill returns what can be sent because of a finding, without what the agency does not take now; nil
// where nothing is left.
func (r *Resolver) prefill(f *audit.Finding) *audit.Prefill {
	p := f.Prefill()
	if p == nil {
		return nil
	}
	if !r.taken(r.Acts.SubmitObjection.Declared(), f.Case) {
		p.Objection = nil
	}
	if !r.taken(r.Acts.SubmitComplaint.Declared(), f.Case) {
		p.Complaint = nil
	}
	if *p == (audit.Prefill{}) {
		return nil
	}
	return p
}

// taken says whether the agency takes an act in a case now, from whoever may act.
func (r *Resolver) taken(a *act.Act, c *debt.Case) bool {
	return a.Offered(r.Agencies, c.ID.Agency) && a.Of(c).Why == ""
}
