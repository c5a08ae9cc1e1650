package spec

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
)

const (
	asOther = "read as OTHER"
	// Refused is what becomes of a value that is not listed where it would matter.
	Refused = "refused: the read fails and the agency's data is left out of the answer"
	undone  = "refused: the act fails, and what it did is rolled back"
)

func name[T ~string](value T, meaning string) Code { return Code{string(value), meaning} }

var caseStatuses = &CodeList{"Case status (saksstatus)", "CaseStatus", []Code{
	name(debt.Open, "money is still demanded (åpen)"),
	name(debt.Closed, "nothing is demanded any more: paid, withdrawn, time-barred (avsluttet)"),
}, Refused}

var phases = &CodeList{"Phase (fase)", "Phase", []Code{
	name(debt.PhaseReminder, "the creditor's reminder (purring)"),
	name(debt.PhaseCollectionWarning, "collection warning (inkassovarsel)"),
	name(debt.PhasePaymentDemand, "payment demand (betalingsoppfordring)"),
	name(debt.PhaseLightFee, "light collection fee has accrued (lett salær)"),
	name(debt.PhaseHeavyFee, "heavy collection fee has accrued (tungt salær)"),
	name(debt.PhaseLegal, "before the conciliation board, a court or the enforcement officer (rettslig)"),
	name(debt.PhaseMonitoring, "long-term monitoring (overvåk)"),
	name(debt.PhaseClosed, "closed (avsluttet)"),
	name(debt.PhaseOther, "any other"),
}, asOther}

var legalSteps = &CodeList{"Legal step (rettslig steg)", "LegalStep", []Code{
	name(debt.StepConciliation, "brought before the conciliation board (forliksklage)"),
	name(debt.StepJudgment, "judgment or settlement in court (dom, rettsforlik)"),
	name(debt.StepEnforcementRequested, "enforcement requested (begjæring om utlegg)"),
	name(debt.StepAttachment, "attachment held (utlegg)"),
	name(debt.StepWageDeduction, "deduction from wage or benefit (utleggstrekk)"),
	name(debt.StepLien, "execution lien (utleggspant)"),
	name(debt.StepNothingToAttach, "nothing to attach (intet til utlegg)"),
	name(debt.StepForcedSale, "forced sale (tvangssalg)"),
	name(debt.StepOther, "any other"),
}, asOther}

var holdKinds = &CodeList{"Hold (berostillelse)", "HoldKind", []Code{
	name(debt.HoldDisputed, "the debtor objects (innsigelse)"),
	name(debt.HoldDeferred, "deferral granted (betalingsutsettelse)"),
	name(debt.HoldAgreement, "an agreement runs (avdragsordning, forlik)"),
	name(debt.HoldDeath, "the debtor is dead (dødsbo)"),
	name(debt.HoldDebtSettlement, "debt settlement under the act (gjeldsordning)"),
	name(debt.HoldOther, "any other"),
}, asOther}

var costKinds = &CodeList{"Cost (kostnad)", "CostKind", []Code{
	name(debt.CostReminder, "reminder fee (purregebyr)"),
	name(debt.CostCollectionWarning, "fee of a collection warning (inkassovarsel)"),
	name(debt.CostPaymentDemand, "fee of the creditor's own payment demand (betalingsoppfordring)"),
	name(debt.CostLightFee, "light collection fee (lett salær)"),
	name(debt.CostHeavyFee, "what the heavy fee adds to the light one (tungt salær)"),
	name(debt.CostInstalment, "fee of one instalment (termingebyr)"),
	name(debt.CostAgreementSetup, "fee of setting up an agreement (avdragssalær)"),
	name(debt.CostDeferral, "fee of a deferral (utsettelsesgebyr)"),
	name(debt.CostCourt, "court or conciliation fee, a legal cost (rettsgebyr)"),
	name(debt.CostEnforcement, "enforcement fee, a legal cost (utleggsgebyr)"),
	name(debt.CostWriting, "writing fee, a legal cost (skrivesalær)"),
	name(debt.CostOther, "any other; counts as a fee, not as a legal cost"),
}, asOther}

