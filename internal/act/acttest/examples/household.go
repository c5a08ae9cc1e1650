package examples

import (
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/household"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

var savedBudget = acttest.Examples[household.SaveInput]{
	Suits: func(*acttest.Somebody) bool { return true },
	Good: func(testing.TB, *acttest.Site, *acttest.Somebody) household.SaveInput {
		return household.SaveInput{Household: statute.Single, Income: "28 431,70", Housing: new("9 876,54"),
			ChildrenAges: []int{3, 9}}
	},
	Other: func(in *household.SaveInput) { in.Income = "29 000" },
	Bad: map[string]acttest.Bad[household.SaveInput]{
		"words": {
			Reason: "nobody can reckon with it",
			Change: func(in *household.SaveInput) { in.Income = "nok" },
			Want:   act.Wrong(act.Invalid, "income"),
		},
		"a grown-up child": {
			Reason: "who is eighteen is no child",
			Change: func(in *household.SaveInput) { in.ChildrenAges = []int{18} },
			Want:   act.Wrong(act.Invalid, "childrenAges"),
		},
		"a school class": {
			Reason: "no household has so many",
			Change: func(in *household.SaveInput) { in.ChildrenAges = make([]int, 16) },
			Want:   act.Wrong(act.Invalid, "childrenAges"),
		},
	},
	AtOnce:  []string{"words", "a grown-up child"},
	Private: func(in household.SaveInput) []string { return []string{in.Income, *in.Housing, "2843170", "987654"} },
}

var sharedBudget = acttest.Examples[household.ShareInput]{
	Suits: func(*acttest.Somebody) bool { return true },
	Good: func(t testing.TB, site *acttest.Site, s *acttest.Somebody) household.ShareInput {
		acttest.Do(t, site, s, savedBudget.Good(t, site, s))
		return household.ShareInput{Agencies: []debt.Key{{Kind: debt.KindAgency, Agency: site.Agencies.Codes()[0]}}}
	},
	Other: func(in *household.ShareInput) { in.Agencies = []debt.Key{} },
	Bad: map[string]acttest.Bad[household.ShareInput]{
		"another agency": {
			Reason: "it is not known",
			Change: func(in *household.ShareInput) { in.Agencies = []debt.Key{nowhere(debt.KindAgency)} },
			Want:   act.Wrong(act.Invalid, "agencies"),
		},
	},
	AtOnce:  []string{"another agency"},
	Private: func(household.ShareInput) []string { return nil },
}
