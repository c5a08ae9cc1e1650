package personaldata

import (
	"encoding/json"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/money"
	"github.com/oversikt/oversikt/internal/norway"
)

// Format names the layout of personal-data.json. Keys may be added to it; it changes when
// one is taken away or means something else. docs/privacy.md lists them.
const Format = "oversikt-personal-data/1"

// document is personal-data.json. personal-data.pdf shows the same tree, so nothing can be
// in one and not in the other; the labels of its keys are in words.go.
type document struct {
	Format      string        `json:"format"`
	GeneratedAt instant       `json:"generatedAt"`
	Language    debt.Language `json:"language"`
	Person      person        `json:"person"`
	Complete    bool          `json:"complete"`
	Missing     []missing     `json:"missing"`
	Rights      []string      `json:"rights"`
	Sources     []source      `json:"sources"`
}

type person struct {
	Name       string `json:"name"`
	NationalID string `json:"nationalId"`
}

type missing struct {
	Kind SourceKind `json:"kind"`
	Name string     `json:"name"`
}

type source struct {
	Kind       SourceKind  `json:"kind"`
	Name       string      `json:"name"`
	Contact    *controller `json:"contact,omitempty"`
	Categories []category  `json:"categories"`
	Agency     *agencyData `json:"agency,omitempty"`
	Portal     *portalData `json:"portal,omitempty"`
}

type controller struct {
	Code          string  `json:"code"`
	OrgNumber     *string `json:"orgNumber"`
	Phone         *string `json:"phone"`
	Email         *string `json:"email"`
	Website       *string `json:"website"`
	PostalAddress *string `json:"postalAddress"`
}

type category struct {
	Code          Code         `json:"code"`
	Name          string       `json:"name"`
	Purpose       string       `json:"purpose"`
	LegalBases    []legalBasis `json:"legalBases"`
	Origin        string       `json:"origin"`
	Recipients    string       `json:"recipients"`
	Retention     string       `json:"retention"`
	RetentionDays *int         `json:"retentionDays"`
	RecordCount   int          `json:"recordCount"`
}

type legalBasis struct {
	Provision string `json:"provision"`
	Text      string `json:"text"`
}

type agencyData struct {
	Debtors          []debtor          `json:"debtors"`
	Cases            []caseData        `json:"cases"`
	Agreements       []agreement       `json:"agreements"`
	Messages         []message         `json:"messages"`
	PowersOfAttorney []powerOfAttorney `json:"powersOfAttorney"`
}

type portalData struct {
	PrivacyRequests     []privacyRequest `json:"privacyRequests"`
	Logins              []login          `json:"logins"`
	SolutionAcceptances []acceptance     `json:"solutionAcceptances"`
	PowersOfAttorney    []givenPower     `json:"powersOfAttorney"`
	AccessLog           []access         `json:"accessLog"`
}

type debtor struct {
	Kind          debt.DebtorKind `json:"kind"`
	Name          string          `json:"name"`
	OrgNumber     *string         `json:"orgNumber"`
	Email         *string         `json:"email"`
	Phone         *string         `json:"phone"`
	StreetAddress *string         `json:"streetAddress"`
	PostalCode    *string         `json:"postalCode"`
	City          *string         `json:"city"`
	Language      debt.Language   `json:"language"`
}

