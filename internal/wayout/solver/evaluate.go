package solver

import (
	"cmp"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/fault"
)

// unitsPerØre: interest is counted in øre × basis points × days, actual/365.
const unitsPerØre = 365 * 10_000

// Evaluate plays decisions through, day by day, in whole øre, and returns the plan with
// all that follows. It refuses what an agency's policy, the budget or arithmetic does not
// allow: a plan that comes back is feasible. It shares no code with the solver.
func Evaluate(in Instance, d Decisions) (Plan, error) {
	if err := in.Validate(); err != nil {
		return Plan{}, err
	}
	days := len(in.PayDays)
	e := evaluation{
		in: &in, spent: make([]money.Øre, days), fees: make([][]AgreementFee, days), rhythm: make([]bool, days),
	}
	for t := range e.rhythm {
		e.rhythm[t] = !slices.Contains(in.OffRhythm, t)
	}
	for _, step := range []func(Decisions) error{e.open, e.postpone, e.agree, e.pay, e.play, e.charge} {
		if err := step(d); err != nil {
			return Plan{}, err
		}
	}
	return e.result()
}

// evaluation is a plan being played.
type evaluation struct {
	in         *Instance
	cases      []playedCase
	agreements []Agreement
	spent      []money.Øre
	fees       [][]AgreementFee
	rhythm     []bool
	plan       Plan
}

// playedCase is a case in the course of a plan.
type playedCase struct {
	*Case
	agency    *Agency
	shift     int // days of deferral
	agreement int // -1: none
	first     int // the agreement's first pay day; beyond the last pay day without one
	closed    int // pay day on which it was paid off; -1: open
	payments  []Payment
}

// impossible says why a plan cannot be: it is ours, not the debtor's, so no field is named.
func impossible(format string, args ...any) error {
	return fault.New(fault.BadUserInput, "plan: "+format, args...)
}

func (e *evaluation) open(Decisions) error {
	for i := range e.in.Cases {
		c := &e.in.Cases[i]
		if c.Objection {
			continue
		}
		a := slices.IndexFunc(e.in.Agencies, func(a Agency) bool { return a.ID == c.Agency })
		e.cases = append(e.cases, playedCase{
			Case: c, agency: &e.in.Agencies[a], agreement: -1, first: len(e.in.PayDays), closed: -1,
			payments: make([]Payment, len(e.in.PayDays)),
		})
		e.plan.Opening += c.Balance()
	}
	slices.SortFunc(e.cases, func(a, b playedCase) int { return cmp.Compare(a.ID, b.ID) })
	return nil
}

func (e *evaluation) find(id string) (*playedCase, error) {
	i, ok := slices.BinarySearchFunc(e.cases, id, func(c playedCase, id string) int { return cmp.Compare(c.ID, id) })
	if !ok {
		return nil, impossible("case %q is unknown or has an objection", id)
	}
	return &e.cases[i], nil
}

func (e *evaluation) postpone(d Decisions) error {
	for _, f := range d.Deferrals {
		c, err := e.find(f.Case)
		switch {
		case err != nil:
			return err
		case c.shift != 0:
			return impossible("case %s is deferred twice", f.Case)
		case c.Stage == Notice:
			return impossible("case %s is at stage varsel and cannot be deferred", f.Case)
		case f.Days < 1 || f.Days > c.agency.MaxDeferralDays:
			return impossible("case %s is deferred %d days, the agency allows %d", f.Case, f.Days, c.agency.MaxDeferralDays)
		}
		c.shift = f.Days
		e.plan.DeferralFees += c.agency.DeferralFee
	}
	e.plan.Deferrals = slices.SortedFunc(slices.Values(d.Deferrals),
		func(a, b Deferral) int { return cmp.Compare(a.Case, b.Case) })
	return nil
}

