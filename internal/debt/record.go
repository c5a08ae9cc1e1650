// Package debt is the domain: the records of collection cases as the contract
// delivers them, and the pure rules that compute on them. It knows no database,
// no GraphQL and no clock.
package debt

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// Kind is the type of object that a Key names.
type Kind byte

// The kinds of object that can be refetched by id. The numbers are part of ids
// that clients hold: they never change.
const (
	KindAgency    Kind = 1
	KindCreditor  Kind = 2
	KindDebtor    Kind = 3
	KindCase      Kind = 4
	KindFee       Kind = 5
	KindLetter    Kind = 6
	KindPayment   Kind = 7
	KindAgreement Kind = 8
	KindObjection Kind = 9

	KindAcceptance Kind = 10 // of a payment solution: no agency's
	// KindPowerOfAttorney is no agency's either: the portal keeps them.
	KindPowerOfAttorney Kind = 11
	KindAct             Kind = 12 // the portal's too
	KindPrivacyRequest  Kind = 13 // the portal's too
	KindSession         Kind = 14 // of no node: only endSession takes it
	KindQueueItem       Kind = 15 // of no node: what decides it takes it
)

// OfPortal says that the portal keeps objects of the kind, and no agency.
func (k Kind) OfPortal() bool { return k >= KindAcceptance && k <= KindPrivacyRequest }

// Key names one object at one agency.
type Key struct {
	Kind   Kind
	Agency string // the agency's code in the configuration
	ID     string // its key there, as text; empty for the agency itself
}

// Agency is a debt-collection agency (inkassoforetak). Everything but ID, Code and Name is null
// while the agency cannot be reached.
type Agency struct {
	ID            Key
	Code          string // as configured
	Name          string
	OrgNumber     *string
	Phone         *string
	Email         *string
	Website       *string
	PostalAddress *string

	// What is genuinely the agency's, as far as it says.
	Domains  []string // of its sites and e-mail; a part of one is too
	Senders  []string // addresses, and the names that text messages show
	Phones   []string // besides Phone
	Accounts []string // that debtors pay to
}

// Policy is what the law leaves to the agency.
type Policy struct {
	Imputation           Imputation
	MinInstalment        money.Øre // least amount of an instalment, without fees
	MaxInstalments       int
	InstalmentFee        money.Øre // for each instalment of an agreement
	SetupFee             money.Øre // once, when an agreement has more instalments than SetupFreeInstalments
	SetupFreeInstalments int
	MaxDeferralDays      int
	DeferralFee          money.Øre
	JointAgreements      bool  // several cases in one agreement with one fee a month
	AgreementStopsCosts  bool  // an agreement that is kept stops further cost steps
	PlanLongest          *int  // most instalments that a case worker agrees to; nil: MaxInstalments
	PlanGraceDays        *int  // days after which an instalment that is not paid breaks the agreement; nil: not said
	PlanSkips            *int  // how often one may be skipped or moved; nil: never
	PlanAfterBreach      *bool // whether a broken agreement may be followed by another; nil: it may
	NothingAgreed        bool  // the agency has no functions for agreeing to solutions
}

// Rate is an interest rate in force from a day on, in basis points a year.
type Rate struct {
	Kind        string
	ValidFrom   norway.Date
	BasisPoints int
	Source      string
}

// Creditor is whom the money is owed to (fordringshaver).
type Creditor struct {
	ID        Key
	Name      string
	OrgNumber *string
	Trade     Trade
}

// Debtor is a person or business as one agency knows it (skyldner).
type Debtor struct {
	ID            Key
	Agency        *Agency
	Kind          DebtorKind
	OrgNumber     *string
	Name          string
	Email         *string
	Phone         *string
	StreetAddress *string
	PostalCode    *string
	City          *string
	Language      Language
}

