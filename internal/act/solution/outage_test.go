package solution_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestCutAtEachStep cuts one line at each step, mends it, and goes on.
func TestCutAtEachStep(t *testing.T) {
	t.Parallel()
	for name, whose := range map[string]func(*world) *line.Line{
		"agency": func(w *world) *line.Line { return w.lines[people.Tradisjon] },
		"portal": func(w *world) *line.Line { return w.portalTo },
	} {
		for outcome, tc := range outcomes {
			t.Run(name+" "+outcome, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				s := tc.plan(w.persons(1, 3)[0])
				before := w.records()
				steps := w.steps(s)
				mended := w.engine(nil)
				for n, step := range steps {
					earlier := len(w.list(mended, s))
					key := uuid.New()
					a, err := w.engine(at(n, func() { w.cut(whose(w), true) })).Accept(t.Context(), key, s.plan)
					if err == nil && a.EndedAt == nil && a.Status != solution.Pending {
						t.Errorf("cut at %q: %+v", step, a)
					}
					if step == "decide" && whose(w) == w.portalTo && (err != nil || a.Decision != "") {
						t.Errorf("what may not be stored is told: %+v, %v", a, err)
					}
					w.cut(whose(w), false)
					eventually(t, "the line is back", func() bool {
						a, err = mended.Accept(t.Context(), key, s.plan)
						return err == nil
					})
					a = w.finish(mended, a.ID)
					w.agreed(s, a, tc.want)
					if n := len(w.list(mended, s)); n != earlier+1 {
						t.Errorf("cut at %q: there are %d acceptances more", step, n-earlier)
					}
					w.undo(s, a.ID)
					if diff := cmp.Diff(before, w.records()); diff != "" {
						t.Fatalf("cut at %q: the agencies' records have changed\n%s", step, diff)
					}
				}
			})
		}
	}
}

// TestDownForGood: an agency that is not back in time costs the whole plan, and nothing else.
func TestDownForGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 3)[0]
	before := w.records()
	lita := w.lines[people.Lita]
	e := w.engine(func(name string) {
		if name == "propose lita" {
			w.cut(lita, true)
		}
	})
	a := w.accept(e, s)
	if a.Status != solution.Pending || a.Decision != "" || state(a, people.Lita) != solution.AgencyPending {
		t.Fatalf("%+v", a)
	}
	var pending *solution.PendingError
	if _, err := e.Accept(t.Context(), uuid.New(), s.plan); !errors.As(err, &pending) || pending.ID != a.ID {
		t.Errorf("another one while it is open: %v", err)
	}

	w.pass(a.DecideBy.Sub(w.clock()) - time.Microsecond)
	if a = w.resume(e, a); a.Decision != "" {
		t.Errorf("it is decided too early: %+v", a)
	}
	w.pass(time.Microsecond)
	a = w.resume(e, a)
	if a.Status != solution.Pending || a.Decision != solution.Withdraw || a.Reason != solution.AgencyUnavailable {
		t.Fatalf("%+v", a)
	}
	for _, code := range []string{people.Fjord, people.Tradisjon} {
		if got := state(a, code); got != solution.AgencyWithdrawn {
			t.Errorf("%s is %s", code, got)
		}
	}

	// It stands in nobody's way, though the agency has yet to be told.
	rest := s
	rest.plan.Agencies = s.plan.Agencies[:2]
	next := w.accept(e, rest)
	w.agreed(rest, next, solution.Confirmed)
	w.undo(rest, next.ID)

	w.pass(24 * time.Hour)
	w.cut(lita, false)
	a = w.finish(e, a.ID)
	w.agreed(s, a, solution.Withdrawn)
	if a.Reason != solution.AgencyUnavailable {
		t.Errorf("%+v", a)
	}
	if diff := cmp.Diff(before, w.records()); diff != "" {
		t.Errorf("the agencies' records have changed\n%s", diff)
	}
}

