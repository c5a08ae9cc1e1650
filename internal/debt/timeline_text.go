package debt

// Text says what happened or will happen, in a language: by default the debtor's.
func (e *TimelineEvent) Text(language *Language) string {
	l := e.c.LanguageFor(language)
	if e.Assumed {
		return e.text(l) + onTheLastRate.in(l)
	}
	return e.text(l)
}

func (e *TimelineEvent) text(l Language) string {
	switch e.Kind {
	case EventLetter:
		return phrase{"Brev sendt: %s", "Brev sendt: %s", "Letter sent: %s"}.fill(l, e.Letter.Title)
	case EventCost:
		return e.cost(l)
	case EventCostWaived:
		return phrase{"%s på %s ble ettergitt", "%s på %s vart ettergjeve", "%s of %s was waived"}.fill(l, e.Cost.name(l),
			*e.Amount)
	case EventPayment:
		return phrase{"Innbetaling på %s", "Innbetaling på %s", "Payment of %s"}.fill(l, *e.Amount)
	case EventAgreementStarted:
		begins := phrase{"Avtale inngått", "Avtale inngått", "Agreement made"}.in(l)
		if e.Source == FromAgency {
			begins = phrase{"Avtalen begynner", "Avtalen tek til", "The agreement begins"}.in(l)
		}
		if e.Amount == nil {
			return begins
		}
		return phrase{"%s: %s i måneden", "%s: %s i månaden", "%s: %s a month"}.fill(l, begins, *e.Amount)
	case EventAgreementWarned:
		if e.Agreement.BreachOn.IsZero() {
			return phrase{"Varsel om at avtalen kan bli brutt", "Varsel om at avtalen kan bli broten",
				"Warning that the agreement may be broken"}.in(l)
		}
		return phrase{"Varsel: et avdrag er ikke betalt. Avtalen er brutt %s hvis det ikke blir betalt før",
			"Varsel: eit avdrag er ikkje betalt. Avtalen er broten %s dersom det ikkje blir betalt før",
			"Warning: an instalment has not been paid. The agreement is broken on %s unless it is paid before"}.fill(l,
			e.Agreement.BreachOn)
	case EventAgreementBreached:
		if e.Source == FromAgency {
			return phrase{"Avtalen er brutt hvis avdraget ikke er betalt", "Avtalen er broten dersom avdraget ikkje er betalt",
				"The agreement is broken if the instalment has not been paid"}.in(l)
		}
		return eventTexts[e.Kind].in(l)
	case EventHoldStarted:
		return phrase{"Saken ble satt på vent: %s", "Saka vart sett på vent: %s", "Collection was put on hold: %s"}.fill(l,
			e.hold.name())
	case EventHoldEnds:
		return phrase{"Saken er ikke lenger på vent: %s", "Saka er ikkje lenger på vent: %s",
			"Collection is no longer on hold: %s"}.fill(l, e.hold.name())
	case EventDeadline:
		switch {
		case e.Agreement == nil:
			return phrase{"Siste frist for å betale %s", "Siste frist for å betale %s", "Last day to pay %s"}.fill(l, *e.Amount)
		case e.Source == FromRecords:
			return phrase{
				"Avdrag på %s forfalt og er ikke betalt", "Avdrag på %s forfall og er ikkje betalt",
				"Instalment of %s was due and has not been paid",
			}.fill(l, *e.Amount)
		default:
			return phrase{"Avdrag på %s forfaller", "Avdrag på %s forfell", "Instalment of %s is due"}.fill(l, *e.Amount)
		}
	case EventStep:
		return stepTexts[*e.Stage].in(l)
	default:
		return eventTexts[e.Kind].in(l)
	}
}

