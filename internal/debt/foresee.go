package debt

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// EventSource says where an event is known from.
type EventSource string

// The sources: the agency's records, the agency's own plans, and the law.
const (
	FromRecords EventSource = "RECORD"
	FromAgency  EventSource = "AGENCY"
	FromStatute EventSource = "STATUTE"
)

// CostEvent is a cost that comes on a day if nothing is done.
type CostEvent struct {
	On     norway.Date
	Amount money.Øre
	Kind   CostKind
	Source EventSource
	Case   *Case
}

// NextCost returns the first cost that comes after today if nothing is done, nil when none is
// foreseen. If the agency has scheduled costs, only those count. If not, it is the cost that the
// law allows next, on the first day when it can be charged. That comes after a hold that ends,
// and never in a case that is disputed, in an agreement or on hold until further notice.
func (c *Case) NextCost() *CostEvent {
	if all := c.ComingCosts(); len(all) > 0 {
		return &all[0]
	}
	return nil
}

// ComingCosts returns the costs that come after today if nothing is done, in order: see NextCost.
func (c *Case) ComingCosts() []CostEvent {
	if c.Status != Open {
		return nil
	}
	var all []CostEvent
	for _, s := range c.ScheduledCosts {
		if s.On > c.Terms.Today {
			all = append(all, CostEvent{s.On, s.Amount, s.Kind, FromAgency, c})
		}
	}
	if all != nil {
		return all
	}
	for _, s := range c.statutory() {
		if s.amount > 0 && !s.optional {
			all = append(all, CostEvent{s.on, s.amount, s.cost, FromStatute, c})
		}
	}
	return all
}

// step is what the law lets a collector do next, on the first day on which it may.
type step struct {
	on       norway.Date
	stage    Stage
	cost     CostKind
	amount   money.Øre // 0: the step has no cost
	optional bool      // the creditor may choose not to take it
}

// goesOn returns the first day from tomorrow on when collection is not on hold. There is none
// while a hold has no end, an agreement runs, or an objection has not been decided.
func (c *Case) goesOn() (day norway.Date, ever bool) {
	day = c.Terms.Today + 1
	for _, h := range c.Holds() {
		if h.Until.IsZero() {
			return 0, false
		}
		day = max(day, h.Until+1)
	}
	return day, !c.InAgreement() && !c.Disputed()
}

// InAgreement says whether an agreement runs.
func (c *Case) InAgreement() bool {
	a := c.Agreement()
	return a != nil && a.Status == AgreementActive
}

// Disputed says whether an objection has not been decided, or the agency has put the case on
// hold for one.
func (c *Case) Disputed() bool {
	for i := range c.Objections {
		if s := c.Objections[i].Status; s == ObjectionReceived || s == ObjectionUnderReview {
			return true
		}
	}
	for _, h := range c.Holds() {
		if h.Kind == HoldDisputed {
			return true
		}
	}
	return false
}

// statutory returns the steps that the law allows next if nothing is done, in order. In a
// case on hold until a certain day, they come after it. There are none when the hold lasts
// until further notice, when nothing is owed, when the letter that the next step needs is
// missing or too old, or when the case is in court.
func (c *Case) statutory() []step {
	law := statute.FeesOn(c.Terms.Today)
	from, ever := c.goesOn()
	if law == nil || !ever || c.Status != Open || c.BalanceOn(c.Terms.Today).Total == 0 {
		return nil
	}
	f := forecast{Case: c, law: law, claim: c.Claim(), from: from}
	switch c.Phase {
	case PhaseReminder:
		if l := c.latest(LetterReminder); l != nil {
			f.warning(f.after(l, 0))
		}
	case PhaseCollectionWarning:
		if l := c.latest(LetterCollectionWarning); l != nil {
			f.light(f.after(l, 0))
		}
	case PhasePaymentDemand, PhaseLightFee:
		if l := f.demand(); l != nil {
			f.heavy(l.SentOn, f.after(l, law.HeavyDays))
		}
	case PhaseHeavyFee:
		if l := f.demand(); l != nil {
			f.notice(l.SentOn, from)
		}
	}
	return f.steps
}

// Claim returns what the size of the case's fees depends on. The contract does not say whether
// the creditor deducts VAT, so it is left out.
func (c *Case) Claim() statute.Claim {
	due := c.InterestFrom
	if due.IsZero() {
		due = c.OpenedOn
	}
	return statute.Claim{Principal: c.OriginalPrincipal + c.PriorInterest, DueOn: due,
		Business: c.DebtorKind == DebtorBusiness}
}

// latest returns the last letter of a kind, nil when none was sent.
func (c *Case) latest(kind LetterKind) *Letter {
	for i := len(c.AllLetters) - 1; i >= 0; i-- {
		if c.AllLetters[i].Kind == kind {
			return &c.AllLetters[i]
		}
	}
	return nil
}

