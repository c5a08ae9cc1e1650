package examples

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/complaint"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/document"
)

func complainable(c *debt.Case) bool { return complaint.Available(c).Why == "" }

var complaints = acttest.Examples[complaint.SubmitInput]{
	Suits: hasCase(complainable),
	Good: func(_ testing.TB, _ *acttest.Site, s *acttest.Somebody) complaint.SubmitInput {
		return complaint.SubmitInput{CaseID: s.Case(complainable).ID, Statement: new("they rang my employer"),
			Categories: []debt.ComplaintCategory{debt.ComplaintSecrecy, debt.ComplaintPressure}, Files: []document.Input{slip}}
	},
	Other: func(in *complaint.SubmitInput) { in.Categories = in.Categories[:1] },
	Bad: with(map[string]acttest.Bad[complaint.SubmitInput]{
		"nothing": {
			Reason: "the agency must know what it is about",
			Change: func(in *complaint.SubmitInput) { in.Statement, in.Categories = new(" "), []debt.ComplaintCategory{} },
			Want:   act.Wrong(act.Invalid, "categories"),
		},
		"a long statement": {
			Reason: "the contract takes so much",
			Change: func(in *complaint.SubmitInput) { in.Statement = new(strings.Repeat("x", longStatement)) },
			Want:   act.Wrong(act.Invalid, "statement"),
		},
		"control characters": {
			Reason: "they cannot be shown",
			Change: func(in *complaint.SubmitInput) { in.Statement = new("they rang\x07") },
			Want:   act.Wrong(act.Invalid, "statement"),
		},
		"no case": {
			Reason: "it is about one",
			Change: func(in *complaint.SubmitInput) { in.CaseID = nowhere(debt.KindCase) },
			Want:   act.Wrong(act.NotFound, "caseId"),
		},
	}, wrongFiles(func(in *complaint.SubmitInput, files []document.Input) { in.Files = files })),
	AtOnce:  []string{"a long statement", "another type"},
	About:   func(in *complaint.SubmitInput) *debt.Key { return &in.CaseID },
	Private: func(in complaint.SubmitInput) []string { return []string{*in.Statement} },
}

var complaintAnswer = atDesk(acttest.Examples[complaint.AnswerInput]{
	Suits: complaints.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) complaint.AnswerInput {
		in := complaints.Good(t, at, s)
		acttest.Do(t, at, s, in)
		return complaint.AnswerInput{ItemID: waits(t, at, s, debt.QueueComplaint, in.CaseID), Outcome: debt.AnswerPartly,
			Text: "we should have written to you first"}
	},
	Other: func(in *complaint.AnswerInput) { in.Outcome = debt.AnswerReject },
	Bad: map[string]acttest.Bad[complaint.AnswerInput]{
		"no word": {
			Reason: "who complains is told why",
			Change: func(in *complaint.AnswerInput) { in.Text = " " },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"a long text": {
			Reason: "the contract takes so much",
			Change: func(in *complaint.AnswerInput) { in.Text = strings.Repeat("x", longStatement) },
			Want:   act.Wrong(act.Invalid, "text"),
		},
	},
	About:   func(in *complaint.AnswerInput) *debt.Key { return &in.ItemID },
	Private: func(in complaint.AnswerInput) []string { return []string{in.Text} },
})
