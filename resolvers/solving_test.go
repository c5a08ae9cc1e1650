package resolvers

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
)

// TestSolvingTurns: one who asks for many solutions waits for his own alone.
func TestSolvingTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSolving(2)
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
