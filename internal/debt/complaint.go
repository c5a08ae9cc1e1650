package debt

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// Complaint is about the agency's conduct or costs in a case (klage).
type Complaint struct {
	ID          string // its key at the agency
	Case        *Case
	Status      ComplaintStatus
	Categories  []ComplaintCategory
	Statement   *string // the debtor's own words; nil: none
	SubmittedAt time.Time
	AnswerBy    norway.Date // the last day for the answer
	AnsweredOn  norway.Date // zero: not answered
	Reply       *string     // the agency's answer; nil: none
}

// Overdue says that the agency has not answered, and that the last day for it has passed.
func (c *Complaint) Overdue() bool {
	return c.Status == ComplaintReceived && c.Case.Terms.Today > c.AnswerBy
}

// NextStep is where a complaint can be taken after the agency.
type NextStep struct {
	statute.Body
	Source string // of what is said about it

	court bool
	c     *Complaint
}

// Next returns where the complaint can be taken now: nil while the agency still has time to answer, and
// when it has agreed. A person goes to the board of complaints, a business to who supervises.
func (c *Complaint) Next() *NextStep {
	agreed := c.Status == ComplaintUpheld
	if agreed || c.Status == ComplaintReceived && !c.Overdue() {
		return nil
	}
	bodies := statute.ConsumerBoard
	if c.Case.DebtorKind == DebtorBusiness {
		bodies = statute.BusinessAuthority
	}
	row, known := bodies.On(c.Case.Terms.Today)
	if known == statute.Unknown {
		return nil
	}
	return &NextStep{Body: row.Value, Source: row.Source, court: c.Case.LegalStep != nil, c: c}
}

// Case is the case of the complaint.
func (n *NextStep) Case() *Case { return n.c.Case }

// Address returns the postal address; nil where it is not known.
func (n *NextStep) Address() *string { return orNil(n.Body.Address) }

// Phone returns the telephone number; nil where it is not known.
func (n *NextStep) Phone() *string { return orNil(n.Body.Phone) }

// Deadline returns the last day for taking it there; zero where none is known, or no answer has come.
func (n *NextStep) Deadline() norway.Date {
	if n.Within == 0 || n.c.AnsweredOn.IsZero() {
		return 0
	}
	return n.c.AnsweredOn.AddDays(n.Within)
}

// orNil returns nil for an empty text.
func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Text says what can be expected there, in a language: by default the debtor's.
func (n *NextStep) Text(language *Language) string {
	l := n.c.Case.LanguageFor(language)
	switch {
	case !n.Decides:
		return atAuthority.in(l)
	case n.court:
		return atBoard.in(l) + " " + afterCourt.in(l)
	}
	return atBoard.in(l)
}

var atBoard = phrase{
	"Du kan klage gratis til Finansklagenemnda om kostnadene og hvordan foretaket har opptrådt, men ikke om selve kravet. " +
		"Legg ved klagen og svaret fra foretaket. Nemnda gir råd som foretaket kan la være å følge.",
	"Du kan klage gratis til Finansklagenemnda om kostnadene og korleis føretaket har gått fram, men ikkje om sjølve kravet. " +
		"Legg ved klaga og svaret frå føretaket. Nemnda gir råd som føretaket kan la vere å følgje.",
	"You can complain to Finansklagenemnda free of charge about the costs and how the agency has acted, but not about the claim itself. " +
		"Enclose your complaint and the agency's answer. The board gives advice that the agency need not follow.",
}

var afterCourt = phrase{
	"Saken er eller har vært til rettslig behandling: Nemnda tar den ikke opp hvis kostnadene ble tatt med der.",
	"Saka er eller har vore til rettsleg handsaming: Nemnda tek ho ikkje opp viss kostnadene vart tekne med der.",
	"The case is or has been before a court or the enforcement authority: the board does not take it up if the costs were part of that.",
}

var atAuthority = phrase{
	"Finansklagenemnda tar bare klager fra forbrukere. Finanstilsynet fører tilsyn med foretaket og tar imot tips, men avgjør ikke tvister. " +
		"En tvist kan du ta til forliksrådet eller domstolene.",
	"Finansklagenemnda tek berre klager frå forbrukarar. Finanstilsynet fører tilsyn med føretaket og tek imot tips, men avgjer ikkje tvistar. " +
		"Ein tvist kan du ta til forliksrådet eller domstolane.",
	"Finansklagenemnda takes complaints from consumers alone. Finanstilsynet supervises the agency and takes tips, but settles no disputes. " +
		"A dispute can be taken to the conciliation board or the courts.",
}