type caseData struct {
	CaseNumber        string          `json:"caseNumber"`
	Status            debt.CaseStatus `json:"status"`
	Phase             debt.Phase      `json:"phase"`
	LegalStep         *debt.LegalStep `json:"legalStep"`
	Description       string          `json:"description"`
	Creditor          creditor        `json:"creditor"`
	CreditorReference *string         `json:"creditorReference"`
	OpenedOn          day             `json:"openedOn"`
	DueOn             day             `json:"dueOn"`
	ClosedOn          day             `json:"closedOn"`
	OriginalPrincipal amount          `json:"originalPrincipal"`
	PriorInterest     amount          `json:"priorInterest"`
	InterestFrom      day             `json:"interestFrom"`
	ContractualRate   *percent        `json:"contractualRate"`
	AgreementFrom     day             `json:"agreementFrom"`
	KID               string          `json:"kid"`
	Account           string          `json:"account"`
	Payee             string          `json:"payee"`
	Balance           balance         `json:"balance"`
	Holds             []hold          `json:"holds"`
	ScheduledCosts    []scheduledCost `json:"scheduledCosts"`
	Fees              []fee           `json:"fees"`
	Payments          []payment       `json:"payments"`
	Letters           []letter        `json:"letters"`
	Documents         []documentData  `json:"documents"`
	Objections        []objection     `json:"objections"`
	Requests          []request       `json:"requests"`
}

type creditor struct {
	Name      string     `json:"name"`
	OrgNumber *string    `json:"orgNumber"`
	Trade     debt.Trade `json:"trade"`
}

type balance struct {
	AsOf       day    `json:"asOf"`
	Total      amount `json:"total"`
	Principal  amount `json:"principal"`
	Interest   amount `json:"interest"`
	Fees       amount `json:"costs"`
	LegalCosts amount `json:"legalCosts"`
}

type hold struct {
	Kind  debt.HoldKind `json:"kind"`
	Since day           `json:"since"`
	Until day           `json:"until"`
}

type scheduledCost struct {
	On     day           `json:"on"`
	Kind   debt.CostKind `json:"kind"`
	Amount amount        `json:"amount"`
}

type fee struct {
	Kind       debt.CostKind `json:"kind"`
	Amount     amount        `json:"amount"`
	IncurredOn day           `json:"incurredOn"`
	WaivedOn   day           `json:"waivedOn"`
	LegalBasis *string       `json:"legalBasis"`
}

type payment struct {
	ReceivedOn   day                 `json:"receivedOn"`
	Amount       amount              `json:"amount"`
	Channel      debt.PaymentChannel `json:"channel"`
	RegisteredAt instant             `json:"registeredAt"`
	Allocations  []allocation        `json:"allocations"`
}

type allocation struct {
	Component debt.Component `json:"component"`
	Amount    amount         `json:"amount"`
}

type letter struct {
	SentOn  day                `json:"sentOn"`
	Kind    debt.LetterKind    `json:"kind"`
	Title   string             `json:"title"`
	Channel debt.LetterChannel `json:"channel"`
	DueOn   day                `json:"dueOn"`
	Amount  *amount            `json:"amount"`
}

type documentData struct {
	Title     string  `json:"title"`
	MediaType string  `json:"mediaType"`
	ByteSize  int64   `json:"byteSize"`
	CreatedAt instant `json:"createdAt"`
	OfLetter  bool    `json:"ofLetter"`
}

type agreement struct {
	Kind          debt.AgreementKind   `json:"kind"`
	Status        debt.AgreementStatus `json:"status"`
	CaseNumbers   []string             `json:"caseNumbers"`
	MonthlyAmount *amount              `json:"monthlyAmount"`
	StartedOn     day                  `json:"startedOn"`
	EndedOn       day                  `json:"endedOn"`
	Instalments   []instalment         `json:"instalments"`
}

type instalment struct {
	Number int    `json:"number"`
	DueOn  day    `json:"dueOn"`
	Amount amount `json:"amount"`
	Fee    amount `json:"fee"`
	PaidOn day    `json:"paidOn"`
}

type objection struct {
	SubmittedAt instant                `json:"submittedAt"`
	Status      debt.ObjectionStatus   `json:"status"`
	Reasons     []debt.ObjectionReason `json:"reasons"`
	Statement   *string                `json:"statement"`
	DecidedOn   day                    `json:"decidedOn"`
	Reply       *string                `json:"reply"`
}

type request struct {
	RequestedAt instant            `json:"requestedAt"`
	Kind        debt.RequestKind   `json:"kind"`
	Status      debt.RequestStatus `json:"status"`
	Until       day                `json:"until"`
	DecidedOn   day                `json:"decidedOn"`
	Reply       *string            `json:"reply"`
}

