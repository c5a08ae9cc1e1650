package issuer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Person is somebody in the demo, who does not exist. `oversikt-demo people --json` prints its
// JSON.
type Person struct {
	NationalID string   `json:"nationalId,omitempty"` // eleven digits, of the synthetic series
	Name       string   `json:"name"`
	Agencies   []string `json:"agencies"`  // the agencies that have a claim on the person
	OpenCases  int      `json:"openCases"` // at all agencies together
	Note       string   `json:"note"`      // what makes the person worth a look
}

// Masked returns the number with its last five digits hidden.
func (p Person) Masked() string {
	id, err := norway.ParseNationalID(p.NationalID)
	if err != nil {
		return ""
	}
	return id.Masked()
}

// check refuses whom the demo must not vouch for: no number of a real person
// may ever come from it. The error does not repeat the number.
func (p Person) check() error {
	id, err := norway.ParseNationalID(p.NationalID)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", p.Name, err)
	case !id.IsSynthetic():
		return fmt.Errorf("%s: the national identity number is not of the synthetic series", p.Name)
	case p.Name == "":
		return errors.New("a person without a name")
	}
	return nil
}

// givenName and familyName split at the last space, which suits made-up names.
func (p Person) givenName() string {
	if i := strings.LastIndexByte(p.Name, ' '); i >= 0 {
		return p.Name[:i]
	}
	return p.Name
}

func (p Person) familyName() string {
	return p.Name[strings.LastIndexByte(p.Name, ' ')+1:]
}

// birthdate reads the date out of the number. That is right for made-up people
// alone: of real ones the register knows it, and from 2032 on the number does not.
func (p Person) birthdate() string {
	digit := func(i int) int { return int(p.NationalID[i] - '0') }
	two := func(i int) int { return 10*digit(i) + digit(i+1) }
	day, month, year, serial := two(0), two(2)-80, two(4), 100*digit(6)+two(7)
	if day > 40 { // a D-number
		day -= 40
	}
	switch {
	case serial < 500, serial >= 900 && year >= 40:
		year += 1900
	case serial < 750 && year >= 54:
		year += 1800
	default:
		year += 2000
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}
