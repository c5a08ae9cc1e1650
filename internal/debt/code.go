package debt

import "github.com/oversikt/oversikt/internal/text"

// Codes are the values that the contract's code columns may hold; the names are
// those of the GraphQL enums. A value that is not listed is read as Other.
//
// A constant and its comment are all that a new value takes here: the lists (codes_gen.go), the
// contract's page and the scanners follow from it.

// CaseStatus says whether money is still demanded.
//
//oversikt:codes
type CaseStatus string

// Whether a case is open.
const (
	Open   CaseStatus = "OPEN"   // money is still demanded (åpen)
	Closed CaseStatus = "CLOSED" // nothing is demanded any more: paid, withdrawn, time-barred (avsluttet)
)

// Phase says how far collection has come.
//
//oversikt:codes
type Phase string

// The phases in the order in which a case passes them.
const (
	PhaseReminder          Phase = "REMINDER"           // the creditor's reminder (purring)
	PhaseCollectionWarning Phase = "COLLECTION_WARNING" // collection warning (inkassovarsel)
	PhasePaymentDemand     Phase = "PAYMENT_DEMAND"     // payment demand (betalingsoppfordring)
	PhaseLightFee          Phase = "LIGHT_FEE"          // light collection fee has accrued (lett salær)
	PhaseHeavyFee          Phase = "HEAVY_FEE"          // heavy collection fee has accrued (tungt salær)
	// before the conciliation board, a court or the enforcement officer (rettslig)
	PhaseLegal      Phase = "LEGAL"
	PhaseMonitoring Phase = "MONITORING" // long-term monitoring (overvåk)
	PhaseClosed     Phase = "CLOSED"     // closed (avsluttet)
	PhaseOther      Phase = "OTHER"      // any other
)

// LegalStep is the latest outcome before a court or the enforcement officer.
//
//oversikt:codes
type LegalStep string

// The legal steps.
const (
	StepConciliation         LegalStep = "CONCILIATION"          // brought before the conciliation board (forliksklage)
	StepJudgment             LegalStep = "JUDGMENT"              // judgment or settlement in court (dom, rettsforlik)
	StepEnforcementRequested LegalStep = "ENFORCEMENT_REQUESTED" // enforcement requested (begjæring om utlegg)
	StepAttachment           LegalStep = "ATTACHMENT"            // attachment held (utlegg)
	StepWageDeduction        LegalStep = "WAGE_DEDUCTION"        // deduction from wage or benefit (utleggstrekk)
	StepLien                 LegalStep = "LIEN"                  // execution lien (utleggspant)
	StepNothingToAttach      LegalStep = "NOTHING_TO_ATTACH"     // nothing to attach (intet til utlegg)
	StepForcedSale           LegalStep = "FORCED_SALE"           // forced sale (tvangssalg)
	StepOther                LegalStep = "OTHER"                 // any other
)

// HoldKind says why collection is on hold.
//
//oversikt:codes
type HoldKind string

// The holds.
const (
	HoldDisputed       HoldKind = "DISPUTED"        // the debtor objects (innsigelse)
	HoldDeferred       HoldKind = "DEFERRED"        // deferral granted (betalingsutsettelse)
	HoldAgreement      HoldKind = "AGREEMENT"       // an agreement runs (avdragsordning, forlik)
	HoldDeath          HoldKind = "DEATH"           // the debtor is dead (dødsbo)
	HoldDebtSettlement HoldKind = "DEBT_SETTLEMENT" // debt settlement under the act (gjeldsordning)
	HoldOther          HoldKind = "OTHER"           // any other
)

// CostKind says what a fee or a coming cost is for.
//
//oversikt:codes
type CostKind string

