package service

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

func newKey() string { return uuid.NewString() }

const fjordsBooks = `
	insert into core.debtor (debtor_id, national_id, name) values (9000, '17912099997', 'Ada Strand');
	insert into core.creditor (creditor_id, name) values (9000, 'Kystkraft AS');
	insert into core.case (case_id, case_number, debtor_id, creditor_id, phase, description, opened_on, due_on,
		principal_ore, interest_from, agreement_from, kid, account, payee)
	values (9000, '100500', 9000, 9000, 'COLLECTION_WARNING', 'Strøm', '2025-02-03', '2025-02-17', 800000,
		'2025-01-20', '2025-02-18', '1005005', '97101010100', 'Fjord Inkasso AS');
	insert into core.fee (case_id, kind, amount_ore, incurred_on) values (9000, 'COLLECTION_WARNING', 3500, '2025-02-03');
	insert into core.letter (case_id, kind, title, channel, sent_on, due_on, amount_ore)
	values (9000, 'COLLECTION_WARNING', 'Inkassovarsel', 'POST', '2025-02-03', '2025-02-17', 803500);
	insert into core.scheduled_cost values (9000, '2025-02-18', 'LIGHT_FEE', 56000),
		(9000, '2025-04-01', 'HEAVY_FEE', 56000)`

const tradisjonsBooks = `
	insert into inkasso.skyldner (skyldner_id, fnr, fornavn, etternavn)
	values ('00000000-0000-0000-0000-000000009000', '17912099997', 'Ada', 'Strand');
	insert into inkasso.fordringshaver (fordringshaver_id, navn)
	values ('00000000-0000-0000-0000-000000009001', 'Tråd og Tre AS');
	insert into inkasso.sak (saksnr, skyldner_id, fordringshaver_id, status, gjelder, registrert, frist, rente_fra,
		avtale_fra, kid, kontonr, betalingsmottaker)
	values ('25-0000500-0', '00000000-0000-0000-0000-000000009000', '00000000-0000-0000-0000-000000009001', 20,
		'Spisebord', '2025-03-03', '2025-03-31', '2025-03-03', '2025-04-01', '2500005000',
		'97202020201', 'Tradisjonsinkasso AS');
	insert into inkasso.fordring values ('25-0000500-0', 1, 'H', 'F-500', '2025-02-01', '2025-03-03', 3000);
	insert into inkasso.salaer (saksnr, type, belop, dato) values ('25-0000500-0', 2, 35, '2025-03-17');
	insert into inkasso.planlagt_kostnad values ('25-0000500-0', '2025-04-01', 11, 560)`

// TestYear is a debtor's year: what one person asks for and what two agencies do, day after day.
// Every figure is worked by hand. Interest is 12.50 % a year until June and 12.25 % from July 2025,
// days over 365, summed exactly and rounded down once: øre × basis points × days / 3,650,000.
func TestYear(t *testing.T) {
	t.Parallel()
	c := newCalendar(t)
	c.book(people.Fjord, fjordsBooks)
	c.book(people.Tradisjon, tradisjonsBooks)
	for _, part := range []struct {
		name string
		tell func(*testing.T)
	}{
		{"warning and demand", c.demanded}, {"deferral", c.deferred}, {"plan", c.planned},
		{"objection at another agency", c.objected}, {"first instalment", c.begun}, {"decision", c.decided},
		{"complaint there", c.complained}, {"breach", c.broken}, {"receipt", c.proved},
		{"new plan", c.plannedAnew}, {"settlement", c.settled},
	} {
		if !t.Run(part.name, part.tell) {
			t.Fatal("the rest stands on this")
		}
	}
}

// story makes a calendar speak for a part of the year, which the later parts stand on.
func (c *calendar) story(t *testing.T, day string) {
	t.Helper()
	c.t = t
	c.on(day)
}

