package debt

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// FeeCap is the most that the law allows for a fee.
type FeeCap struct {
	Amount  money.Øre
	WithVAT money.Øre // the same as Amount where no VAT can be on it
	Rule    string    // the provision, and the row of the table that it was read from
	Act     string    // the code of the act in force when the fee was added
	Assumed bool      // it rests on a rate that is not set, or was not confirmed, for its day
}

// FeeVerdict says whether the law allows a fee of the kind when it was added, by what the case's
// letters tell.
type FeeVerdict string

// The verdicts. Those from VerdictTooEarly to VerdictPaidInTime allow nothing to be charged.
const (
	VerdictAllowed      FeeVerdict = "ALLOWED"
	VerdictTooEarly     FeeVerdict = "TOO_EARLY"
	VerdictDeadlineRuns FeeVerdict = "DEADLINE_NOT_PASSED"
	VerdictLetterLacks  FeeVerdict = "LETTER_MISSING"
	VerdictTooMany      FeeVerdict = "TOO_MANY_LETTERS"
	VerdictConsumer     FeeVerdict = "NOT_FOR_CONSUMERS"
	VerdictUsedUp       FeeVerdict = "CHARGED_BEFORE"
	VerdictPaidInTime   FeeVerdict = "PAID_IN_TIME"
	VerdictNotDecided   FeeVerdict = "NOT_DECIDED"
	VerdictNotKnown     FeeVerdict = "NOT_KNOWN"
	VerdictNotCapped    FeeVerdict = "NOT_CAPPED"
)

// bookedWithin is how many days may lie between a letter and the booking of its fee.
const bookedWithin = 7

// forbids says that nothing may be charged.
func (v FeeVerdict) forbids() bool {
	switch v {
	case VerdictTooEarly, VerdictDeadlineRuns, VerdictLetterLacks, VerdictTooMany, VerdictConsumer, VerdictUsedUp,
		VerdictPaidInTime:
		return true
	default:
		return false
	}
}

// StatutoryCap returns the cap for the fee by the claim's due date, its size and the debtor's
// kind. It is nil when the law sets none or none is known, and zero when the letters show that
// nothing may be charged: see StatutoryVerdict. A case can have each collection fee once, so the
// cap is what earlier fees of the kind leave of it. A heavy fee is what comes on top of the light
// one, so its cap is also less what that took.
//
// Collection fees are capped with the unit of the day when the principal was paid. While it is
// not paid, that is today's unit, or that of the day when the case was closed. Letters and legal
// costs have the unit of the day when they were added.
func (f *Fee) StatutoryCap() *FeeCap {
	limit, _ := f.judge()
	return limit
}

// StatutoryVerdict says whether the law allowed the fee when it was added, as far as the letters
// tell (inkassoforskriften §§ 1-2, 1-3, 2-3; inkassoloven §§ 9, 17).
func (f *Fee) StatutoryVerdict() FeeVerdict {
	_, verdict := f.judge()
	return verdict
}

// OverStatutoryCap says whether the fee is more than the law allows, with VAT if there can be
// any. It is nil when no cap is known, when the letters do not tell whether the fee is allowed,
// and when the cap rests on an assumption.
func (f *Fee) OverStatutoryCap() *bool {
	limit, verdict := f.judge()
	if limit == nil {
		return nil
	}
	over := f.Amount > limit.WithVAT
	if limit.Assumed || verdict == VerdictNotDecided && !over {
		return nil
	}
	return &over
}

func (f *Fee) judge() (*FeeCap, FeeVerdict) {
	act := f.Case.Terms.act(f.IncurredOn)
	if act == nil {
		return nil, VerdictNotKnown
	}
	limit, verdict := f.elsewhere()
	if verdict == "" && act.Fees != nil {
		if limit, verdict = f.letter(act.Fees); verdict == "" {
			limit, verdict = f.collection(act.Fees)
		}
		if verdict != "" && act.Fees.PaidInTime != "" && f.Case.paidInTime(f.IncurredOn) {
			limit, verdict = &FeeCap{Rule: act.Fees.PaidInTime}, VerdictPaidInTime
		}
	}
	switch {
	case verdict == "":
		return nil, VerdictNotKnown
	case limit == nil || verdict == VerdictNotKnown:
		return nil, verdict
	case verdict.forbids():
		// What earlier fees took rests on the rate, the other verdicts on days alone.
		limit.Amount, limit.WithVAT, limit.Assumed = 0, 0, limit.Assumed && verdict == VerdictUsedUp
	}
	limit.Act = act.Code
	return limit, verdict
}

