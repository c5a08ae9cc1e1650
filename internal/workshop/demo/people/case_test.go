package people

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/audit"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// TestEveryCase holds any case of any person on any day to the rules.
func TestEveryCase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := drawDay(t)
		g := New(rapid.Uint64().Draw(t, "seed"), day)
		p := g.Person(drawIndex(t))
		if len(p.Debtors) == 0 {
			t.Fatal("nobody knows this person")
		}
		for i := range p.Debtors {
			d := &p.Debtors[i]
			if len(d.Cases) == 0 || len(d.Cases) >= casesOfDebtor {
				t.Fatalf("%s: %d cases", d.Agency.Code, len(d.Cases))
			}
			for _, c := range d.Cases {
				checkCodes(t, c)
				checkDates(t, c, day)
				if p.Index != wronged {
					checkFees(t, &p, c)
					checkVerdicts(t, &p, d, c, day)
				}
				checkMoney(t, d, c, day)
				checkFuture(t, d, c, day)
			}
			checkAgreements(t, d, day)
		}
	})
}

func checkCodes(t *rapid.T, c *Case) {
	known := slices.Contains(debt.CaseStatuses, c.Status) && slices.Contains(debt.Phases, c.Phase) &&
		(c.LegalStep == "" || slices.Contains(debt.LegalSteps, c.LegalStep))
	for _, h := range c.Holds {
		known = known && slices.Contains(debt.HoldKinds, h.Kind)
	}
	for _, f := range c.Fees {
		known = known && slices.Contains(debt.CostKinds, f.Kind)
	}
	for _, s := range c.Scheduled {
		known = known && slices.Contains(debt.CostKinds, s.Kind)
	}
	for _, l := range c.Letters {
		known = known && slices.Contains(debt.LetterKinds, l.Kind) && slices.Contains(debt.LetterChannels, l.Channel) &&
			l.Title != ""
	}
	for _, p := range c.Payments {
		known = known && slices.Contains(debt.PaymentChannels, p.Channel)
		for _, a := range p.Allocations {
			known = known && slices.Contains(debt.Components, a.Component)
		}
	}
	for _, o := range c.Objections {
		known = known && slices.Contains(debt.ObjectionStatuses, o.Status) && len(o.Reasons) > 0
		for _, r := range o.Reasons {
			known = known && slices.Contains(debt.ObjectionReasons, r)
		}
	}
	if !known {
		t.Fatalf("a code is none of debt's: %+v", c)
	}
	if !norway.ValidKID(c.KID) {
		t.Fatalf("KID %s", c.KID)
	}
	if (c.Phase == debt.PhaseClosed) != (c.Status == debt.Closed) || (c.ClosedOn != 0) != (c.Status == debt.Closed) {
		t.Fatalf("%s in phase %s, closed on %s", c.Status, c.Phase, c.ClosedOn)
	}
}

func checkDates(t *rapid.T, c *Case, day norway.Date) {
	if c.OpenedOn == 0 || c.OpenedOn < c.InterestFrom+14 || c.OpenedOn > day || c.ClosedOn > day {
		t.Fatalf("due %s, opened %s, closed %s", c.InterestFrom, c.OpenedOn, c.ClosedOn)
	}
	last := norway.Date(0)
	for i, l := range c.Letters {
		early := l.SentOn < c.OpenedOn
		if invoice := l.Kind == debt.LetterInvoice; invoice != early || invoice != (i == 0) || l.SentOn < last ||
			l.SentOn > day {
			t.Fatalf("letter %d: %+v, opened on %s", i, l, c.OpenedOn)
		}
		fromInvoice := l.Kind == debt.LetterInvoice || l.Kind == debt.LetterReminder ||
			l.Kind == debt.LetterCollectionWarning || l.Kind == debt.LetterPaymentDemand
		if fromInvoice && l.DueOn < l.SentOn+14 {
			t.Fatalf("less than 14 days to pay: %+v", l)
		}
		last = l.SentOn
	}
	received := norway.Date(0)
	for _, p := range c.Payments {
		if p.ReceivedOn < received || p.ReceivedOn > day || p.RegisteredAt.On > day {
			t.Fatalf("payment out of order: %+v", p)
		}
		received = p.ReceivedOn
	}
	for _, o := range c.Objections {
		if o.SubmittedAt.On < c.OpenedOn || o.SubmittedAt.On >= day || o.DecidedOn > day || o.DecidedOn != 0 &&
			o.DecidedOn < o.SubmittedAt.On {
			t.Fatalf("objection: %+v", o)
		}
	}
}

