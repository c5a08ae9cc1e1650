package people

import (
	"fmt"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// life plays a case from its invoice on. Its days never go back.
type life struct {
	*Case
	d      *dossier
	plan   plan
	books  ledger
	due    norway.Date // of the invoice
	done   step        // the last step taken; -1: none
	at     step        // the next step; steps: none
	on     norway.Date // its day
	demand norway.Date // day of the payment demand; zero: none yet
}

// start makes a case of an invoice that falls due on a day.
func (d *dossier) start(p plan, due norway.Date) *life {
	l := &life{
		Case: &Case{
			Creditor: p.creditor, Status: debt.Open, Description: p.creditor.what,
			Principal: p.principal, PriorInterest: p.prior, InterestFrom: due, RateBasisPoints: p.rate,
		},
		d: d, plan: p, due: due, done: -1,
		books: ledger{from: due, rate: p.rate, principal: p.principal, prior: p.prior},
	}
	sent := workdayBefore(due - norway.Date(p.term))
	l.CreditorReference = digits(int64(100_000+d.r.IntN(9_900_000)), 6)
	l.Description = fmt.Sprintf("%s, faktura %s", p.creditor.what, l.CreditorReference)
	l.at, l.on = p.first(due)
	l.letter(debt.LetterInvoice, sent, due, p.principal)
	return l
}

// run takes all steps up to and including a day.
func (l *life) run(until norway.Date) {
	for l.at < steps && l.on <= until {
		l.take(l.at, l.on)
		l.done = l.at
		l.at, l.on = l.plan.next(l.at, l.on)
	}
}

// resume moves the steps that collection stood still for to after a day.
func (l *life) resume(after norway.Date) {
	if l.at < steps {
		l.on = max(l.on, workday(after+15))
	}
}

func (l *life) take(s step, on norway.Date) {
	if l.OpenedOn == 0 {
		l.OpenedOn = on
	}
	l.Phase = phaseOf(s)
	switch s {
	case stepReminder:
		l.fee(debt.CostReminder, law.Reminder(l.due, on).Amount, on, "inkassoforskriften § 1-2")
		l.letter(debt.LetterReminder, on, on+14, l.books.balance(on))
	case stepWarning:
		l.fee(debt.CostCollectionWarning, law.Reminder(l.due, on).Amount, on, "inkassoforskriften § 1-2, inkassoloven § 9")
		l.letter(debt.LetterCollectionWarning, on, on+14, l.books.balance(on))
	case stepLightFee:
		l.fee(debt.CostLightFee, law.Light(l.claim(), on).Amount, on, "inkassoforskriften § 2-2, lett salær")
	case stepDemand:
		l.demand = on
		l.letter(debt.LetterPaymentDemand, on, on+14, l.books.balance(on))
	case stepHeavyFee:
		l.fee(debt.CostHeavyFee, l.increase(on), on, "inkassoforskriften § 2-3, økning til tungt salær")
	case stepNotice:
		l.letter(debt.LetterLegalNotice, on, on+14, l.books.balance(on))
	case stepConciliation:
		l.LegalStep = debt.StepConciliation
		l.fee(debt.CostCourt, statute.ConciliationFee(on).Amount, on, "rettsgebyrloven § 7")
	case stepJudgment:
		l.LegalStep = debt.StepJudgment
		l.letter(debt.LetterOther, on, 0, 0)
	case stepEnforcement:
		l.LegalStep = debt.StepEnforcementRequested
		l.fee(debt.CostEnforcement, statute.EnforcementFee(on).Amount, on, "rettsgebyrloven § 14")
	case stepOutcome:
		l.LegalStep = l.plan.outcome
		l.letter(debt.LetterOther, on, 0, 0)
	}
}

func (l *life) claim() statute.Claim {
	return statute.Claim{
		Principal: l.Principal + l.PriorInterest, DueOn: l.due,
		Business: l.d.person.Kind == debt.DebtorBusiness, VAT: l.Creditor.vat,
	}
}

// increase is what the heavy fee adds to the light one, be that waived or not.
func (l *life) increase(on norway.Date) money.Øre {
	amount := law.Heavy(l.claim(), on).Amount
	for _, f := range l.Fees {
		if f.Kind == debt.CostLightFee {
			amount -= f.Amount
		}
	}
	return amount
}

func (l *life) fee(kind debt.CostKind, amount money.Øre, on norway.Date, basis string) {
	l.Fees = append(l.Fees, Fee{Kind: kind, Amount: amount, IncurredOn: on, LegalBasis: basis})
	if kind.Legal() {
		l.books.legal += amount
	} else {
		l.books.fees += amount
	}
}

// overcharge adds to the latest fee of a kind what the law does not allow; it must be unpaid.
func (l *life) overcharge(kind debt.CostKind, more money.Øre) {
	for i := len(l.Fees) - 1; i >= 0; i-- {
		if l.Fees[i].Kind == kind {
			l.Fees[i].Amount += more
			l.books.fees += more
			return
		}
	}
}

// waive drops the latest fee of a kind; it must be unpaid.
func (l *life) waive(kind debt.CostKind, on norway.Date) {
	for i := len(l.Fees) - 1; i >= 0; i-- {
		if l.Fees[i].Kind == kind {
			l.Fees[i].WaivedOn = on
			l.books.fees -= l.Fees[i].Amount
			return
		}
	}
}

func (l *life) letter(kind debt.LetterKind, on, due norway.Date, amount money.Øre) {
	l.Letters = append(l.Letters, Letter{
		Kind: kind, Title: l.title(kind), Channel: l.d.channel(kind), SentOn: on, DueOn: due,
		Amount: amount, Bytes: 18_000 + l.d.r.IntN(60_000),
	})
}

// pay books a payment on a day; all of the balance when it is not above the amount.
func (l *life) pay(on norway.Date, amount money.Øre, channel debt.PaymentChannel) {
	amount = min(amount, l.books.balance(on))
	if amount <= 0 {
		return
	}
	l.Payments = append(l.Payments, Payment{
		Amount: amount, ReceivedOn: on, Channel: channel,
		RegisteredAt: Moment{min(workday(on+1), l.d.asOf), 15 + l.d.r.IntN(180)},
		Allocations:  l.books.pay(on, amount, l.d.agency.Policy.Imputation),
	})
}

// settle pays everything and closes the case.
func (l *life) settle(on norway.Date, channel debt.PaymentChannel) {
	l.pay(on, money.Max, channel)
	l.close(on)
	if l.d.r.IntN(3) == 0 {
		l.letter(debt.LetterReceipt, on, 0, 0)
	}
}

func (l *life) close(on norway.Date) {
	l.Status, l.Phase, l.ClosedOn = debt.Closed, debt.PhaseClosed, on
}

// coming returns the costs that the next steps bring after a day, at most two.
func (l *life) coming(after norway.Date) []debt.ScheduledCost {
	var out []debt.ScheduledCost
	light := law.Light(l.claim(), l.on).Amount
	for s, on := l.at, l.on; s < steps && on < after+200 && len(out) < 2; s, on = l.plan.next(s, on) {
		cost := debt.ScheduledCost{On: on}
		switch s {
		case stepWarning:
			cost.Kind, cost.Amount = debt.CostCollectionWarning, law.Reminder(l.due, on).Amount
		case stepLightFee:
			cost.Kind, cost.Amount = debt.CostLightFee, law.Light(l.claim(), on).Amount
			light = cost.Amount
		case stepHeavyFee:
			cost.Kind, cost.Amount = debt.CostHeavyFee, l.increase(on)
			if l.done < stepLightFee {
				cost.Amount -= light
			}
		case stepConciliation:
			cost.Kind, cost.Amount = debt.CostCourt, statute.ConciliationFee(on).Amount
		case stepEnforcement:
			cost.Kind, cost.Amount = debt.CostEnforcement, statute.EnforcementFee(on).Amount
		}
		if cost.Amount > 0 && on > after {
			out = append(out, cost)
		}
	}
	return out
}
