// Package complaint complains about the agency (klage), and answers that.
package complaint

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
)

// Exists is of a complaint in a case where one is not answered.
const Exists act.Code = "COMPLAINT_EXISTS"

// mostWords is how long a statement or an answer may be, in characters: the contract's bound.
const mostWords = 4000

// SubmitInput is what is complained about.
type SubmitInput struct {
	act.Keyed
	CaseID     debt.Key                 `json:"caseId"`
	Categories []debt.ComplaintCategory `json:"categories"`
	Statement  *string                  `json:"statement"`
}

type submission struct {
	CaseID     string                   `json:"case_id"`
	Categories []debt.ComplaintCategory `json:"categories"`
	Statement  *string                  `json:"statement"`
}

// Submit complains about the agency, also in a case that is closed. The agency has
// [statute.AnswerDays] to answer.
func Submit(agencies *agency.Registry) *act.Of[SubmitInput] {
	a := &act.Of[SubmitInput]{Act: act.Act{
		Name: "SUBMIT_COMPLAINT", Reach: act.One, Who: access.Debtor | access.CaseLogin | access.AttorneyAct,
		Function: "submit_complaint", Codes: []act.Code{act.NotOffered, act.MayNotAct, Exists, act.Other},
		Fields: act.At("caseId", Exists, act.NotFound),
		Of:     Available, Needs: debt.OfComplaints, Keep: act.Disputable,
	}}
	a.Check = func(_ act.By, in SubmitInput) act.Faults {
		faults := act.CheckText("statement", in.Statement, mostWords)
		if len(in.Categories) == 0 && act.Trimmed(in.Statement) == nil {
			faults = append(faults, act.Fault{Code: act.Invalid, Field: []string{"input", "categories"}, Text: "input.COMPLAINT_ABOUT"})
		}
		return faults
	}
	a.Plan = func(ctx context.Context, by act.By, in SubmitInput) (act.Plan, error) {
		about := append([]debt.ComplaintCategory{}, in.Categories...)
		slices.Sort(about)
		return a.InCase(ctx, agencies, by, in.CaseID, "caseId",
			submission{in.CaseID.ID, slices.Compact(about), act.Trimmed(in.Statement)})
	}
	return a
}

// Available says whether a complaint can be made in a case.
func Available(c *debt.Case) (can act.Availability) {
	if slices.ContainsFunc(c.Complaints, func(x debt.Complaint) bool { return x.Status == debt.ComplaintReceived }) {
		can.Why = Exists
	}
	return can
}

// AnswerInput is what a case worker answers to a complaint.
type AnswerInput struct {
	act.Keyed
	ItemID  debt.Key              `json:"itemId"`
	Outcome debt.ComplaintOutcome `json:"outcome"`
	Text    string                `json:"text"` // what the debtor is told
}

type answer struct {
	ComplaintID string                `json:"complaint_id"`
	Outcome     debt.ComplaintOutcome `json:"outcome"`
	Reply       *string               `json:"reply"`
}

// Answer answers a complaint, once.
func Answer(agencies *agency.Registry) *act.Of[AnswerInput] {
	a := &act.Of[AnswerInput]{Act: act.Act{
		Name: "ANSWER_COMPLAINT", Reach: act.One, Who: act.AtDesk, Function: "answer_complaint",
		Codes:  []act.Code{act.Other},
		Fields: act.At("itemId", act.NotFound, act.AlreadyDecided), Keep: act.Disputable,
	}}
	a.Check = func(_ act.By, in AnswerInput) act.Faults {
		if act.Trimmed(&in.Text) == nil {
			return act.Faults{{Code: act.Invalid, Field: []string{"input", "text"}, Text: "input.ANSWER_EMPTY"}}
		}
		return act.CheckText("text", &in.Text, mostWords)
	}
	a.Plan = func(ctx context.Context, by act.By, in AnswerInput) (act.Plan, error) {
		return a.OfItem(ctx, agencies, by, in.ItemID, "itemId", debt.QueueComplaint, func(subject string) any {
			return answer{subject, in.Outcome, act.Trimmed(&in.Text)}
		})
	}
	return a
}
