package audit

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
	"github.com/oversikt/oversikt/internal/text"
)

const (
	assumed = statute.Assumed
	unknown = statute.Unknown

	ruleDeadline  = statute.RuleDeadline
	ruleWarning   = statute.RuleWarning
	ruleNecessary = statute.RuleNecessary
)

// forbidden says by which rule a verdict on a fee forbids it.
var forbidden = map[debt.FeeVerdict]Rule{
	debt.VerdictTooEarly:     FeeDay,
	debt.VerdictDeadlineRuns: FeeDay,
	debt.VerdictLetterLacks:  Warning,
	debt.VerdictTooMany:      LetterCount,
	debt.VerdictConsumer:     Compensation,
	debt.VerdictUsedUp:       FeeOnce,
	debt.VerdictPaidInTime:   PaidInTime,
}

// fee says what the law has to say on a fee: whether it may be there at all, how much it may be, its
// VAT, and whether an objection stood.
func (x *auditor) fee(f *debt.Fee) {
	limit, verdict := f.StatutoryCap(), f.StatutoryVerdict()
	if rule, ok := forbidden[verdict]; ok {
		x.may(f, limit, rule)
	} else if verdict != debt.VerdictNotCapped {
		x.amount(f, limit, verdict)
	}
	x.objected(f)
}

// may tells of a fee of which nothing, or nothing more, may be charged.
func (x *auditor) may(f *debt.Fee, limit *debt.FeeCap, rule Rule) {
	found := x.of(f, rule, Breach)
	found.Paragraph = paragraph(f.Kind, rule)
	if limit != nil {
		found.Assumed = limit.Assumed
		found.Amount = new(f.Amount - limit.WithVAT)
	}
	if found.Assumed {
		found.Verdict, found.Missing = CannotDecide, new(Rate)
	}
	x.add(found)
}

// amount tells whether a fee is more than the law allows.
func (x *auditor) amount(f *debt.Fee, limit *debt.FeeCap, verdict debt.FeeVerdict) {
	found := x.of(f, FeeCap, OK)
	if limit == nil {
		found.Verdict, found.Missing = CannotDecide, new(Rate)
		x.add(found)
		return
	}
	found.Assumed = limit.Assumed
	over := f.Amount - limit.WithVAT
	switch {
	case over > 0 && limit.Assumed:
		found.Verdict, found.Amount, found.Missing = CannotDecide, &over, new(Rate)
	case over > 0:
		found.Verdict, found.Amount = Breach, &over
	case verdict == debt.VerdictNotDecided:
		found.Rule, found.Verdict, found.Amount, found.Missing = FeeDay, CannotDecide, &f.Amount, new(Letters)
		found.Paragraph = paragraph(f.Kind, FeeDay)
	}
	args := found.args
	found.args = func(l debt.Language) []text.Arg { return append(args(l), text.With("limit", limit.WithVAT)) }
	x.add(found)
	if over <= 0 && f.Amount > limit.Amount {
		x.tax(f, limit)
	}
}

// exempt are trades whose services are outside VAT (merverdiavgiftsloven §§ 3-2, 3-6): who lives by
// them cannot deduct it.
var exempt = map[debt.Trade]bool{debt.TradeBank: true, debt.TradeHealth: true, debt.TradeInsurance: true}

// tax tells of a fee that is within the law only if there is VAT on it.
func (x *auditor) tax(f *debt.Fee, limit *debt.FeeCap) {
	found := x.of(f, VAT, CannotDecide)
	found.Paragraph, found.Amount = statute.RuleVAT, new(f.Amount-limit.Amount)
	if x.Creditor != nil && exempt[x.Creditor.Trade] {
		found.Verdict, found.Amount = OK, nil
	} else {
		found.Missing = new(VATStatus)
	}
	args := found.args
	found.args = func(l debt.Language) []text.Arg { return append(args(l), text.With("limit", limit.Amount)) }
	x.add(found)
}

// objected tells of a fee that was charged while an objection stood. The costs of having it decided by
// the conciliation board are another matter.
func (x *auditor) objected(f *debt.Fee) {
	if f.Kind.Legal() {
		return
	}
	for i := range x.Objections {
		o := &x.Objections[i]
		if !stood(o, f.IncurredOn) {
			continue
		}
		found := x.of(f, Objected, CannotDecide)
		found.Paragraph, found.Objection, found.Amount = statute.RuleObjection, o, &f.Amount
		switch o.Status {
		case debt.ObjectionUpheld, debt.ObjectionPartlyUpheld:
			found.Verdict = Breach
		default:
			found.Missing = new(Grounds)
		}
		args, since := found.args, norway.DateOf(o.SubmittedAt)
		found.args = func(l debt.Language) []text.Arg { return append(args(l), text.With("since", since)) }
		x.add(found)
		return
	}
}

// stood says whether an objection stood when something was charged on a day: from the day after it was
// made, to the day on which it was decided. When one was withdrawn is not always known.
func stood(o *debt.Objection, on norway.Date) bool {
	if on <= norway.DateOf(o.SubmittedAt) {
		return false
	}
	if !o.DecidedOn.IsZero() {
		return on <= o.DecidedOn
	}
	return o.Status == debt.ObjectionReceived || o.Status == debt.ObjectionUnderReview
}

// of begins a finding about a fee.
func (x *auditor) of(f *debt.Fee, rule Rule, verdict Verdict) Finding {
	return Finding{Rule: rule, Verdict: verdict, Paragraph: paragraph(f.Kind, rule), Fee: f,
		args: func(l debt.Language) []text.Arg {
			return []text.Arg{text.With("fee", text.Label(l, "CostKind", string(f.Kind))), text.With("amount", f.Amount),
				text.With("on", f.IncurredOn)}
		}}
}

// paragraph is where a rule on a kind of cost stands.
func paragraph(kind debt.CostKind, rule Rule) string {
	switch {
	case rule == LetterCount:
		return statute.RuleLetterCount
	case rule == PaidInTime:
		return statute.RulePaidInTime
	case rule == Warning && kind != debt.CostPaymentDemand:
		return statute.RuleWarning
	}
	switch kind {
	case debt.CostLightFee:
		if rule == FeeDay {
			return statute.RuleWarning
		}
		return statute.RuleLight
	case debt.CostHeavyFee:
		return statute.RuleHeavy
	case debt.CostAgreementSetup:
		return statute.RuleSetup
	case debt.CostCourt:
		return statute.RuleCourt
	case debt.CostEnforcement:
		return statute.RuleEnforcement
	case debt.CostCompensation:
		return statute.RuleCompensation
	default:
		return statute.RuleLetter
	}
}
