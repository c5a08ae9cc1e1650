package people

import (
	"math/rand/v2"
	"strings"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// DemoPeople returns the people with stories of their own: persons 0 and up of every
// Generator. The first one has most of everything.
func DemoPeople(asOf norway.Date) []Person {
	out := make([]Person, demoPeople)
	for i := range out {
		out[i] = tell(i, asOf)
	}
	return out
}

// story is how a demo person came into debt.
type story struct {
	name     string
	language debt.Language
	firm     bool // a sole proprietorship, which has its owner's number too
	note     string
	plot     func(t *teller)
}

// teller makes a person up as the story goes.
type teller struct {
	person   *Person
	r        *rand.Rand
	asOf     norway.Date
	dossiers []*dossier
}

func tell(i int, asOf norway.Date) Person {
	s := storyAt(i)
	r := rand.New(rand.NewPCG(0x0e51c7, uint64(i)))
	p := Person{Index: i, NationalID: nationalID(i), Kind: debt.DebtorPerson, Name: s.name, Note: s.note}
	p.locate(r, s.name)
	p.Email, p.Phone = ascii.Replace(strings.ToLower(s.name))+"@example.com", "+476805"+digits(int64(10+i), 4)
	p.Language = s.language
	if s.firm {
		p.Kind, p.OrgNumber = debt.DebtorBusiness, firmNumber(i)
	}
	t := &teller{person: &p, r: r, asOf: asOf}
	s.plot(t)
	for _, d := range t.dossiers {
		p.Debtors = append(p.Debtors, d.finish())
	}
	p.Frequent = len(p.Debtors) > 2
	p.sumUp()
	return p
}

// at opens the person's dossier at an agency.
func (t *teller) at(code string) *dossier {
	for _, a := range agencies {
		if a.Code == code {
			d := &dossier{r: t.r, person: t.person, agency: a, asOf: t.asOf, digital: true}
			t.dossiers = append(t.dossiers, d)
			return d
		}
	}
	panic("a story names an agency that does not exist: " + code)
}

// straight returns a plan without whims: no reminder, no waiting beyond what the law
// demands, straight to the enforcement officer when it comes to that.
func (d *dossier) straight(trade debt.Trade, principal money.Øre) plan {
	p := drawPlan(d.r, d.agency.ofTrade(trade), principal)
	p.reminder, p.legal, p.court, p.outcome = false, true, false, debt.StepWageDeduction
	p.rate, p.prior, p.wait = 0, 0, [steps]int{}
	return p
}

// now starts a case that is in a phase on the as-of date, and plays it until then.
func (d *dossier) now(p plan, phase debt.Phase, days int) *life {
	l := d.begin(p, phase, d.asOf, days)
	l.run(d.asOf)
	return l
}

// paid starts a case in a phase so many days ago, plays it and settles it.
func (d *dossier) paid(p plan, phase debt.Phase, ago int) {
	on := workdayBefore(d.asOf - norway.Date(ago))
	l := d.begin(p, phase, on, 3)
	l.run(on)
	l.settle(on, debt.PaidByVipps)
}

// agreed starts cases, puts them in an agreement of n instalments and pays some. The
// next instalment is due in two weeks.
func (d *dossier) agreed(phase debt.Phase, paid, n int, plans ...plan) *deal {
	first := d.asOf.AddMonths(-paid) + 14
	start := workdayBefore(first - 20)
	var lives []*life
	for _, p := range plans {
		l := d.begin(p, phase, start, 6)
		l.run(start)
		lives = append(lives, l)
	}
	deal := d.sign(lives, start, first, n)
	deal.channel = debt.PaidByAvtaleGiro
	for k := range paid {
		deal.keep(k)
	}
	return deal
}
