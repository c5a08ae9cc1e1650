package act

import (
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency"
)

// sending looks at a question before it leaves.
func (w *sim) sending(code string, c agency.Call) {
	r, i := w.memory.byPart(c.Key)
	if r == nil {
		w.violated("stored before asked", "%s at %s", c.Function, code)
		return
	}
	if c.Function == fnDo && !r.saga.parts[i].sent && !w.now().Before(r.saga.Until.Add(w.rates.skew+deadline)) {
		w.violated("asked until the deadline", "%s is first asked of %s too late", r.saga.Name, code)
	}
}

// asked looks at a question when it arrives.
func (w *sim) asked(b *bureau, c agency.Call) {
	r, i := w.memory.byPart(c.Key)
	if r == nil {
		w.violated("stored before asked", "%s at %s", c.Function, b.code)
		return
	}
	s := r.saga
	if s.Agencies[i].Code != b.code {
		w.violated("stored before asked", "%s is asked with the key of %s", b.code, s.Agencies[i].Code)
	}
	if c.Function == fnConfirm && (s.Decision != Confirm || !r.confirmed) {
		w.violated("confirm only what all have proposed", "%s is asked to confirm, and the decision is %q", b.code,
			s.Decision)
	}
	if c.Function == fnWithdraw && s.Decision != Withdraw {
		w.violated("a decision is taken once", "%s is asked to withdraw, and the decision is %q", b.code, s.Decision)
	}
}

// storedOne looks at an act that was just stored.
func (w *sim) storedOne(r *memoryRow) {
	for _, other := range w.memory.rows {
		if other == r || string(other.saga.subject) != string(r.saga.subject) {
			continue
		}
		if other.saga.key == r.saga.key {
			w.violated("one key, one act", "%s is stored twice", r.saga.Name)
		}
		if r.alone && other.alone && r.saga.Name == other.saga.Name && unended(other) {
			w.violated("one at a time", "%s is stored beside another", r.saga.Name)
		}
	}
}

// unended says that an act has not ended, and is not only to be withdrawn.
func unended(r *memoryRow) bool { return r.saga.EndedAt == nil && r.saga.Decision != Withdraw }

// wouldWrite looks at what a driver writes, before it is written.
func (w *sim) wouldWrite(r *memoryRow, s *saga, driver uuid.UUID) {
	was := r.saga
	if driver != r.holder {
		w.violated("nobody writes who has lost the lease", "%s", s.Name)
	}
	if was.EndedAt != nil {
		w.violated("what has ended stays so", "%s: %s over %s", s.Name, s.Status, was.Status)
	}
	if was.Decision != "" && was.Decision != s.Decision {
		w.violated("a decision is taken once", "%s: %s over %s", s.Name, s.Decision, was.Decision)
	}
	if was.Decision != Confirm && s.Decision == Confirm {
		r.confirmed = true
		for i, a := range s.Agencies {
			record := w.bureau(a.Code).records[was.parts[i].key]
			if record == nil || record.status != "PROPOSED" && record.status != "CONFIRMED" && !record.lied {
				r.confirmed = false
				w.violated("confirm only what all have proposed", "%s has not", a.Code)
			}
		}
	}
}

// check looks at everything when the history has come to rest.
func (w *sim) check() {
	for _, r := range w.memory.rows {
		w.checkEnd(r)
		w.checkParts(r)
	}
	for _, b := range w.bureaus {
		for key, record := range b.records {
			if record.done > 1 {
				w.violated("an agency does it once", "%s has done it %d times", b.code, record.done)
			}
			if row, _ := w.memory.byPart(key); row == nil {
				w.violated("stored before asked", "%s has what nobody has stored", b.code)
			}
		}
	}
	w.checkCalls()
	for _, l := range w.looks {
		w.checkLook(l)
	}
}

// checkLook holds what somebody was told of all their acts against what was stored meanwhile.
func (w *sim) checkLook(l *look) {
	told := map[uuid.UUID]*Record{}
	for i, r := range l.records {
		told[r.ID] = r
		if i > 0 && r.CreatedAt.After(l.records[i-1].CreatedAt) {
			w.violated("a list is as it is stored", "%s is not in its order", r.Name)
		}
	}
	for _, row := range w.memory.rows {
		r, theirs := told[row.saga.ID], string(row.saga.subject) == string(l.subject)
		switch {
		case r == nil && theirs && row.versions[0].tick < l.called:
			w.violated("a list is as it is stored", "%s is left out", row.saga.Name)
		case r != nil && !theirs:
			w.violated("a list is as it is stored", "%s is another's", row.saga.Name)
		case r != nil && !w.was(row, r, l.called, l.returned):
			w.violated("a list is as it is stored", "%s: %s %q, and it was %v", r.Name, r.Status, r.Decision, row.versions)
		}
	}
}

