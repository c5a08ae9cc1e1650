package people

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// dossier collects what one agency has on a person while it is made up.
type dossier struct {
	r          *rand.Rand
	person     *Person
	agency     *Agency
	asOf       norway.Date
	lives      []*life
	agreements []*Agreement
	messages   []Message
	powers     []PowerOfAttorney
	anonymous  bool // the national identity number is not registered
	digital    bool // letters come electronically
}

func newDossier(r *rand.Rand, p *Person, a *Agency, asOf norway.Date) *dossier {
	return &dossier{
		r: r, person: p, agency: a, asOf: asOf,
		anonymous: p.NationalID.IsZero() || r.IntN(100) == 0, digital: r.IntN(100) < 60,
	}
}

// share tells which of several cumulative per mille limits a draw falls below.
func (d *dossier) share(limits ...int) int {
	n := d.r.IntN(1000)
	for i, limit := range limits {
		if n < limit {
			return i
		}
	}
	return len(limits)
}

// fill makes up so many open and closed cases.
func (d *dossier) fill(open, closed int) {
	for range closed {
		d.closedCase()
	}
	if open >= 2 && d.agency.Policy.JointAgreements && d.r.IntN(100) < 18 {
		n := 2 + d.r.IntN(min(open-1, 2))
		d.activeAgreement(n)
		open -= n
	}
	for range open {
		d.openCase()
	}
	d.correspond()
}

var (
	openPhases = []debt.Phase{debt.PhaseReminder, debt.PhaseCollectionWarning, debt.PhasePaymentDemand,
		debt.PhaseLightFee, debt.PhaseHeavyFee, debt.PhaseLegal, debt.PhaseMonitoring}
	openShares   = []int{60, 200, 340, 510, 700, 880}
	closedShares = []int{80, 380, 660, 800, 930}
	laterPhases  = openPhases[2:]
	laterShares  = []int{250, 500, 800, 950}
)

// draw starts a case that is in a phase on a day.
func (d *dossier) draw(phase debt.Phase, on norway.Date, least money.Øre) *life {
	c := d.agency.drawCreditor(d.r)
	p := drawPlan(d.r, c, max(least, c.drawPrincipal(d.r)))
	p.reaching(phase)
	from, to := p.span(on, phase)
	length := int(to - from)
	days := d.r.IntN(length)
	if length > 400 {
		days = d.r.IntN(days + 1) // long phases have most cases in their beginning
	}
	return d.begin(p, phase, on, days)
}

// begin starts a case that has been in a phase for some days; see plan.dueFor.
func (d *dossier) begin(p plan, phase debt.Phase, on norway.Date, days int) *life {
	due := p.dueFor(phase, on, days)
	l := d.start(p, due)
	d.lives = append(d.lives, l)
	return l
}

func (d *dossier) later(on norway.Date, least money.Øre) *life {
	return d.draw(laterPhases[d.share(laterShares...)], on, least)
}

func (d *dossier) openCase() {
	switch d.share(90, 125, 135, 145, 155, 205, 235, 255, 265, 310, 330) {
	case 0:
		d.activeAgreement(1)
	case 1:
		d.endedAgreement(debt.AgreementBreached)
	case 2:
		d.endedAgreement(debt.AgreementCancelled)
	case 3:
		d.proposedAgreement()
	case 4:
		d.settlement()
	case 5:
		d.disputed()
	case 6:
		d.decided(debt.ObjectionRejected)
	case 7:
		d.decided(debt.ObjectionPartlyUpheld)
	case 8:
		d.decided(debt.ObjectionWithdrawn)
	case 9:
		d.deferral()
	case 10:
		d.held()
	default:
		d.plain(d.draw(openPhases[d.share(openShares...)], d.asOf, 0))
	}
}

// plain plays a case that goes on by itself, with payments of parts now and then.
func (d *dossier) plain(l *life) {
	if from, _ := l.plan.span(l.due, debt.PhasePaymentDemand); from != 0 && from+8 < d.asOf && d.r.IntN(100) < 18 {
		for range 1 + d.r.IntN(2) {
			on := from + 3 + norway.Date(d.r.IntN(int(d.asOf-from-7)))
			if from = on + 4; from+8 >= d.asOf {
				break
			}
			l.run(on)
			amount := wholeKroner(l.books.balance(on) * money.Øre(8+d.r.IntN(35)) / 100)
			l.pay(on, amount, choose(d.r, partPayments))
		}
	}
	l.run(d.asOf)
	d.deductWages(l)
}

var (
	partPayments = []debt.PaymentChannel{debt.PaidByBank, debt.PaidByBank, debt.PaidByVipps, debt.PaidByVipps,
		debt.PaidByCard, debt.PaidToCreditor, debt.PaidOtherwise}
	fullPayments = []debt.PaymentChannel{debt.PaidByBank, debt.PaidByBank, debt.PaidByVipps, debt.PaidByCard}
)

