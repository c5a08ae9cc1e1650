package state

import "github.com/oversikt/oversikt/internal/debt"

// InvoiceCopy is the states of an order of a copy of the invoice ([debt.InvoiceCopyStatus]).
var InvoiceCopy = Machine{
	Name: "InvoiceCopy", Norwegian: "bestilling av fakturakopi",
	About: "One waits in a case at a time, also in a case that is closed. It stops nothing.",
	Transitions: []Transition{
		{From: None, To: copyOrdered, Step: Step{Act: "order_invoice_copy"}},
		copyAnswered(debt.CopySent), copyAnswered(debt.CopyNoneExists),
		ordersAgain(debt.InvoiceCopySent), ordersAgain(debt.InvoiceCopyNoneExists),
	},
	Refusals: []Refusal{
		{Act: "order_invoice_copy", Reason: "ORDER_EXISTS"},
		{Act: "answer_invoice_copy", Reason: "ALREADY_DECIDED"},
	},
}

const copyOrdered = string(debt.InvoiceCopyOrdered)

func copyAnswered(how debt.CopyOutcome) Transition {
	return Transition{From: copyOrdered, To: string(how), Step: Step{"answer_invoice_copy", string(how)}}
}

func ordersAgain(after debt.InvoiceCopyStatus) Transition {
	return Transition{From: string(after), To: copyOrdered, Step: Step{Act: "order_invoice_copy"}, Anew: true}
}