// plain is the cap of what never has VAT.
func plain(x statute.Figure, rule string) *FeeCap {
	return &FeeCap{Amount: x.Amount, WithVAT: x.Amount, Rule: rule, Assumed: x.Certainty == statute.Assumed}
}

// within says that a figure is known, in the words of a verdict.
func within(x statute.Figure, v FeeVerdict) FeeVerdict {
	if x.Certainty == statute.Unknown && !v.forbids() {
		return VerdictNotKnown
	}
	return v
}

// elsewhere judges the costs that no regulation under an act on collection is about.
func (f *Fee) elsewhere() (*FeeCap, FeeVerdict) {
	unit, _ := statute.CourtUnit.On(f.IncurredOn)
	switch f.Kind {
	case CostCourt:
		x := statute.ConciliationFee(f.IncurredOn)
		return plain(x, statute.RuleCourt+"; "+unit.Source), within(x, VerdictAllowed)
	case CostEnforcement:
		x := statute.EnforcementFee(f.IncurredOn)
		return plain(x, statute.RuleEnforcement+"; "+unit.Source), within(x, VerdictAllowed)
	case CostCompensation:
		x, verdict := statute.CompensationOn(f.IncurredOn), VerdictAllowed
		if f.Case.DebtorKind != DebtorBusiness {
			verdict = VerdictConsumer
		}
		return plain(x, statute.RuleCompensation), within(x, verdict)
	case CostInstalment, CostDeferral, CostWriting, CostOther:
		return nil, VerdictNotCapped
	default:
		return nil, ""
	}
}

// letter is zero for more letters than may bear a fee. There is no VAT on letters.
func (f *Fee) letter(law *statute.Fees) (*FeeCap, FeeVerdict) {
	due := f.Case.Claim().DueOn
	source, _ := law.Letters.On(due)
	sent, _ := f.Case.sentFor(f)
	var verdict FeeVerdict
	var x statute.Figure
	switch f.Kind {
	case CostReminder, CostCollectionWarning:
		x, verdict = law.Reminder(due, sent), f.noticeAllowed(law)
	case CostPaymentDemand:
		x, verdict = law.Demand(due, sent), f.demandAllowed(law)
	default:
		return nil, ""
	}
	rule := source.Source
	if verdict.forbids() {
		rule = statute.RuleLetter
		if verdict != VerdictTooEarly && f.Kind != CostPaymentDemand || verdict == VerdictTooMany {
			rule = statute.RuleLetterCount
		}
	}
	return plain(x, rule), within(x, verdict)
}

func (f *Fee) collection(law *statute.Fees) (*FeeCap, FeeVerdict) {
	on := f.Case.unitDay(f.IncurredOn)
	claim := f.Case.Claim()
	taxed := claim
	taxed.VAT = true
	source, _ := law.Bands.On(claim.DueOn)
	left := func(x, withVAT statute.Figure, rule string, taken, takenWithVAT money.Øre) *FeeCap {
		return &FeeCap{Amount: max(x.Amount-taken, 0), WithVAT: max(withVAT.Amount-takenWithVAT, 0), Rule: rule,
			Assumed: x.Certainty == statute.Assumed}
	}
	switch f.Kind {
	case CostLightFee:
		x, verdict := law.Light(claim, on), f.Case.Warned(f.IncurredOn)
		rule := source.Source
		if verdict.forbids() {
			rule = statute.RuleWarning
		}
		taken := f.Case.standing(CostLightFee, f)
		limit := left(x, law.Light(taxed, on), rule, taken, taken)
		return limit, f.usedUp(limit, within(x, verdict))
	case CostHeavyFee:
		x := law.Heavy(claim, on)
		light, before := f.Case.standing(CostLightFee, nil), f.Case.standing(CostHeavyFee, f)
		net := light
		if f.Case.taxed(law, claim) {
			net = light * money.Øre(law.VAT[1]) / money.Øre(law.VAT[0])
		}
		limit := left(x, law.Heavy(taxed, on), statute.RuleHeavy+"; "+source.Source, net+before, light+before)
		return limit, f.usedUp(limit, within(x, f.Case.heavyAllowed(f.IncurredOn)))
	case CostAgreementSetup:
		x := law.SetupFee(false, on)
		return left(x, law.SetupFee(true, on), statute.RuleSetup, 0, 0), within(x, VerdictAllowed)
	default:
		return nil, ""
	}
}

