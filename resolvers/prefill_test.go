package resolvers_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// wrong is how a case of the law is changed so that it breaks a rule. $ stands for its key.
type wrong struct{ rule, verdict, change, sends string }

// unlawful has a case for each rule. What can be sent is O, an objection, and C, a complaint.
var unlawful = []wrong{
	{"FEE_CAP", "BREACH", "update core.fee set amount_ore = 7000 where case_id = $ and kind = 'REMINDER'", "O C"},
	{"FEE_DAY", "BREACH", "update core.fee set incurred_on = '2026-01-13' where case_id = $ and kind = 'LIGHT_FEE'", "O C"},
	{"FEE_ONCE", "BREACH", "insert into core.fee (case_id, kind, amount_ore, incurred_on) values ($, 'LIGHT_FEE', 60000, '2026-02-01')", "O C"},
	{"LETTER_COUNT", "BREACH", `with l as (insert into core.letter (case_id, kind, title, channel, sent_on, due_on) values ($, 'REMINDER', 'x', 'POST', '2026-01-14', '2026-01-28'))
		insert into core.fee (case_id, kind, amount_ore, incurred_on) values ($, 'REMINDER', 3800, '2026-01-14')`, "O C"},
	{"LETTER_DEADLINE", "BREACH", "update core.letter set due_on = sent_on + 13 where case_id = $ and kind = 'PAYMENT_DEMAND'", "C"},
	{"WARNING", "BREACH", "delete from core.letter where case_id = $ and kind = 'COLLECTION_WARNING'", "O C"},
	{"WARNING", "CANNOT_DECIDE", `with f as (delete from core.fee where case_id = $) delete from core.letter where case_id = $ and kind <> 'PAYMENT_DEMAND'`, "O"},
	{"PAID_IN_TIME", "BREACH", "insert into core.payment (case_id, amount_ore, received_on, channel) values ($, 1100000, '2026-01-13', 'BANK')", "O C"},
	{"COMPENSATION", "BREACH", "insert into core.fee (case_id, kind, amount_ore, incurred_on) values ($, 'STANDARD_COMPENSATION', 46000, '2026-02-01')", "O C"},
	{"VAT", "CANNOT_DECIDE", "update core.fee set amount_ore = 75000 where case_id = $ and kind = 'LIGHT_FEE'", "O"},
	{"INTEREST_START", "BREACH", "update core.case set interest_from = '2025-11-01' where case_id = $", "O"},
	{"INTEREST_RATE", "BREACH", "update core.rate set basis_points = basis_points + 500 where valid_from = '2026-01-01'", "O"},
	{"LIMITATION", "BREACH", `with f as (delete from core.fee where case_id = $), l as (delete from core.letter where case_id = $ and kind <> 'INVOICE'),
		i as (update core.letter set sent_on = '2022-11-17', due_on = '2022-12-01' where case_id = $ and kind = 'INVOICE')
		update core.case set interest_from = '2022-12-01', opened_on = '2022-12-30' where case_id = $`, "O"},
	{"OBJECTION", "CANNOT_DECIDE", "insert into core.objection (case_id, submitted_at) values ($, '2026-01-10')", "C"},
	{"OBJECTION", "BREACH", "insert into core.objection (case_id, submitted_at, status, decided_on) values ($, '2026-01-10', 'UPHELD', '2026-02-01')", "O C"},
	{"SAME_CREDITOR", "BREACH", `with f as (update core.fee set amount_ore = 30000 where case_id = $ and kind = 'LIGHT_FEE')
		update core.case set principal_ore = 100000 where case_id = $`, "O C"},
	{"SAME_CREDITOR", "BREACH", `with f as (update core.fee set amount_ore = 30000 where case_id = $ and kind = 'LIGHT_FEE')
		update core.case set principal_ore = 100000, creditor_id = (select max(creditor_id) - 1 from core.creditor) where case_id = $`, "O C"},
	{"FEE_CAP", "BREACH", `with f as (update core.fee set amount_ore = 7000 where case_id = $ and kind = 'REMINDER')
		update core.case set status = 'CLOSED', phase = 'CLOSED', closed_on = '2026-02-20' where case_id = $`, "C"},
}

