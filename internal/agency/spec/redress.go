package spec

import "github.com/oversikt/oversikt/internal/debt"

// onRedress are a debtor's complaint about the agency, and its answer.
var onRedress = []Function{
	act(Function{
		Name: "submit_complaint", Norwegian: "klage på foretaket",
		Shown: []string{"complaint"},
		About: "Registers the debtor's complaint about your conduct or costs in a case, open or closed. It becomes a row of complaint that is RECEIVED, with answer_by seven days from today, and stands in queue_item until it is answered. " +
			"It stops nothing by itself: what is wrong with the claim is an objection. A case has one complaint at a time that is not answered.",
		Input: []Column{
			text("case_id", "Key of the case.").example(`"1001"`),
			coded("categories", complaintCategories, "What the debtor complains about; empty where it is free text alone.").array().example(`["COSTS"]`),
			text("statement", "The debtor's own words, at most 4,000 signs.").null("none; then there is a category").
				example(`"Salæret kom før fristen."`),
			enclosed,
		},
		Result: []Column{
			text("complaint_id", "Your key of it, as text.").example(`"31"`),
			date("answer_by", "The last day for your answer."),
		},
		Reasons: reasons("to refuse a complaint", "INVALID_INPUT", "NOT_FOUND", "COMPLAINT_EXISTS"),
	}),
	act(Function{
		Name: "answer_complaint", Norwegian: "svar på klage", Staff: true,
		Shown: []string{"complaint", "queue_item"},
		About: "Answers a complaint that is RECEIVED, also after its last day. The row of complaint gets the outcome as its status, answered_on and reply, and its row of queue_item goes. " +
			"What is put right because of it, such as a fee that is waived, you do as you do it otherwise.",
		Input: []Column{
			text("complaint_id", "Your key of it, as text.").example(`"31"`),
			coded("outcome", complaintOutcomes, "Whether the debtor was right.").example(`"PARTLY_UPHELD"`),
			text("reply", "What the debtor is told, at most 4,000 signs.").example(`"Salæret er slettet."`),
		},
		Reasons: reasons("to refuse an answer to a complaint", "INVALID_INPUT", "NOT_FOUND", "ALREADY_DECIDED"),
	}),
}

var (
	complaintStatuses   = list("State of a complaint (klagestatus)", debt.ComplaintStatuses, asOther)
	complaintOutcomes   = list("Answer to a complaint (svar på klage)", debt.ComplaintOutcomes, undone)
	complaintCategories = list("Category of a complaint (hva klagen gjelder)", debt.ComplaintCategories, asOther)
)
