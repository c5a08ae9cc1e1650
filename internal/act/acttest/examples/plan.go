package examples

import (
	"slices"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/plan"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// payable says that a case can be paid in instalments from soon on.
func payable(c *debt.Case) bool {
	b := c.BalanceOn(acttest.Today)
	return plan.Available(c).Why == "" && c.AgreementFrom <= acttest.Today && b.Total > 100*money.Krone
}

var application = acttest.Examples[plan.ApplyInput]{
	Suits: hasCase(payable),
	Good: func(_ testing.TB, _ *acttest.Site, s *acttest.Somebody) plan.ApplyInput {
		return plan.ApplyInput{Wanted: plan.Wanted{CaseIDs: []debt.Key{s.Case(payable).ID}, Months: new(3),
			FirstDueOn: acttest.Today.AddDays(10)}}
	},
	Other: func(in *plan.ApplyInput) { in.Months = new(2) },
	Bad: map[string]acttest.Bad[plan.ApplyInput]{
		"yesterday": {
			Reason: "nothing is due before it is agreed",
			Change: func(in *plan.ApplyInput) { in.FirstDueOn = acttest.Today.AddDays(-1) },
			Want:   act.Wrong(act.Invalid, "firstDueOn"),
		},
		"neither": {
			Reason: "it says how it is to be paid",
			Change: func(in *plan.ApplyInput) { in.Months = nil },
			Want:   act.Wrong(act.Invalid, "monthlyAmount"),
		},
		"both": {
			Reason: "they may contradict each other",
			Change: func(in *plan.ApplyInput) { in.Months, in.MonthlyAmount = new(3), new(500*money.Krone) },
			Want:   act.Wrong(act.Invalid, "monthlyAmount"),
		},
		"for ever": {
			Reason: "five years are the most",
			Change: func(in *plan.ApplyInput) { in.Months = new(61) },
			Want:   act.Wrong(act.Invalid, "months"),
		},
		"no case": {
			Reason: "it is about one",
			Change: func(in *plan.ApplyInput) { in.CaseIDs = []debt.Key{nowhere(debt.KindCase)} },
			Want:   act.Wrong(act.NotFound, "caseIds", "0"),
		},
		"no cases": {
			Reason: "it is about one",
			Change: func(in *plan.ApplyInput) { in.CaseIDs = []debt.Key{} },
			Want:   act.Wrong(act.Invalid, "caseIds"),
		},
		"twice": {
			Reason: "it is paid once",
			Change: func(in *plan.ApplyInput) { in.CaseIDs = []debt.Key{in.CaseIDs[0], in.CaseIDs[0]} },
			Want:   act.Wrong(act.Invalid, "caseIds"),
		},
		"two agencies": {
			Reason: "an agreement is with one",
			Change: func(in *plan.ApplyInput) { in.CaseIDs = append(slices.Clone(in.CaseIDs), nowhere(debt.KindCase)) },
			Want:   act.Wrong(act.NotFound, "caseIds", "1"),
		},
		"a krone a month": {
			Reason: "it does not even pay the fee",
			Change: func(in *plan.ApplyInput) { in.Months, in.MonthlyAmount = nil, new(money.Krone) },
			Want:   act.Wrong("TOO_LITTLE", "monthlyAmount"),
		},
		"another total": {
			Reason: "nobody agrees to what was not shown",
			Change: func(in *plan.ApplyInput) { in.Total = new(money.Krone) },
			Want:   act.Wrong(plan.QuoteChanged, "total"),
		},
	},
	AtOnce: []string{"yesterday", "no cases", "neither"},
	About: func(in *plan.ApplyInput) *debt.Key {
		in.CaseIDs = slices.Clone(in.CaseIDs)
		return &in.CaseIDs[0]
	},
	Private: func(plan.ApplyInput) []string { return nil },
}

// agreed has somebody apply for a plan that is granted, and returns it.
func agreed(t testing.TB, at *acttest.Site, s *acttest.Somebody) debt.Key {
	t.Helper()
	in := application.Good(t, at, s)
	in.Months = new(1) // within every policy
	acttest.Do(t, at, s, in)
	c := acttest.Meet(t, at.Agencies, s.Person).Case(func(c *debt.Case) bool { return c.ID == in.CaseIDs[0] })
	if a := c.Agreement(); a != nil && a.Status == debt.AgreementActive {
		return a.ID
	}
	t.Fatal("the agency does not show the agreement")
	return debt.Key{}
}

var planChange = acttest.Examples[plan.ChangeInput]{
	Suits: application.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) plan.ChangeInput {
		return plan.ChangeInput{Different: plan.Different{AgreementID: agreed(t, at, s), SkipNext: new(true)}}
	},
	Other: func(in *plan.ChangeInput) { in.SkipNext, in.PayDay = nil, new(5) },
	Bad: map[string]acttest.Bad[plan.ChangeInput]{
		"nothing": {
			Reason: "something is to be different",
			Change: func(in *plan.ChangeInput) { in.SkipNext = nil },
			Want:   act.Faults{{Code: act.Invalid, Field: []string{"input"}}},
		},
		"two days": {
			Reason: "they contradict each other",
			Change: func(in *plan.ChangeInput) { in.PayDay = new(5) },
			Want:   act.Wrong(act.Invalid, "payDay"),
		},
		"no day": {
			Reason: "no month has it",
			Change: func(in *plan.ChangeInput) { in.SkipNext, in.PayDay = nil, new(32) },
			Want:   act.Wrong(act.Invalid, "payDay"),
		},
		"less than nothing": {
			Reason: "nobody is paid by a debt",
			Change: func(in *plan.ChangeInput) { in.MonthlyAmount = new(money.Øre(0)) },
			Want:   act.Wrong(act.Invalid, "monthlyAmount"),
		},
		"a krone a month": {
			Reason: "it does not even pay the fee",
			Change: func(in *plan.ChangeInput) { in.SkipNext, in.MonthlyAmount = nil, new(money.Krone) },
			Want:   act.Wrong("TOO_LITTLE", "monthlyAmount"),
		},
		"far": {
			Reason: "a month is the most",
			Change: func(in *plan.ChangeInput) { in.SkipNext, in.MoveNextTo = nil, new(acttest.Today.AddDays(60)) },
			Want:   act.Wrong(plan.TooFar, "moveNextTo"),
		},
		"another total": {
			Reason: "nobody agrees to what was not shown",
			Change: func(in *plan.ChangeInput) { in.Total = new(money.Krone) },
			Want:   act.Wrong(plan.QuoteChanged, "total"),
		},
		"no plan": {
			Reason: "there is one to change",
			Change: func(in *plan.ChangeInput) { in.AgreementID = nowhere(debt.KindAgreement) },
			Want:   act.Wrong(act.NotFound, "agreementId"),
		},
	},
	AtOnce:  []string{"two days", "less than nothing"},
	About:   func(in *plan.ChangeInput) *debt.Key { return &in.AgreementID },
	Private: func(plan.ChangeInput) []string { return nil },
}

