package debt_test

import (
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// TestNobodyIsAsked: while a case is on hold for an objection, nobody is asked to pay in it by any
// day, whatever deadline or plan there was before.
func TestNobodyIsAsked(t *testing.T) {
	t.Parallel()
	hold := func(since, until string) func(*debt.Case) {
		return func(c *debt.Case) {
			h := debt.Hold{Kind: debt.HoldDisputed, Since: date(since)}
			if until != "" {
				h.Until = date(until)
			}
			c.AllHolds = []debt.Hold{h}
		}
	}
	for name, tc := range map[string]struct {
		reason string
		change func(*debt.Case)
		asked  bool
	}{
		"no hold":      {"the deadline runs", func(*debt.Case) {}, true},
		"objected":     {"since yesterday, until it is decided", hold("2026-03-01", ""), false},
		"objected now": {"from its first day", hold("2026-03-02", ""), false},
		"last day":     {"to its last", hold("2026-02-01", "2026-03-02"), false},
		"decided":      {"it has ended", hold("2026-02-01", "2026-03-01"), true},
		"not yet":      {"it has not begun", hold("2026-03-03", ""), true},
		"deferred": {"is another hold: it moves the deadline", func(c *debt.Case) {
			c.AllHolds = []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-03-01"), Until: date("2026-04-01")}}
		}, true},
		"in a plan":     {"the plan waits too", func(c *debt.Case) { hold("2026-03-01", "")(c); plan(c) }, false},
		"plan, no hold": {"the plan asks", plan, true},
	} {
		c := claim(func(c *debt.Case) {
			c.InterestFrom, c.OriginalPrincipal, c.DueOn = 0, 5_000_00, date("2026-03-20")
		})
		c.Terms.Today = date("2026-03-02")
		tc.change(c)
		due, info, events := c.NextDue(), c.PaymentInfo(), 0
		for _, e := range c.Timeline() {
			if e.Kind == debt.EventDeadline {
				events++
			}
		}
		if (due != nil) != tc.asked || (info.DueOn != 0) != tc.asked || (c.Deadline() != 0 || events > 0) && !tc.asked {
			t.Errorf("%s: %s: %+v, info on %s, deadline %s", name, tc.reason, due, info.DueOn, c.Deadline())
		}
		if info.Amount == 0 {
			t.Errorf("%s: who wants to pay is told nothing", name)
		}
	}
}

func plan(c *debt.Case) {
	c.Planned = &debt.Planned{Payments: []debt.PlannedPayment{{DueOn: date("2026-03-25"), Remaining: 100_00}}}
}

// TestNothingOwedCostsNothing: what an agency has scheduled does not come in a case that is paid.
func TestNothingOwedCostsNothing(t *testing.T) {
	t.Parallel()
	for name, paid := range map[string]bool{"paid": true, "a krone is left": false} {
		c := claim(func(c *debt.Case) {
			c.InterestFrom, c.OriginalPrincipal = 0, 5_000_00
			c.ScheduledCosts = []debt.ScheduledCost{{On: date("2026-12-24"), Kind: debt.CostHeavyFee, Amount: 600_00}}
		})
		c.Terms.Today = date("2026-03-02")
		if paid {
			received(c, "2026-03-01", 5_000_00)
		} else {
			received(c, "2026-03-01", 4_999_00)
		}
		coming := 0
		for _, e := range c.Timeline() {
			if e.Kind == debt.EventCost && e.On > c.Terms.Today {
				coming++
			}
		}
		if (c.NextCost() == nil) != paid || (coming == 0) != paid {
			t.Errorf("%s: %+v, %d costs in the timeline", name, c.NextCost(), coming)
		}
	}
}

// TestPresumedIsComplete: an agency that had nothing of the person lacks nothing.
func TestPresumedIsComplete(t *testing.T) {
	t.Parallel()
	p := debt.Person{Today: norway.MustDate("2026-03-02"), Parts: []debt.Part{
		{Agency: &debt.Agency{Code: "fjord"}, Status: debt.AgencyOK},
		{Agency: &debt.Agency{Code: "lita"}, Status: debt.AgencyOK, Presumed: true},
	}}
	o, err := p.Overview(nil, nil)
	if err != nil || !o.Complete || o.Agencies[1].Status != debt.AgencyNothingKnown {
		t.Errorf("%+v, %v", o, err)
	}
	p.Parts[1] = debt.Part{Agency: p.Parts[1].Agency, Status: debt.AgencyTimeout}
	if o, err = p.Overview(nil, nil); err != nil || o.Complete {
		t.Errorf("one that did not answer: %+v, %v", o, err)
	}
}