// caseByLaw is a case that keeps the law, as a debtor's and of a creditor of its own.
const caseByLaw = `with cr as (insert into core.creditor (name) values ('Kreditor') returning creditor_id),
	k as (insert into core.case (case_number, debtor_id, creditor_id, phase, description, opened_on, principal_ore, interest_from, kid, account, payee)
		select $1, $2::bigint, creditor_id, 'LIGHT_FEE', 'Varer', date '2025-12-30', 1000000, date '2025-12-01', '1', '12345678903', 'K' from cr
		returning case_id),
	l as (insert into core.letter (case_id, title, channel, kind, sent_on, due_on)
		select case_id, 'Brev', 'POST', v.* from k, (values ('INVOICE', date '2025-11-17', date '2025-12-01'),
			('REMINDER', '2025-12-15', '2025-12-29'), ('COLLECTION_WARNING', '2025-12-30', '2026-01-13'),
			('PAYMENT_DEMAND', '2026-01-14', '2026-01-28')) v),
	f as (insert into core.fee (case_id, kind, amount_ore, incurred_on)
		select case_id, v.* from k, (values ('REMINDER', 3500, date '2025-12-15'),
			('COLLECTION_WARNING', 3500, '2025-12-30'), ('LIGHT_FEE', 60000, '2026-01-14')) v)
	select case_id::text from k`

// wrongCases gives a person nobody knows yet a case for each of unlawful, at Fjord, and returns them by number.
func (p *portal) wrongCases(who norway.NationalID) map[string]wrong {
	p.t.Helper()
	conn, ctx := p.databases[people.Fjord].Conn(), p.t.Context()
	var debtor int64
	err := conn.QueryRow(ctx, "insert into core.debtor (national_id, name) values ($1, 'Ny') returning debtor_id",
		who.Reveal()).Scan(&debtor)
	all := map[string]wrong{}
	for i, w := range unlawful {
		number, key := fmt.Sprintf("GALT-%02d", i), ""
		if err == nil {
			err = conn.QueryRow(ctx, caseByLaw, number, debtor).Scan(&key)
		}
		if err == nil {
			_, err = conn.Exec(ctx, strings.ReplaceAll(w.change, "$", key))
		}
		all[number] = w
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return all
}

const prefilled = `{ viewer { cases(first: 100) { nodes { id caseNumber complaints { statement } objections { statement }
	audit { findings { rule verdict prefill {
		objection { caseId reasons disputedAmount statement(language: NN) }
		complaint { caseId categories statement(language: NN) } } } } } } } }`

// prefills sends what each rule fills in, as it is: the agency takes it, and takes no second one.
func (p *portal) prefills(who norway.NationalID, all map[string]wrong) {
	p.t.Helper()
	done := map[string]bool{}
	for number, w := range all {
		f := finding(p.casesBy(who, prefilled, number), w)
		if f == nil {
			p.t.Errorf("%s %s %s: no such finding", number, w.rule, w.verdict)
			continue
		}
		sent := ""
		for member, act := range map[string]string{"objection": "Objection", "complaint": "Complaint"} {
			if input, ok := at(f, "prefill", member).(map[string]any); ok {
				sent += act[:1] + " "
				p.sendsAsItIs(who, number, act, input)
			}
		}
		if got := strings.Fields(sent); !equalSets(got, strings.Fields(w.sends)) {
			p.t.Errorf("%s %s: %v can be sent, want %s", w.rule, w.verdict, got, w.sends)
		}
		if again := at(finding(p.casesBy(who, prefilled, number), w), "prefill"); again != nil {
			p.t.Errorf("%s %s: what was sent can be sent again: %v", w.rule, w.verdict, again)
		}
		done[w.rule] = true
	}
	if len(done) != 14 {
		p.t.Errorf("%d rules of 14 were sent", len(done))
	}
}

// finding returns a case's finding of a rule and verdict.
func finding(c any, w wrong) any {
	for _, f := range at(c, "audit", "findings").([]any) {
		if at(f, "rule") == w.rule && at(f, "verdict") == w.verdict {
			return f
		}
	}
	return nil
}

func equalSets(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// sendsAsItIs sends what was filled in, and has it in the case.
func (p *portal) sendsAsItIs(who norway.NationalID, number, act string, input map[string]any) {
	p.t.Helper()
	statement := input["statement"]
	input["idempotencyKey"] = uuid.NewString()
	a := p.get(who, fmt.Sprintf(`mutation($input: Submit%[1]sInput!) { done: submit%[1]s(input: $input) {
		act { status } userErrors { code field message } } }`, act), map[string]any{"input": input})
	if errs := at(a, "done", "userErrors").([]any); len(errs) > 0 || at(a, "done", "act", "status") != "DONE" {
		p.t.Errorf("%s %s: %v", number, act, a)
	}
	list := at(p.casesBy(who, prefilled, number), strings.ToLower(act)+"s").([]any)
	if said := at(list[len(list)-1], "statement"); said != statement || !strings.Contains(fmt.Sprint(said), " Eg ") {
		p.t.Errorf("%s %s says %v, and was filled in with %v", number, act, said, statement)
	}
}
