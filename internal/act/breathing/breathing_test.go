package breathing_test

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/breathing"
	"github.com/oversikt/oversikt/internal/act/deferral"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// TestAct is the act's example and what can be wrong with it. Whoever suits has nothing but
// cases in which every agency grants it.
func TestAct(t *testing.T) {
	t.Parallel()
	acttest.Run(t, acttest.Examples[breathing.Input]{
		Act: breathing.Request,
		Suits: func(s *acttest.Somebody) bool {
			refuses := s.Case(func(c *debt.Case) bool { return c.Status == debt.Open && deferral.Available(c).Why != "" })
			return refuses == nil && s.OpenCases > 0
		},
		Good: func(*acttest.Somebody) breathing.Input {
			return breathing.Input{Until: acttest.Today.AddDays(5), Reason: new("illness in the family")}
		},
		Other: func(in *breathing.Input) { in.Reason = nil },
		Bad: map[string]acttest.Bad[breathing.Input]{
			"a day that is over": {
				Reason: "nothing is put off to before",
				Change: func(in *breathing.Input) { in.Until = acttest.Today },
				Want:   act.Wrong(act.Invalid, "until"),
			},
			"a long reason": {
				Reason: "the contract takes so much",
				Change: func(in *breathing.Input) { in.Reason = new(strings.Repeat("x", act.MostReason+1)) },
				Want:   act.Wrong(act.Invalid, "reason"),
			},
		},
		Private: func(in breathing.Input) []string { return []string{*in.Reason} },
	})
}
