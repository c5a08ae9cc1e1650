package scaffold

import (
	"slices"
	"strings"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

var (
	letters    = strings.NewReplacer("ø", "o", "å", "a", "æ", "e", "_", "", "-", "", " ", "", ".", "")
	twoLetters = strings.NewReplacer("aa", "a", "ae", "e", "oe", "o")
)

// plain is a name without case, signs and Norwegian letters, so that Sak_Nr is saksnr's neighbour.
func plain(name string) string {
	return twoLetters.Replace(letters.Replace(strings.ToLower(name)))
}

func words(list string) []string {
	var out []string
	for _, w := range strings.Fields(list) {
		out = append(out, plain(w))
	}
	return out
}

// tableNames are the names that tables have for a relation, the likeliest first.
var tableNames = map[string][]string{
	"agency":                 words("agency firma foretak inkassoforetak company firm"),
	"policy":                 words("policy retningslinje praksis terms"),
	"rate":                   words("rate sats rentesats interest_rate forsinkelsesrente"),
	"creditor":               words("creditor fordringshaver oppdragsgiver kreditor client principal"),
	"debtor":                 words("debtor skyldner debitor person party customer"),
	"power_of_attorney":      words("power_of_attorney fullmakt mandate proxy"),
	"power_of_attorney_case": words("power_of_attorney_case fullmakt_sak mandate_case proxy_case"),
	"case":                   words("case sak inkassosak collection_case debt_case claim matter"),
	"claim_item":             words("claim_item fordring invoice faktura case_item case_invoice claim_line fordringspost"),
	"hold":                   words("hold sperre berostillelse suspension stay case_hold"),
	"scheduled_cost":         words("scheduled_cost planlagt_kostnad varslet_kostnad planned_cost planned_fee"),
	"letter":                 words("letter brev notice correspondence"),
	"document":               words("document dokument attachment vedlegg"),
	"fee":                    words("fee salaer gebyr charge cost kostnad case_fee"),
	"payment":                words("payment innbetaling betaling receipt case_payment"),
	"payment_allocation":     words("payment_allocation innbetaling_fordeling allocation fordeling payment_split"),
	"agreement":              words("agreement avtale payment_plan plan arrangement avdragsordning"),
	"agreement_case":         words("agreement_case avtale_sak payment_plan_case plan_case arrangement_case"),
	"instalment":             words("instalment installment avdrag termin plan_instalment"),
	"objection":              words("objection innsigelse dispute tvist"),
	"complaint":              words("complaint klage"),
	"case_link":              words("case_link sakskobling kobling"),
	"receipt":                words("kvittering payment_proof proof"),
	"deferral":               words("deferral utsettelse postponement"),
	"message":                words("message melding"),
	"request":                words("request henvendelse enquiry inquiry"),
	"faq":                    words("faq sporsmal"),
}

// columnNames are the names that columns have, the likeliest first, beside the contract's own.
var columnNames = map[string][]string{
	"case_number": words("saksnr saksnummer case_no caseno number"), "status": words("tilstand state"),
	"phase": words("fase steg stage trinn step"), "legal_step": words("rettsskritt rettslig_steg court_step"),
	"description": words("gjelder beskrivelse descr details"), "creditor_reference": words("oppdragsgivers_ref client_ref client_reference fakturanr invoice_no"),
	"opened_on": words("registrert opprettet opened opened_at created created_at registered"), "due_on": words("frist forfall forfallsdato due due_date deadline"),
	"closed_on": words("avsluttet lukket closed closed_at closed_date"), "principal_ore": words("hovedstol principal principal_amount original_amount"),
	"prior_interest_ore": words("tidligere_renter prior_interest"), "interest_from": words("rente_fra interest_start interest_from_date"),
	"rate_basis_points": words("rentesats avtalerente interest_rate agreed_rate"), "agreement_from": words("avtale_fra"),
	"agreement_group": words("avtalegruppe"), "kid": words("payment_reference betalingsreferanse payment_ref"),
	"account": words("kontonr kontonummer account_no bank_account"), "payee": words("betalingsmottaker payee_name"),
	"kind": words("type slag aarsak category reason"), "name": words("navn full_name"),
	"org_number":  words("orgnr organisasjonsnummer org_no company_no organisation_number registration_no"),
	"national_id": words("fnr fodselsnummer personnummer nin ssn national_identity_number"), "email": words("epost e_mail mail"),
	"phone": words("telefon tlf mobil mobile"), "website": words("nettsted url web"), "postal_address": words("postadresse address"),
	"street_address": words("adresse gateadresse street address address_line"), "postal_code": words("postnr postnummer zip zip_code postcode"),
	"city": words("poststed town"), "language": words("maalform sprak lang"), "trade": words("bransje industry sector"),
	"since": words("fra from start start_date from_date"), "until": words("til to end end_date to_date"),
	"scheduled_on": words("dato date planned_on planned_date"), "amount_ore": words("belop amount sum total"),
	"incurred_on": words("palopt dato date charged_on posted_on"), "waived_on": words("kreditert ettergitt waived cancelled_on"),
	"legal_basis": words("hjemmel"), "received_on": words("valutert betalt_dato value_date paid_on payment_date received"),
	"registered_at": words("registrert booked_at created_at booked"), "channel": words("kanal method sent_by"),
	"sent_on": words("sendt sent sent_date"), "title": words("tittel heading subject"), "media_type": words("mime_type content_type"),
	"byte_size": words("storrelse size bytes"), "created_at": words("opprettet created"), "component": words("part element"),
	"monthly_amount_ore": words("maanedsbelop monthly_amount"), "started_on": words("startet started start_date"),
	"ended_on": words("avsluttet ended end_date"), "number": words("nr linjenr no seq line_no sequence"), "fee_ore": words("gebyr fee"),
	"paid_on": words("betalt paid paid_date"), "statement": words("tekst text body"), "submitted_at": words("mottatt received submitted"),
	"decided_on": words("avgjort decided"), "reply": words("svar answer"), "disputed_amount_ore": words("bestridt disputed"),
	"sender": words("retning direction"), "subject": words("emne"), "body": words("tekst text"), "sent_at": words("sendt sent"),
	"read_at": words("lest read"), "requested_at": words("mottatt requested"), "valid_from": words("gjelder_fra from_date"),
	"valid_until": words("gjelder_til valid_to to_date"), "revoked_at": words("tilbakekalt revoked"),
	"attorney_national_id": words("fullmektig_fnr attorney_nin"), "attorney_org_number": words("fullmektig_orgnr attorney_org_no"),
	"attorney_name": words("fullmektig_navn"), "issued_on": words("fakturadato invoice_date issued"),
	"invoice_number": words("fakturanr invoice_no"), "basis_points": words("prosent percent rate"), "source": words("kilde"),
	"min_instalment_ore": words("minste_avdrag min_instalment"), "max_instalments": words("maks_antall_avdrag"),
	"instalment_fee_ore": words("avdragsgebyr instalment_fee"), "setup_fee_ore": words("avdragssalaer setup_fee"),
	"setup_free_instalments": words("salaerfrie_avdrag"), "max_deferral_days": words("maks_utsettelse"),
	"deferral_fee_ore": words("utsettelsesgebyr deferral_fee"), "reason": words("begrunnelse"),
	"cost_before_ore": words("kostnad_uten"), "cost_after_ore": words("kostnad_med"), "reasons": nil,
}

// assign gives each relation the table whose name is likeliest, and each table to one relation.
func assign(tables []*table) map[string]*table {
	given := map[string]*table{}
	var taken []*table
	for rank := range 12 {
		for _, r := range spec.Relations {
			names := tableNames[r.Name]
			if given[r.Name] != nil || rank >= len(names) {
				continue
			}
			for _, t := range tables {
				if !slices.Contains(taken, t) && named(t.name, names[rank]) {
					given[r.Name], taken = t, append(taken, t)
					break
				}
			}
		}
	}
	return given
}

// named compares a table's name with one that is looked for, in the plural too.
func named(have, want string) bool {
	have = strings.TrimPrefix(strings.TrimPrefix(plain(have), "tbl"), "tb")
	return have == want || have == want+"s" || have == want+"es" || have == want+"er" || have == want+"r" ||
		strings.HasSuffix(want, "y") && have == strings.TrimSuffix(want, "y")+"ies"
}

// find returns the column of a table that is likeliest to be what the contract calls a name.
func (t *table) find(name string) (column, bool) {
	unit := strings.TrimSuffix(name, "_ore")
	for _, want := range append([]string{plain(name), plain(unit)}, columnNames[name]...) {
		for _, suffix := range []string{"", "ore", "cent", "cents", "amount"} {
			for _, c := range t.columns {
				if have := plain(c.name); have == want+suffix {
					return c, true
				}
			}
		}
	}
	return column{}, false
}
