package act

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// bugs are what the simulation has to find, each built into the simulated store, an agency or
// what the engine asks it with.
var bugs = map[string]string{
	"no fence":                  "a driver writes though somebody else has taken the act",
	"no lease":                  "an act is taken while somebody drives it",
	"no doubt":                  "what a driver left behind counts as never sent",
	"all unsent":                "an answer that was lost counts as never sent",
	"no job":                    "an act is stored without its job",
	"no digest":                 "a key is known without its input",
	"no event":                  "only the first status raises an event",
	"no memory of withdrawals":  "an agency takes a proposal that it was to withdraw",
	"key taken twice":           "a key is stored twice",
	"not alone":                 "two acts are open of which one is allowed",
	"stored after asked":        "an act is in the store once its first answer is",
	"decides again":             "a driver forgets that it was decided",
	"ends again":                "what has ended is written again",
	"silence agrees":            "an agency that does not answer has proposed",
	"withdraws at some":         "an agency whose proposal is not known is not told of the withdrawal",
	"sealed for ever":           "what agencies were sent is kept",
	"asks first after the time": "what was not sent in time is asked all the same",
	"attention makes room":      "an act that people look into stands in nobody's way",
	"does not hold":             "an act that holds is registered as one that does not",
	"old list":                  "a person is shown the first list again",
	"before counts as never":    "what an earlier version has asked counts as never asked",
}

// TestSimulationFinds: each bug breaks an invariant within a thousand histories.
func TestSimulationFinds(t *testing.T) {
	for bug, means := range bugs {
		t.Run(bug, func(t *testing.T) {
			for seed := uint64(1); seed <= 1000; seed++ {
				if w := simulate(t, seed, bug, nil); len(w.broken) > 0 {
					t.Logf("%s: found by seed %d: %s", means, seed, w.broken[0])
					return
				}
			}
			t.Errorf("nothing found: %s", means)
		})
	}
}

// TestSimulationIsTheSame: a seed gives the same history each time, or it could not be shown.
func TestSimulationIsTheSame(t *testing.T) {
	for seed := range uint64(100) {
		var first, second []string
		simulate(t, seed, "", &first)
		simulate(t, seed, "", &second)
		if diff := cmp.Diff(first, second); diff != "" || len(first) < 10 {
			t.Fatalf("seed %d, of %d lines:\n%s", seed, len(first), diff)
		}
	}
}

// simulate runs one history and returns it; what happened is added to told, unless it is nil.
func simulate(t *testing.T, seed uint64, bug string, told *[]string) *sim {
	t.Helper()
	w := newSim(seed, bug)
	if told != nil {
		w.trace = func(format string, args ...any) { *told = append(*told, fmt.Sprintf(format, args...)) }
	}
	synctest.Test(t, func(*testing.T) { w.run() })
	return w
}
