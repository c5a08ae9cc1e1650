package schedule_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

var (
	accepted = norway.MustDate("2026-03-02")
	march    = norway.MustDate("2026-03-20")
	april    = norway.MustDate("2026-04-20")
	may      = norway.MustDate("2026-05-20")
)

// owing is a case at the agency a that owes so much and bears no interest.
func owing(id string, principal money.Øre) *debt.Case {
	return &debt.Case{
		ID: debt.Key{Kind: debt.KindCase, Agency: "a", ID: id}, Status: debt.Open, OpenedOn: accepted.AddMonths(-6),
		OriginalPrincipal: principal, Terms: &debt.Terms{Today: accepted},
	}
}

func pay(c *debt.Case, on norway.Date, amount money.Øre) {
	c.AllPayments = append(c.AllPayments, debt.Payment{Case: c, Amount: amount, ReceivedOn: on})
}

// agree makes an agreement on cases, whose fees are scheduled in the first.
func agree(status debt.AgreementStatus, cases []*debt.Case, instalments ...debt.Instalment) *debt.Agreement {
	a := &debt.Agreement{Status: status, Cases: cases, Instalments: instalments}
	for _, c := range cases {
		c.Agreements = append(c.Agreements, a)
	}
	for _, in := range instalments {
		if in.Fee > 0 {
			cases[0].ScheduledCosts = append(cases[0].ScheduledCosts,
				debt.ScheduledCost{On: in.DueOn, Kind: debt.CostInstalment, Amount: in.Fee})
		}
	}
	return a
}

// world is three cases: x alone, and y and z in an agreement of two instalments with a fee.
type world struct {
	x, y, z *debt.Case
	terms   *debt.Agreement
	s       schedule.Schedule
	gone    bool // of x
	newer   bool // x is in a solution that was accepted later
}

func newWorld() *world {
	w := &world{x: owing("x", 100), y: owing("y", 200), z: owing("z", 50)}
	pay(w.x, accepted.AddMonths(-1), 7) // before: the plan knew of it
	w.x.OriginalPrincipal += 7
	w.s = schedule.New([]*debt.Case{w.x, w.y, w.z}, []schedule.Payment{
		{DueOn: april, Case: 0, Amount: 60},
		{DueOn: march, Case: 0, Amount: 40},
		{DueOn: april, Case: 1, Amount: 110, Fee: 10, Agreement: 1},
		{DueOn: april, Case: 2, Amount: 50, Agreement: 1},
		{DueOn: may, Case: 1, Amount: 110, Fee: 10, Agreement: 1},
	})
	w.terms = agree(debt.AgreementActive, []*debt.Case{w.y, w.z},
		debt.Instalment{Number: 1, DueOn: april, Amount: 160, Fee: 10},
		debt.Instalment{Number: 2, DueOn: may, Amount: 110, Fee: 10})
	return w
}

func (w *world) on(day norway.Date) schedule.Standing {
	cases := []*debt.Case{w.y, w.z}
	if !w.gone {
		cases = append(cases, w.x)
	}
	for _, c := range cases {
		c.Terms.Today = day
	}
	return w.s.On(day, []debt.Part{{Cases: cases}}, func(k debt.Key) bool { return w.newer && k.ID == "x" })
}

// lines writes a standing down: day, case, status, paid, remaining.
func lines(s schedule.Standing) (all []string) {
	for _, d := range s.Days {
		for _, p := range d.Payments {
			all = append(all, fmt.Sprintf("%s %s %s %d %d", d.DueOn.String()[5:7], p.Case.ID.ID, p.Status, p.Paid, p.Remaining))
		}
	}
	return all
}

