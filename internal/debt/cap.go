package debt

import (
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
}

// StatutoryCap returns the cap for the fee by the claim's due date, its size and the debtor's
// kind. It is nil when the law sets none or none is known. A case can have each collection fee
// once, so the cap is what earlier fees of the kind leave of it. A heavy fee is what comes on
// top of the light one, so its cap is also less what that took.
//
// Collection fees are capped with the unit of the day when the principal was paid. While it is
// not paid, that is today's unit, or that of the day when the case was closed. Letters and legal
// costs have the unit of the day when they were added.
func (f *Fee) StatutoryCap() *FeeCap {
	act := statute.InForce(statute.Acts, f.IncurredOn)
	if act == nil {
		return nil
	}
	found := f.legalCost()
	if found == nil && act.Fees != nil {
		if found = f.letter(act.Fees); found == nil {
			found = f.collection(act.Fees)
		}
	}
	if found != nil {
		found.Act = act.Code
	}
	return found
}

// OverStatutoryCap says whether the fee is more than the law allows, with VAT if there can be
// any. It is nil when no cap is known.
func (f *Fee) OverStatutoryCap() *bool {
	limit := f.StatutoryCap()
	if limit == nil {
		return nil
	}
	over := f.Amount > limit.WithVAT
	return &over
}

func (f *Fee) legalCost() *FeeCap {
	row := func(amount money.Øre, rule, source string) *FeeCap {
		return &FeeCap{Amount: amount, WithVAT: amount, Rule: rule + "; " + source}
	}
	switch f.Kind {
	case CostCourt:
		return row(statute.ConciliationFee(f.IncurredOn), statute.RuleCourt, statute.CourtUnit.On(f.IncurredOn).Source)
	case CostEnforcement:
		return row(statute.EnforcementFee(f.IncurredOn), statute.RuleEnforcement, statute.CourtUnit.On(f.IncurredOn).Source)
	default:
		return nil
	}
}

// letter is zero for more letters than may bear a fee. There is no VAT on letters.
func (f *Fee) letter(law *statute.Fees) *FeeCap {
	due := f.Case.Claim().DueOn
	out := &FeeCap{Rule: law.Letters.On(due).Source}
	switch f.Kind {
	case CostReminder, CostCollectionWarning:
		if f.Case.lettersBefore(f.IncurredOn, f, law, CostReminder, CostCollectionWarning) >= law.MaxLetters {
			return &FeeCap{Rule: statute.RuleLetterCount}
		}
		out.Amount = law.Reminder(due, f.IncurredOn)
	case CostPaymentDemand:
		if f.Case.lettersBefore(f.IncurredOn, f, law, CostPaymentDemand) >= law.MaxDemands {
			return &FeeCap{Rule: statute.RuleLetterCount}
		}
		out.Amount = law.Demand(due, f.IncurredOn)
	default:
		return nil
	}
	out.WithVAT = out.Amount
	return out
}

func (f *Fee) collection(law *statute.Fees) *FeeCap {
	on := f.Case.unitDay(f.IncurredOn)
	claim := f.Case.Claim()
	taxed := claim
	taxed.VAT = true
	source := law.Bands.On(claim.DueOn).Source
	left := func(amount, withVAT money.Øre, rule string, taken money.Øre) *FeeCap {
		return &FeeCap{Amount: max(amount-taken, 0), WithVAT: max(withVAT-taken, 0), Rule: rule}
	}
	switch f.Kind {
	case CostLightFee:
		return left(law.Light(claim, on), law.Light(taxed, on), source, f.Case.standing(CostLightFee, f))
	case CostHeavyFee:
		return left(law.Heavy(claim, on), law.Heavy(taxed, on), statute.RuleHeavy+"; "+source,
			f.Case.standing(CostLightFee, nil)+f.Case.standing(CostHeavyFee, f))
	case CostAgreementSetup:
		return &FeeCap{Amount: law.SetupFee(false, on), WithVAT: law.SetupFee(true, on), Rule: statute.RuleSetup}
	default:
		return nil
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