// TestDownAfterDecision: what is decided is carried out, however late.
func TestDownAfterDecision(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 3)[0]
	lita := w.lines[people.Lita]
	e := w.engine(func(name string) {
		if name == "decide done" {
			w.cut(lita, true)
		}
	})
	a := w.accept(e, s)
	if a.Status != solution.Pending || a.Decision != solution.Confirm ||
		state(a, people.Lita) != solution.AgencyProposed || state(a, people.Fjord) != solution.AgencyConfirmed {
		t.Fatalf("%+v", a)
	}
	w.pass(30 * 24 * time.Hour)
	if a = w.resume(e, a); a.Status != solution.Pending || a.Decision != solution.Confirm {
		t.Errorf("%+v", a)
	}
	var pending *solution.PendingError
	if _, err := e.Accept(t.Context(), uuid.New(), s.plan); !errors.As(err, &pending) || pending.ID != a.ID {
		t.Errorf("another one while it is being confirmed: %v", err)
	}
	w.cut(lita, false)
	w.agreed(s, w.finish(e, a.ID), solution.Confirmed)
}

// TestExpired: what all agencies have agreed to is withdrawn when the service itself comes
// too late to decide.
func TestExpired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	before := w.records()
	dies(func() {
		w.accept(w.engine(func(name string) {
			if name == "decide" {
				panic(died{})
			}
		}), s)
	})
	e := w.engine(nil)
	w.pass(2 * time.Minute)
	a := w.finish(e, w.list(e, s)[0].ID)
	w.agreed(s, a, solution.Withdrawn)
	if a.Reason != solution.Expired {
		t.Errorf("%+v", a)
	}
	if diff := cmp.Diff(before, w.records()); diff != "" {
		t.Errorf("the agencies' records have changed\n%s", diff)
	}
}

// TestNeedsAttention: an agency has withdrawn behind our back what all were to confirm.
func TestNeedsAttention(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 3)[0]
	alter := func(status string) {
		if _, err := w.cores[people.Fjord].Conn().Exec(t.Context(), "update oversikt_rules.act set status = $1",
			status); err != nil {
			t.Fatal(err)
		}
	}
	e := w.engine(func(name string) {
		if name == "decide done" {
			alter("WITHDRAWN")
		}
	})
	a := w.accept(e, s)
	for range 2 {
		if a.Status != solution.NeedsAttention || a.EndedAt != nil || state(a, people.Fjord) != solution.AgencyWithdrawn ||
			state(a, people.Lita) != solution.AgencyConfirmed {
			t.Fatalf("%+v", a)
		}
		a = w.resume(e, a)
	}
	if log := w.log.String(); strings.Count(log, "level=ERROR") != 3 || !strings.Contains(log, a.ID.String()) {
		t.Errorf("the alarm is not in the log:\n%s", log)
	}
	alter("PROPOSED") // the agency has mended it
	w.agreed(s, w.finish(e, a.ID), solution.Confirmed)
}

// TestPortalRestored: the portal database is put back to before the decision, when the
// agencies have confirmed already.
func TestPortalRestored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	dies(func() {
		w.accept(w.engine(func(name string) {
			if name == "end" {
				panic(died{})
			}
		}), s)
	})
	for _, sql := range []string{
		"update portal.acceptance set decision = null, decided_at = null",
		"update portal.acceptance_agency set state = 'PENDING'",
	} {
		if _, err := w.portal.Conn().Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	e := w.engine(nil)
	w.agreed(s, w.finish(e, w.list(e, s)[0].ID), solution.Confirmed)
}

func (w *world) resume(e *solution.Engine, a solution.Acceptance) solution.Acceptance {
	w.t.Helper()
	a, err := e.Resume(w.t.Context(), a.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func state(a solution.Acceptance, code string) solution.State {
	for _, g := range a.Agencies {
		if g.Code == code {
			return g.State
		}
	}
	return ""
}
