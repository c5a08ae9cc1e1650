package examples

import (
	"context"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/wayout/offer"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// most is how many cases a person of an example has: few are computed at once.
const most = 4

func agreeable(c *debt.Case) bool {
	return c.Status == debt.Open && c.AgreementFrom != 0 && len(c.AllHolds)+len(c.Objections)+len(c.Agreements) == 0
}

var acceptance = acttest.Examples[solution.Input]{
	Suits: func(s *acttest.Somebody) bool {
		open := 0
		for _, p := range s.Parts {
			for _, c := range p.Cases {
				if c.Status == debt.Open {
					open++
				}
			}
		}
		return open <= most && s.Case(agreeable) != nil && suggested(s) != nil
	},
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) solution.Input {
		t.Helper()
		offered := suggested(s)
		if offered == nil {
			t.Fatal("there is nothing to agree on")
		}
		id, err := at.SealOffer(offered.OfferID)
		if err != nil {
			t.Fatal(err)
		}
		return solution.Input{OfferID: id}
	},
	Other: func(in *solution.Input) { in.OfferID = "another" },
	Bad: map[string]acttest.Bad[solution.Input]{
		"no offer": {
			Reason: "what is accepted was offered here",
			Change: func(in *solution.Input) { in.OfferID = "none" },
			Want:   act.Wrong(act.Invalid, "offerId"),
		},
		"an offer that was changed": {
			Reason: "it is sealed",
			Change: func(in *solution.Input) { in.OfferID += "A" },
			Want:   act.Wrong(act.Invalid, "offerId"),
		},
	},
	Private: func(solution.Input) []string { return nil },
}

// suggested returns the first way to pay that an agency has to agree to; nil for none.
func suggested(s *acttest.Somebody) *offer.Solution {
	person := &debt.Person{Today: s.Case(agreeable).Terms.Today, Parts: s.Parts}
	found, err := offer.Solve(solver.Suggest).Suggest(context.Background(), person, offer.Input{})
	if err != nil {
		return nil
	}
	for i := range found.Suggestions {
		if len(found.Suggestions[i].Proposals()) > 0 {
			return &found.Suggestions[i]
		}
	}
	return nil
}
