package statute

import "github.com/oversikt/oversikt/internal/debt/norway"

// Limits are the years after which a claim is time-barred (foreldet).
type Limits struct {
	Claim    int // from the day when the creditor could demand payment first (§§ 2, 3)
	Loan     int // of a loan, or a claim with a debt instrument (gjeldsbrev, § 5)
	Judgment int // from a judgment, a settlement in court or an attachment (§§ 17, 21)
}

// Limitation is the act on limitation of claims (foreldelsesloven), by the day on which a claim fell due.
// Acknowledgement (§ 14) and legal steps (§§ 15 to 18) interrupt it.
var Limitation = Table[Limits]{Rows: []Row[Limits]{
	{From: norway.MustDate("1980-01-01"), Value: Limits{Claim: 3, Loan: 10, Judgment: 10},
		Source: "LOV-1979-05-18-18 §§ 2, 3, 5, 21; snl.no, jusinfo.no"},
}}

// Where the rules stand that no fee is about.
const (
	RuleLimitation  = "foreldelsesloven §§ 2, 3"
	RuleInterrupted = "foreldelsesloven §§ 14–18, 21"
	RuleDeadline    = "inkassoloven §§ 9, 10"
	RuleObjection   = "inkassoloven § 17 (2)"
	RuleNecessary   = "inkassoloven §§ 8, 17"
	RuleVAT         = "inkassoforskriften § 2-2"
	RulePaidInTime  = "inkassoloven § 17 (3)"
)