var planCancellation = acttest.Examples[plan.CancelInput]{
	Suits: application.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) plan.CancelInput {
		return plan.CancelInput{AgreementID: agreed(t, at, s)}
	},
	Other: func(in *plan.CancelInput) { in.AgreementID.ID += "0" },
	Bad: map[string]acttest.Bad[plan.CancelInput]{
		"no plan": {
			Reason: "there is one to cancel",
			Change: func(in *plan.CancelInput) { in.AgreementID = nowhere(debt.KindAgreement) },
			Want:   act.Wrong(act.NotFound, "agreementId"),
		},
		"a case": {
			Reason: "what is cancelled is the plan",
			Change: func(in *plan.CancelInput) { in.AgreementID.Kind = debt.KindCase },
			Want:   act.Wrong(act.NotFound, "agreementId"),
		},
	},
	About:   func(in *plan.CancelInput) *debt.Key { return &in.AgreementID },
	Private: func(plan.CancelInput) []string { return nil },
}

// askable says that a plan longer than any that is granted at once can be asked for in a case, and is owed enough.
func askable(c *debt.Case) bool {
	p := &c.Terms.Policy
	b := c.BalanceOn(acttest.Today)
	return payable(c) && p.LongestPlan() > p.MaxInstalments && b.Total > 1000*money.Krone
}

