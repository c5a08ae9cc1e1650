package resolvers

import (
	"context"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

// corrections shows what agencies did, and the person as they now know them.
func (r *Resolver) corrections(done model.Outcome) []model.ContactCorrection {
	if done.Record == nil {
		return nil
	}
	all := []model.ContactCorrection{}
	for _, a := range done.Record.Agencies {
		c := model.ContactCorrection{Agency: r.agencyAt(done.Parts, a.Code), Status: corrected(a)}
		for _, part := range done.Parts {
			if part.Agency.Code == a.Code && len(part.Debtors) > 0 {
				c.Debtor = part.Debtors[0]
			}
		}
		all = append(all, c)
	}
	return all
}

func corrected(a act.Agency) personaldata.CorrectionStatus {
	switch {
	case a.State == act.PartDone:
		return personaldata.Corrected
	case a.State == act.PartRefused && a.Reason == act.NotFound:
		return personaldata.NotRegistered
	case a.State == act.Asked:
		return personaldata.Unavailable
	default:
		return personaldata.Refused
	}
}

// submitted returns the request that an act has stored.
func (r *Resolver) submitted(ctx context.Context, done model.Outcome) (*personaldata.Request, error) {
	if done.Record == nil {
		return nil, nil
	}
	p, err := caller.Require(ctx)
	if err != nil {
		return nil, err
	}
	all, err := r.Privacy.Requests(ctx, p)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Number == done.Record.ID {
			addressed(&all[i], done.Parts)
			return &all[i], nil
		}
	}
	return nil, nil // it has been answered, and its time is over
}

func agencyOf(parts []debt.Part, code string) *debt.Agency {
	for _, part := range parts {
		if part.Agency.Code == code {
			return part.Agency
		}
	}
	return nil
}

// addressed names the agency that a request is about.
func addressed(q *personaldata.Request, parts []debt.Part) {
	if q.AgencyCode != nil {
		q.Agency = agencyOf(parts, *q.AgencyCode)
	}
}
