package people

import (
	"math/rand/v2"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Generator makes people. It is immutable: any number of goroutines may use it.
type Generator struct {
	seed uint64
	asOf norway.Date
}

// New returns the generator of the population that a seed gives on a day. All
// records end on that day, but for deadlines and what is scheduled.
func New(seed uint64, asOf norway.Date) *Generator {
	return &Generator{seed: seed, asOf: asOf}
}

// Person returns person i, of 0 to MaxPeople-1. The first ones are the demo people,
// who are the same for every seed.
func (g *Generator) Person(i int) Person {
	if i < demoPeople {
		return tell(i, g.asOf)
	}
	r := rand.New(rand.NewPCG(g.seed, uint64(i)*0x9e3779b97f4a7c15))
	p := Person{Index: i}
	p.identify(r)
	p.Frequent = r.IntN(10) == 0

	open, closed := drawOpen(r, p.Frequent), drawClosed(r, p.Frequent)
	if open+closed == 0 {
		closed = 1
	}
	agencies := drawAgencies(r, p.Frequent, open+closed)
	for k, a := range agencies {
		d := newDossier(r, &p, a, g.asOf)
		d.fill(part(open, k, len(agencies)), part(closed, len(agencies)-1-k, len(agencies)))
		p.Debtors = append(p.Debtors, d.finish())
	}
	p.sumUp()
	return p
}

// part is the share of one of several agencies, the first ones getting the rest.
func part(n, k, of int) int {
	share := n / of
	if k < n%of {
		share++
	}
	return share
}

func (p *Person) sumUp() {
	for _, d := range p.Debtors {
		p.Agencies = append(p.Agencies, d.Agency.Code)
		for _, c := range d.Cases {
			if c.Status == debt.Open {
				p.OpenCases++
			}
		}
	}
}

// The number of open cases, as cumulative per mille: a person with one at all has
// 1.7 on average, and the tenth with most has 3.7 (Kredinor, domain facts on portals).
var (
	openOfMost     = []int{240, 765, 921, 971, 991, 1000}
	openOfFrequent = []int{0, 40, 380, 620, 755, 838, 890, 922, 944, 958, 969, 978, 985, 991, 996, 998, 1000}
)

func drawOpen(r *rand.Rand, frequent bool) int {
	table := openOfMost
	if frequent {
		table = openOfFrequent
	}
	n := r.IntN(1000)
	for k, limit := range table {
		if n < limit {
			return k
		}
	}
	panic("the last limit is a thousand")
}

func drawClosed(r *rand.Rand, frequent bool) int {
	limit, n := 38, 0
	if frequent {
		limit = 55
	}
	for n < 8 && r.IntN(100) < limit {
		n++
	}
	return n
}

// drawAgencies chooses who has cases against a person, no more than there are cases.
func drawAgencies(r *rand.Rand, frequent bool, cases int) []*Agency {
	count, two, three := 1, 74, 93
	if frequent {
		two, three = 35, 75
	}
	if n := r.IntN(100); n >= three {
		count = 3
	} else if n >= two {
		count = 2
	}
	count = min(count, cases)
	left := append([]*Agency(nil), agencies...)
	chosen := make([]*Agency, 0, count)
	for len(chosen) < count {
		sum := 0
		for _, a := range left {
			sum += a.share
		}
		n := r.IntN(sum)
		for k, a := range left {
			if n -= a.share; n < 0 {
				chosen = append(chosen, a)
				left = append(left[:k], left[k+1:]...)
				break
			}
		}
	}
	return chosen
}
