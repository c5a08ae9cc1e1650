package examples

import (
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/desk"
	"github.com/oversikt/oversikt/internal/debt"
)

var claim = acttest.Examples[desk.ClaimInput]{
	Suits: hasCase(deferrable),
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) desk.ClaimInput {
		return desk.ClaimInput{ItemID: asked(t, at, s)}
	},
	Other:   func(in *desk.ClaimInput) { in.ItemID.ID += "0" },
	Bad:     badItem(func(in *desk.ClaimInput) *debt.Key { return &in.ItemID }),
	About:   func(in *desk.ClaimInput) *debt.Key { return &in.ItemID },
	Private: func(desk.ClaimInput) []string { return nil },
}

var release = acttest.Examples[desk.ReleaseInput]{
	Suits: hasCase(deferrable),
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) desk.ReleaseInput {
		item := asked(t, at, s)
		acttest.DoneBy(t, at, acttest.Worker(item.Agency, s), desk.ClaimInput{ItemID: item})
		return desk.ReleaseInput{ItemID: item}
	},
	Other:   func(in *desk.ReleaseInput) { in.ItemID.ID += "0" },
	Bad:     badItem(func(in *desk.ReleaseInput) *debt.Key { return &in.ItemID }),
	About:   func(in *desk.ReleaseInput) *debt.Key { return &in.ItemID },
	Private: func(desk.ReleaseInput) []string { return nil },
}

// badItem are the ways to name nothing that waits.
func badItem[In act.Input](about func(*In) *debt.Key) map[string]acttest.Bad[In] {
	return map[string]acttest.Bad[In]{
		"nothing that waits": {
			Reason: "it is about one thing",
			Change: func(in *In) { *about(in) = nowhere(debt.KindQueueItem) },
			Want:   act.Wrong(act.NotFound, "itemId"),
		},
		"a case": {
			Reason: "what is taken in hand is what waits",
			Change: func(in *In) { about(in).Kind = debt.KindCase },
			Want:   act.Wrong(act.NotFound, "itemId"),
		},
		"decided": {
			Reason: "what does not wait is in nobody's hand",
			Change: func(in *In) { about(in).ID = "999999999" },
			Want:   act.Wrong(act.AlreadyDecided, "itemId"),
		},
	}
}
