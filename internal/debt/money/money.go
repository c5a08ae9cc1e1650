// Package money counts in whole øre. There is no floating point in it.
package money

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Øre is an amount in Norwegian øre, 1/100 krone. Amounts from an agency are
// within ±Max, so sums of up to nine million of them do not overflow.
type Øre int64

// Max is the largest amount that is taken from outside: ten thousand million kroner.
const Max Øre = 1_000_000_000_000

// Krone is 100 øre.
const Krone Øre = 100

// Currency is an ISO 4217 code.
type Currency string

// NOK is the Norwegian krone, the only currency of Norwegian debt collection.
const NOK Currency = "NOK"

// Amount returns the amount itself.
func (o Øre) Amount() Øre { return o }

// Currency returns NOK.
func (Øre) Currency() Currency { return NOK }

// String returns kroner with exactly two decimals, such as "1234.50" or "-0.05".
func (o Øre) String() string {
	var buf [24]byte
	return string(o.AppendTo(buf[:0]))
}

// AppendTo appends the text of String to b.
func (o Øre) AppendTo(b []byte) []byte {
	u := uint64(o)
	if o < 0 {
		b = append(b, '-')
		u = -u
	}
	b = strconv.AppendUint(b, u/100, 10)
	return append(b, '.', byte('0'+u/10%10), byte('0'+u%10))
}

// ParseTyped reads kroner as people in Norway write them: "1234,5", "1 234,50", "1.50", "kr 450", "450,-".
// The blank between thousands may be one that does not break the line. A point is never between thousands,
// as it is not plain whether 1.234 is more than a thousand.
func ParseTyped(s string) (Øre, error) {
	m := typed.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, errors.New("it is not an amount in kroner")
	}
	kroner := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, m[1])
	if m[2] != "" {
		kroner += "." + m[2]
	}
	return Parse(kroner)
}

const blank = "[ \u00a0\u2009\u202f]"

var typed = regexp.MustCompile(`^(?i:kr\.?` + blank + `?)?` +
	`([0-9]{1,3}(?:` + blank + `[0-9]{3})+|[0-9]+)(?:[.,]([0-9]{1,2})|,-)?` +
	`(?i:` + blank + `?kr\.?)?$`)

// Parse reads kroner with at most two decimals: "1234", "1234.5", "-1234.50".
func Parse(s string) (Øre, error) {
	digits, negative := s, false
	if len(s) > 0 && s[0] == '-' {
		digits, negative = s[1:], true
	}
	var v Øre
	decimals, seen := -1, 0
	for i := range len(digits) {
		c := digits[i]
		switch {
		case c == '.' && decimals < 0 && seen > 0:
			decimals = 0
			continue
		case c < '0' || c > '9' || decimals == 2:
			return 0, fmt.Errorf("%q is not an amount with at most two decimals", s)
		}
		if decimals >= 0 {
			decimals++
		}
		seen++
		v = v*10 + Øre(c-'0')
		if v > Max {
			return 0, fmt.Errorf("%q is more than the largest amount, %s", s, Max)
		}
	}
	if seen == 0 || decimals == 0 {
		return 0, fmt.Errorf("%q is not an amount with at most two decimals", s)
	}
	for range 2 - max(decimals, 0) {
		v *= 10
	}
	if v > Max {
		return 0, fmt.Errorf("%q is more than the largest amount, %s", s, Max)
	}
	if negative {
		v = -v
	}
	return v, nil
}