func (c *calendar) demanded(t *testing.T) {
	c.story(t, firstDay)
	// 14 days of 8,000: 800,000 × 1,250 × 14 / 3,650,000 = 3,835.6 øre. The warning costs a twentieth of 700.
	c.shows(plan, map[string]string{"balance.total.amount": "8073.35", "balance.interest.amount": "38.35",
		"balance.fees.amount": "35.00", "nextCost.on": "2025-02-18", "nextCost.amount.amount": "560.00"})

	c.story(t, "2025-02-18")
	c.book(people.Fjord, `
		update core.case set phase = 'PAYMENT_DEMAND', due_on = '2025-03-04' where case_id = 9000;
		insert into core.fee (case_id, kind, amount_ore, incurred_on) values (9000, 'LIGHT_FEE', 56000, '2025-02-18');
		delete from core.scheduled_cost where case_id = 9000 and kind = 'LIGHT_FEE';
		insert into core.letter (case_id, kind, title, channel, sent_on, due_on, amount_ore)
		values (9000, 'PAYMENT_DEMAND', 'Betalingsoppfordring', 'POST', '2025-02-18', '2025-03-04', 867445)`)
	// 29 days: 7,945.2 øre.
	c.shows(plan, map[string]string{"phase": "PAYMENT_DEMAND", "balance.total.amount": "8674.45",
		"balance.interest.amount": "79.45", "nextCost.on": "2025-04-01", "nextCost.kind": "HEAVY_FEE"})
}

func (c *calendar) deferred(t *testing.T) {
	c.story(t, "2025-02-20")
	c.act(c.ask, "requestDeferral", map[string]any{"caseId": c.cases[plan], "until": "2025-03-06"})
	// The heavy fee moves by the 14 days. 31 days of interest: 8,493.1 øre.
	c.shows(plan, map[string]string{"balance.total.amount": "8679.93", "nextCost.on": "2025-04-15",
		"nextCost.amount.amount": "560.00"})
}

func (c *calendar) planned(t *testing.T) {
	c.story(t, "2025-03-10")
	terms := map[string]any{"caseIds": []string{c.cases[plan]}, "monthlyAmount": "2400", "firstDueOn": "2025-04-02"}
	quote := c.ask(`query($input: QuoteInstalmentPlanInput!) { quoteInstalmentPlan(input: $input) { decision plan {
		total { amount } fees { amount } interest { amount } lastDay
		instalments { dueOn amount { amount } remaining { amount } } } userErrors { code } } }`,
		map[string]any{"input": terms})
	// Costs of 595 and 65 for each instalment, interest from 20 January, and what is left of the claim:
	//  2 April, 72 days of 8,000: 19,726.0 øre. 2,400 - 660 - 197.26 = 1,542.74; 6,457.26 is left
	//  2 May, 30 days: to 26,360.1. 2,400 - 65 - 66.34 = 2,268.66; 4,188.60
	//  2 June, 31 days: to 30,807.0. 2,400 - 65 - 44.47 = 2,290.53; 1,898.07
	//  2 July, 29 days and one at the new rate: to 32,755.7. 1,898.07 + 65 + 19.48 = 1,982.55.
	// Of the interest, 327.55, Ada owes 134.24 today.
	for path, want := range map[string]string{
		"decision": "AT_ONCE", "plan.total.amount": "9182.55", "plan.fees.amount": "260.00", "plan.interest.amount": "193.31",
		"plan.lastDay": "2025-07-02", "plan.instalments.0.remaining.amount": "6457.26",
		"plan.instalments.2.remaining.amount": "1898.07", "plan.instalments.3.amount.amount": "1982.55",
	} {
		if got := quote.at("quoteInstalmentPlan." + path); got != want {
			t.Errorf("%s is %s, not %s", path, got, want)
		}
	}
	terms["total"] = quote.at("quoteInstalmentPlan.plan.total.amount")
	c.act(c.ask, "applyForInstalmentPlan", terms)
	c.shows(plan, map[string]string{"agreement.status": "ACTIVE", "agreement.nextInstalment.dueOn": "2025-04-02",
		"agreement.nextInstalment.amount.amount": "2400.00"})
}

func (c *calendar) begun(t *testing.T) {
	c.story(t, "2025-04-02")
	c.instalment("2025-04-02")
	c.paid(240000)
	c.shows(plan, map[string]string{"balance.total.amount": "6457.26", "balance.principal.amount": "6457.26",
		"agreement.nextInstalment.number": "2", "agreement.warnedOn": "-"})
}

// instalment is what the agency books on the day of one: its fee.
func (c *calendar) instalment(day string) {
	c.book(people.Fjord, `with due as (delete from core.scheduled_cost
			where case_id = 9000 and kind = 'INSTALMENT_FEE' and scheduled_on = $1 returning amount_ore)
		insert into core.fee (case_id, kind, amount_ore, incurred_on)
		select 9000, 'INSTALMENT_FEE', amount_ore, $1 from due`, day)
}

