package debt

import "slices"

// WithheldReason says what is wrong with a record that is left out.
type WithheldReason string

// What can be wrong with a record.
const (
	WithheldMissing       WithheldReason = "MISSING"
	WithheldDate          WithheldReason = "DATE"
	WithheldAmount        WithheldReason = "AMOUNT"
	WithheldRate          WithheldReason = "RATE"
	WithheldCode          WithheldReason = "CODE"
	WithheldText          WithheldReason = "TEXT"
	WithheldContradiction WithheldReason = "CONTRADICTION"
	WithheldOther         WithheldReason = "OTHER"
)

// Withheld is a case that is left out of an answer, as a record of it breaks the contract.
type Withheld struct {
	Agency     *Agency
	ID         *Key    // of the case; nil: it cannot be read, or the record is of no case
	CaseNumber *string // nil: it cannot be read, or was not asked for
	Reason     WithheldReason

	Relation string // where the record is, and what is wrong there: for operators
	Column   string
	Cause    string
}

// WithheldCases returns those of what is left out that are cases.
func (p *Part) WithheldCases() (cases []Withheld) {
	for _, w := range p.Withheld {
		if w.Relation != "message" && w.Relation != "power_of_attorney" {
			cases = append(cases, w)
		}
	}
	return cases
}

// Withholds says that a case is left out.
func (p *Part) Withholds(id Key) bool {
	return slices.ContainsFunc(p.Withheld, func(w Withheld) bool { return w.ID != nil && *w.ID == id })
}
