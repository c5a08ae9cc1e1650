package deferral_test

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/deferral"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func open(c *debt.Case) bool { return deferral.Available(c).Why == "" }

// TestAct is the act's example and what can be wrong with it.
func TestAct(t *testing.T) {
	t.Parallel()
	acttest.Run(t, acttest.Examples[deferral.Input]{
		Act:   deferral.Request,
		Suits: func(s *acttest.Somebody) bool { return s.Case(open) != nil },
		Good: func(s *acttest.Somebody) deferral.Input {
			return deferral.Input{CaseID: s.Case(open).ID, Until: acttest.Today.AddDays(5), Reason: new("between two jobs")}
		},
		Other: func(in *deferral.Input) { in.Until = in.Until.AddDays(1) },
		Bad: map[string]acttest.Bad[deferral.Input]{
			"a day that is over": {
				Reason: "nothing is put off to before",
				Change: func(in *deferral.Input) { in.Until = acttest.Today },
				Want:   act.Wrong(act.Invalid, "until"),
			},
			"a long reason": {
				Reason: "the contract takes so much",
				Change: func(in *deferral.Input) { in.Reason = new(strings.Repeat("x", act.MostReason+1)) },
				Want:   act.Wrong(act.Invalid, "reason"),
			},
			"no case": {
				Reason: "it is about one",
				Change: func(in *deferral.Input) { in.CaseID = debt.Key{} },
				Want:   act.Wrong(act.NotFound, "caseId"),
			},
		},
		InCase:  func(in *deferral.Input) *debt.Key { return &in.CaseID },
		Private: func(in deferral.Input) []string { return []string{*in.Reason} },
	})
}
