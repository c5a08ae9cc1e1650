package debt_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// joined is two cases of 5,000 kr, and an agreement in force on both.
func joined(change func(*debt.Agreement, []*debt.Case)) *debt.Agreement {
	a := &debt.Agreement{Status: debt.AgreementActive, StartedOn: date("2026-02-01"), Instalments: []debt.Instalment{
		{Number: 1, DueOn: date("2026-03-15"), Amount: 565_00, Fee: 65_00},
		{Number: 2, DueOn: date("2026-04-15"), Amount: 665_00, Fee: 65_00},
	}}
	for _, kid := range []string{"1", "2"} {
		c := claim(func(c *debt.Case) {
			c.InterestFrom, c.OriginalPrincipal, c.DueOn = 0, 5_000_00, date("2026-01-10")
			c.KID, c.Account, c.Payee = kid, "1503401234"+kid, "klientkonto "+kid
		})
		c.Agreements = []*debt.Agreement{a}
		a.Cases = append(a.Cases, c)
	}
	if change != nil {
		change(a, a.Cases)
	}
	return a
}

func received(c *debt.Case, on string, amount money.Øre) {
	c.AllPayments = append(c.AllPayments, debt.Payment{Case: c, ReceivedOn: date(on), Amount: amount})
}

func TestPaymentInfoOfAgreement(t *testing.T) {
	t.Parallel()
	first, second := date("2026-03-15"), date("2026-04-15")
	for name, tc := range map[string]struct {
		reason string
		change func(*debt.Agreement, []*debt.Case)
		number int // of the next instalment; 0: none
		amount money.Øre
		due    norway.Date
		kid    string
		alone  bool // each case is paid by itself
	}{
		"untouched": {"the first instalment, with the first case's KID", nil, 1, 565_00, first, "1", false},
		"marked": {"the agency says that the first is paid", func(a *debt.Agreement, _ []*debt.Case) {
			a.Instalments[0].PaidOn = date("2026-03-01")
		}, 2, 665_00, second, "1", false},
		"in part": {"what came in either case counts", func(_ *debt.Agreement, c []*debt.Case) {
			received(c[0], "2026-02-20", 100_00)
			received(c[1], "2026-02-21", 65_00)
		}, 1, 400_00, first, "1", false},
		"booked, not marked": {"all of it is there, whatever the agency has marked", func(_ *debt.Agreement, c []*debt.Case) {
			received(c[1], "2026-02-20", 600_00)
		}, 2, 630_00, second, "1", false},
		"marked before booked": {"money that comes after the mark is the marked instalment's",
			func(a *debt.Agreement, c []*debt.Case) {
				a.Instalments[0].PaidOn = date("2026-02-20")
				received(c[1], "2026-02-22", 565_00)
			}, 2, 665_00, second, "1", false},
		"before": {"what came before the agreement is no part of it", func(_ *debt.Agreement, c []*debt.Case) {
			received(c[0], "2026-01-20", 500_00)
			received(c[0], "2026-02-01", 500_00)
		}, 1, 565_00, first, "1", false},
		"begins with the first": {"on its first day an instalment is due: what comes then is for it",
			func(a *debt.Agreement, c []*debt.Case) {
				a.Instalments[0].DueOn = a.StartedOn
				received(c[0], "2026-02-01", 500_00)
			}, 1, 65_00, date("2026-02-01"), "1", false},
		"paid before the first day": {"a later part is seen all the same", func(a *debt.Agreement, c []*debt.Case) {
			a.Instalments[0].DueOn, a.Instalments[0].PaidOn = a.StartedOn, date("2026-01-30")
			received(c[0], "2026-01-30", 565_00)
			received(c[1], "2026-02-20", 65_00)
		}, 2, 600_00, second, "1", false},
		"first case closed": {"money goes to a case that is open", func(_ *debt.Agreement, c []*debt.Case) {
			c[0].Status, c[0].ClosedOn = debt.Closed, date("2026-02-10")
		}, 1, 565_00, first, "2", false},
		"little owed": {"no more than the cases owe together, and the fee", func(_ *debt.Agreement, c []*debt.Case) {
			c[0].OriginalPrincipal, c[1].OriginalPrincipal = 0, 20_00
		}, 1, 85_00, first, "1", false},
		"all paid": {"nothing is left: each case is paid by itself again", func(a *debt.Agreement, _ []*debt.Case) {
			a.Instalments[0].PaidOn, a.Instalments[1].PaidOn = date("2026-02-10"), date("2026-02-20")
		}, 0, 0, 0, "1", true},
		"breached": {"it is not in force any more", func(a *debt.Agreement, _ []*debt.Case) {
			a.Status = debt.AgreementBreached
		}, 0, 0, 0, "1", true},
		"proposed": {"it is not in force yet", func(a *debt.Agreement, _ []*debt.Case) {
			a.Status = debt.AgreementProposed
		}, 0, 0, 0, "1", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := joined(tc.change)
			if in := a.NextInstalment(); (in == nil) != (tc.number == 0) || in != nil && in.Number != tc.number {
				t.Errorf("%s: next is %+v", tc.reason, in)
			}
			lead := a.Cases[tc.kid[0]-'1']
			want := debt.PaymentInfo{KID: lead.KID, Account: lead.Account, Payee: lead.Payee, Amount: tc.amount, DueOn: tc.due}
			if got := *a.PaymentInfo(); got != want {
				t.Errorf("%s: got %+v", tc.reason, got)
			}
			want.Amount, want.DueOn, want.Agreement = 0, 0, a
			for _, c := range a.Cases {
				got, due := *c.PaymentInfo(), c.NextDue()
				switch {
				case c.Status == debt.Closed:
					if got != (debt.PaymentInfo{KID: c.KID, Account: c.Account, Payee: c.Payee}) {
						t.Errorf("nothing is to be paid in a closed case: %+v", got)
					}
				case tc.alone:
					if got.KID != c.KID || got.Amount != 5_000_00 || got.DueOn != c.DueOn || got.Agreement != nil ||
						due.Agreement != nil {
						t.Errorf("case %s by itself: %+v", c.KID, got)
					}
				case got != want:
					t.Errorf("case %s: %+v", c.KID, got)
				case *due != debt.DueItem{DueOn: tc.due, Amount: tc.amount, Case: lead, Agreement: a}:
					t.Errorf("case %s: due is %+v", c.KID, due)
				}
			}
		})
	}
}

