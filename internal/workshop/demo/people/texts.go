package people

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// titles of letters in bokmål, nynorsk and English.
var titles = map[debt.LetterKind][3]string{
	debt.LetterInvoice:           {"Faktura", "Faktura", "Invoice"},
	debt.LetterReminder:          {"Purring", "Purring", "Reminder"},
	debt.LetterCollectionWarning: {"Inkassovarsel", "Inkassovarsel", "Debt collection warning"},
	debt.LetterPaymentDemand:     {"Betalingsoppfordring", "Betalingsoppmoding", "Payment demand"},
	debt.LetterLegalNotice: {"Varsel om rettslig inndriving", "Varsel om rettsleg innkrevjing",
		"Notice of legal action"},
	debt.LetterAgreement: {"Bekreftelse på betalingsavtale", "Stadfesting av betalingsavtale",
		"Payment agreement"},
	debt.LetterObjectionReply: {"Svar på innsigelse", "Svar på motsegn", "Reply to your objection"},
	debt.LetterReceipt: {"Kvittering, saken er avsluttet", "Kvittering, saka er avslutta",
		"Receipt, the case is closed"},
	debt.LetterOther: {"Informasjon om saken", "Informasjon om saka", "Information about your case"},
}

// outcomes are the titles of letters about legal steps.
var outcomes = map[debt.LegalStep][3]string{
	debt.StepJudgment:        {"Fraværsdom i forliksrådet", "Fråværsdom i forliksrådet", "Judgment by default"},
	debt.StepAttachment:      {"Utleggsforretning er holdt", "Utleggsforretning er halden", "Attachment has been made"},
	debt.StepWageDeduction:   {"Utleggstrekk er besluttet", "Utleggstrekk er vedteke", "Wage deduction has been decided"},
	debt.StepLien:            {"Utleggspant er tatt", "Utleggspant er teke", "A lien has been registered"},
	debt.StepNothingToAttach: {"Intet til utlegg", "Ikkje noko til utlegg", "Nothing to attach"},
	debt.StepForcedSale:      {"Begjæring om tvangssalg", "Krav om tvangssal", "Request for forced sale"},
}

func (l *life) title(kind debt.LetterKind) string {
	language := 0
	switch l.d.person.Language {
	case debt.Nynorsk:
		language = 1
	case debt.English:
		language = 2
	}
	if text, ok := outcomes[l.LegalStep]; ok && kind == debt.LetterOther {
		return text[language]
	}
	return titles[kind][language]
}

// channel chooses how a letter is sent: notices of court by post, the rest as the debtor has it.
func (d *dossier) channel(kind debt.LetterKind) debt.LetterChannel {
	switch {
	case kind == debt.LetterLegalNotice:
		return debt.ByPost
	case kind == debt.LetterInvoice && d.digital:
		return debt.ByEFaktura
	case d.digital:
		return choose(d.r, []debt.LetterChannel{debt.ByDigipost, debt.ByDigipost, debt.ByEmail, debt.ByPortal})
	}
	return choose(d.r, []debt.LetterChannel{debt.ByPost, debt.ByPost, debt.ByPost, debt.ByEmail})
}

// protest is an objection in the debtor's words, and the reply if it is rejected.
type protest struct {
	reasons   []debt.ObjectionReason
	statement string
	rejected  string
}

var protests = []protest{
	{[]debt.ObjectionReason{debt.ReasonNotMine}, "Jeg har aldri vært kunde hos dere. Noen andre må ha brukt navnet mitt.",
		"Avtalen er signert med BankID i ditt navn. Kravet opprettholdes."},
	{[]debt.ObjectionReason{debt.ReasonPaid}, "Fakturaen ble betalt i nettbanken før forfall. Kvittering kan sendes.",
		"Vi finner ingen innbetaling med oppgitt KID. Send gjerne kvittering."},
	{[]debt.ObjectionReason{debt.ReasonWrongAmount},
		"Beløpet stemmer ikke med avtalen. Jeg skulle hatt rabatt de tre første månedene.",
		"Kampanjeperioden var over da fakturaen ble sendt. Beløpet er riktig."},
	{[]debt.ObjectionReason{debt.ReasonNotReceived, debt.ReasonCancelled},
		"Varen kom aldri fram, og jeg avbestilte etter tre uker.",
		"Sporingen viser at pakken ble hentet. Kravet opprettholdes."},
	{[]debt.ObjectionReason{debt.ReasonDefect}, "Arbeidet er ikke fullført, og jeg har klaget skriftlig til firmaet.",
		"Firmaet har utbedret feilen og mener at fakturaen skal betales."},
	{[]debt.ObjectionReason{debt.ReasonCancelled}, "Jeg sa opp abonnementet i fjor sommer og har bekreftelse på det.",
		"Oppsigelsen kom etter at bindingstiden var fornyet."},
	{[]debt.ObjectionReason{debt.ReasonNoInvoice}, "Jeg har ikke fått verken faktura eller purring før dette brevet.",
		"Faktura og varsel er sendt til adressen i Folkeregisteret."},
	{[]debt.ObjectionReason{debt.ReasonFraud, debt.ReasonNotMine},
		"Jeg er utsatt for svindel og har anmeldt forholdet til politiet.",
		"Vi mangler kopi av anmeldelsen og kan ikke stanse saken uten den."},
	{[]debt.ObjectionReason{debt.ReasonTimeBarred}, "Kravet er eldre enn tre år og må være foreldet.",
		"Fristen ble avbrutt da du erkjente kravet i brev."},
	{[]debt.ObjectionReason{debt.ReasonWrongAmount, debt.ReasonOther},
		"Salæret er for høyt. Dere har slått sammen to fakturaer og regnet av summen.",
		"Salæret er beregnet av hvert krav for seg, etter inkassoforskriften."},
	{[]debt.ObjectionReason{debt.ReasonOther}, "Billetten lå i appen, men telefonen var tom for strøm under kontrollen.",
		"Billetten må kunne vises fram ved kontroll. Kravet opprettholdes."},
}

