package personaldata

import "github.com/oversikt/oversikt/internal/debt"

type agencyData struct {
	Debtors          []debtor          `json:"debtors"`
	Cases            []caseData        `json:"cases"`
	Agreements       []agreement       `json:"agreements"`
	Messages         []message         `json:"messages"`
	PowersOfAttorney []powerOfAttorney `json:"powersOfAttorney"`
	Difficulties     []difficulty      `json:"difficulties"`
	CaseLinks        []caseLink        `json:"caseLinks"`
}

type caseLink struct {
	RequestedAt instant             `json:"requestedAt"`
	CaseNumber  string              `json:"caseNumber"`
	Statement   *string             `json:"statement"`
	Status      debt.CaseLinkStatus `json:"status"`
	DecidedOn   day                 `json:"decidedOn"`
	Reply       *string             `json:"reply"`
}

type difficulty struct {
	Kinds               []debt.DifficultyKind `json:"kinds"`
	InterpreterLanguage *string               `json:"interpreterLanguage"`
	Statement           *string               `json:"statement"`
	ContactChannel      *debt.ContactChannel  `json:"contactChannel"`
	ContactFrom         *int                  `json:"contactFrom"`
	ContactUntil        *int                  `json:"contactUntil"`
	DeclaredAt          instant               `json:"declaredAt"`
	Until               day                   `json:"until"`
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
	Items             []claimItem     `json:"items"`
	Holds             []hold          `json:"holds"`
	ScheduledCosts    []scheduledCost `json:"scheduledCosts"`
	Fees              []fee           `json:"fees"`
	Payments          []payment       `json:"payments"`
	Letters           []letter        `json:"letters"`
	Documents         []documentData  `json:"documents"`
	Objections        []objection     `json:"objections"`
	Deferrals         []deferral      `json:"deferrals"`
	Receipts          []receiptData   `json:"receipts"`
	Complaints        []complaint     `json:"complaints"`
	Requests          []request       `json:"requests"`
}

type claimItem struct {
	Number          int      `json:"number"`
	InvoiceNumber   *string  `json:"invoiceNumber"`
	IssuedOn        day      `json:"issuedOn"`
	DueOn           day      `json:"dueOn"`
	Amount          amount   `json:"amount"`
	InterestFrom    day      `json:"interestFrom"`
	ContractualRate *percent `json:"contractualRate"`
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
	Disputed    *amount                `json:"disputedAmount"`
	Contact     *bool                  `json:"contactWithCreditor"`
	DecidedOn   day                    `json:"decidedOn"`
	Reply       *string                `json:"reply"`
	Standpoint  *string                `json:"creditorStandpoint"`
	WithdrawnOn day                    `json:"withdrawnOn"`
}

type deferral struct {
	RequestedAt instant             `json:"requestedAt"`
	Status      debt.DeferralStatus `json:"status"`
	Until       day                 `json:"until"`
	Reason      *string             `json:"reason"`
	CostBefore  *amount             `json:"costBefore"`
	CostAfter   *amount             `json:"costAfter"`
	DecidedOn   day                 `json:"decidedOn"`
	Reply       *string             `json:"reply"`
}

type receiptData struct {
	SubmittedAt instant            `json:"submittedAt"`
	Kind        debt.ReceiptKind   `json:"kind"`
	PaidOn      day                `json:"paidOn"`
	Amount      amount             `json:"amount"`
	Statement   *string            `json:"statement"`
	Status      debt.ReceiptStatus `json:"status"`
	DecidedOn   day                `json:"decidedOn"`
	Reply       *string            `json:"reply"`
}

type complaint struct {
	SubmittedAt instant                  `json:"submittedAt"`
	Status      debt.ComplaintStatus     `json:"status"`
	Categories  []debt.ComplaintCategory `json:"reasons"`
	Statement   *string                  `json:"statement"`
	AnswerBy    day                      `json:"answerBy"`
	AnsweredOn  day                      `json:"answeredOn"`
	Reply       *string                  `json:"reply"`
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