// The kinds of cost. Court, enforcement and writing fees are legal costs, the rest are fees. Standard
// compensation is set off against collection costs.
const (
	CostReminder          CostKind = "REMINDER"           // reminder fee (purregebyr)
	CostCollectionWarning CostKind = "COLLECTION_WARNING" // fee of a collection warning (inkassovarsel)
	// fee of the creditor's own payment demand (betalingsoppfordring)
	CostPaymentDemand  CostKind = "PAYMENT_DEMAND"
	CostLightFee       CostKind = "LIGHT_FEE"           // light collection fee (lett salær)
	CostHeavyFee       CostKind = "HEAVY_FEE"           // what the heavy fee adds to the light one (tungt salær)
	CostInstalment     CostKind = "INSTALMENT_FEE"      // fee of one instalment (termingebyr)
	CostAgreementSetup CostKind = "AGREEMENT_SETUP_FEE" // fee of setting up an agreement (avdragssalær)
	CostDeferral       CostKind = "DEFERRAL_FEE"        // fee of a deferral (utsettelsesgebyr)
	CostCourt          CostKind = "COURT_FEE"           // court or conciliation fee, a legal cost (rettsgebyr)
	CostEnforcement    CostKind = "ENFORCEMENT_FEE"     // enforcement fee, a legal cost (utleggsgebyr)
	CostWriting        CostKind = "WRITING_FEE"         // writing fee, a legal cost (skrivesalær)
	// 40 euro from a business, set off against collection costs and never added (standardkompensasjon)
	CostCompensation CostKind = "STANDARD_COMPENSATION"
	CostOther        CostKind = "OTHER" // any other; counts as a fee, not as a legal cost
)

// Legal says whether the cost is one of the courts or of enforcement.
func (k CostKind) Legal() bool {
	return k == CostCourt || k == CostEnforcement || k == CostWriting
}

// LetterKind says what a letter is.
//
//oversikt:codes
type LetterKind string

// The kinds of letter.
const (
	LetterInvoice           LetterKind = "INVOICE"            // invoice (faktura)
	LetterReminder          LetterKind = "REMINDER"           // reminder (purring)
	LetterCollectionWarning LetterKind = "COLLECTION_WARNING" // collection warning (inkassovarsel)
	LetterPaymentDemand     LetterKind = "PAYMENT_DEMAND"     // payment demand (betalingsoppfordring)
	LetterLegalNotice       LetterKind = "LEGAL_NOTICE"       // notice of legal action (varsel om rettslig inndriving)
	LetterAgreement         LetterKind = "AGREEMENT"          // terms of an agreement (avtalebrev)
	LetterObjectionReply    LetterKind = "OBJECTION_REPLY"    // reply to an objection (svar på innsigelse)
	LetterReceipt           LetterKind = "RECEIPT"            // receipt (kvittering)
	LetterOther             LetterKind = "OTHER"              // any other
)

// LetterChannel says how a letter was sent.
//
//oversikt:codes
type LetterChannel string

// The ways of sending a letter.
const (
	ByPost        LetterChannel = "POST"     // on paper (post)
	ByEmail       LetterChannel = "EMAIL"    // e-mail (e-post)
	ByDigipost    LetterChannel = "DIGIPOST" // Digipost
	ByEFaktura    LetterChannel = "EFAKTURA" // eFaktura
	ByPortal      LetterChannel = "PORTAL"   // on the agency's own pages (Min side)
	ByOtherLetter LetterChannel = "OTHER"    // any other
)

// PaymentChannel says how money came.
//
//oversikt:codes
type PaymentChannel string

// The ways of paying.
const (
	PaidByBank          PaymentChannel = "BANK"           // bank transfer (bankoverføring)
	PaidByCard          PaymentChannel = "CARD"           // card (kort)
	PaidByVipps         PaymentChannel = "VIPPS"          // Vipps
	PaidByAvtaleGiro    PaymentChannel = "AVTALEGIRO"     // AvtaleGiro
	PaidByWageDeduction PaymentChannel = "WAGE_DEDUCTION" // deduction from wage or benefit (utleggstrekk)
	PaidToCreditor      PaymentChannel = "TO_CREDITOR"    // straight to the creditor (betalt til fordringshaver)
	PaidOtherwise       PaymentChannel = "OTHER"          // any other
)

