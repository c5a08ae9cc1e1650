package debt

import "github.com/oversikt/oversikt/internal/debt/money"

// netting sets standard compensation off against collection costs: the creditor has the greater of
// the two, never their sum (forsinkelsesrenteloven § 3 a; inkassoforskriften §§ 1-5, 2-6).
type netting struct{ compensation, costs money.Øre }

// add returns what a fee adds to what is claimed.
func (n *netting) add(kind CostKind, amount money.Øre) money.Øre {
	before := max(n.compensation, n.costs)
	switch kind {
	case CostCompensation:
		n.compensation += amount
	case CostReminder, CostCollectionWarning, CostPaymentDemand, CostLightFee, CostHeavyFee, CostAgreementSetup:
		n.costs += amount
	default:
		return amount
	}
	return max(n.compensation, n.costs) - before
}

// netting returns it with the fees that the case has and that stand.
func (c *Case) netting() (n netting) {
	for i := range c.Fees {
		if f := &c.Fees[i]; f.WaivedOn.IsZero() {
			n.add(f.Kind, f.Amount)
		}
	}
	return n
}