// Case is one claim under collection (inkassosak) with the relations that were
// asked for; a relation that was not read is empty.
type Case struct {
	ID                Key
	CaseNumber        string
	DebtorID          string
	CreditorID        string
	Status            CaseStatus
	Phase             Phase
	LegalStep         *LegalStep // null before court
	Description       string
	CreditorReference *string
	OpenedOn          norway.Date
	DueOn             norway.Date // the agency's own, see Deadline; zero: none is running
	ClosedOn          norway.Date // zero: open
	OriginalPrincipal money.Øre
	PriorInterest     money.Øre   // claimed for the time before InterestFrom
	InterestFrom      norway.Date // interest of the first day is owed the day after; zero: bears none
	RateBasisPoints   *int        // contractual rate a year; null: the statutory rate
	AgreementFrom     norway.Date // first day on which an agreement may begin; zero: none is offered
	AgreementGroup    string      // an agreement joins cases of one group alone; empty is a group too
	KID               string
	Account           string
	Payee             string
	DebtorKind        DebtorKind
	DebtorLanguage    Language // that the agency writes to the debtor in

	Agency         *Agency
	Creditor       *Creditor
	Debtor         *Debtor
	Items          []ClaimItem // in the order in which payments cover them; empty: the case is one claim
	AllHolds       []Hold
	Fees           []Fee
	ScheduledCosts []ScheduledCost
	AllLetters     []Letter
	AllPayments    []Payment
	Agreements     []*Agreement
	Objections     []Objection
	Documents      []Document
	Requests       []Request
	Deferrals      []Deferral
	Complaints     []Complaint
	Receipts       []Receipt

	Beside  []*Case  // all of the debtor's cases at the agency, itself among them; nil: not all were read
	Planned *Planned // nil: no plan asks for anything, or nobody has said so
	Terms   *Terms
}

// ClaimItem is one of the invoices of a case that collects several (fordringspost, faktura).
type ClaimItem struct {
	ID              string // its key at the agency
	Case            *Case
	Number          int // its place in the case, from 1
	InvoiceNumber   *string
	IssuedOn        norway.Date
	DueOn           norway.Date
	Amount          money.Øre   // its part of the case's principal
	InterestFrom    norway.Date // zero: it bears none
	RateBasisPoints *int        // contractual rate a year; null: the statutory rate
	DocumentID      *string     // key of the document that is a copy of it; null: of none
}

// Terms is what the balances of an agency's cases depend on besides their records.
type Terms struct {
	Today  norway.Date
	Policy Policy
	Rates  []Rate // late-payment rates, ascending by ValidFrom

	Acts []statute.Act // on collection, in their order; nil: statute.Acts
}

// Hold is a reason why collection is on hold.
type Hold struct {
	Kind  HoldKind
	Since norway.Date
	Until norway.Date // the last day; zero: until further notice
}

// Fee is a cost that was added to a case (gebyr, salær, sakskostnad).
type Fee struct {
	ID         Key
	Case       *Case
	Kind       CostKind
	Amount     money.Øre
	IncurredOn norway.Date
	WaivedOn   norway.Date // zero: not waived
	LegalBasis *string
	Assumed    bool // only foreseen, at a rate that is not set for its day
}

// ScheduledCost is a cost that the agency will add on a day if nothing is done.
type ScheduledCost struct {
	On     norway.Date
	Kind   CostKind
	Amount money.Øre
}

// Letter is a letter or notice that was sent in a case (brev).
type Letter struct {
	ID      Key
	Case    *Case
	Kind    LetterKind
	Title   string
	Channel LetterChannel
	SentOn  norway.Date
	DueOn   norway.Date // zero: no deadline in it
	Amount  *money.Øre  // null: no amount in it

	DocumentID *string // key of the document that is a copy of it; null: of none
}

// Payment is money received in a case (innbetaling).
type Payment struct {
	ID           Key
	Case         *Case
	Amount       money.Øre
	ReceivedOn   norway.Date
	RegisteredAt time.Time // when it was booked
	Channel      PaymentChannel
	Allocations  []Allocation // as the agency booked it; empty: not stated
}

// Allocation is the part of a payment that covers one component, as the agency booked it.
type Allocation struct {
	Component Component
	Amount    money.Øre
}

// Agreement is an instalment plan or settlement (avdragsordning, forlik) on one or more cases.
type Agreement struct {
	ID            Key
	Kind          AgreementKind
	Status        AgreementStatus
	MonthlyAmount *money.Øre
	StartedOn     norway.Date
	EndedOn       norway.Date // zero: runs
	WarnedOn      norway.Date // the debtor was warned that it will be broken; zero: was not
	BreachOn      norway.Date // it is broken from this day on unless what is late is paid before; zero: no breach is near
	Reply         *string     // what a case worker has said to the debtor; nil: nothing
	DecidedOn     norway.Date // it was granted or refused; zero: it was not asked for, or is not decided
	ChangedOn     norway.Date // what was left of it was last agreed anew; zero: it is as it was agreed
	SkipsLeft     *int        // how often an instalment may still be skipped or moved; nil: not said
	Covers        int         // cases; those that are not among Cases the reader may not see
	Cases         []*Case
	Instalments   []Instalment
}