// Component is a part of a balance that a payment can cover.
//
//oversikt:codes
type Component string

// The components.
const (
	Principal  Component = "PRINCIPAL"   // principal (hovedstol)
	Interest   Component = "INTEREST"    // interest (renter)
	Fees       Component = "FEES"        // fees out of court (salær og gebyr)
	LegalCosts Component = "LEGAL_COSTS" // costs of courts and enforcement (sakskostnader)
)

// AgreementKind says what was agreed.
//
//oversikt:codes
type AgreementKind string

// The kinds of agreement.
const (
	AgreementInstalments AgreementKind = "INSTALMENTS" // instalments (avdragsordning)
	AgreementSettlement  AgreementKind = "SETTLEMENT"  // settlement for less (forlik, akkord)
	AgreementOther       AgreementKind = "OTHER"       // any other
)

// AgreementStatus says how an agreement goes.
//
//oversikt:codes
type AgreementStatus string

// The states of an agreement.
const (
	AgreementProposed  AgreementStatus = "PROPOSED"  // offered, not accepted (foreslått)
	AgreementRequested AgreementStatus = "REQUESTED" // asked for, a case worker decides (søkt om)
	AgreementRefused   AgreementStatus = "REFUSED"   // asked for and refused (avslått)
	AgreementActive    AgreementStatus = "ACTIVE"    // runs (løpende)
	AgreementCompleted AgreementStatus = "COMPLETED" // kept to the end (fullført)
	AgreementBreached  AgreementStatus = "BREACHED"  // broken (misligholdt)
	AgreementCancelled AgreementStatus = "CANCELLED" // ended by either side (avsluttet)
	AgreementUnknown   AgreementStatus = "OTHER"     // any other
)

// ObjectionStatus says what became of an objection.
//
//oversikt:codes
type ObjectionStatus string

// The states of an objection.
const (
	ObjectionReceived     ObjectionStatus = "RECEIVED"      // received (mottatt)
	ObjectionUnderReview  ObjectionStatus = "UNDER_REVIEW"  // under review (under behandling)
	ObjectionUpheld       ObjectionStatus = "UPHELD"        // upheld (medhold)
	ObjectionPartlyUpheld ObjectionStatus = "PARTLY_UPHELD" // upheld in part (delvis medhold)
	ObjectionRejected     ObjectionStatus = "REJECTED"      // rejected (avvist)
	ObjectionToBoard      ObjectionStatus = "TO_BOARD"      // the conciliation board decides (sendt forliksrådet)
	ObjectionWithdrawn    ObjectionStatus = "WITHDRAWN"     // withdrawn (trukket)
	ObjectionUnknown      ObjectionStatus = "OTHER"         // any other
)

// ObjectionReason says why a debtor objects.
//
//oversikt:codes
type ObjectionReason string

// The reasons a debtor can choose from; several may hold.
const (
	ReasonNotMine     ObjectionReason = "NOT_MY_DEBT"  // not my debt (ikke mitt krav)
	ReasonPaid        ObjectionReason = "ALREADY_PAID" // already paid (allerede betalt)
	ReasonWrongAmount ObjectionReason = "WRONG_AMOUNT" // wrong amount (feil beløp)
	ReasonNotReceived ObjectionReason = "NOT_RECEIVED" // goods or service not received (ikke levert)
	ReasonDefect      ObjectionReason = "DEFECT"       // defect (mangel)
	ReasonCancelled   ObjectionReason = "CANCELLED"    // cancelled before (angret, sagt opp)
	ReasonNoInvoice   ObjectionReason = "NO_INVOICE"   // no invoice came (ikke mottatt faktura)
	ReasonFraud       ObjectionReason = "FRAUD"        // identity misused (svindel)
	ReasonTimeBarred  ObjectionReason = "TIME_BARRED"  // time-barred (foreldet)
	ReasonOther       ObjectionReason = "OTHER"        // any other
)

