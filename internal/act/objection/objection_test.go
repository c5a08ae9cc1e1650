package objection_test

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/objection"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func open(c *debt.Case) bool { return objection.Available(c).Why == "" }

// TestSubmit is the act's example and what can be wrong with it.
func TestSubmit(t *testing.T) {
	t.Parallel()
	acttest.Run(t, acttest.Examples[objection.SubmitInput]{
		Act:   objection.Submit,
		Suits: func(s *acttest.Somebody) bool { return s.Case(open) != nil },
		Good: func(s *acttest.Somebody) objection.SubmitInput {
			return objection.SubmitInput{CaseID: s.Case(open).ID, Statement: new("I never ordered it"), DisputedAmount: new("10,00")}
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
				Change: func(in *objection.SubmitInput) { in.Statement = new(strings.Repeat("x", 4001)) },
				Want:   act.Wrong(act.Invalid, "statement"),
			},
			"no amount": {
				Reason: "it is no number",
				Change: func(in *objection.SubmitInput) { in.DisputedAmount = new("all of it") },
				Want:   act.Wrong(act.Invalid, "disputedAmount"),
			},
			"no case": {
				Reason: "it is about one",
				Change: func(in *objection.SubmitInput) { in.CaseID = debt.Key{} },
				Want:   act.Wrong(act.NotFound, "caseId"),
			},
		},
		AtOnce:  []string{"a long statement", "no amount"},
		InCase:  func(in *objection.SubmitInput) *debt.Key { return &in.CaseID },
		Private: func(in objection.SubmitInput) []string { return []string{*in.Statement} },
	})
}
