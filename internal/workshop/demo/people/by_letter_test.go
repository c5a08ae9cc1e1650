package people

import (
	"slices"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
)

// TestByLetter: on any day both layouts of a core know a company without a number that has one
// case more than the letter shows, and some person.
func TestByLetter(t *testing.T) {
	t.Parallel()
	const n = 2000
	for day := asOf; day < asOf+400; day += 37 {
		g := New(1, day)
		found := g.ByLetter(n)
		for _, code := range []string{Fjord, Tradisjon} {
			if !slices.ContainsFunc(found, func(b ByLetter) bool { return b.Agency == code && b.Company }) {
				t.Errorf("%s knows no such company on %s: %+v", code, day, found)
			}
		}
		if !slices.ContainsFunc(found, func(b ByLetter) bool { return !b.Company }) {
			t.Errorf("nobody is such a person on %s: %+v", day, found)
		}
		for i := range n {
			p := g.Person(i)
			for _, d := range p.Debtors {
				for _, c := range d.Cases {
					at := slices.IndexFunc(found, func(b ByLetter) bool {
						return b.Agency == d.Agency.Code && b.CaseNumber == c.Number
					})
					if at < 0 {
						continue
					}
					if b := found[at]; d.Identified || c.Status != debt.Open || p.Name != b.Name || b.OpenCases < 2 ||
						b.Company != (p.Kind == debt.DebtorBusiness) {
						t.Errorf("on %s %+v is %s with the case %s", day, b, p.Name, c.Status)
					}
					found = slices.Delete(found, at, at+1)
				}
			}
		}
		if len(found) > 0 {
			t.Errorf("on %s nobody has the cases %+v", day, found)
		}
	}
}