// Sender says which side wrote a message.
//
//oversikt:codes
type Sender string

// The senders.
const (
	SentByDebtor Sender = "DEBTOR" // the debtor or who acts for the debtor (skyldner)
	SentByAgency Sender = "AGENCY" // the agency (inkassoforetaket)
)

// RequestKind says what a debtor asks for.
//
//oversikt:codes
type RequestKind string

// The kinds of request.
const (
	RequestDeferral    RequestKind = "DEFERRAL"     // more time to pay (betalingsutsettelse)
	RequestInformation RequestKind = "INFORMATION"  // documents or figures of the case (innsyn)
	RequestInvoiceCopy RequestKind = "INVOICE_COPY" // a copy of the creditor's invoice (fakturakopi)
	RequestOther       RequestKind = "OTHER"        // any other
)

// DeferralStatus says what an agency has decided on a deferral.
//
//oversikt:codes
type DeferralStatus string

// The states of a deferral.
const (
	DeferralRequested DeferralStatus = "REQUESTED" // a case worker decides (til behandling)
	DeferralGranted   DeferralStatus = "GRANTED"   // granted (innvilget)
	DeferralRefused   DeferralStatus = "REFUSED"   // refused (avslått)
	DeferralUnknown   DeferralStatus = "OTHER"     // any other
)

// DifficultyKind says what an agency is to know of a person's situation.
//
//oversikt:codes
type DifficultyKind string

// The kinds of difficulty.
const (
	DifficultyIllness     DifficultyKind = "ILLNESS"     // serious illness (alvorlig sykdom)
	DifficultyInstitution DifficultyKind = "INSTITUTION" // stay in hospital, care, prison or the like (institusjon)
	DifficultyInterpreter DifficultyKind = "INTERPRETER" // needs an interpreter (tolk)
	DifficultyPayment     DifficultyKind = "PAYMENT"     // special difficulty to pay (særlige betalingsvansker)
	DifficultyOther       DifficultyKind = "OTHER"       // any other
)

// ContactChannel says how a person wants to be contacted.
//
//oversikt:codes
type ContactChannel string

// The ways to contact a person.
const (
	ContactByPhone  ContactChannel = "PHONE"  // by telephone (telefon)
	ContactBySMS    ContactChannel = "SMS"    // by text message (SMS)
	ContactByEmail  ContactChannel = "EMAIL"  // by e-mail (e-post)
	ContactByLetter ContactChannel = "LETTER" // by letter (brev)
	ContactByOther  ContactChannel = "OTHER"  // any other
)

// ComplaintStatus says how an agency has answered a complaint about it.
//
//oversikt:codes
type ComplaintStatus string

// The states of a complaint.
const (
	ComplaintReceived     ComplaintStatus = "RECEIVED"      // not answered (mottatt)
	ComplaintUpheld       ComplaintStatus = "UPHELD"        // the debtor was right (medhold)
	ComplaintPartlyUpheld ComplaintStatus = "PARTLY_UPHELD" // the debtor was right in part (delvis medhold)
	ComplaintRejected     ComplaintStatus = "REJECTED"      // the agency does not agree (avvist)
	ComplaintUnknown      ComplaintStatus = "OTHER"         // any other
)

// ComplaintOutcome is how a case worker answers a complaint.
//
//oversikt:codes
type ComplaintOutcome string

// The outcomes of a complaint.
const (
	AnswerUphold ComplaintOutcome = "UPHELD"        // the debtor was right (medhold)
	AnswerPartly ComplaintOutcome = "PARTLY_UPHELD" // the debtor was right in part (delvis medhold)
	AnswerReject ComplaintOutcome = "REJECTED"      // the agency does not agree (avvist)
)

