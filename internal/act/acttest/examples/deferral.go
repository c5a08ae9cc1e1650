package examples

import (
	"slices"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/breathing"
	"github.com/oversikt/oversikt/internal/act/deferral"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
)

// deferrable says that a case can be put off, also where it is read as of another day than that of its core.
func deferrable(c *debt.Case) bool {
	return deferral.Available(c).Why == "" && !slices.ContainsFunc(c.Deferrals, func(d debt.Deferral) bool {
		return d.Status == debt.DeferralGranted && d.Until >= acttest.Today
	})
}

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

// asked has somebody ask for more time than is granted at once, and returns what waits then.
func asked(t testing.TB, at *acttest.Site, s *acttest.Somebody) debt.Key {
	t.Helper()
	c := s.Case(deferrable)
	acttest.Do(t, at, s, deferral.Input{CaseID: c.ID, Until: acttest.Today.AddDays(c.Terms.Policy.MaxDeferralDays + 7)})
	return waits(t, at, s, debt.QueueDeferral, c.ID)
}

// waits returns what of a kind waits for a case worker in a case.
func waits(t testing.TB, at *acttest.Site, s *acttest.Somebody, kind debt.QueueKind, in debt.Key) debt.Key {
	t.Helper()
	right, err := acttest.Worker(in.Agency, s).Lookup()
	if err != nil {
		t.Fatal(err)
	}
	items, _, err := at.Agencies.Queue(t.Context(), right, agency.QueueQuery{Kind: kind, Rows: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		if item.CaseID != nil && *item.CaseID == in {
			return item.ID
		}
	}
	t.Fatal("nothing of the kind waits in the case")
	return debt.Key{}
}

var decision = atDesk(acttest.Examples[deferral.DecideInput]{
	Suits: hasCase(deferrable),
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) deferral.DecideInput {
		return deferral.DecideInput{ItemID: asked(t, at, s), Decision: debt.Refuse, Text: new("put off twice already")}
	},
	Other: func(in *deferral.DecideInput) { in.Decision = debt.Grant },
	Bad: map[string]acttest.Bad[deferral.DecideInput]{
		"no word why": {
			Reason: "who is refused is told why",
			Change: func(in *deferral.DecideInput) { in.Text = new(" ") },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"a long text": {
			Reason: "the contract takes so much",
			Change: func(in *deferral.DecideInput) { in.Text = new(strings.Repeat("x", act.MostReason+1)) },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"a day that is over": {
			Reason: "nothing is put off to before",
			Change: func(in *deferral.DecideInput) {
				in.Decision, in.Until = debt.Grant, new(acttest.Today.AddMonths(-12))
			},
			Want: act.Wrong(act.Invalid, "until"),
		},
	},
	AtOnce:  []string{"a long text", "a day that is over"},
	About:   func(in *deferral.DecideInput) *debt.Key { return &in.ItemID },
	Private: func(in deferral.DecideInput) []string { return []string{*in.Text} },
})
