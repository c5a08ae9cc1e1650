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

	Assumed bool // it rests on a rate that is not set for its day

	fee money.Øre // of which Amount is what standard compensation leaves
}

// NextCost returns the first cost that comes after today if nothing is done, nil when none is
// foreseen, or when nothing is owed. If the agency has scheduled costs, only those count. If not,
// it is the cost that the law allows next, on the first day when it can be charged. That comes
// after a hold that ends, and never in a case that is disputed, in an agreement or on hold until
// further notice.
func (c *Case) NextCost() *CostEvent {
	if all := c.ComingCosts(); len(all) > 0 {
		return &all[0]
	}
	return nil
}

// ComingCosts returns the costs that come after today if nothing is done, in order: see NextCost.
func (c *Case) ComingCosts() []CostEvent {
	return slices.DeleteFunc(c.coming(), func(e CostEvent) bool { return e.Amount == 0 })
}

// coming returns the costs that come, those included that add nothing beside a compensation.
func (c *Case) coming() []CostEvent {
	if c.Status != Open {
		return nil
	}
	var all []CostEvent
	net := c.netting()
	for _, s := range c.scheduled() {
		if s.On > c.Terms.Today {
			all = append(all, CostEvent{On: s.On, Kind: s.Kind, Source: FromAgency, Case: c, fee: s.Amount,
				Amount: net.add(s.Kind, s.Amount)})
		}
	}
	if all != nil {
		return all
	}
	for _, s := range c.statutory() {
		if s.amount > 0 && !s.optional {
			all = append(all, CostEvent{On: s.on, Kind: s.cost, Source: FromStatute, Case: c, Assumed: s.assumed,
				fee: s.amount, Amount: net.add(s.cost, s.amount)})
		}
	}
	return all
}

// CostsBy returns what costs add to the claim until a day if nothing is done: those that the agency has
// scheduled, also where it has not yet added them on their day, and those that the law allows next; less
// what standard compensation is set off against. assumed says that one is at a rate that is not set.
func (c *Case) CostsBy(day norway.Date) (sum money.Øre, assumed bool) {
	net := c.netting()
	for _, s := range c.ScheduledCosts {
		if s.On <= day {
			sum += net.add(s.Kind, s.Amount)
		}
	}
	for _, e := range c.coming() {
		if e.Source == FromStatute && e.On <= day {
			sum += net.add(e.Kind, e.fee)
			assumed = assumed || e.Assumed
		}
	}
	return sum, assumed
}

// scheduled returns the costs that the agency has scheduled, none when nothing is owed: not every
// agency takes them back when a case is paid.
func (c *Case) scheduled() []ScheduledCost {
	if len(c.ScheduledCosts) > 0 && c.BalanceOn(c.Terms.Today).Total == 0 {
		return nil
	}
	return c.ScheduledCosts
}

