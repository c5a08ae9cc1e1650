package legacy_test

// reads holds what each read of the contract gives for the person of testdata,
// by the name of its file.
var reads = map[string]read{
	"agency": {"the one row of firma", []string{
		"310000205|+4768050200|kundeservice@tradisjonsinkasso.example|https://tradisjonsinkasso.example|Postboks 202, 7402 Trondheim" +
			"|[tradisjonsinkasso.example betal-tradisjon.example]|[Tradisjon]|[+4768050201]|[97202020201]",
	}},
	"agreement": {"a breached one has ended; what is proposed is told too; unknown codes are passed on", []string{
		"19-0000003-3|e3|X|X|1010|2019-03-15|2019-04-01|-|-|-|-|-|-|1",
		"23-0000004-5|e1|INSTALMENTS|BREACHED|50000|2023-02-01|2023-05-10|-|-|-|-|-|-|1",
		"24-0000001-0|e2|SETTLEMENT|PROPOSED|-|2024-06-01|-|-|-|-|-|-|-|1",
	}},
	"case": {"claims add up to the øre, credit notes deducted; avsluttet decides the status; rentetype decides the rate",
		[]string{
			"19-0000003-3|19-0000003-3|d1|c1|CLOSED|CLOSED|-|Strøm 2018|-|2019-03-01|2019-04-01|2019-05-17|29|0|2019-02-01|-|-||1900000033|97202020201|Tradisjonsinkasso AS|PERSON|nn",
			"23-0000004-5|23-0000004-5|d1|c1|OPEN|LEGAL|WAGE_DEDUCTION|Strøm 2022|-|2023-01-02|-|-|999999999999|0|2022-12-01|-|2023-01-16||2300000045|97202020201|Tradisjonsinkasso AS|PERSON|nn",
			"24-0000001-0|24-0000001-0|d1|c1|OPEN|HEAVY_FEE|-|Strøm 2023|F-77|2024-01-20|2024-06-01|-|190000|1234|2024-01-15|1855|2024-02-05||2400000010|97202020201|Tradisjonsinkasso AS|PERSON|nn",
			"24-0000002-8|24-0000002-8|d1|c2|OPEN|99|Z|Diverse|-|2024-02-01|-|-|0|0|-|-|-||2400000028|97202020201|Tradisjonsinkasso AS|PERSON|nn",
		}},
	"case_status": {"anybody may ask for it by number", []string{"CLOSED"}},
	"claim_item": {"a credit note or a missing date makes a case one claim", []string{
		"19-0000003-3|19-0000003-3/1|1|F-1|2018-12-01|2019-01-15|20|2019-02-01|-|-",
		"19-0000003-3|19-0000003-3/2|2|-|2018-11-01|2019-01-01|9|2019-02-01|-|-",
	}},
	"complaint": {"codes in one column become an array, unknown ones are passed on; the hour that March lacks", []string{
		"24-0000001-0|a1|PARTLY_UPHELD|[WARNING COSTS 77]|For dyrt|2024-03-30T23:30:00Z|2024-04-08|2024-04-05|Delvis",
		"24-0000002-8|a2|?|[]|-|2024-03-31T01:30:00Z|2024-04-08|-|-",
	}},
	"creditor": {"those of the person's cases, each once", []string{
		"c1|Fjordstrøm AS|315001234|ELECTRICITY",
		"c2|Ukjent Bransje ANS|-|77",
	}},
	"debtor": {"two names become one, postal code 150 is 0150, the note is nobody's business", []string{
		"d1|PERSON|-|Kari Skarstein|kari@skarstein.example|-|Storgata 1|0150|OSLO|nn",
	}},
	"difficulty": {"letters become an array, in their order; unknown ones are passed on", []string{
		"d1|[INTERPRETER ILLNESS Q]|pl|-|Q|10|12|2024-06-30T22:30:00Z|9999-12-31",
	}},
	"document": {"what is stored, attachments included, internal notes never; an attachment is no letter's copy", []string{
		"24-0000001-0|b1|Faktura F-77|application/pdf|20480|2023-12-31T23:30:00Z|b1",
		"24-0000001-0|b3|Kvittering fra skyldner|image/jpeg|999|2024-07-01T10:00:00Z|-",
		"24-0000002-8|b5|Gammelt skjema|application/octet-stream|77|2024-02-27T11:00:00Z|b5",
	}},
	"case_link": {"code letters become states; unknown ones are passed on", []string{
		"c1|24-0000009-3|Det er min sak|REQUESTED|2024-03-30T23:30:00Z|-|-",
		"c2|99-1|-|?|2024-03-31T01:30:00Z|2024-04-05|Nei",
	}},
	"link_to_decide": {"nothing is asked for here", []string{}},
	"book":           {"open cases by their numbers, and whose", []string{}},
	"owner":          {"whose the cases are now", []string{}},
	"debtor_of_case": {"which case a number is, and whose", []string{"19-0000003-3|17912099997"}},
	"faq": {"what is asked, with code letters for languages", []string{
		"deferral|nb|Kan jeg få utsatt fristen?|Ja, inntil 14 dager uten gebyr når saken ikke er omstridt. Be om det her, så får du svar med en gang.",
		"deferral|nn|Kan eg få utsett fristen?|Ja, inntil 14 dagar utan gebyr når saka ikkje er omstridd. Be om det her, så får du svar med ein gong.",
		"opening-hours|nb|Når har dere åpent?|Telefonen er åpen fra 9 til 15 på hverdager.",
	}},
	"fee": {"f1 is credited, f2 corrected in part, f3 corrected to nothing in two steps; corrections are no fees",
		[]string{
			"23-0000004-5|f5|COURT_FEE|147900|2023-09-01|-|-",
			"23-0000004-5|fa|STANDARD_COMPENSATION|46000|2023-09-02|-|-",
			"24-0000001-0|f1|REMINDER|3500|2024-02-15|2024-03-01|inkassoforskriften § 1-2",
			"24-0000001-0|f2|LIGHT_FEE|17950|2024-03-10|-|-",
			"24-0000001-0|f3|HEAVY_FEE|56000|2024-05-10|2024-05-22|-",
			"24-0000002-8|f4|88|1250|2024-03-01|-|-",
		}},
	"hold": {"from four tables; the day is Norway's; neither a refused deferral nor a proposed agreement holds", []string{
		"19-0000003-3|AGREEMENT|2019-03-15|2019-04-01",
		"23-0000004-5|AGREEMENT|2023-02-01|2023-05-10",
		"23-0000004-5|DEFERRED|2023-08-01|2023-08-15",
		"24-0000001-0|DEATH|2024-02-01|-",
		"24-0000001-0|DEFERRED|2024-05-31|2024-06-20",
		"24-0000001-0|DISPUTED|2024-04-01|2024-04-20",
		"24-0000002-8|8|2024-02-02|2024-02-09",
		"24-0000002-8|DISPUTED|2024-01-01|-",
	}},
	"instalment": {"the contract's amount includes the fee", []string{
		"e1|1|2023-03-01|56500|6500|2023-02-28",
		"e1|2|2023-04-01|50000|0|-",
	}},
	"letter": {"invoices are letters, attachments and internal notes are not; 00000000 is no deadline", []string{
		"24-0000001-0|b1|INVOICE|Faktura F-77|EFAKTURA|2024-01-01|2024-01-15|120010|b1",
		"24-0000001-0|b2|PAYMENT_DEMAND|Betalingsoppfordring|POST|2024-02-20|2024-03-05|194999|-",
		"24-0000002-8|b5|QQ|Gammelt skjema|T|2024-02-27|-|-|b5",
	}},
	"message": {"the hour that occurs twice in October is read as the later one", []string{
		"71|-|DEBTOR|-|Hei|2024-07-01T10:00:00Z|-",
		"72|24-0000001-0|AGENCY|Svar|Hei igjen|2024-10-27T01:30:00Z|2024-12-01T07:00:00Z",
	}},
	"objection": {"codes in one column become an array; local time becomes an instant in summer and in winter", []string{
		"24-0000001-0|91|PARTLY_UPHELD|[ALREADY_PAID NO_INVOICE 42]|Betalt i mai|2024-03-31T22:30:00Z|2024-04-20|Delvis rett|-|-|-|-",
		"24-0000002-8|92|?|[]|-|2023-12-31T23:30:00Z|-|-|-|-|-|-",
	}},
	"deferral": {"the requests for more time, under names of their own", []string{
		"23-0000004-5|84|GRANTED|2023-08-15|-|-|-|2023-08-01T21:45:00Z|-|-",
		"24-0000001-0|81|GRANTED|2024-06-20|-|-|-|2024-05-30T08:00:00Z|2024-05-31|Innvilget",
		"24-0000001-0|82|REFUSED|2024-07-20|-|-|-|2024-06-19T08:00:00Z|2024-06-20|-",
	}},
	"queue_item": {"what waits", []string{"Sc1|LINK_CASE|-|2024-03-30T23:30:00Z|-|c1|-"}},
	"payment": {"down to one øre; any other channel is OTHER", []string{
		"24-0000001-0|a1|50005|2024-03-29|2024-04-02T05:00:00Z|BANK",
		"24-0000002-8|a2|1|2024-03-30|2024-03-30T06:00:00Z|OTHER",
	}},
	"payment_allocation": {"two columns are fees; empty parts and payments that are not split have no rows", []string{
		"24-0000001-0|a1|FEES|20005",
		"24-0000001-0|a1|PRINCIPAL|30000",
	}},
	"policy": {"kroner become øre, J/N become booleans", []string{
		"COSTS_INTEREST_PRINCIPAL|50000|12|9500|112500|4|14|0|true|true|24|10|2|true",
	}},
	"power_of_attorney": {"code letters become booleans", []string{
		"61|false|Ola Berg|-|true|false|[24-0000001-0]|2024-01-01|2024-12-31|2024-03-01T09:00:00Z",
		"62|false|Gjeldshjelpen|311947206|false|true|[]|2024-01-01|-|-",
	}},
	"rate": {"percentages become basis points", []string{
		"LATE_PAYMENT|2015-01-01|925|" + ministry, "LATE_PAYMENT|2015-07-01|900|" + ministry,
		"LATE_PAYMENT|2016-01-01|875|" + ministry, "LATE_PAYMENT|2016-07-01|850|" + ministry,
		"LATE_PAYMENT|2017-01-01|850|" + ministry, "LATE_PAYMENT|2017-07-01|850|" + ministry,
		"LATE_PAYMENT|2018-01-01|850|" + ministry, "LATE_PAYMENT|2018-07-01|850|" + ministry,
		"LATE_PAYMENT|2019-01-01|875|" + ministry, "LATE_PAYMENT|2019-07-01|925|" + ministry,
		"LATE_PAYMENT|2020-01-01|950|" + ministry, "LATE_PAYMENT|2020-07-01|800|" + ministry,
		"LATE_PAYMENT|2021-01-01|800|" + ministry, "LATE_PAYMENT|2021-07-01|800|" + ministry,
		"LATE_PAYMENT|2022-01-01|850|" + ministry, "LATE_PAYMENT|2022-07-01|925|" + ministry,
		"LATE_PAYMENT|2023-01-01|1075|" + ministry, "LATE_PAYMENT|2023-07-01|1175|" + ministry,
		"LATE_PAYMENT|2024-01-01|1250|" + ministry, "LATE_PAYMENT|2024-07-01|1250|" + ministry,
		"LATE_PAYMENT|2025-01-01|1250|" + ministry, "LATE_PAYMENT|2025-07-01|1225|" + authority,
		"LATE_PAYMENT|2026-01-01|1200|" + authority, "LATE_PAYMENT|2026-07-01|1225|" + authority,
	}},
	"receipt": {"kroner become øre, unknown codes are passed on; the hour that March lacks", []string{
		"24-0000001-0|b1|TO_CREDITOR|2024-03-29|125050|Betalt i banken|PARTLY|2024-03-30T23:30:00Z|2024-04-05|Delvis",
		"24-0000002-8|b2|Q|2024-03-30|1|-|?|2024-03-31T01:30:00Z|-|-",
	}},
	"request": {"unknown codes are passed on", []string{
		"23-0000004-5|84|DEFERRAL|GRANTED|2023-08-01T21:45:00Z|2023-08-15|-|-",
		"24-0000001-0|81|DEFERRAL|GRANTED|2024-05-30T08:00:00Z|2024-06-20|2024-05-31|Innvilget",
		"24-0000001-0|82|DEFERRAL|REJECTED|2024-06-19T08:00:00Z|2024-07-20|2024-06-20|-",
		"24-0000002-8|83|55|7|2024-06-19T08:00:00Z|-|-|-",
	}},
	"scheduled_cost": {"the kinds are those of the fees", []string{
		"23-0000004-5|2024-08-01|99|1000",
		"24-0000001-0|2024-07-01|HEAVY_FEE|18750",
	}},
}

