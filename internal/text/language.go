package text

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Language is a written language of Norway or English.
type Language string

// The languages that texts come in.
const (
	NB Language = "nb" // bokmål
	NN Language = "nn" // nynorsk
	EN Language = "en" // English
)

// Languages returns all of them.
func Languages() []Language { return []Language{NB, NN, EN} }

// pick returns one of three texts; bokmål for a language that is not known.
func (l Language) pick(nb, nn, en string) string {
	switch l {
	case NN:
		return nn
	case EN:
		return en
	default:
		return nb
	}
}

var (
	norwegianMonths = [12]string{"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september",
		"oktober", "november", "desember"}
	englishMonths = [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
		"October", "November", "December"}
)

// Day writes a date in words: 1. mars 2026, 1 March 2026.
func (l Language) Day(d norway.Date) string {
	y, m, day := d.Time().Date()
	if l == EN {
		return fmt.Sprintf("%d %s %d", day, englishMonths[m-1], y)
	}
	return fmt.Sprintf("%d. %s %d", day, norwegianMonths[m-1], y)
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
	if l == EN {
		group, point = ",", "."
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + group + whole[i:]
	}
	if l == EN {
		return "NOK" + nbsp + sign + whole + point + cents
	}
	return sign + whole + point + cents + nbsp + "kr"
}

// Percent writes hundredths of a per cent with two decimals: 12,25 %, 12.25%.
func (l Language) Percent(hundredths int) string {
	text := money.Øre(hundredths).String() // hundredths, too
	if l == EN {
		return text + "%"
	}
	return strings.Replace(text, ".", ",", 1) + nbsp + "%"
}

// Days writes a number of days: 31 dager.
func (l Language) Days(n int) string {
	if n == 1 {
		return "1" + nbsp + l.pick("dag", "dag", "day")
	}
	return strconv.Itoa(n) + nbsp + l.pick("dager", "dagar", "days")
}

// Wait writes how long to wait, rounded up: in seconds below a minute and a half, then in minutes.
func (l Language) Wait(d time.Duration) string {
	if d < 90*time.Second {
		n := int(math.Ceil(d.Seconds()))
		if n == 1 {
			return "1" + nbsp + l.pick("sekund", "sekund", "second")
		}
		return strconv.Itoa(n) + nbsp + l.pick("sekunder", "sekund", "seconds")
	}
	return strconv.Itoa(int(math.Ceil(d.Minutes()))) + nbsp + l.pick("minutter", "minutt", "minutes")
}