var paidInTime = protest{
	[]debt.ObjectionReason{debt.ReasonPaid},
	"Jeg betalte fakturaen på forfallsdagen, direkte til kreditor. Kvittering er lagt ved.", "",
}

const (
	upheldReply       = "Kreditor har bekreftet at fakturaen ble betalt i tide. Saken er avsluttet uten kostnader for deg."
	partlyUpheldReply = "Du har fått delvis medhold: det lette salæret er frafalt. Hovedstol og renter må betales."
	withdrawnReply    = "Innsigelsen er trukket av deg. Saken fortsetter."
	deferralGranted   = "Du har fått utsettelse til datoen du ba om."
	deferralRejected  = "Vi kan dessverre ikke gi mer utsettelse i denne saken."
)

// correspond adds messages and powers of attorney to some dossiers.
func (d *dossier) correspond() {
	if d.r.IntN(100) < 14 {
		talk := choose(d.r, talks)
		on := d.asOf - 2 - norway.Date(d.r.IntN(60))
		d.converse(talk, on, nil)
	}
	if d.r.IntN(100) < 2 {
		d.empower()
	}
}

// talk is a debtor's question and the agency's answer.
type talk struct{ subject, question, answer string }

var talks = []talk{
	{"Betalingsavtale", "Hei! Kan jeg dele opp beløpet over noen måneder?",
		"Hei! Ja, det kan du gjøre selv på Min side, eller vi kan sette opp en avtale for deg."},
	{"Kopi av faktura", "Kan dere sende meg kopi av den opprinnelige fakturaen?",
		"Fakturaen ligger nå under dokumenter i saken."},
	{"Ny adresse", "Jeg har flyttet, og brevene går til gammel adresse.", "Takk, adressen er oppdatert."},
	{"Spørsmål om renter", "Hvorfor øker beløpet hver dag?",
		"Det løper forsinkelsesrente av hovedstolen til saken er betalt."},
	{"Betalt i dag", "Jeg betalte hele beløpet i dag. Når blir saken avsluttet?",
		"Vi avslutter saken når betalingen er registrert, vanligvis neste virkedag."},
	{"Sykdom", "Jeg er sykmeldt og får ikke betalt før jeg får utbetaling fra NAV.",
		"Ta kontakt når du vet datoen, så ser vi på en utsettelse."},
}

// converse adds a question and, most times, its answer.
func (d *dossier) converse(t talk, on norway.Date, about *Case) {
	sent := Moment{on, 8*60 + d.r.IntN(8*60)}
	d.messages = append(d.messages, Message{
		Case: about, Sender: "DEBTOR", Subject: t.subject, Body: t.question, SentAt: sent, ReadAt: Moment{on + 1, 8 * 60},
	})
	if d.r.IntN(100) < 85 {
		reply := Message{Case: about, Sender: "AGENCY", Subject: "Svar: " + t.subject, Body: t.answer,
			SentAt: Moment{on + 1, 8*60 + 20}}
		if d.r.IntN(3) > 0 {
			reply.ReadAt = Moment{on + 1, 17 * 60}
		}
		d.messages = append(d.messages, reply)
	}
}

// empower lets an adviser, or a person in the family, see to the cases.
func (d *dossier) empower() {
	began := d.asOf - 5 - norway.Date(d.r.IntN(400))
	p := PowerOfAttorney{MayAct: d.r.IntN(2) == 0, ValidFrom: began}
	if d.r.IntN(2) == 0 {
		p.OrgNumber, p.Name = orgNumber("31000090"), "Gjeldshjelpen Veiviser SA"
	} else {
		p.NationalID = nationalID(MaxPeople - 1 - d.person.Index).Reveal()
		p.Name = personName(d.r, (p.NationalID[8]-'0')%2 == 1)
	}
	if d.r.IntN(3) > 0 {
		p.ValidUntil = began.AddMonths(12)
	}
	if len(d.lives) > 1 && d.r.IntN(3) == 0 {
		p.Cases = []*Case{d.lives[0].Case}
	}
	if d.r.IntN(8) == 0 {
		p.RevokedAt = Moment{min(began+3, d.asOf-1), 12 * 60}
	}
	d.powers = append(d.powers, p)
}