const (
	ministry  = "forsinkelsesrenteloven § 3, Finansdepartementet"
	authority = "forsinkelsesrenteloven § 3, Finanstilsynet"
)

// views holds all rows of the views that no read above selects whole.
var views = map[string]read{
	"debtor": {"a sole trader is a business with a national identity number; an unknown målform is passed on", []string{
		"d1|PERSON|17912099997|-|Kari Skarstein|kari@skarstein.example|-|Storgata 1|0150|OSLO|nn",
		"d2|BUSINESS|29822099635|314829050|Bergs Snekkeri|-|68 05 02 01|-|9990|BÅTSFJORD|X",
		"d3|BUSINESS|-|311947206|Uten Fødselsnummer AS|-|-|-|-|-|en",
	}},
	"letter": {"a letter of which nothing is stored has no document", []string{
		"b1|24-0000001-0|INVOICE|Faktura F-77|EFAKTURA|2024-01-01|2024-01-15|120010|b1",
		"b2|24-0000001-0|PAYMENT_DEMAND|Betalingsoppfordring|POST|2024-02-20|2024-03-05|194999|-",
		"b5|24-0000002-8|QQ|Gammelt skjema|T|2024-02-27|-|-|b5",
	}},
	"power_of_attorney_case": {"the cases of one that is not for all", []string{
		"61|24-0000001-0",
	}},
}