var letterKinds = &CodeList{"Letter (brev)", "LetterKind", []Code{
	name(debt.LetterInvoice, "invoice (faktura)"),
	name(debt.LetterReminder, "reminder (purring)"),
	name(debt.LetterCollectionWarning, "collection warning (inkassovarsel)"),
	name(debt.LetterPaymentDemand, "payment demand (betalingsoppfordring)"),
	name(debt.LetterLegalNotice, "notice of legal action (varsel om rettslig inndriving)"),
	name(debt.LetterAgreement, "terms of an agreement (avtalebrev)"),
	name(debt.LetterObjectionReply, "reply to an objection (svar på innsigelse)"),
	name(debt.LetterReceipt, "receipt (kvittering)"),
	name(debt.LetterOther, "any other"),
}, asOther}

var letterChannels = &CodeList{"Way of sending (forsendelsesmåte)", "LetterChannel", []Code{
	name(debt.ByPost, "on paper (post)"),
	name(debt.ByEmail, "e-mail (e-post)"),
	name(debt.ByDigipost, "Digipost"),
	name(debt.ByEFaktura, "eFaktura"),
	name(debt.ByPortal, "on the agency's own pages (Min side)"),
	name(debt.ByOtherLetter, "any other"),
}, asOther}

var paymentChannels = &CodeList{"Way of paying (betalingsmåte)", "PaymentChannel", []Code{
	name(debt.PaidByBank, "bank transfer (bankoverføring)"),
	name(debt.PaidByCard, "card (kort)"),
	name(debt.PaidByVipps, "Vipps"),
	name(debt.PaidByAvtaleGiro, "AvtaleGiro"),
	name(debt.PaidByWageDeduction, "deduction from wage or benefit (utleggstrekk)"),
	name(debt.PaidToCreditor, "straight to the creditor (betalt til fordringshaver)"),
	name(debt.PaidOtherwise, "any other"),
}, asOther}

var components = &CodeList{"Component of a balance (kravelement)", "Component", []Code{
	name(debt.Principal, "principal (hovedstol)"),
	name(debt.Interest, "interest (renter)"),
	name(debt.Fees, "fees out of court (salær og gebyr)"),
	name(debt.LegalCosts, "costs of courts and enforcement (sakskostnader)"),
}, Refused}

var agreementKinds = &CodeList{"Agreement (avtale)", "AgreementKind", []Code{
	name(debt.AgreementInstalments, "instalments (avdragsordning)"),
	name(debt.AgreementSettlement, "settlement for less (forlik, akkord)"),
	name(debt.AgreementOther, "any other"),
}, asOther}

var agreementStatuses = &CodeList{"State of an agreement (avtalestatus)", "AgreementStatus", []Code{
	name(debt.AgreementProposed, "offered, not accepted (foreslått)"),
	name(debt.AgreementActive, "runs (løpende)"),
	name(debt.AgreementCompleted, "kept to the end (fullført)"),
	name(debt.AgreementBreached, "broken (misligholdt)"),
	name(debt.AgreementCancelled, "ended by either side (avsluttet)"),
	name(debt.AgreementUnknown, "any other"),
}, asOther}

var objectionStatuses = &CodeList{"State of an objection (innsigelsesstatus)", "ObjectionStatus", []Code{
	name(debt.ObjectionReceived, "received (mottatt)"),
	name(debt.ObjectionUnderReview, "under review (under behandling)"),
	name(debt.ObjectionUpheld, "upheld (medhold)"),
	name(debt.ObjectionPartlyUpheld, "upheld in part (delvis medhold)"),
	name(debt.ObjectionRejected, "rejected (avvist)"),
	name(debt.ObjectionWithdrawn, "withdrawn (trukket)"),
	name(debt.ObjectionUnknown, "any other"),
}, asOther}

var objectionReasons = &CodeList{"Reason of an objection (innsigelsesgrunn)", "ObjectionReason", []Code{
	name(debt.ReasonNotMine, "not my debt (ikke mitt krav)"),
	name(debt.ReasonPaid, "already paid (allerede betalt)"),
	name(debt.ReasonWrongAmount, "wrong amount (feil beløp)"),
	name(debt.ReasonNotReceived, "goods or service not received (ikke levert)"),
	name(debt.ReasonDefect, "defect (mangel)"),
	name(debt.ReasonCancelled, "cancelled before (angret, sagt opp)"),
	name(debt.ReasonNoInvoice, "no invoice came (ikke mottatt faktura)"),
	name(debt.ReasonFraud, "identity misused (svindel)"),
	name(debt.ReasonTimeBarred, "time-barred (foreldet)"),
	name(debt.ReasonOther, "any other"),
}, asOther}

