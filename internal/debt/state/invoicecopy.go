package state

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
)

// InvoiceCopy is the states of an order of a copy of the invoice ([debt.InvoiceCopyStatus]).
var InvoiceCopy = Machine{
	Name: "InvoiceCopy", Norwegian: "bestilling av fakturakopi",
	About: "One waits in a case at a time, also in a case that is closed. It stops nothing.",
	Transitions: slices.Concat(
		[]Transition{{From: None, To: string(debt.InvoiceCopyOrdered), Step: order}},
		decided("answer_invoice_copy", debt.InvoiceCopyOrdered, debt.CopySent, debt.CopyNoneExists),
		anew(order, debt.InvoiceCopyOrdered, debt.InvoiceCopySent, debt.InvoiceCopyNoneExists),
	),
	Refusals: []Refusal{
		{Act: "order_invoice_copy", Reason: "ORDER_EXISTS"},
		{Act: "answer_invoice_copy", Reason: "ALREADY_DECIDED"},
	},
}

var order = Step{Act: "order_invoice_copy"}
