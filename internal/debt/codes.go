package debt

// The codes of each type, for reading and for checking what an agency delivers.
var (
	CaseStatuses = []CaseStatus{Open, Closed}
	Phases       = []Phase{PhaseReminder, PhaseCollectionWarning, PhasePaymentDemand, PhaseLightFee, PhaseHeavyFee,
		PhaseLegal, PhaseMonitoring, PhaseClosed, PhaseOther}
	LegalSteps = []LegalStep{StepConciliation, StepJudgment, StepEnforcementRequested, StepAttachment,
		StepWageDeduction, StepLien, StepNothingToAttach, StepForcedSale, StepOther}
	HoldKinds = []HoldKind{HoldDisputed, HoldDeferred, HoldAgreement, HoldDeath, HoldDebtSettlement, HoldOther}
	CostKinds = []CostKind{CostReminder, CostCollectionWarning, CostPaymentDemand, CostLightFee, CostHeavyFee,
		CostInstalment, CostAgreementSetup, CostDeferral, CostCourt, CostEnforcement, CostWriting, CostOther}
	LetterKinds = []LetterKind{LetterInvoice, LetterReminder, LetterCollectionWarning, LetterPaymentDemand,
		LetterLegalNotice, LetterAgreement, LetterObjectionReply, LetterReceipt, LetterOther}
	LetterChannels  = []LetterChannel{ByPost, ByEmail, ByDigipost, ByEFaktura, ByPortal, ByOtherLetter}
	PaymentChannels = []PaymentChannel{PaidByBank, PaidByCard, PaidByVipps, PaidByAvtaleGiro, PaidByWageDeduction,
		PaidToCreditor, PaidOtherwise}
	Components        = []Component{Principal, Interest, Fees, LegalCosts}
	AgreementKinds    = []AgreementKind{AgreementInstalments, AgreementSettlement, AgreementOther}
	AgreementStatuses = []AgreementStatus{AgreementProposed, AgreementActive, AgreementCompleted, AgreementBreached,
		AgreementCancelled, AgreementUnknown}
	ObjectionStatuses = []ObjectionStatus{ObjectionReceived, ObjectionUnderReview, ObjectionUpheld, ObjectionPartlyUpheld,
		ObjectionRejected, ObjectionWithdrawn, ObjectionUnknown}
	ObjectionReasons = []ObjectionReason{ReasonNotMine, ReasonPaid, ReasonWrongAmount, ReasonNotReceived, ReasonDefect,
		ReasonCancelled, ReasonNoInvoice, ReasonFraud, ReasonTimeBarred, ReasonOther}
	Senders          = []Sender{SentByDebtor, SentByAgency}
	RequestKinds     = []RequestKind{RequestDeferral, RequestInformation, RequestOther}
	RequestStatuses  = []RequestStatus{RequestReceived, RequestGranted, RequestRejected, RequestWithdrawn, RequestUnknown}
	DeferralStatuses = []DeferralStatus{DeferralRequested, DeferralGranted, DeferralRefused, DeferralUnknown}
	DebtorKinds      = []DebtorKind{DebtorPerson, DebtorBusiness}
	Trades           = []Trade{TradeBank, TradeElectricity, TradeHealth, TradeInsurance, TradeMunicipal, TradeParking,
		TradeRetail, TradeTelecom, TradeTransport, TradeRent, TradeFitness, TradeOther}
	Imputations = []Imputation{CostsFirst, PrincipalFirst}
	Languages   = []Language{Bokmal, Nynorsk, English}
)
