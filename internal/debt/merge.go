package debt

import (
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// ClaimGroup is claims from one creditor that one agency collects in several cases. Costs must be
// necessary (inkassoloven § 17), so claims that were handed over together should be collected together.
// Only the agency knows whether these were.
type ClaimGroup struct {
	Creditor      *Creditor
	Cases         []*Case
	LightSeparate money.Øre // the light fees (lett salær) of the cases, each by itself
	LightMerged   money.Øre // of one case with the sum of the principals
	HeavySeparate money.Øre // the same of the heavy fee (tungt salær)
	HeavyMerged   money.Øre
	Assumed       bool // they rest on a rate that is not set for today, or was not confirmed
}

// GroupOf compares the fees that the law of a day allows for cases, without VAT; known is false where
// the law of the day is not.
func GroupOf(cases []*Case, today norway.Date) (g ClaimGroup, known bool) {
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
	for _, c := range cases {
		claim := c.Claim()
		g.LightSeparate += fee(law.Light(claim, today))
		g.HeavySeparate += fee(law.Heavy(claim, today))
	}
	merged := Merged(cases)
	g.LightMerged, g.HeavyMerged = fee(law.Light(merged, today)), fee(law.Heavy(merged, today))
	g.Assumed = sure == statute.Assumed
	return g, sure != statute.Unknown
}

// Merged is the claim that cases would be as one.
func Merged(cases []*Case) statute.Claim {
	merged := cases[0].Claim()
	for _, c := range cases[1:] {
		claim := c.Claim()
		merged.Principal += claim.Principal
		merged.DueOn = max(merged.DueOn, claim.DueOn)
	}
	return merged
}

// OutOfCourt says whether the case can be collected together with others: it is open, and not yet in
// court, monitored or elsewhere.
func (c *Case) OutOfCourt() bool {
	return c.Status == Open && c.Phase != PhaseLegal && c.Phase != PhaseMonitoring && c.Phase != PhaseOther
}