// Whole says that all of the agreement's cases were read. Who may see some of them alone decides nothing about it.
func (a *Agreement) Whole() bool { return a.Covers <= len(a.Cases) }

// Instalment is one payment of an agreement (avdrag).
type Instalment struct {
	Number int
	DueOn  norway.Date
	Amount money.Øre // fee included
	Fee    money.Øre
	PaidOn norway.Date // zero: not paid
}

// Objection is a debtor's protest against a claim (innsigelse).
type Objection struct {
	ID          Key
	Case        *Case
	Status      ObjectionStatus
	Reasons     []ObjectionReason
	Statement   *string
	SubmittedAt time.Time
	DecidedOn   norway.Date // zero: not decided
	Reply       *string

	Disputed            *money.Øre // how much of the claim; nil: the whole, or the agency does not say
	ContactWithCreditor *bool      // whether the debtor has taken it up with the creditor; nil: not said

	WithdrawnOn norway.Date // the day on which the debtor took it back; zero: not, or not known

	CreditorStandpoint *string // what the creditor says to it; nil: nothing, or the agency does not say
}

// Document is what is known of a document in a case without its content.
type Document struct {
	ID        string // its key at the agency
	Title     string
	MediaType string
	Bytes     int64
	CreatedAt time.Time
	LetterID  *string // key of the letter that it is a copy of; null: of none
}

// Request is what a debtor has asked an agency for in a case (henvendelse).
type Request struct {
	ID          string // its key at the agency
	Kind        RequestKind
	Status      RequestStatus
	RequestedAt time.Time
	Until       norway.Date // last day of the deferral that is asked for; zero: it is none
	DecidedOn   norway.Date // zero: not decided
	Reply       *string
}

// Deferral is more time to pay in a case: asked for, granted or refused (betalingsutsettelse).
type Deferral struct {
	ID          string // its key at the agency
	Status      DeferralStatus
	Until       norway.Date // the last day on which the case stands still
	Reason      *string     // the debtor's own words; nil: none
	CostBefore  *money.Øre  // the scheduled costs until then as they were without it; nil: not known
	CostAfter   *money.Øre  // the same with it, its fee included; nil: not known
	RequestedAt time.Time
	DecidedOn   norway.Date // zero: not decided
	Reply       *string     // what the agency says to it; nil: nothing
}

// QueueItem is what waits for a case worker of an agency (oppgave til behandling).
type QueueItem struct {
	ID        Key
	Kind      QueueKind
	CaseID    *Key   // nil: it is about no single case
	SubjectID string // the agency's key of what was asked for, such as a deferral
	CreatedAt time.Time
	AnswerBy  norway.Date // the last day for an answer; zero: none is set
}

// Message is one between a debtor and an agency (melding).
type Message struct {
	ID      string  // its key at the agency
	CaseID  *string // key of the case; null: about no single one
	Sender  Sender
	Subject *string
	Body    string
	SentAt  time.Time
	ReadAt  *time.Time // when the other side opened it; null: not opened
}

// FAQ is a question that people ask an agency, with its answer in one language.
type FAQ struct {
	Key      string // the same in all languages
	Language Language
	Question string
	Answer   string
}

// PowerOfAttorney lets an attorney see, and perhaps act in, a debtor's cases (fullmakt). For one
// that the person holds, it does not say who gave it.
type PowerOfAttorney struct {
	ID           string // its key at the agency
	Held         bool   // the person is the attorney, not the giver
	AttorneyName string
	OrgNumber    *string // of an attorney that is an organisation
	MayAct       bool    // not sight alone
	AllCases     bool
	CaseIDs      []string // the keys of the cases when it does not cover all
	ValidFrom    norway.Date
	ValidUntil   norway.Date // the last day; zero: until it is revoked
	RevokedAt    *time.Time  // null: it is not
}
