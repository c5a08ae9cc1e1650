// Package complaint complains about the agency (klage), and answers that.
package complaint

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attachment"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/vault"
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
	Files      []document.Input         `json:"files"`
}

type submission struct {
	CaseID     string                   `json:"case_id"`
	Categories []debt.ComplaintCategory `json:"categories"`
	Statement  *string                  `json:"statement"`
	Files      *int                     `json:"files"`
}

const submitFunction = "submit_complaint"

// Submit complains about the agency, also in a case that is closed. The agency has
// [statute.AnswerDays] to answer.
func Submit(agencies *agency.Registry, taker attachment.Taker) *act.Of[SubmitInput] {
	a := &act.Of[SubmitInput]{Act: act.Act{
		Name: "SUBMIT_COMPLAINT", Reach: act.One, Who: access.Debtor | access.CaseLogin | access.AttorneyAct,
		Function: submitFunction, Codes: []act.Code{act.NotOffered, act.MayNotAct, Exists, act.Other},
		Fields: act.At("caseId", Exists, act.NotFound),
		Of:     Available, Needs: debt.OfComplaints, Keep: act.Disputable,
		Own: taker.Settle(submitFunction, "complaint_id"),
	}}
	a.Plan = func(ctx context.Context, by act.By, in SubmitInput) (act.Plan, error) {
		files, wrong := check(in)
		if len(wrong) > 0 {
			return act.Plan{}, wrong
		}
		about := append([]debt.ComplaintCategory{}, in.Categories...)
		slices.Sort(about)
		plan, err := a.InCase(ctx, agencies, by, in.CaseID, "caseId",
			submission{in.CaseID.ID, slices.Compact(about), act.Trimmed(in.Statement), attachment.Count(files)})
		if err != nil {
			return act.Plan{}, err
		}
		return taker.Take(ctx, plan, files, vault.Place{Kind: vault.Complaint, Act: by.ID, Agency: in.CaseID.Agency,
			Case: in.CaseID.ID}, by.Now)
	}
	return a
}

// check returns the files, and everything that is wrong with what was sent, as far as can be seen in it.
func check(in SubmitInput) ([]vault.File, act.Faults) {
	faults := act.CheckText("statement", in.Statement, mostWords)
	if len(in.Categories) == 0 && act.Trimmed(in.Statement) == nil {
		faults.Invalid("categories", "input.COMPLAINT_ABOUT")
	}
	files, wrong := attachment.Read(in.Files, 0)
	return files, append(faults, wrong...)
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
	a := &act.Of[AnswerInput]{Act: act.DeskAct("ANSWER_COMPLAINT", "answer_complaint", act.Places{}, act.Other)}
	a.Check = func(_ act.By, in AnswerInput) act.Faults {
		return act.CheckReply(&in.Text, mostWords, true, "input.ANSWER_EMPTY")
	}
	a.Plan = func(ctx context.Context, by act.By, in AnswerInput) (act.Plan, error) {
		return a.OfItem(ctx, agencies, by, in.ItemID, debt.QueueComplaint, func(subject string) any {
			return answer{subject, in.Outcome, act.Trimmed(&in.Text)}
		})
	}
	return a
}
