package debt

import (
	"fmt"

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
			args[i] = l.Percent(int(a))
		case phrase:
			args[i] = a.in(l)
		}
	}
	return fmt.Sprintf(p.in(l), args...)
}

// LanguageFor returns the language that is asked for, else the one that the agency writes to the
// debtor in, else bokmål.
func (c *Case) LanguageFor(asked *Language) Language {
	switch {
	case asked != nil:
		return *asked
	case c != nil && c.DebtorLanguage != "":
		return c.DebtorLanguage
	default:
		return Bokmal
	}
}