var debtorKinds = &CodeList{"Debtor (skyldner)", "DebtorKind", []Code{
	name(debt.DebtorPerson, "a person (privatperson)"),
	name(debt.DebtorBusiness, "a business (næringsdrivende)"),
}, "read as PERSON"}

var trades = &CodeList{"Trade (bransje)", "Trade", []Code{
	name(debt.TradeBank, "bank and finance (bank)"),
	name(debt.TradeElectricity, "electricity and grid (strøm, nettleie)"),
	name(debt.TradeHealth, "health (helse)"),
	name(debt.TradeInsurance, "insurance (forsikring)"),
	name(debt.TradeMunicipal, "municipal charges (kommunale avgifter)"),
	name(debt.TradeParking, "parking (parkering)"),
	name(debt.TradeRetail, "retail and mail order (varehandel)"),
	name(debt.TradeTelecom, "telephone and broadband (tele, bredbånd)"),
	name(debt.TradeTransport, "transport and toll (transport, bom)"),
	name(debt.TradeRent, "rent (husleie)"),
	name(debt.TradeFitness, "fitness (treningssenter)"),
	name(debt.TradeOther, "any other"),
}, asOther}

var imputations = &CodeList{"Order of imputation (dekningsrekkefølge)", "Imputation", []Code{
	name(debt.CostsFirst, "costs, then interest, then principal: the custom (omkostninger, renter, hovedstol)"),
	name(debt.PrincipalFirst, "principal, then interest, then costs (hovedstol, renter, omkostninger)"),
}, Refused}

var languages = &CodeList{"Written language (målform)", "Language", []Code{
	name(debt.Bokmal, "Bokmål"),
	name(debt.Nynorsk, "Nynorsk"),
	name(debt.English, "English (engelsk)"),
}, "read as nb"}

var senders = &CodeList{"Sender of a message (avsender)", "Sender", []Code{
	name(debt.SentByDebtor, "the debtor or who acts for the debtor (skyldner)"),
	name(debt.SentByAgency, "the agency (inkassoforetaket)"),
}, Refused}

var requestKinds = &CodeList{"Request (henvendelse)", "RequestKind", []Code{
	name(debt.RequestDeferral, "more time to pay (betalingsutsettelse)"),
	name(debt.RequestInformation, "documents or figures of the case (innsyn)"),
	name(debt.RequestOther, "any other"),
}, asOther}

var requestStatuses = &CodeList{"State of a request (henvendelsesstatus)", "RequestStatus", []Code{
	name(debt.RequestReceived, "received (mottatt)"),
	name(debt.RequestGranted, "granted (innvilget)"),
	name(debt.RequestRejected, "rejected (avslått)"),
	name(debt.RequestWithdrawn, "withdrawn (trukket)"),
	name(debt.RequestUnknown, "any other"),
}, asOther}

var proposalStatuses = &CodeList{"State of a proposal (status for forslag)", "ProposalStatus", []Code{
	name(debt.ProposalProposed, "noted, and binding for you, until it is confirmed or withdrawn (foreslått)"),
	name(debt.ProposalConfirmed, "in force (bekreftet)"),
	name(debt.ProposalWithdrawn, "undone (trukket tilbake)"),
	name(debt.ProposalRefused, "refused, and nothing has been made (avslått)"),
}, undone}

