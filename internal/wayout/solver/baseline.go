package solver

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Baseline is what it costs to go another way, for comparison.
type Baseline struct {
	Cost    money.Øre // interest and fees after AsOf
	LastDay norway.Date
}

func (in *Instance) baseline(cost func(*Instance, *Case) (money.Øre, int)) (b Baseline) {
	for i := range in.Cases {
		c := &in.Cases[i]
		if c.Objection {
			continue
		}
		x, last := cost(in, c)
		b.Cost += x
		b.LastDay = max(b.LastDay, in.PayDays[last])
	}
	return b
}

// waitCost is what a case costs who pays nothing until the last pay day: every cost step
// until then comes, and the budget is ignored.
func (in *Instance) waitCost(c *Case) (money.Øre, int) {
	last := len(in.PayDays) - 1
	return in.alone(c, last, last, nil)
}

// separateCost is what a case costs who takes the longest agreement that its agency gives on
// it alone, as soon as it may begin, and knows nothing of other cases or a budget.
func (in *Instance) separateCost(c *Case) (money.Øre, int) {
	end := len(in.PayDays) - 1
	from := slices.IndexFunc(in.PayDays, func(d norway.Date) bool { return d >= c.AgreementFrom })
	a := in.agency(c.Agency)
	if c.AgreementFrom.IsZero() || from < 0 || a.MaxInstalments == 0 {
		return in.waitCost(c)
	}
	k := calendarOf(in, end+1)
	first := k.next[from]
	if first > end {
		return in.waitCost(c)
	}
	grown, _ := in.alone(c, first, first, nil)
	n := min(a.MaxInstalments, k.instalments(first, end))
	if a.MinInstalment > 0 {
		n = min(n, int((c.Balance()+grown)/a.MinInstalment))
	}
	return in.alone(c, first, k.days[k.count[first]+max(n, 1)-1], a)
}

func (in *Instance) agency(id string) *Agency {
	return &in.Agencies[slices.IndexFunc(in.Agencies, func(a Agency) bool { return a.ID == id })]
}

// alone is the cost of a case that is paid in equal parts on the rhythm days first to last,
// under an agreement if a is given, and the pay day that ends it.
func (in *Instance) alone(c *Case, first, last int, a *Agency) (money.Øre, int) {
	one := Instance{
		ID: in.ID, AsOf: in.AsOf, PayDays: in.PayDays[:last+1], Budget: NoBudget,
		Imputation: in.Imputation, Agencies: in.Agencies, Cases: []Case{*c}, OffRhythm: in.OffRhythm,
	}
	p := compile(&one, last+1)
	l := newLayout(p)
	s := p.newState()
	l.start(s)
	cost := money.Øre(0)
	for t := range p.t {
		l.accrue(s, t)
		r := &l.cases[0]
		if t < first || !p.rhythm[t] && t < last {
			continue
		}
		owed := r.owed()
		parts := int64(max(p.instalments(t, last), 1))
		l.left = owed
		l.give(t, 0, (owed+parts-1)/parts)
		if a != nil {
			cost += a.InstalmentFee
			if t == first && !a.StepsGoOn {
				r.steps = r.next // the agreement stops what would come
			}
			if t == first && p.instalments(first, last) > a.SetupFreeInstalments {
				cost += a.SetupFee
			}
		}
	}
	return cost + money.Øre(l.score.cost), last
}
