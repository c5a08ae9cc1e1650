package offer

import "github.com/oversikt/oversikt/internal/debt"

// sameCreditor finds the groups among the cases that are not in court yet. The fees are those
// that the law in force allows today, without VAT.
func (s *situation) sameCreditor() []debt.ClaimGroup {
	type owner struct{ agency, creditor, debtor string }
	var order []owner
	by := map[owner][]*debt.Case{}
	for i := range s.in.Cases {
		c := s.cases[s.in.Cases[i].ID]
		if !c.OutOfCourt() {
			continue
		}
		o := owner{c.ID.Agency, c.CreditorID, c.DebtorID}
		if by[o] == nil {
			order = append(order, o)
		}
		by[o] = append(by[o], c)
	}
	var groups []debt.ClaimGroup
	for _, o := range order {
		if g, known := debt.GroupOf(by[o], s.in.AsOf); known && len(g.Cases) > 1 &&
			(g.LightMerged != g.LightSeparate || g.HeavyMerged != g.HeavySeparate) {
			groups = append(groups, g)
		}
	}
	return groups
}