var proposalReasons = &CodeList{"Reason to refuse a proposal (avslagsgrunn)", "ProposalReason", []Code{
	name(debt.RefusedInvalidTerms, "the terms contradict themselves (ugyldige vilkår)"),
	name(debt.RefusedNotFound, "a case is not this person's, or the key is unknown (finnes ikke)"),
	name(debt.RefusedCaseClosed, "a case is closed (avsluttet sak)"),
	name(debt.RefusedDisputed, "a case has an objection that is not decided (innsigelse)"),
	name(debt.RefusedAgreementExists, "a case has an agreement in force, or another solution on its way (avtale finnes)"),
	name(debt.RefusedNotThePolicy,
		"the terms do not keep your policy, or an agreement begins before case.agreement_from (utenfor retningslinjene)"),
	name(debt.RefusedWithdrawn, "it was withdrawn before it came (trukket)"),
	name(debt.RefusedKeyReused, "the key has come with another input before (nøkkelen er brukt)"),
	name(debt.RefusedOther, "any other"),
}, asOther}

var actStatuses = &CodeList{"What became of an act (resultat)", "ActStatus", []Code{
	name(debt.ActDone, "done, now or when the key first came (utført)"),
	name(debt.ActRefused, "refused, and nothing has been changed (avslått)"),
}, undone}

// reasons is the list of an act's reasons to refuse, in the order in which they apply. That a
// key has been used, and any other, can be the reason of every act.
func reasons(what string, values ...string) *CodeList {
	l := &CodeList{Name: "Reason " + what + " (avslagsgrunn)", Unlisted: asOther}
	for _, v := range append(slices.DeleteFunc(values, func(v string) bool { return v == "KEY_REUSED" }),
		"KEY_REUSED", "OTHER") {
		l.Codes = append(l.Codes, Code{v, whyRefused[v]})
	}
	return l
}

var whyRefused = map[string]string{
	"INVALID_INPUT":     "something that came along cannot be right, or does not fit (ugyldig)",
	"NOT_FOUND":         "there is nothing of that kind that is the caller's (finnes ikke)",
	"CASE_CLOSED":       "the case is closed (avsluttet sak)",
	"DISPUTED":          "the case has an objection that is not decided (innsigelse)",
	"AGREEMENT_EXISTS":  "the case has an agreement in force, or a solution on its way (avtale finnes)",
	"DEFERRAL_EXISTS":   "the case is deferred, or a deferral is asked for and not decided (utsettelse finnes)",
	"TOO_EARLY":         "the case is not in collection yet: phase REMINDER or COLLECTION_WARNING (for tidlig)",
	"NOT_THE_POLICY":    "it is longer than policy.max_deferral_days (utenfor retningslinjene)",
	"NOTHING_OPEN":      "no case is open in which collection runs (ingen løpende saker)",
	"OBJECTION_EXISTS":  "the case has an objection already that is not decided (innsigelse finnes)",
	"OBJECTION_DECIDED": "the objection is decided, or was taken back (avgjort)",
	"KEY_REUSED":        "the key has come with another input before (nøkkelen er brukt)",
	"OTHER":             "any other",
}

var deferralStatuses = &CodeList{"State of a deferral (utsettelsesstatus)", "DeferralStatus", []Code{
	name(debt.DeferralRequested, "asked for, not decided (mottatt)"),
	name(debt.DeferralGranted, "granted (innvilget)"),
	name(debt.DeferralRefused, "refused (avslått)"),
	name(debt.DeferralUnknown, "any other"),
}, asOther}

var credentialChannels = &CodeList{"Way of sending credentials (forsendelsesmåte for passord)", "CredentialChannel",
	[]Code{
		name(debt.CredentialsByLetter, "on paper, to the address that you have (brev)"),
		name(debt.CredentialsByContactPoint, "to the e-mail address or telephone that you have (kontaktpunkt)"),
	}, undone}

// CodeLists returns the lists that the contract uses, each once.
func CodeLists() []*CodeList {
	var all []Column
	for _, r := range Relations {
		all = append(all, r.Columns...)
	}
	for _, f := range Functions {
		all = append(append(all, f.Results...), Flat(slices.Concat(f.Input, f.Result))...)
	}
	var lists []*CodeList
	for _, c := range all {
		if c.Codes != nil && !slices.Contains(lists, c.Codes) {
			lists = append(lists, c.Codes)
		}
	}
	return lists
}

// Flat returns the members with those of the objects among them.
func Flat(members []Column) []Column {
	var all []Column
	for _, m := range members {
		all = append(append(all, m), Flat(m.Members)...)
	}
	return all
}
