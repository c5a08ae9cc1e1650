package norway

import (
	"fmt"
	"log/slog"
	"unique"
)

// NationalID is a national identity number (fødselsnummer or D-number), eleven digits. It never
// prints itself, not even from an unexported field of another struct, for which fmt does not
// call String. Use Reveal when the number is needed.
type NationalID struct{ digits unique.Handle[string] }

// ParseNationalID checks length, date and both check digits. The first check
// digit may also be of the kind issued from 2032 on, whose remainder is 0 to 3
// (Skatteetaten, "Fødselsnummer fra 2032"). The error does not repeat the number.
func ParseNationalID(s string) (NationalID, error) {
	if len(s) != 11 || !allDigits(s) {
		return NationalID{}, fmt.Errorf("a national identity number has eleven digits")
	}
	if !plausibleBirth(s) {
		return NationalID{}, fmt.Errorf("a national identity number begins with a date")
	}
	if weighted(s[:10], firstWeights[:])%11 > 3 || weighted(s, secondWeights[:])%11 != 0 {
		return NationalID{}, fmt.Errorf("the check digits of the national identity number are wrong")
	}
	return NationalID{unique.Make(s)}, nil
}

var (
	firstWeights  = [...]int{3, 7, 6, 1, 8, 9, 4, 5, 2, 1}
	secondWeights = [...]int{5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}
)

// plausibleBirth accepts days of D-numbers (+40) and months of synthetic numbers (+40, +65, +80).
// The century is not known for every series: 29 February counts where it comes every four years.
func plausibleBirth(s string) bool {
	day, month := atoi2(s[0:2]), atoi2(s[2:4])
	if day > 40 {
		day -= 40
	}
	for _, offset := range [...]int{80, 65, 40} {
		if month > offset && month <= offset+12 {
			month -= offset
			break
		}
	}
	return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, atoi2(s[4:6]))
}

func daysIn(month, year int) int {
	switch {
	case month == 2 && year%4 != 0:
		return 28
	case month == 2:
		return 29
	case month == 4, month == 6, month == 9, month == 11:
		return 30
	default:
		return 31
	}
}

// IsZero says that there is no number.
func (n NationalID) IsZero() bool { return n == NationalID{} }

// IsSynthetic says that the number is one of the Tax Administration's synthetic
// series (month + 80), which is never issued to a person.
func (n NationalID) IsSynthetic() bool {
	return !n.IsZero() && atoi2(n.Reveal()[2:4]) > 80
}

// Reveal returns the eleven digits, none for no number.
func (n NationalID) Reveal() string {
	if n.IsZero() {
		return ""
	}
	return n.digits.Value()
}

// Masked returns the birth part with the rest hidden: "010190*****".
func (n NationalID) Masked() string {
	if n.IsZero() {
		return ""
	}
	return n.Reveal()[:6] + "*****"
}

// String hides the number.
func (n NationalID) String() string { return "[national id]" }

// GoString hides the number.
func (n NationalID) GoString() string { return n.String() }

// LogValue hides the number from structured logs.
func (n NationalID) LogValue() slog.Value { return slog.StringValue(n.String()) }

// MarshalText hides the number from JSON and the like.
func (n NationalID) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func atoi2(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

func weighted(s string, weights []int) int {
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return sum
}
