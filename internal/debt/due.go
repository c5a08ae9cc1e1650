package debt

import (
	"iter"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// DueItem is something to pay by a day.
type DueItem struct {
	DueOn     norway.Date
	Amount    money.Øre
	Case      *Case      // of an agreement: the one whose KID it is paid with
	Agreement *Agreement // whose instalment it is; nil: of none
	Assumed   bool       // the amount rests on a rate that is not set for its day
}

// NextDue returns what to pay next in an open case. Every other answer to that comes from here: of an
// accepted payment solution (Planned) and an agreement in force, what is due first; else the whole
// balance by the deadline, which may have passed. It is nil when nothing is owed or no deadline is
// known, nor while the case is on hold for an objection. An instalment of an agreement on several
// cases is due once, not in each: all of them give the same one.
func (c *Case) NextDue() *DueItem {
	if c.Status != Open || c.contested() {
		return nil
	}
	planned := c.planned()
	if a := c.Agreement(); a.NextInstalment() != nil {
		agreed := a.nextDue()
		if planned == nil || agreed != nil && agreed.DueOn <= planned.DueOn {
			return agreed
		}
	}
	if planned != nil {
		return planned
	}
	on := c.Deadline()
	if on.IsZero() {
		return nil
	}
	b := c.BalanceOn(max(on, c.Terms.Today))
	return &DueItem{DueOn: on, Amount: b.Total, Case: c, Assumed: b.Assumed()}
}

// NextInstalment returns the first instalment of which something is left, nil when there is none,
// when the agreement is not in force, and when its cases owe nothing any more.
func (a *Agreement) NextInstalment() *Instalment {
	in, _ := a.next()
	return in
}

// next returns the next instalment and what is left of it.
func (a *Agreement) next() (*Instalment, money.Øre) {
	if !a.asks() {
		return nil, 0
	}
	ahead := a.paidAhead()
	for i := range a.Instalments {
		if left := a.left(i, &ahead); left > 0 {
			return &a.Instalments[i], left
		}
	}
	return nil, 0
}

// asks says whether the agreement's instalments are to be paid: it is in force, and one of its cases
// owes something. Not every agency ends an agreement when its cases are paid.
func (a *Agreement) asks() bool {
	return a != nil && a.Status == AgreementActive && slices.ContainsFunc(a.Cases, (*Case).Owes)
}

// Owes says that something is owed in the case today.
func (c *Case) Owes() bool { return c.BalanceOn(c.Terms.Today).Total > 0 }

// Left is what is to be paid of an agreement as it stands.
type Left struct {
	Instalments []Instalment // that are not paid in full
	Fees        money.Øre    // of those
	Total       money.Øre    // without what is paid of them ahead
	LastDay     norway.Date
}

// Left returns what is to be paid of the agreement; nil where that is nothing, and while it is not in force.
func (a *Agreement) Left() *Left {
	if a.NextInstalment() == nil {
		return nil
	}
	l, ahead := &Left{}, a.paidAhead()
	for i := range a.Instalments {
		if left := a.left(i, &ahead); left > 0 {
			l.Instalments = append(l.Instalments, a.Instalments[i])
			l.Fees += a.Instalments[i].Fee
			l.Total += left
			l.LastDay = a.Instalments[i].DueOn
		}
	}
	return l
}

// left returns what is left of an instalment, and takes what is covered of it from what was paid ahead.
func (a *Agreement) left(i int, ahead *money.Øre) money.Øre {
	in := &a.Instalments[i]
	if !in.PaidOn.IsZero() {
		return 0
	}
	covered := min(in.Amount, *ahead)
	*ahead -= covered
	return in.Amount - covered
}

// paidAhead returns what was received in the agreement's cases since it began, less the instalments
// that the agency has marked as paid. What came on its first day is from before it, unless an
// instalment is due or was paid by then.
func (a *Agreement) paidAhead() (sum money.Øre) {
	if len(a.Instalments) == 0 {
		return 0
	}
	from := min(a.StartedOn+1, a.Instalments[0].DueOn)
	if first := a.Instalments[0].PaidOn; !first.IsZero() {
		from = min(from, first)
	}
	for _, c := range a.Cases {
		for i := range c.AllPayments {
			if p := &c.AllPayments[i]; p.ReceivedOn >= from {
				sum += p.Amount
			}
		}
	}
	for i := range a.Instalments {
		if in := &a.Instalments[i]; !in.PaidOn.IsZero() {
			sum -= in.Amount
		}
	}
	for _, c := range a.Cases {
		if c.Planned != nil {
			sum -= c.Planned.Beside
		}
	}
	return max(sum, 0)
}

// nextDue returns what is due first of the agreement: see dues. It is nil when nothing is.
func (a *Agreement) nextDue() *DueItem {
	for _, due := range a.dues() {
		return &due
	}
	return nil
}

// dues returns what is left of the instalments, one after the other: with those before it no more than the
// agreement's cases owe by its day, with the costs that the agency adds until then and the instalments' fees.
// What nothing is owed for is not due.
func (a *Agreement) dues() iter.Seq2[*Instalment, DueItem] {
	return func(yield func(*Instalment, DueItem) bool) {
		first, _ := a.next()
		if first == nil || len(a.Cases) == 0 {
			return
		}
		var asked, fees money.Øre
		for ahead, i := a.paidAhead(), 0; i < len(a.Instalments); i++ {
			in, left := &a.Instalments[i], a.left(i, &ahead)
			if left == 0 {
				continue
			}
			owed, coming, assumed := a.owedBy(max(in.DueOn, a.Cases[0].Terms.Today))
			rest := owed + coming + max(fees-a.feesSince(first.DueOn), 0) - asked
			if owed == 0 || rest <= 0 {
				return
			}
			fees += in.Fee
			rest = owed + coming + max(fees-a.feesSince(first.DueOn), 0) - asked
			amount := min(left, rest)
			if !yield(in, DueItem{in.DueOn, amount, a.lead(), a, assumed && rest < left}) {
				return
			}
			asked += amount
		}
	}
}

// owedBy returns what the agreement's cases owe on a day, and the costs that the agency adds until then.
func (a *Agreement) owedBy(day norway.Date) (owed, coming money.Øre, assumed bool) {
	for _, c := range a.Cases {
		b := c.BalanceOn(day)
		owed += b.Total
		coming += c.scheduledBy(day)
		assumed = assumed || b.Assumed()
	}
	return owed, coming, assumed
}

// feesSince returns the fees of agreements that have been added in its cases from a day on.
func (a *Agreement) feesSince(day norway.Date) (sum money.Øre) {
	for _, c := range a.Cases {
		sum += c.agreementFeesSince(day)
	}
	return sum
}

// lead returns the case whose KID the agreement is paid with: the first that is open, else the
// first. Of an agreement without cases, which no agency has, it is an empty one.
func (a *Agreement) lead() *Case {
	for _, c := range a.Cases {
		if c.Status == Open {
			return c
		}
	}
	if len(a.Cases) == 0 {
		return &Case{}
	}
	return a.Cases[0]
}

// scheduledBy returns the costs that the agency adds until a day, but for the fees of an
// agreement, which its instalments name.
func (c *Case) scheduledBy(day norway.Date) (sum money.Øre) {
	net := c.netting()
	for _, s := range c.ScheduledCosts {
		if s.On <= day && !ofAgreement(s.Kind) {
			sum += net.add(s.Kind, s.Amount)
		}
	}
	return sum
}

// agreementFeesSince returns the fees of an agreement that the agency has added from a day on,
// which are in the balance.
func (c *Case) agreementFeesSince(day norway.Date) (sum money.Øre) {
	for i := range c.Fees {
		if f := &c.Fees[i]; f.IncurredOn >= day && ofAgreement(f.Kind) {
			sum += f.Amount
		}
	}
	return sum
}

func ofAgreement(k CostKind) bool { return k == CostInstalment || k == CostAgreementSetup }

// contested says that the case is on hold today for an objection: nobody is asked to pay.
func (c *Case) contested() bool {
	for i := range c.AllHolds {
		h := &c.AllHolds[i]
		if h.Kind == HoldDisputed && h.Since <= c.Terms.Today && (h.Until.IsZero() || c.Terms.Today <= h.Until) {
			return true
		}
	}
	return false
}

// Deadline returns the last day to pay, zero when there is none, when nothing is owed, and while the
// case is on hold for an objection. It is the deadline of the next
// instalment of an agreement in force, else the agency's deadline, but never before the last day
// of a deferral that runs. Not every agency moves its own deadline when it defers or agrees.
func (c *Case) Deadline() norway.Date {
	if c.Status != Open || c.contested() {
		return 0
	}
	if a := c.Agreement(); a.NextInstalment() != nil {
		if due := a.nextDue(); due != nil {
			return due.DueOn
		}
		return 0
	}
	on, today := c.DueOn, c.Terms.Today
	if on.IsZero() || c.BalanceOn(max(on, today)).Total == 0 {
		return 0
	}
	for i := range c.AllHolds {
		if h := &c.AllHolds[i]; h.Kind == HoldDeferred && h.Since <= today && today <= h.Until {
			on = max(on, h.Until)
		}
	}
	return on
}

// PaymentInfo is how to pay what is due next through a bank.
type PaymentInfo struct {
	KID       string
	Account   string
	Amount    money.Øre
	DueOn     norway.Date // zero: no deadline runs
	Assumed   bool        // the amount rests on a rate that is not set for its day
	Payee     string
	Agreement *Agreement // that is paid instead, once for all of its cases; nil: none
}

// PaymentInfo returns how to pay what is due next: what a plan asks for, an instalment, or everything.
// Nothing is to be paid in a case that an agreement in force joins with others: that is the agreement's.
func (c *Case) PaymentInfo() *PaymentInfo {
	due := c.NextDue()
	if a := c.joint(); a != nil && (due == nil || due.Agreement != nil) {
		info := a.lead().account()
		info.Agreement = a
		return info
	}
	info := c.account()
	if due != nil {
		info.Amount, info.DueOn, info.Assumed = due.Amount, due.DueOn, due.Assumed
	} else if c.Status == Open {
		b := c.BalanceOn(c.Terms.Today)
		info.Amount, info.Assumed = b.Total, b.Assumed()
	}
	return info
}

// PaymentInfo returns how to pay what is left of the next instalment, all of its cases together.
// The amount is zero when nothing is left or the agreement is not in force.
func (a *Agreement) PaymentInfo() *PaymentInfo {
	info := a.lead().account()
	if due := a.nextDue(); due != nil {
		info.Amount, info.DueOn, info.Assumed = due.Amount, due.DueOn, due.Assumed
	}
	return info
}

// account returns where money for the case goes.
func (c *Case) account() *PaymentInfo {
	return &PaymentInfo{KID: c.KID, Account: c.Account, Payee: c.Payee}
}

// joint returns the agreement that an open case is paid by together with others, nil when it has
// none or nothing is left of it.
func (c *Case) joint() *Agreement {
	if c.Status != Open {
		return nil
	}
	if a := c.Agreement(); a != nil && len(a.Cases) > 1 && a.NextInstalment() != nil {
		return a
	}
	return nil
}
