package resolvers

import (
	"context"
	"strings"
	"unicode"
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
	if !saysSomething(given) {
		return "", fault.Invalid(field, "a reason is at least two different words").Saying("input.REASON")
	}
	if err := audit.CheckReason(given); err != nil {
		return "", at(field, err)
	}
	return given, nil
}

const (
	minWords   = 2 // different ones, of two letters or more
	minLetters = 5 // different ones
)

// saysSomething refuses what only fills the field, such as one letter again and again. Whether a
// reason is a good one, people judge who read the access log.
func saysSomething(reason string) bool {
	words, letters := map[string]bool{}, map[rune]bool{}
	notLetter := func(c rune) bool { return !unicode.IsLetter(c) }
	for word := range strings.FieldsFuncSeq(strings.ToLower(reason), notLetter) {
		if utf8.RuneCountInString(word) > 1 {
			words[word] = true
		}
		for _, c := range word {
			letters[c] = true
		}
	}
	return len(words) >= minWords && len(letters) >= minLetters
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
