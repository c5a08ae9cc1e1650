package examples

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/breathing"
	"github.com/oversikt/oversikt/internal/act/deferral"
	"github.com/oversikt/oversikt/internal/debt"
)

func deferrable(c *debt.Case) bool { return deferral.Available(c).Why == "" }

var deferrals = acttest.Examples[deferral.Input]{
	Suits: hasCase(deferrable),
	Good: func(_ testing.TB, _ *acttest.Site, s *acttest.Somebody) deferral.Input {
		return deferral.Input{CaseID: s.Case(deferrable).ID, Until: acttest.Today.AddDays(5), Reason: new("between two jobs")}
	},
	Other: func(in *deferral.Input) { in.Until = in.Until.AddDays(1) },
	Bad: map[string]acttest.Bad[deferral.Input]{
		"a day that is over": {
			Reason: "nothing is put off to before",
			Change: func(in *deferral.Input) { in.Until = acttest.Today.AddMonths(-12) },
			Want:   act.Wrong(act.Invalid, "until"),
		},
		"a long reason": {
			Reason: "the contract takes so much",
			Change: func(in *deferral.Input) { in.Reason = new(strings.Repeat("x", act.MostReason+1)) },
			Want:   act.Wrong(act.Invalid, "reason"),
		},
		"no case": {
			Reason: "it is about one",
			Change: func(in *deferral.Input) { in.CaseID = nowhere(debt.KindCase) },
			Want:   act.Wrong(act.NotFound, "caseId"),
		},
	},
	AtOnce:  []string{"a day that is over", "a long reason"},
	About:   func(in *deferral.Input) *debt.Key { return &in.CaseID },
	Private: func(in deferral.Input) []string { return []string{*in.Reason} },
}

// breathingSpace is of somebody who has nothing but cases in which every agency grants it.
var breathingSpace = acttest.Examples[breathing.Input]{
	Suits: func(s *acttest.Somebody) bool {
		refuses := s.Case(func(c *debt.Case) bool { return c.Status == debt.Open && !deferrable(c) })
		return refuses == nil && s.OpenCases > 0
	},
	Good: func(testing.TB, *acttest.Site, *acttest.Somebody) breathing.Input {
		return breathing.Input{Until: acttest.Today.AddDays(5), Reason: new("illness in the family")}
	},
	Other: func(in *breathing.Input) { in.Reason = nil },
	Bad: map[string]acttest.Bad[breathing.Input]{
		"a day that is over": {
			Reason: "nothing is put off to before",
			Change: func(in *breathing.Input) { in.Until = acttest.Today.AddMonths(-12) },
			Want:   act.Wrong(act.Invalid, "until"),
		},
		"a long reason": {
			Reason: "the contract takes so much",
			Change: func(in *breathing.Input) { in.Reason = new(strings.Repeat("x", act.MostReason+1)) },
			Want:   act.Wrong(act.Invalid, "reason"),
		},
		"another agency": {
			Reason: "it is not known",
			Change: func(in *breathing.Input) { in.Agencies = []debt.Key{nowhere(debt.KindAgency)} },
			Want:   act.Wrong(act.Invalid, "agencies"),
		},
	},
	AtOnce:  []string{"a day that is over", "a long reason"},
	Private: func(in breathing.Input) []string { return []string{*in.Reason} },
}
