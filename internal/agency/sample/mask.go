package sample

import (
	"regexp"
	"strings"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// personal is as many digits as a national identity number has, also in the way it is written.
var personal = regexp.MustCompile(`\d{6}[ -]?\d{5,}|\d{11,}`)

// Masked takes out what can be a person's national identity number: an agency may have it in
// its keys, and with other digits around it.
func Masked(text string) string {
	return personal.ReplaceAllStringFunc(text, func(found string) string {
		digits := strings.NewReplacer(" ", "", "-", "").Replace(found)
		for i := range len(digits) - 10 {
			if _, err := norway.ParseNationalID(digits[i : i+11]); err == nil {
				return "[national id]"
			}
		}
		return found
	})
}