// ComplaintCategory says what a debtor complains about: what good practice (god inkassoskikk,
// inkassoloven § 8) and the rules beside it ask of an agency.
//
//oversikt:codes
type ComplaintCategory string

// The categories of complaint.
const (
	// undue pressure, harm or inconvenience (urimelig påtrykk, skade eller ulempe, inkassoloven § 8)
	ComplaintPressure ComplaintCategory = "PRESSURE"
	// collected although disputed (inndriving av omtvistet krav, inkassoloven §§ 8, 17)
	ComplaintDisputed ComplaintCategory = "DISPUTED_CLAIM"
	// no warning or demand, or a faulty one (mangelfull varsling, inkassoloven §§ 9, 10)
	ComplaintWarning ComplaintCategory = "WARNING"
	// costs too high or not due (for høye kostnader, inkassoloven § 17)
	ComplaintCosts ComplaintCategory = "COSTS"
	// claims of one creditor not collected as one (manglende sammenslåing, inkassoloven §§ 8, 17)
	ComplaintNotMerged ComplaintCategory = "NOT_MERGED"
	// wrong or misleading information (uriktig eller villedende opplysning, inkassoloven § 8)
	ComplaintInformation ComplaintCategory = "INFORMATION"
	// secrecy not kept (brudd på taushetsplikt, inkassoloven § 28)
	ComplaintSecrecy ComplaintCategory = "SECRECY"
	// no answer, or a slow one (manglende svar, inkassoloven § 8)
	ComplaintNoAnswer ComplaintCategory = "NO_ANSWER"
	ComplaintOther    ComplaintCategory = "OTHER" // any other
)

// QueueKind says what waits for a case worker.
//
//oversikt:codes
type QueueKind string

// The kinds of what waits.
const (
	QueueDeferral  QueueKind = "DEFERRAL"  // more time to pay: subject_id is deferral.deferral_id (betalingsutsettelse)
	QueueObjection QueueKind = "OBJECTION" // an objection: subject_id is objection.objection_id (innsigelse)
	QueueComplaint QueueKind = "COMPLAINT" // a complaint: subject_id is complaint.complaint_id (klage)
	QueueReceipt   QueueKind = "RECEIPT"   // proof of a payment: subject_id is receipt.receipt_id (kvittering)

	// an order of a copy of the invoice: subject_id is request.request_id (bestilling av fakturakopi)
	QueueInvoiceCopy QueueKind = "INVOICE_COPY"
	// an instalment plan that was applied for: subject_id is agreement.agreement_id (nedbetalingsavtale)
	QueuePlan QueueKind = "INSTALMENT_PLAN"
	// a case that is claimed: subject_id is case_link.case_link_id, and there is no case_id (sak som skal kobles)
	QueueLink  QueueKind = "LINK_CASE"
	QueueOther QueueKind = "OTHER" // any other
)

// CaseLinkStatus is what became of a claim of a case.
//
//oversikt:codes
type CaseLinkStatus string

// The states of a claim of a case.
const (
	LinkRequested CaseLinkStatus = "REQUESTED" // a case worker decides, if anything is to come of it (til behandling)
	LinkGranted   CaseLinkStatus = "GRANTED"   // the case is theirs (koblet)
	LinkRefused   CaseLinkStatus = "REFUSED"   // refused (avslått)
	LinkUnknown   CaseLinkStatus = "OTHER"     // any other
)

// Decision is what a case worker decides on what was asked for.
//
//oversikt:codes
type Decision string

// The decisions.
const (
	Grant  Decision = "GRANT"  // it is granted (innvilget)
	Refuse Decision = "REFUSE" // it is refused (avslått)
)

// CopyOutcome is how a case worker answers an order of a copy of the invoice.
//
//oversikt:codes
type CopyOutcome string

