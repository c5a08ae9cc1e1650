package act

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency"
)

// The reasons that are not an agency's.
const (
	CasesChanged Code = "CASES_CHANGED" // the records are others than the offer was computed from
	Expired      Code = "EXPIRED"       // the service did not get to it in time
)

// saga is an act with what it takes to drive it.
type saga struct {
	Record
	subject, digest []byte
	// What stands for the same two in rows of any key; the first of each is the one above.
	subjects, digests [][]byte
	key               uuid.UUID // the caller's
	sealedAs          string    // the prefix that its sealed values are bound to
	whose             []byte    // sealed, until it has ended
	kept              []byte    // sealed
	actor             []byte    // who acted for the person; nil: the person
	driver            uuid.UUID // who drives it, where that is this process
	holds             bool      // see Act
	parts             []part    // one for each of Agencies
}

type part struct {
	key     uuid.UUID // the agency's
	input   []byte    // sealed, until it is answered
	expects []byte
	sent    bool // it may have been carried out, as far as anybody knows
}

// heard is what is heard of an agency: a status that it answers, or one of those below.
type heard string

const (
	saidDone      heard = "DONE"
	saidProposed  heard = "PROPOSED"
	saidConfirmed heard = "CONFIRMED"
	saidRefused   heard = "REFUSED"
	saidWithdrawn heard = "WITHDRAWN"

	saidReused heard = "REFUSED, KEY_REUSED"
	saidOther  heard = "anything else"
	silence    heard = "no answer"
	changed    heard = "other records" // Act.Verify has refused them
	spared     heard = "not asked: spared"
	late       heard = "not asked: too late" // and it was never sent
)

// step is what agencies are asked next, and what becomes of what is heard of them. This is
// the whole machine of an agency's part: docs/acts.md shows it, and the simulation has to
// reach every move.
type step struct {
	name  string
	from  []State // of which parts the agencies are asked
	goal  State
	moves map[heard]move
}

// move is where a part goes. wrong says that the contract does not allow what was heard.
type move struct {
	to    State // empty: it stays where it is
	wrong bool
}

var (
	doing = step{"do", []State{Asked}, PartDone, map[heard]move{
		saidDone:    {to: PartDone},
		saidRefused: {to: PartRefused},
		saidReused:  {wrong: true}, // whose answer it is, people have to find out
		saidOther:   {wrong: true},
		silence:     {},
		spared:      {to: PartWithdrawn},
		late:        {to: PartWithdrawn},
	}}
	proposing = step{"propose", []State{Asked}, Proposed, map[heard]move{
		saidProposed:  {to: Proposed},
		saidConfirmed: {to: Proposed}, // the portal database was restored to an earlier time
		saidOther:     {to: PartRefused},
		changed:       {to: PartRefused},
		silence:       {},
	}}
	confirming = step{"confirm", []State{Proposed, PartRefused, PartWithdrawn}, PartDone, map[heard]move{
		saidConfirmed: {to: PartDone},
		saidProposed:  {to: Proposed, wrong: true},
		saidRefused:   {to: PartRefused, wrong: true},
		saidWithdrawn: {to: PartWithdrawn, wrong: true},
		saidOther:     {wrong: true},
		silence:       {},
	}}
	withdrawing = step{"withdraw", []State{Asked, Proposed, PartRefused, PartDone}, PartWithdrawn, map[heard]move{
		saidWithdrawn: {to: PartWithdrawn},
		saidConfirmed: {to: PartDone, wrong: true},
		saidProposed:  {to: Proposed, wrong: true},
		saidRefused:   {to: PartRefused, wrong: true},
		saidOther:     {wrong: true},
		silence:       {},
	}}
)

// heardOf says what was heard.
func heardOf(answer agency.Answer, err error) heard {
	switch {
	case errors.Is(err, ErrChanged):
		return changed
	case err != nil:
		return silence
	case heard(answer.Status) == saidRefused && Code(answer.Reason) == KeyReused:
		return saidReused
	}
	return heard(answer.Status)
}

// on returns the row of the machine for what was heard, and where that leads to.
func (st step) on(h heard) (heard, move) {
	if _, ok := st.moves[h]; !ok && h == saidReused {
		h = saidRefused
	}
	if _, ok := st.moves[h]; !ok {
		h = saidOther
	}
	return h, st.moves[h]
}

// next returns what the agencies are to be asked now.
func (s *saga) next() step {
	switch {
	case s.Reach != All:
		return doing
	case s.Decision == "":
		return proposing
	case s.Decision == Confirm:
		return confirming
	default:
		return withdrawing
	}
}

// hear notes what was heard of agency i. wrong says that the contract does not allow it.
func (s *saga) hear(i int, st step, h heard, answer agency.Answer, now time.Time) (wrong bool) {
	a := &s.Agencies[i]
	before := *a
	h, m := st.on(h)
	if m.to != "" {
		a.State = m.to
	}
	switch {
	case h == changed:
		a.Reason = CasesChanged
	case h == spared:
		a.Reason = NotNeeded
	case h == late:
		a.Reason = Expired
	case h == silence:
		if a.State == Asked && st.name != withdrawing.name {
			a.Reason = AgencyUnavailable
		}
	case st.name == withdrawing.name: // its reason is why it was not agreed
	case m.to != "":
		a.Reason = Code(answer.Reason)
		if a.State == PartRefused {
			a.Reason = cmp.Or(a.Reason, refusal(answer.Status))
		}
		if st.name != confirming.name {
			a.Result = answer.Result
		}
	}
	if a.State != before.State || a.Reason != before.Reason {
		a.ChangedAt = now
	}
	s.parts[i].sent = s.parts[i].sent || m.wrong
	return m.wrong
}

