package resolvers

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/oversikt/oversikt/internal/audit"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/letter"
	"github.com/oversikt/oversikt/internal/norway"
)

// Look is what a member of staff is about to be shown.
type Look struct {
	Kind       LookKind
	By         identity.Principal
	Agency     string            // the code of the agency that was looked in: By's own
	Subject    norway.NationalID // zero where nobody was found; of one that failed whom it asked for by number
	CaseNumber string            // that was looked up; empty for a look-up by national identity number
	Failed     bool              // the agency did not answer: nothing is shown
	Reason     string            // in the words of the member of staff; it may name people
}

// LookKind is what kind of a look it is.
type LookKind string

// The kinds of look.
const (
	LookUp   LookKind = "LOOK_UP"  // a person was looked up, found or not
	LookAtID LookKind = "REVEALED" // the whole national identity number is shown
)

// record tells of a look before anything of it is shown. Where it cannot be told of,
// nothing is shown.
func (r *Resolver) record(ctx context.Context, look Look) error {
	if r.Looked == nil {
		return nil
	}
	return r.Looked(ctx, look)
}

const (
	minReason = 10
	maxReason = 500 // characters
)

// reasonOf returns the reason without the space around it; one that is too short or too
// long, or that the access log does not take, is BAD_USER_INPUT of the field.
func reasonOf(text, field string) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < minReason || n > maxReason {
		return "", fault.Invalid(field, "reason has %d to %d characters", minReason, maxReason)
	}
	if err := audit.CheckReason(text); err != nil {
		return "", fault.Invalid(field, "%s", fault.Of(err).Message)
	}
	return text, nil
}

// subject returns whom a look-up is about, zero where the agency has no such case.
func (r *Resolver) subject(ctx context.Context, right identity.Lookup, caseNumber *string, id *norway.NationalID) (norway.NationalID, error) {
	switch {
	case (caseNumber == nil) == (id == nil):
		return norway.NationalID{}, fault.Invalid("input", "give either caseNumber or nationalId")
	case id != nil:
		return *id, nil
	default:
		number, err := letter.PlainNumber(*caseNumber)
		if err != nil {
			return norway.NationalID{}, err
		}
		return r.Agencies.FindDebtor(ctx, right, number)
	}
}
