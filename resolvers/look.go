package resolvers

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// personShown is what the access log says of a look-up.
const personShown = "staff.person"

const (
	minReason = 10
	maxReason = 500 // characters
)

// reasonOf returns the reason without the space around it; one that is too short or too
// long, or that the access log does not take, is BAD_USER_INPUT of the field.
func reasonOf(given, field string) (string, error) {
	given = strings.TrimSpace(given)
	if n := utf8.RuneCountInString(given); n < minReason || n > maxReason {
		return "", fault.Invalid(field, "reason has %d to %d characters", minReason, maxReason).
			Saying("input.TEXT_BETWEEN", "min", minReason, "max", maxReason)
	}
	if err := audit.CheckReason(given); err != nil {
		return "", at(field, err)
	}
	return given, nil
}

// subject returns whom a look-up is about, zero where the agency has no such case.
func (r *Resolver) subject(ctx context.Context, right caller.Lookup, by model.StaffLookupBy) (caller.Debtor, error) {
	if by.NationalID != nil {
		return caller.Debtor{NationalID: *by.NationalID}, nil
	}
	number, err := letterlogin.PlainNumber(*by.CaseNumber)
	if err != nil {
		return caller.Debtor{}, at("input.by.caseNumber", err)
	}
	return r.Agencies.FindDebtor(ctx, right, number)
}

// at returns a fault as one of another field.
func at(field string, err error) error {
	there := *fault.Of(err)
	there.Field = field
	return &there
}
