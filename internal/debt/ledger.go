package debt

import (
	"math/bits"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Balance is what a case demands on a day. The parts are never negative and sum to Total.
type Balance struct {
	AsOf       norway.Date
	Total      money.Øre
	Principal  money.Øre
	Interest   money.Øre
	Fees       money.Øre
	LegalCosts money.Øre
	Overpaid   money.Øre // paid beyond what was owed; no part of Total

	c *Case // whose balance it is: Lines explains it
}

// BalanceOn computes the balance on a day from the case's records up to and including
// that day: interest is simple, per day, on the outstanding principal, actual/365, at the
// statutory half-year rates or the contractual rate (forsinkelsesrenteloven §§ 2, 3), and
// is rounded once per case, down to whole øre (docs/money.md). Payments count from the day
// they were received, after that day's fees; what was overpaid is to be paid back and
// covers nothing later. Nothing is owed before the case was opened, nor after the payments
// of the day on which it was closed: what is paid later is overpaid.
func (c *Case) BalanceOn(day norway.Date) Balance {
	if day < c.OpenedOn {
		return Balance{AsOf: day, c: c}
	}
	return c.walk(day, nil, nil).balance(day)
}

// closedBy says whether the case was closed on the day or before.
func (c *Case) closedBy(day norway.Date) bool { return !c.ClosedOn.IsZero() && day >= c.ClosedOn }

// ledger is a case in the middle of its history.
type ledger struct {
	c        *Case
	day      norway.Date // interest is accrued up to this day
	owed     [4]money.Øre
	accrued  units     // interest since InterestFrom
	booked   money.Øre // the part of accrued that is in owed[interest] or was paid
	overpaid money.Øre
	net      netting
	left     []money.Øre    // what is left of each of the case's items; nil: it has none
	lines    *[]BalanceLine // where each movement is written down; nil: nowhere
}

const (
	principal = iota
	interest
	fees
	legalCosts
)

// walk replays the case's history up to day. Each movement is written to lines, if given;
// paid is told how each payment was imputed.
func (c *Case) walk(day norway.Date, lines *[]BalanceLine, paid func(i int, parts [4]money.Øre)) ledger {
	l := ledger{c: c, lines: lines}
	l.owed[principal] = c.OriginalPrincipal
	if n := len(c.Items); n > 0 {
		l.left = make([]money.Øre, n)
		for i := range l.left {
			l.left[i] = c.Items[i].Amount
		}
	}
	l.owed[interest] = c.PriorInterest
	if lines != nil {
		l.writeClaim()
	}
	f, p, closing := 0, 0, c.closedBy(day)
	for {
		feeDue := f < len(c.Fees) && c.Fees[f].IncurredOn <= day
		payDue := p < len(c.AllPayments) && c.AllPayments[p].ReceivedOn <= day
		switch {
		case closing && !(feeDue && c.Fees[f].IncurredOn <= c.ClosedOn) &&
			!(payDue && c.AllPayments[p].ReceivedOn <= c.ClosedOn):
			l.close()
			closing, f = false, len(c.Fees)
		case feeDue && (!payDue || c.Fees[f].IncurredOn <= c.AllPayments[p].ReceivedOn):
			l.charge(&c.Fees[f], day)
			f++
		case payDue:
			l.accrueTo(c.AllPayments[p].ReceivedOn)
			parts := l.pay(&c.AllPayments[p])
			if lines != nil {
				l.writePayment(&c.AllPayments[p], parts)
			}
			l.cover(parts[principal], nil)
			if paid != nil {
				paid(p, parts)
			}
			p++
		default:
			l.accrueTo(day)
			return l
		}
	}
}

func (l ledger) balance(day norway.Date) Balance {
	b := Balance{
		AsOf: day, Principal: l.owed[principal], Interest: l.owed[interest],
		Fees: l.owed[fees], LegalCosts: l.owed[legalCosts], Overpaid: l.overpaid, c: l.c,
	}
	b.Total = b.Principal + b.Interest + b.Fees + b.LegalCosts
	return b
}

// close writes off what is left on the day when the case was closed.
func (l *ledger) close() {
	l.accrueTo(l.c.ClosedOn)
	if l.lines != nil {
		l.writeClosing()
	}
	l.owed = [4]money.Øre{}
	clear(l.left)
}

// charge adds a fee, unless it has been waived by the day that the balance is for.
func (l *ledger) charge(f *Fee, day norway.Date) {
	waived := !f.WaivedOn.IsZero() && f.WaivedOn <= day
	if l.lines != nil {
		l.writeFee(f, waived)
	}
	if waived {
		return
	}
	if f.Kind.Legal() {
		l.owed[legalCosts] += f.Amount
		return
	}
	added := l.net.add(f.Kind, f.Amount)
	l.owed[fees] += added
	if l.lines != nil && added != f.Amount {
		l.write(BalanceLine{Kind: LineSetOff, Component: &components[fees], On: f.IncurredOn, Amount: added - f.Amount,
			LegalBasis: &compensationRule, fee: f})
	}
}

// pay imputes a payment: first as the agency booked it, then the rest in the agency's order.
// What is still left is overpaid.
func (l *ledger) pay(p *Payment) [4]money.Øre {
	var parts [4]money.Øre
	rest := p.Amount
	cover := func(component int, upTo money.Øre) {
		x := min(rest, upTo, l.owed[component])
		if x <= 0 {
			return
		}
		l.owed[component] -= x
		parts[component] += x
		rest -= x
	}
	for _, a := range p.Allocations {
		cover(a.Component.index(), a.Amount)
	}
	for _, component := range l.c.order() {
		cover(component, rest)
	}
	l.overpaid += max(rest, 0)
	return parts
}

func (c *Case) order() [4]int {
	if c.Terms != nil && c.Terms.Policy.Imputation == PrincipalFirst {
		return [4]int{principal, interest, legalCosts, fees}
	}
	return [4]int{legalCosts, fees, interest, principal}
}

// ImputationOrder returns the parts of the balance in the order in which a payment covers them, where the
// agency has not booked it otherwise.
func (c *Case) ImputationOrder() []Component {
	order := make([]Component, 0, len(components))
	for _, i := range c.order() {
		order = append(order, components[i])
	}
	return order
}

func (k Component) index() int {
	switch k {
	case Principal:
		return principal
	case Interest:
		return interest
	case LegalCosts:
		return legalCosts
	default:
		return fees
	}
}

// cover takes what is paid of the principal from the items, the first that is left before the
// others; each is told what is taken of which.
func (l *ledger) cover(paid money.Øre, each func(*ClaimItem, money.Øre)) {
	for i := range l.left {
		part := min(paid, l.left[i])
		if part <= 0 {
			continue
		}
		paid -= part
		if each != nil {
			each(&l.c.Items[i], part)
			continue
		}
		l.left[i] -= part
	}
}

// accrueTo brings interest up to day and books its whole øre.
func (l *ledger) accrueTo(day norway.Date) {
	if day <= l.day {
		return
	}
	if l.left == nil {
		l.accrue(bearer{base: l.owed[principal], from: l.c.InterestFrom, rate: l.c.RateBasisPoints}, day)
	}
	for i, left := range l.left {
		item := &l.c.Items[i]
		l.accrue(bearer{base: left, from: item.InterestFrom, rate: item.RateBasisPoints, item: item}, day)
	}
	l.day = day
	due := l.accrued.øre()
	l.owed[interest] += due - l.booked
	l.booked = due
}

// bearer is what bears interest: the case's principal, or an item of it.
type bearer struct {
	base money.Øre
	from norway.Date // zero: it bears none
	rate *int        // null: the statutory one
	item *ClaimItem  // nil: the whole
}

// accrue adds the interest of a bearer from where the ledger stands to a day.
func (l *ledger) accrue(b bearer, day norway.Date) {
	start := max(b.from, l.day)
	switch {
	case b.from.IsZero() || start >= day:
	case b.rate != nil:
		l.bear(b, start, day, *b.rate, nil)
	case l.c.Terms != nil:
		rates := l.c.Terms.Rates
		for i := range rates {
			r := &rates[i]
			from, to := max(r.ValidFrom, start), day
			if i+1 < len(rates) {
				to = min(to, rates[i+1].ValidFrom)
			}
			if from < to {
				l.bear(b, from, to, r.BasisPoints, r)
			}
		}
	}
}

// InterestFraction returns the part of an øre of interest that has accrued by a day and is
// not in the balance yet, in 1/3,650,000 øre.
func (c *Case) InterestFraction(day norway.Date) int64 {
	if day < c.OpenedOn {
		return 0
	}
	return c.walk(day, nil, nil).accrued.fraction()
}

// bear adds the interest of the days in [from, to) at one rate; statutory is its row in
// the table of rates, nil for a contractual one.
func (l *ledger) bear(b bearer, from, to norway.Date, basisPoints int, statutory *Rate) {
	if l.lines == nil {
		l.accrued.add(b.base, basisPoints, int(to-from))
		return
	}
	part := func(from, to norway.Date, on footing) {
		before := l.accrued.øre()
		l.accrued.add(b.base, basisPoints, int(to-from))
		l.writeInterest(b, from, to, basisPoints, statutory, on, l.accrued.øre()-before)
	}
	if statutory == nil {
		part(from, to, footing{})
		return
	}
	l.c.Terms.footed(statutory, from, to, part)
}

// units counts interest exactly, in øre × basis points × days, in 128 bits.
type units struct{ hi, lo uint64 }

const unitsPerØre = 365 * 10_000

// add ignores what can bear no interest: nothing, or less than nothing.
func (u *units) add(amount money.Øre, basisPoints, days int) {
	if amount <= 0 || basisPoints <= 0 {
		return
	}
	hi, lo := bits.Mul64(uint64(amount)*uint64(basisPoints), uint64(days))
	var carry uint64
	u.lo, carry = bits.Add64(u.lo, lo, 0)
	u.hi, _ = bits.Add64(u.hi, hi, carry)
}

func (u units) fraction() int64 {
	_, r := bits.Div64(u.hi, u.lo, unitsPerØre)
	return int64(r)
}

func (u units) øre() money.Øre {
	q, _ := bits.Div64(u.hi, u.lo, unitsPerØre)
	return money.Øre(q)
}
