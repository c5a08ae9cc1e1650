package sample

import (
	"regexp"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

var elevenDigits = regexp.MustCompile(`\d{11,}`)

// Masked takes out what can be a person's national identity number: an agency may have it in
// its keys.
func Masked(text string) string {
	return elevenDigits.ReplaceAllStringFunc(text, func(digits string) string {
		if _, err := norway.ParseNationalID(digits); err != nil {
			return digits
		}
		return "[national id]"
	})
}
