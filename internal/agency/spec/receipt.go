package spec

import "github.com/oversikt/oversikt/internal/debt"

// onReceipts are a debtor's proof of a payment, and the decision on it.
var onReceipts = []Function{
	act(Function{
		Name: "submit_receipt", Norwegian: "kvittering for betaling",
		Shown: []string{"receipt"},
		About: "Registers the debtor's proof of a payment in a case that is open. It becomes a row of receipt that is RECEIVED, and stands in queue_item until it is decided. " +
			"The portal has looked through the files, keeps them, and shows them to your case workers. It stops nothing by itself. A case has one receipt at a time that is not decided.",
		Input: []Column{
			text("case_id", "Key of the case.").example(`"1001"`),
			coded("kind", receiptKinds, "Whom the debtor has paid: TO_AGENCY or TO_CREDITOR.").example(`"TO_CREDITOR"`),
			date("paid_on", "The day of the payment, not after today.").example(`"2026-02-20"`),
			øre("amount_ore", "What was paid, more than nothing.").example(`125000`),
			text("statement", "The debtor's own words, at most 4,000 signs.").null("none").example(`"Betalt i nettbanken."`),
			whole("files", "", "How many files the portal keeps of it: 1 to 5.").example(`1`),
		},
		Result: []Column{
			text("receipt_id", "Your key of it, as text.").example(`"51"`),
		},
		Reasons: reasons("to refuse a receipt", "INVALID_INPUT", "NOT_FOUND", "CASE_CLOSED", "RECEIPT_EXISTS"),
	}),
	act(Function{
		Name: "decide_receipt", Norwegian: "behandling av kvittering", Staff: true,
		Shown: []string{"receipt", "queue_item", "case", "payment", "payment_allocation", "fee", "scheduled_cost", "agreement"},
		About: "Decides a receipt that is RECEIVED. The row of receipt gets the decision as its status, decided_on and reply, and its row of queue_item goes. " +
			"With BOOK_PAYMENT and CLOSE_CASE the amount becomes a payment of the day paid_on, TO_CREDITOR where the debtor paid the creditor. " +
			"CLOSE_CASE also closes the case: what is planned goes, and an agreement of this case alone ends; one of several cases refuses it. " +
			"Costs are reversed as costs says: their rows of fee get waived_on; those of courts and of enforcement stay.",
		Input: []Column{
			text("receipt_id", "Your key of it, as text.").example(`"51"`),
			coded("decision", receiptDecisions, "The decision.").example(`"ACCEPTED"`),
			øre("amount_ore", "How much of it was paid, less than the whole, with PARTLY alone.").null("with another decision").example(`null`),
			coded("effect", receiptEffects, "What becomes of the case.").null("with REJECTED").example(`"CLOSE_CASE"`),
			coded("costs", costReversals, "Which costs are reversed.").null("with REJECTED").example(`"REVERSE_LATER"`),
			text("reply", "What the debtor is told, at most 2,000 signs.").null("nothing, with ACCEPTED alone").
				example(`"Betalingen er registrert."`),
		},
		Reasons: reasons("to refuse a decision on a receipt", "INVALID_INPUT", "NOT_FOUND", "ALREADY_DECIDED", "TOO_MUCH", "CASE_CLOSED",
			"AGREEMENT_EXISTS"),
	}),
}

var (
	receiptKinds     = list("Kind of receipt (hvem som er betalt)", debt.ReceiptKinds, asOther)
	receiptStatuses  = list("State of a receipt (kvitteringsstatus)", debt.ReceiptStatuses, asOther)
	receiptDecisions = list("Decision on a receipt (behandling av kvittering)", debt.ReceiptDecisions, undone)
	receiptEffects   = list("Effect of a receipt (virkning for saken)", debt.ReceiptEffects, undone)
	costReversals    = list("Costs that are reversed (kostnader som slettes)", debt.CostReversals, undone)
)