// paid is what the bank tells the agency.
func (c *calendar) paid(øre int) {
	c.book(people.Fjord, `insert into core.payment (case_id, amount_ore, received_on, channel)
		values (9000, $1, core.today(), 'BANK')`, øre)
}

func (c *calendar) objected(t *testing.T) {
	c.story(t, "2025-03-20")
	// 17 days of 3,000: 1,746.5 øre.
	c.shows(protest, map[string]string{"balance.total.amount": "3052.46", "nextCost.on": "2025-04-01"})
	c.act(c.ask, "submitObjection", map[string]any{"caseId": c.cases[protest], "reasons": []string{"WRONG_AMOUNT"},
		"statement": "Bordet kom med en ripe.", "disputedAmount": "1000", "contactWithCreditor": true})
	c.shows(protest, map[string]string{"objections.0.status": "RECEIVED", "nextCost.on": "-"})
}

func (c *calendar) decided(t *testing.T) {
	c.story(t, "2025-04-10")
	c.decide(people.Tradisjon, "OBJECTION", "decideObjection", map[string]any{"decision": "PARTLY_UPHELD",
		"reduction": "800", "text": "Du får prisavslag for ripen.", "creditorStandpoint": "Vi godtar 800 kroner."})
	// 38 days of 2,200, since the claim was never more: 2,863.0 øre. The new deadline is in 14 days; no cost comes
	// before it has passed.
	c.shows(protest, map[string]string{"objections.0.status": "PARTLY_UPHELD", "objections.0.decidedOn": "2025-04-10",
		"objections.0.creditorStandpoint": "Vi godtar 800 kroner.", "balance.principal.amount": "2200.00",
		"balance.total.amount": "2263.63", "nextCost.on": "2025-04-25", "nextCost.amount.amount": "560.00"})
	c.story(t, "2025-04-11") // the hold's last day is that of the decision
	c.shows(protest, map[string]string{"dueOn": "2025-04-24", "balance.total.amount": "2264.38"})
}

func (c *calendar) broken(t *testing.T) {
	c.story(t, "2025-05-02")
	c.instalment("2025-05-02")
	c.story(t, "2025-05-05")
	// 33 days of 6,457.26 since 2 April: 7,297 øre.
	c.shows(plan, map[string]string{"agreement.status": "ACTIVE", "agreement.warnedOn": "2025-05-03",
		"agreement.breachOn": "2025-05-17", "balance.total.amount": "6595.23", "balance.interest.amount": "72.97"})

	c.story(t, "2025-05-19")
	// 47 days: 10,393 øre. The heavy fee comes 68 days later than on 15 April: so long did the plan stand.
	c.shows(plan, map[string]string{"agreement.status": "BREACHED", "balance.total.amount": "6626.19",
		"balance.interest.amount": "103.93",
		"balance.fees.amount":     "65.00", "nextCost.kind": "HEAVY_FEE", "nextCost.on": "2025-06-22",
		"nextCost.amount.amount": "560.00"})
}

func (c *calendar) complained(t *testing.T) {
	c.story(t, "2025-04-22")
	c.act(c.ask, "submitComplaint", map[string]any{"caseId": c.cases[protest], "categories": []string{"COSTS"},
		"statement": "Varselet kom etter at jeg hadde protestert."})
	c.shows(protest, map[string]string{"complaints.0.status": "RECEIVED", "complaints.0.answerBy": "2025-04-29"})

	c.story(t, "2025-04-28")
	c.decide(people.Tradisjon, "COMPLAINT", "answerComplaint", map[string]any{"outcome": "UPHELD",
		"text": "Gebyret for varselet er slettet."})
	c.book(people.Tradisjon, `update inkasso.salaer set kreditert = '2025-04-28' where saksnr = '25-0000500-0'`)
	// 56 days of 2,200: 4,219.1 øre, and no fee any more.
	c.shows(protest, map[string]string{"complaints.0.status": "UPHELD", "complaints.0.answeredOn": "2025-04-28",
		"balance.total.amount": "2242.19", "balance.fees.amount": "0.00"})
}

