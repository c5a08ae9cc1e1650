package resolvers

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/wayout/offer"
)

// errNoAgency says that the input names an agency that there is not.
var errNoAgency = fault.Invalid("input.agency", "there is no such agency")

// userErrors returns what the person can correct about an error, none for no error. An error
// that nobody foresaw comes back as it is. The access log records the mutation that calls it as
// failed, unless there is nothing to correct.
func userErrors(ctx context.Context, err error) ([]model.UserError, error) {
	wrong, err := mendable(err)
	if len(wrong) > 0 {
		requestOf(ctx).trail.refuse(graphql.GetFieldContext(ctx).Field.Alias)
	}
	return wrong, err
}

func mendable(err error) ([]model.UserError, error) {
	one := func(code model.UserErrorCode, field, message string) ([]model.UserError, error) {
		return []model.UserError{userError(code, field, message)}, nil
	}
	var (
		changed   *offer.ChangedError
		throttled *letterlogin.ThrottledError
		powers    attorney.Faults
		contact   privacy.Faults
	)
	if err == nil {
		return []model.UserError{}, nil
	}
	switch f := fault.Of(err); {
	case errors.As(err, &changed):
		return one(model.UserErrorCodeCasesChanged, "input.offerId", "your cases at "+changed.Agency.Name+
			" have changed since the offer was made: ask for suggestions again")
	case errors.Is(err, offer.ErrExpired):
		return one(model.UserErrorCodeOfferExpired, "input.offerId", "the offer has expired: ask for suggestions again")
	case errors.Is(err, errNothingToAgree):
		return one(model.UserErrorCodeNothingToAgree, "input.offerId",
			"the solution needs neither an agreement nor a deferral: pay as it says")
	case errors.As(err, new(*solution.PendingError)):
		return one(model.UserErrorCodeAcceptancePending, "", "another solution that you have accepted is still pending")
	case errors.Is(err, fault.ErrKeyReused):
		return one(model.UserErrorCodeKeyReused, "input.idempotencyKey", err.Error())
	case errors.Is(err, privacy.ErrTooMany):
		return one(model.UserErrorCodeTooMany, "", err.Error())
	case errors.Is(err, letterlogin.ErrFailed):
		return one(model.UserErrorCodeLoginFailed, "", err.Error())
	case errors.As(err, &throttled):
		wrong := userError(model.UserErrorCodeThrottled, "", err.Error())
		wrong.RetryAfterSeconds = new(throttled.Seconds())
		return []model.UserError{wrong}, nil
	case errors.As(err, &powers):
		return each(powers, func(f attorney.Fault) model.UserError {
			return userError(model.UserErrorCode(f.Code), f.Field, f.Message)
		}), nil
	case errors.As(err, &contact):
		return each(contact, func(f *fault.Error) model.UserError {
			return userError(model.UserErrorCodeInvalid, f.Field, f.Message)
		}), nil
	case f.Code == fault.BadUserInput && f.Field != "":
		return one(model.UserErrorCodeInvalid, f.Field, f.Message)
	case f.Code == fault.AgencyUnavailable:
		return one(model.UserErrorCodeAgencyUnavailable, "", f.Message)
	}
	return nil, err
}

func userError(code model.UserErrorCode, field, message string) model.UserError {
	e := model.UserError{Code: code, Message: message}
	if field != "" {
		e.Field = &field
	}
	return e
}

func each[F any](faults []F, show func(F) model.UserError) []model.UserError {
	all := make([]model.UserError, len(faults))
	for i, f := range faults {
		all[i] = show(f)
	}
	return all
}
