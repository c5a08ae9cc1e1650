package examples

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/objection"
	"github.com/oversikt/oversikt/internal/debt"
)

const longStatement = 4001 // characters: one more than the contract takes

func disputable(c *debt.Case) bool { return objection.Available(c).Why == "" }

var objections = acttest.Examples[objection.SubmitInput]{
	Suits: hasCase(disputable),
	Good: func(_ testing.TB, _ *acttest.Site, s *acttest.Somebody) objection.SubmitInput {
		return objection.SubmitInput{CaseID: s.Case(disputable).ID, Reasons: []debt.ObjectionReason{},
			Statement: new("I never ordered it"), DisputedAmount: new("10,00")}
	},
	Other: func(in *objection.SubmitInput) { in.DisputedAmount = nil },
	Bad: map[string]acttest.Bad[objection.SubmitInput]{
		"no word why": {
			Reason: "the agency must know what is disputed",
			Change: func(in *objection.SubmitInput) { in.Statement = new(" ") },
			Want:   act.Wrong(act.Invalid, "reasons"),
		},
		"a long statement": {
			Reason: "the contract takes so much",
			Change: func(in *objection.SubmitInput) { in.Statement = new(strings.Repeat("x", longStatement)) },
			Want:   act.Wrong(act.Invalid, "statement"),
		},
		"no amount": {
			Reason: "it is no number",
			Change: func(in *objection.SubmitInput) { in.DisputedAmount = new("all of it") },
			Want:   act.Wrong(act.Invalid, "disputedAmount"),
		},
		"no case": {
			Reason: "it is about one",
			Change: func(in *objection.SubmitInput) { in.CaseID = nowhere(debt.KindCase) },
			Want:   act.Wrong(act.NotFound, "caseId"),
		},
	},
	AtOnce:  []string{"a long statement", "no amount"},
	About:   func(in *objection.SubmitInput) *debt.Key { return &in.CaseID },
	Private: func(in objection.SubmitInput) []string { return []string{*in.Statement} },
}

// objected has somebody object, and returns the objection.
func objected(t testing.TB, at *acttest.Site, s *acttest.Somebody) debt.Key {
	t.Helper()
	in := objections.Good(t, at, s)
	acttest.Do(t, at, s, in)
	c := acttest.Meet(t, at.Agencies, s.Person).Case(func(c *debt.Case) bool { return c.ID == in.CaseID })
	for _, o := range c.Objections {
		if o.Status == debt.ObjectionReceived {
			return o.ID
		}
	}
	t.Fatal("the agency does not show the objection")
	return debt.Key{}
}

var addition = acttest.Examples[objection.AddInput]{
	Suits: objections.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) objection.AddInput {
		return objection.AddInput{ObjectionID: objected(t, at, s), Statement: "here is what the shop has written"}
	},
	Other: func(in *objection.AddInput) { in.Statement += ", twice" },
	Bad: map[string]acttest.Bad[objection.AddInput]{
		"nothing": {
			Reason: "there is nothing to add",
			Change: func(in *objection.AddInput) { in.Statement = " " },
			Want:   act.Wrong(act.Invalid, "statement"),
		},
		"a long statement": {
			Reason: "the contract takes so much",
			Change: func(in *objection.AddInput) { in.Statement = strings.Repeat("x", longStatement) },
			Want:   act.Wrong(act.Invalid, "statement"),
		},
		"no objection": {
			Reason: "there is one to add to",
			Change: func(in *objection.AddInput) { in.ObjectionID = nowhere(debt.KindObjection) },
			Want:   act.Wrong(act.NotFound, "objectionId"),
		},
	},
	About:   func(in *objection.AddInput) *debt.Key { return &in.ObjectionID },
	Private: func(in objection.AddInput) []string { return []string{in.Statement} },
}

var withdrawal = acttest.Examples[objection.WithdrawInput]{
	Suits: objections.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) objection.WithdrawInput {
		return objection.WithdrawInput{ObjectionID: objected(t, at, s)}
	},
	Other: func(in *objection.WithdrawInput) { in.ObjectionID.ID += "0" },
	Bad: map[string]acttest.Bad[objection.WithdrawInput]{
		"no objection": {
			Reason: "there is one to take back",
			Change: func(in *objection.WithdrawInput) { in.ObjectionID = nowhere(debt.KindObjection) },
			Want:   act.Wrong(act.NotFound, "objectionId"),
		},
		"a case": {
			Reason: "what is taken back is the objection",
			Change: func(in *objection.WithdrawInput) { in.ObjectionID.Kind = debt.KindCase },
			Want:   act.Wrong(act.NotFound, "objectionId"),
		},
	},
	About:   func(in *objection.WithdrawInput) *debt.Key { return &in.ObjectionID },
	Private: func(objection.WithdrawInput) []string { return nil },
}

var objectionDecision = acttest.Examples[objection.DecideInput]{
	Suits: objections.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) objection.DecideInput {
		c := s.Case(disputable)
		objected(t, at, s)
		return objection.DecideInput{ItemID: waits(t, at, s, debt.QueueObjection, c.ID), Decision: debt.Reject,
			Text: new("the goods were delivered"), CreditorStandpoint: new("signed for in November")}
	},
	Other: func(in *objection.DecideInput) { in.Decision = debt.ToBoard },
	Bad: map[string]acttest.Bad[objection.DecideInput]{
		"no word why": {
			Reason: "who is not right is told why",
			Change: func(in *objection.DecideInput) { in.Text = new(" ") },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"a long text": {
			Reason: "the contract takes so much",
			Change: func(in *objection.DecideInput) { in.Text = new(strings.Repeat("x", act.MostReason+1)) },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"a long standpoint": {
			Reason: "the contract takes so much",
			Change: func(in *objection.DecideInput) { in.CreditorStandpoint = new(strings.Repeat("x", act.MostReason+1)) },
			Want:   act.Wrong(act.Invalid, "creditorStandpoint"),
		},
		"no reduction": {
			Reason: "a part has a size",
			Change: func(in *objection.DecideInput) { in.Decision = debt.InPart },
			Want:   act.Wrong(act.Invalid, "reduction"),
		},
		"no amount": {
			Reason: "it is no number",
			Change: func(in *objection.DecideInput) { in.Decision, in.Reduction = debt.InPart, new("half of it") },
			Want:   act.Wrong(act.Invalid, "reduction"),
		},
		"a short deadline": {
			Reason: "it is as long as that of a demand",
			Change: func(in *objection.DecideInput) { in.Deadline = new(acttest.Today.AddMonths(-12)) },
			Want:   act.Wrong(act.Invalid, "deadline"),
		},
		"a deadline of years": {
			Reason: "the year is mistyped, and the debtor would wait for it",
			Change: func(in *objection.DecideInput) { in.Deadline = new(acttest.Today.AddMonths(600)) },
			Want:   act.Wrong(act.Invalid, "deadline"),
		},
		"nothing that waits": {
			Reason: "it is about one thing",
			Change: func(in *objection.DecideInput) { in.ItemID = nowhere(debt.KindQueueItem) },
			Want:   act.Wrong(act.NotFound, "itemId"),
		},
		"decided": {
			Reason: "what does not wait has been decided",
			Change: func(in *objection.DecideInput) { in.ItemID.ID = "999999999" },
			Want:   act.Wrong(act.AlreadyDecided, "itemId"),
		},
	},
	AtOnce:  []string{"a long text", "no amount", "a short deadline"},
	About:   func(in *objection.DecideInput) *debt.Key { return &in.ItemID },
	Private: func(in objection.DecideInput) []string { return []string{*in.Text, *in.CreditorStandpoint} },
}