// checkFees recomputes what the statute gives, and when it accrues.
func checkFees(t *rapid.T, p *Person, c *Case) {
	var light, both money.Øre
	var warned, demanded, lightOn norway.Date
	for _, l := range c.Letters {
		switch l.Kind {
		case debt.LetterCollectionWarning:
			warned = l.DueOn
		case debt.LetterPaymentDemand:
			demanded = l.SentOn
		}
	}
	of := statute.Claim{Principal: c.Principal + c.PriorInterest, DueOn: c.InterestFrom,
		Business: p.Kind == debt.DebtorBusiness, VAT: c.Creditor.vat}
	for _, f := range c.Fees {
		switch f.Kind {
		case debt.CostReminder, debt.CostCollectionWarning:
			if f.Amount != law.Reminder(c.InterestFrom, f.IncurredOn).Amount || f.IncurredOn < c.InterestFrom+14 {
				t.Fatalf("letter fee: %+v", f)
			}
		case debt.CostLightFee:
			light, both, lightOn = f.Amount, f.Amount, f.IncurredOn
			if light != law.Light(of, f.IncurredOn).Amount || f.IncurredOn != warned+1 {
				t.Fatalf("light fee: %+v, warned until %s", f, warned)
			}
		case debt.CostHeavyFee:
			both += f.Amount
			if most := law.Heavy(of, f.IncurredOn).Amount; light == 0 || both != most ||
				f.IncurredOn < demanded+14+28+1 || demanded < lightOn {
				t.Fatalf("heavy fee: %+v after %s, demanded %s", f, light, demanded)
			}
		}
	}
}

// checkVerdicts asks the domain whether the fees were allowed: the letters of a case tell that they were.
func checkVerdicts(t *rapid.T, p *Person, d *Debtor, c *Case, day norway.Date) {
	record := asDebt(d, c, day)
	record.DebtorKind = p.Kind
	for _, l := range c.Letters {
		record.AllLetters = append(record.AllLetters, debt.Letter{Kind: l.Kind, SentOn: l.SentOn, DueOn: l.DueOn})
	}
	for i := range record.Fees {
		record.Fees[i].Case = record
	}
	for _, f := range audit.Of(record).Findings {
		if f.Verdict == audit.Breach {
			t.Fatalf("a case by the law breaks it: %s, %s", f.Rule, f.Text(nil))
		}
	}
	for i := range record.Fees {
		f := &record.Fees[i]
		over := f.OverStatutoryCap()
		switch v := f.StatutoryVerdict(); v {
		case debt.VerdictAllowed, debt.VerdictNotCapped:
		default:
			t.Fatalf("%s of %s: %s by the letters %+v", f.Kind, f.IncurredOn, v, c.Letters)
		}
		if over != nil && *over {
			t.Fatalf("%s of %s on %s is over %+v", f.Kind, f.Amount, f.IncurredOn, f.StatutoryCap())
		}
	}
}

// checkMoney lets the domain's own rules replay the case.
func checkMoney(t *rapid.T, d *Debtor, c *Case, day norway.Date) {
	record := asDebt(d, c, day)
	if b := record.BalanceOn(day); c.Status == debt.Closed && b.Total != 0 || b.Overpaid != 0 {
		t.Fatalf("%s case owes %s, overpaid %s: %+v", c.Status, b.Total, b.Overpaid, c)
	} else if c.Status == debt.Open && b.Total <= 0 {
		t.Fatalf("open case owes nothing: %+v", c)
	}
	for i := range record.AllPayments {
		p := &record.AllPayments[i]
		sum := money.Øre(0)
		for _, a := range p.Allocations {
			sum += a.Amount
		}
		if sum != p.Amount || p.Amount <= 0 {
			t.Fatalf("allocations of %s sum to %s", p.Amount, sum)
		}
	}
	// The booked parts are those that the agency's order gives.
	booked := asDebt(d, c, day)
	for i := range booked.AllPayments {
		booked.AllPayments[i].Allocations = nil
	}
	for i := range booked.AllPayments {
		for _, part := range booked.AllPayments[i].Imputed() {
			if !slices.Contains(record.AllPayments[i].Allocations, part) {
				t.Fatalf("%s orders %+v, booked %+v", d.Agency.Code, part, record.AllPayments[i].Allocations)
			}
		}
	}
}

