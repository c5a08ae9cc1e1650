package debt

// Codes are the values that the contract's code columns may hold; the names are
// those of the GraphQL enums. A value that is not listed is read as Other.

// CaseStatus says whether money is still demanded.
type CaseStatus string

// Whether a case is open.
const (
	Open   CaseStatus = "OPEN"
	Closed CaseStatus = "CLOSED"
)

// Phase says how far collection has come.
type Phase string

// The phases in the order in which a case passes them.
const (
	PhaseReminder          Phase = "REMINDER"
	PhaseCollectionWarning Phase = "COLLECTION_WARNING"
	PhasePaymentDemand     Phase = "PAYMENT_DEMAND"
	PhaseLightFee          Phase = "LIGHT_FEE"
	PhaseHeavyFee          Phase = "HEAVY_FEE"
	PhaseLegal             Phase = "LEGAL"
	PhaseMonitoring        Phase = "MONITORING"
	PhaseClosed            Phase = "CLOSED"
	PhaseOther             Phase = "OTHER"
)

// LegalStep is the latest outcome before a court or the enforcement officer.
type LegalStep string

// The legal steps.
const (
	StepConciliation         LegalStep = "CONCILIATION"
	StepJudgment             LegalStep = "JUDGMENT"
	StepEnforcementRequested LegalStep = "ENFORCEMENT_REQUESTED"
	StepAttachment           LegalStep = "ATTACHMENT"
	StepWageDeduction        LegalStep = "WAGE_DEDUCTION"
	StepLien                 LegalStep = "LIEN"
	StepNothingToAttach      LegalStep = "NOTHING_TO_ATTACH"
	StepForcedSale           LegalStep = "FORCED_SALE"
	StepOther                LegalStep = "OTHER"
)

// HoldKind says why collection stands still.
type HoldKind string

// The holds.
const (
	HoldDisputed       HoldKind = "DISPUTED"
	HoldDeferred       HoldKind = "DEFERRED"
	HoldAgreement      HoldKind = "AGREEMENT"
	HoldDeath          HoldKind = "DEATH"
	HoldDebtSettlement HoldKind = "DEBT_SETTLEMENT"
	HoldOther          HoldKind = "OTHER"
)

// CostKind says what a fee or a coming cost is for.
type CostKind string

// The kinds of cost. Court, enforcement and writing fees are legal costs, the rest are fees.
const (
	CostReminder          CostKind = "REMINDER"
	CostCollectionWarning CostKind = "COLLECTION_WARNING"
	CostPaymentDemand     CostKind = "PAYMENT_DEMAND"
	CostLightFee          CostKind = "LIGHT_FEE"
	CostHeavyFee          CostKind = "HEAVY_FEE"
	CostInstalment        CostKind = "INSTALMENT_FEE"
	CostAgreementSetup    CostKind = "AGREEMENT_SETUP_FEE"
	CostDeferral          CostKind = "DEFERRAL_FEE"
	CostCourt             CostKind = "COURT_FEE"
	CostEnforcement       CostKind = "ENFORCEMENT_FEE"
	CostWriting           CostKind = "WRITING_FEE"
	CostOther             CostKind = "OTHER"
)

// Legal says whether the cost is one of the courts or of enforcement.
func (k CostKind) Legal() bool {
	return k == CostCourt || k == CostEnforcement || k == CostWriting
}

// LetterKind says what a letter is.
type LetterKind string

// The kinds of letter.
const (
	LetterInvoice           LetterKind = "INVOICE"
	LetterReminder          LetterKind = "REMINDER"
	LetterCollectionWarning LetterKind = "COLLECTION_WARNING"
	LetterPaymentDemand     LetterKind = "PAYMENT_DEMAND"
	LetterLegalNotice       LetterKind = "LEGAL_NOTICE"
	LetterAgreement         LetterKind = "AGREEMENT"
	LetterObjectionReply    LetterKind = "OBJECTION_REPLY"
	LetterReceipt           LetterKind = "RECEIPT"
	LetterOther             LetterKind = "OTHER"
)

// LetterChannel says how a letter was sent.
type LetterChannel string

// The ways of sending a letter.
const (
	ByPost        LetterChannel = "POST"
	ByEmail       LetterChannel = "EMAIL"
	ByDigipost    LetterChannel = "DIGIPOST"
	ByEFaktura    LetterChannel = "EFAKTURA"
	ByPortal      LetterChannel = "PORTAL"
	ByOtherLetter LetterChannel = "OTHER"
)

// PaymentChannel says how money came.
type PaymentChannel string

// The ways of paying.
const (
	PaidByBank          PaymentChannel = "BANK"
	PaidByCard          PaymentChannel = "CARD"
	PaidByVipps         PaymentChannel = "VIPPS"
	PaidByAvtaleGiro    PaymentChannel = "AVTALEGIRO"
	PaidByWageDeduction PaymentChannel = "WAGE_DEDUCTION"
	PaidToCreditor      PaymentChannel = "TO_CREDITOR"
	PaidOtherwise       PaymentChannel = "OTHER"
)

// Component is a part of a balance that money is imputed to.
type Component string

