package audit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// withheld stands in place of what could be about a person.
const withheld = "withheld"

const (
	maxToken      = 64
	maxCaseID     = 100
	maxCoordinate = 100
	maxReason     = 500
)

// token returns s if it is a short plain word without anybody's number in it.
func token(s string) string {
	if s == "" {
		return ""
	}
	if isUUID(s) {
		return s
	}
	if len(s) > maxToken || hasNationalID(s) || strings.ContainsFunc(s, unsafe) {
		return withheld
	}
	return s
}

// isUUID says that digits in s are chance: one UUID in four hundred has what could be a number.
func isUUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

func unsafe(r rune) bool {
	return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("-_./", r)
}

// caseID returns an agency's key, unless it is somebody's number or cannot be a key. Such a case
// can be looked at, and the log then only names the agency.
func caseID(s string) string {
	if isUUID(s) {
		return s
	}
	if len(s) > maxCaseID || hasNationalID(s) || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return withheld
	}
	return s
}

// agencyCode says that s is what the configuration takes for the code of an agency.
func agencyCode(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 20 && !hasNationalID(s)
}

// coordinate says that s is made of names of the schema. These have no digits.
func coordinate(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && s[i] != '.' && s[i] != ':' && s[i] != '_' {
			return false
		}
	}
	return s != "" && len(s) <= maxCoordinate
}

// CheckReason refuses, at the field "reason", what a reason must not contain. It cannot
// recognise names. New checks the same; call this before anything is read for the reason.
func CheckReason(s string) error {
	switch {
	case utf8.RuneCountInString(s) > maxReason:
		return fault.Invalid("reason", "the reason is at most %d characters", maxReason).
			Saying("input.TEXT_LENGTH", "max", maxReason)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) }):
		return fault.Invalid("reason", "the reason is one line of text").Saying("input.TEXT_LINE")
	case strings.TrimSpace(s) == "":
		return fault.Invalid("reason", "the reason says nothing").Saying("input.TEXT_EMPTY")
	case hasNationalID(s), longNumber(s):
		return fault.Invalid("reason", "the reason must not have national identity numbers, account numbers or KID in it").
			Saying("input.TEXT_NUMBERS")
	}
	return nil
}

// longNumber says that there are eleven digits on end: an account number, a KID.
func longNumber(s string) bool {
	run := 0
	for _, r := range s {
		if run++; !unicode.IsDigit(r) {
			run = 0
		}
		if run == 11 {
			return true
		}
	}
	return false
}

// hasNationalID says that s contains a national identity number as people write it: eleven
// digits, in one piece or in groups with one character between them. A longer number is not one.
func hasNationalID(s string) bool {
	if !longEnough(s) {
		return false
	}
	var digits []byte // of the groups so far
	var starts []int  // where in digits each group begins
	gap := 2          // characters since the last digit
	for _, r := range s + "  " {
		if r >= '0' && r <= '9' {
			switch {
			case gap > 1:
				digits, starts = digits[:0], append(starts[:0], 0)
			case gap == 1:
				starts = append(starts, len(digits))
			}
			digits, gap = append(digits, byte(r)), 0
			continue
		}
		if gap++; gap == 1 && endsInNumber(digits, starts) {
			return true
		}
	}
	return false
}

// longEnough spares most texts a closer look.
func longEnough(s string) bool {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n >= 11
}

// endsInNumber says that the last groups make up a national identity number.
func endsInNumber(digits []byte, starts []int) bool {
	for _, start := range starts {
		if len(digits)-start == 11 {
			_, err := norway.ParseNationalID(string(digits[start:]))
			return err == nil
		}
	}
	return false
}