func checkFuture(t *rapid.T, d *Debtor, c *Case, day norway.Date) {
	record := asDebt(d, c, day)
	for _, s := range c.Scheduled {
		if s.On <= day || s.Amount <= 0 {
			t.Fatalf("scheduled: %+v", s)
		}
	}
	if len(c.Scheduled) > 0 && (c.Status != debt.Open || len(record.Holds()) > 0) {
		t.Fatalf("costs are scheduled in a %s case held by %v", c.Status, record.Holds())
	}
	if c.DueOn != 0 && c.DueOn < day {
		t.Fatalf("the deadline %s has passed", c.DueOn)
	}
}

// asDebt makes the record that the contract would deliver.
func asDebt(d *Debtor, c *Case, day norway.Date) *debt.Case {
	out := &debt.Case{
		Status: c.Status, OpenedOn: c.OpenedOn, ClosedOn: c.ClosedOn, OriginalPrincipal: c.Principal,
		PriorInterest: c.PriorInterest,
		InterestFrom:  c.InterestFrom, AllHolds: slices.Clone(c.Holds), ScheduledCosts: c.Scheduled,
		Terms: &debt.Terms{Today: day, Policy: d.Agency.Policy, Rates: rates},
	}
	if c.RateBasisPoints != 0 {
		out.RateBasisPoints = &c.RateBasisPoints
	}
	for _, f := range c.Fees {
		out.Fees = append(out.Fees, debt.Fee{Kind: f.Kind, Amount: f.Amount, IncurredOn: f.IncurredOn, WaivedOn: f.WaivedOn})
	}
	for _, p := range c.Payments {
		out.AllPayments = append(out.AllPayments, debt.Payment{Case: out, Amount: p.Amount, ReceivedOn: p.ReceivedOn,
			Allocations: p.Allocations})
	}
	for _, o := range c.Objections {
		out.AllHolds = append(out.AllHolds, debt.Hold{Kind: debt.HoldDisputed, Since: o.SubmittedAt.On, Until: o.DecidedOn})
	}
	for _, q := range c.Requests {
		if q.Status == requestGranted {
			out.AllHolds = append(out.AllHolds, debt.Hold{Kind: debt.HoldDeferred, Since: q.DecidedOn, Until: q.Until})
		}
	}
	for _, a := range d.Agreements {
		if slices.Contains(a.Cases, c) && a.Status != debt.AgreementProposed {
			out.AllHolds = append(out.AllHolds, debt.Hold{Kind: debt.HoldAgreement, Since: a.StartedOn, Until: a.EndedOn})
		}
	}
	return out
}

func checkAgreements(t *rapid.T, d *Debtor, day norway.Date) {
	for _, a := range d.Agreements {
		if !slices.Contains(debt.AgreementStatuses, a.Status) || !slices.Contains(debt.AgreementKinds, a.Kind) ||
			len(a.Cases) == 0 || len(a.Cases) > 3 {
			t.Fatalf("agreement: %+v", a)
		}
		ended := a.Status != debt.AgreementActive && a.Status != debt.AgreementProposed
		if a.StartedOn > day || a.EndedOn > day || (a.EndedOn != 0) != ended ||
			len(a.Instalments) > d.Agency.Policy.MaxInstalments {
			t.Fatalf("agreement: %+v", a)
		}
		due := a.StartedOn
		for i, in := range a.Instalments {
			if in.Number != i+1 || in.DueOn <= due || in.PaidOn > day || in.Amount <= in.Fee {
				t.Fatalf("instalment: %+v after %s", in, due)
			}
			due = in.DueOn
			if a.Status == debt.AgreementActive && in.PaidOn == 0 && in.DueOn < day {
				t.Fatalf("a kept agreement is behind: %+v", in)
			}
			if in.PaidOn == 0 {
				continue
			}
			paid := money.Øre(0)
			for _, c := range a.Cases {
				for _, p := range c.Payments {
					if p.ReceivedOn == in.PaidOn {
						paid += p.Amount
					}
				}
			}
			if paid != in.Amount {
				t.Fatalf("%s was paid for an instalment of %s", paid, in.Amount)
			}
		}
	}
}
