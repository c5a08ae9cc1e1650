package personaldata

import (
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Portal is what the portal itself has on a person.
type Portal struct {
	Requests    []Request
	Logins      []Login
	Acts        []Act
	Acceptances []Acceptance
	Powers      []Power
	Budgets     []Budget
	Files       []File
	AccessLog   []Access
	Days        map[Code]int // how long each category is kept, from the retention schedule
}

// Request is a question, demand or complaint about processing (GDPR art. 12 to 22).
type Request struct {
	Number      uuid.UUID
	Kind        RequestKind
	AgencyCode  *string      // nil: the portal
	Agency      *debt.Agency // nil: the portal, or an agency that is no longer connected
	Text        string
	SubmittedAt time.Time
	AnswerBy    norway.Date // the last day for an answer
	Status      RequestStatus
	AnsweredAt  *time.Time
	Reply       *string
}

// ID is the global id of the request, once it is sealed.
func (q *Request) ID() debt.Key {
	return debt.Key{Kind: debt.KindPrivacyRequest, ID: q.Number.String()}
}

// RequestKind is the right that a request rests on.
type RequestKind string

// The kinds of request.
const (
	AskAccess        RequestKind = "ACCESS"        // GDPR art. 15
	AskRectification RequestKind = "RECTIFICATION" // art. 16
	AskErasure       RequestKind = "ERASURE"       // art. 17
	AskRestriction   RequestKind = "RESTRICTION"   // art. 18
	AskObjection     RequestKind = "OBJECTION"     // art. 21
	AskQuestion      RequestKind = "QUESTION"
	AskComplaint     RequestKind = "COMPLAINT"
)

// RequestStatus says what became of a request.
type RequestStatus string

// The states of a request.
const (
	RequestReceived RequestStatus = "RECEIVED"
	RequestExtended RequestStatus = "EXTENDED" // two months more, with the reason in the reply (art. 12(3))
	RequestAnswered RequestStatus = "ANSWERED"
)

// AnswerBy returns the last day to answer a request that came on a day: one month later (GDPR
// art. 12(3)). The day is not moved when it is a holiday, which is the safe side.
func AnswerBy(received norway.Date) norway.Date { return received.AddMonths(1) }

// Extended returns the last day when a request is complex or one of many: two further
// months (GDPR art. 12(3)).
func Extended(received norway.Date) norway.Date { return received.AddMonths(3) }

// The codes of the portal's own tables, each named as the schema names it.
type (
	LoginKind                       string
	ActName                         string
	ActStatus                       string
	PaymentSolutionAcceptanceStatus string
	PowerOfAttorneySigning          string
	BudgetHousehold                 string
	AccessActorKind                 string
	AccessGround                    string
	AccessOutcome                   string
)

// Login is a session of a browser.
type Login struct {
	Kind      LoginKind
	Assurance string // the level of the login
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// Act is something that the person has asked for.
type Act struct {
	Name     ActName
	AskedAt  time.Time
	By       *string // who asked for the person, with a power of attorney; nil: the person
	Status   ActStatus
	Agencies []string // codes of those that were asked
	EndedAt  *time.Time
}

// Acceptance is a combined payment solution that the person has accepted.
type Acceptance struct {
	AcceptedAt time.Time
	Status     PaymentSolutionAcceptanceStatus
	EndedAt    *time.Time
	Reason     *string
	Agencies   []string // codes
	Schedule   []ScheduledPayment
}

// ScheduledPayment is what one case is paid on one day by a solution that was accepted.
type ScheduledPayment struct {
	DueOn  norway.Date
	Case   debt.Key
	Amount money.Øre // with the fee
	Fee    money.Øre // of the agreement
}

// File is one that the person has sent to an agency. What is in it comes by Receipt.files and its siblings.
type File struct {
	With      ActName
	SentAt    time.Time
	Case      debt.Key
	MediaType string
	Bytes     int
}

// Budget is what the person has said of their household; amounts are of a month.
type Budget struct {
	SavedAt      time.Time
	Household    BudgetHousehold
	Income       money.Øre
	OtherIncome  money.Øre
	Housing      money.Øre
	Childcare    money.Øre
	Cars         money.Øre
	OtherPlans   money.Øre
	ChildrenAges []int
	Shared       []string // codes of the agencies that may see it
}

// Power is a power of attorney that was given in the portal, whatever agencies know about it.
// For one that the person holds, it says neither who gave it nor what it covers.
type Power struct {
	GivenAt            time.Time
	Held               bool // the person is the attorney, not the giver
	AttorneyName       string
	OrgNumber          *string // of the attorney
	MayAct             bool
	AllCases           bool     // every case at every agency
	Agencies           []string // codes of those with all cases
	Cases              []debt.Key
	ValidFrom, ValidTo norway.Date
	RevokedAt          *time.Time
	Signed             PowerOfAttorneySigning
	DocumentType       *string // nil: it was not signed on a document
	DocumentSize       *int    // bytes
}

// Access is one entry of the access log: somebody looked at what is registered.
type Access struct {
	At       time.Time
	Actor    AccessActorKind // what kind of caller
	Agency   *string         // where a member of staff works
	Ground   AccessGround
	Reason   *string // that a member of staff gave
	Action   string
	What     []string
	Agencies []string // codes of the agencies whose data it was
	Outcome  AccessOutcome
}
