package personaldata

import "github.com/oversikt/oversikt/internal/debt"

var (
	legitimate = basis{"GDPR art. 6(1)(f)", text{
		"Berettiget interesse: fordringshaveren og inkassoforetaket kan kreve inn det som er skyldig.",
		"Rettkomen interesse: fordringshavaren og inkassoføretaket kan krevje inn det som er skuldig.",
		"Legitimate interest: the creditor and the agency may collect what is owed.",
	}}
	contract = basis{"GDPR art. 6(1)(b)", text{
		"Avtale: det som trengs for å gjennomføre en avtale med deg.",
		"Avtale: det som trengst for å gjennomføre ein avtale med deg.",
		"Contract: what is needed to carry out an agreement with you.",
	}}
	collectionLaw = basis{"GDPR art. 6(1)(c), inkassoloven", text{
		"Rettslig plikt: inkassoloven krever at kravet varsles, dokumenteres og behandles etter god inkassoskikk.",
		"Rettsleg plikt: inkassolova krev at kravet blir varsla, dokumentert og handsama etter god inkassoskikk.",
		"Legal obligation: the Debt Collection Act demands that claims are notified, documented and handled by good practice.",
	}}
	bookkeeping = basis{"GDPR art. 6(1)(c), bokføringsloven § 13", text{
		"Rettslig plikt: regnskapsmateriale skal oppbevares i fem år etter regnskapsårets slutt.",
		"Rettsleg plikt: rekneskapsmateriale skal oppbevarast i fem år etter slutten av rekneskapsåret.",
		"Legal obligation: accounting material is to be kept for five years after the end of the year.",
	}}
	identifying = basis{"personopplysningsloven § 12", text{
		"Fødselsnummer kan brukes når det er saklig behov for sikker identifisering.",
		"Fødselsnummer kan brukast når det er sakleg behov for sikker identifisering.",
		"National identity numbers may be used where secure identification is needed.",
	}}
	explicitConsent = basis{"GDPR art. 6(1)(a), 9(2)(a)", text{
		"Samtykket ditt, som du kan trekke tilbake når du vil.",
		"Samtykket ditt, som du kan trekkje tilbake når du vil.",
		"Your consent, which you can withdraw at any time.",
	}}
	legalClaims = basis{"GDPR art. 9(2)(f)", text{
		"Særlige kategorier, som helse, bare når det trengs for å fastsette, gjøre gjeldende eller forsvare rettskrav.",
		"Særlege kategoriar, som helse, berre når det trengst for å fastsetje, gjere gjeldande eller forsvare rettskrav.",
		"Special categories, such as health, only where needed to establish, exercise or defend legal claims.",
	}}
)

var untilAgencyDeletes = text{
	"Foretaket bestemmer: så lenge saken er åpen, og deretter så lenge loven krever det. Regnskapsmateriale oppbevares i fem år etter regnskapsårets slutt.",
	"Føretaket avgjer: så lenge saka er open, og deretter så lenge lova krev det. Rekneskapsmateriale blir oppbevart i fem år etter slutten av rekneskapsåret.",
	"The agency decides: while the case is open, and after that as long as the law demands. Accounting material is kept for five years after the end of the year.",
}

var (
	fromCreditor = text{
		"Fordringshaveren, ved overføring av saken.",
		"Fordringshavaren, då saka vart overført.",
		"The creditor, who handed the case over.",
	}
	fromAgency = text{
		"Foretaket selv, under behandlingen av saken.",
		"Føretaket sjølv, under handsaminga av saka.",
		"The agency itself, in the course of the case.",
	}
	fromYou = text{
		"Du selv, og foretakets svar.",
		"Du sjølv, og svara frå føretaket.",
		"You, and the agency's answers.",
	}
	toCreditor = text{
		"Fordringshaveren, og domstol, forliksråd eller namsmann når saken er rettslig.",
		"Fordringshavaren, og domstol, forliksråd eller namsmann når saka er rettsleg.",
		"The creditor; and courts, the conciliation board or the enforcement officer in legal cases.",
	}
)