type message struct {
	SentAt     instant     `json:"sentAt"`
	Sender     debt.Sender `json:"sender"`
	CaseNumber *string     `json:"caseNumber"`
	Subject    *string     `json:"subject"`
	Body       string      `json:"body"`
	ReadAt     *instant    `json:"readAt"`
}

type powerOfAttorney struct {
	Held         bool     `json:"held"`
	AttorneyName string   `json:"attorneyName"`
	OrgNumber    *string  `json:"orgNumber"`
	MayAct       bool     `json:"mayAct"`
	AllCases     bool     `json:"allCases"`
	CaseNumbers  []string `json:"caseNumbers"`
	ValidFrom    day      `json:"validFrom"`
	ValidUntil   day      `json:"validUntil"`
	RevokedAt    *instant `json:"revokedAt"`
}

type privacyRequest struct {
	SubmittedAt instant       `json:"submittedAt"`
	Kind        RequestKind   `json:"kind"`
	To          string        `json:"to"`
	Status      RequestStatus `json:"status"`
	AnswerBy    day           `json:"answerBy"`
	Text        string        `json:"text"`
	AnsweredAt  *instant      `json:"answeredAt"`
	Reply       *string       `json:"reply"`
}

type login struct {
	CreatedAt instant    `json:"createdAt"`
	Kind      PortalCode `json:"kind"`
	Assurance string     `json:"assurance"`
	SeenAt    instant    `json:"seenAt"`
	ExpiresAt instant    `json:"expiresAt"`
}

type acceptance struct {
	AcceptedAt instant    `json:"acceptedAt"`
	Status     PortalCode `json:"status"`
	Agencies   []string   `json:"agencies"`
	EndedAt    *instant   `json:"endedAt"`
	Reason     *string    `json:"reason"`
}

type givenPower struct {
	GivenAt      instant    `json:"givenAt"`
	Held         bool       `json:"held"`
	AttorneyName string     `json:"attorneyName"`
	OrgNumber    *string    `json:"orgNumber"`
	MayAct       bool       `json:"mayAct"`
	AllCases     bool       `json:"allCases"`
	Agencies     []string   `json:"agencies"`
	CaseNumbers  []string   `json:"caseNumbers"`
	ValidFrom    day        `json:"validFrom"`
	ValidUntil   day        `json:"validUntil"`
	RevokedAt    *instant   `json:"revokedAt"`
	SignedWith   PortalCode `json:"signedWith"`
	MediaType    *string    `json:"mediaType"`
	ByteSize     *int       `json:"byteSize"`
}

type access struct {
	At       instant    `json:"at"`
	Actor    PortalCode `json:"actor"`
	Agency   *string    `json:"actorAgency"`
	Ground   PortalCode `json:"ground"`
	Reason   *string    `json:"reason"`
	Action   string     `json:"action"`
	What     []string   `json:"what"`
	Agencies []string   `json:"agencies"`
	Outcome  PortalCode `json:"outcome"`
}

// day is a date in ISO 8601; no date is null.
type day norway.Date

// MarshalJSON implements [json.Marshaler].
func (d day) MarshalJSON() ([]byte, error) {
	if d == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(norway.Date(d).String())
}

// amount is kroner as a decimal string.
type amount money.Øre

// MarshalText implements [encoding.TextMarshaler].
func (a amount) MarshalText() ([]byte, error) { return money.Øre(a).AppendTo(nil), nil }

// percent is a rate a year as a decimal string.
type percent debt.BasisPoints

// MarshalText implements [encoding.TextMarshaler].
func (p percent) MarshalText() ([]byte, error) { return money.Øre(p).AppendTo(nil), nil } // hundredths, too

// instant is a point of time in UTC, to the second.
type instant time.Time

// MarshalJSON implements [json.Marshaler].
func (i instant) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Time(i).UTC().Truncate(time.Second).Format(time.RFC3339))
}