// applied has somebody ask for a plan that is not granted at once, and returns what waits then.
func applied(t testing.TB, at *acttest.Site, s *acttest.Somebody) debt.Key {
	t.Helper()
	c := s.Case(askable)
	acttest.Do(t, at, s, plan.ApplyInput{Wanted: plan.Wanted{CaseIDs: []debt.Key{c.ID},
		Months: new(c.Terms.Policy.LongestPlan()), FirstDueOn: acttest.Today.AddDays(10)}})
	return waits(t, at, s, debt.QueuePlan, c.ID)
}

var planDecision = acttest.Examples[plan.DecideInput]{
	Suits: hasCase(askable),
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) plan.DecideInput {
		return plan.DecideInput{ItemID: applied(t, at, s), Decision: debt.Grant, Text: new("until the holiday pay comes")}
	},
	Other: func(in *plan.DecideInput) { in.Decision = debt.Refuse },
	Bad: map[string]acttest.Bad[plan.DecideInput]{
		"no word why": {
			Reason: "who is refused is told why",
			Change: func(in *plan.DecideInput) { in.Decision, in.Text = debt.Refuse, new(" ") },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"a long text": {
			Reason: "the contract takes so much",
			Change: func(in *plan.DecideInput) { in.Text = new(strings.Repeat("x", act.MostReason+1)) },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"a day that is over": {
			Reason: "nothing is due before it is agreed",
			Change: func(in *plan.DecideInput) { in.FirstDueOn = new(acttest.Today.AddMonths(-12)) },
			Want:   act.Wrong(act.Invalid, "firstDueOn"),
		},
		"for ever": {
			Reason: "the calendar goes on",
			Change: func(in *plan.DecideInput) { in.FirstDueOn = new(acttest.Today.AddMonths(121)) },
			Want:   act.Wrong(act.Invalid, "firstDueOn"),
		},
		"less than nothing": {
			Reason: "nobody is paid by a debt",
			Change: func(in *plan.DecideInput) { in.MonthlyAmount = new(money.Øre(0)) },
			Want:   act.Wrong(act.Invalid, "monthlyAmount"),
		},
		"a krone a month": {
			Reason: "it does not even pay the fee",
			Change: func(in *plan.DecideInput) { in.MonthlyAmount = new(money.Krone) },
			Want:   act.Wrong("TOO_LITTLE", "monthlyAmount"),
		},
		"nothing that waits": {
			Reason: "it is about one thing",
			Change: func(in *plan.DecideInput) { in.ItemID = nowhere(debt.KindQueueItem) },
			Want:   act.Wrong(act.NotFound, "itemId"),
		},
		"a case": {
			Reason: "what is decided is what waits",
			Change: func(in *plan.DecideInput) { in.ItemID.Kind = debt.KindCase },
			Want:   act.Wrong(act.NotFound, "itemId"),
		},
		"decided": {
			Reason: "what does not wait has been decided",
			Change: func(in *plan.DecideInput) { in.ItemID.ID = "999999999" },
			Want:   act.Wrong(act.AlreadyDecided, "itemId"),
		},
	},
	AtOnce:  []string{"a long text", "a day that is over", "less than nothing"},
	About:   func(in *plan.DecideInput) *debt.Key { return &in.ItemID },
	Private: func(in plan.DecideInput) []string { return []string{*in.Text} },
}