func (e *evaluation) agree(d Decisions) error {
	joined := map[[2]string]bool{}
	for _, g := range d.Agreements {
		g.Cases = slices.Sorted(slices.Values(g.Cases))
		e.agreements = append(e.agreements, g)
	}
	slices.SortFunc(e.agreements, func(a, b Agreement) int {
		return cmp.Or(cmp.Compare(a.Agency, b.Agency), slices.Compare(a.Cases, b.Cases))
	})
	for i, g := range e.agreements {
		if len(g.Cases) == 0 || g.First < 0 || g.First > g.Last || g.Last >= len(e.in.PayDays) {
			return impossible("agreement at %s from pay day %d to %d with %d cases", g.Agency, g.First, g.Last, len(g.Cases))
		}
		if !e.rhythm[g.First] {
			return impossible("agreement at %s begins on pay day %d, which is off the rhythm", g.Agency, g.First)
		}
		instalments := e.instalments(g)
		var of [2]string // the agency and the group of the first case
		for _, id := range g.Cases {
			c, err := e.find(id)
			if err != nil {
				return err
			}
			if id == g.Cases[0] {
				of = [2]string{c.Agency, c.AgreementGroup}
			}
			switch {
			case c.Agency != g.Agency:
				return impossible("case %s is not at agency %s", id, g.Agency)
			case c.agreement >= 0:
				return impossible("case %s is in two agreements", id)
			case c.AgreementFrom.IsZero() || e.in.PayDays[g.First] < c.AgreementFrom:
				return impossible("case %s may have no agreement on pay day %d", id, g.First)
			case len(g.Cases) > 1 && !c.agency.Joint:
				return impossible("agency %s joins no cases", g.Agency)
			case c.AgreementGroup != of[1]:
				return impossible("case %s is of another group than %s", id, g.Cases[0])
			case c.agency.Joint && joined[of] && id == g.Cases[0]:
				return impossible("agency %s has two agreements on cases of one group", g.Agency)
			case instalments > c.agency.MaxInstalments:
				return impossible("agreement at %s has %d instalments, the agency allows %d", g.Agency, instalments,
					c.agency.MaxInstalments)
			}
			c.agreement, c.first = i, g.First
		}
		joined[of] = true
	}
	e.plan.Agreements = e.agreements
	return nil
}

// instalments is how many instalments an agreement has.
func (e *evaluation) instalments(g Agreement) (n int) {
	for t := g.First; t <= g.Last; t++ {
		if e.rhythm[t] {
			n++
		}
	}
	return n
}

func (e *evaluation) pay(d Decisions) error {
	for _, p := range d.Payments {
		c, err := e.find(p.Case)
		switch {
		case err != nil:
			return err
		case p.PayDay < 0 || p.PayDay >= len(e.in.PayDays):
			return impossible("pay day %d is not there", p.PayDay)
		case p.Amount <= 0:
			return impossible("case %s gets %d øre on pay day %d", p.Case, p.Amount, p.PayDay)
		case c.payments[p.PayDay].Amount != 0:
			return impossible("case %s is paid twice on pay day %d", p.Case, p.PayDay)
		}
		c.payments[p.PayDay] = Payment{PayDay: p.PayDay, Case: p.Case, Amount: p.Amount}
	}
	return nil
}

func (e *evaluation) play(Decisions) error {
	for i := range e.cases {
		c := &e.cases[i]
		if err := e.playCase(c); err != nil {
			return err
		}
		if c.closed < 0 {
			return impossible("case %s is not paid off", c.ID)
		}
		e.plan.Closings = append(e.plan.Closings, Closing{Case: c.ID, PayDay: c.closed, Date: e.in.PayDays[c.closed]})
	}
	return nil
}

func (e *evaluation) playCase(c *playedCase) error {
	principal, costs, interest := c.Principal, c.Costs, c.Interest
	if c.shift != 0 {
		costs += c.agency.DeferralFee
	}
	events := slices.SortedFunc(slices.Values(c.Events), func(a, b Event) int { return cmp.Compare(a.Date, b.Date) })
	accrued := c.Fraction
	var booked money.Øre
	yesterday := e.in.AsOf
	for t, day := range e.in.PayDays {
		accrued += int64(principal) * c.bearing(yesterday, day)
		due := money.Øre(accrued / unitsPerØre)
		interest += due - booked
		e.plan.Interest += due - booked
		booked, yesterday = due, day
		for len(events) > 0 && events[0].Date.AddDays(c.shift) <= day {
			step := Step{Case: c.ID, Event: events[0]}
			step.Date = step.Date.AddDays(c.shift)
			if c.closed < 0 && (c.first >= t || c.agency.StepsGoOn) {
				step.Arises = true
				costs += step.Fee
				e.plan.EventFees += step.Fee
			}
			e.plan.Steps = append(e.plan.Steps, step)
			events = events[1:]
		}
		p := &c.payments[t]
		if p.Amount > principal+costs+interest {
			return impossible("case %s gets %d øre on pay day %d and owes %d", c.ID, p.Amount, t, principal+costs+interest)
		}
		c.impute(p, e.in.costsFirst(c.agency), &costs, &interest, &principal)
		e.spent[t] += p.Amount
		if c.closed < 0 && p.Balance == 0 {
			c.closed = t
		}
	}
	return nil
}

