package state

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
)

// Objection is the states of an objection ([debt.ObjectionStatus]).
var Objection = Machine{
	Name: "Objection", Norwegian: "innsigelse",
	About: "One runs in a case at a time. While it is RECEIVED or UNDER_REVIEW the case has a hold DISPUTED. What is UPHELD has closed its case.",
	Transitions: slices.Concat(
		[]Transition{
			{From: None, To: string(debt.ObjectionReceived), Step: Step{Act: "submit_objection"}},
			{From: string(debt.ObjectionReceived), To: string(debt.ObjectionUnderReview), Step: Step{When: "the agency looks into it"}},
		},
		runningObjection(debt.ObjectionReceived), runningObjection(debt.ObjectionUnderReview),
		anew(Step{Act: "submit_objection"}, debt.ObjectionReceived, debt.ObjectionPartlyUpheld, debt.ObjectionRejected,
			debt.ObjectionToBoard, debt.ObjectionWithdrawn),
	),
	Refusals: []Refusal{
		{Act: "submit_objection", From: []string{string(debt.ObjectionUpheld)}, Reason: "CASE_CLOSED"},
		{Act: "submit_objection", Reason: "OBJECTION_EXISTS"},
		{Act: "add_to_objection", Reason: "OBJECTION_DECIDED"},
		{Act: "withdraw_objection", Reason: "OBJECTION_DECIDED"},
		{Act: "decide_objection", Reason: "ALREADY_DECIDED"},
	},
}

// runningObjection: the state after a decision has the name of the decision.
func runningObjection(from debt.ObjectionStatus) []Transition {
	return append([]Transition{
		{From: string(from), To: string(from), Step: Step{Act: "add_to_objection"}},
		{From: string(from), To: string(debt.ObjectionWithdrawn), Step: Step{Act: "withdraw_objection"}},
	}, decided("decide_objection", from, debt.Uphold, debt.InPart, debt.Reject, debt.ToBoard)...)
}
