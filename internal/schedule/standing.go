package schedule

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/money"
	"github.com/oversikt/oversikt/internal/norway"
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
	Payments  []Standed
}

// Standed is a scheduled payment and how it stands.
type Standed struct {
	Case      *debt.Case
	Amount    money.Øre // with the fee
	Fee       money.Øre
	Paid      money.Øre // what payments since the schedule was made cover of it
	Remaining money.Øre // what is still to be paid of it, zero unless it is Late, Due or Coming
	Status    Status
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

// On returns how the schedule stands in the records of a day, which are those of its cases
// with Relations. Payments of a case that is not among them are left out. later says of which
// cases something was accepted after this schedule: it rules there.
//
// Money that was received in a case since the schedule was made counts for the case's payments
// in the order of their days; what is paid in one case of an agreement on several covers its
// instalments one after the other, whichever case the money came in. Nothing is left to be paid
// beyond what the case owes by then, and an agency that says of an instalment that it is paid is
// believed.
func (s *Schedule) On(day norway.Date, parts []debt.Part, later func(debt.Key) bool) Standing {
	b := &book{Schedule: s, today: day, later: later, cases: make([]entry, len(s.Cases))}
	b.find(parts)
	b.read()
	b.allocate()
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

func (d *Day) add(p Standed) {
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

// book is a schedule with what the records say.
type book struct {
	*Schedule
	today norway.Date
	later func(debt.Key) bool
	cases []entry
	terms []instalment // of each payment
	paid  []money.Øre  // of each payment
}

// entry is a case of the schedule.
type entry struct {
	*debt.Case           // nil: it was not found
	since      money.Øre // received since the schedule was made, and not yet allocated
	own        bool      // the agreement in force is one of the schedule's
	asked      money.Øre // left to be paid on the days before
	fees       money.Øre // of agreements, in asked or of the payment at hand, that the agency will still add
}

// instalment is what the agency says of a payment that is part of an agreement.
type instalment struct {
	held bool // it is there, and the agreement in force or kept to its end
	paid bool
}

func (b *book) find(parts []debt.Part) {
	at := map[debt.Key]*debt.Case{}
	for i := range parts {
		for _, c := range parts[i].Cases {
			at[c.ID] = c
		}
	}
	for i, c := range b.Schedule.Cases {
		e := &b.cases[i]
		if e.Case = at[debt.Key{Kind: debt.KindCase, Agency: c.Agency, ID: c.ID}]; e.Case != nil {
			e.since = max(paidIn(e.Case)-c.Paid, 0)
		}
	}
}

// share names an instalment: what the cases of an agreement are paid together on a day.
type share struct {
	agreement int
	on        norway.Date
}

// read looks each instalment up in the agency's agreements: the one of the same day and amount.
func (b *book) read() {
	sum := map[share]money.Øre{}
	for _, p := range b.Payments {
		sum[share{p.Agreement, p.DueOn}] += p.Amount
	}
	b.terms = make([]instalment, len(b.Payments))
	for i, p := range b.Payments {
		e := &b.cases[p.Case]
		if p.Agreement == 0 || e.Case == nil {
			continue
		}
		for _, a := range e.Agreements {
			for _, in := range a.Instalments {
				if in.DueOn != p.DueOn || in.Amount != sum[share{p.Agreement, p.DueOn}] {
					continue
				}
				held := a.Status == debt.AgreementActive || a.Status == debt.AgreementProposed || a.Status == debt.AgreementCompleted
				b.terms[i].held = b.terms[i].held || held
				b.terms[i].paid = b.terms[i].paid || !in.PaidOn.IsZero()
				e.own = e.own || held && a == e.Agreement()
			}
		}
	}
}

// allocate gives what was received to the payments, day by day: first to those of the case
// that it was received in, then to those of the cases that an agreement joins with it.
func (b *book) allocate() {
	b.paid = make([]money.Øre, len(b.Payments))
	joined := map[int]map[int]bool{} // the cases of an agreement
	for _, p := range b.Payments {
		if joined[p.Agreement] == nil {
			joined[p.Agreement] = map[int]bool{}
		}
		joined[p.Agreement][p.Case] = true
	}
	take := func(i, from int) {
		e := &b.cases[from]
		x := min(b.Payments[i].Amount-b.paid[i], e.since)
		b.paid[i] += x
		e.since -= x
	}
	for first := 0; first < len(b.Payments); {
		end := first
		for end < len(b.Payments) && b.Payments[end].DueOn == b.Payments[first].DueOn {
			take(end, b.Payments[end].Case)
			end++
		}
		for ; first < end; first++ {
			if b.Payments[first].Agreement == 0 {
				continue
			}
			for from := range b.cases {
				if joined[b.Payments[first].Agreement][from] {
					take(first, from)
				}
			}
		}
	}
}

// stand says how a payment stands. The payments of a case are asked for in their order.
func (b *book) stand(i int) Standed {
	p, e := &b.Payments[i], &b.cases[b.Payments[i].Case]
	out := Standed{Case: e.Case, Amount: p.Amount, Fee: p.Fee, Paid: b.paid[i]}
	switch {
	case b.terms[i].paid || out.Paid == p.Amount:
		out.Status = Paid
		return out
	case e.Status != debt.Open:
		out.Status = NotOwed
		return out
	case b.superseded(p, e, i):
		out.Status = Superseded
		return out
	case onHold(e.Case):
		out.Status = OnHold
		return out
	}
	if p.Fee > 0 {
		e.fees += b.feeToCome(p)
	}
	out.Remaining = max(min(p.Amount-out.Paid, owedBy(e.Case, max(p.DueOn, b.today))+e.fees-e.asked), 0)
	e.asked += out.Remaining
	switch {
	case out.Remaining == 0:
		out.Status = NotOwed
	case p.DueOn < b.today:
		out.Status = Late
	case p.DueOn == b.today:
		out.Status = Due
	default:
		out.Status = Coming
	}
	return out
}

func (b *book) superseded(p *Payment, e *entry, i int) bool {
	if p.Agreement != 0 {
		return !b.terms[i].held
	}
	return e.InAgreement() && !e.own || b.later(b.Key(*p))
}

// onHold says whether something stands against paying now that no solution would have counted.
func onHold(c *debt.Case) bool {
	for _, h := range c.Holds() {
		if h.Kind == debt.HoldDeath || h.Kind == debt.HoldDebtSettlement {
			return true
		}
	}
	return c.Disputed()
}

// feeToCome returns what of a payment's fee the agency has not added to a balance yet: it may
// be scheduled in any case of the agreement.
func (b *book) feeToCome(p *Payment) (sum money.Øre) {
	seen := map[int]bool{}
	for _, q := range b.Payments {
		if q.Agreement != p.Agreement || seen[q.Case] || b.cases[q.Case].Case == nil {
			continue
		}
		seen[q.Case] = true
		for _, s := range b.cases[q.Case].ScheduledCosts {
			if s.On == p.DueOn && ofAgreement(s.Kind) {
				sum += s.Amount
			}
		}
	}
	return min(sum, p.Fee)
}

func ofAgreement(k debt.CostKind) bool {
	return k == debt.CostInstalment || k == debt.CostAgreementSetup
}

// owedBy returns what a case owes by a day if nothing is paid: its balance then, with the costs
// that come until then, but for the fees of agreements.
func owedBy(c *debt.Case, day norway.Date) money.Øre {
	owed := c.BalanceOn(day).Total
	for _, s := range c.ScheduledCosts {
		if s.On <= day && !ofAgreement(s.Kind) {
			owed += s.Amount
		}
	}
	for _, e := range c.ComingCosts() {
		if e.On <= day && e.Source == debt.FromStatute {
			owed += e.Amount
		}
	}
	return owed
}
