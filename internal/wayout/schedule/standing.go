package schedule

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Relations is what a standing is computed from.
const Relations = debt.OfNextCost | debt.OfInstalments

// Status says how a scheduled payment stands.
type Status string

// The states of a payment. Only of the first three something remains to be paid.
const (
	Late       Status = "LATE"
	Due        Status = "DUE" // today
	Coming     Status = "COMING"
	Paid       Status = "PAID"
	NotOwed    Status = "NOT_OWED"   // the case is closed, or owes no more
	OnHold     Status = "ON_HOLD"    // an objection, a death or debt settlement came in between
	Superseded Status = "SUPERSEDED" // something that was agreed later, or the agency's agreement, rules
)

// Standing is how a schedule stands on a day.
type Standing struct {
	AsOf      norway.Date
	Complete  bool // every payment is there: each of their cases was found
	Paid      money.Øre
	Remaining money.Øre
	Days      []Day // in order
}

// Day is a day on which something is to be paid.
type Day struct {
	DueOn     norway.Date
	Total     money.Øre
	Paid      money.Øre
	Remaining money.Øre
	Status    Status
	Payments  []Scheduled
}

// Scheduled is a scheduled payment and how it stands.
type Scheduled struct {
	Case      *debt.Case
	Amount    money.Øre // with the fee
	Fee       money.Øre
	Paid      money.Øre // what payments since the schedule was made cover of it
	Remaining money.Øre // what is still to be paid of it, zero unless it is Late, Due or Coming
	Status    Status

	instalment bool
	assumed    bool // Remaining is all that is owed by then, at a rate that is not set for the day
}

// Next returns the first day on which something is still to be paid, nil when there is none.
func (s *Standing) Next() *Day {
	for i := range s.Days {
		if s.Days[i].Remaining > 0 {
			return &s.Days[i]
		}
	}
	return nil
}

// On returns how the schedule stands in the records of a day. These are the records of its
// cases, with Relations. Payments of a case that is not among them are left out. later says
// for which cases a newer solution was accepted: it replaces this schedule there.
//
// Money that was received in a case since the schedule was made counts for the case's payments
// in the order of their days; what is paid in one case of an agreement on several covers its
// instalments one after the other, whichever case the money came in. Nothing remains to be paid
// beyond what the case owes by then, or the cases of an agreement together, and an agency that
// says of an instalment that it is paid is believed.
func (s *Schedule) On(day norway.Date, parts []debt.Part, later func(debt.Key) bool) Standing {
	b := &book{Schedule: s, today: day, later: later, cases: make([]entry, len(s.Cases)), joined: map[int][]int{}}
	b.find(parts)
	b.read()
	b.allocate()
	b.judge()
	b.ask()
	out := Standing{AsOf: day, Complete: true}
	for i := range s.Payments {
		p := &s.Payments[i]
		if b.cases[p.Case].Case == nil {
			out.Complete = false
			continue
		}
		if n := len(out.Days); n == 0 || out.Days[n-1].DueOn != p.DueOn {
			out.Days = append(out.Days, Day{DueOn: p.DueOn})
		}
		d := &out.Days[len(out.Days)-1]
		d.add(b.stand(i))
	}
	for _, d := range out.Days {
		out.Paid += d.Paid
		out.Remaining += d.Remaining
	}
	return out
}

func (d *Day) add(p Scheduled) {
	d.Total += p.Amount
	d.Paid += p.Paid
	d.Remaining += p.Remaining
	if len(d.Payments) == 0 || p.Status.rank() > d.Status.rank() {
		d.Status = p.Status
	}
	d.Payments = append(d.Payments, p)
}

// rank orders what a day is called after: first what is to be paid, then why it is not.
func (s Status) rank() int {
	switch s {
	case Late, Due, Coming:
		return 4
	case OnHold:
		return 3
	case Superseded:
		return 2
	case Paid:
		return 1
	default:
		return 0
	}
}