// The outcomes of an order.
const (
	CopySent       CopyOutcome = "SENT"        // it was sent (sendt)
	CopyNoneExists CopyOutcome = "NONE_EXISTS" // nobody has a copy (finnes ikke)
)

// ObjectionDecision is what a case worker decides on an objection.
//
//oversikt:codes
type ObjectionDecision string

// The decisions on an objection. The objection has the same state afterwards.
const (
	Uphold  ObjectionDecision = "UPHELD"        // the debtor is right, and the case is closed (medhold)
	InPart  ObjectionDecision = "PARTLY_UPHELD" // the claim is reduced, and the rest is collected (delvis medhold)
	Reject  ObjectionDecision = "REJECTED"      // the claim stands, and is collected (avvist)
	ToBoard ObjectionDecision = "TO_BOARD"      // the conciliation board decides (forliksrådet)
)

// RequestStatus says what became of a request.
//
//oversikt:codes
type RequestStatus string

// The states of a request.
const (
	RequestReceived  RequestStatus = "RECEIVED"  // received (mottatt)
	RequestGranted   RequestStatus = "GRANTED"   // granted (innvilget)
	RequestRejected  RequestStatus = "REJECTED"  // rejected (avslått)
	RequestWithdrawn RequestStatus = "WITHDRAWN" // withdrawn (trukket)
	RequestUnknown   RequestStatus = "OTHER"     // any other
)

// DebtorKind says whether a debtor is a person or a business.
//
//oversikt:codes
type DebtorKind string

// The kinds of debtor.
const (
	DebtorPerson   DebtorKind = "PERSON"   // a person (privatperson)
	DebtorBusiness DebtorKind = "BUSINESS" // a business (næringsdrivende)
)

// Trade is a creditor's line of business.
//
//oversikt:codes
type Trade string

// The usual trades.
const (
	TradeBank        Trade = "BANK"        // bank and finance (bank)
	TradeElectricity Trade = "ELECTRICITY" // electricity and grid (strøm, nettleie)
	TradeHealth      Trade = "HEALTH"      // health (helse)
	TradeInsurance   Trade = "INSURANCE"   // insurance (forsikring)
	TradeMunicipal   Trade = "MUNICIPAL"   // municipal charges (kommunale avgifter)
	TradeParking     Trade = "PARKING"     // parking (parkering)
	TradeRetail      Trade = "RETAIL"      // retail and mail order (varehandel)
	TradeTelecom     Trade = "TELECOM"     // telephone and broadband (tele, bredbånd)
	TradeTransport   Trade = "TRANSPORT"   // transport and toll (transport, bom)
	TradeRent        Trade = "RENT"        // rent (husleie)
	TradeFitness     Trade = "FITNESS"     // fitness (treningssenter)
	TradeOther       Trade = "OTHER"       // any other
)

// Imputation is the order in which an undirected payment is set off.
//
//oversikt:codes
type Imputation string

// The orders of imputation: agencies' custom, and principal first.
const (
	// costs, then interest, then principal: the custom (omkostninger, renter, hovedstol)
	CostsFirst Imputation = "COSTS_INTEREST_PRINCIPAL"
	// principal, then interest, then costs (hovedstol, renter, omkostninger)
	PrincipalFirst Imputation = "PRINCIPAL_INTEREST_COSTS"
)

// Language is a written language of Norway or English.
type Language = text.Language

// The languages that texts come in.
const (
	Bokmal  = text.NB
	Nynorsk = text.NN
	English = text.EN
)

// Languages are the languages that texts come in.
var Languages = text.Languages()

// Meaning returns what a value of a code means, in the words of the contract's page: the comment
// of its constant, with the Norwegian term in brackets. It is empty for a value that is none.
func Meaning[T ~string](value T) string { return meanings[value] }

// RateLatePayment is the kind of rate that late-payment interest runs at.
const RateLatePayment = "LATE_PAYMENT"
