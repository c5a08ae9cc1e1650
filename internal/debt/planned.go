package debt

import (
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Planned is what an accepted payment solution still asks for in a case. The records do not tell: it is
// nil until somebody who knows the person's plans has set it.
type Planned struct {
	Payments []PlannedPayment // of which something remains, in the order of their days
	Beside   money.Øre        // received for what is paid beside the instalments, since the first of them
}

// PlannedPayment is something to pay by a plan.
type PlannedPayment struct {
	DueOn      norway.Date
	Remaining  money.Øre
	Instalment bool // of an agreement, which says itself what is due
	Assumed    bool // no more is owed by then, at a rate that is not set for its day
}

// InPlan says whether an accepted payment solution still asks for something in the case.
func (c *Case) InPlan() bool { return c.Planned != nil && len(c.Planned.Payments) > 0 }

// planned returns what the plan asks for next in the case that is no instalment, nil when it asks for
// nothing.
func (c *Case) planned() *DueItem {
	if c.Planned == nil {
		return nil
	}
	for _, p := range c.Planned.Payments {
		if !p.Instalment {
			return &DueItem{DueOn: p.DueOn, Amount: p.Remaining, Case: c, Assumed: p.Assumed}
		}
	}
	return nil
}
