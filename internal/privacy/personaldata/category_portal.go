package personaldata

var (
	privacyLaw = basis{"GDPR art. 6(1)(c), art. 12 to 22", text{
		"Rettslig plikt: krav og spørsmål om personopplysninger skal behandles og besvares.",
		"Rettsleg plikt: krav og spørsmål om personopplysningar skal handsamast og svarast på.",
		"Legal obligation: demands and questions about personal data are to be handled and answered.",
	}}
	consent = basis{"GDPR art. 6(1)(a)", text{
		"Samtykke: du lagrer det og deler det selv, og kan trekke delingen tilbake.",
		"Samtykke: du lagrar det og deler det sjølv, og kan trekkje delinga tilbake.",
		"Consent: you save and share it yourself, and can withdraw it.",
	}}
	security = basis{"GDPR art. 6(1)(c), art. 32", text{
		"Rettslig plikt: opplysningene skal sikres mot innsyn fra uvedkommende, og det skal kunne vises.",
		"Rettsleg plikt: opplysningane skal sikrast mot innsyn frå uvedkomande, og det skal kunne visast.",
		"Legal obligation: the data is to be kept from strangers, and that is to be shown.",
	}}
)

var (
	byUse = text{"Din bruk av tjenesten.", "Din bruk av tenesta.", "Your use of this service."}
	none  = text{"Ingen.", "Ingen.", "Nobody."}
)

