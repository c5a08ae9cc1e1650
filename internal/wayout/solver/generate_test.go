package solver

import (
	"fmt"
	"math/rand/v2"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// dice invents debtors of the kind that agencies know: salaries by the inkasso scale,
// court and enforcement fees of 2026, policies that agencies publish.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 20))} }

func pick[T any](d dice, list ...T) T { return list[d.IntN(len(list))] }

func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// between is uniform, both ends included.
func (d dice) between(a, b int) int { return a + d.IntN(b-a+1) }

func (d dice) instance(cases, payDays int) Instance {
	asOf := norway.MustDate("2026-01-01").AddDays(d.IntN(300))
	in := Instance{
		ID: fmt.Sprintf("g%dx%d", cases, payDays), AsOf: asOf,
		Imputation: pick(d, debt.CostsFirst, debt.CostsFirst, debt.PrincipalFirst),
	}
	day := asOf.AddDays(d.between(1, 30))
	for t := range payDays {
		in.PayDays = append(in.PayDays, day.AddMonths(t))
	}
	agencies := min(cases, d.between(1, 3+cases/10))
	for a := range agencies {
		in.Agencies = append(in.Agencies, d.agency(fmt.Sprintf("A%d", a+1)))
	}
	opening := money.Øre(0)
	for i := range cases {
		c := d.debtCase(fmt.Sprintf("C%02d", i+1), asOf)
		c.Agency = pick(d, in.Agencies...).ID
		in.Cases = append(in.Cases, c)
		if !c.Objection {
			opening += c.Balance()
		}
	}
	in.Budget = opening * money.Øre(d.between(110, 260)) / money.Øre(100*payDays) / 5000 * 5000
	return in
}

func (d dice) agency(id string) Agency {
	a := Agency{
		ID: id, MinInstalment: pick[money.Øre](d, 20000, 25000, 30000, 50000), MaxInstalments: pick(d, 6, 10, 12, 18, 24),
		InstalmentFee:   pick[money.Øre](d, 0, 3500, 4500, 5000, 6500, 9500),
		MaxDeferralDays: pick(d, 0, 14, 30, 30), Joint: d.chance(55),
	}
	if d.chance(30) {
		a.SetupFee, a.SetupFreeInstalments = 112500, pick(d, 3, 4)
	}
	if a.MaxDeferralDays > 0 {
		a.DeferralFee = pick[money.Øre](d, 0, 0, 3500, 5000)
	}
	return a
}

// salary is the light collection fee by the size of the claim; the heavy one is the double.
func salary(principal money.Øre) money.Øre {
	for _, step := range []struct{ to, fee money.Øre }{{100000, 26250}, {250000, 30000}, {500000, 37500}, {1000000, 60000},
		{1500000, 75000}} {
		if principal <= step.to {
			return step.fee
		}
	}
	return 120000
}

func (d dice) debtCase(id string, asOf norway.Date) Case {
	c := Case{
		ID: id, RateBasisPoints: pick(d, 1200, 1200, 1200, 1200, 1225, 1250, 1990, 2400),
		AgreementFrom: asOf, Objection: d.chance(5),
		Principal: money.Øre(pick(d, d.between(50000, 300000), d.between(100000, 800000), d.between(300000, 1600000))),
	}
	fee := salary(c.Principal)
	if d.chance(85) {
		c.Interest = c.Principal * money.Øre(d.between(30, 800)) / 10000
	}
	add := func(days int, fee money.Øre, kind string) norway.Date {
		at := asOf.AddDays(days)
		c.Events = append(c.Events, Event{Date: at, Fee: fee, Kind: kind})
		return at
	}
	day := d.between(3, 20)
	switch c.Stage = pick(d, Notice, Collection, Collection, Legal); c.Stage {
	case Notice:
		c.Costs = 3500
		c.AgreementFrom = add(day, fee-3500, "light_fee")
		day += 42
		add(day, fee, "heavy_fee")
	case Collection:
		c.Costs = fee
		if d.chance(60) {
			day += d.between(0, 30)
			add(day, fee, "heavy_fee")
		} else {
			c.Costs *= 2
		}
	default:
		c.Costs = 2*fee + 207130
		day += d.between(0, 90)
		add(day, 162745, "enforcement_fee")
	}
	if c.Stage != Legal {
		day += d.between(25, 100)
		add(day, 207130, "court_fee")
		add(day+d.between(55, 170), 162745, "enforcement_fee")
		if d.chance(15) && c.Stage == Collection {
			c.AgreementFrom = 0
		}
	}
	return c
}