// refusal is the reason of an agency that refuses and does not say why.
func refusal(status string) Code {
	if heard(status) == saidWithdrawn {
		return Code(status)
	}
	return Other
}

// line is one line of a table: the first whose condition holds counts.
type line[To any] struct {
	when  string
	holds func(s *saga, c condition) bool
	to    To // zero: it stays as it is
}

// condition is what counts beside the states of the parts.
type condition struct {
	late  bool // the time to decide is over
	wrong bool // an agency has answered what it must not, or may have done what it was asked too late
}

func first[To any](table []line[To], s *saga, c condition) line[To] {
	return table[slices.IndexFunc(table, func(l line[To]) bool { return l.holds(s, c) })]
}

func all(state State) func(*saga, condition) bool {
	return func(s *saga, _ condition) bool {
		return !slices.ContainsFunc(s.Agencies, func(a Agency) bool { return a.State != state })
	}
}

func some(state State) func(*saga, condition) bool {
	return func(s *saga, _ condition) bool { return s.any(state) }
}

func wrongly(_ *saga, c condition) bool { return c.wrong }
func tooLate(_ *saga, c condition) bool { return c.late }
func always(*saga, condition) bool      { return true }

// How an All act is decided, and how far an act is once its agencies have been asked.
var (
	deciding = []line[Decision]{
		{"an agency refuses", some(PartRefused), Withdraw},
		{"the time to decide is over", tooLate, Withdraw},
		{"every agency has proposed", all(Proposed), Confirm},
		{"an agency has yet to answer", always, ""},
	}
	singly = []line[Status]{
		{"an agency's part is open, and an answer was wrong or its time is over",
			func(s *saga, c condition) bool { return c.wrong && s.any(Asked) }, NeedsAttention},
		{"an agency's part is open", some(Asked), ""},
		{"an agency has done it, or it holds whatever they say",
			func(s *saga, _ condition) bool { return s.holds || s.any(PartDone) }, Done},
		{"an agency has refused", some(PartRefused), Refused},
		{"no agency was asked in time", always, Withdrawn},
	}
	confirmed = []line[Status]{
		{"every agency has confirmed", all(PartDone), Done},
		{"an answer was wrong", wrongly, NeedsAttention},
		{"an agency has yet to confirm", always, ""},
	}
	withdrawn = []line[Status]{
		{"every agency has withdrawn", all(PartWithdrawn), Withdrawn},
		{"an answer was wrong", wrongly, NeedsAttention},
		{"an agency has yet to withdraw", always, ""},
	}
)

// decide takes the decision of an All act, if it can be taken, and returns why it is as it is.
func (s *saga) decide(now time.Time) (why string) {
	l := first(deciding, s, condition{late: !now.Before(s.DecideBy)})
	if l.to == "" {
		return l.when
	}
	s.Decision, s.DecidedAt = l.to, &now
	if s.Decision == Withdraw {
		s.Reason = cmp.Or(s.firstReason(PartRefused), s.firstReason(Asked), Expired)
		s.kept, s.Kept = nil, nil
	}
	return l.when
}

// late says that agencies are asked no more, but for what may have been carried out: that is
// asked until it is known, and people look into it.
func (s *saga) late(now time.Time) bool { return s.Reach != All && !now.Before(s.Until) }

// table is that of how far the act is.
func (s *saga) table() []line[Status] {
	switch {
	case s.Reach != All:
		return singly
	case s.Decision == Confirm:
		return confirmed
	default:
		return withdrawn
	}
}

// conclude says how far the act is when its agencies are as they are, and returns why so.
func (s *saga) conclude(wrong bool, now time.Time) (why string) {
	l := first(s.table(), s, condition{wrong: wrong})
	s.Status = cmp.Or(l.to, s.Status)
	if s.Reach != All {
		switch s.Status {
		case Done:
			s.Reason = ""
		case Refused:
			s.Reason = s.firstReason(PartRefused)
		case Withdrawn:
			s.Reason = s.firstReason(PartWithdrawn)
		}
	}
	s.end(now)
	return l.when
}

func (s *saga) any(state State) bool {
	return slices.ContainsFunc(s.Agencies, func(a Agency) bool { return a.State == state })
}

// firstReason returns the first reason of a part in a state; empty where there is none.
func (s *saga) firstReason(state State) Code {
	for _, a := range s.Agencies {
		if a.State == state && a.Reason != "" {
			return a.Reason
		}
	}
	return ""
}

// ended says whether a status is the end.
func (s Status) ended() bool { return s != Pending && s != NeedsAttention }

func (s *saga) end(now time.Time) {
	if s.Status.ended() && s.EndedAt == nil {
		s.EndedAt = &now
	}
}

// ErrChanged is what Act.Verify returns where the records are not what was expected.
var ErrChanged = errors.New("the records have changed since the offer")
