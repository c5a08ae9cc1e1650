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
func CheckAhead(member string, day, today norway.Date) Faults {
	if day > today {
		return nil
	}
	return Faults{{Code: Invalid, Field: []string{"input", member}, Text: "input.DAY_AHEAD"}}
}

// CheckText returns what is wrong with a text of several lines: longer than most characters, or
// with signs that cannot be shown.
func CheckText(member string, s *string, most int) Faults {
	if s == nil {
		return nil
	}
	at := Fault{Code: Invalid, Field: []string{"input", member}}
	switch {
	case utf8.RuneCountInString(*s) > most:
		at.Text, at.Args = "input.TEXT_LENGTH", []text.Arg{text.With("max", most)}
	case !text.Plain(*s):
		at.Text = "input.TEXT_CHARACTERS"
	default:
		return nil
	}
	return Faults{at}
}

// Amount reads an amount in kroner as a person types it, more than zero; nil where none was
// given.
func Amount(member string, typed *string) (*money.Øre, Faults) {
	if typed == nil {
		return nil, nil
	}
	at := Fault{Code: Invalid, Field: []string{"input", member}}
	amount, err := money.ParseTyped(*typed)
	switch {
	case err != nil:
		at.Text = "input.AMOUNT"
	case amount <= 0:
		at.Text = "input.AMOUNT_POSITIVE"
	default:
		return &amount, nil
	}
	return nil, Faults{at}
}

// CheckAgencies returns what is wrong with a list of agencies: nil chooses all.
func CheckAgencies(member string, keys []debt.Key, known []string) Faults {
	at := Fault{Code: Invalid, Field: []string{"input", member}}
	if keys != nil && len(keys) == 0 {
		at.Text, at.Args = "input.LIST_SIZE", []text.Arg{text.With("max", 100)}
		return Faults{at}
	}
	for _, k := range keys {
		if k.Kind != debt.KindAgency || !slices.Contains(known, k.Agency) {
			at.Text = "input.AGENCY"
			return Faults{at}
		}
	}
	return nil
}

// Chosen says whether a list of agencies chooses one; nil chooses all.
func Chosen(keys []debt.Key, code string) bool {
	return keys == nil || slices.ContainsFunc(keys, func(k debt.Key) bool { return k.Agency == code })
}