// charged sums the fees of a kind, waived ones included.
func (c *Case) charged(kind CostKind) (sum money.Øre, any bool) {
	for i := range c.Fees {
		if c.Fees[i].Kind == kind {
			sum, any = sum+c.Fees[i].Amount, true
		}
	}
	return sum, any
}

// forecast goes through the steps from one to the next (inkassoloven §§ 9 to 11, 17;
// inkassoforskriften §§ 1-2, 2-2, 2-3), each on its first possible day.
type forecast struct {
	*Case
	law   *statute.Fees
	claim statute.Claim
	from  norway.Date // nothing comes before
	steps []step
}

// after returns the day after a letter's deadline and so many days more, at the earliest
// from: what could have been charged already may be charged any day.
func (f *forecast) after(l *Letter, days int) norway.Date {
	deadline := max(l.DueOn, l.SentOn.AddDays(f.law.LetterDays))
	return max(deadline.AddDays(days+1), f.from)
}

// demand returns the payment demand, unless a new one is needed before anything follows.
func (f *forecast) demand() *Letter {
	l := f.latest(LetterPaymentDemand)
	if l == nil || l.SentOn.AddMonths(f.law.DemandMonths) < f.from {
		return nil
	}
	return l
}

func (f *forecast) warning(on norway.Date) {
	s := step{on: on, stage: StageCollectionWarning, cost: CostCollectionWarning}
	if f.lettersBefore(on, nil, f.law, CostReminder, CostCollectionWarning) < f.law.MaxLetters {
		s.amount = f.law.Reminder(f.claim.DueOn, on)
	}
	f.steps = append(f.steps, s)
	f.light(on.AddDays(f.law.LetterDays + 1))
}

func (f *forecast) light(on norway.Date) {
	charged, any := f.charged(CostLightFee)
	if !any {
		charged = f.law.Light(f.claim, on)
		f.steps = append(f.steps, step{on: on, stage: StageLightFee, cost: CostLightFee, amount: charged})
	}
	f.steps = append(f.steps, step{on: on, stage: StagePaymentDemand})
	f.increase(on, on.AddDays(f.law.LetterDays+f.law.HeavyDays+1), charged)
}

// heavy comes after a demand, which may have gone out before any light fee was charged.
func (f *forecast) heavy(demanded, on norway.Date) {
	light, any := f.charged(CostLightFee)
	if !any {
		light = f.law.Light(f.claim, f.from)
		f.steps = append(f.steps, step{on: f.from, stage: StageLightFee, cost: CostLightFee, amount: light})
	}
	f.increase(demanded, on, light)
}

func (f *forecast) increase(demanded, on norway.Date, light money.Øre) {
	if _, any := f.charged(CostHeavyFee); !any {
		f.steps = append(f.steps, step{on: on, stage: StageHeavyFee, cost: CostHeavyFee,
			amount: max(f.law.Heavy(f.claim, on)-light, 0)})
	}
	f.notice(demanded, on)
}

// notice is followed, if the creditor chooses, by the conciliation board or, as the claim is
// not disputed, by a request for attachment (tvangsfullbyrdelsesloven §§ 4-18, 7-2), and that
// by a payment remark; a business may have one after the demand alone.
func (f *forecast) notice(demanded, on norway.Date) {
	if l := f.latest(LetterLegalNotice); l != nil && l.SentOn >= demanded {
		on = f.after(l, 0)
	} else {
		f.steps = append(f.steps, step{on: on, stage: StageLegalNotice})
		on = on.AddDays(f.law.LetterDays + 1)
	}
	f.steps = append(f.steps,
		step{on: on, stage: StageConciliation, cost: CostCourt, amount: statute.ConciliationFee(on), optional: true},
		step{on: on, stage: StageEnforcement, cost: CostEnforcement, amount: statute.EnforcementFee(on), optional: true})
	remark := on.AddDays(f.law.RemarkDays)
	if f.claim.Business {
		remark = max(demanded.AddDays(f.law.RemarkDays), f.from)
	}
	f.steps = append(f.steps, step{on: remark, stage: StagePaymentRemark, optional: true})
}

// lettersBefore counts the letters of some kinds with a fee that limit the fee of one sent
// on a day: the count begins anew a time after the last of them (inkassoforskriften § 1-3).
// Of that day's own, those before until count; none do when it is nil.
func (c *Case) lettersBefore(on norway.Date, until *Fee, law *statute.Fees, kinds ...CostKind) int {
	n, last := 0, norway.Date(0)
	for i := range c.Fees {
		f := &c.Fees[i]
		if f.IncurredOn > on || f.IncurredOn == on && until == nil || f.same(until) {
			break
		}
		if !slices.Contains(kinds, f.Kind) || !f.WaivedOn.IsZero() {
			continue
		}
		if n > 0 && last.AddMonths(law.LettersExpire) <= f.IncurredOn {
			n = 0
		}
		n, last = n+1, f.IncurredOn
	}
	if n > 0 && last.AddMonths(law.LettersExpire) <= on {
		return 0
	}
	return n
}
