package act_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestCutAtEachStep cuts one line at each step, mends it, and goes on.
func TestCutAtEachStep(t *testing.T) {
	t.Parallel()
	for name, whose := range map[string]func(*world) *line.Line{
		"agency": func(w *world) *line.Line { return w.Lines[people.Tradisjon] },
		"portal": func(w *world) *line.Line { return w.PortalTo },
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
					a, err := s.ask(t.Context(), w.engine(acttest.At(n, func() { w.Cut(whose(w), true) })), key)
					if err == nil && a.EndedAt == nil && a.Status != act.Pending {
						t.Errorf("cut at %q: %+v", step, a)
					}
					if step == "decide" && whose(w) == w.PortalTo && (err != nil || a.Decision != "") {
						t.Errorf("what may not be stored is told: %+v, %v", a, err)
					}
					w.Cut(whose(w), false)
					acttest.Eventually(t, "the line is back", func() bool {
						a, err = s.ask(t.Context(), mended, key)
						return err == nil
					})
					a = w.finish(mended, a.ID)
					w.agreed(s, a, tc.want)
					if n := len(w.list(mended, s)); n != earlier+1 {
						t.Errorf("cut at %q: there are %d acts more", step, n-earlier)
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
	lita := w.Lines[people.Lita]
	e := w.engine(func(name string) {
		if name == "propose lita" {
			w.Cut(lita, true)
		}
	})
	a := w.accept(e, s)
	if a.Status != act.Pending || a.Decision != "" || state(a, people.Lita) != act.Asked {
		t.Fatalf("%+v", a)
	}
	if _, err := s.ask(t.Context(), e, uuid.New()); !isPending(err) {
		t.Errorf("another one while it is open: %v", err)
	}

	w.Pass(a.DecideBy.Sub(w.Clock()) - time.Microsecond)
	if a = w.resume(e, a); a.Decision != "" {
		t.Errorf("it is decided too early: %+v", a)
	}
	w.Pass(time.Microsecond)
	a = w.resume(e, a)
	if a.Status != act.Pending || a.Decision != act.Withdraw || a.Reason != act.AgencyUnavailable {
		t.Fatalf("%+v", a)
	}
	for _, code := range []string{people.Fjord, people.Tradisjon} {
		if got := state(a, code); got != act.PartWithdrawn {
			t.Errorf("%s is %s", code, got)
		}
	}

	// It stands in nobody's way, though the agency has yet to be told.
	rest := s
	rest.plan.Agencies = s.plan.Agencies[:2]
	next := w.accept(e, rest)
	w.agreed(rest, next, act.Done)
	w.undo(rest, next.ID)

	w.Pass(24 * time.Hour)
	w.Cut(lita, false)
	a = w.finish(e, a.ID)
	w.agreed(s, a, act.Withdrawn)
	if a.Reason != act.AgencyUnavailable {
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
	lita := w.Lines[people.Lita]
	e := w.engine(func(name string) {
		if name == "decide done" {
			w.Cut(lita, true)
		}
	})
	a := w.accept(e, s)
	if a.Status != act.Pending || a.Decision != act.Confirm ||
		state(a, people.Lita) != act.Proposed || state(a, people.Fjord) != act.PartDone {
		t.Fatalf("%+v", a)
	}
	w.Pass(30 * 24 * time.Hour)
	if a = w.resume(e, a); a.Status != act.Pending || a.Decision != act.Confirm {
		t.Errorf("%+v", a)
	}
	if _, err := s.ask(t.Context(), e, uuid.New()); !isPending(err) {
		t.Errorf("another one while it is being confirmed: %v", err)
	}
	w.Cut(lita, false)
	w.agreed(s, w.finish(e, a.ID), act.Done)
}

// TestExpired: what all agencies have agreed to is withdrawn when the service itself comes
// too late to decide.
func TestExpired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	before := w.records()
	acttest.Dies(func() {
		w.accept(w.engine(func(name string) {
			if name == "decide" {
				acttest.Die()
			}
		}), s)
	})
	e := w.engine(nil)
	w.Pass(2 * time.Minute)
	a := w.finish(e, w.list(e, s)[0].ID)
	w.agreed(s, a, act.Withdrawn)
	if a.Reason != act.Expired {
		t.Errorf("%+v", a)
	}
	if diff := cmp.Diff(before, w.records()); diff != "" {
		t.Errorf("the agencies' records have changed\n%s", diff)
	}
}

// TestNeedsAttention: an agency has withdrawn behind our back what all were to confirm. Nothing
// can be accepted beside it until it has ended.
func TestNeedsAttention(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 3)[0]
	alter := func(status string) {
		if _, err := w.Cores[people.Fjord].Conn().Exec(t.Context(), "update oversikt_rules.act set status = $1",
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
		if a.Status != act.NeedsAttention || a.EndedAt != nil || state(a, people.Fjord) != act.PartWithdrawn ||
			state(a, people.Lita) != act.PartDone {
			t.Fatalf("%+v", a)
		}
		a = w.resume(e, a)
		if r, err := s.ask(t.Context(), e, uuid.New()); !isPending(err) {
			t.Fatalf("something contradicts what others have confirmed: %+v, %v", r, err)
		}
	}
	if log := w.Log.String(); strings.Count(log, "level=ERROR") != 3 || !strings.Contains(log, a.ID.String()) {
		t.Errorf("the alarm is not in the log:\n%s", log)
	}
	alter("PROPOSED") // the agency has mended it
	w.agreed(s, w.finish(e, a.ID), act.Done)
}

// TestPortalRestored: the portal database is put back to before the decision, when the
// agencies have confirmed already.
func TestPortalRestored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	acttest.Dies(func() {
		w.accept(w.engine(func(name string) {
			if name == "end" {
				acttest.Die()
			}
		}), s)
	})
	conn := w.Portal.Conn()
	for _, sql := range []string{
		"set session_replication_role = replica", // a backup knows no triggers
		"update portal.act set decision = null, decided_at = null",
		"update portal.act_agency set state = 'PENDING'",
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	e := w.engine(nil)
	w.agreed(s, w.finish(e, w.list(e, s)[0].ID), act.Done)
}

func (w *world) resume(e *act.Engine, a act.Record) act.Record {
	w.T.Helper()
	a, err := e.Resume(w.T.Context(), a.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

// isPending says that another one of the person stands in the way.
func isPending(err error) bool {
	var faults act.Faults
	return errors.As(err, &faults) && len(faults) == 1 && faults[0].Code == accepting.Alone
}

func state(a act.Record, code string) act.State {
	for _, g := range a.Agencies {
		if g.Code == code {
			return g.State
		}
	}
	return ""
}
