package offer

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// ClaimGroup is claims from one creditor that one agency collects in several cases, when
// collecting them together would change the fees that the law allows. Costs must be necessary
// (inkassoloven § 17), so claims that were handed over together should be collected together.
// Only the agency knows whether these were.
type ClaimGroup struct {
	Creditor      *debt.Creditor
	Cases         []*debt.Case
	LightSeparate money.Øre // the light fees (lett salær) of the cases, each by itself
	LightMerged   money.Øre // of one case with the sum of the principals
	HeavySeparate money.Øre // the same of the heavy fee (tungt salær)
	HeavyMerged   money.Øre
	Assumed       bool // they rest on a rate that is not set for today, or was not confirmed
}

// sameCreditor finds the groups among the cases that are not in court yet. The fees are those
// that the law in force allows today, without VAT.
func (s *situation) sameCreditor() []ClaimGroup {
	type owner struct{ agency, creditor, debtor string }
	var order []owner
	by := map[owner][]*debt.Case{}
	for i := range s.in.Cases {
		c := s.cases[s.in.Cases[i].ID]
		if c.Phase == debt.PhaseLegal || c.Phase == debt.PhaseMonitoring || c.Phase == debt.PhaseOther {
			continue
		}
		o := owner{c.ID.Agency, c.CreditorID, c.DebtorID}
		if by[o] == nil {
			order = append(order, o)
		}
		by[o] = append(by[o], c)
	}
	var groups []ClaimGroup
	for _, o := range order {
		if g, known := groupOf(by[o], s.in.AsOf); known && len(g.Cases) > 1 &&
			(g.LightMerged != g.LightSeparate || g.HeavyMerged != g.HeavySeparate) {
			groups = append(groups, g)
		}
	}
	return groups
}

// groupOf compares the fees of cases; known is false where the law of the day is not.
func groupOf(cases []*debt.Case, today norway.Date) (g ClaimGroup, known bool) {
	law := cases[0].Terms.Law(today)
	if law == nil {
		return g, false
	}
	g = ClaimGroup{Creditor: cases[0].Creditor, Cases: cases}
	sure := statute.Known
	fee := func(f statute.Figure) money.Øre {
		sure = max(sure, f.Certainty)
		return f.Amount
	}
	merged := cases[0].Claim()
	for i, c := range cases {
		claim := c.Claim()
		g.LightSeparate += fee(law.Light(claim, today))
		g.HeavySeparate += fee(law.Heavy(claim, today))
		if i > 0 {
			merged.Principal += claim.Principal
			merged.DueOn = max(merged.DueOn, claim.DueOn)
		}
	}
	g.LightMerged, g.HeavyMerged = fee(law.Light(merged, today)), fee(law.Heavy(merged, today))
	g.Assumed = sure == statute.Assumed
	return g, sure != statute.Unknown
}