// usedUp judges a collection fee of which earlier ones have taken all: a case can have each once. What
// is left with VAT alone is its VAT, when the fee is no more than that.
func (f *Fee) usedUp(left *FeeCap, v FeeVerdict) FeeVerdict {
	if v.forbids() || v == VerdictNotKnown || left.Amount > 0 || f.Amount <= left.WithVAT {
		return v
	}
	return VerdictUsedUp
}

// paidInTime says that all that was owed had been paid by the deadline of a collection warning, before
// a day on which something more is charged.
func (c *Case) paidInTime(charged norway.Date) bool {
	due, _ := c.FellDue()
	for i := range c.AllLetters {
		l := &c.AllLetters[i]
		by := c.deadlineOf(l)
		if l.Kind == LetterCollectionWarning && l.SentOn > due && by < charged && c.paidBy(by) {
			return true
		}
	}
	return false
}

// paidBy says that payments had covered everything by a day.
func (c *Case) paidBy(day norway.Date) bool {
	if day < c.OpenedOn || c.closedBy(day) || c.BalanceOn(day).Total > 0 {
		return false
	}
	return slices.ContainsFunc(c.AllPayments, func(p Payment) bool { return p.ReceivedOn <= day })
}

// taxed says whether the light fee was charged with VAT: it is more than the law allows without.
func (c *Case) taxed(law *statute.Fees, claim statute.Claim) bool {
	sum, first := money.Øre(0), norway.Date(0)
	for i := range c.Fees {
		if f := &c.Fees[i]; f.Kind == CostLightFee {
			sum += f.Amount
			first = f.IncurredOn
		}
	}
	then, now := law.Light(claim, first), law.Light(claim, c.Terms.Today)
	return then.Certainty != statute.Unknown && sum > max(then.Amount, now.Amount)
}

// noticeAllowed judges the fee of a reminder or warning: it was sent at least 14 days after the
// claim fell due, and after the deadline of the one before that bears a fee (inkassoforskriften
// §§ 1-2, 1-3).
func (f *Fee) noticeAllowed(law *statute.Fees) FeeVerdict {
	c := f.Case
	n, previous := c.lettersBefore(f.IncurredOn, f, law, CostReminder, CostCollectionWarning)
	if n >= law.MaxLetters {
		return VerdictTooMany
	}
	sent, seen := c.sentFor(f)
	due, sure := c.FellDue()
	early := due.IsZero() || sent < due.AddDays(law.LetterDays)
	switch {
	case sure && early:
		return VerdictTooEarly
	case previous != nil:
		l := c.letterFor(previous)
		if l != nil && sent <= c.deadlineOf(l) {
			return VerdictDeadlineRuns
		}
		seen = seen && l != nil
	}
	if !seen || early {
		return VerdictNotDecided
	}
	return VerdictAllowed
}

// demandAllowed judges the fee of a creditor's own payment demand: it was sent after the deadline
// of a reminder or warning (§ 1-2).
func (f *Fee) demandAllowed(law *statute.Fees) FeeVerdict {
	if n, _ := f.Case.lettersBefore(f.IncurredOn, f, law, CostPaymentDemand); n >= law.MaxDemands {
		return VerdictTooMany
	}
	sent, seen := f.Case.sentFor(f)
	v := f.Case.passed(sent, 0, LetterReminder, LetterCollectionWarning)
	if v == VerdictAllowed && !seen {
		return VerdictNotDecided
	}
	return v
}

// Warned judges a light fee of a day: the deadline of a warning had passed (inkassoloven
// §§ 9, 17).
func (c *Case) Warned(on norway.Date) FeeVerdict {
	return c.passed(on, 0, LetterCollectionWarning)
}

// heavyAllowed judges a heavy fee of a day: what allows a light one, and more than 28 days since
// the deadline of the payment demand (inkassoforskriften § 2-3).
func (c *Case) heavyAllowed(on norway.Date) FeeVerdict {
	days := 0
	if law := c.Terms.Law(on); law != nil {
		days = law.HeavyDays
	}
	light, heavy := c.Warned(on), c.passed(on, days, LetterPaymentDemand)
	if heavy.forbids() || light == VerdictAllowed {
		return heavy
	}
	return light
}

