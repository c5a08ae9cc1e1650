package schedule

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// book is a schedule with what the records say.
type book struct {
	*Schedule
	today  norway.Date
	later  func(debt.Key) bool
	cases  []entry
	joined map[int][]int // the cases of each agreement

	// Of each payment.
	terms     []instalment
	paid      []money.Øre
	status    []Status // empty: something may remain
	remaining []money.Øre
	assumed   []bool // it is all that is owed by then, at a rate that is not set for the day
}

// entry is a case of the schedule.
type entry struct {
	*debt.Case           // nil: it was not found
	received   money.Øre // since the schedule was made
	since      money.Øre // the part of it that is not yet allocated
	held       bool      // nothing is to be paid now
	own        bool      // the agreement in force is one of the schedule's
	settled    bool      // all is paid, also in the cases that an agreement joins with it: no cost comes
	owed       money.Øre // by the day at hand
	assumed    bool      // what is owed by then rests on a rate that is not set for the day
	asked      money.Øre // of that, for the days before and this one
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
			e.received = max(paidIn(e.Case)-c.Paid, 0)
			e.since, e.held = e.received, onHold(e.Case)
			e.settled = e.BalanceOn(b.today).Total == 0
		}
	}
	for _, p := range b.Payments {
		if p.Agreement > 0 && !slices.Contains(b.joined[p.Agreement], p.Case) {
			b.joined[p.Agreement] = append(b.joined[p.Agreement], p.Case)
		}
	}
	for _, joined := range b.joined {
		open := func(i int) bool { return b.cases[i].Case != nil && !b.cases[i].settled }
		if slices.ContainsFunc(joined, open) {
			for _, i := range joined {
				b.cases[i].settled = false
			}
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
				held := a.Status == debt.AgreementActive || a.Status == debt.AgreementProposed ||
					a.Status == debt.AgreementCompleted
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
	take := func(i, from int) {
		e := &b.cases[from]
		x := min(b.Payments[i].Amount-b.paid[i], e.since)
		b.paid[i] += x
		e.since -= x
	}
	for first := 0; first < len(b.Payments); {
		end := b.dayEnd(first)
		for i := first; i < end; i++ {
			take(i, b.Payments[i].Case)
		}
		for i := first; i < end; i++ {
			for _, from := range b.joined[b.Payments[i].Agreement] {
				take(i, from)
			}
		}
		first = end
	}
}

// judge says of each payment why nothing remains of it; empty: it may.
func (b *book) judge() {
	b.status = make([]Status, len(b.Payments))
	for i := range b.Payments {
		p, e := &b.Payments[i], &b.cases[b.Payments[i].Case]
		switch {
		case e.Case == nil:
		case b.terms[i].paid || b.paid[i] == p.Amount:
			b.status[i] = Paid
		case e.Status != debt.Open:
			b.status[i] = NotOwed
		case b.superseded(p, e, i):
			b.status[i] = Superseded
		case e.held:
			b.status[i] = OnHold
		}
	}
}

// ask says what remains of each payment, day by day. It never asks for more than is owed in a
// case by then. The cases of an agreement owe an instalment together, as at the agency: what one
// of them no longer owes is asked for with another that owes something, up to its payment.
func (b *book) ask() {
	b.remaining, b.assumed = make([]money.Øre, len(b.Payments)), make([]bool, len(b.Payments))
	joint := map[int]money.Øre{} // asked for by agreement, on the days before
	for first := 0; first < len(b.Payments); {
		end := b.dayEnd(first)
		day := max(b.Payments[first].DueOn, b.today)
		together := map[int]money.Øre{} // still to be asked for, by agreement
		for i := first; i < end; i++ {
			g := b.Payments[i].Agreement
			if _, known := together[g]; g > 0 && !known {
				together[g] = max(b.owedTogether(g, day)-joint[g], 0)
			}
		}
		more := func(i int, most money.Øre) {
			p := &b.Payments[i]
			x := min(p.Amount-b.paid[i]-b.remaining[i], most)
			if p.Agreement > 0 {
				x = min(x, together[p.Agreement])
			}
			if x <= 0 {
				return
			}
			b.remaining[i] += x
			b.cases[p.Case].asked += x
			together[p.Agreement] -= x
			joint[p.Agreement] += x
		}
		for i := first; i < end; i++ {
			if e := &b.cases[b.Payments[i].Case]; e.Case != nil && b.status[i] == "" {
				e.owed, e.assumed = e.owedBy(day)
				more(i, e.owed-e.asked)
				b.assumed[i] = e.assumed && b.paid[i]+b.remaining[i] < b.Payments[i].Amount
			}
		}
		for i := first; i < end; i++ {
			if b.Payments[i].Agreement > 0 && b.status[i] == "" && b.cases[b.Payments[i].Case].owed > 0 {
				more(i, b.Payments[i].Amount)
			}
		}
		first = end
	}
}

// owedTogether returns what is owed by a day in the cases of an agreement, except those on hold.
// What one of them received beyond what it owes counts for the others.
func (b *book) owedTogether(agreement int, day norway.Date) (sum money.Øre) {
	for _, i := range b.joined[agreement] {
		e := &b.cases[i]
		if e.Case == nil || e.held {
			continue
		}
		if e.Status == debt.Open {
			owed, _ := e.owedBy(day)
			sum += owed
		}
		sum -= min(e.BalanceOn(day).Overpaid, e.received)
	}
	return sum
}

func (b *book) dayEnd(first int) int {
	end := first
	for end < len(b.Payments) && b.Payments[end].DueOn == b.Payments[first].DueOn {
		end++
	}
	return end
}

func (b *book) stand(i int) Scheduled {
	p := &b.Payments[i]
	out := Scheduled{
		Case: b.cases[p.Case].Case, Amount: p.Amount, Fee: p.Fee, Paid: b.paid[i], Remaining: b.remaining[i],
		Status: b.status[i], instalment: p.Agreement > 0, assumed: b.assumed[i],
	}
	switch {
	case out.Status != "":
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

// owedBy returns what is owed in a case by a day if nothing is paid: its balance then, with the
// costs that come until then. No cost comes when everything is paid before.
func (e *entry) owedBy(day norway.Date) (owed money.Øre, assumed bool) {
	if e.settled {
		return 0, false
	}
	b := e.BalanceOn(day)
	costs, assumed := e.CostsBy(day)
	return b.Total + costs, assumed || b.Assumed()
}
