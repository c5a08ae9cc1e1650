package debt

import (
	"cmp"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Stage is a stage of collection that can be explained to the debtor.
type Stage string

// The stages in the order in which a case may pass them.
const (
	StageReminder          Stage = "REMINDER"
	StageCollectionWarning Stage = "COLLECTION_WARNING"
	StagePaymentDemand     Stage = "PAYMENT_DEMAND"
	StageLightFee          Stage = "LIGHT_FEE"
	StageHeavyFee          Stage = "HEAVY_FEE"
	StageLegalNotice       Stage = "LEGAL_NOTICE"
	StageConciliation      Stage = "CONCILIATION"
	StageEnforcement       Stage = "ENFORCEMENT"
	StagePaymentRemark     Stage = "PAYMENT_REMARK"
	StageClosed            Stage = "CLOSED"
)

// EventKind says what happens on a day.
type EventKind string

// The kinds of event.
const (
	EventOpened             EventKind = "OPENED"
	EventLetter             EventKind = "LETTER"
	EventCost               EventKind = "COST"
	EventCostWaived         EventKind = "COST_WAIVED"
	EventPayment            EventKind = "PAYMENT"
	EventObjection          EventKind = "OBJECTION"
	EventObjectionDecided   EventKind = "OBJECTION_DECIDED"
	EventObjectionWithdrawn EventKind = "OBJECTION_WITHDRAWN"
	EventComplaint          EventKind = "COMPLAINT"
	EventComplaintAnswered  EventKind = "COMPLAINT_ANSWERED"
	EventReceipt            EventKind = "RECEIPT"
	EventReceiptDecided     EventKind = "RECEIPT_DECIDED"
	EventAgreementGranted   EventKind = "AGREEMENT_GRANTED"
	EventAgreementChanged   EventKind = "AGREEMENT_CHANGED"
	EventAgreementRefused   EventKind = "AGREEMENT_REFUSED"
	EventAgreementStarted   EventKind = "AGREEMENT_STARTED"
	EventAgreementWarned    EventKind = "AGREEMENT_WARNED"
	EventAgreementBreached  EventKind = "AGREEMENT_BREACHED"
	EventAgreementEnded     EventKind = "AGREEMENT_ENDED"
	EventHoldStarted        EventKind = "HOLD_STARTED"
	EventHoldEnds           EventKind = "HOLD_ENDS"
	EventDeadline           EventKind = "DEADLINE"
	EventStep               EventKind = "STEP"
	EventClosed             EventKind = "CLOSED"
)

// TimelineEvent is something that happened in a case, or will if nothing is done.
type TimelineEvent struct {
	Kind      EventKind
	On        norway.Date
	Source    EventSource
	Amount    *money.Øre
	Cost      *CostKind
	Stage     *Stage
	Letter    *Letter
	Fee       *Fee
	Payment   *Payment
	Objection *Objection
	Complaint *Complaint
	Receipt   *Receipt
	Agreement *Agreement
	Assumed   bool // the amount rests on a rate that is not set for its day

	c        *Case
	hold     HoldKind
	optional bool
}

// Timeline returns what has happened in the case and what will happen if nothing is done, in the
// order of days. What will happen is what the agency has scheduled. If it has scheduled nothing,
// it is the steps that the law allows next, each on its first possible day.
func (c *Case) Timeline() []TimelineEvent {
	t := &timeline{c: c}
	t.add(TimelineEvent{Kind: EventOpened, On: c.OpenedOn})
	t.records()
	t.agreements()
	t.holds()
	t.future()
	if !c.ClosedOn.IsZero() {
		t.add(TimelineEvent{Kind: EventClosed, On: c.ClosedOn, Stage: stage(StageClosed)})
	}
	slices.SortStableFunc(t.events, func(a, b TimelineEvent) int { return cmp.Compare(a.On, b.On) })
	return t.events
}

type timeline struct {
	c      *Case
	events []TimelineEvent
}

func (t *timeline) add(e TimelineEvent) {
	e.c, e.Source = t.c, cmp.Or(e.Source, FromRecords)
	t.events = append(t.events, e)
}

func (t *timeline) records() {
	for i := range t.c.AllLetters {
		l := &t.c.AllLetters[i]
		t.add(TimelineEvent{Kind: EventLetter, On: l.SentOn, Amount: l.Amount, Stage: stageOfLetter(l.Kind), Letter: l})
	}
	for i := range t.c.Fees {
		f := &t.c.Fees[i]
		t.add(TimelineEvent{Kind: EventCost, On: f.IncurredOn, Amount: &f.Amount, Cost: &f.Kind, Stage: stageOfCost(f.Kind),
			Fee: f})
		if !f.WaivedOn.IsZero() {
			t.add(TimelineEvent{Kind: EventCostWaived, On: f.WaivedOn, Amount: &f.Amount, Cost: &f.Kind, Fee: f})
		}
	}
	for i := range t.c.AllPayments {
		p := &t.c.AllPayments[i]
		t.add(TimelineEvent{Kind: EventPayment, On: p.ReceivedOn, Amount: &p.Amount, Payment: p})
	}
	for i := range t.c.Objections {
		o := &t.c.Objections[i]
		t.add(TimelineEvent{Kind: EventObjection, On: norway.DateOf(o.SubmittedAt), Objection: o})
		if !o.DecidedOn.IsZero() {
			t.add(TimelineEvent{Kind: EventObjectionDecided, On: o.DecidedOn, Objection: o})
		}
		if !o.WithdrawnOn.IsZero() {
			t.add(TimelineEvent{Kind: EventObjectionWithdrawn, On: o.WithdrawnOn, Objection: o})
		}
	}
	t.complaints()
	t.receipts()
}

func (t *timeline) complaints() {
	for i := range t.c.Complaints {
		x := &t.c.Complaints[i]
		t.add(TimelineEvent{Kind: EventComplaint, On: norway.DateOf(x.SubmittedAt), Complaint: x})
		if !x.AnsweredOn.IsZero() {
			t.add(TimelineEvent{Kind: EventComplaintAnswered, On: x.AnsweredOn, Complaint: x})
		}
	}
}

func (t *timeline) receipts() {
	for i := range t.c.Receipts {
		x := &t.c.Receipts[i]
		t.add(TimelineEvent{Kind: EventReceipt, On: norway.DateOf(x.SubmittedAt), Amount: &x.Amount, Receipt: x})
		if !x.DecidedOn.IsZero() {
			t.add(TimelineEvent{Kind: EventReceiptDecided, On: x.DecidedOn, Receipt: x})
		}
	}
}

// decided tells what was decided of an agreement that was asked for, and says whether it holds or has held.
func (t *timeline) decided(a *Agreement) bool {
	kind, held := EventAgreementGranted, true
	switch a.Status {
	case AgreementProposed, AgreementRequested:
		return false
	case AgreementRefused:
		kind, held = EventAgreementRefused, false
	}
	if !a.DecidedOn.IsZero() {
		t.add(TimelineEvent{Kind: kind, On: a.DecidedOn, Agreement: a})
	}
	return held
}

// late tells of the warning of a breach, and when it comes unless what is late is paid.
func (t *timeline) late(a *Agreement) {
	if !a.WarnedOn.IsZero() {
		t.add(TimelineEvent{Kind: EventAgreementWarned, On: a.WarnedOn, Agreement: a})
	}
	if a.asks() && t.c.Status == Open && a.BreachOn > t.c.Terms.Today {
		t.add(TimelineEvent{Kind: EventAgreementBreached, On: a.BreachOn, Source: FromAgency, Agreement: a})
	}
}

// started tells when an agreement began, or will. One that ended before its first day never did.
func (t *timeline) started(a *Agreement) {
	e := TimelineEvent{Kind: EventAgreementStarted, On: a.StartedOn, Amount: a.MonthlyAmount, Agreement: a}
	switch ended := a.EndedOn; {
	case !ended.IsZero() && ended < a.StartedOn, !t.c.ClosedOn.IsZero() && t.c.ClosedOn < a.StartedOn:
		return
	case a.StartedOn > t.c.Terms.Today:
		if !a.asks() {
			return
		}
		e.Source = FromAgency
	}
	t.add(e)
}

// agreements come with the day when they ended, and those in force with what to pay.
func (t *timeline) agreements() {
	for _, a := range t.c.Agreements {
		if !t.decided(a) {
			continue
		}
		t.late(a)
		t.started(a)
		if !a.ChangedOn.IsZero() {
			t.add(TimelineEvent{Kind: EventAgreementChanged, On: a.ChangedOn, Agreement: a})
		}
		switch {
		case a.EndedOn.IsZero():
		case a.Status == AgreementBreached:
			t.add(TimelineEvent{Kind: EventAgreementBreached, On: a.EndedOn, Agreement: a})
		default:
			t.add(TimelineEvent{Kind: EventAgreementEnded, On: a.EndedOn, Agreement: a})
		}
		if t.c.Status == Open {
			t.instalments(a)
		}
	}
}

// instalments are the deadlines of what is left of an agreement in force.
func (t *timeline) instalments(a *Agreement) {
	for in, due := range a.dues() {
		e := TimelineEvent{Kind: EventDeadline, On: in.DueOn, Amount: &due.Amount, Agreement: a, Assumed: due.Assumed}
		if in.DueOn >= t.c.Terms.Today {
			e.Source = FromAgency
		}
		t.add(e)
	}
}

// holds leaves out those that objections and agreements tell of.
func (t *timeline) holds() {
	for _, h := range t.c.AllHolds {
		if h.Kind == HoldDisputed || h.Kind == HoldAgreement {
			continue
		}
		t.add(TimelineEvent{Kind: EventHoldStarted, On: h.Since, hold: h.Kind})
		if h.Until.IsZero() {
			continue
		}
		e := TimelineEvent{Kind: EventHoldEnds, On: h.Until + 1, hold: h.Kind}
		if e.On > t.c.Terms.Today {
			e.Source = FromAgency
		}
		t.add(e)
	}
}

func (t *timeline) future() {
	c := t.c
	if c.Status != Open {
		return
	}
	if a, on := c.Agreement(), c.Deadline(); on >= c.Terms.Today && (a == nil || a.Status != AgreementActive) {
		if b := c.BalanceOn(on); b.Total > 0 {
			t.add(TimelineEvent{Kind: EventDeadline, On: on, Source: FromAgency, Amount: &b.Total, Assumed: b.Assumed()})
		}
	}
	scheduled, net := false, c.netting()
	costs := c.scheduled()
	for i := range costs {
		if s := &costs[i]; s.On > c.Terms.Today {
			scheduled = true
			t.add(TimelineEvent{Kind: EventCost, On: s.On, Source: FromAgency, Amount: new(net.add(s.Kind, s.Amount)),
				Cost: &s.Kind, Stage: stageOfCost(s.Kind)})
		}
	}
	if scheduled {
		return
	}
	for _, s := range c.statutory() {
		e := TimelineEvent{Kind: EventStep, On: s.on, Source: FromStatute, Stage: &s.stage, optional: s.optional}
		if s.amount > 0 {
			e.Kind, e.Amount, e.Cost, e.Assumed = EventCost, new(net.add(s.cost, s.amount)), &s.cost, s.assumed
		}
		t.add(e)
	}
}

func stage(s Stage) *Stage { return &s }

func stageOfLetter(k LetterKind) *Stage {
	switch k {
	case LetterReminder:
		return stage(StageReminder)
	case LetterCollectionWarning:
		return stage(StageCollectionWarning)
	case LetterPaymentDemand:
		return stage(StagePaymentDemand)
	case LetterLegalNotice:
		return stage(StageLegalNotice)
	default:
		return nil
	}
}

func stageOfCost(k CostKind) *Stage {
	switch k {
	case CostReminder:
		return stage(StageReminder)
	case CostCollectionWarning:
		return stage(StageCollectionWarning)
	case CostPaymentDemand:
		return stage(StagePaymentDemand)
	case CostLightFee:
		return stage(StageLightFee)
	case CostHeavyFee:
		return stage(StageHeavyFee)
	case CostCourt:
		return stage(StageConciliation)
	case CostEnforcement:
		return stage(StageEnforcement)
	default:
		return nil
	}
}
