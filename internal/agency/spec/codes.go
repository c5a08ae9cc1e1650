package spec

import (
	"reflect"
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

// list is of a type of package debt whose constants say themselves what they mean.
func list[T ~string](what string, values []T, unlisted string) *CodeList {
	l := &CodeList{Name: what, Type: reflect.TypeFor[T]().Name(), Unlisted: unlisted}
	for _, v := range values {
		l.Codes = append(l.Codes, name(v, debt.Meaning(v)))
	}
	return l
}

var (
	caseStatuses      = list("Case status (saksstatus)", debt.CaseStatuses, Refused)
	phases            = list("Phase (fase)", debt.Phases, asOther)
	legalSteps        = list("Legal step (rettslig steg)", debt.LegalSteps, asOther)
	holdKinds         = list("Hold (berostillelse)", debt.HoldKinds, asOther)
	costKinds         = list("Cost (kostnad)", debt.CostKinds, asOther)
	letterKinds       = list("Letter (brev)", debt.LetterKinds, asOther)
	letterChannels    = list("Way of sending (forsendelsesmåte)", debt.LetterChannels, asOther)
	paymentChannels   = list("Way of paying (betalingsmåte)", debt.PaymentChannels, asOther)
	components        = list("Component of a balance (kravelement)", debt.Components, Refused)
	agreementKinds    = list("Agreement (avtale)", debt.AgreementKinds, asOther)
	agreementStatuses = list("State of an agreement (avtalestatus)", debt.AgreementStatuses, asOther)
	objectionStatuses = list("State of an objection (innsigelsesstatus)", debt.ObjectionStatuses, asOther)
	objectionReasons  = list("Reason of an objection (innsigelsesgrunn)", debt.ObjectionReasons, asOther)
	debtorKinds       = list("Debtor (skyldner)", debt.DebtorKinds, "read as PERSON")
	trades            = list("Trade (bransje)", debt.Trades, asOther)
	imputations       = list("Order of imputation (dekningsrekkefølge)", debt.Imputations, Refused)
)

var languages = &CodeList{"Written language (målform)", "Language", []Code{
	name(debt.Bokmal, "Bokmål"),
	name(debt.Nynorsk, "Nynorsk"),
	name(debt.English, "English (engelsk)"),
}, "read as nb"}

var (
	senders         = list("Sender of a message (avsender)", debt.Senders, Refused)
	difficultyKinds = list("Difficulty (vanske)", debt.DifficultyKinds, asOther)
	contactChannels = list("Way to contact (kontaktmåte)", debt.ContactChannels, asOther)
	requestKinds    = list("Request (henvendelse)", debt.RequestKinds, asOther)
	requestStatuses = list("State of a request (henvendelsesstatus)", debt.RequestStatuses, asOther)
)

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
	"NOT_THE_POLICY":    "it is more than the policy allows (utenfor retningslinjene)",
	"INVALID_TERMS":     "the instalments cannot be read in one way, or one is on a day that has come (ugyldige vilkår)",
	"AFTER_BREACH":      "an earlier agreement was broken, and policy.plan_after_breach is false (misligholdt før)",
	"NO_AGREEMENT":      "the agreement has ended, or nothing of it is left to pay (ingen avtale)",
	"NO_SKIPS_LEFT":     "policy.plan_skips are used up (ingen utsatte avdrag igjen)",
	"ALREADY_DECIDED":   "it does not wait any more: it is decided, or was taken back (avgjort)",
	"BEFORE_COURT":      "the case is or was before the conciliation board, a court or the enforcement officer (rettslig)",
	"TOO_MUCH":          "the reduction leaves nothing of the principal that is not paid: uphold it (for mye)",
	"NOTHING_OPEN":      "no case is open in which collection runs (ingen løpende saker)",
	"OBJECTION_EXISTS":  "the case has an objection already that is not decided (innsigelse finnes)",
	"RECEIPT_EXISTS":    "the case has a receipt already that is not decided (kvittering finnes)",
	"ORDER_EXISTS":      "a copy is ordered in the case already, and the order is not answered (bestilling finnes)",
	"COMPLAINT_EXISTS":  "the case has a complaint already that is not answered (klage finnes)",
	"OBJECTION_DECIDED": "the objection is decided, or was taken back (avgjort)",
	"NO_SUCH_CASE":      "no case has the number (ingen slik sak)",
	"OTHERS_CASE":       "the case is of somebody with another number, or of a business (en annens sak)",
	"KEY_REUSED":        "the key has come with another input before (nøkkelen er brukt)",
	"OTHER":             "any other",
}

var queueKinds = list("What waits for a case worker (oppgave)", debt.QueueKinds, asOther)

var linkStatuses = list("State of a claim of a case (status for kobling)", debt.CaseLinkStatuses, asOther)

var deferralStatuses = list("State of a deferral (utsettelsesstatus)", debt.DeferralStatuses, asOther)

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