// step is what the law lets a collector do next, on the first day on which it may.
type step struct {
	on       norway.Date
	stage    Stage
	cost     CostKind
	amount   money.Øre // 0: the step has no cost, or what it costs is not known
	assumed  bool      // the amount rests on a rate that is not set for the day
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

// Agreed says whether an agreement runs or is asked for: one at a time stands in a case. What has ended
// stands in nobody's way.
func (c *Case) Agreed() bool {
	return c.Held(HoldAgreement) || slices.ContainsFunc(c.Agreements, func(a *Agreement) bool {
		return a.Status == AgreementActive || a.Status == AgreementRequested
	})
}

// Disputed says whether an objection has not been decided, or the agency has put the case on
// hold for one. On the day of the decision, which is the last of the hold, it is not.
func (c *Case) Disputed() bool {
	for i := range c.Objections {
		if s := c.Objections[i].Status; s == ObjectionReceived || s == ObjectionUnderReview {
			return true
		}
	}
	for _, h := range c.Holds() {
		if h.Kind == HoldDisputed && h.Until != c.Terms.Today {
			return true
		}
	}
	return false
}

// statutory returns the steps that the law allows next if nothing is done, in order, each by the
// act in force on its day. In a case on hold until a certain day, they come after it. There are
// none when the hold lasts until further notice, when nothing is owed, when the letter that the
// next step needs is missing or too old, when the case is in court, or from the day on which an
// act is in force whose fees are not known.
func (c *Case) statutory() []step {
	from, ever := c.goesOn()
	if !ever || c.Status != Open || c.BalanceOn(c.Terms.Today).Total == 0 {
		return nil
	}
	f := forecast{Case: c, claim: c.Claim(), from: from}
	f.due, f.sure = c.FellDue()
	switch c.Phase {
	case PhaseReminder:
		if l := c.latest(LetterReminder); l != nil {
			f.warning(f.after(l))
		}
	case PhaseCollectionWarning:
		switch l := c.latest(LetterCollectionWarning); {
		case l == nil:
		case f.sure && l.SentOn <= f.due: // it warns of nothing
			f.warning(from)
		default:
			f.light(f.after(l))
		}
	case PhasePaymentDemand, PhaseLightFee:
		if l := f.demand(); l != nil {
			f.heavy(l)
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
	due, _ := c.FellDue()
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

// sum adds up the fees of a kind, waived ones included.
func (c *Case) sum(kind CostKind) (sum money.Øre, any bool) {
	for i := range c.Fees {
		if c.Fees[i].Kind == kind {
			sum, any = sum+c.Fees[i].Amount, true
		}
	}
	return sum, any
}

// forecast goes through the steps from one to the next (inkassoloven §§ 9 to 11, 17;
// inkassoforskriften §§ 1-2, 2-2, 2-3), each on its first possible day and by the act of that day.
type forecast struct {
	*Case
	claim statute.Claim
	due   norway.Date // on which the claim fell due, if sure
	sure  bool
	from  norway.Date // nothing comes before
	steps []step
}

// after returns the first day after a letter's deadline, at the earliest from: what could have
// been charged already may be charged any day.
func (f *forecast) after(l *Letter) norway.Date { return max(f.deadlineOf(l)+1, f.from) }

// heavyFrom returns the first day on which a heavy fee may come after a demand with a deadline;
// zero: by an act whose fees are not known.
func (f *forecast) heavyFrom(sent, deadline norway.Date) norway.Date {
	first := func(law *statute.Fees) norway.Date {
		return max(max(deadline, sent.AddDays(law.LetterDays)).AddDays(law.HeavyDays+1), f.from)
	}
	law := f.Terms.Law(sent)
	if law == nil {
		return 0
	}
	on := first(law)
	switch now := f.Terms.act(on); {
	case now == nil || now.Fees == nil:
		return 0
	case now.Fees == law:
		return on
	default:
		return max(first(now.Fees), now.InForce)
	}
}

// demand returns the payment demand, unless a new one is needed before anything follows.
func (f *forecast) demand() *Letter {
	l := f.latest(LetterPaymentDemand)
	if l == nil {
		return nil
	}
	if law := f.Terms.Law(l.SentOn); law == nil || l.SentOn.AddMonths(law.DemandMonths) < f.from {
		return nil
	}
	return l
}

func (f *forecast) add(s step, cost statute.Figure) {
	s.amount, s.assumed = cost.Amount, cost.Certainty == statute.Assumed
	f.steps = append(f.steps, s)
}

// warning comes after the claim fell due. It bears a fee from 14 days after that, unless other
// letters have had all that may be charged.
func (f *forecast) warning(on norway.Date) {
	if f.sure {
		on = max(on, f.due+1)
	}
	law := f.Terms.Law(on)
	if law == nil {
		return
	}
	var fee statute.Figure
	if n, _ := f.lettersBefore(on, nil, law, CostReminder, CostCollectionWarning); n < law.MaxLetters {
		if f.sure {
			on = max(on, f.due.AddDays(law.LetterDays))
		}
		if law = f.Terms.Law(on); law == nil {
			return
		}
		fee = law.Reminder(f.claim.DueOn, on)
	}
	f.add(step{on: on, stage: StageCollectionWarning, cost: CostCollectionWarning}, fee)
	f.light(on.AddDays(law.LetterDays + 1))
}

func (f *forecast) light(on norway.Date) {
	law := f.Terms.Law(on)
	if law == nil {
		return
	}
	light := f.charged(law, on)
	f.steps = append(f.steps, step{on: on, stage: StagePaymentDemand})
	f.increase(on, f.heavyFrom(on, 0), light)
}

// heavy comes after a demand, which may have gone out before any light fee was charged.
func (f *forecast) heavy(demand *Letter) {
	law := f.Terms.Law(f.from)
	if law == nil {
		return
	}
	f.increase(demand.SentOn, f.heavyFrom(demand.SentOn, demand.DueOn), f.charged(law, f.from))
}

// charged returns the light fee, waived ones included. Where there is none, it comes on the day.
func (f *forecast) charged(law *statute.Fees, on norway.Date) money.Øre {
	light, any := f.sum(CostLightFee)
	if !any {
		fee := law.Light(f.claim, on)
		f.add(step{on: on, stage: StageLightFee, cost: CostLightFee}, fee)
		return fee.Amount
	}
	f.claim.VAT = f.taxed(law, f.claim)
	return light
}

func (f *forecast) increase(demanded, on norway.Date, light money.Øre) {
	if on.IsZero() {
		return
	}
	if _, any := f.sum(CostHeavyFee); !any {
		fee := f.Terms.Law(on).Heavy(f.claim, on)
		fee.Amount = max(fee.Amount-light, 0)
		f.add(step{on: on, stage: StageHeavyFee, cost: CostHeavyFee}, fee)
	}
	f.notice(demanded, on)
}

// notice is followed, if the creditor chooses, by the conciliation board or, as the claim is
// not disputed, by a request for attachment (tvangsfullbyrdelsesloven §§ 4-18, 7-2), and that
// by a payment remark; a business may have one after the demand alone.
func (f *forecast) notice(demanded, on norway.Date) {
	law := f.Terms.Law(on)
	if law == nil {
		return
	}
	if l := f.latest(LetterLegalNotice); l != nil && l.SentOn >= demanded {
		on = f.after(l)
	} else {
		f.steps = append(f.steps, step{on: on, stage: StageLegalNotice})
		on = on.AddDays(law.LetterDays + 1)
	}
	if law = f.Terms.Law(on); law == nil {
		return
	}
	f.add(step{on: on, stage: StageConciliation, cost: CostCourt, optional: true}, statute.ConciliationFee(on))
	f.add(step{on: on, stage: StageEnforcement, cost: CostEnforcement, optional: true}, statute.EnforcementFee(on))
	remark := on.AddDays(law.RemarkDays)
	if f.claim.Business {
		remark = max(demanded.AddDays(law.RemarkDays), f.from)
	}
	f.steps = append(f.steps, step{on: remark, stage: StagePaymentRemark, optional: true})
}

// lettersBefore counts the letters of some kinds with a fee that limit the fee of one sent
// on a day, and returns the fee of the last: the count begins anew a time after it
// (inkassoforskriften § 1-3). Of that day's own, those before until count; none do when it is nil.
func (c *Case) lettersBefore(on norway.Date, until *Fee, law *statute.Fees, kinds ...CostKind) (n int, last *Fee) {
	for i := range c.Fees {
		f := &c.Fees[i]
		if f.IncurredOn > on || f.IncurredOn == on && until == nil || f.same(until) {
			break
		}
		if !slices.Contains(kinds, f.Kind) || !f.WaivedOn.IsZero() {
			continue
		}
		if n > 0 && last.IncurredOn.AddMonths(law.LettersExpire) <= f.IncurredOn {
			n = 0
		}
		n, last = n+1, f
	}
	if n > 0 && last.IncurredOn.AddMonths(law.LettersExpire) <= on {
		return 0, nil
	}
	return n, last
}
