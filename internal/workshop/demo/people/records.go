package people

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Person is an invented person or business with what each agency has on them.
type Person struct {
	Index      int
	NationalID norway.NationalID // zero for a limited company
	OrgNumber  string            // empty for a person
	Kind       debt.DebtorKind
	Name       string
	Email      string // empty: not known
	Phone      string // empty: not known
	Street     string
	PostalCode string
	City       string
	Language   debt.Language
	Frequent   bool // one of the tenth that has many cases

	Debtors   []Debtor // one for each agency that knows the person
	Agencies  []string // the codes of those agencies
	OpenCases int      // at all agencies together
	Note      string   // what makes a demo person interesting, in English
}

// Debtor is what one agency has on a person.
type Debtor struct {
	ID         int64
	Agency     *Agency
	Identified bool // the agency has registered the national identity number
	Cases      []*Case
	Agreements []*Agreement
	Messages   []Message
	Powers     []PowerOfAttorney
}

// Case is a collection case with everything that hangs on it.
type Case struct {
	ID                int64
	Number            string
	Creditor          *Creditor
	Status            debt.CaseStatus
	Phase             debt.Phase
	LegalStep         debt.LegalStep // empty before court
	Description       string
	CreditorReference string
	OpenedOn          norway.Date
	DueOn             norway.Date // zero: no deadline runs
	ClosedOn          norway.Date // zero: open
	Principal         money.Øre
	PriorInterest     money.Øre
	InterestFrom      norway.Date
	RateBasisPoints   int         // 0: the statutory rate
	AgreementFrom     norway.Date // zero: no agreement is offered
	KID               string

	Holds      []debt.Hold // those that follow from no other record
	Fees       []Fee
	Scheduled  []debt.ScheduledCost
	Letters    []Letter
	Payments   []Payment
	Objections []Objection
	Requests   []Request
}

// Item is one of the invoices of a case that collects several.
type Item struct {
	InvoiceNumber string
	Amount        money.Øre
}

// Items returns the invoices of a case that collects several, nil for other cases. They were
// issued and due on the same days.
func (c *Case) Items() []Item {
	if c.Principal <= 1_000_00 || c.ID%5 != 1 {
		return nil
	}
	first := wholeKroner(c.Principal * 2 / 5)
	return []Item{{c.CreditorReference, first}, {c.CreditorReference + "2", c.Principal - first}}
}

// Fee is a cost that was added to a case.
type Fee struct {
	Kind       debt.CostKind
	Amount     money.Øre
	IncurredOn norway.Date
	WaivedOn   norway.Date // zero: not waived
	LegalBasis string
}

// Letter is a letter that was sent in a case, and its document.
type Letter struct {
	Kind    debt.LetterKind
	Title   string
	Channel debt.LetterChannel
	SentOn  norway.Date
	DueOn   norway.Date // zero: no deadline in it
	Amount  money.Øre   // 0: no amount in it
	Bytes   int         // size of the document
}

// Payment is money received in a case.
type Payment struct {
	Amount       money.Øre
	ReceivedOn   norway.Date
	RegisteredAt Moment
	Channel      debt.PaymentChannel
	Allocations  []debt.Allocation
}

// Agreement is an instalment plan or settlement on one or more cases of a debtor.
type Agreement struct {
	ID          int64
	Kind        debt.AgreementKind
	Status      debt.AgreementStatus
	Monthly     money.Øre // 0: not paid by the month
	StartedOn   norway.Date
	EndedOn     norway.Date // zero: runs
	Cases       []*Case
	Instalments []debt.Instalment
}

// Objection is a debtor's protest against a claim.
type Objection struct {
	Status      debt.ObjectionStatus
	Reasons     []debt.ObjectionReason
	Statement   string
	SubmittedAt Moment
	DecidedOn   norway.Date // zero: not decided
	Reply       string
}

// Request is a debtor's request for a deferral.
type Request struct {
	Status      string // RECEIVED, GRANTED or REJECTED
	RequestedAt Moment
	Until       norway.Date
	DecidedOn   norway.Date // zero: not decided
	Reply       string
}

// Message is one between debtor and agency.
type Message struct {
	Case    *Case  // nil: about no case in particular
	Sender  string // DEBTOR or AGENCY
	Subject string
	Body    string
	SentAt  Moment
	ReadAt  Moment // zero: not read
}

// PowerOfAttorney lets someone else see, or also act in, a debtor's cases.
type PowerOfAttorney struct {
	NationalID string // of the attorney; empty for an organisation
	OrgNumber  string
	Name       string
	MayAct     bool
	Cases      []*Case // empty: all cases
	ValidFrom  norway.Date
	ValidUntil norway.Date // zero: until further notice
	RevokedAt  Moment      // zero: not revoked
}

// Moment is a point of time by Oslo's clock.
type Moment struct {
	On     norway.Date
	Minute int // of the day
}
