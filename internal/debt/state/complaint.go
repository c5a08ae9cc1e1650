package state

import "github.com/oversikt/oversikt/internal/debt"

// Complaint is the states of a complaint about the agency ([debt.ComplaintStatus]).
var Complaint = Machine{
	Name: "Complaint", Norwegian: "klage på inkassoforetaket",
	About: "One waits in a case at a time, also in a case that is closed. It stops nothing.",
	Transitions: []Transition{
		{From: None, To: complaintReceived, Step: Step{Act: "submit_complaint"}},
		answered(debt.AnswerUphold), answered(debt.AnswerPartly), answered(debt.AnswerReject),
		complainsAgain(debt.ComplaintUpheld), complainsAgain(debt.ComplaintPartlyUpheld),
		complainsAgain(debt.ComplaintRejected),
	},
	Refusals: []Refusal{
		{Act: "submit_complaint", Reason: "COMPLAINT_EXISTS"},
		{Act: "answer_complaint", Reason: "ALREADY_DECIDED"},
	},
}

const complaintReceived = string(debt.ComplaintReceived)

func answered(how debt.ComplaintOutcome) Transition {
	return Transition{From: complaintReceived, To: string(how), Step: Step{"answer_complaint", string(how)}}
}

func complainsAgain(after debt.ComplaintStatus) Transition {
	return Transition{From: string(after), To: complaintReceived, Step: Step{Act: "submit_complaint"}, Anew: true}
}
