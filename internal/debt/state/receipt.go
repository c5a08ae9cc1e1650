package state

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
)

// Receipt is the states of proof of a payment ([debt.ReceiptStatus]).
var Receipt = Machine{
	Name: "Receipt", Norwegian: "kvittering",
	About: "One waits in a case at a time. It stops nothing. What is ACCEPTED or PARTLY accepted may close its case.",
	Transitions: slices.Concat(
		[]Transition{{From: None, To: string(debt.ReceiptReceived), Step: prove}},
		decided("decide_receipt", debt.ReceiptReceived, debt.AcceptReceipt, debt.AcceptPart, debt.RejectReceipt),
		anew(prove, debt.ReceiptReceived, debt.ReceiptAccepted, debt.ReceiptPartly, debt.ReceiptRejected),
	),
	Refusals: []Refusal{
		{Act: "submit_receipt", Reason: "RECEIPT_EXISTS"},
		{Act: "decide_receipt", Reason: "ALREADY_DECIDED"},
	},
}

var prove = Step{Act: "submit_receipt"}
