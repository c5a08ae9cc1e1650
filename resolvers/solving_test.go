package resolvers

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// TestSolvedOnce: what was computed is answered at once, also while there is no place to compute,
// and whatever the answer depends on makes it another problem.
func TestSolvedOnce(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../internal/wayout/solver/testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	read := func() solver.Instance {
		in, err := solver.ParseInstance(text)
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	s := newSolving(1)
	as := func(subject string) context.Context {
		return caller.NewContext(t.Context(), caller.Principal{Kind: caller.Staff, Issuer: "https://staff.example",
			Subject: subject})
	}
	first, err := s.solve(as("one"), time.Minute, read())
	if err != nil {
		t.Fatal(err)
	}
	busy, err := s.begin(as("other"), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer busy()
	again, err := s.solve(as("one"), 0, read())
	if diff := cmp.Diff(first, again); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for name, change := range map[string]func(*solver.Instance){
		"day":      func(in *solver.Instance) { in.AsOf++ },
		"budget":   func(in *solver.Instance) { in.Budget += money.Krone },
		"pay day":  func(in *solver.Instance) { in.PayDays[0]++ },
		"balance":  func(in *solver.Instance) { in.Cases[0].Principal++ },
		"interest": func(in *solver.Instance) { in.Cases[0].Fraction++ },
		"case":     func(in *solver.Instance) { in.Cases[0].ID += "x" },
		"step":     func(in *solver.Instance) { in.Cases[0].Events = append(in.Cases[0].Events, solver.Event{}) },
		"policy":   func(in *solver.Instance) { in.Agencies[0].SetupFee++ },
	} {
		in := read()
		change(&in)
		if _, err := s.solve(as("one"), 0, in); fault.Of(err).Code != fault.RateLimited {
			t.Errorf("another %s is answered from memory: %v", name, err)
		}
	}
}

// TestSolvingTurns: one who asks for many solutions waits for his own alone.
func TestSolvingTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSolving(2)
		as := func(subject string) context.Context {
			return caller.NewContext(t.Context(), caller.Principal{Kind: caller.Staff, Issuer: "https://staff.example",
				Subject: subject})
		}
		first, err := s.begin(as("greedy"), solvingWait)
		if err != nil {
			t.Fatal(err)
		}
		refused := make(chan error)
		for range 9 {
			go func() {
				_, err := s.begin(as("greedy"), solvingWait)
				refused <- err
			}()
		}
		synctest.Wait()
		started := time.Now()
		other, err := s.begin(as("other"), solvingWait)
		if err != nil || time.Since(started) > 0 {
			t.Fatalf("another waits %s: %v", time.Since(started), err)
		}
		for range 9 {
			if err := <-refused; fault.Of(err).Code != fault.RateLimited {
				t.Errorf("a second at the same time: %v", err)
			}
		}
		first()
		other()
		if again, err := s.begin(as("greedy"), solvingWait); err != nil {
			t.Error(err)
		} else {
			again()
		}
		letter := func(caseID string) context.Context {
			return caller.NewContext(t.Context(), caller.Principal{Kind: caller.LetterCase, Issuer: "letter",
				Case: caller.CaseKey{Agency: "fjord", ID: caseID}})
		}
		one, err := s.begin(letter("1"), solvingWait)
		if err != nil {
			t.Fatal(err)
		}
		if another, err := s.begin(letter("2"), solvingWait); err != nil {
			t.Errorf("the letter of another case, of nobody's number either: %v", err)
		} else {
			another()
		}
		if _, err := s.begin(letter("1"), solvingWait); fault.Of(err).Code != fault.RateLimited {
			t.Errorf("a second by the same letter: %v", err)
		}
		one()
		if len(s.turns) != 0 {
			t.Errorf("%d callers are remembered", len(s.turns))
		}
		if _, err := s.begin(t.Context(), solvingWait); fault.Of(err).Code != fault.Unauthenticated {
			t.Errorf("nobody: %v", err)
		}
	})
}

// TestSolvingRests: a core that has computed is somebody else's for as long, and no longer than that.
func TestSolvingRests(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ computed, rests time.Duration }{
		"short": {30 * time.Millisecond, 30 * time.Millisecond}, "long": {2 * time.Second, longestRest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSolving(1)
				as := func(subject string) context.Context {
					return caller.NewContext(t.Context(), caller.Principal{Kind: caller.Staff, Subject: subject})
				}
				done, err := s.begin(as("one"), solvingWait)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(tt.computed)
				done()
				start := time.Now()
				next, err := s.begin(as("other"), solvingWait)
				if err != nil {
					t.Fatal(err)
				}
				if rested := time.Since(start); rested != tt.rests {
					t.Errorf("it rests for %s, want %s", rested, tt.rests)
				}
				next()
				time.Sleep(longestRest)
			})
		})
	}
}
