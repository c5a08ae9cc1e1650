package spec

import "github.com/oversikt/oversikt/internal/debt"

// atDesk are what case workers decide. Each is decided once.
var atDesk = []Function{
	act(Function{
		Name: "decide_deferral", Norwegian: "avgjørelse av betalingsutsettelse", Staff: true,
		Shown: []string{"deferral", "queue_item"},
		About: "Grants or refuses more time that was asked for and is REQUESTED. The case is locked, and the first reason that applies refuses it, in the order of the list; what concerns the case applies to a grant alone. " +
			"A grant is like that of request_deferral, from today: the row of deferral becomes GRANTED with its day, there is a hold DEFERRED until then, the scheduled costs of the case move by the days that are left, and the fee is added that request_deferral would add. " +
			"A refusal makes it REFUSED, and the case goes on. Either way the row has decided_on and reply, and its row of queue_item goes.",
		Input: []Column{
			text("deferral_id", "Your key of it, as text.").example(`"77"`),
			coded("decision", decisions, "What the case worker has decided.").example(`"GRANT"`),
			date("until", "The last day on which the case stands still, after today.").null("the day that was asked for, or a refusal"),
			text("reply", "What the debtor is told, at most 2,000 signs.").null("nothing; then it is a grant").example(`"Innvilget til lønning."`),
		},
		Reasons: reasons("to refuse a decision", "INVALID_INPUT", "NOT_FOUND", "ALREADY_DECIDED", "CASE_CLOSED", "DISPUTED",
			"AGREEMENT_EXISTS"),
	}),
	act(Function{
		Name: "decide_instalment_plan", Norwegian: "avgjørelse av søknad om nedbetalingsavtale", Staff: true,
		Shown: []string{"agreement", "agreement_case", "instalment", "queue_item"},
		About: "Grants or refuses an instalment plan that was asked for and is REQUESTED. Its cases are locked, and the first reason that applies refuses it, in the order of the list; what comes after ALREADY_DECIDED applies to a grant alone. " +
			"A grant is like that of apply_for_instalment_plan, from today: the agreement becomes ACTIVE. With instalments it has those, reckoned from what the cases owe now, and not those that were asked for. " +
			"Here policy.min_instalment_ore and the 92 days do not bind, and policy.plan_longest stands in the place of policy.max_instalments. " +
			"A refusal makes it REFUSED, and nothing else changes. Either way it has decided_on and reply, and its row of queue_item goes.",
		Input: []Column{
			text("agreement_id", "Your key of the agreement, as text.").example(`"31"`),
			coded("decision", decisions, "What the case worker has decided.").example(`"GRANT"`),
			instalments("The instalments that are granted, in order.").null("those that were asked for, or a refusal"),
			text("reply", "What the debtor is told, at most 2,000 signs.").null("nothing; then it is a grant").
				example(`"Innvilget til du har ferie."`),
		},
		Reasons: reasons("to refuse a decision on a plan", "INVALID_INPUT", "NOT_FOUND", "ALREADY_DECIDED", "CASE_CLOSED",
			"DISPUTED", "AGREEMENT_EXISTS", "INVALID_TERMS", "NOT_THE_POLICY"),
	}),
	act(Function{
		Name: "decide_objection", Norwegian: "avgjørelse av innsigelse", Staff: true,
		Shown: []string{"objection", "queue_item"},
		About: "Decides an objection that is RECEIVED or UNDER_REVIEW. The case is locked, and the first reason that applies refuses it, in the order of the list. " +
			"The objection takes the decision as its status, with decided_on, reply and creditor_standpoint; the last day of its hold DISPUTED is today, and its row of queue_item goes. " +
			"UPHELD closes the case today, and no cost comes any more. An agreement that runs and has no other open case is CANCELLED today; one that is REQUESTED leaves nothing. " +
			"PARTLY_UPHELD takes the reduction off case.principal_ore and off the invoices in claim_item, so that their sum is the principal: which ones is yours to say, and the reference takes the latest first. It was never owed, so no interest runs on it, nor has. " +
			"Then, and after REJECTED, collection goes on: case.due_on is the new deadline, and the scheduled costs that the objection stopped come back, all of them as many days later as it has stood, or later, so that the first comes after the deadline. " +
			"TO_BOARD brings the case before the conciliation board: phase LEGAL, legal_step CONCILIATION, no deadline, and what was stopped does not come back. " +
			"Where an agreement runs and one of its cases stays open, instalments replaces those of it that are not paid, as in change_instalment_plan but for its bounds: it uses up nothing, and neither policy nor today binds it. Its fees are the first open case's, agreement.changed_on is today, and what it took away of the closed case never comes back. " +
			"In a case that is closed meanwhile UPHELD and REJECTED answer the objection alone.",
		Input: []Column{
			text("objection_id", "Your key of it, as text.").example(`"12"`),
			coded("decision", objectionDecisions, "What the case worker has decided.").example(`"PARTLY_UPHELD"`),
			øre("reduction_ore", "How much is taken off the principal: less than what is not paid of it.").
				null("it is not PARTLY_UPHELD").example("50000"),
			date("deadline", "The new last day to pay, at least 14 days from today (as inkassoloven § 10 has it for a demand).").
				null("the earliest, or nothing is collected"),
			text("reply", "What the debtor is told, at most 2,000 signs.").null("nothing; then it is UPHELD").
				example(`"Fakturaen er rettet."`),
			text("creditor_standpoint", "What the creditor says to it, at most 2,000 signs.").null("nothing").
				example(`"Varen ble levert 3. november."`),
			instalments("What is left of the agreement that runs in the case, numbered on from what is paid: what its open cases owe after the decision, where the reduction is off the latest invoices. Without an agreement it changes nothing.").
				null("the agreement stays as it is"),
		},
		Reasons: reasons("to refuse a decision on an objection", "INVALID_INPUT", "NOT_FOUND", "ALREADY_DECIDED", "CASE_CLOSED",
			"BEFORE_COURT", "TOO_MUCH", "INVALID_TERMS"),
	}),
}

var objectionDecisions = list("Decision on an objection (avgjørelse av innsigelse)", debt.ObjectionDecisions, undone)

var decisions = list("Decision of a case worker (avgjørelse)", debt.Decisions, undone)
