package people

import (
	"slices"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// TestStoriesHoldOnAnyDay tells the stories on each day of more than a year: what a
// demo person's note promises must not depend on which day the demo is started.
func TestStoriesHoldOnAnyDay(t *testing.T) {
	t.Parallel()
	cases := map[int]struct {
		reason       string
		agencies     []string
		open, closed int
		holds        func(f findings) bool
	}{
		flagship: {"everything at once", []string{Fjord, Tradisjon, Lita}, 12, 2, func(f findings) bool {
			for _, phase := range openPhases {
				if f.phases[phase] == 0 {
					return false
				}
			}
			return f.joint == 1 && f.paidInstalments > 0 && f.unpaidInstalments > 0 && f.holds[debt.HoldAgreement] == 2 &&
				f.holds[debt.HoldDisputed] == 1 && f.holds[debt.HoldDeferred] == 1 && f.holds[debt.HoldOther] == 1 &&
				f.steps[debt.StepWageDeduction] == 1 && f.steps[debt.StepConciliation]+f.steps[debt.StepJudgment] == 1 &&
				f.steps[debt.StepNothingToAttach] == 1 &&
				f.payments > 6 && f.scheduled >= 6 && f.rejected == 1 && f.messages > 0 && f.powers == 1 && f.contractual == 1
		}},
		nearHeavyFee: {"the heavy fee comes within a week", []string{Fjord}, 1, 0, func(f findings) bool {
			return f.phases[debt.PhaseLightFee] == 1 && f.nextHeavy >= 2 && f.nextHeavy <= 6
		}},
		keepsAgreement: {"half of the instalments are paid", []string{Tradisjon}, 1, 0, func(f findings) bool {
			return f.paidInstalments == 6 && f.unpaidInstalments == 6 && f.holds[debt.HoldAgreement] == 1
		}},
		brokeAgreement: {"enforcement followed", []string{Fjord, Tradisjon, Journal}, 3, 0, func(f findings) bool {
			return f.breached == 1 && f.steps[debt.StepWageDeduction] == 1 && f.phases[debt.PhaseMonitoring] == 1 &&
				len(f.holds) == 0 && f.payments > 3
		}},
		objector: {"one objection is open, one was partly upheld", []string{Fjord, Lita}, 2, 0, func(f findings) bool {
			return f.holds[debt.HoldDisputed] == 1 && f.partly == 1 && f.waived == 1
		}},
		debtFree: {"nothing is open", []string{Fjord, Tradisjon}, 0, 3, func(f findings) bool { return f.payments >= 3 }},
		small: {"no collection fee yet", []string{Lita}, 1, 0, func(f findings) bool {
			return f.phases[debt.PhaseCollectionWarning] == 1 && f.collectionFees == 0 && f.scheduled > 0
		}},
		firm: {"a loan with its own rate", []string{Fjord, Tradisjon, Journal}, 4, 0, func(f findings) bool {
			return f.contractual == 1 && f.payments == 1
		}},
		sameCreditor: {"three claims of one creditor", []string{Tradisjon, Fjord}, 3, 0, func(f findings) bool {
			return len(f.creditors) == 1
		}},
		booked: {"all that a journal keeps", []string{Journal}, 3, 2, func(f findings) bool {
			return f.paidInstalments == 2 && f.unpaidInstalments == 4 && f.holds[debt.HoldAgreement] == 1 &&
				f.phases[debt.PhaseHeavyFee] == 1 && f.phases[debt.PhaseCollectionWarning] == 1 && f.payments >= 5 &&
				f.invoices == 2
		}},
		wronged: {"what the check of a claim finds", []string{Fjord, Tradisjon, Journal}, 6, 0, func(f findings) bool {
			return f.phases[debt.PhaseLightFee] == 4 && f.phases[debt.PhaseHeavyFee] == 1 && f.phases[debt.PhaseMonitoring] == 1
		}},
	}
	for day := asOf; day < asOf+400; day++ {
		for i, p := range DemoPeople(day) {
			c, f := cases[i], look(&p, day)
			if p.OpenCases != c.open || f.closed != c.closed || !slices.Equal(p.Agencies, c.agencies) || !c.holds(f) {
				t.Fatalf("%s on %s (%s): %d open and %d closed cases at %v, %+v", p.Name, day, c.reason, p.OpenCases, f.closed,
					p.Agencies, f)
			}
			if p.Note == "" || p.NationalID.IsZero() {
				t.Fatalf("%s has no note or no number", p.Name)
			}
		}
	}
}

// findings counts what a person's records hold.
type findings struct {
	phases            map[debt.Phase]int
	steps             map[debt.LegalStep]int
	holds             map[debt.HoldKind]int
	creditors         map[*Creditor]bool
	nextHeavy         int // days until the next heavy fee
	joint, breached   int
	paidInstalments   int
	unpaidInstalments int
	payments          int
	scheduled         int
	rejected, partly  int
	waived            int
	messages, powers  int
	contractual       int
	collectionFees    int
	closed            int
	invoices          int // of open cases that collect several
}

func look(p *Person, day norway.Date) findings {
	f := findings{
		phases: map[debt.Phase]int{}, steps: map[debt.LegalStep]int{},
		holds: map[debt.HoldKind]int{}, creditors: map[*Creditor]bool{},
	}
	for i := range p.Debtors {
		d := &p.Debtors[i]
		f.messages += len(d.Messages)
		f.powers += len(d.Powers)
		for _, c := range d.Cases {
			f.see(asDebt(d, c, day), c)
		}
		for _, a := range d.Agreements {
			if len(a.Cases) > 1 && a.Status == debt.AgreementActive {
				f.joint++
			}
			if a.Status == debt.AgreementBreached {
				f.breached++
			}
			for _, in := range a.Instalments {
				if in.PaidOn != 0 {
					f.paidInstalments++
				} else {
					f.unpaidInstalments++
				}
			}
		}
	}
	return f
}

func (f *findings) see(record *debt.Case, c *Case) {
	f.phases[c.Phase]++
	f.creditors[c.Creditor] = true
	f.payments += len(c.Payments)
	if c.Status == debt.Closed {
		f.closed++
		return
	}
	f.steps[c.LegalStep]++
	f.invoices += len(c.Items())
	for _, h := range record.Holds() {
		f.holds[h.Kind]++
	}
	if c.RateBasisPoints > 0 {
		f.contractual++
	}
	f.scheduled += len(c.Scheduled)
	if next := record.NextCost(); next != nil && next.Kind == debt.CostHeavyFee {
		f.nextHeavy = int(next.On - record.Terms.Today)
	}
	for _, o := range c.Objections {
		switch o.Status {
		case debt.ObjectionRejected:
			f.rejected++
		case debt.ObjectionPartlyUpheld:
			f.partly++
		}
	}
	for _, fee := range c.Fees {
		if fee.WaivedOn != 0 {
			f.waived++
		}
		if fee.Kind == debt.CostLightFee || fee.Kind == debt.CostHeavyFee {
			f.collectionFees++
		}
	}
}

func TestDemoPeopleAreInEveryPopulation(t *testing.T) {
	t.Parallel()
	for i, p := range DemoPeople(asOf) {
		for _, seed := range []uint64{0, 1, 99} {
			if q := New(seed, asOf).Person(i); q.NationalID != p.NationalID || q.Name != p.Name || q.OpenCases != p.OpenCases {
				t.Errorf("person %d of seed %d is %s", i, seed, q.Name)
			}
		}
	}
}
