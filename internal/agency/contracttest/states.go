package contracttest

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/state"
)

// course is how a machine is walked in a core.
type course struct {
	machine state.Machine
	key     string                               // the member of an answer that names a new thing
	at      func(x *debt.Case, id string) string // its state
	// ask returns what is asked for, and whether by a case worker.
	ask func(w *walk, s state.Step) (rehearse.Input, bool)
	own map[string]func(w *walk) // what the agency or the calendar does, by the state after it
	// runs says of a case that another one cannot be asked for; nil: nobody asks.
	runs func(x *debt.Case) bool
}

// walk is a case on its way through the states of a machine, in a transaction.
type walk struct {
	*course
	t      *testing.T
	c      *Core
	s      *subject
	of     *debt.Case
	tx     pgx.Tx
	worker caller.Scope
	id     string // of the latest thing
}

// states: what the tables allow leads where they say, and the rest is refused with their reason and leaves
// everything as it was.
func states(t *testing.T, c *Core) {
	s := c.subject(t, c.connect(t))
	must(t, c.DB.Conn(), c.Happen.Invoice, s.cases[0].ID.ID, 1, int64(1000_00))
	for _, k := range courses {
		reached := map[string]bool{}
		for _, at := range append([]string{state.None}, k.machine.States()...) {
			path := k.machine.Path(at, func(tr state.Transition) bool { return tr.Act != "" || k.own[tr.To] != nil })
			if path == nil {
				continue
			}
			reached[at] = true
			t.Run(k.machine.Name+" "+at, func(t *testing.T) {
				w := &walk{course: &k, t: t, c: c, s: s, of: s.cases[0], tx: begin(t, c.DB.Conn()), worker: c.desk(t).Deciding()}
				w.tryAll(at, path)
			})
		}
		for _, unreached := range k.machine.States() {
			if !reached[unreached] && !slices.Contains(beyond[k.machine.Name], unreached) {
				t.Errorf("%s: nothing brings a case to %s", k.machine.Name, unreached)
			}
		}
	}
}

// beyond are the states into which no act brings a case, and no agency does by a line of SQL.
var beyond = map[string][]string{
	"Case": {string(debt.PhaseCollectionWarning), string(debt.PhaseLightFee), string(debt.PhaseHeavyFee),
		string(debt.PhaseMonitoring)},
	"Agreement": {string(debt.AgreementProposed), string(debt.AgreementCompleted)},
}

// tryAll goes to a state, and tries every step there.
func (w *walk) tryAll(at string, path []state.Transition) {
	w.t.Helper()
	for _, tr := range path {
		w.take(&tr)
	}
	w.seen(at)
	before := w.read(everything)
	var allowed []*state.Transition
	for _, step := range w.machine.Steps() {
		switch to, reason := w.machine.On(at, step); {
		case to != nil:
			allowed = append(allowed, to)
		case reason != "":
			w.refused(step, reason)
		}
	}
	if diff := w.c.diff(before, w.read(everything)); diff != "" {
		w.t.Errorf("what was refused has changed the person's records (-before +after)\n%s", diff)
	}
	outer := *w
	for _, tr := range allowed {
		tx, err := outer.tx.Begin(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		inner := outer
		inner.tx = tx
		inner.take(tr)
		if err := tx.Rollback(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

// seen: the records show what the agency would say to another one.
func (w *walk) seen(at string) {
	w.t.Helper()
	if w.runs == nil {
		return
	}
	switch to, reason := w.machine.On(at, w.machine.Steps()[0]); {
	case reason == "CASE_CLOSED":
	case w.runs(w.now()) != (to == nil):
		w.t.Errorf("the agency would refuse another with %q, and the records say otherwise", reason)
	}
}

// take takes a step that leads on, and looks where it has led.
func (w *walk) take(tr *state.Transition) {
	w.t.Helper()
	if tr.Act == "" {
		w.own[tr.To](w)
	} else if a := w.asked(tr.Step); a.Status != "DONE" {
		w.t.Fatalf("%+v from %s is refused: %s", tr.Step, tr.From, a.Reason)
	} else if made := member(a, w.key); made != "" {
		w.id = made
	}
	if at := w.at(w.now(), w.id); at != tr.To {
		w.t.Fatalf("%+v leads from %s to %s, not to %s", tr.Step, tr.From, at, tr.To)
	}
}

// refused takes a step that leads nowhere. What goes before it is undone.
func (w *walk) refused(step state.Step, reason string) {
	w.t.Helper()
	tx, err := w.tx.Begin(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	inner := *w
	inner.tx = tx
	if a := inner.asked(step); a.Status != "REFUSED" || a.Reason != reason {
		w.t.Errorf("%+v is answered %s %s, and should be refused: %s", step, a.Status, a.Reason, reason)
	}
	if step.Act == "decide_objection" && w.key == "" { // an objection was made for it
		err = tx.Rollback(w.t.Context())
	} else {
		err = tx.Commit(w.t.Context())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *walk) asked(step state.Step) core.Answer {
	w.t.Helper()
	in, desk := w.ask(w, step)
	scope := w.s.scope
	if desk {
		scope = w.worker
	}
	return ask(w.t, w.tx, scope, uuid.New(), step.Act, in)
}

// now is the case as it is.
func (w *walk) now() *debt.Case {
	w.t.Helper()
	return rehearse.ByKey(w.read(ofStates, w.of.ID.ID))[w.of.ID.ID]
}

// ofStates are the relations that have the states.
const ofStates = debt.OfCases | debt.OfTerms | debt.OfDeferrals | debt.OfObjections | debt.OfAgreements |
	debt.OfComplaints | debt.OfReceipts | debt.OfHolds | debt.OfRequests

// read returns what the agency has of the person in some cases; of none, in all.
func (w *walk) read(want debt.Relations, cases ...string) *debt.Part {
	w.t.Helper()
	part, err := core.ReadWithin(w.t.Context(), w.tx, w.c.facts(), core.Query{Scope: w.s.scope, Want: want,
		Today: w.s.today, Cases: cases})
	if err != nil || len(part.Withheld) > 0 {
		w.t.Fatalf("%d cases cannot be read: %v", len(part.Withheld), err)
	}
	return part
}

// member returns a member of what an act has answered; empty where it has none.
func member(a core.Answer, name string) string {
	var all map[string]any
	_ = json.Unmarshal(a.Result, &all) // some answer nothing
	text, _ := all[name].(string)
	return text
}
