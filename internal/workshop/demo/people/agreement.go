package people

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// deal is an agreement that is being played on its cases.
type deal struct {
	*Agreement
	d       *dossier
	lives   []*life
	base    []money.Øre // each case's balance at the start
	total   money.Øre
	channel debt.PaymentChannel
}

// sign makes an instalment plan on cases that have been played up to its start. The
// instalments fall due monthly from a day on; interest that comes during the plan is
// added to the last one.
func (d *dossier) sign(lives []*life, start, first norway.Date, n int) *deal {
	policy := d.agency.Policy
	p := &deal{
		Agreement: &Agreement{Kind: debt.AgreementInstalments, Status: debt.AgreementActive, StartedOn: start},
		d:         d, lives: lives,
		channel: choose(d.r, []debt.PaymentChannel{debt.PaidByAvtaleGiro, debt.PaidByAvtaleGiro, debt.PaidByBank,
			debt.PaidByVipps}),
	}
	if policy.SetupFee > 0 && n > policy.SetupFreeInstalments && lives[0].LegalStep == "" {
		lives[0].fee(debt.CostAgreementSetup, min(policy.SetupFee, law.SetupFee(false, start).Amount), start,
			"inkassoforskriften § 2-4")
	}
	var interest money.Øre
	for _, l := range lives {
		p.Cases = append(p.Cases, l.Case)
		p.base = append(p.base, l.books.balance(start))
		p.total += p.base[len(p.base)-1]
		interest += money.Øre(int64(l.books.principal)*rateDays(start, first+norway.Date(15*n))/yearOfBasisPoints) * 4 / 5
		l.letter(debt.LetterAgreement, start, first, 0)
	}
	net := max(policy.MinInstalment, (p.total/money.Øre(n)+9_99)/10_00*10_00)
	if net*money.Øre(n-1) >= p.total {
		net = p.total/money.Øre(n) + 1 // rounding up must not save an instalment that was paid
	}
	p.Monthly = net + policy.InstalmentFee
	for k := range n {
		amount := net
		if k == n-1 {
			amount = p.total - net*money.Øre(n-1) + interest
		}
		p.Instalments = append(p.Instalments, debt.Instalment{
			Number: k + 1, DueOn: first.AddMonths(k), Amount: amount + policy.InstalmentFee, Fee: policy.InstalmentFee,
		})
	}
	d.agreements = append(d.agreements, p.Agreement)
	return p
}

// keep pays instalment k on its due date or a few days before. The cases share it
// by their balances at the start; the last one closes them.
func (p *deal) keep(k int) {
	in := &p.Instalments[k]
	in.PaidOn = max(p.StartedOn, in.DueOn-norway.Date(p.d.r.IntN(4)))
	net := in.Amount - in.Fee
	if in.Fee > 0 {
		p.lives[0].fee(debt.CostInstalment, in.Fee, in.PaidOn, "betalingsavtalen")
	}
	if k == len(p.Instalments)-1 {
		in.Amount = 0
		for _, l := range p.lives {
			in.Amount += l.books.balance(in.PaidOn)
			l.settle(in.PaidOn, p.channel)
		}
		p.Status, p.EndedOn = debt.AgreementCompleted, in.PaidOn
		return
	}
	rest := net
	for i, l := range p.lives {
		part := rest
		if i < len(p.lives)-1 {
			part = money.Øre(int64(net) * int64(p.base[i]) / int64(p.total))
		}
		rest -= part
		if i == 0 {
			part += in.Fee
		}
		l.pay(in.PaidOn, part, p.channel)
	}
}

// end stops the plan, and collection goes on.
func (p *deal) end(status debt.AgreementStatus, on norway.Date) {
	p.Status, p.EndedOn = status, on
	for _, l := range p.lives {
		l.letter(debt.LetterOther, on, on+14, l.books.balance(on))
		l.resume(on)
		l.run(p.d.asOf)
		p.d.deductWages(l)
	}
}

// activeAgreement makes an agreement on n cases that has been kept so far.
func (d *dossier) activeAgreement(n int) {
	paid := d.r.IntN(min(9, d.agency.Policy.MaxInstalments-1))
	first := d.asOf.AddMonths(-paid) + 4 + norway.Date(d.r.IntN(20))
	start := workdayBefore(min(first-20, d.asOf-1))
	p := d.sign(d.at(n, start, paid), start, first, d.instalments(paid))
	for k := range paid {
		p.keep(k)
	}
}

// instalments chooses a number of them of which so many are paid.
func (d *dossier) instalments(paid int) int {
	return min(paid+2+d.r.IntN(8), d.agency.Policy.MaxInstalments)
}

// at makes n cases played up to a day, owing enough for a plan of which so many
// instalments are paid and more remain.
func (d *dossier) at(n int, start norway.Date, paid int) []*life {
	least := d.agency.Policy.MinInstalment * money.Øre(paid+9) / money.Øre(n)
	var lives []*life
	for range n {
		l := d.later(start, least)
		l.run(start)
		lives = append(lives, l)
	}
	return lives
}

// endedAgreement makes one that was not kept to its end.
func (d *dossier) endedAgreement(status debt.AgreementStatus) {
	paid := d.r.IntN(3)
	first := d.asOf.AddMonths(-paid) - 30 - norway.Date(d.r.IntN(200))
	start := workdayBefore(first - 20)
	p := d.sign(d.at(1, start, paid), start, first, d.instalments(paid))
	for k := range paid {
		p.keep(k)
	}
	p.end(status, workday(p.Instalments[paid].DueOn+14))
}

// completedAgreement makes one whose last instalment was paid around a day.
func (d *dossier) completedAgreement(on norway.Date) {
	n := 2 + d.r.IntN(min(8, d.agency.Policy.MaxInstalments-1))
	first := on.AddMonths(1 - n)
	start := workdayBefore(first - 20)
	p := d.sign(d.at(1, start, n), start, first, n)
	for k := range p.Instalments {
		p.keep(k)
	}
}

// proposedAgreement makes one that nobody has accepted yet; collection goes on.
func (d *dossier) proposedAgreement() {
	start := workdayBefore(d.asOf - norway.Date(d.r.IntN(6)))
	p := d.sign(d.at(1, start, 0), start, start+25, d.instalments(0))
	p.Status = debt.AgreementProposed
	p.lives[0].run(d.asOf)
}

// settlement makes an agreement on one payment of a part that settles all.
func (d *dossier) settlement() {
	start := workdayBefore(d.asOf - norway.Date(d.r.IntN(20)))
	l := d.later(start, 5_000_00)
	l.run(start)
	l.letter(debt.LetterAgreement, start, start+30, 0)
	d.agreements = append(d.agreements, &Agreement{
		Kind: debt.AgreementSettlement, Status: debt.AgreementActive, StartedOn: start, Cases: []*Case{l.Case},
		Instalments: []debt.Instalment{{Number: 1, DueOn: start + 30, Amount: wholeKroner(l.books.balance(start) * 7 / 10)}},
	})
}
