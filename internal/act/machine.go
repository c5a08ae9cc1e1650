package act

import (
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
	key             uuid.UUID // the caller's
	sealedAs        string    // the prefix that its sealed values are bound to
	whose           []byte    // sealed, until it has ended
	kept            []byte    // sealed
	actor           []byte    // who acted for the person; nil: the person
	driver          uuid.UUID // who drives it, where that is this process
	holds           bool      // see Act
	parts           []part    // one for each of Agencies
}

type part struct {
	key     uuid.UUID // the agency's
	input   []byte    // sealed, until it is answered
	expects []byte
	sent    bool // it may have been carried out, as far as anybody knows
}

// step is what agencies are to be asked next.
type step struct {
	name string // for the log
	from func(State) bool
	goal State
}

var (
	doing       = step{"do", func(s State) bool { return s == Asked }, PartDone}
	proposing   = step{"propose", func(s State) bool { return s == Asked }, Proposed}
	confirming  = step{"confirm", func(s State) bool { return s != PartDone }, PartDone}
	withdrawing = step{"withdraw", func(s State) bool { return s != PartWithdrawn }, PartWithdrawn}
)

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

// hear notes the answer of agency i, or that there was none. wrong says that the contract
// does not allow the answer.
func (s *saga) hear(i int, st step, answer agency.Answer, err error, now time.Time) (wrong bool) {
	a, p := &s.Agencies[i], &s.parts[i]
	before := *a
	switch {
	case errors.Is(err, ErrChanged):
		a.State, a.Reason = PartRefused, CasesChanged
	case err != nil:
		p.sent = p.sent || !agency.Unsent(err)
		if st.goal != PartWithdrawn && st.name != confirming.name {
			a.Reason = AgencyUnavailable
		}
	default:
		wrong = a.take(st, answer)
	}
	if a.State != before.State || a.Reason != before.Reason {
		a.ChangedAt = now
	}
	return wrong
}

// states are an agency's words for the states.
var states = map[string]State{
	"DONE": PartDone, "CONFIRMED": PartDone, "PROPOSED": Proposed, "REFUSED": PartRefused, "WITHDRAWN": PartWithdrawn,
}

func (a *Agency) take(st step, answer agency.Answer) (wrong bool) {
	said, reason := states[answer.Status], Code(answer.Reason)
	switch st.name {
	case withdrawing.name:
		a.State = said // its reason is why it was not agreed
		return said != PartWithdrawn
	case confirming.name:
		a.State, a.Reason = said, reason
		return said != PartDone
	case proposing.name:
		if said == PartDone { // the portal database was restored to an earlier time
			said = Proposed
		}
		if said == PartWithdrawn && reason == "" {
			reason = Code(answer.Status)
		}
		if said != Proposed {
			said = PartRefused
		}
	default:
		if said != PartDone && said != PartRefused || said == PartRefused && reason == KeyReused {
			return true // it stays as it is, and people look into it
		}
	}
	a.State, a.Reason, a.Result = said, reason, answer.Result
	if said == PartRefused && reason == "" {
		a.Reason = Other
	}
	return false
}

// decide takes the decision of an All act, if it can be taken.
func (s *saga) decide(now time.Time) {
	proposed := 0
	var refused, missing Code
	for _, a := range s.Agencies {
		switch {
		case a.State == Proposed:
			proposed++
		case a.State == PartRefused && refused == "":
			refused = a.Reason
		case a.State == Asked && missing == "":
			missing = a.Reason
		}
	}
	late := !now.Before(s.DecideBy)
	switch {
	case refused != "":
		s.Decision, s.Reason = Withdraw, refused
	case late && missing != "":
		s.Decision, s.Reason = Withdraw, missing
	case late:
		s.Decision, s.Reason = Withdraw, Expired
	case proposed == len(s.Agencies):
		s.Decision = Confirm
	default:
		return
	}
	s.DecidedAt = &now
	if s.Decision == Withdraw {
		s.kept, s.Kept = nil, nil
	}
}

// expire gives up what was never sent and is too late now; what may have been carried out
// is asked on, and people look into it.
func (s *saga) expire(now time.Time) (unsure bool) {
	if s.Reach == All || now.Before(s.Until) {
		return false
	}
	for i := range s.Agencies {
		a := &s.Agencies[i]
		switch {
		case a.State != Asked:
		case s.parts[i].sent:
			unsure = true
		default:
			a.State, a.Reason, a.ChangedAt = PartWithdrawn, Expired, now
		}
	}
	return unsure
}

// conclude says how far the act is when its agencies are as they are.
func (s *saga) conclude(wrong bool, now time.Time) {
	if s.Reach == All {
		s.concludeAll(wrong, now)
		return
	}
	switch {
	case s.any(Asked) && wrong:
		s.Status = NeedsAttention
	case s.any(Asked):
	case s.holds, s.any(PartDone):
		s.Status, s.Reason = Done, ""
	case s.any(PartRefused):
		s.Status, s.Reason = Refused, s.firstReason(PartRefused)
	default:
		s.Status, s.Reason = Withdrawn, Expired
	}
	s.end(now)
}

func (s *saga) concludeAll(wrong bool, now time.Time) {
	goal, status := PartDone, Done
	if s.Decision == Withdraw {
		goal, status = PartWithdrawn, Withdrawn
	}
	switch {
	case s.Decision == "":
	case !slices.ContainsFunc(s.Agencies, func(a Agency) bool { return a.State != goal }):
		s.Status = status
	case wrong:
		s.Status = NeedsAttention
	}
	s.end(now)
}

func (s *saga) any(state State) bool {
	return slices.ContainsFunc(s.Agencies, func(a Agency) bool { return a.State == state })
}

func (s *saga) firstReason(state State) Code {
	i := slices.IndexFunc(s.Agencies, func(a Agency) bool { return a.State == state })
	return s.Agencies[i].Reason
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