// impute fills in what a payment covers and the balance after it.
func (c *playedCase) impute(p *Payment, costsFirst bool, costs, interest, principal *money.Øre) {
	rest := p.Amount
	cover := func(owed *money.Øre) money.Øre {
		x := min(rest, *owed)
		*owed -= x
		rest -= x
		return x
	}
	if costsFirst {
		p.ToCosts, p.ToInterest, p.ToPrincipal = cover(costs), cover(interest), cover(principal)
	} else {
		p.ToPrincipal, p.ToInterest, p.ToCosts = cover(principal), cover(interest), cover(costs)
	}
	p.Balance = *costs + *interest + *principal
}

// charge adds the agreements' fees and holds the agreements to their terms.
func (e *evaluation) charge(Decisions) error {
	for i, g := range e.agreements {
		closed := -1
		var agency *Agency
		for j := range e.cases {
			c := &e.cases[j]
			if c.agreement != i {
				continue
			}
			agency = c.agency
			closed = max(closed, c.closed)
			if c.closed < g.First {
				return impossible("case %s is closed before its agreement begins", c.ID)
			}
		}
		last := closed // the last instalment: what is paid off the rhythm is none
		for !e.rhythm[last] {
			last--
		}
		if last != g.Last {
			return impossible("agreement at %s ends on pay day %d, not %d", g.Agency, last, g.Last)
		}
		for t := g.First; t <= g.Last; t++ {
			if !e.rhythm[t] {
				continue
			}
			fee := AgreementFee{Agreement: i, Instalment: agency.InstalmentFee}
			if t == g.First && e.instalments(g) > agency.SetupFreeInstalments {
				fee.Setup = agency.SetupFee
			}
			e.fees[t] = append(e.fees[t], fee)
			e.spent[t] += fee.Instalment + fee.Setup
			e.plan.AgreementFees += fee.Instalment + fee.Setup
			if paid := e.instalment(i, t); t < closed && paid < agency.MinInstalment {
				return impossible("instalment of %d øre at %s on pay day %d is under the least, %d", paid, g.Agency, t,
					agency.MinInstalment)
			}
		}
	}
	return nil
}

func (e *evaluation) instalment(agreement, t int) money.Øre {
	sum := money.Øre(0)
	for i := range e.cases {
		if e.cases[i].agreement == agreement {
			sum += e.cases[i].payments[t].Amount
		}
	}
	return sum
}

func (e *evaluation) result() (Plan, error) {
	p := &e.plan
	p.LastPayDay = -1
	slices.SortStableFunc(p.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Case, b.Case))
	})
	left, budgets := money.Øre(0), e.in.left()
	for t, day := range e.in.PayDays {
		m := Month{PayDay: t, Date: day, Fees: e.fees[t], Total: e.spent[t]}
		if b := money.Øre(budgets[t]); b != NoBudget {
			if left += b - e.spent[t]; left < 0 {
				return Plan{}, impossible("pay day %d takes %d øre, the budget is %d", t, e.spent[t], left+e.spent[t])
			}
			if !e.in.CarryOver {
				left = 0
			}
			m.Carried = left
		}
		for i := range e.cases {
			if e.cases[i].payments[t].Amount > 0 {
				m.Payments = append(m.Payments, e.cases[i].payments[t])
			}
		}
		if len(m.Payments) > 0 || m.Total > 0 {
			p.Months = append(p.Months, m)
		}
		if m.Total > 0 {
			p.LastPayDay, p.LastDay = t, day
		}
		p.TotalPaid += m.Total
		p.LargestMonth = max(p.LargestMonth, m.Total)
	}
	p.Cost = p.Interest + p.EventFees + p.DeferralFees + p.AgreementFees
	if p.TotalPaid != p.Opening+p.Cost {
		return Plan{}, fault.New(fault.Internal, "the plan's accounts do not balance")
	}
	return *p, nil
}
