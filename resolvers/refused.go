package resolvers

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/personaldata"
	"github.com/oversikt/oversikt/internal/privacy"
)

func invalid(field, message string) []model.UserError {
	return []model.UserError{{Code: model.UserErrorCodeInvalid, Field: &field, Message: message}}
}

func noAgency() []model.UserError { return invalid("input.agency", "there is no such agency") }

// privacyErrors tells what the person can mend from what nobody could foresee.
func privacyErrors(err error) ([]model.UserError, error) {
	var f *fault.Error
	var faults privacy.Faults
	switch {
	case err == nil:
		return []model.UserError{}, nil
	case errors.As(err, &faults):
		var all []model.UserError
		for _, f := range faults {
			all = append(all, invalid(f.Field, f.Message)...)
		}
		return all, nil
	case errors.Is(err, agency.ErrNotFound):
		return noAgency(), nil
	case errors.Is(err, privacy.ErrKeyReused):
		field := "input.idempotencyKey"
		return []model.UserError{{Code: model.UserErrorCodeKeyReused, Field: &field, Message: "the key was used with another input: make a new one"}}, nil
	case errors.As(err, &f) && f.Code == fault.BadUserInput:
		return invalid(f.Field, f.Message), nil
	default:
		return nil, err
	}
}

// corrections shows what agencies did, and the person as they now know them.
func (r *Resolver) corrections(ctx context.Context, p identity.Principal, done []privacy.Corrected) []model.ContactCorrection {
	if len(done) == 0 {
		return nil
	}
	parts := r.agenciesBelow(ctx, p)
	var all []model.ContactCorrection
	for _, d := range done {
		if d.Status == personaldata.Corrected {
			requestOf(ctx).trail.agency(d.Agency)
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
func (r *Resolver) agenciesBelow(ctx context.Context, p identity.Principal) []debt.Part {
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