// passed judges whether the deadline of a letter of some kinds, and some days more, had passed on
// a day. Letters tell that there was none if they go back that far: an agency may have none of
// what the creditor sent before.
func (c *Case) passed(on norway.Date, days int, kinds ...LetterKind) FeeVerdict {
	verdict := VerdictNotDecided
	due, sure := c.FellDue()
	for i := range c.AllLetters {
		l := &c.AllLetters[i]
		switch {
		case l.SentOn > on:
		case !slices.Contains(kinds, l.Kind):
			if verdict == VerdictNotDecided && (kinds[0] == LetterPaymentDemand || earlyLetter(l.Kind)) {
				verdict = VerdictLetterLacks
			}
		case sure && l.SentOn <= due: // what is sent before the claim is due warns of nothing
		case c.deadlineOf(l).AddDays(days) < on:
			return VerdictAllowed
		default:
			verdict = VerdictDeadlineRuns
		}
	}
	return verdict
}

func earlyLetter(k LetterKind) bool {
	return k == LetterInvoice || k == LetterReminder || k == LetterCollectionWarning
}

// deadlineOf returns the last day to pay that a letter gives: the law lets none be shorter.
func (c *Case) deadlineOf(l *Letter) norway.Date {
	days := 0
	if law := c.Terms.Law(l.SentOn); law != nil {
		days = law.LetterDays
	}
	return max(l.DueOn, l.SentOn.AddDays(days))
}

// sentFor returns the day on which the letter of a fee was sent. Where none is seen, it is the
// day of the fee, which cannot come before its letter.
func (c *Case) sentFor(f *Fee) (sent norway.Date, seen bool) {
	if l := c.letterFor(f); l != nil {
		return l.SentOn, true
	}
	return f.IncurredOn, false
}

// letterFor returns the letter that a fee is for, nil where none of its days is seen.
func (c *Case) letterFor(f *Fee) *Letter {
	kind := map[CostKind]LetterKind{CostReminder: LetterReminder, CostCollectionWarning: LetterCollectionWarning,
		CostPaymentDemand: LetterPaymentDemand}[f.Kind]
	var nearest *Letter
	far := func(l *Letter) int { return max(int(l.SentOn-f.IncurredOn), int(f.IncurredOn-l.SentOn)) }
	for i := range c.AllLetters {
		l := &c.AllLetters[i]
		if l.Kind == kind && far(l) <= bookedWithin && (nearest == nil || far(l) < far(nearest)) {
			nearest = l
		}
	}
	return nearest
}

// FellDue returns the day on which the claim fell due: of several invoices the first. Where the
// records do not say so, it is a day by which it was due, or zero.
func (c *Case) FellDue() (day norway.Date, sure bool) {
	for i := range c.Items {
		if on := c.Items[i].DueOn; day.IsZero() || on < day {
			day = on
		}
	}
	if !day.IsZero() {
		return day, true
	}
	invoiced := norway.Date(0)
	for i := range c.AllLetters {
		if l := &c.AllLetters[i]; l.Kind == LetterInvoice && !l.DueOn.IsZero() {
			invoiced = l.DueOn
			break
		}
	}
	switch {
	case c.InterestFrom.IsZero(), c.PriorInterest > 0 && !invoiced.IsZero():
		return invoiced, !invoiced.IsZero()
	case c.PriorInterest > 0: // interest ran before
		return c.InterestFrom, false
	case invoiced == c.InterestFrom-1: // some count interest from the day after
		return invoiced, true
	default:
		return c.InterestFrom, true
	}
}

// unitDay is the day whose unit caps the collection fees: the day when the principal was paid in
// full, else the day of the closing, else today.
func (c *Case) unitDay(incurred norway.Date) norway.Date {
	day, left := c.Terms.Today, c.OriginalPrincipal
	if !c.ClosedOn.IsZero() {
		day = c.ClosedOn
	}
	c.walk(day, nil, func(i int, parts [4]money.Øre) {
		left -= parts[principal]
		if left == 0 && parts[principal] > 0 {
			day = c.AllPayments[i].ReceivedOn
		}
	})
	return max(day, incurred)
}

// same says whether two are one fee: lists of fees may be copied.
func (f *Fee) same(other *Fee) bool {
	return f == other || other != nil && f.ID.ID != "" && f.ID == other.ID
}

// standing sums the fees of a kind that have not been waived. If a fee is given, it sums only
// those before it.
func (c *Case) standing(kind CostKind, before *Fee) (sum money.Øre) {
	for i := range c.Fees {
		x := &c.Fees[i]
		if before != nil && x.same(before) {
			break
		}
		if x.Kind == kind && x.WaivedOn.IsZero() {
			sum += x.Amount
		}
	}
	return sum
}
