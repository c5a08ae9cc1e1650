package debt

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// SimulateInput says what would be paid.
type SimulateInput struct {
	Payments []SimulatedPayment
	AsOf     *norway.Date // nil: the day of the last payment
}

// SimulatedPayment is a payment that has not been made.
type SimulatedPayment struct {
	CaseID Key
	Amount money.Øre
	On     norway.Date
}

// Simulation is what would be owed after payments that have not been made.
type Simulation struct {
	AsOf          norway.Date
	Paid          money.Øre
	Total         money.Øre // of the cases with payments
	WithoutPaying money.Øre // of the same cases
	CostsAvoided  money.Øre
	Cases         []SimulatedCase
}

// SimulatedCase is one case of a simulation.
type SimulatedCase struct {
	Case          *Case
	Paid          money.Øre
	Balance       Balance // as of the simulation's day
	WithoutPaying Balance // the same, with the costs that come
	SettledOn     norway.Date
	CostsAvoided  money.Øre
	Avoided       []CostEvent
}

// maxSimulated bounds the work of one simulation.
const maxSimulated = 200

// Simulate returns what the person would owe after payments that have not been made. The costs
// that come if nothing is done are added on their days, unless a case is paid in full on an
// earlier day. Faults are BAD_USER_INPUT with the path of the member at fault.
func (p *Person) Simulate(input SimulateInput) (*Simulation, error) {
	s := &Simulation{}
	var order []*Case
	paid := map[*Case][]Payment{}
	if n := len(input.Payments); n == 0 || n > maxSimulated {
		return nil, fault.Invalid("input.payments", "give 1 to %d payments", maxSimulated)
	}
	for i, x := range input.Payments {
		c, err := p.payable(x, fmt.Sprintf("input.payments[%d]", i))
		if err != nil {
			return nil, err
		}
		if paid[c] == nil {
			order = append(order, c)
		}
		paid[c] = append(paid[c], Payment{Case: c, Amount: x.Amount, ReceivedOn: x.On, Channel: PaidByBank})
		s.AsOf = max(s.AsOf, x.On)
	}
	if day := input.AsOf; day != nil {
		if *day < s.AsOf {
			return nil, fault.Invalid("input.asOf", "asOf must not be before the last payment, %s", s.AsOf)
		}
		if *day > p.Today.AddMonths(24) {
			return nil, fault.Invalid("input.asOf", "asOf must be at most two years ahead, %s", p.Today.AddMonths(24))
		}
		s.AsOf = *day
	}
	for _, c := range order {
		one := c.simulate(paid[c], s.AsOf)
		s.Paid += one.Paid
		s.Total += one.Balance.Total
		s.WithoutPaying += one.WithoutPaying.Total
		s.CostsAvoided += one.CostsAvoided
		s.Cases = append(s.Cases, one)
	}
	return s, nil
}

// payable returns the case that a payment is for. The answer is the same for somebody else's
// case and one that does not exist.
func (p *Person) payable(x SimulatedPayment, path string) (*Case, error) {
	if x.CaseID.Kind != KindCase {
		return nil, fault.Invalid(path+".caseId", "caseId takes the id of a case")
	}
	var c *Case
	for _, part := range p.Parts {
		if part.Agency.Code != x.CaseID.Agency {
			continue
		}
		if part.Status != AgencyOK {
			return nil, fault.New(fault.AgencyUnavailable, "the agency of the case does not answer now").At(part.Agency.Code)
		}
		for _, have := range part.Cases {
			if have.ID == x.CaseID {
				c = have
			}
		}
	}
	switch {
	case c == nil:
		return nil, fault.Invalid(path+".caseId", "you have no such case")
	case c.Status != Open:
		return nil, fault.Invalid(path+".caseId", "the case is closed")
	case x.Amount <= 0:
		return nil, fault.Invalid(path+".amount", "amount must be more than zero")
	case x.On < p.Today:
		return nil, fault.Invalid(path+".on", "on must not be before today, %s", p.Today)
	case x.On > p.Today.AddMonths(24):
		return nil, fault.Invalid(path+".on", "on must be at most two years ahead, %s", p.Today.AddMonths(24))
	}
	return c, nil
}

// simulate plays the case on with payments.
func (c *Case) simulate(payments []Payment, asOf norway.Date) SimulatedCase {
	out := SimulatedCase{Case: c}
	for i := range payments {
		out.Paid += payments[i].Amount
	}
	with, without := *c, *c
	with.AllPayments = slices.Concat(c.AllPayments, payments)
	slices.SortStableFunc(with.AllPayments, func(a, b Payment) int { return cmp.Compare(a.ReceivedOn, b.ReceivedOn) })
	with.Fees, without.Fees = slices.Clone(c.Fees), slices.Clone(c.Fees)
	for _, cost := range c.coming() {
		without.foresee(cost)
		if with.BalanceOn(cost.On-1).Total > 0 {
			with.foresee(cost)
			continue
		}
		if cost.Amount == 0 {
			continue
		}
		out.Avoided = append(out.Avoided, cost)
		out.CostsAvoided += cost.Amount
	}
	out.Balance, out.WithoutPaying = with.BalanceOn(asOf), without.BalanceOn(asOf)
	for _, p := range payments {
		if on := p.ReceivedOn; (out.SettledOn.IsZero() || on < out.SettledOn) && with.settledFrom(on, asOf) {
			out.SettledOn = on
		}
	}
	return out
}

// foresee adds a cost on its day, in the order of days.
func (c *Case) foresee(cost CostEvent) {
	at := len(c.Fees)
	for at > 0 && c.Fees[at-1].IncurredOn > cost.On {
		at--
	}
	c.Fees = slices.Insert(c.Fees, at, Fee{Case: c, Kind: cost.Kind, Amount: cost.fee, IncurredOn: cost.On})
}

// settledFrom says whether nothing is owed on a day, nor on a later one.
func (c *Case) settledFrom(day, last norway.Date) bool {
	return c.BalanceOn(day).Total == 0 && c.BalanceOn(last).Total == 0
}
