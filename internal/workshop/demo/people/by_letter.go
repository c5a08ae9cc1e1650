package people

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
)

// ByLetter is a debtor whom an agency knows without a national identity number: nobody but who
// has a letter of theirs sees a case of theirs.
type ByLetter struct {
	Agency     string // code
	CaseNumber string // of an open case
	Name       string
	Company    bool // else a person whose number this one agency lacks
	OpenCases  int  // at the agency, which a letter shows one of
}

// ByLetter returns for each agency the first company of n people, and the first person, that it
// knows so, with two open cases or more.
func (g *Generator) ByLetter(n int) []ByLetter {
	var found []ByLetter
	for i := range n {
		p := g.Person(i)
		for _, d := range p.Debtors {
			if d.Identified {
				continue
			}
			one := ByLetter{Agency: d.Agency.Code, Name: p.Name, Company: p.NationalID.IsZero()}
			for _, c := range d.Cases {
				if c.Status == debt.Open {
					one.CaseNumber = c.Number
					one.OpenCases++
				}
			}
			if one.OpenCases >= 2 && !slices.ContainsFunc(found, func(b ByLetter) bool {
				return b.Agency == one.Agency && b.Company == one.Company
			}) {
				found = append(found, one)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b ByLetter) int { return position(a.Agency) - position(b.Agency) })
	return found
}

func position(code string) int {
	return slices.IndexFunc(agencies, func(a *Agency) bool { return a.Code == code })
}
