package people

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Identity numbers are handed out by a bijection from indices to slots. A slot is
// a birth date and five neighbouring individual numbers: at most two of the five
// lack valid check digits, as each check digit excludes at most one of them.
var (
	firstBirth   = norway.NewDate(1940, time.January, 1)
	firstOf2000  = norway.NewDate(2000, time.January, 1)
	lastBirth    = norway.NewDate(2006, time.December, 31)
	slotsOf1900s = int(firstOf2000-firstBirth) * slotsPerDay1900
	slotsOf2000s = int(lastBirth-firstOf2000+1) * slotsPerDay2000
)

const (
	slotsPerDay1900 = 120 // individual numbers 000-499 and 900-999
	slotsPerDay2000 = 100 // 500-999

	// offset makes the demo people of an age and sex that fit their stories.
	offset = 1_553_562

	// stride visits all slots in a scattered order: a prime that does not divide their number.
	stride = 1_000_003
)

// MaxPeople is how many people a Generator has.
var MaxPeople = slotsOf1900s + slotsOf2000s

// nationalID returns the synthetic number of a person, month + 80 as in the Tax
// Administration's test population. It depends on the index alone.
func nationalID(index int) norway.NationalID {
	slot := int((int64(index)*stride + offset) % int64(MaxPeople))
	var birth norway.Date
	var first int
	if slot < slotsOf1900s {
		birth, first = firstBirth+norway.Date(slot/slotsPerDay1900), slot%slotsPerDay1900*5
		if first >= 500 {
			first += 400
		}
	} else {
		slot -= slotsOf1900s
		birth, first = firstOf2000+norway.Date(slot/slotsPerDay2000), 500+slot%slotsPerDay2000*5
	}
	y, m, d := birth.Time().Date()
	for i := range 5 {
		individual := first + (index+i)%5
		nine := digits(int64(d), 2) + digits(int64(m)+80, 2) + digits(int64(y%100), 2) + digits(int64(individual), 3)
		if id, ok := norway.CheckNationalID(nine); ok {
			return id
		}
	}
	panic("three of five individual numbers have check digits")
}

// firmNumber returns the organisation number of a business, unique to the index:
// of two neighbours in the last digit one always exists.
func firmNumber(index int) string {
	for i := range 2 {
		if n, ok := norway.CheckOrgNumber(digits(32_000_000+int64(index)*2+int64(i), 8)); ok {
			return n
		}
	}
	panic("one of two neighbouring organisation numbers exists")
}

// identify gives the person name, numbers and address.
func (p *Person) identify(r *rand.Rand) {
	p.NationalID = nationalID(p.Index)
	man := (p.NationalID.Reveal()[8]-'0')%2 == 1
	p.Kind, p.Name = debt.DebtorPerson, personName(r, man)
	contact := p.Name
	if r.IntN(100) < 3 {
		p.Kind, p.OrgNumber = debt.DebtorBusiness, firmNumber(p.Index)
		firm := choose(r, firmWords) + " " + choose(r, firmTrades)
		if r.IntN(2) == 0 {
			p.NationalID, p.Name = norway.NationalID{}, firm+" AS"
		} else {
			p.Name = firm + " " + contact[strings.LastIndexByte(contact, ' ')+1:]
		}
		contact = firm
	}
	p.locate(r, contact)
}

func (p *Person) locate(r *rand.Rand, contact string) {
	if r.IntN(100) < 82 {
		p.Email = ascii.Replace(strings.ToLower(contact)) + "@example.com"
	}
	if r.IntN(100) < 90 {
		p.Phone = "+476805" + digits(int64(r.IntN(10_000)), 4) // reserved for film and television
	}
	p.Street = fmt.Sprintf("%s %d", choose(r, streets), 1+r.IntN(120))
	if r.IntN(5) == 0 {
		p.Street += string(rune('A' + r.IntN(6)))
	}
	town := choose(r, towns)
	p.PostalCode, p.City = town[:4], strings.TrimSuffix(town[5:], "*")
	p.Language = debt.Bokmal
	switch n := r.IntN(100); {
	case strings.HasSuffix(town, "*") && n < 75 || n < 4:
		p.Language = debt.Nynorsk
	case n > 96:
		p.Language = debt.English
	}
}

func personName(r *rand.Rand, man bool) string {
	first := women
	if man {
		first = men
	}
	name := choose(r, first)
	if r.IntN(4) == 0 {
		if middle := choose(r, first); middle != name && !strings.Contains(name, " ") {
			name += " " + middle
		}
	}
	if r.IntN(7) == 0 {
		name += " " + choose(r, families)
	}
	return name + " " + choose(r, families)
}

var ascii = strings.NewReplacer(" ", ".", "æ", "ae", "ø", "o", "å", "a", "é", "e")

func choose[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// digits writes a number with leading zeros.
func digits(n int64, width int) string {
	var buf [20]byte
	i := len(buf)
	for ; n > 0 || len(buf)-i < width; n /= 10 {
		i--
		buf[i] = byte('0' + n%10)
	}
	return string(buf[i:])
}
