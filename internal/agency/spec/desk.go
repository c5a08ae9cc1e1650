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
}

var decisions = list("Decision of a case worker (avgjørelse)", debt.Decisions, undone)
