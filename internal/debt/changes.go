package debt

import (
	"slices"
	"time"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// OfChanges is what the changes of a person's cases are put together from.
const OfChanges = OfTimeline | OfDeferrals | OfRequests | OfMessages

// ChangeKind says what is new.
type ChangeKind string

// The kinds of change. Those of a case's timeline have its names.
const (
	ChangeOpened            ChangeKind = "OPENED"
	ChangeLetter            ChangeKind = "LETTER"
	ChangeCost              ChangeKind = "COST"
	ChangeCostWaived        ChangeKind = "COST_WAIVED"
	ChangePayment           ChangeKind = "PAYMENT"
	ChangeObjection         ChangeKind = "OBJECTION"
	ChangeObjectionDecided  ChangeKind = "OBJECTION_DECIDED"
	ChangeObjectionBack     ChangeKind = "OBJECTION_WITHDRAWN"
	ChangeComplaint         ChangeKind = "COMPLAINT"
	ChangeComplaintAnswered ChangeKind = "COMPLAINT_ANSWERED"
	ChangeReceipt           ChangeKind = "RECEIPT"
	ChangeReceiptDecided    ChangeKind = "RECEIPT_DECIDED"
	ChangeAgreementGranted  ChangeKind = "AGREEMENT_GRANTED"
	ChangeAgreementRefused  ChangeKind = "AGREEMENT_REFUSED"
	ChangeAgreementChanged  ChangeKind = "AGREEMENT_CHANGED"
	ChangeAgreementStarted  ChangeKind = "AGREEMENT_STARTED"
	ChangeAgreementWarned   ChangeKind = "AGREEMENT_WARNED"
	ChangeAgreementBreached ChangeKind = "AGREEMENT_BREACHED"
	ChangeAgreementEnded    ChangeKind = "AGREEMENT_ENDED"
	ChangeHoldStarted       ChangeKind = "HOLD_STARTED"
	ChangeHoldEnds          ChangeKind = "HOLD_ENDS"
	ChangeClosed            ChangeKind = "CLOSED"

	ChangeInstalmentMissed ChangeKind = "INSTALMENT_MISSED"
	ChangeDeferralDecided  ChangeKind = "DEFERRAL_DECIDED"
	ChangeRequestAnswered  ChangeKind = "REQUEST_ANSWERED"
	ChangeMessage          ChangeKind = "MESSAGE"
	ChangeRate             ChangeKind = "RATE"
	ChangeAct              ChangeKind = "ACT"
)

// Change is something that is new to a person.
type Change struct {
	Kind   ChangeKind
	On     norway.Date
	Amount *money.Øre
	Agency *Agency
	Case   *Case // nil: it is about no single case

	at   time.Time // zero: only the day is known
	text func(Language) string
}

// Text says what is new, in a language: by default the one that the agency writes in.
func (c *Change) Text(language *Language) string { return c.text(c.Case.LanguageFor(language)) }

// Changes returns what the agencies have registered since an instant, up to now, the newest first.
// Of much only the day is known: what is of the day of the instant is told once more rather than
// never.
func (p *Person) Changes(since, now time.Time) []Change {
	n := news{since: since, now: now}
	for i := range p.Parts {
		n.part(&p.Parts[i])
	}
	slices.SortStableFunc(n.found, func(a, b Change) int { return b.when().Compare(a.when()) })
	return n.found
}

// when is the instant of a change, of a day its beginning.
func (c *Change) when() time.Time {
	if !c.at.IsZero() {
		return c.at
	}
	return c.On.Time()
}

type news struct {
	since, now time.Time
	found      []Change
}

// day takes a change of which the day is known.
func (n *news) day(c Change) {
	if c.On >= norway.DateOf(n.since) && c.On <= norway.DateOf(n.now) {
		n.found = append(n.found, c)
	}
}

// instant takes a change of which the instant is known.
func (n *news) instant(at time.Time, c Change) {
	if at.After(n.since) && !at.After(n.now) {
		c.at, c.On = at, norway.DateOf(at)
		n.found = append(n.found, c)
	}
}

func (n *news) part(p *Part) {
	for _, c := range p.Cases {
		n.timeline(p.Agency, c)
		n.answers(p.Agency, c)
	}
	for i := range p.Messages {
		n.message(p, &p.Messages[i])
	}
	n.rates(p)
}

// timeline takes what has happened in a case. What may come is no news.
func (n *news) timeline(of *Agency, c *Case) {
	events := c.Timeline()
	for i := range events {
		e := &events[i]
		change := Change{ChangeKind(e.Kind), e.On, e.Amount, of, c, time.Time{}, e.text}
		switch {
		case e.Source != FromRecords:
		case e.Kind == EventDeadline && e.Agreement != nil:
			change.Kind = ChangeInstalmentMissed
			change.On++ // it is missed when its day has passed
			n.day(change)
		case e.Kind == EventDeadline || e.Kind == EventStep:
		case e.Payment != nil && !e.Payment.RegisteredAt.IsZero():
			n.instant(e.Payment.RegisteredAt, change) // it was not known before
		case e.Kind == EventReceipt:
			n.instant(e.Receipt.SubmittedAt, change)
		case e.Kind == EventObjection:
			n.instant(e.Objection.SubmittedAt, change)
		default:
			n.day(change)
		}
	}
}

// answers takes what was decided of what the person has asked for.
func (n *news) answers(of *Agency, c *Case) {
	for i := range c.Deferrals {
		d := &c.Deferrals[i]
		if d.DecidedOn.IsZero() || d.Status != DeferralGranted && d.Status != DeferralRefused {
			continue
		}
		said := deferralRefused
		if d.Status == DeferralGranted {
			said = deferralGranted
		}
		n.day(Change{ChangeDeferralDecided, d.DecidedOn, nil, of, c, time.Time{},
			func(l Language) string { return said.fill(l, d.Until) }})
	}
	for i := range c.Requests {
		if q := &c.Requests[i]; !q.DecidedOn.IsZero() && q.Kind != RequestDeferral {
			n.day(Change{ChangeRequestAnswered, q.DecidedOn, nil, of, c, time.Time{}, requestAnswered.in})
		}
	}
}

// message takes what the agency has written, without its words: they may be about anything.
func (n *news) message(p *Part, m *Message) {
	if m.Sender != SentByAgency {
		return
	}
	change := Change{Kind: ChangeMessage, Agency: p.Agency, text: messageSent.in}
	if m.CaseID != nil {
		i := slices.IndexFunc(p.Cases, func(c *Case) bool { return c.ID.ID == *m.CaseID })
		if i < 0 {
			return
		}
		change.Case = p.Cases[i]
	}
	n.instant(m.SentAt, change)
}

// rates takes new rates of what bears interest by law in open cases.
func (n *news) rates(p *Part) {
	i := slices.IndexFunc(p.Cases, func(c *Case) bool {
		return c.Status == Open && c.RateBasisPoints == nil && !c.InterestFrom.IsZero()
	})
	if i < 0 {
		return
	}
	for _, r := range p.Cases[i].Terms.Rates {
		n.day(Change{Kind: ChangeRate, On: r.ValidFrom, Agency: p.Agency,
			text: func(l Language) string { return rateChanged.fill(l, BasisPoints(r.BasisPoints)) }})
	}
}

var (
	deferralGranted = phrase{"Du har fått utsatt fristen til %s", "Du har fått utsett fristen til %s",
		"Your deferral was granted until %s"}
	deferralRefused = phrase{"Du fikk ikke utsatt fristen til %s", "Du fekk ikkje utsett fristen til %s",
		"Your deferral until %s was refused"}
	requestAnswered = phrase{"Henvendelsen din er besvart", "Førespurnaden din er svara på", "Your request was answered"}
	messageSent     = phrase{"Du har fått en melding fra foretaket", "Du har fått ei melding frå føretaket",
		"The agency has sent you a message"}
	rateChanged = phrase{"Forsinkelsesrenten er nå %s i året", "Forseinkingsrenta er no %s i året",
		"Late-payment interest is now %s a year"}
)
