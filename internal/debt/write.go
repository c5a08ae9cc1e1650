package debt

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// phrase is one text in the three languages. It is a format of package fmt; what goes in
// is formatted by the language before.
type phrase struct{ nb, nn, en string }

func (p phrase) in(l Language) string {
	switch l {
	case Nynorsk:
		return p.nn
	case English:
		return p.en
	default:
		return p.nb
	}
}

// fill writes the phrase with days, amounts, rates and phrases as the language has them.
func (p phrase) fill(l Language, args ...any) string {
	for i, a := range args {
		switch a := a.(type) {
		case norway.Date:
			args[i] = l.Day(a)
		case money.Øre:
			args[i] = l.Kroner(a)
		case BasisPoints:
			args[i] = l.Percent(a)
		case phrase:
			args[i] = a.in(l)
		}
	}
	return fmt.Sprintf(p.in(l), args...)
}

var monthNames = [2][12]string{
	{"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
		"desember"},
	{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
		"December"},
}

// Day writes a date in words: 1. mars 2026, 1 March 2026.
func (l Language) Day(d norway.Date) string {
	y, m, day := d.Time().Date()
	if l == English {
		return fmt.Sprintf("%d %s %d", day, monthNames[1][m-1], y)
	}
	return fmt.Sprintf("%d. %s %d", day, monthNames[0][m-1], y)
}

// nbsp keeps an amount on one line.
const nbsp = "\u00a0"

// Kroner writes an amount: 1 234,50 kr, NOK 1,234.50.
func (l Language) Kroner(o money.Øre) string {
	whole, cents, _ := strings.Cut(o.String(), ".")
	sign := ""
	if whole[0] == '-' {
		sign, whole = "−", whole[1:]
	}
	group, point := nbsp, ","
	if l == English {
		group, point = ",", "."
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	if l == English {
		return "NOK" + nbsp + sign + whole + point + cents
	}
	return sign + whole + point + cents + nbsp + "kr"
}

// Percent writes a rate with two decimals: 12,25 %, 12.25%.
func (l Language) Percent(b BasisPoints) string {
	text := money.Øre(b).String() // hundredths, too
	if l == English {
		return text + "%"
	}
	return strings.Replace(text, ".", ",", 1) + nbsp + "%"
}

// days writes a number of days, more than one: 31 dager.
func (l Language) days(n int) string {
	return strconv.Itoa(n) + nbsp + phrase{"dager", "dagar", "days"}.in(l)
}

// language returns the one that is asked for, else the one that the agency writes to the
// debtor in, else bokmål.
func (c *Case) language(asked *Language) Language {
	switch {
	case asked != nil:
		return *asked
	case c != nil && c.DebtorLanguage != "":
		return c.DebtorLanguage
	default:
		return Bokmal
	}
}
