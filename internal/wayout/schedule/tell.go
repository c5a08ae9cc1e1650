package schedule

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Tell sets what the plans that a person follows, the newest first, ask for in the cases of the parts
// (debt.Case.Planned). So the overview, the payment information and new suggestions say what the plans
// say. The parts are read with Relations, on that day; of each agency they have all cases of the plans.
func Tell(plans []Schedule, day norway.Date, parts []debt.Part) {
	later := map[debt.Key]bool{}
	for i := range plans {
		standing := plans[i].On(day, parts, func(k debt.Key) bool { return later[k] })
		first := map[*debt.Case]norway.Date{} // instalment
		for _, d := range standing.Days {
			for _, p := range d.Payments {
				if _, known := first[p.Case]; p.instalment && !known {
					first[p.Case] = d.DueOn
				}
				p.tell(d.DueOn, first[p.Case])
			}
		}
		for _, c := range plans[i].Cases {
			later[debt.Key{Kind: debt.KindCase, Agency: c.Agency, ID: c.ID}] = true
		}
	}
}

// tell sets what a payment asks for in its case. first is the day of the case's first instalment, zero
// before it.
func (p *Scheduled) tell(on, first norway.Date) {
	beside := !p.instalment && !first.IsZero() && p.Paid > 0
	if p.Remaining == 0 && !beside {
		return
	}
	if p.Case.Planned == nil {
		p.Case.Planned = &debt.Planned{}
	}
	if beside {
		p.Case.Planned.Beside += p.Paid
	}
	if p.Remaining > 0 {
		p.Case.Planned.Payments = append(p.Case.Planned.Payments, debt.PlannedPayment{
			DueOn: on, Remaining: p.Remaining, Instalment: p.instalment, Assumed: p.assumed,
		})
	}
}