func TestStanding(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		day    norway.Date
		do     func(*world)
		want   []string
		next   norway.Date
	}{
		"the day after": {"all of it comes", accepted + 1, func(*world) {},
			[]string{"03 x COMING 0 40", "04 x COMING 0 60", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"},
			march},
		"on the day": {"it is due, not late", march, func(*world) {},
			[]string{"03 x DUE 0 40", "04 x COMING 0 60", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"}, march},
		"too little": {"an øre is missing", march + 1, func(w *world) { pay(w.x, march, 39) },
			[]string{"03 x LATE 39 1", "04 x COMING 0 60", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"}, march},
		"too much": {"the rest counts for the next day", march + 1, func(w *world) { pay(w.x, march, 41) },
			[]string{"03 x PAID 40 0", "04 x COMING 1 59", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"}, april},
		"paid at once": {"what is left over is nobody else's", march + 1, func(w *world) { pay(w.x, march, 500) },
			[]string{"03 x PAID 40 0", "04 x PAID 60 0", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"}, april},
		"in one case of two": {"an instalment is paid, whichever case the money came in", april,
			func(w *world) { pay(w.y, april, 160) },
			[]string{"03 x LATE 0 40", "04 x DUE 0 60", "04 y PAID 110 0", "04 z PAID 50 0", "05 y COMING 0 110"}, march},
		"the first instalment first": {"money for the second covers the first", april,
			func(w *world) { pay(w.y, april, 200) },
			[]string{"03 x LATE 0 40", "04 x DUE 0 60", "04 y PAID 110 0", "04 z PAID 50 0", "05 y COMING 40 70"}, march},
		"paid off before its fees": {"a fee of an instalment that comes is not owed when all is paid before", march,
			func(w *world) { pay(w.y, march, 200); pay(w.z, march, 50) },
			[]string{"03 x DUE 0 40", "04 x COMING 0 60", "04 y PAID 110 0", "04 z PAID 50 0", "05 y NOT_OWED 90 0"}, march},
		"one of two paid off": {"the agreement goes on, and so do its fees", march, func(w *world) { pay(w.y, march, 200) },
			[]string{"03 x DUE 0 40", "04 x COMING 0 60", "04 y PAID 110 0", "04 z PAID 50 0", "05 y COMING 40 70"}, march},
		"closed": {"nothing is due in a case that is closed", march + 1,
			func(w *world) { w.x.Status, w.x.ClosedOn = debt.Closed, march },
			[]string{"03 x NOT_OWED 0 0", "04 x NOT_OWED 0 0", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"},
			april},
		"a fee is waived": {"the last payment is as much less", march, func(w *world) { w.x.OriginalPrincipal -= 30 },
			[]string{"03 x DUE 0 40", "04 x COMING 0 30", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"}, march},
		"much is waived": {"of the last nothing is left", march, func(w *world) { w.x.OriginalPrincipal -= 70 },
			[]string{"03 x DUE 0 30", "04 x NOT_OWED 0 0", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"}, march},
		"disputed": {"nothing is to be paid until it is decided", march + 1,
			func(w *world) { w.x.Objections = []debt.Objection{{Status: debt.ObjectionReceived}} },
			[]string{"03 x ON_HOLD 0 0", "04 x ON_HOLD 0 0", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"},
			april},
		"died": {"nor then", march + 1, func(w *world) { w.x.AllHolds = []debt.Hold{{Kind: debt.HoldDeath, Since: march}} },
			[]string{"03 x ON_HOLD 0 0", "04 x ON_HOLD 0 0", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"},
			april},
		"another agreement": {"it rules", march + 1, func(w *world) {
			agree(debt.AgreementActive, []*debt.Case{w.x}, debt.Instalment{Number: 1, DueOn: may, Amount: 100})
		}, []string{"03 x SUPERSEDED 0 0", "04 x SUPERSEDED 0 0", "04 y COMING 0 110", "04 z COMING 0 50",
			"05 y COMING 0 110"}, april},
		"a newer solution": {"it rules", march + 1, func(w *world) { w.newer = true },
			[]string{"03 x SUPERSEDED 0 0", "04 x SUPERSEDED 0 0", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"},
			april},
		"broken": {"the agency no longer wants instalments", april + 1,
			func(w *world) { pay(w.x, march, 100); w.terms.Status = debt.AgreementBreached },
			[]string{"03 x PAID 40 0", "04 x PAID 60 0", "04 y SUPERSEDED 0 0", "04 z SUPERSEDED 0 0", "05 y SUPERSEDED 0 0"},
			0},
		"changed": {"the agency wants another amount", april + 1, func(w *world) {
			pay(w.x, march,
				100)
			w.terms.Instalments[1].Amount = 90
		},
			[]string{"03 x PAID 40 0", "04 x PAID 60 0", "04 y LATE 0 110", "04 z LATE 0 50", "05 y SUPERSEDED 0 0"}, april},
		"not yet confirmed": {"it is proposed: it will be", march, func(w *world) { w.terms.Status = debt.AgreementProposed },
			[]string{"03 x DUE 0 40", "04 x COMING 0 60", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"}, march},
		"the agency says so": {"it is believed", april + 1, func(w *world) {
			pay(w.x, march,
				100)
			w.terms.Instalments[0].PaidOn = april
		},
			[]string{"03 x PAID 40 0", "04 x PAID 60 0", "04 y PAID 0 0", "04 z PAID 0 0", "05 y COMING 0 110"}, may},
		"the fee was added": {"it is asked for once", april + 1, func(w *world) {
			pay(w.x, march, 100)
			w.y.ScheduledCosts = w.y.ScheduledCosts[1:]
			w.y.Fees = []debt.Fee{{Amount: 10, IncurredOn: april, Kind: debt.CostInstalment}}
		}, []string{"03 x PAID 40 0", "04 x PAID 60 0", "04 y LATE 0 110", "04 z LATE 0 50", "05 y COMING 0 110"}, april},
		"not found": {"it is left out", march, func(w *world) { w.gone = true },
			[]string{"04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"}, april},
		"money back": {"a payment from before was undone", march, func(w *world) { w.x.AllPayments = nil },
			[]string{"03 x DUE 0 40", "04 x COMING 0 60", "04 y COMING 0 110", "04 z COMING 0 50", "05 y COMING 0 110"}, march},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			tc.do(w)
			got := w.on(tc.day)
			if diff := cmp.Diff(tc.want, lines(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			next := norway.Date(0)
			if d := got.Next(); d != nil {
				next = d.DueOn
			}
			if next != tc.next || got.Complete == w.gone {
				t.Errorf("%s: the next day is %s, want %s; complete %v", tc.reason, next, tc.next, got.Complete)
			}
		})
	}
}

func TestDayIsCalledAfterWhatRemains(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		do   func(*world)
		want schedule.Status // of april's day, on it
	}{
		"one is to be paid":  {func(w *world) { pay(w.x, march, 100) }, schedule.Due},
		"all are paid":       {func(w *world) { pay(w.x, march, 100); pay(w.y, april, 160) }, schedule.Paid},
		"the rest is closed": {func(w *world) { w.x.Status = debt.Closed; pay(w.y, april, 160) }, schedule.Paid},
		"the rest is held": {func(w *world) {
			w.x.Objections = []debt.Objection{{Status: debt.ObjectionReceived}}
			pay(w.y, april, 160)
		}, schedule.OnHold},
		"the rest is superseded": {func(w *world) { w.newer = true; pay(w.y, april, 160) }, schedule.Superseded},
		"all are closed": {func(w *world) {
			w.x.Status, w.y.Status, w.z.Status = debt.Closed, debt.Closed,
				debt.Closed
		}, schedule.NotOwed},
	}
	for name, tc := range cases {
		w := newWorld()
		tc.do(w)
		if got := w.on(april).Days[1].Status; got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	want := newWorld().s
	text, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := schedule.Decode(text)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, bad := range []string{`{"cases":[],"payments":[{"d":1,"c":0,"a":1}]}`, `{"payments":[{"c":-1}]}`, `[`} {
		if _, err := schedule.Decode([]byte(bad)); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

// TestAllocation: whatever is paid, every øre is allocated once, none beyond what was agreed,
// and nothing more is asked for than is owed; more money makes no payment stand worse.
func TestAllocation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "cases")
		joint := rapid.IntRange(0, n).Draw(t, "joint") // the first of them are in an agreement
		debts := make([]*debt.Case, n)
		for i := range debts {
			debts[i] = owing(fmt.Sprint(i), 0)
			if rapid.Bool().Draw(t, "interest") {
				debts[i].InterestFrom, debts[i].RateBasisPoints = accepted, new(1200)
			}
		}
		var agreed []schedule.Payment
		instalment := map[norway.Date]money.Øre{}
		for m := range rapid.IntRange(1, 6).Draw(t, "months") {
			day := march.AddMonths(m)
			for i, c := range debts {
				if !rapid.Bool().Draw(t, "paid") {
					continue
				}
				p := schedule.Payment{DueOn: day, Case: i, Amount: money.Øre(rapid.Int64Range(1, 500).Draw(t, "amount"))}
				c.OriginalPrincipal += p.Amount
				if i < joint {
					p.Agreement = 1
					instalment[day] += p.Amount
				}
				agreed = append(agreed, p)
			}
		}
		s := schedule.New(debts, agreed)
		if joint > 0 {
			var all []debt.Instalment
			for day, amount := range instalment {
				all = append(all, debt.Instalment{DueOn: day, Amount: amount})
			}
			agree(debt.AgreementActive, debts[:joint], all...)
		}
		for _, c := range debts { // what was agreed need not be what is owed
			c.OriginalPrincipal += money.Øre(rapid.Int64Range(-min(100, int64(c.OriginalPrincipal)), 100).Draw(t, "change"))
		}
		today := accepted + norway.Date(rapid.IntRange(1, 200).Draw(t, "days"))
		for _, c := range debts {
			c.Terms.Today = today
		}
		received := make([]money.Øre, n)
		var before schedule.Standing
		for step := range 4 {
			now := s.On(today, []debt.Part{{Cases: debts}}, func(debt.Key) bool { return false })
			conserved(t, now, agreed, debts, received, joint)
			if step > 0 {
				noWorse(t, before, now, debts[:joint])
			}
			before = now
			i := rapid.IntRange(0, n-1).Draw(t, "in")
			amount := money.Øre(rapid.Int64Range(1, 900).Draw(t, "payment"))
			received[i] += amount
			pay(debts[i], today, amount)
		}
	})
}

func conserved(t *rapid.T, s schedule.Standing, agreed []schedule.Payment, debts []*debt.Case, received []money.Øre,
	joint int) {
	planned, asked := make([]money.Øre, len(debts)), make([]money.Øre, len(debts))
	owedBy := func(c int, day norway.Date) (owed, all money.Øre) {
		if c >= joint {
			owed := debts[c].BalanceOn(day).Total
			return owed, asked[c]
		}
		for i := range joint {
			owed += debts[i].BalanceOn(day).Total
			all += asked[i]
		}
		return owed, all
	}
	for _, p := range agreed {
		planned[p.Case] += p.Amount
	}
	want, together, due := money.Øre(0), money.Øre(0), money.Øre(0)
	for i := range debts {
		if i < joint && planned[i] > 0 {
			together += received[i]
			due += planned[i]
			continue
		}
		want += min(received[i], planned[i])
	}
	if want += min(together, due); s.Paid != want {
		t.Fatalf("%d is allocated of %v for %v, want %d", s.Paid, received, planned, want)
	}
	for _, d := range s.Days {
		var paid, remaining, total money.Øre
		for _, p := range d.Payments {
			paid, remaining, total = paid+p.Paid, remaining+p.Remaining, total+p.Amount
			i := slices.Index(debts, p.Case)
			asked[i] += p.Remaining
			owed, all := owedBy(i, max(d.DueOn, s.AsOf))
			if p.Paid < 0 || p.Remaining < 0 || p.Paid+p.Remaining > p.Amount || all > owed ||
				(p.Remaining > 0) != (p.Status == schedule.Late || p.Status == schedule.Due || p.Status == schedule.Coming) {
				t.Fatalf("%s: %+v, %d asked for of %d", d.DueOn, p, all, owed)
			}
		}
		if d.Paid != paid || d.Remaining != remaining || d.Total != total {
			t.Fatalf("%+v does not add up", d)
		}
	}
}

// noWorse: what is paid stays, and what remains by any day does not grow: in each case, and of
// the joint ones together.
func noWorse(t *rapid.T, before, now schedule.Standing, joint []*debt.Case) {
	was, is := map[*debt.Case]money.Øre{}, map[*debt.Case]money.Øre{}
	for i, d := range before.Days {
		for j, old := range d.Payments {
			p, of := now.Days[i].Payments[j], old.Case
			if slices.Contains(joint, of) {
				of = joint[0]
			}
			was[of] += old.Remaining
			is[of] += p.Remaining
			if p.Paid < old.Paid || old.Status == schedule.Paid && p.Status != schedule.Paid {
				t.Fatalf("%s: after a payment %+v stands as %+v", d.DueOn, old, p)
			}
		}
		for of := range was {
			if is[of] > was[of] {
				t.Fatalf("by %s more remains of case %s after a payment: %d, not %d", d.DueOn, of.ID.ID, is[of], was[of])
			}
		}
	}
}

// TestScheduledCostsAreSetOff: nothing is asked for beyond what is owed when standard compensation is set
// off against the collection costs that the agency has scheduled.
func TestScheduledCostsAreSetOff(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		compensation, cost, want money.Øre
	}{
		"none":          {0, 600_00, 700_00},
		"less than it":  {430_00, 600_00, 700_00},
		"more than it":  {430_00, 300_00, 530_00},
		"exactly as it": {430_00, 430_00, 530_00},
	} {
		c := owing("x", 100_00)
		if tc.compensation > 0 {
			c.Fees = []debt.Fee{{Case: c, Kind: debt.CostCompensation, Amount: tc.compensation, IncurredOn: accepted - 9}}
		}
		c.ScheduledCosts = []debt.ScheduledCost{{On: march - 5, Kind: debt.CostLightFee, Amount: tc.cost}}
		s := schedule.New([]*debt.Case{c}, []schedule.Payment{{DueOn: march, Amount: 5_000_00}})
		standing := s.On(accepted, []debt.Part{{Cases: []*debt.Case{c}}}, func(debt.Key) bool { return false })
		if standing.Remaining != tc.want {
			t.Errorf("%s: %s is asked for, not %s", name, standing.Remaining, tc.want)
		}
	}
}
