package debt

import "github.com/oversikt/oversikt/internal/text"

// Text explains the line in a sentence, in a language: by default the debtor's. In a case that
// collects several invoices it begins with the invoice that the line is about.
func (x *BalanceLine) Text(language *Language) string {
	l := x.c.LanguageFor(language)
	if x.item == nil {
		return x.text(l)
	}
	if number := x.item.InvoiceNumber; number != nil {
		return phrase{"Faktura %s: %s", "Faktura %s: %s", "Invoice %s: %s"}.fill(l, *number, x.text(l))
	}
	return phrase{"Krav %d: %s", "Krav %d: %s", "Claim %d: %s"}.fill(l, x.item.Number, x.text(l))
}

func (x *BalanceLine) text(l Language) string {
	switch x.Kind {
	case LinePrincipal:
		return phrase{"Opprinnelig hovedstol", "Opphavleg hovudstol", "Original principal"}.in(l)
	case LinePriorInterest:
		if x.c.InterestFrom.IsZero() {
			return phrase{"Renter som alt var krevd da saken ble opprettet", "Renter som alt var kravde då saka vart oppretta",
				"Interest already claimed when the case was opened"}.in(l)
		}
		return phrase{"Renter krevd for tiden før %s", "Renter kravde for tida før %s",
			"Interest claimed for the time before %s"}.fill(l, x.On)
	case LineInterest:
		what := phrase{"Avtalt rente", "Avtalt rente", "Agreed interest"}
		if x.rate != nil {
			what = phrase{"Forsinkelsesrente", "Forseinkingsrente", "Late-payment interest"}
		}
		period := phrase{
			"%s, %s av %s i %s, fra og med %s til og med %s",
			"%s, %s av %s i %s, frå og med %s til og med %s",
			"%s, %s of %s for %s, from %s to %s, both included",
		}.fill(l, what, *x.Rate, *x.Base, l.Days(*x.Days), x.From, x.To)
		if x.From == x.To {
			period = phrase{"%s, %s av %s for %s", "%s, %s av %s for %s", "%s, %s of %s for %s"}.fill(l, what, *x.Rate,
				*x.Base, x.From)
		}
		return period + x.on.text(l)
	case LineWaived:
		return phrase{
			"%s på %s fra %s er ettergitt %s og kreves ikke",
			"%s på %s frå %s er ettergjeve %s og skal ikkje betalast",
			"%s of %s added on %s was waived on %s and is not claimed",
		}.fill(l, x.fee.Kind.name(l), x.fee.Amount, x.On, x.fee.WaivedOn)
	case LineSetOff:
		return phrase{
			"Standardkompensasjon og inkassokostnader kommer ikke i tillegg til hverandre: %s trekkes fra",
			"Standardkompensasjon og inkassokostnader kjem ikkje i tillegg til kvarandre: %s blir trekt frå",
			"Standard compensation and collection costs are not added to each other: %s is taken off",
		}.fill(l, -x.Amount)
	case LinePayment:
		return phrase{
			"Innbetaling på %s mottatt %s: %s dekker %s",
			"Innbetaling på %s motteken %s: %s dekkjer %s",
			"Payment of %s received on %s: %s covers %s",
		}.fill(l, x.payment.Amount, x.On, -x.Amount, x.Component.name())
	case LineOverpaid:
		return phrase{
			"Innbetaling på %s mottatt %s: %s er betalt for mye",
			"Innbetaling på %s motteken %s: %s er betalt for mykje",
			"Payment of %s received on %s: %s is more than was owed",
		}.fill(l, x.payment.Amount, x.On, x.surplus)
	case LineClosed:
		return phrase{
			"Saken ble avsluttet %s: %s i %s kreves ikke lenger",
			"Saka vart avslutta %s: %s i %s skal ikkje lenger betalast",
			"The case was closed on %s: %s of %s is no longer claimed",
		}.fill(l, x.On, -x.Amount, x.Component.name())
	default:
		added := phrase{"%s, lagt til %s", "%s, lagt til %s", "%s, added on %s"}.fill(l, x.fee.Kind.name(l), x.On)
		if x.Assumed {
			return added + onTheLastRate.in(l)
		}
		return added
	}
}

// onTheLastRate ends what is said of a cost that follows a rate which is not set for its day.
var onTheLastRate = phrase{
	". Satsen er ikke fastsatt for denne dagen, og det er antatt at den siste gjelder",
	". Satsen er ikkje fastsett for denne dagen, og det er gått ut frå at den siste gjeld",
	". The rate has not been set for this day, and the last one is assumed to go on",
}

// text says what speaks against the rate of a line, empty where nothing does.
func (f footing) text(l Language) string {
	law := BasisPoints(f.law)
	switch {
	case f.old && f.law != 0:
		return phrase{
			". Inkassoforetakets rentetabell er gammel: satsen i loven er %s for disse dagene",
			". Rentetabellen til inkassoføretaket er gammal: satsen i lova er %s for desse dagane",
			". The agency's table of rates is old: the rate of the law for these days is %s",
		}.fill(l, law)
	case f.old:
		return phrase{
			". Inkassoforetakets rentetabell er gammel, og det er antatt at den siste satsen gjelder",
			". Rentetabellen til inkassoføretaket er gammal, og det er gått ut frå at den siste satsen gjeld",
			". The agency's table of rates is old, and its last rate is assumed to go on",
		}.in(l)
	case f.assumed:
		return phrase{
			". Satsen for disse dagene er ikke fastsatt, og det er antatt at den siste gjelder",
			". Satsen for desse dagane er ikkje fastsett, og det er gått ut frå at den siste gjeld",
			". The rate for these days has not been set, and the last one is assumed to go on",
		}.in(l)
	case f.law != 0:
		return phrase{
			". Inkassoforetakets rentetabell avviker fra loven: satsen der er %s",
			". Rentetabellen til inkassoføretaket avvik frå lova: satsen der er %s",
			". The agency's table of rates is not that of the law, which is %s",
		}.fill(l, law)
	default:
		return ""
	}
}

// name is what a cost is called at the beginning of a sentence.
func (k CostKind) name(l Language) string { return text.Label(l, "CostKind", string(k)) }

// name is what a component is called within a sentence.
func (k Component) name() phrase {
	switch k {
	case Principal:
		return phrase{"hovedstol", "hovudstol", "principal"}
	case Interest:
		return phrase{"renter", "renter", "interest"}
	case LegalCosts:
		return phrase{"rettslige kostnader", "rettslege kostnader", "legal costs"}
	default:
		return phrase{"gebyrer og salær", "gebyr og salær", "collection fees"}
	}
}