// proved: Ada has paid 500 straight to the creditor on 5 May.
func (c *calendar) proved(t *testing.T) {
	c.story(t, "2025-05-19")
	statement := c.ask(`query($id: ID!) { case: node(id: $id) { ... on Case { statement { document { link } } } } }`,
		map[string]any{"id": c.cases[protest]})
	file := c.download(statement.at("case.statement.document.link"))
	c.act(c.ask, "submitReceipt", map[string]any{"caseId": c.cases[protest], "kind": "TO_CREDITOR", "paidOn": "2025-05-05",
		"amount": "500", "files": []map[string]any{{"mediaType": "PDF",
			"base64": base64.StdEncoding.EncodeToString([]byte(file))}}})
	c.shows(protest, map[string]string{"receipts.0.status": "RECEIVED"})
	c.decide(people.Tradisjon, "RECEIPT", "decideReceipt", map[string]any{"decision": "ACCEPTED", "effect": "BOOK_PAYMENT",
		"costs": "KEEP"})
	// 63 days of 2,200 and 14 of 1,700: 5,561.6 øre.
	c.shows(protest, map[string]string{"receipts.0.status": "ACCEPTED", "receipts.0.decidedOn": "2025-05-19",
		"balance.principal.amount": "1700.00", "balance.total.amount": "1755.61"})

	pack := c.ask(`query($id: ID!) { case: node(id: $id) { ... on Case {
		proofPack { pdf { link } json { link } } } } }`,
		map[string]any{"id": c.cases[protest]})
	if pdf := c.download(pack.at("case.proofPack.pdf.link")); !strings.HasPrefix(pdf, "%PDF-") {
		t.Errorf("no PDF: %.40s", pdf)
	}
	for _, said := range []string{"Bordet kom med en ripe.", "Vi godtar 800 kroner.",
		"Gebyret for varselet er slettet.", `"paidOn": "2025-05-05"`} {
		if proof := c.download(pack.at("case.proofPack.json.link")); !strings.Contains(proof, said) {
			t.Errorf("nothing proves %q", said)
		}
	}
}

func (c *calendar) plannedAnew(t *testing.T) {
	c.story(t, "2025-05-20")
	// 18 June, 77 days of 6,457.26: to 36,753.7 øre; 130 for May and June. 2,400 - 130 - 170.27 = 2,099.73;
	//          4,357.53 is left
	// 18 July, 13 and 17 days: to 41,179.9. 2,400 - 65 - 44.26 = 2,290.74; 2,066.79
	// 18 August, 31 days: to 43,330.2. 2,066.79 + 65 + 21.51 = 2,153.30
	c.act(c.ask, "applyForInstalmentPlan", map[string]any{"caseIds": []string{c.cases[plan]}, "monthlyAmount": "2400",
		"firstDueOn": "2025-06-18", "total": "6953.30"})
	c.shows(plan, map[string]string{"agreement.status": "ACTIVE", "nextCost.kind": "INSTALMENT_FEE"})

	c.story(t, "2025-06-18")
	c.instalment("2025-06-18")
	c.paid(240000)
	c.shows(plan, map[string]string{"balance.total.amount": "4357.53"})

	c.story(t, "2025-07-18")
	c.instalment("2025-07-18")
	c.paid(240000)
	c.shows(plan, map[string]string{"balance.total.amount": "2066.79", "agreement.nextInstalment.number": "3",
		"agreement.nextInstalment.amount.amount": "2153.30"})
}

func (c *calendar) settled(t *testing.T) {
	c.story(t, "2025-08-01")
	// 14 days of 2,066.79 at the new rate: 972 øre.
	c.shows(plan, map[string]string{"balance.total.amount": "2076.51", "balance.interest.amount": "9.72",
		"closingProof": "-"})
	c.paid(207651)
	c.book(people.Fjord, `
		update core.case set status = 'CLOSED', phase = 'CLOSED', closed_on = '2025-08-01' where case_id = 9000;
		update core.agreement set status = 'COMPLETED', ended_on = '2025-08-01'
		where debtor_id = 9000 and status = 'ACTIVE'`)
	// 3 instalments of 2,400, and the rest.
	c.shows(plan, map[string]string{"status": "CLOSED", "balance.total.amount": "0.00",
		"closingProof.closedOn": "2025-08-01", "closingProof.paid.amount": "9276.51", "closingProof.paidInFull": "true"})
}
