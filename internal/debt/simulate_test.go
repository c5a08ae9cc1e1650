package debt_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// payer has a warned case without interest, of 10 000 kr, in which 600 kr come on 7 March
// and 600 more on 19 April, a second agency's case that is closed, and an agency that is away.
func payer() (*debt.Person, *debt.Case) {
	c := reached(debt.PhaseCollectionWarning, debt.LetterCollectionWarning, func(c *debt.Case) {
		c.InterestFrom = 0
		c.ID = debt.Key{Kind: debt.KindCase, Agency: "a", ID: "1"}
	})
	closed := claim(func(c *debt.Case) {
		c.Status, c.ID = debt.Closed, debt.Key{Kind: debt.KindCase, Agency: "b", ID: "1"}
	})
	part := func(code string, status debt.AgencyStatus, cases ...*debt.Case) debt.Part {
		return debt.Part{Agency: &debt.Agency{ID: debt.Key{Kind: debt.KindAgency, Agency: code}, Code: code}, Status: status,
			Cases: cases}
	}
	return &debt.Person{Today: c.Terms.Today, Parts: []debt.Part{
		part("a", debt.AgencyOK, c), part("b", debt.AgencyOK, closed), part("c", debt.AgencyTimeout),
	}}, c
}

const summary = "%v left, %v without, %v avoided, %v overpaid, settled on %v, %v paid"

func TestSimulate(t *testing.T) {
	t.Parallel()
	april := date("2026-04-30")
	type pay struct {
		amount money.Øre
		on     string
	}
	cases := map[string]struct {
		reason                        string
		payments                      []pay
		asOf                          *norway.Date
		total, without, avoided, over money.Øre
		settled                       string
	}{
		"in time": {"on the last day before the first cost both are avoided", []pay{{10_000_00, "2026-03-06"}}, &april,
			0, 11_200_00, 1_200_00, 0, "2026-03-06"},
		"a day late": {"on the day of a cost it has come: 600 kr are left, and the next comes too",
			[]pay{{10_000_00, "2026-03-07"}}, &april, 1_200_00, 11_200_00, 0, 0, ""},
		"with the fee": {"paying it as well avoids the next", []pay{{10_600_00, "2026-03-07"}}, &april, 0, 11_200_00, 600_00,
			0, "2026-03-07"},
		"in two": {"two payments, in any order", []pay{{5_000_00, "2026-03-06"}, {5_000_00, "2026-03-03"}}, &april, 0,
			11_200_00, 1_200_00, 0, "2026-03-06"},
		"a part": {"a part avoids nothing", []pay{{9_999_99, "2026-03-03"}}, &april, 1_200_01, 11_200_00, 0, 0, ""},
		"by default": {"balances are of the last payment's day, avoided costs of all days",
			[]pay{{10_000_00, "2026-03-02"}}, nil, 0, 10_000_00, 1_200_00, 0, "2026-03-02"},
		"too much": {"what is too much is overpaid", []pay{{10_000_05, "2026-03-02"}}, nil, 0, 10_000_00, 1_200_00, 5,
			"2026-03-02"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, c := payer()
			input := debt.SimulateInput{AsOf: tc.asOf}
			var paid money.Øre
			for _, x := range tc.payments {
				input.Payments = append(input.Payments, debt.SimulatedPayment{CaseID: c.ID, Amount: x.amount, On: date(x.on)})
				paid += x.amount
			}
			s, err := p.Simulate(input)
			if err != nil {
				t.Fatal(err)
			}
			one := s.Cases[0]
			got := fmt.Sprintf(summary, s.Total, s.WithoutPaying, s.CostsAvoided, one.Balance.Overpaid, one.SettledOn, s.Paid)
			if want := fmt.Sprintf(summary, tc.total, tc.without, tc.avoided, tc.over, tc.settled, paid); got != want {
				t.Errorf("%s: got %s, want %s", tc.reason, got, want)
			}
			if one.Case != c || len(c.AllPayments)+len(c.Fees) != 0 {
				t.Error("the case itself was changed")
			}
			var sum money.Øre
			for _, x := range one.Balance.Lines() {
				sum += x.Amount
				if x.Fee() != nil || x.Payment() != nil {
					t.Errorf("what is only simulated has no id: %+v", x)
				}
			}
			if sum != one.Balance.Total {
				t.Errorf("the lines sum to %s, the total is %s", sum, one.Balance.Total)
			}
		})
	}
}

