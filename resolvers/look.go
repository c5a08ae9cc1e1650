package resolvers

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// personShown is what the access log says of a look-up.
const personShown = "staff.person"

const (
	minReason = 10
	maxReason = 500 // characters
)

// reasonOf returns the reason without the space around it. One that is too short or too long, or
// that the access log does not take, is BAD_USER_INPUT at the field.
func reasonOf(text, field string) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < minReason || n > maxReason {
		return "", fault.Invalid(field, "reason must have %d to %d characters", minReason, maxReason)
	}
	if err := audit.CheckReason(text); err != nil {
		return "", fault.Invalid(field, "%s", fault.Of(err).Message)
	}
	return text, nil
}

// subject returns whom a look-up is about, zero where the agency has no such case.
func (r *Resolver) subject(ctx context.Context, right caller.Lookup, caseNumber *string,
	id *norway.NationalID) (norway.NationalID, error) {
	switch {
	case (caseNumber == nil) == (id == nil):
		return norway.NationalID{}, fault.Invalid("input", "give either caseNumber or nationalId")
	case id != nil:
		return *id, nil
	default:
		number, err := letterlogin.PlainNumber(*caseNumber)
		if err != nil {
			return norway.NationalID{}, err
		}
		return r.Agencies.FindDebtor(ctx, right, number)
	}
}