// TestOneAgreementOneCase: where an agreement is about one case, both say the same.
func TestOneAgreementOneCase(t *testing.T) {
	t.Parallel()
	a := joined(func(a *debt.Agreement, c []*debt.Case) { a.Cases = c[:1] })
	if got, want := *a.Cases[0].PaymentInfo(), *a.PaymentInfo(); got != want || got.Amount != 565_00 {
		t.Errorf("the case has %+v, its agreement %+v", got, want)
	}
}

// TestNextIsSaidOnce: whoever adds what the cases ask for, and once what their agreements do,
// pays each instalment once; the overview, the timeline and the cases name the same.
func TestNextIsSaidOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "cases")
		a := joined(nil)
		a.Cases = []*debt.Case{}
		p := debt.Person{Today: date("2026-03-02"), Parts: []debt.Part{{Status: debt.AgencyOK}}}
		for range n {
			c := claim(func(c *debt.Case) {
				c.InterestFrom, c.DueOn, c.Agreements = 0, date("2026-03-10"), []*debt.Agreement{a}
				c.OriginalPrincipal = money.Øre(rapid.Int64Range(0, 1_000_00).Draw(t, "principal"))
			})
			for range rapid.IntRange(0, 2).Draw(t, "payments") {
				on := norway.Date(rapid.IntRange(int(date("2026-01-25")), int(date("2026-03-02"))).Draw(t, "on"))
				c.AllPayments = append(c.AllPayments,
					debt.Payment{Case: c, ReceivedOn: on, Amount: money.Øre(rapid.Int64Range(1, 400_00).Draw(t, "amount"))})
			}
			a.Cases = append(a.Cases, c)
			p.Parts[0].Cases = append(p.Parts[0].Cases, c)
		}
		next := a.NextInstalment()
		if next == nil {
			return
		}
		var asked, owed money.Øre
		for _, c := range a.Cases {
			info := c.PaymentInfo()
			asked += info.Amount
			owed += c.BalanceOn(next.DueOn).Total
			if (info.Agreement != nil) != (n > 1) {
				t.Fatalf("of %d cases one says %+v", n, info)
			}
		}
		said := a.PaymentInfo()
		if n > 1 {
			asked += said.Amount
		}
		o, err := p.Overview(nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		due := o.NextDue()
		if owed == 0 && due == nil && said.Amount == 0 {
			return
		}
		if asked != said.Amount || said.Amount > min(next.Amount, owed+next.Fee) || said.Amount <= 0 {
			t.Fatalf("%d is asked for, the agreement says %+v, %d is owed", asked, said, owed)
		}
		if due == nil || due.Amount != said.Amount || due.DueOn != said.DueOn || due.Agreement != a {
			t.Fatalf("the overview says %+v, the agreement %+v", due, said)
		}
		for _, e := range a.Cases[0].Timeline() {
			if e.Kind == debt.EventDeadline && e.On < next.DueOn {
				t.Fatalf("the timeline asks for %d on %s, before the next instalment", *e.Amount, e.On)
			}
		}
	})
}

