package people

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// The states of a request, as the contract's relation has them.
const (
	requestReceived = "RECEIVED"
	requestGranted  = "GRANTED"
	requestRejected = "REJECTED"
)

func (d *dossier) moment(on norway.Date) Moment { return Moment{on, 7*60 + d.r.IntN(14*60)} }

// object adds a debtor's objection to a case that has been played up to its day.
func (l *life) object(p protest, on norway.Date) *Objection {
	o := Objection{
		Status: debt.ObjectionUnderReview, Reasons: p.reasons,
		Statement: p.statement, SubmittedAt: l.d.moment(on),
	}
	if l.d.asOf-on < 5 {
		o.Status = debt.ObjectionReceived
	}
	l.Objections = append(l.Objections, o)
	return &l.Objections[len(l.Objections)-1]
}

// decide answers the last objection.
func (l *life) decide(status debt.ObjectionStatus, on norway.Date, reply string) {
	o := &l.Objections[len(l.Objections)-1]
	o.Status, o.DecidedOn, o.Reply = status, on, reply
	if status != debt.ObjectionWithdrawn {
		l.letter(debt.LetterObjectionReply, on, 0, 0)
	}
}

// disputed makes a case whose objection is not decided yet.
func (d *dossier) disputed() {
	on := d.asOf - 1 - norway.Date(d.r.IntN(25))
	l := d.draw(openPhases[d.share(openShares...)], on, 0)
	l.run(on)
	l.object(choose(d.r, protests), on)
}

// decided makes an open case with an objection that did not end it.
func (d *dossier) decided(status debt.ObjectionStatus) {
	on := d.asOf - 40 - norway.Date(d.r.IntN(160))
	answered := workday(on + 4 + norway.Date(d.r.IntN(20)))
	l := d.later(on, 0)
	l.run(on)
	p := choose(d.r, protests)
	l.object(p, on)
	switch status {
	case debt.ObjectionPartlyUpheld:
		if l.charged(debt.CostLightFee) {
			l.waive(debt.CostLightFee, answered)
		}
		l.decide(status, answered, partlyUpheldReply)
	case debt.ObjectionWithdrawn:
		l.decide(status, answered, withdrawnReply)
	default:
		l.decide(status, answered, p.rejected)
	}
	l.resume(answered)
	l.run(d.asOf)
	d.deductWages(l)
}

func (l *life) charged(kind debt.CostKind) bool {
	for _, f := range l.Fees {
		if f.Kind == kind {
			return true
		}
	}
	return false
}

// upheld makes a case that was closed because the invoice had been paid in time,
// to the creditor: all fees are waived.
func (d *dossier) upheld(on norway.Date) {
	submitted := on - 3 - norway.Date(d.r.IntN(15))
	l := d.draw(openPhases[d.share(closedShares...)], submitted, 0)
	l.run(submitted)
	l.object(paidInTime, submitted)
	l.decide(debt.ObjectionUpheld, on, upheldReply)
	for i := range l.Fees {
		l.Fees[i].WaivedOn = on
	}
	amount := l.Principal + l.PriorInterest
	paid := Payment{
		Amount: amount, ReceivedOn: l.due, Channel: debt.PaidToCreditor, RegisteredAt: Moment{on, 10},
		Allocations: []debt.Allocation{{Component: debt.Principal, Amount: l.Principal}},
	}
	if l.PriorInterest > 0 {
		paid.Allocations = append(paid.Allocations, debt.Allocation{Component: debt.Interest, Amount: l.PriorInterest})
	}
	l.Payments = []Payment{paid}
	l.close(on)
}

// deferral makes a case whose debtor has asked for more time.
func (d *dossier) deferral() {
	most := d.agency.Policy.MaxDeferralDays
	on := d.asOf - 2 - norway.Date(d.r.IntN(6))
	outcome := d.share(550, 750, 870)
	if outcome >= 2 {
		on -= norway.Date(30 + d.r.IntN(60)) // long enough ago to be over
	}
	l := d.later(on, 0)
	l.run(on)
	q := Request{Status: requestReceived, RequestedAt: d.moment(on), Until: on + norway.Date(most)}
	switch outcome {
	case 0, 2:
		q.Status, q.DecidedOn, q.Reply = requestGranted, on+1, deferralGranted
		if fee := d.agency.Policy.DeferralFee; fee > 0 {
			l.fee(debt.CostDeferral, fee, on+1, "avtale om utsettelse")
		}
	case 3:
		q.Status, q.DecidedOn, q.Reply = requestRejected, on+1, deferralRejected
	}
	l.Requests = append(l.Requests, q)
	switch outcome {
	case 2:
		l.resume(q.Until - 14)
		fallthrough
	case 1, 3:
		l.run(d.asOf)
	}
}

// held makes a case that stands still for a reason that the agency has noted.
func (d *dossier) held() {
	on := d.asOf - 1 - norway.Date(d.r.IntN(12))
	l := d.later(on, 0)
	l.run(on)
	h := debt.Hold{Since: on}
	switch d.share(250, 600, 850) {
	case 0:
		h.Kind = debt.HoldDeath
	case 1:
		h.Kind, h.Until = debt.HoldDebtSettlement, on.AddMonths(60)
	case 2:
		h.Kind, h.Until = debt.HoldDeferred, on+norway.Date(d.agency.Policy.MaxDeferralDays)
	default:
		h.Kind, h.Until = debt.HoldOther, on+30
	}
	l.Holds = append(l.Holds, h)
}