var portalCategories = []kind{
	{
		code: Acts, name: text{"Hva du har bedt om", "Kva du har bede om", "What you have asked for"},
		purpose: text{
			"Å levere det du har bedt om til foretakene, og å vise hva det ble til.",
			"Å levere det du har bede om til føretaka, og å vise kva det vart til.",
			"To deliver what you have asked for to the agencies, and to show what came of it.",
		},
		bases: []basis{contract},
		origin: text{
			"Du selv eller den du har gitt fullmakt, og foretakenes svar.",
			"Du sjølv eller den du har gjeve fullmakt, og svara frå føretaka.",
			"You, or whoever has your power of attorney, and the agencies' answers.",
		},
		recipients: text{"Foretakene som ble spurt.", "Føretaka som vart spurde.", "The agencies that were asked."},
		retention: text{
			"Slettes senest %d etter at det var ferdig, eller etter siste dag det gjelder.",
			"Blir sletta seinast %d etter at det var ferdig, eller etter siste dag det gjeld.",
			"Deleted at the latest %d after it had ended, or after the last day that it is about.",
		},
		ofPortal: func(p *Portal) int { return len(p.Acts) },
	},
	{
		code: PrivacyRequests, name: text{"Henvendelser om personvern", "Førespurnader om personvern", "Privacy requests"},
		purpose: text{
			"Å svare på det du har spurt om eller krevd.", "Å svare på det du har spurt om eller kravd.",
			"To answer what you have asked or demanded.",
		},
		bases: []basis{privacyLaw},
		origin: text{
			"Du selv, og svarene du har fått.", "Du sjølv, og svara du har fått.", "You, and the answers that you got.",
		},
		recipients: text{
			"Foretaket som henvendelsen gjelder.", "Føretaket som førespurnaden gjeld.", "The agency that the request is about.",
		},
		retention: text{
			"Slettes %d etter at den er besvart.", "Blir sletta %d etter at det er svart på han.",
			"Deleted %d after it was answered.",
		},
		ofPortal: func(p *Portal) int { return len(p.Requests) },
	},
	{
		code: Logins, name: text{"Innlogginger", "Innloggingar", "Logins"},
		purpose: text{
			"Å kjenne igjen nettleseren din mens du er logget inn.", "Å kjenne att nettlesaren din medan du er logga inn.",
			"To recognise your browser while you are logged in.",
		},
		bases: []basis{security}, origin: byUse, recipients: none,
		retention: text{
			"Slettes %d etter at innloggingen er utløpt.", "Blir sletta %d etter at innlogginga er gått ut.",
			"Deleted %d after the login lapsed.",
		},
		ofPortal: func(p *Portal) int { return len(p.Logins) },
	},
	{
		code: SolutionAcceptances, name: text{"Godtatte betalingsløsninger", "Godtekne betalingsløysingar",
			"Accepted payment solutions"},
		purpose: text{
			"Å inngå avtalene hos foretakene, og å vise hva du godtok og hva du skal betale når.",
			"Å inngå avtalane hos føretaka, og å vise kva du godtok og kva du skal betale når.",
			"To make the agreements at the agencies, and to show what you accepted and what is to be paid when.",
		},
		bases: []basis{contract},
		origin: text{
			"Du selv, og foretakenes svar.", "Du sjølv, og svara frå føretaka.", "You, and the agencies' answers.",
		},
		recipients: text{
			"Foretakene som er med i løsningen.", "Føretaka som er med i løysinga.",
			"The agencies that are part of the solution.",
		},
		retention: text{
			"Slettes %d etter siste betaling i løsningen, eller etter at alle foretak har svart når den ikke ble noe av.",
			"Blir sletta %d etter siste betaling i løysinga, eller etter at alle føretak har svart når det ikkje vart noko av ho.",
			"Deleted %d after the last payment of the solution, or after all agencies had answered where nothing came of it.",
		},
		ofPortal: func(p *Portal) int { return len(p.Acceptances) },
	},
	{
		code: HouseholdBudget, name: text{"Husholdningsbudsjett", "Hushaldsbudsjett", "Household budget"},
		purpose: text{
			"Å regne ut hva du kan betale i måneden.", "Å rekne ut kva du kan betale i månaden.",
			"To reckon what you can pay a month.",
		},
		bases: []basis{consent}, origin: text{"Du selv.", "Du sjølv.", "You."},
		recipients: text{
			"Foretakene som du har delt det med.", "Føretaka som du har delt det med.",
			"The agencies that you share it with.",
		},
		retention: text{
			"Slettes %d etter at det sist ble lagret.", "Blir sletta %d etter at det sist vart lagra.",
			"Deleted %d after it was last saved.",
		},
		ofPortal: func(p *Portal) int { return len(p.Budgets) },
	},
	{
		code: SentFiles, name: text{"Filer som er sendt inn", "Filer som er sende inn", "Files that were sent"},
		purpose: text{
			"Å vise foretaket det du viser til i en kvittering, innsigelse eller klage.",
			"Å vise føretaket det du viser til i ei kvittering, ei innvending eller ei klage.",
			"To show the agency what you refer to in a proof of payment, an objection or a complaint.",
		},
		bases: []basis{contract}, origin: text{"Du selv.", "Du sjølv.", "You."},
		recipients: text{
			"Foretaket som saken er hos.", "Føretaket som saka er hos.", "The agency that has the case.",
		},
		retention: text{
			"Slettes %d etter at de ble sendt.", "Blir sletta %d etter at dei vart sende.", "Deleted %d after they were sent.",
		},
		ofPortal: func(p *Portal) int { return len(p.Files) },
	},
	{
		code: PowersOfAttorney, name: text{"Fullmakter", "Fullmakter", "Powers of attorney"},
		purpose: text{
			"Å slippe fullmektigen til, og å fortelle foretakene om det.",
			"Å sleppe fullmektigen til, og å fortelje føretaka om det.", "To let the attorney in, and to tell the agencies.",
		},
		bases: []basis{contract},
		origin: text{
			"Den som har gitt fullmakten.", "Den som har gjeve fullmakta.", "Whoever has given it.",
		},
		recipients: text{
			"Foretakene som fullmakten gjelder for, og den andre parten.",
			"Føretaka som fullmakta gjeld for, og den andre parten.", "The agencies that it covers, and the other party.",
		},
		retention: text{
			"Slettes %d etter siste dag.", "Blir sletta %d etter siste dag.", "Deleted %d after its last day.",
		},
		ofPortal: func(p *Portal) int { return len(p.Powers) },
	},
	{
		code: AccessLog, name: text{"Innsynslogg", "Innsynslogg", "Access log"},
		purpose: text{
			"Å vise hvem som har sett på opplysninger om deg, og hvorfor.",
			"Å vise kven som har sett på opplysningar om deg, og kvifor.",
			"To show who has looked at what is registered on you, and why.",
		},
		bases: []basis{security}, origin: text{
			"Din bruk av tjenesten, og andres oppslag på deg.", "Din bruk av tenesta, og oppslaga til andre på deg.",
			"Your use of this service, and others' looks at your data.",
		},
		recipients: text{
			"Foretaket som opplysningene kom fra.", "Føretaket som opplysningane kom frå.",
			"The agency that the data came from.",
		},
		retention: text{
			"Slettes %d etter oppslaget, ved månedens slutt.", "Blir sletta %d etter oppslaget, ved slutten av månaden.",
			"Deleted %d after the access, at the end of the month.",
		},
		ofPortal: func(p *Portal) int { return len(p.AccessLog) },
	},
}
