package agency

import (
	"fmt"
	"strings"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// complain says in the log what an agency's rows are like, once and not with every read: until the
// text changes, or the agency is looked at anew.
func (a *Agency) complain(about, text string, args ...any) {
	said := fmt.Sprint(text, args)
	if before, ok := a.said.Swap(about, said); !ok || before != said {
		a.log.Warn(text, args...)
	}
}

// compareRates says where the agency's rates of late-payment interest are not the law's. Balances
// follow the agency's table all the same, and their lines say so.
func (a *Agency) compareRates(rates []debt.Rate) {
	off := debt.OffRates(rates, norway.DateOf(a.clock()))
	if len(off) == 0 {
		a.said.Delete("rates")
		return
	}
	text := "the agency's table of late-payment interest is not the law's"
	if off[len(off)-1].BeyondTheTable {
		text = "the agency's table of late-payment interest is old"
	}
	var rows []string
	for _, x := range off {
		rows = append(rows, fmt.Sprintf("%s (row %s): %s, by law %s", x.From, x.Row, perCent(x.Has), perCent(x.Law)))
	}
	a.complain("rates", text, "half_years", strings.Join(rows, "; "))
}

func perCent(r debt.BasisPoints) string { return fmt.Sprintf("%d.%02d %%", r/100, r%100) }

// repeats says which relations brought a row twice.
func (a *Agency) repeats(relations []string) {
	for _, name := range relations {
		a.complain("repeated "+name, "a view has rows twice: each is counted once", "relation", name)
	}
}

// forget lets what is still so be said again.
func (a *Agency) forget() {
	a.said.Range(func(about, _ any) bool {
		if about != "rates" {
			a.said.Delete(about)
		}
		return true
	})
}
