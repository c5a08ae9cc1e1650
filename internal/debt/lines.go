package debt

import (
	"cmp"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// LineKind says what a line of a balance is.
type LineKind string

// The kinds of line.
const (
	LinePrincipal     LineKind = "PRINCIPAL"
	LinePriorInterest LineKind = "PRIOR_INTEREST"
	LineInterest      LineKind = "INTEREST"
	LineFee           LineKind = "FEE"
	LineLegalCost     LineKind = "LEGAL_COST"
	LineWaived        LineKind = "WAIVED"
	LineSetOff        LineKind = "SET_OFF"
	LinePayment       LineKind = "PAYMENT"
	LineOverpaid      LineKind = "OVERPAID"
	LineClosed        LineKind = "CLOSED"
)

// BasisPoints is a rate of interest a year, in hundredths of a per cent.
type BasisPoints int

// BalanceLine is one movement that a balance is the sum of.
type BalanceLine struct {
	Kind       LineKind
	Component  *Component  // nil for an overpaid sum, which is in no part of the balance
	On         norway.Date // when it was added or received; of interest, the last day
	From       norway.Date // first day that bears interest; zero for other kinds
	To         norway.Date // last day that bears interest, included; zero for other kinds
	Days       *int
	Rate       *BasisPoints
	Base       *money.Øre // what bears the interest
	Amount     money.Øre  // negative for what was paid
	LegalBasis *string    // nil for what was claimed and paid, and for a rate that is not the law's
	Assumed    bool       // the rate is not set for these days, or the agency's table lacks it

	c       *Case
	fee     *Fee
	payment *Payment
	rate    *Rate     // nil: contractual
	on      footing   // of the rate
	surplus money.Øre // overpaid
	item    *ClaimItem
}

var components = [...]Component{principal: Principal, interest: Interest, fees: Fees, legalCosts: LegalCosts}

// Lines explains the balance: one line for each thing that was claimed, for each period of
// interest at one rate and base, for each fee, and for each part that a payment covered. They
// add up to Total exactly, and the lines of a component to its part. The amount of a line of
// interest is what the sum, exact to the fraction and rounded down, grows by over its days. What
// was left when the case was closed is a negative line of its component. The lines are in the
// order of their days; before the opening there are none.
func (b *Balance) Lines() []BalanceLine {
	if b.c == nil || b.AsOf < b.c.OpenedOn {
		return []BalanceLine{}
	}
	lines := make([]BalanceLine, 0, 4+len(b.c.Fees)+2*len(b.c.AllPayments))
	b.c.walk(b.AsOf, &lines, nil)
	// A period of interest is placed where it begins.
	slices.SortStableFunc(lines, func(x, y BalanceLine) int { return cmp.Compare(x.begin(), y.begin()) })
	return lines
}

func (x *BalanceLine) begin() norway.Date {
	switch {
	case x.Kind == LinePrincipal || x.Kind == LinePriorInterest:
		return 0
	case x.From != 0:
		return x.From
	default:
		return x.On
	}
}

// Fee returns the fee that the line is about, nil for other lines.
func (x *BalanceLine) Fee() *Fee {
	if x.fee == nil || x.fee.ID.ID == "" { // one that is only foreseen has no id
		return nil
	}
	return x.fee
}

// Payment returns the payment that the line is about, nil for other lines.
func (x *BalanceLine) Payment() *Payment {
	if x.payment == nil || x.payment.ID.ID == "" { // one that is only simulated has no id
		return nil
	}
	return x.payment
}

// Item returns the item of the claim that the line is about, nil for other lines.
func (x *BalanceLine) Item() *ClaimItem { return x.item }

func (l *ledger) write(x BalanceLine) {
	x.c = l.c
	*l.lines = append(*l.lines, x)
}

func (l *ledger) writeClaim() {
	claimed := BalanceLine{Kind: LinePrincipal, Component: &components[principal], On: l.c.OpenedOn,
		Amount: l.c.OriginalPrincipal}
	if l.left == nil {
		l.write(claimed)
	}
	for i := range l.left {
		claimed.item, claimed.Amount = &l.c.Items[i], l.left[i]
		l.write(claimed)
	}
	if l.c.PriorInterest != 0 {
		l.write(BalanceLine{
			Kind: LinePriorInterest, Component: &components[interest],
			On: cmp.Or(l.c.InterestFrom, l.c.OpenedOn), Amount: l.c.PriorInterest,
		})
	}
}

// writeInterest adds to the line before when that ends where this begins: a payment that
// left the principal as it was does not split a period.
func (l *ledger) writeInterest(b bearer, from, to norway.Date, basisPoints int, statutory *Rate, on footing,
	amount money.Øre) {
	base := b.base
	if base <= 0 || basisPoints <= 0 {
		return
	}
	days := int(to - from)
	for i := len(*l.lines) - 1; i >= 0; i-- {
		if x := &(*l.lines)[i]; x.Kind == LineInterest && x.item == b.item {
			if x.To+1 == from && x.rate == statutory && x.on == on && *x.Base == base {
				x.To, x.On, x.Amount = to-1, to-1, x.Amount+amount
				*x.Days += days
				return
			}
			break
		}
	}
	of := &struct {
		days int
		rate BasisPoints
		base money.Øre
	}{days, BasisPoints(basisPoints), base}
	x := BalanceLine{
		Kind: LineInterest, Component: &components[interest], On: to - 1, From: from, To: to - 1,
		Days: &of.days, Rate: &of.rate, Base: &of.base, Amount: amount, LegalBasis: &agreedRate, rate: statutory,
		item: b.item, Assumed: on.assumed, on: on,
	}
	if statutory != nil {
		x.LegalBasis = statutory.basis(from, on)
	}
	l.write(x)
}

// basis returns what the rate of some days rests on: nil where that is not the law. In a later
// half-year, whose rate is the same, it is not what the row states.
func (r *Rate) basis(day norway.Date, on footing) *string {
	switch {
	case on.assumed || on.law != 0:
		return nil
	case day > statute.EndOfHalfYear(r.ValidFrom) && on.source != "":
		return &on.source
	case r.Source != "":
		return &r.Source
	default:
		return &statutoryRate
	}
}

// StatutoryRate returns the rate that the law sets for the days of a line of interest where the
// agency uses another, nil for all other lines.
func (x *BalanceLine) StatutoryRate() *BasisPoints {
	if x.on.law == 0 {
		return nil
	}
	return new(BasisPoints(x.on.law))
}

var (
	agreedRate    = "avtale; forsinkelsesrenteloven § 3"
	statutoryRate = statute.RuleInterest

	compensationRule = statute.RuleCompensation
)

// writeFee shows a fee that has been waived with its rule and zero.
func (l *ledger) writeFee(f *Fee, waived bool) {
	x := BalanceLine{Kind: LineFee, Component: &components[fees], On: f.IncurredOn, Amount: f.Amount,
		LegalBasis: f.basis(), fee: f}
	if f.Kind.Legal() {
		x.Kind, x.Component = LineLegalCost, &components[legalCosts]
	}
	if waived {
		x.Kind, x.Amount = LineWaived, 0
	}
	l.write(x)
}

// basis returns the rule that the agency states, else the one that the law has for the kind.
func (f *Fee) basis() *string {
	if f.LegalBasis != nil {
		return f.LegalBasis
	}
	if rule, ok := rules[f.Kind]; ok {
		return &rule
	}
	return nil
}

var rules = map[CostKind]string{
	CostReminder:          statute.RuleLetter,
	CostCollectionWarning: statute.RuleLetter,
	CostPaymentDemand:     statute.RuleLetter,
	CostLightFee:          statute.RuleLight,
	CostHeavyFee:          statute.RuleHeavy,
	CostAgreementSetup:    statute.RuleSetup,
	CostCourt:             statute.RuleCourt,
	CostEnforcement:       statute.RuleEnforcement,
	CostCompensation:      statute.RuleCompensation,
}

func (l *ledger) writeClosing() {
	for component, left := range l.owed {
		if left > 0 {
			l.write(BalanceLine{Kind: LineClosed, Component: &components[component], On: l.c.ClosedOn, Amount: -left})
		}
	}
}

func (l *ledger) writePayment(p *Payment, parts [4]money.Øre) {
	rest := p.Amount
	for _, component := range l.c.order() {
		if parts[component] == 0 {
			continue
		}
		rest -= parts[component]
		x := BalanceLine{Kind: LinePayment, Component: &components[component], On: p.ReceivedOn,
			Amount: -parts[component], payment: p}
		if component != principal || l.left == nil {
			l.write(x)
			continue
		}
		l.cover(parts[component], func(item *ClaimItem, part money.Øre) {
			x.item, x.Amount = item, -part
			l.write(x)
		})
	}
	if rest > 0 {
		l.write(BalanceLine{Kind: LineOverpaid, On: p.ReceivedOn, payment: p, surplus: rest})
	}
}