// cost tells whether a cost came, is announced, or may come by law.
func (e *TimelineEvent) cost(l Language) string {
	p := phrase{"%s lagt til: %s", "%s lagt til: %s", "%s added: %s"}
	switch {
	case e.Source == FromAgency:
		p = phrase{"%s blir lagt til: %s", "%s blir lagt til: %s", "%s will be added: %s"}
	case e.optional && *e.Stage == StageConciliation:
		p = phrase{
			"Saken kan tidligst tas til forliksrådet. %s: %s", "Saka kan tidlegast takast til forliksrådet. %s: %s",
			"The case may be taken to the conciliation board on this day at the earliest. %s: %s",
		}
	case e.optional:
		p = phrase{
			"Utlegg kan tidligst begjæres. %s: %s", "Utlegg kan tidlegast krevjast. %s: %s",
			"Attachment may be requested on this day at the earliest. %s: %s",
		}
	case e.Source == FromStatute:
		p = phrase{"%s kan tidligst bli lagt til: %s", "%s kan tidlegast bli lagt til: %s",
			"%s may be added on this day at the earliest: %s"}
	}
	return p.fill(l, e.Cost.name(l), *e.Amount)
}

var eventTexts = map[EventKind]phrase{
	EventOpened:             {"Saken ble opprettet", "Saka vart oppretta", "The agency opened the case"},
	EventObjection:          {"Du kom med en innsigelse", "Du kom med ei innvending", "You objected to the claim"},
	EventObjectionDecided:   {"Innsigelsen ble avgjort", "Innvendinga vart avgjord", "The objection was decided"},
	EventObjectionWithdrawn: {"Innsigelsen ble trukket", "Innvendinga vart trekt", "The objection was withdrawn"},
	EventComplaint:          {"Du klaget på inkassoforetaket", "Du klaga på inkassoføretaket", "You complained about the agency"},
	EventComplaintAnswered: {"Foretaket svarte på klagen", "Føretaket svara på klaga",
		"The agency answered the complaint"},
	EventReceipt: {"Du sendte kvittering for en betaling", "Du sende kvittering for ei betaling",
		"You sent proof of a payment"},
	EventReceiptDecided:   {"Kvitteringen ble behandlet", "Kvitteringa vart handsama", "The proof of payment was decided on"},
	EventAgreementGranted: {"Avtalen ble innvilget", "Avtalen vart innvilga", "The agreement was granted"},
	EventAgreementRefused: {"Søknaden om avtale ble avslått", "Søknaden om avtale vart avslått",
		"The application for an agreement was refused"},
	EventAgreementChanged: {"Avtalen ble endret: se hva som er igjen å betale", "Avtalen vart endra: sjå kva som er att å betale",
		"The agreement was changed: see what is left to pay"},
	EventAgreementBreached: {"Avtalen ble brutt", "Avtalen vart broten", "The agreement was broken"},
	EventAgreementEnded:    {"Avtalen ble avsluttet", "Avtalen vart avslutta", "The agreement ended"},
	EventClosed:            {"Saken ble avsluttet", "Saka vart avslutta", "The case was closed"},
}

var stepTexts = map[Stage]phrase{
	StageCollectionWarning: {"Inkassovarsel kan tidligst bli sendt", "Inkassovarsel kan tidlegast bli sendt",
		"A debt-collection warning (inkassovarsel) may be sent on this day at the earliest"},
	StagePaymentDemand: {"Betalingsoppfordring kan tidligst bli sendt", "Betalingsoppmoding kan tidlegast bli send",
		"A payment demand (betalingsoppfordring) may be sent on this day at the earliest"},
	StageLightFee: {"Lett salær kan tidligst bli lagt til", "Lett salær kan tidlegast bli lagt til",
		"The light collection fee (lett salær) may be added on this day at the earliest"},
	StageConciliation: {"Saken kan tidligst tas til forliksrådet", "Saka kan tidlegast takast til forliksrådet",
		"The case may be taken to the conciliation board on this day at the earliest"},
	StageEnforcement: {"Utlegg kan tidligst begjæres", "Utlegg kan tidlegast krevjast",
		"Attachment may be requested on this day at the earliest"},
	StageHeavyFee: {"Tungt salær kan tidligst bli lagt til", "Tungt salær kan tidlegast bli lagt til",
		"The heavy collection fee (tungt salær) may be added on this day at the earliest"},
	StageLegalNotice: {"Varsel om rettslig inndriving kan tidligst bli sendt",
		"Varsel om rettsleg inndriving kan tidlegast bli sendt",
		"A notice of legal action may be sent on this day at the earliest"},
	StagePaymentRemark: {"Betalingsanmerkning kan tidligst bli registrert",
		"Betalingsmerknad kan tidlegast bli registrert",
		"A payment remark (betalingsanmerkning) may be registered on this day at the earliest"},
}