// deductWages adds what an employer has paid each month since a wage deduction began.
func (d *dossier) deductWages(l *life) {
	if l.LegalStep != debt.StepWageDeduction || l.done != stepOutcome {
		return
	}
	began := l.Letters[len(l.Letters)-1].SentOn
	if n := len(l.Payments); n > 0 {
		began = max(began, l.Payments[n-1].ReceivedOn)
	}
	amount := max(500_00, wholeKroner(l.books.balance(began)*money.Øre(4+d.r.IntN(8))/100))
	for k := 1; k <= 36; k++ {
		on := began.AddMonths(k)
		if on > d.asOf || l.books.balance(on) < amount*2 {
			return
		}
		l.pay(on, amount, debt.PaidByWageDeduction)
	}
}

func (d *dossier) closedCase() {
	u := d.r.Float64()
	on := d.asOf - 1 - norway.Date(u*u*1000)
	switch d.share(110, 190) {
	case 0:
		d.completedAgreement(on)
		return
	case 1:
		d.upheld(on)
		return
	}
	phase := openPhases[d.share(closedShares...)]
	l := d.draw(phase, on, 0)
	if from, _ := l.plan.span(l.due, debt.PhasePaymentDemand); from != 0 && from+10 < on && d.r.IntN(6) == 0 {
		half := from + (on-from)/2
		l.run(half)
		l.pay(half, wholeKroner(l.books.balance(half)/2), choose(d.r, partPayments))
	}
	l.run(on)
	l.settle(on, choose(d.r, fullPayments))
}

// finish gives the cases their numbers, deadlines and coming costs.
func (d *dossier) finish() Debtor {
	base := int64(d.person.Index)
	debtor := Debtor{
		ID: base + 1, Agency: d.agency, Identified: !d.anonymous,
		Agreements: d.agreements, Messages: d.messages, Powers: d.powers,
	}
	for i, a := range d.agreements {
		a.ID = base*childrenOfDebtor + int64(i) + 1
	}
	slices.SortStableFunc(d.lives, func(a, b *life) int { return cmp.Compare(a.OpenedOn, b.OpenedOn) })
	for i, l := range d.lives {
		l.ID = base*casesOfDebtor + int64(i) + 1
		y, _, _ := l.OpenedOn.Time().Date()
		l.Number = d.agency.caseNumber(y, l.ID)
		l.KID = norway.KID(digits(int64(d.agency.position), 1) + digits(l.ID, 11))
		if l.Status == debt.Open {
			d.outlook(l)
		}
		debtor.Cases = append(debtor.Cases, l.Case)
	}
	return debtor
}

// Ids are made of a person's index and a number of its own; the rows below a case
// are numbered from its id times childrenOfCase.
const (
	casesOfDebtor    = 64
	childrenOfDebtor = 64
	childrenOfCase   = 128
)

// outlook says what comes in an open case: costs if nothing stops them, and a deadline.
func (d *dossier) outlook(l *life) {
	if l.demand != 0 {
		l.AgreementFrom = l.demand
	} else if l.done == stepWarning && l.on > d.asOf {
		l.AgreementFrom = l.on
	}
	stopped, until := d.stopped(l)
	if stopped {
		l.DueOn = until
		return
	}
	l.Scheduled = l.coming(d.asOf)
	if last := l.Letters[len(l.Letters)-1]; last.DueOn >= d.asOf {
		l.DueOn = last.DueOn
	} else if len(l.Scheduled) > 0 && l.Scheduled[0].On < d.asOf+45 {
		l.DueOn = l.Scheduled[0].On - 1
	}
}

// stopped says whether something holds collection on the as-of date, and by when
// the next payment is due nevertheless.
func (d *dossier) stopped(l *life) (stopped bool, until norway.Date) {
	for _, a := range d.agreements {
		if !slices.Contains(a.Cases, l.Case) || a.Status == debt.AgreementProposed || a.EndedOn != 0 && a.EndedOn < d.asOf {
			continue
		}
		for _, in := range a.Instalments {
			if in.PaidOn == 0 {
				return true, in.DueOn
			}
		}
		return true, 0
	}
	for _, o := range l.Objections {
		if o.DecidedOn == 0 || o.DecidedOn >= d.asOf {
			return true, 0
		}
	}
	for _, q := range l.Requests {
		if q.Status == requestGranted && q.Until >= d.asOf {
			return true, q.Until
		}
	}
	for _, h := range l.Holds {
		if h.Until != 0 && h.Until < d.asOf {
			continue
		}
		if h.Kind == debt.HoldDeferred {
			until = h.Until
		}
		return true, until
	}
	return false, 0
}