// The components.
const (
	Principal  Component = "PRINCIPAL"
	Interest   Component = "INTEREST"
	Fees       Component = "FEES"
	LegalCosts Component = "LEGAL_COSTS"
)

// AgreementKind says what was agreed.
type AgreementKind string

// The kinds of agreement.
const (
	AgreementInstalments AgreementKind = "INSTALMENTS"
	AgreementSettlement  AgreementKind = "SETTLEMENT"
	AgreementOther       AgreementKind = "OTHER"
)

// AgreementStatus says how an agreement goes.
type AgreementStatus string

// The states of an agreement.
const (
	AgreementProposed  AgreementStatus = "PROPOSED"
	AgreementActive    AgreementStatus = "ACTIVE"
	AgreementCompleted AgreementStatus = "COMPLETED"
	AgreementBreached  AgreementStatus = "BREACHED"
	AgreementCancelled AgreementStatus = "CANCELLED"
	AgreementUnknown   AgreementStatus = "OTHER"
)

// ObjectionStatus says what became of an objection.
type ObjectionStatus string

// The states of an objection.
const (
	ObjectionReceived     ObjectionStatus = "RECEIVED"
	ObjectionUnderReview  ObjectionStatus = "UNDER_REVIEW"
	ObjectionUpheld       ObjectionStatus = "UPHELD"
	ObjectionPartlyUpheld ObjectionStatus = "PARTLY_UPHELD"
	ObjectionRejected     ObjectionStatus = "REJECTED"
	ObjectionWithdrawn    ObjectionStatus = "WITHDRAWN"
	ObjectionUnknown      ObjectionStatus = "OTHER"
)

// ObjectionReason says why a debtor objects.
type ObjectionReason string

// The reasons a debtor can choose from; several may hold.
const (
	ReasonNotMine     ObjectionReason = "NOT_MY_DEBT"
	ReasonPaid        ObjectionReason = "ALREADY_PAID"
	ReasonWrongAmount ObjectionReason = "WRONG_AMOUNT"
	ReasonNotReceived ObjectionReason = "NOT_RECEIVED"
	ReasonDefect      ObjectionReason = "DEFECT"
	ReasonCancelled   ObjectionReason = "CANCELLED"
	ReasonNoInvoice   ObjectionReason = "NO_INVOICE"
	ReasonFraud       ObjectionReason = "FRAUD"
	ReasonTimeBarred  ObjectionReason = "TIME_BARRED"
	ReasonOther       ObjectionReason = "OTHER"
)

// Sender says which side wrote a message.
type Sender string

// The senders.
const (
	SentByDebtor Sender = "DEBTOR"
	SentByAgency Sender = "AGENCY"
)

// RequestKind says what a debtor asks for.
type RequestKind string

// The kinds of request.
const (
	RequestDeferral    RequestKind = "DEFERRAL"
	RequestInformation RequestKind = "INFORMATION"
	RequestOther       RequestKind = "OTHER"
)

// DeferralStatus says what an agency has decided on a deferral.
type DeferralStatus string

// The states of a deferral.
const (
	DeferralRequested DeferralStatus = "REQUESTED"
	DeferralGranted   DeferralStatus = "GRANTED"
	DeferralRefused   DeferralStatus = "REFUSED"
	DeferralUnknown   DeferralStatus = "OTHER"
)

// RequestStatus says what became of a request.
type RequestStatus string

// The states of a request.
const (
	RequestReceived  RequestStatus = "RECEIVED"
	RequestGranted   RequestStatus = "GRANTED"
	RequestRejected  RequestStatus = "REJECTED"
	RequestWithdrawn RequestStatus = "WITHDRAWN"
	RequestUnknown   RequestStatus = "OTHER"
)

// DebtorKind says whether a debtor is a person or a business.
type DebtorKind string

// The kinds of debtor.
const (
	DebtorPerson   DebtorKind = "PERSON"
	DebtorBusiness DebtorKind = "BUSINESS"
)

// Trade is a creditor's line of business.
type Trade string

// The usual trades.
const (
	TradeBank        Trade = "BANK"
	TradeElectricity Trade = "ELECTRICITY"
	TradeHealth      Trade = "HEALTH"
	TradeInsurance   Trade = "INSURANCE"
	TradeMunicipal   Trade = "MUNICIPAL"
	TradeParking     Trade = "PARKING"
	TradeRetail      Trade = "RETAIL"
	TradeTelecom     Trade = "TELECOM"
	TradeTransport   Trade = "TRANSPORT"
	TradeRent        Trade = "RENT"
	TradeFitness     Trade = "FITNESS"
	TradeOther       Trade = "OTHER"
)

// Imputation is the order in which an undirected payment is set off.
type Imputation string

// The orders of imputation: agencies' custom, and principal first.
const (
	CostsFirst     Imputation = "COSTS_INTEREST_PRINCIPAL"
	PrincipalFirst Imputation = "PRINCIPAL_INTEREST_COSTS"
)

// Language is a written language of Norway or English.
type Language string

// The languages that texts come in.
const (
	Bokmal  Language = "nb"
	Nynorsk Language = "nn"
	English Language = "en"
)

// RateLatePayment is the kind of rate that late-payment interest runs at.
const RateLatePayment = "LATE_PAYMENT"