// TestNothingOwedHasNoDeadline: the agency's deadline of a case that is paid, or closed, is none any more,
// nor that of an agreement all of whose cases are paid.
func TestNothingOwedHasNoDeadline(t *testing.T) {
	t.Parallel()
	due := date("2026-03-20")
	for name, tc := range map[string]struct {
		change func(*debt.Case)
		want   norway.Date
	}{
		"owed":         {func(*debt.Case) {}, due},
		"paid in part": {func(c *debt.Case) { received(c, "2026-02-01", 1_000_00) }, due},
		"paid":         {func(c *debt.Case) { received(c, "2026-02-01", 12_000_00) }, 0},
		"closed":       {func(c *debt.Case) { c.Status, c.ClosedOn = debt.Closed, date("2026-02-02") }, 0},
		"deferred and paid": {func(c *debt.Case) {
			c.AllHolds = []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-03-01"), Until: date("2026-04-01")}}
			received(c, "2026-02-01", 12_000_00)
		}, 0},
	} {
		c := claim(func(c *debt.Case) { c.DueOn = due })
		tc.change(c)
		if got := c.Deadline(); got != tc.want {
			t.Errorf("%s: the deadline is %s, not %s", name, got, tc.want)
		}
	}
	a := joined(func(_ *debt.Agreement, c []*debt.Case) { received(c[0], "2026-01-12", 5_000_00) })
	if got := a.Cases[1].Deadline(); got.IsZero() {
		t.Error("one of two cases is paid, and the agreement has no deadline")
	}
	received(a.Cases[1], "2026-01-12", 5_000_00)
	for _, c := range a.Cases {
		if got := c.Deadline(); !got.IsZero() {
			t.Errorf("all is paid, and the deadline is %s", got)
		}
	}
}

// TestDueSaysWhatIsAssumed: a balance by a day beyond the rates that are set is told as such, the amount
// of an instalment is not.
func TestDueSaysWhatIsAssumed(t *testing.T) {
	t.Parallel()
	for on, want := range map[string]bool{"2026-05-01": false, "2026-06-30": false, "2027-02-01": true} {
		c := claim(func(c *debt.Case) { c.DueOn = date(on) })
		due, info := c.NextDue(), c.PaymentInfo()
		if due.Assumed != want || info.Assumed != want {
			t.Errorf("by %s: assumed is %v, and %v in the payment information", on, due.Assumed, info.Assumed)
		}
		c.Planned = &debt.Planned{Payments: []debt.PlannedPayment{{DueOn: date(on), Remaining: 1, Assumed: want}}}
		if got := c.NextDue().Assumed; got != want {
			t.Errorf("by %s, planned: assumed is %v", on, got)
		}
	}
	a := joined(func(a *debt.Agreement, c []*debt.Case) { a.Instalments[0].DueOn = date("2027-02-01") })
	if due := a.Cases[0].NextDue(); due.Agreement != a || due.Assumed {
		t.Errorf("an instalment as it was agreed: %+v", due)
	}
}
