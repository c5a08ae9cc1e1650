package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

// corrections shows what agencies did, and the person as they now know them.
func (r *Resolver) corrections(ctx context.Context, p caller.Principal,
	done []privacy.Corrected) []model.ContactCorrection {
	if len(done) == 0 {
		return nil
	}
	parts := r.agenciesBelow(ctx, p)
	var all []model.ContactCorrection
	for _, d := range done {
		switch t := &requestOf(ctx).trail; d.Status {
		case personaldata.Corrected:
			t.agency(d.Agency)
		case personaldata.Refused, personaldata.Unavailable:
			t.refuse(graphql.GetFieldContext(ctx).Field.Alias)
		}
		for _, part := range parts {
			if part.Agency.Code != d.Agency {
				continue
			}
			c := model.ContactCorrection{Agency: *part.Agency, Status: d.Status}
			if len(part.Debtors) > 0 {
				c.Debtor = part.Debtors[0]
			}
			all = append(all, c)
		}
	}
	return all
}

// agenciesBelow returns the agencies, with what is selected of them in the payload of a
// mutation; one that does not answer is an error beside it.
func (r *Resolver) agenciesBelow(ctx context.Context, p caller.Principal) []debt.Part {
	fc := graphql.GetFieldContext(ctx)
	vars := graphql.GetOperationContext(ctx).Variables
	parts, errs := r.Agencies.Read(ctx, p.Scope(), wanted(fc.Field.Selections, vars))
	for _, err := range errs {
		if err != nil {
			graphql.AddError(ctx, err)
		}
	}
	return parts
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