func TestSimulateFaults(t *testing.T) {
	t.Parallel()
	p, c := payer()
	good := debt.SimulatedPayment{CaseID: c.ID, Amount: 100, On: p.Today}
	with := func(change func(*debt.SimulatedPayment)) []debt.SimulatedPayment {
		bad := good
		change(&bad)
		return []debt.SimulatedPayment{good, bad}
	}
	early, late := p.Today-1, p.Today.AddMonths(24)+1
	key := func(kind debt.Kind, agency, id string) func(*debt.SimulatedPayment) {
		return func(x *debt.SimulatedPayment) { x.CaseID = debt.Key{Kind: kind, Agency: agency, ID: id} }
	}
	cases := map[string]struct {
		reason string
		input  debt.SimulateInput
		code   fault.Code
		field  string
	}{
		"none": {"nothing to simulate", debt.SimulateInput{}, fault.BadUserInput, "input.payments"},
		"too many": {"201 payments", debt.SimulateInput{Payments: make([]debt.SimulatedPayment, 201)}, fault.BadUserInput,
			"input.payments"},
		"zero": {"nothing is paid",
			debt.SimulateInput{Payments: with(func(x *debt.SimulatedPayment) { x.Amount = 0 })}, fault.BadUserInput,
			"input.payments[1].amount"},
		"negative": {"no money goes the other way",
			debt.SimulateInput{Payments: with(func(x *debt.SimulatedPayment) { x.Amount = -1 })}, fault.BadUserInput,
			"input.payments[1].amount"},
		"yesterday": {"the past cannot be changed",
			debt.SimulateInput{Payments: with(func(x *debt.SimulatedPayment) { x.On = early })}, fault.BadUserInput,
			"input.payments[1].on"},
		"far off": {"two years and a day",
			debt.SimulateInput{Payments: with(func(x *debt.SimulatedPayment) { x.On = late })}, fault.BadUserInput,
			"input.payments[1].on"},
		"missing": {"no such case", debt.SimulateInput{Payments: with(key(debt.KindCase, "a", "2"))}, fault.BadUserInput,
			"input.payments[1].caseId"},
		"other kind": {"a fee is no case", debt.SimulateInput{Payments: with(key(debt.KindFee, "a", "1"))},
			fault.BadUserInput, "input.payments[1].caseId"},
		"no agency": {"no such agency", debt.SimulateInput{Payments: with(key(debt.KindCase, "x", "1"))},
			fault.BadUserInput, "input.payments[1].caseId"},
		"closed": {"nothing is to be paid in a closed case",
			debt.SimulateInput{Payments: with(key(debt.KindCase, "b", "1"))}, fault.BadUserInput, "input.payments[1].caseId"},
		"away": {"an agency that does not answer", debt.SimulateInput{Payments: with(key(debt.KindCase, "c", "1"))},
			fault.AgencyUnavailable, ""},
		"asOf early": {"before the last payment", debt.SimulateInput{Payments: with(func(*debt.SimulatedPayment) {}),
			AsOf: &early}, fault.BadUserInput, "input.asOf"},
		"asOf far off": {"two years and a day", debt.SimulateInput{Payments: with(func(*debt.SimulatedPayment) {}),
			AsOf: &late}, fault.BadUserInput, "input.asOf"},
	}
	for name, tc := range cases {
		_, err := p.Simulate(tc.input)
		if !errors.Is(err, &fault.Error{Code: tc.code}) || fault.Of(err).Field != tc.field {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
	}
}

// TestSimulateProperties: paying is never dearer than not paying, and what is saved is
// what is avoided, interest aside.
func TestSimulateProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, _ := payer()
		c := anyFullCase(t)
		c.ClosedOn = 0
		c.ID, c.Phase = debt.Key{Kind: debt.KindCase, Agency: "a", ID: "9"}, rapid.SampledFrom(debt.Phases).Draw(t, "phase")
		c.AllLetters = []debt.Letter{{Kind: rapid.SampledFrom(debt.LetterKinds).Draw(t, "letter"),
			SentOn: date("2026-02-20")}}
		p.Parts[0].Cases = []*debt.Case{c}
		pay := debt.SimulatedPayment{CaseID: c.ID, Amount: money.Øre(rapid.Int64Range(1, int64(money.Max)).Draw(t, "amount")),
			On: anyDay(t, c)}
		pay.On = max(pay.On, p.Today)
		s, err := p.Simulate(debt.SimulateInput{Payments: []debt.SimulatedPayment{pay}})
		if err != nil {
			t.Fatal(err)
		}
		one := s.Cases[0]
		if one.Balance.Total-one.Balance.Overpaid+s.Paid > one.WithoutPaying.Total-one.WithoutPaying.Overpaid {
			t.Fatalf("paying %s made it dearer: %+v, without %+v", s.Paid, one.Balance, one.WithoutPaying)
		}
		if (one.SettledOn != 0) != (one.Balance.Total == 0) {
			t.Fatalf("settled on %s with %s left", one.SettledOn, one.Balance.Total)
		}
	})
}