// name is what a hold is called within a sentence.
func (k HoldKind) name() phrase {
	switch k {
	case HoldDeferred:
		return phrase{"betalingsutsettelse", "betalingsutsetjing", "deferral"}
	case HoldDeath:
		return phrase{"dødsfall", "dødsfall", "death"}
	case HoldDebtSettlement:
		return phrase{"gjeldsordning", "gjeldsordning", "debt settlement"}
	default:
		return phrase{"annen grunn", "annan grunn", "other reason"}
	}
}

// Explanation says in plain words what the event's stage means, in a language: by default
// the debtor's. It is nil for events that begin no stage.
func (e *TimelineEvent) Explanation(language *Language) *string {
	if e.Stage == nil {
		return nil
	}
	p, ok := explanations[*e.Stage]
	if !ok {
		return nil
	}
	text := p.in(e.c.LanguageFor(language))
	return &text
}

var explanations = map[Stage]phrase{
	StageReminder: {
		"En purring er en påminnelse om et krav som er forfalt. Den kan ha et gebyr når den sendes minst 14 dager etter forfall.",
		"Ei purring er ei påminning om eit krav som er forfalle. Ho kan ha eit gebyr når ho blir send minst 14 dagar etter forfall.",
		"A reminder (purring) says that a claim is overdue. It may bear a fee when it is sent at least 14 days after the due date.",
	},
	StageCollectionWarning: {
		"Et inkassovarsel sier at kravet går til inkasso hvis det ikke blir betalt innen fristen, som er minst 14 dager. Betaler du innen fristen, kommer det ikke inkassosalær.",
		"Eit inkassovarsel seier at kravet går til inkasso dersom det ikkje blir betalt innan fristen, som er minst 14 dagar. Betaler du innan fristen, kjem det ikkje inkassosalær.",
		"A debt-collection warning (inkassovarsel) says that the claim goes to collection unless it is paid within the deadline, which is at least 14 days. Pay within it, and no collection fee is added.",
	},
	StagePaymentDemand: {
		"En betalingsoppfordring er det første brevet etter at kravet er gått til inkasso. Du har minst 14 dager på å betale, eller på å si fra hvis du mener at kravet er feil.",
		"Ei betalingsoppmoding er det første brevet etter at kravet er gått til inkasso. Du har minst 14 dagar på å betale, eller på å seie frå dersom du meiner at kravet er feil.",
		"A payment demand (betalingsoppfordring) is the first letter after the claim has gone to collection. You have at least 14 days to pay, or to say that you think the claim is wrong.",
	},
	StageLightFee: {
		"Lett salær er prisen for inkasso i første omgang. Det kan kreves når fristen i inkassovarselet er ute og inkasso er satt i gang. Størrelsen følger av hvor stort kravet er.",
		"Lett salær er prisen for inkasso i første omgang. Det kan krevjast når fristen i inkassovarselet er ute og inkasso er sett i gang. Storleiken følgjer av kor stort kravet er.",
		"The light collection fee (lett salær) is the first price of collection. It may be charged once the deadline of the warning has passed and collection has begun. Its size follows from that of the claim.",
	},
	StageHeavyFee: {
		"Tungt salær er det dobbelte av lett salær og kommer i stedet for det. Det kan kreves når det er gått mer enn 28 dager siden fristen i betalingsoppfordringen.",
		"Tungt salær er det doble av lett salær og kjem i staden for det. Det kan krevjast når det er gått meir enn 28 dagar sidan fristen i betalingsoppmodinga.",
		"The heavy collection fee (tungt salær) is twice the light one and takes its place. It may be charged when more than 28 days have passed since the deadline of the payment demand.",
	},
	StageLegalNotice: {
		"Et varsel om rettslig inndriving sier at kreditor vil gå til forliksrådet eller namsmannen hvis kravet ikke blir betalt. Fristen er minst 14 dager. Etter den kan det komme rettsgebyr i tillegg.",
		"Eit varsel om rettsleg inndriving seier at kreditor vil gå til forliksrådet eller namsmannen dersom kravet ikkje blir betalt. Fristen er minst 14 dagar. Etter den kan det kome rettsgebyr i tillegg.",
		"A notice of legal action says that the creditor will go to the conciliation board or the enforcement officer (namsmannen) unless the claim is paid. The deadline is at least 14 days. After it, court fees may be added.",
	},
	StageConciliation: {
		"Forliksrådet kan avgjøre om du skylder pengene. Svarer du ikke, kan du bli dømt til å betale uten at saken blir behandlet nærmere. Gebyret for forliksrådet blir vanligvis lagt til kravet.",
		"Forliksrådet kan avgjere om du skuldar pengane. Svarer du ikkje, kan du bli dømd til å betale utan at saka blir handsama nærare. Gebyret for forliksrådet blir vanlegvis lagt til kravet.",
		"The conciliation board (forliksrådet) can decide whether you owe the money. If you do not answer, you may be judged to pay without the case being looked into further. Its fee is usually added to the claim.",
	},
	StageEnforcement: {
		"Utlegg betyr at namsmannen kan ta pant i noe du eier, eller bestemme at en del av lønn eller trygd blir trukket til kravet er dekket. Gebyret for begjæringen blir lagt til kravet.",
		"Utlegg tyder at namsmannen kan ta pant i noko du eig, eller avgjere at ein del av løn eller trygd blir trekt til kravet er dekt. Gebyret for kravet om utlegg blir lagt til.",
		"Attachment (utlegg) means that the enforcement officer (namsmannen) can place a lien on something you own, or decide that a part of wages or benefits is deducted until the claim is covered. The fee of the request is added to the claim.",
	},
	StagePaymentRemark: {
		"En betalingsanmerkning er en opplysning hos kredittopplysningsforetak om at et krav ikke er betalt. Den kan gjøre det vanskelig å få lån eller abonnement. Du får varsel først, og et krav som er bestridt, skal ikke registreres. Når kravet er betalt, skal anmerkningen slettes.",
		"Ein betalingsmerknad er ei opplysning hos kredittopplysningsføretak om at eit krav ikkje er betalt. Han kan gjere det vanskeleg å få lån eller abonnement. Du får varsel først, og eit krav som er omstridd, skal ikkje registrerast. Når kravet er betalt, skal merknaden slettast.",
		"A payment remark (betalingsanmerkning) is a note at credit bureaus that a claim has not been paid. It can make it hard to get a loan or a subscription. You are warned first, and a disputed claim must not be registered. When the claim is paid, the remark is to be deleted.",
	},
	StageClosed: {
		"Saken er avsluttet, og det kommer ikke flere kostnader. Er kravet betalt, skal en betalingsanmerkning som bygger på det, slettes.",
		"Saka er avslutta, og det kjem ikkje fleire kostnader. Er kravet betalt, skal ein betalingsmerknad som byggjer på det, slettast.",
		"The case is closed, and no more costs come. If the claim is paid, a payment remark that rests on it is to be deleted.",
	},
}