var agencyCategories = []kind{
	{
		code: Identity, name: text{"Hvem du er", "Kven du er", "Who you are"},
		purpose: text{
			"Å vite sikkert hvem kravet gjelder.", "Å vite sikkert kven kravet gjeld.",
			"To know for certain whom the claim is against.",
		},
		bases: []basis{legitimate, identifying},
		origin: text{
			"Fordringshaveren og Folkeregisteret.", "Fordringshavaren og Folkeregisteret.",
			"The creditor and the National Population Register.",
		},
		recipients: toCreditor,
		ofAgency:   func(p *debt.Part) int { return len(p.Debtors) },
	},
	{
		code: Contact, name: text{"Kontaktopplysninger", "Kontaktopplysningar", "Contact details"},
		purpose: text{
			"Å sende brev og varsler, og å nå deg.", "Å sende brev og varsel, og å nå deg.",
			"To send letters and notices, and to reach you.",
		},
		bases: []basis{legitimate, collectionLaw},
		origin: text{
			"Fordringshaveren, Folkeregisteret og du selv.", "Fordringshavaren, Folkeregisteret og du sjølv.",
			"The creditor, the National Population Register and you.",
		},
		recipients: toCreditor,
		ofAgency:   func(p *debt.Part) int { return len(p.Debtors) },
	},
	{
		code: Cases, name: text{"Saker og krav", "Saker og krav", "Cases and claims"},
		purpose: text{
			"Å kreve inn det som er skyldig, og å vise deg hva det er.",
			"Å krevje inn det som er skuldig, og å vise deg kva det er.", "To collect what is owed, and to show you what it is.",
		},
		bases: []basis{legitimate, collectionLaw, bookkeeping}, origin: fromCreditor, recipients: toCreditor,
		ofAgency: func(p *debt.Part) int { return len(p.Cases) },
	},
	{
		code: Costs, name: text{"Gebyrer, salærer og sakskostnader", "Gebyr, salær og sakskostnader", "Fees and legal costs"},
		purpose: text{
			"Å beregne og dokumentere hva inndrivingen koster.", "Å rekne ut og dokumentere kva inndrivinga kostar.",
			"To compute and document what collection costs.",
		},
		bases: []basis{legitimate, collectionLaw, bookkeeping}, origin: fromAgency, recipients: toCreditor,
		ofAgency: ofCases(func(c *debt.Case) int { return len(c.Fees) }),
	},
	{
		code: Payments, name: text{"Innbetalinger", "Innbetalingar", "Payments"},
		purpose: text{
			"Å føre det du har betalt mot det du skylder.", "Å føre det du har betalt mot det du skuldar.",
			"To set what you have paid off against what you owe.",
		},
		bases: []basis{contract, bookkeeping},
		origin: text{
			"Banken, og fordringshaveren når du har betalt dit.", "Banken, og fordringshavaren når du har betalt dit.",
			"The bank, and the creditor where you paid there.",
		},
		recipients: toCreditor,
		ofAgency:   ofCases(func(c *debt.Case) int { return len(c.AllPayments) }),
	},
	{
		code: Agreements, name: text{"Avtaler om betaling", "Avtalar om betaling", "Payment agreements"},
		purpose: text{
			"Å gjennomføre det dere er blitt enige om.", "Å gjennomføre det de er blitt samde om.",
			"To carry out what was agreed.",
		},
		bases: []basis{contract, bookkeeping}, origin: fromYou, recipients: toCreditor,
		ofAgency: func(p *debt.Part) int { return len(agreementsOf(p)) },
	},
	{
		code: Letters, name: text{"Brev og varsler", "Brev og varsel", "Letters and notices"},
		purpose: text{
			"Å varsle deg slik loven krever, og å vise at det er gjort.",
			"Å varsle deg slik lova krev, og å vise at det er gjort.",
			"To notify you as the law demands, and to show that it was done.",
		},
		bases: []basis{collectionLaw, legitimate}, origin: fromAgency, recipients: toCreditor,
		ofAgency: ofCases(func(c *debt.Case) int { return len(c.AllLetters) }),
	},
	{
		code: Documents, name: text{"Dokumenter", "Dokument", "Documents"},
		purpose: text{
			"Å dokumentere kravet og behandlingen av det.", "Å dokumentere kravet og handsaminga av det.",
			"To document the claim and its handling.",
		},
		bases: []basis{legitimate, collectionLaw},
		origin: text{
			"Foretaket, fordringshaveren og du selv.", "Føretaket, fordringshavaren og du sjølv.",
			"The agency, the creditor and you.",
		},
		recipients: toCreditor,
		ofAgency:   ofCases(func(c *debt.Case) int { return len(c.Documents) }),
	},
	{
		code: Objections, name: text{"Innsigelser", "Innvendingar", "Objections"},
		purpose: text{
			"Å vurdere og svare på det du mener er feil.", "Å vurdere og svare på det du meiner er feil.",
			"To consider and answer what you think is wrong.",
		},
		bases: []basis{collectionLaw, legitimate, legalClaims}, origin: fromYou, recipients: toCreditor,
		ofAgency: ofCases(func(c *debt.Case) int { return len(c.Objections) }),
	},
	{
		code: Requests, name: text{"Henvendelser", "Førespurnader", "Requests"},
		purpose: text{
			"Å behandle det du har bedt om, som betalingsutsettelse, kvitteringer du har sendt, saker du har krevd, og klager på foretaket.",
			"Å handsame det du har bede om, som betalingsutsetjing, kvitteringar du har sendt, saker du har kravd, og klager på føretaket.",
			"To handle what you have asked for, such as a deferral, proofs of payments, cases that you claim, and complaints about the agency.",
		},
		bases: []basis{legitimate}, origin: fromYou, recipients: toCreditor,
		ofAgency: func(p *debt.Part) int {
			return len(p.CaseLinks) + ofCases(func(c *debt.Case) int {
				return max(len(c.Requests), len(c.Deferrals)) + len(c.Complaints) + len(c.Receipts)
			})(p)
		},
	},
	{
		code: Messages, name: text{"Meldinger", "Meldingar", "Messages"},
		purpose: text{
			"Å svare på spørsmål om sakene dine.", "Å svare på spørsmål om sakene dine.",
			"To answer questions about your cases.",
		},
		bases: []basis{legitimate, legalClaims}, origin: fromYou, recipients: toCreditor,
		ofAgency: func(p *debt.Part) int { return len(p.Messages) },
	},
	{
		code: PowersOfAttorney, name: text{"Fullmakter", "Fullmakter", "Powers of attorney"},
		purpose: text{
			"Å vite hvem som kan se eller handle i saker på vegne av andre.",
			"Å vite kven som kan sjå eller handle i saker på vegner av andre.",
			"To know who may see or act in cases for somebody else.",
		},
		bases: []basis{legitimate},
		origin: text{
			"Den som har gitt fullmakten.", "Den som har gitt fullmakta.", "Whoever gave the power of attorney.",
		},
		recipients: text{"Fullmektigen.", "Fullmektigen.", "The attorney."},
		ofAgency:   func(p *debt.Part) int { return len(p.PowersOfAttorney) },
	},
	{
		code: Difficulties, name: text{"Situasjonen din", "Situasjonen din", "Your situation"},
		purpose: text{
			"Å ta hensyn til sykdom, opphold i institusjon, behov for tolk og ønsker om kontakt.",
			"Å ta omsyn til sjukdom, opphald i institusjon, behov for tolk og ønske om kontakt.",
			"To adapt to illness, a stay in an institution, the need of an interpreter, and wishes about contact.",
		},
		bases: []basis{explicitConsent}, origin: text{"Du selv.", "Du sjølv.", "You."},
		recipients: text{"Saksbehandlerne i foretaket.", "Sakshandsamarane i føretaket.", "The agency's case workers."},
		ofAgency:   func(p *debt.Part) int { return len(p.Difficulties) },
	},
}

// ofCases sums what each case has.
func ofCases(count func(*debt.Case) int) func(*debt.Part) int {
	return func(p *debt.Part) int {
		n := 0
		for _, c := range p.Cases {
			n += count(c)
		}
		return n
	}
}

// agreementsOf returns each agreement once.
func agreementsOf(p *debt.Part) []*debt.Agreement {
	var out []*debt.Agreement
	seen := map[*debt.Agreement]bool{}
	for _, c := range p.Cases {
		for _, a := range c.Agreements {
			if !seen[a] {
				seen[a] = true
				out = append(out, a)
			}
		}
	}
	return out
}
