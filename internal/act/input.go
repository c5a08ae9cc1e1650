package act

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/text"
)

// Disputable keeps what was asked for as long as it can be disputed.
var Disputable = Keep{Days: 1095,
	Why: "What was asked for, and what came of it, can be disputed for three years (foreldelsesloven § 2)"}

// MostReason is how long the words may be that go with a request, in characters: the contract's
// bound.
const MostReason = 2000

// Places says at which member of the input a refusal of the agency stands.
type Places map[Code][]string

// At returns places for the codes that stand at a member.
func At(member string, codes ...Code) Places { return Places{}.And(member, codes...) }

// And adds codes that stand at another member.
func (p Places) And(member string, codes ...Code) Places {
	for _, c := range codes {
		p[c] = []string{"input", member}
	}
	return p
}

// Trimmed returns a text without the space around it; nil for one that says nothing.
func Trimmed(s *string) *string {
	if s == nil || strings.TrimSpace(*s) == "" {
		return nil
	}
	return new(strings.TrimSpace(*s))
}

// CheckAhead returns what is wrong with a day that has to come after today.
func CheckAhead(member string, day, today norway.Date) (faults Faults) {
	if day <= today {
		faults.Invalid(member, "input.DAY_AHEAD")
	}
	return faults
}

// CheckText returns what is wrong with a text of several lines: longer than most characters, or
// with signs that cannot be shown.
func CheckText(member string, s *string, most int) (faults Faults) {
	switch {
	case s == nil:
	case utf8.RuneCountInString(*s) > most:
		faults.Invalid(member, "input.TEXT_LENGTH", text.With("max", most))
	case !text.Plain(*s):
		faults.Invalid(member, "input.TEXT_CHARACTERS")
	}
	return faults
}

// CheckReply returns what is wrong with the member text of an answer: as [CheckText], or, where the answer needs
// words and has none, the text whose key is missing.
func CheckReply(s *string, most int, needed bool, missing string) (faults Faults) {
	if needed && Trimmed(s) == nil {
		faults.Invalid("text", missing)
		return faults
	}
	return CheckText("text", s, most)
}

// Amount reads an amount in kroner as a person types it, more than zero; nil where none was
// given.
func Amount(member string, typed *string) (_ *money.Øre, faults Faults) {
	if typed == nil {
		return nil, nil
	}
	amount, err := money.ParseTyped(*typed)
	switch {
	case err != nil:
		faults.Invalid(member, "input.AMOUNT")
	case amount <= 0:
		faults.Invalid(member, "input.AMOUNT_POSITIVE")
	default:
		return &amount, nil
	}
	return nil, faults
}

// CheckAgencies returns what is wrong with a list of agencies: nil chooses all.
func CheckAgencies(member string, keys []debt.Key, known []string) (faults Faults) {
	unknown := func(k debt.Key) bool { return k.Kind != debt.KindAgency || !slices.Contains(known, k.Agency) }
	switch {
	case keys != nil && len(keys) == 0:
		faults.Invalid(member, "input.LIST_SIZE", text.With("max", 100))
	case slices.ContainsFunc(keys, unknown):
		faults.Invalid(member, "input.AGENCY")
	}
	return faults
}

// Chosen says whether a list of agencies chooses one; nil chooses all.
func Chosen(keys []debt.Key, code string) bool {
	return keys == nil || slices.ContainsFunc(keys, func(k debt.Key) bool { return k.Agency == code })
}