func (w *sim) checkEnd(r *memoryRow) {
	s := r.saga
	switch {
	case !r.has:
		w.violated("stored before asked", "%s was told and never stored", s.Name)
		return
	case s.EndedAt == nil:
		w.violated("an act ends", "%s is %s %s", s.Name, s.Status, s.Decision)
		return
	}
	if w.acts[s.Name].Holds && s.Status != Done {
		w.violated("what holds is done", "%s is %s", s.Name, s.Status)
	}
	ends := 0
	for _, e := range r.events {
		if e.ended() {
			ends++
		}
	}
	var changes []Status
	for i, v := range r.versions {
		if i == 0 || r.versions[i-1].status != v.status {
			changes = append(changes, v.status)
		}
	}
	if ends != 1 {
		w.violated("an act ends once", "%s has ended %d times: %v", s.Name, ends, r.events)
	}
	if !slices.Equal(changes, r.events) {
		w.violated("an event for every change of status", "%s: %v, and it was %v", s.Name, r.events, changes)
	}
	sealed := len(s.whose) > 0 || s.Decision == Withdraw && s.kept != nil
	for _, p := range s.parts {
		sealed = sealed || p.input != nil
	}
	if sealed {
		w.violated("nothing sealed outlives its end", "%s", s.Name)
	}
	if r.entries != 1 || r.own != 1 {
		w.violated("the log entry is there exactly when the act is", "%s has %d entries, %d rows", s.Name, r.entries, r.own)
	}
}

// checkParts holds what an act says of its agencies against what these have.
func (w *sim) checkParts(r *memoryRow) {
	s := r.saga
	for i, a := range s.Agencies {
		record := w.bureau(a.Code).records[s.parts[i].key]
		inForce := record != nil && record.inForce
		if want := a.State == PartDone; want != inForce {
			invariant := "an agency has what the act says"
			if s.Reach == All {
				invariant = "withdrawn everywhere, or confirmed everywhere"
			}
			w.violated(invariant, "%s is %s at %s, which has %+v", s.Name, a.State, a.Code, record)
		}
		if s.Reach == All && record != nil && record.status == "PROPOSED" {
			w.violated("a late proposal after a withdrawal is refused", "%s has one of %s", a.Code, s.Name)
		}
		if s.Reach != All && a.State == PartWithdrawn && record != nil {
			w.violated("given up is only what was never asked", "%s at %s, which has %+v", s.Name, a.Code, record)
		}
		if s.Reach == All && (a.State == PartDone) != (s.Status == Done) {
			w.violated("withdrawn everywhere, or confirmed everywhere", "%s is %s, and %s at %s", s.Name, s.Status, a.State,
				a.Code)
		}
		if said, told := r.answered[a.Code]; told && s.Reach == Each && State(said) != a.State {
			w.violated("the act's own rows say what it says", "%s: %s, and it is %s", a.Code, said, a.State)
		}
	}
}

// checkCalls looks at what callers were told.
func (w *sim) checkCalls() {
	for _, c := range w.calls {
		var row *memoryRow
		for _, r := range w.memory.rows {
			if r.saga.key == c.key && string(r.saga.subject) == string(c.subject) {
				row = r
			}
		}
		switch faults, mendable := mendable(c.err); {
		case c.record != nil:
			w.checkTold(c, row)
		case mendable && faults[0].Code == KeyReused:
			if row == nil || row.saga.Name == c.act && row.what() == c.what {
				w.violated("another input is KEY_REUSED", "%s is told so of its own input", c.act)
			}
		case mendable && faults[0].Code == "OTHER_PENDING" && c.act != simAll:
			w.violated("one at a time", "%s need not wait", c.act)
		case mendable:
			if row != nil && row.saga.Name == c.act && row.what() == c.what && row.versions[0].tick < c.called {
				w.violated("faults say that nothing was done", "%s was stored, and %v", c.act, c.err)
			}
		case !errors.Is(c.err, ErrUnavailable):
			w.violated("a caller is told what is stored", "%s: %v", c.act, c.err)
		}
	}
}

// what is the input of an act.
func (r *memoryRow) what() string { return string(r.saga.Summary) }

func (w *sim) checkTold(c *call, row *memoryRow) {
	switch {
	case row == nil || row.saga.ID != c.record.ID:
		w.violated("one key, one act", "%s is told of another act than that of its key", c.act)
		return
	case row.saga.Name != c.act || row.what() != c.what:
		w.violated("another input is KEY_REUSED", "%s with %s is told of %s with %s", c.act, c.what, row.saga.Name,
			row.what())
		return
	}
	if w.was(row, c.record, c.called, c.returned) {
		return
	}
	w.violated("a caller is told what is stored", "%s: %s %q, and it was %v", c.act, c.record.Status, c.record.Decision,
		row.versions)
}

// was says that an act was at some time between two ticks as it was told.
func (w *sim) was(row *memoryRow, told *Record, from, to int) bool {
	for i, v := range row.versions {
		until := w.tick
		if i+1 < len(row.versions) {
			until = row.versions[i+1].tick
		}
		if v.status == told.Status && v.decision == told.Decision && v.tick <= to && until >= from {
			return true
		}
	}
	return false
}

// healed checks that what was open when everything was well again is decided in two minutes, and
// so is what arrived at the store after that.
func (w *sim) healed(well time.Time) {
	for _, r := range w.memory.rows {
		at := well
		if r.stored.After(at) {
			at = r.stored
		}
		if s := r.saga; s.Reach == All && r.has && (s.DecidedAt == nil ||
			s.DecidedAt.After(at.Add(decideWithin+w.rates.skew))) &&
			!w.now().Before(at.Add(decideWithin)) {
			w.violated("decided within two minutes of healthy time", "%s", s.Name)
		}
	}
}
