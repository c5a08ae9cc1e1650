package examples

import (
	"maps"
	"slices"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/desk"
	"github.com/oversikt/oversikt/internal/debt"
)

var claim = atDesk(acttest.Examples[desk.ClaimInput]{
	Suits: hasCase(deferrable),
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) desk.ClaimInput {
		return desk.ClaimInput{ItemID: waitsAlready(t, at, s)}
	},
	Other:   func(in *desk.ClaimInput) { in.ItemID.ID += "0" },
	About:   func(in *desk.ClaimInput) *debt.Key { return &in.ItemID },
	Private: func(desk.ClaimInput) []string { return nil },
})

var release = atDesk(acttest.Examples[desk.ReleaseInput]{
	Suits: hasCase(deferrable),
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) desk.ReleaseInput {
		return desk.ReleaseInput{ItemID: waitsAlready(t, at, s)}
	},
	Other:   func(in *desk.ReleaseInput) { in.ItemID.ID += "0" },
	About:   func(in *desk.ReleaseInput) *debt.Key { return &in.ItemID },
	Private: func(desk.ReleaseInput) []string { return nil },
})

// waitsAlready returns what waits for a case worker of somebody's, and has them ask for it where nothing does.
func waitsAlready(t testing.TB, at *acttest.Site, s *acttest.Somebody) debt.Key {
	t.Helper()
	c := s.Case(func(c *debt.Case) bool {
		return slices.ContainsFunc(c.Deferrals, func(d debt.Deferral) bool { return d.Status == debt.DeferralRequested })
	})
	if c == nil {
		return asked(t, at, s)
	}
	return waits(t, at, s, debt.QueueDeferral, c.ID)
}

// atDesk adds to the examples of an act at the desk the ways to name nothing that waits.
func atDesk[In act.Input](x acttest.Examples[In]) acttest.Examples[In] {
	none := map[string]acttest.Bad[In]{
		"nothing that waits": {
			Reason: "it is about one thing",
			Change: func(in *In) { *x.About(in) = nowhere(debt.KindQueueItem) },
			Want:   act.Wrong(act.NotFound, "itemId"),
		},
		"a case": {
			Reason: "what is decided is what waits",
			Change: func(in *In) { x.About(in).Kind = debt.KindCase },
			Want:   act.Wrong(act.NotFound, "itemId"),
		},
		"decided": {
			Reason: "what does not wait has been decided",
			Change: func(in *In) { x.About(in).ID = "999999999" },
			Want:   act.Wrong(act.AlreadyDecided, "itemId"),
		},
	}
	maps.Copy(none, x.Bad)
	x.Bad = none
	return x
}
