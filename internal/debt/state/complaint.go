package state

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
)

// Complaint is the states of a complaint about the agency ([debt.ComplaintStatus]).
var Complaint = Machine{
	Name: "Complaint", Norwegian: "klage på inkassoforetaket",
	About: "One waits in a case at a time, also in a case that is closed. It stops nothing.",
	Transitions: slices.Concat(
		[]Transition{{From: None, To: string(debt.ComplaintReceived), Step: complain}},
		decided("answer_complaint", debt.ComplaintReceived, debt.AnswerUphold, debt.AnswerPartly, debt.AnswerReject),
		anew(complain, debt.ComplaintReceived, debt.ComplaintUpheld, debt.ComplaintPartlyUpheld, debt.ComplaintRejected),
	),
	Refusals: []Refusal{
		{Act: "submit_complaint", Reason: "COMPLAINT_EXISTS"},
		{Act: "answer_complaint", Reason: "ALREADY_DECIDED"},
	},
}

var complain = Step{Act: "submit_complaint"}
