package examples

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/invoicecopy"
	"github.com/oversikt/oversikt/internal/debt"
)

func orderable(c *debt.Case) bool { return invoicecopy.Available(c).Why == "" }

var copyOrders = acttest.Examples[invoicecopy.OrderInput]{
	Suits: hasCase(orderable),
	Good: func(_ testing.TB, _ *acttest.Site, s *acttest.Somebody) invoicecopy.OrderInput {
		return invoicecopy.OrderInput{CaseID: s.Case(orderable).ID}
	},
	Other: func(in *invoicecopy.OrderInput) { in.CaseID = nowhere(debt.KindCase) },
	Bad: map[string]acttest.Bad[invoicecopy.OrderInput]{
		"no case": {
			Reason: "it is about one",
			Change: func(in *invoicecopy.OrderInput) { in.CaseID = nowhere(debt.KindCase) },
			Want:   act.Wrong(act.NotFound, "caseId"),
		},
		"no case of that kind": {
			Reason: "a letter is no case",
			Change: func(in *invoicecopy.OrderInput) { in.CaseID.Kind = debt.KindLetter },
			Want:   act.Wrong(act.NotFound, "caseId"),
		},
	},
	About:   func(in *invoicecopy.OrderInput) *debt.Key { return &in.CaseID },
	Private: func(invoicecopy.OrderInput) []string { return nil },
}

var copyAnswer = atDesk(acttest.Examples[invoicecopy.AnswerInput]{
	Suits: copyOrders.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) invoicecopy.AnswerInput {
		in := copyOrders.Good(t, at, s)
		acttest.Do(t, at, s, in)
		return invoicecopy.AnswerInput{ItemID: waits(t, at, s, debt.QueueInvoiceCopy, in.CaseID),
			Outcome: debt.CopyNoneExists, Text: new("the creditor has moved and has no copy")}
	},
	Other: func(in *invoicecopy.AnswerInput) { in.Outcome = debt.CopySent },
	Bad: map[string]acttest.Bad[invoicecopy.AnswerInput]{
		"no word": {
			Reason: "who gets nothing is told why",
			Change: func(in *invoicecopy.AnswerInput) { in.Text = nil },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"a long text": {
			Reason: "the contract takes so much",
			Change: func(in *invoicecopy.AnswerInput) { in.Text = new(strings.Repeat("x", longStatement)) },
			Want:   act.Wrong(act.Invalid, "text"),
		},
	},
	About:   func(in *invoicecopy.AnswerInput) *debt.Key { return &in.ItemID },
	Private: func(in invoicecopy.AnswerInput) []string { return []string{*in.Text} },
})
