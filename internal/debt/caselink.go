package debt

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// CaseLink is a person's claim that a case is theirs, where the agency does not know the debtor by number. It
// never says whether there is such a case.
type CaseLink struct {
	Agency      *Agency
	ID          string
	CaseNumber  string  // as it was typed
	Statement   *string // why it is theirs, in their own words
	Status      CaseLinkStatus
	RequestedAt time.Time
	DecidedOn   norway.Date // zero: nothing is decided
	Reply       *string     // what the agency says to it
}

// LinkToDecide is a claim of a case as a case worker sees it.
type LinkToDecide struct {
	CaseLink
	Name          *string // of who claims it, as their login has it
	NationalID    norway.NationalID
	PasswordRight bool // whether the password of a letter of the case was given
}

// Masked returns the number of who claims it without its last digits.
func (l *LinkToDecide) Masked() string { return l.NationalID.Masked() }

// CaseLinks returns the claims of cases that the person has made, nil when no agency answered.
func (p *Person) CaseLinks() []CaseLink {
	var all []CaseLink
	for _, part := range p.Parts {
		if part.Status == AgencyOK && all == nil {
			all = []CaseLink{}
		}
		all = append(all, part.CaseLinks...)
	}
	return all
}
